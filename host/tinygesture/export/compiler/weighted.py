"""What FULLY_CONNECTED and the convolutions share: outputs that are sums of weighted inputs."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tinygesture.export.compiler.arithmetic import Factor, quantise_factor
from tinygesture.export.compiler.graph import Tensor
from tinygesture.export.compiler.operands import Activation, Operands, dot_product_range
from tinygesture.export.compiler.steps import Constant, Field, Kernel, Output, factors_constant


@dataclass(frozen=True)
class Weighted:
    operands: Operands
    input: Activation
    weights: npt.NDArray[np.int8]  # in the file's shape, 0 being the real 0
    bias: npt.NDArray[np.int32] | None  # (outputs,)
    factors: list[Factor]  # from sums to outputs: one, or one for each output
    largest: list[int]  # magnitude of a sum, for each output
    output: Activation
    limits: Output

    @classmethod
    def of(
        cls,
        operands: Operands,
        input: Activation,
        weights: Tensor,
        bias: Tensor | None,
        output: Activation,
        output_axis: int = 0,
    ) -> "Weighted":
        """output_axis: of the weights. Raises UserError where a sum could overflow."""
        assert weights.data is not None
        bias_data = None if bias is None or bias.data is None else bias.data.ravel()
        factors = [quantise_factor(input.scale * scale / output.scale) for scale in weights.scales]
        by_output = np.moveaxis(weights.data, output_axis, 0)
        largest = dot_product_range(by_output, bias_data, input.largest)
        for sum, factor in zip(largest, factors * (len(largest) // len(factors)), strict=True):
            operands.check_range(sum, factor)
        limits = operands.fused(output)
        return cls(operands, input, weights.data, bias_data, factors, largest, output, limits)

    @property
    def inputs(self) -> int:
        """Of one output."""
        return int(self.weights[0].size)

    def fields(self) -> dict[str, Field]:
        """Those from `weights` on of the plain kernels."""
        bias = (
            None if self.bias is None else Constant("Bias", "int32_t", self.bias, self.bias.shape)
        )
        return {
            "weights": Constant("Weights", "int8_t", self.weights.ravel(), self.weights.shape),
            "bias": bias,
            "factors": factors_constant(self.factors),
            "per_channel": len(self.factors) > 1,
            "input_zero_point": self.input.zero_point,
            "output": self.limits,
        }

    def kernel(
        self, function: str, struct: str, fields: Mapping[str, Field], rows: int, scratch: int = 0
    ) -> Kernel:
        """rows: how often all outputs are computed."""
        return self.operands.kernel(
            function,
            struct,
            fields,
            (self.input,),
            self.output,
            macs=rows * self.weights.size,
            scratch=scratch,
        )
