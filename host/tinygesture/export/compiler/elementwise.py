"""ADD, SUB and MUL, and functions of one input by table: LOGISTIC, TANH, RELU, RELU6, QUANTIZE,
and sums and products with a constant or with itself."""

import numpy as np
import numpy.typing as npt

from tinygesture.export.compiler import broadcast, pairs
from tinygesture.export.compiler.arithmetic import (
    logistic_table,
    quantise_factor,
    scaled_all,
    tanh_table,
)
from tinygesture.export.compiler.operands import Activation, Operands, raisable, raised
from tinygesture.export.compiler.steps import Constant, Field, Output, Step

_ALL = np.arange(-128, 128, dtype=np.int64)


def add(operands: Operands) -> list[Step]:
    return _sum(operands, "add", 1)


def sub(operands: Operands) -> list[Step]:
    return _sum(operands, "sub", -1)


def _sum(operands: Operands, function: str, sign: int) -> list[Step]:
    pair = broadcast.pair(operands)
    a, b, output = pair.a, pair.b, pair.output
    limits = operands.fused(output)
    twice_larger = 2 * max(a.scale, b.scale)
    ratio = twice_larger / (2**pairs.SUM_BITS * output.scale)
    if ratio >= 1:
        raise operands.fail(f"has an output scale of {output.scale}, too small for its inputs")
    results = pairs.sums(a, b, sign, output.scale, limits)
    if (table := _of_one_input(operands, a, b, output, results)) is not None:
        return table
    short = pairs.weighted_sum(
        results, a.scale / output.scale, sign * b.scale / output.scale, limits
    )
    fields: dict[str, Field]
    if short is None or not pair.a_step == pair.b_step == 1:
        fields = {
            "size": pair.size,
            "a": (pair.a_step, a.zero_point, quantise_factor(a.scale / twice_larger)),
            "b": (pair.b_step, b.zero_point, quantise_factor(b.scale / twice_larger)),
            "factor": quantise_factor(ratio),
            "output": limits,
        }
        return [pair.kernel(operands, function, "Sum", fields)]
    fields = {
        "size": pair.size,
        "a_weight": short.a_weight,
        "b_weight": short.b_weight,
        "offset": short.offset,
        "shift": short.shift,
        "minimum": limits.minimum,
        "maximum": limits.maximum,
    }
    return [pair.kernel(operands, "weighted_sum", "WeightedSum", fields)]


def mul(operands: Operands) -> list[Step]:
    pair = broadcast.pair(operands)
    a, b, output = pair.a, pair.b, pair.output
    limits = operands.fused(output)
    factor = quantise_factor(a.scale * b.scale / output.scale)
    operands.check_range(a.largest * b.largest, factor)
    results = pairs.products(a, b, output.scale, limits)
    if (table := _of_one_input(operands, a, b, output, results)) is not None:
        return table
    fields: dict[str, Field]
    if not raisable(factor) or not pair.a_step == pair.b_step == 1:
        fields = {
            "size": pair.size,
            "a_step": pair.a_step,
            "a_zero_point": a.zero_point,
            "b_step": pair.b_step,
            "b_zero_point": b.zero_point,
            "factor": factor,
            "output": limits,
        }
        return [pair.kernel(operands, "mul", "Product", fields)]
    fields = {
        "size": pair.size,
        "a_zero_point": a.zero_point,
        "b_zero_point": b.zero_point,
        **raised(factor, output.zero_point),
        "minimum": limits.minimum,
        "maximum": limits.maximum,
    }
    return [pair.kernel(operands, "scaled_product", "ScaledProduct", fields)]


def _of_one_input(
    operands: Operands, a: Activation, b: Activation, output: Activation, results: pairs.Results
) -> list[Step] | None:
    """The lookup that a pair becomes where one side is a constant or both are one tensor."""
    if a.index == b.index:
        return _lookup(operands, a, output, results.diagonal())
    for position, (operand, rows) in enumerate(((b, results), (a, results.T))):
        constant = operands.value(position)
        if constant is not None and operand.size == output.size:
            return _lookup(operands, operand, output, rows[constant + 128])
    return None


def quantize(operands: Operands) -> list[Step]:
    input, output = _one_to_one(operands)
    limits = Output(output.zero_point)
    return _lookup(operands, input, output, _rescaled(operands, input, output, limits))


def relu(operands: Operands) -> list[Step]:
    input, output = _one_to_one(operands)
    limits = Output(output.zero_point, minimum=output.zero_point)
    return _lookup(operands, input, output, _rescaled(operands, input, output, limits))


def relu6(operands: Operands) -> list[Step]:
    input, output = _one_to_one(operands)
    if (input.scale, input.zero_point) != (output.scale, output.zero_point):
        raise operands.fail("has an output of another scale or zero point than its input")
    six = min(input.quantised(6), 127)
    return _lookup(operands, input, output, np.clip(_ALL, input.zero_point, six))


def logistic(operands: Operands) -> list[Step]:
    input, output = _one_to_one(operands)
    if output.zero_point != -128:
        raise operands.fail(f"has the output zero point {output.zero_point} instead of -128")
    return _lookup(operands, input, output, logistic_table(input.scale, input.zero_point))


def tanh(operands: Operands) -> list[Step]:
    input, output = _one_to_one(operands)
    return _lookup(operands, input, output, tanh_table(input.scale, input.zero_point))


def _one_to_one(operands: Operands) -> tuple[Activation, Activation]:
    operands.expect((1,))
    input, output = operands.input(0), operands.output()
    if input.size != output.size:
        raise operands.fail(f"maps {input.shape} to {output.shape}")
    return input, output


def _rescaled(
    operands: Operands, input: Activation, output: Activation, limits: Output
) -> npt.NDArray[np.int64]:
    factor = quantise_factor(input.scale / output.scale)
    operands.check_range(input.largest, factor)
    values = scaled_all(_ALL - input.zero_point, factor) + limits.zero_point
    return np.clip(values, limits.minimum, limits.maximum)


def _lookup(
    operands: Operands, input: Activation, output: Activation, values: npt.ArrayLike
) -> list[Step]:
    """`values` (256): the output for each input -128..127."""
    fields: dict[str, Field] = {
        "size": output.size,
        "table": Constant("Table", "int8_t", np.array(values, np.int8), (256,)),
    }
    return [operands.kernel("lookup", "Lookup", fields, (input,), output)]
