"""Checks that every operator's lowering shares; each failure is a UserError naming the cause."""

import math
from collections.abc import Container, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tinygesture.errors import UserError
from tinygesture.export.compiler.arithmetic import Factor
from tinygesture.export.compiler.graph import Graph, Operator, Tensor
from tinygesture.export.compiler.steps import Field, Kernel, Output

SUPPORTED = (
    "ADD",
    "AVERAGE_POOL_2D",
    "CONCATENATION",
    "CONV_2D",
    "DEPTHWISE_CONV_2D",
    "EXPAND_DIMS",
    "FULLY_CONNECTED",
    "LOGISTIC",
    "MAX_POOL_2D",
    "MEAN",
    "MUL",
    "PAD",
    "PADV2",
    "QUANTIZE",
    "REDUCE_MAX",
    "RELU",
    "RELU6",
    "RESHAPE",
    "SOFTMAX",
    "SPLIT",
    "SQUEEZE",
    "STRIDED_SLICE",
    "SUB",
    "TANH",
)

ACTIVATIONS = ("none", "RELU", "RELU_N1_TO_1", "RELU6")

# Within these, no shift of TensorFlow Lite Micro's arithmetic leaves its range.
SMALLEST_SCALE = 2.0**-24
LARGEST_SCALE = 2.0**24


def unsupported(what: str) -> UserError:
    return UserError(
        f"The compiled engine cannot run this model: {what}; it runs int8 models made of "
        f"{', '.join(SUPPORTED)}."
    )


@dataclass(frozen=True)
class Activation:
    """An int8 tensor with one scale and one zero point."""

    index: int
    shape: tuple[int, ...]
    scale: float
    zero_point: int

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    @property
    def largest(self) -> int:
        """The largest magnitude of value - zero_point."""
        return max(127 - self.zero_point, 128 + self.zero_point)

    def quantised(self, real: float) -> int:
        """The nearest count, halves away from zero, in single precision; not limited to int8."""
        ratio = float(np.float32(real) / np.float32(self.scale))
        return self.zero_point + int(math.copysign(math.floor(abs(ratio) + 0.5), ratio))


