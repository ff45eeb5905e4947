"""DEPTHWISE_CONV_2D: four channels at a time, or, where that does not go, each by itself."""

import numpy as np

from tinygesture.export.compiler.convolution import convolution
from tinygesture.export.compiler.operands import Operands
from tinygesture.export.compiler.packing import scales, scales_constant
from tinygesture.export.compiler.steps import Constant, Step
from tinygesture.export.compiler.weighted import Weighted

_CHANNEL_AXIS = 3  # of the weights
_TOGETHER = 4  # channels that the fast kernel takes at a time


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
    found = scales(layer) if filters == 1 and depth % _TOGETHER == 0 else None
    if found is None:
        fields = view.fields(depth) | {"output_depth": channels} | layer.fields()
        return [layer.kernel("depthwise_conv_2d", "DepthwiseConv2d", fields, view.pixels)]
    zeros = np.zeros(channels, np.int32)
    fields = view.fields(depth) | {
        "weights": layer.fields()["weights"],
        "bias": Constant("Bias", "int32_t", zeros if layer.bias is None else layer.bias, (depth,)),
        "scales": scales_constant(found if len(found) > 1 else found * channels),
        "input_zero_point": input.zero_point,
        "minimum": layer.limits.minimum,
        "maximum": layer.limits.maximum,
    }
    return [layer.kernel("depthwise_in_fours", "DepthwiseInFours", fields, view.pixels)]
