"""ADD, SUB, MUL, QUANTIZE, LOGISTIC and TANH."""

from collections.abc import Callable

import numpy as np

from tinygesture.export.compiler.arithmetic import (
    logistic_table,
    quantise_factor,
    tanh_table,
)
from tinygesture.export.compiler.operands import Activation, Operands
from tinygesture.export.compiler.steps import Constant, Field, Output, Step

_SUM_BITS = 20  # fraction bits of a sum's terms


def _pair(operands: Operands) -> tuple[Activation, Activation, Activation, int, int]:
    """a, b, output and the steps of a and b: equal shapes, or one value against a tensor."""
    operands.expect((2,))
    a, b, output = operands.input(0), operands.input(1), operands.output()
    larger = a if a.size >= b.size else b
    same = a.significant_shape == b.significant_shape
    if not (same or 1 in (a.size, b.size)) or larger.significant_shape != output.significant_shape:
        raise operands.fail(
            f"combines {a.shape} and {b.shape} into {output.shape}: "
            "it takes equal shapes, or a single value and a tensor"
        )
    return a, b, output, int(a.size == output.size), int(b.size == output.size)


def add(operands: Operands) -> list[Step]:
    return _sum(operands, "add")


def sub(operands: Operands) -> list[Step]:
    return _sum(operands, "sub")


def _sum(operands: Operands, function: str) -> list[Step]:
    a, b, output, a_step, b_step = _pair(operands)
    twice_larger = 2 * max(a.scale, b.scale)
    ratio = twice_larger / (2**_SUM_BITS * output.scale)
    if ratio >= 1:
        raise operands.fail(f"has an output scale of {output.scale}, too small for its inputs")
    fields: dict[str, Field] = {
        "size": output.size,
        "a": (a_step, a.zero_point, quantise_factor(a.scale / twice_larger)),
        "b": (b_step, b.zero_point, quantise_factor(b.scale / twice_larger)),
        "factor": quantise_factor(ratio),
        "output": operands.fused(output),
    }
    return [operands.kernel(function, "Sum", fields, (a, b), output)]


def mul(operands: Operands) -> list[Step]:
    a, b, output, a_step, b_step = _pair(operands)
    factor = quantise_factor(a.scale * b.scale / output.scale)
    operands.check_range(a.largest * b.largest, factor)
    fields: dict[str, Field] = {
        "size": output.size,
        "a_step": a_step,
        "a_zero_point": a.zero_point,
        "b_step": b_step,
        "b_zero_point": b.zero_point,
        "factor": factor,
        "output": operands.fused(output),
    }
    return [operands.kernel("mul", "Product", fields, (a, b), output)]


def _one_to_one(operands: Operands) -> tuple[Activation, Activation]:
    operands.expect((1,))
    input, output = operands.input(0), operands.output()
    if input.size != output.size:
        raise operands.fail(f"maps {input.shape} to {output.shape}")
    return input, output


def quantize(operands: Operands) -> list[Step]:
    input, output = _one_to_one(operands)
    factor = quantise_factor(input.scale / output.scale)
    operands.check_range(input.largest, factor)
    fields: dict[str, Field] = {
        "size": output.size,
        "input_zero_point": input.zero_point,
        "factor": factor,
        "output": Output(output.zero_point),
    }
    return [operands.kernel("quantize", "Quantize", fields, (input,), output)]


def logistic(operands: Operands) -> list[Step]:
    _, output = _one_to_one(operands)
    if output.zero_point != -128:
        raise operands.fail(f"has the output zero point {output.zero_point} instead of -128")
    return _lookup(operands, logistic_table)


def tanh(operands: Operands) -> list[Step]:
    return _lookup(operands, tanh_table)


def _lookup(operands: Operands, table: Callable[[float, int], list[int]]) -> list[Step]:
    input, output = _one_to_one(operands)
    values = np.array(table(input.scale, input.zero_point), np.int8)
    fields: dict[str, Field] = {
        "size": output.size,
        "table": Constant("Table", "int8_t", values, (256,)),
    }
    return [operands.kernel("lookup", "Lookup", fields, (input,), output)]
