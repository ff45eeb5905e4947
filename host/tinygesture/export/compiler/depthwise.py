"""DEPTHWISE_CONV_2D."""

from tinygesture.export.compiler.convolution import convolution
from tinygesture.export.compiler.operands import Operands
from tinygesture.export.compiler.steps import Step
from tinygesture.export.compiler.weighted import Weighted

_CHANNEL_AXIS = 3  # of the weights


def depthwise_conv_2d(operands: Operands) -> list[Step]:
    operands.expect((2, 3))
    input, output = operands.input(0), operands.output()
    weights = operands.weights(1, dimensions=4, channel_axis=_CHANNEL_AXIS)
    one, *filter, channels = weights.shape
    bias = operands.bias(2, channels)
    if len(input.shape) != 4 or input.shape[0] != 1:
        raise operands.fail(
            f"has an input {input.shape}: it takes one image (1, height, width, depth)"
        )
    depth = input.shape[3]
    filters = operands.option("DepthMultiplier")
    if one != 1 or filters < 1 or channels != depth * filters or output.shape[3:] != (channels,):
        raise operands.fail(
            f"maps {input.shape} to {output.shape} by weights {weights.shape} and "
            f"{filters} filters for each channel"
        )
    view = convolution(operands, input, output, tuple(filter))
    layer = Weighted.of(operands, input, weights, bias, output, _CHANNEL_AXIS)
    fields = view.fields(depth, channels) | layer.fields()
    return [layer.kernel("depthwise_conv_2d", "DepthwiseConv2d", fields, view.pixels)]
