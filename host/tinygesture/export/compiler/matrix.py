"""FULLY_CONNECTED and CONV_2D."""

import math

from tinygesture.export.compiler.arithmetic import quantise_factor
from tinygesture.export.compiler.graph import Tensor
from tinygesture.export.compiler.operands import Activation, Operands, dot_product_range
from tinygesture.export.compiler.steps import Constant, Field, Step, factors_constant
from tinygesture.export.compiler.windows import SAME, VALID, output_and_padding


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
    fields: dict[str, Field] = {"rows": rows, "inputs": inputs, "outputs": outputs}
    fields |= _channels(operands, input, weights, bias, output)
    macs = rows * inputs * outputs
    return [operands.kernel("fully_connected", "FullyConnected", fields, (input,), output, macs)]


def conv_2d(operands: Operands) -> list[Step]:
    operands.expect((2, 3))
    input, output = operands.input(0), operands.output()
    weights = operands.weights(1, dimensions=4)
    channels, filter_height, filter_width, depth = weights.shape
    bias = operands.bias(2, channels)
    if len(input.shape) != 4 or input.shape[0] != 1 or input.shape[3] != depth:
        raise operands.fail(
            f"has an input {input.shape} and weights {weights.shape}: "
            "it takes one image (1, height, width, depth) and ungrouped filters"
        )
    _, height, width, _ = input.shape
    stride_y, stride_x = operands.option("StrideH"), operands.option("StrideW")
    dilation_y, dilation_x = operands.option("DilationHFactor"), operands.option("DilationWFactor")
    padding = operands.option("Padding")
    if min(stride_y, stride_x, dilation_y, dilation_x) < 1 or padding not in (SAME, VALID):
        raise operands.fail(
            f"has stride {(stride_y, stride_x)}, dilation {(dilation_y, dilation_x)} "
            f"and padding {padding}"
        )
    reach_y, reach_x = (filter_height - 1) * dilation_y + 1, (filter_width - 1) * dilation_x + 1
    out_height, pad_top = output_and_padding(height, reach_y, stride_y, padding)
    out_width, pad_left = output_and_padding(width, reach_x, stride_x, padding)
    if output.shape != (1, out_height, out_width, channels):
        raise operands.fail(f"maps {input.shape} to {output.shape} by weights {weights.shape}")
    if max(reach_y, reach_x) > 2**15 or max(stride_y, stride_x) > 2**15:
        raise operands.fail(f"reaches over {max(reach_y, reach_x)} pixels")

    fields: dict[str, Field] = {
        "input_height": height,
        "input_width": width,
        "input_depth": depth,
        "filter_height": filter_height,
        "filter_width": filter_width,
        "output_height": out_height,
        "output_width": out_width,
        "output_depth": channels,
        "stride_height": stride_y,
        "stride_width": stride_x,
        "dilation_height": dilation_y,
        "dilation_width": dilation_x,
        "pad_top": pad_top,
        "pad_left": pad_left,
    }
    fields |= _channels(operands, input, weights, bias, output)
    macs = out_height * out_width * math.prod(weights.shape)
    return [operands.kernel("conv_2d", "Conv2d", fields, (input,), output, macs)]


def _channels(
    operands: Operands,
    input: Activation,
    weights: Tensor,
    bias: Tensor | None,
    output: Activation,
) -> dict[str, Field]:
    """The fields from `weights` on, which both layers share."""
    assert weights.data is not None
    factors = [quantise_factor(input.scale * scale / output.scale) for scale in weights.scales]
    bias_data = None if bias is None else bias.data
    sums = dot_product_range(weights.data, bias_data, input.largest)
    for largest, factor in zip(sums, factors * (len(sums) // len(factors)), strict=True):
        operands.check_range(largest, factor)
    kernel_bias = (
        None if bias_data is None else Constant("Bias", "int32_t", bias_data.ravel(), (len(sums),))
    )
    return {
        "weights": Constant("Weights", "int8_t", weights.data.ravel(), weights.shape),
        "bias": kernel_bias,
        "factors": factors_constant(factors),
        "per_channel": len(factors) > 1,
        "input_zero_point": input.zero_point,
        "output": operands.fused(output),
    }


def _bias_scale_fits(input: Activation, weights: Tensor, bias: Tensor, output: Activation) -> bool:
    """TensorFlow Lite Micro refuses a bias off by over 0.02 counts of output per count of bias."""
    bias_scale = bias.scales[0] if bias.scales else 0.0
    return abs(input.scale * weights.scales[0] - bias_scale) / output.scale <= 0.02
