"""MAX_POOL_2D, AVERAGE_POOL_2D and REDUCE_MAX."""

from tinygesture.export.compiler.operands import Operands
from tinygesture.export.compiler.reduction import reduced_axes
from tinygesture.export.compiler.steps import Field, Step
from tinygesture.export.compiler.windows import SAME, VALID, output_and_padding

_SCALE_TOLERANCE = 1e-6  # TensorFlow Lite Micro refuses what differs by more


def max_pool_2d(operands: Operands) -> list[Step]:
    return _pool(operands, "max_pool_2d")


def average_pool_2d(operands: Operands) -> list[Step]:
    return _pool(operands, "average_pool_2d")


def reduce_max(operands: Operands) -> list[Step]:
    """A window over each row of (outer, reduced, inner)."""
    outer, reduced, inner = reduced_axes(operands)
    input, output = operands.input(0), operands.output()
    if (input.scale, input.zero_point) != (output.scale, output.zero_point):
        raise operands.fail("has an output of another scale or zero point than its input")
    fields: dict[str, Field] = {
        "input_height": outer,
        "input_width": reduced,
        "depth": inner,
        "filter_height": 1,
        "filter_width": reduced,
        "output_height": outer,
        "output_width": 1,
        "stride_height": 1,
        "stride_width": 1,
        "pad_top": 0,
        "pad_left": 0,
        "minimum": -128,
        "maximum": 127,
    }
    return [operands.kernel("max_pool_2d", "Pool", fields, (input,), output)]


def _pool(operands: Operands, function: str) -> list[Step]:
    operands.expect((1,))
    input, output = operands.input(0), operands.output()
    if len(input.shape) != 4 or input.shape[0] != 1:
        raise operands.fail(
            f"has an input {input.shape}: it takes one image (1, height, width, depth)"
        )
    same_scale = abs(input.scale - output.scale) <= _SCALE_TOLERANCE
    if not same_scale or input.zero_point != output.zero_point:
        raise operands.fail("has an output of another scale or zero point than its input")
    _, height, width, depth = input.shape
    filter_height, filter_width = operands.option("FilterHeight"), operands.option("FilterWidth")
    stride_y, stride_x = operands.option("StrideH"), operands.option("StrideW")
    padding = operands.option("Padding")
    sizes = (filter_height, filter_width, stride_y, stride_x)
    if not 1 <= min(sizes) <= max(sizes) <= 2**15 or padding not in (SAME, VALID):
        raise operands.fail(
            f"has windows {(filter_height, filter_width)}, stride {(stride_y, stride_x)} "
            f"and padding {padding}"
        )
    out_height, pad_top = output_and_padding(height, filter_height, stride_y, padding)
    out_width, pad_left = output_and_padding(width, filter_width, stride_x, padding)
    if output.shape != (1, out_height, out_width, depth):
        raise operands.fail(
            f"maps {input.shape} to {output.shape} by windows {(filter_height, filter_width)}"
        )
    limits = operands.fused(output)
    fields: dict[str, Field] = {
        "input_height": height,
        "input_width": width,
        "depth": depth,
        "filter_height": filter_height,
        "filter_width": filter_width,
        "output_height": out_height,
        "output_width": out_width,
        "stride_height": stride_y,
        "stride_width": stride_x,
        "pad_top": pad_top,
        "pad_left": pad_left,
        "minimum": limits.minimum,
        "maximum": limits.maximum,
    }
    return [operands.kernel(function, "Pool", fields, (input,), output)]