class Operands:
    """An operator's inputs and outputs, each checked as it is asked for."""

    def __init__(self, graph: Graph, operator: Operator) -> None:
        self._graph = graph
        self.operator = operator

    def fail(self, what: str) -> UserError:
        return unsupported(f"its {self.operator.name} (operator {self.operator.index}) {what}")

    def expect(self, inputs: Container[int], outputs: int = 1) -> None:
        """The number of inputs, one of `inputs`, and of outputs."""
        counts = len(self.operator.inputs), len(self.operator.outputs)
        if counts[0] not in inputs or counts[1] != outputs:
            raise self.fail(f"has {counts[0]} inputs and {counts[1]} outputs")

    def input(self, position: int) -> Activation:
        return self._activation(self._tensor(position))

    def value(self, position: int) -> int | None:
        """The value of an int8 input that is one constant."""
        data = self._tensor(position).data
        return int(data.ravel()[0]) if data is not None and data.size == 1 else None

    def output(self, position: int = 0) -> Activation:
        return self._activation(self._graph.tensors[self.operator.outputs[position]])

    def _tensor(self, position: int) -> Tensor:
        index = self.operator.inputs[position]
        if index == -1:
            raise self.fail(f"lacks its input {position}")
        return self._graph.tensors[index]

    def _activation(self, tensor: Tensor) -> Activation:
        if tensor.type != "INT8":
            raise self.fail(f"has a tensor of type {tensor.type}")
        if len(tensor.scales) != 1:
            raise self.fail(f"has an int8 tensor with {len(tensor.scales)} scales instead of 1")
        scale, zero_point = tensor.scales[0], tensor.zero_points[0]
        if not SMALLEST_SCALE <= scale <= LARGEST_SCALE or not -128 <= zero_point <= 127:
            raise self.fail(f"has a tensor of scale {scale} and zero point {zero_point}")
        return Activation(tensor.index, tensor.shape, scale, zero_point)

    def integers(self, position: int) -> tuple[int, ...]:
        """A constant int32 input such as an axis, flattened."""
        tensor = self._tensor(position)
        if tensor.type != "INT32" or tensor.data is None:
            raise self.fail(f"has an input {position} that is no constant of type INT32")
        return tuple(int(value) for value in tensor.data.ravel())

    def weights(self, position: int, dimensions: int, channel_axis: int = 0) -> Tensor:
        """Constant int8 weights, zero points 0; channel_axis: that of the output channels."""
        tensor = self._tensor(position)
        if tensor.type != "INT8" or tensor.data is None:
            raise self.fail(f"has weights that are no constant of type INT8 but {tensor.type}")
        if len(tensor.shape) != dimensions:
            raise self.fail(f"has weights of shape {tensor.shape}")
        if any(tensor.zero_points):
            raise self.fail("has weights with a zero point other than 0")
        scales, channels = len(tensor.scales), tensor.shape[channel_axis]
        if scales not in (1, channels) or (scales > 1 and tensor.channel_axis != channel_axis):
            raise self.fail(f"has weights of shape {tensor.shape} with {len(tensor.scales)} scales")
        return tensor

    def bias(self, position: int, channels: int) -> Tensor | None:
        if len(self.operator.inputs) <= position or self.operator.inputs[position] == -1:
            return None
        tensor = self._tensor(position)
        if tensor.type != "INT32" or tensor.data is None or tensor.size != channels:
            raise self.fail(f"has a bias that is no constant of type INT32 of {channels} values")
        return tensor

    def option(self, name: str) -> int:
        return int(self.operator.options[name])

    def fused(self, output: Activation) -> Output:
        """The output's range under the operator's fused activation."""
        activation = self.option("FusedActivationFunction")
        if not 0 <= activation < len(ACTIVATIONS):
            raise self.fail(
                f"has the fused activation {activation} instead of {' or '.join(ACTIVATIONS)}"
            )

        low = {"RELU": 0.0, "RELU6": 0.0, "RELU_N1_TO_1": -1.0}.get(ACTIVATIONS[activation])
        high = {"RELU6": 6.0, "RELU_N1_TO_1": 1.0}.get(ACTIVATIONS[activation])
        return Output(
            output.zero_point,
            -128 if low is None else max(-128, output.quantised(low)),
            127 if high is None else min(127, output.quantised(high)),
        )

    def kernel(
        self,
        function: str,
        struct: str,
        fields: Mapping[str, Field],
        inputs: tuple[Activation, ...],
        output: Activation,
        macs: int = 0,
        scratch: int = 0,
    ) -> Kernel:
        indices = tuple(input.index for input in inputs)
        return Kernel(
            self.operator.name, function, struct, fields, indices, output.index, macs, scratch
        )

    def check_range(self, largest: int, factor: Factor) -> None:
        """Refuse a sum of this magnitude if scaling it by `factor` could leave 32 bits."""
        if factor.shift > 30 or largest << max(factor.shift, 0) >= 2**31 - 256:
            raise self.fail("could overflow 32 bits with its scales")


def raisable(factor: Factor) -> bool:
    """Whether a sum of less than 2^17 can be scaled as `raised` says."""
    return -23 <= factor.shift < 0


def raised(factor: Factor, zero_point: int) -> dict[str, Field]:
    """The fields by which the kernels' raised() and one shift scale a sum."""
    shift = -factor.shift
    offset = (2 * zero_point + 1) << (shift - 1)
    return {"multiplier": factor.multiplier, "offset": offset, "shift": shift}


def dot_product_range(
    weights: npt.NDArray[np.int8], bias: npt.NDArray[np.int32] | None, largest_input: int
) -> list[int]:
    """For each output channel of weights (channels, ...), the largest magnitude of its sum."""
    magnitudes = np.abs(weights.astype(np.int64)).reshape(len(weights), -1).sum(1) * largest_input
    if bias is not None:
        magnitudes = magnitudes + np.abs(bias.astype(np.int64).ravel())
    return [int(magnitude) for magnitude in magnitudes]
