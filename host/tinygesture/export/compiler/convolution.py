"""Where the windows of a convolution lie: CONV_2D and DEPTHWISE_CONV_2D."""

from dataclasses import dataclass

from tinygesture.export.compiler.operands import Activation, Operands
from tinygesture.export.compiler.steps import Field
from tinygesture.export.compiler.windows import SAME, VALID, output_and_padding


@dataclass(frozen=True)
class Convolution:
    """(height, width) each; padding: before the input's first row and column."""

    input: tuple[int, int]
    filter: tuple[int, int]
    output: tuple[int, int]
    stride: tuple[int, int]
    dilation: tuple[int, int]
    padding: tuple[int, int]

    @property
    def pixels(self) -> int:
        return self.output[0] * self.output[1]

    def step_of_rows(self) -> int | None:
        """In pixels of input from one window to the next, if each is a run of pixels in memory, all
        of them inside of the input; else None."""
        height, width = self.input
        whole_lines = width == self.filter[1] and self.output[1] == 1 and self._dense(1)
        if whole_lines and self._dense(0) and self._inside(0):
            return self.stride[0] * width
        if height == self.filter[0] == self.output[0] == 1 and self._dense(1) and self._inside(1):
            return self.stride[1]
        return 1 if self.filter == self.stride == (1, 1) else None

    def _dense(self, axis: int) -> bool:
        return self.dilation[axis] == 1 or self.filter[axis] == 1

    def _inside(self, axis: int) -> bool:
        """All windows, along one axis."""
        reach = (self.filter[axis] - 1) * self.dilation[axis] + 1
        end = (self.output[axis] - 1) * self.stride[axis] + reach
        return self.padding[axis] == 0 and end <= self.input[axis]

    def fields(self, depth: int) -> dict[str, Field]:
        """The first members of the kernels' structs."""
        return {
            "input_height": self.input[0],
            "input_width": self.input[1],
            "input_depth": depth,
            "filter_height": self.filter[0],
            "filter_width": self.filter[1],
            "output_height": self.output[0],
            "output_width": self.output[1],
            "stride_height": self.stride[0],
            "stride_width": self.stride[1],
            "dilation_height": self.dilation[0],
            "dilation_width": self.dilation[1],
            "pad_top": self.padding[0],
            "pad_left": self.padding[1],
        }


def convolution(
    operands: Operands, input: Activation, output: Activation, filter: tuple[int, ...]
) -> Convolution:
    """Of one image; filter: (height, width)."""
    size = input.shape[1:3]
    stride = operands.option("StrideH"), operands.option("StrideW")
    dilation = operands.option("DilationHFactor"), operands.option("DilationWFactor")
    padding = operands.option("Padding")
    if min(*stride, *dilation) < 1 or padding not in (SAME, VALID):
        raise operands.fail(f"has stride {stride}, dilation {dilation} and padding {padding}")
    reach = [(length - 1) * spread + 1 for length, spread in zip(filter, dilation, strict=True)]
    axes = [output_and_padding(*axis, padding) for axis in zip(size, reach, stride, strict=True)]
    (height, top), (width, left) = axes
    if output.shape[:3] != (1, height, width):
        raise operands.fail(f"maps {input.shape} to {output.shape} by filters {filter}")
    if max(*reach, *stride) > 2**15:
        raise operands.fail(f"reaches over {max(*reach, *stride)} pixels")
    return Convolution(
        (size[0], size[1]), (filter[0], filter[1]), (height, width), stride, dilation, (top, left)
    )
