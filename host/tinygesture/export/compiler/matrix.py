"""FULLY_CONNECTED and CONV_2D: paired kernels, or plain ones where their conditions fail."""

from tinygesture.export.compiler.convolution import convolution
from tinygesture.export.compiler.graph import Tensor
from tinygesture.export.compiler.operands import Activation, Operands
from tinygesture.export.compiler.packing import GROUP, groups, pack
from tinygesture.export.compiler.steps import Field, Kernel, Step
from tinygesture.export.compiler.weighted import Weighted

_PREPARED = 8  # bytes of a prepared group: two words
_STRIP_BYTES = 384  # of prepared rows, at most, unless two of them need more


def fully_connected(operands: Operands) -> list[Step]:
    operands.expect((2, 3))
    input, output = operands.input(0), operands.output()
    weights = operands.weights(1, dimensions=2)
    outputs, inputs = weights.shape
    bias = operands.bias(2, outputs)
    rows = input.size // inputs
    if operands.option("WeightsFormat") != 0:
        raise operands.fail("has shuffled weights")
    if (input.size, output.size) != (rows * inputs, rows * outputs) or output.shape[-1] != outputs:
        raise operands.fail(f"maps {input.shape} to {output.shape} by weights {weights.shape}")

    one_scale = len(weights.scales) == 1
    if one_scale and bias is not None and not _bias_scale_fits(input, weights, bias, output):
        raise operands.fail("has a bias whose scale is not that of input times weights")
    layer = Weighted.of(operands, input, weights, bias, output)
    matrix = pack(layer)
    if matrix is not None:
        return [_paired_rows(layer, matrix, rows, inputs)]
    fields: dict[str, Field] = {"rows": rows, "inputs": inputs, "outputs": outputs}
    return [layer.kernel("fully_connected", "FullyConnected", fields | layer.fields(), rows)]


def conv_2d(operands: Operands) -> list[Step]:
    operands.expect((2, 3))
    input, output = operands.input(0), operands.output()
    weights = operands.weights(1, dimensions=4)
    channels, *filter, depth = weights.shape
    bias = operands.bias(2, channels)
    if len(input.shape) != 4 or input.shape[0] != 1 or input.shape[3] != depth:
        raise operands.fail(
            f"has an input {input.shape} and weights {weights.shape}: "
            "it takes one image (1, height, width, depth) and ungrouped filters"
        )
    if len(output.shape) != 4 or output.shape[3] != channels:
        raise operands.fail(f"maps {input.shape} to {output.shape} by weights {weights.shape}")
    view = convolution(operands, input, output, tuple(filter))
    layer = Weighted.of(operands, input, weights, bias, output)
    matrix, step = pack(layer), view.step_of_rows()
    if matrix is None:
        fields = view.fields(depth) | {"output_depth": channels} | layer.fields()
        return [layer.kernel("conv_2d", "Conv2d", fields, view.pixels)]
    if step is not None:
        return [_paired_rows(layer, matrix, view.pixels, step * depth)]
    fields = view.fields(depth) | {"input_zero_point": input.zero_point, "matrix": matrix}
    scratch = (2 * _PREPARED + GROUP) * groups(layer.inputs)
    return [layer.kernel("paired_conv_2d", "PairedConv2d", fields, view.pixels, scratch)]


def _paired_rows(layer: Weighted, matrix: tuple[Field, ...], rows: int, step: int) -> Kernel:
    """step: bytes of input from one row to the next."""
    between = step // GROUP if step % GROUP == 0 else groups(layer.inputs)

    def prepared(strip: int) -> int:
        return _PREPARED * ((strip - 1) * between + groups(layer.inputs))

    strip = 1 if rows == 1 else 2
    while strip < rows and prepared(strip + 2) <= _STRIP_BYTES:
        strip += 2
    fields: dict[str, Field] = {"rows": rows, "row_step": step, "strip": strip, "matrix": matrix}
    return layer.kernel("paired_rows", "PairedRows", fields, rows, prepared(strip))


def _bias_scale_fits(input: Activation, weights: Tensor, bias: Tensor, output: Activation) -> bool:
    """TensorFlow Lite Micro refuses a bias off by over 0.02 counts of output per count of bias."""
    bias_scale = bias.scales[0] if bias.scales else 0.0
    return abs(input.scale * weights.scales[0] - bias_scale) / output.scale <= 0.02
