"""MEAN and SOFTMAX."""

import math

import numpy as np

from tinygesture.export.compiler.arithmetic import mean_factor, quantise_factor, softmax_table
from tinygesture.export.compiler.operands import Operands, raisable, raised
from tinygesture.export.compiler.steps import Constant, Field, Output, Step

_SOFTMAX_MAX_DEPTH = 511  # beyond it TensorFlow Lite Micro's sum needs a shift over 31


def reduced_axes(operands: Operands) -> tuple[int, int, int]:
    """Elements before, along and behind the axes over which the operator reduces."""
    operands.expect((2,))
    input, output = operands.input(0), operands.output()
    rank = len(input.shape)
    given = operands.integers(1)
    axes = sorted({axis % rank for axis in given if -rank <= axis < rank})
    if not axes or any(not -rank <= axis < rank for axis in given):
        raise operands.fail(f"reduces {input.shape} over the axes {given}")
    first, last = axes[0], axes[-1]
    if axes != list(range(first, last + 1)):
        raise operands.fail(f"reduces over the axes {given}, which are not neighbours")
    kept = [
        1 if axis in axes else size
        for axis, size in enumerate(input.shape)
        if axis not in axes or operands.option("KeepDims")
    ]
    if output.shape != tuple(kept):
        raise operands.fail(f"maps {input.shape} to {output.shape} over the axes {given}")
    shape = input.shape
    return (
        math.prod(shape[:first]),
        math.prod(shape[first : last + 1]),
        math.prod(shape[last + 1 :]),
    )


def mean(operands: Operands) -> list[Step]:
    outer, reduced, inner = reduced_axes(operands)
    input, output = operands.input(0), operands.output()
    whole = quantise_factor(input.scale / output.scale)
    factor = mean_factor(whole, reduced)
    operands.check_range(input.largest * reduced, factor)
    fields: dict[str, Field] = {
        "outer": outer,
        "reduced": reduced,
        "inner": inner,
    }
    if inner % 4 == 0 and reduced <= 256 and raisable(factor):
        fields |= {"zero": reduced * input.zero_point} | raised(factor, output.zero_point)
        return [operands.kernel("column_mean", "ColumnMean", fields, (input,), output)]
    fields |= {
        "input_zero_point": input.zero_point,
        "factor": factor,
        "output": Output(output.zero_point),
    }
    return [operands.kernel("mean", "Mean", fields, (input,), output)]


def softmax(operands: Operands) -> list[Step]:
    operands.expect((1,))
    input, output = operands.input(0), operands.output()
    if not input.shape or input.shape != output.shape:
        raise operands.fail(f"maps {input.shape} to {output.shape}")
    if (output.scale, output.zero_point) != (1 / 256, -128):
        raise operands.fail(
            f"has the output scale {output.scale} and zero point {output.zero_point} "
            "instead of 1/256 and -128"
        )
    depth = input.shape[-1]
    if depth > _SOFTMAX_MAX_DEPTH:
        raise operands.fail(f"has {depth} values, more than {_SOFTMAX_MAX_DEPTH}")
    beta = float(operands.operator.options["Beta"])
    try:
        table = softmax_table(input.scale, beta)
    except ValueError as error:
        raise operands.fail(f"cannot scale its input: {error}") from None
    exponentials = Constant("Exponentials", "uint32_t", np.array(table, np.uint32), (len(table),))
    fields: dict[str, Field] = {
        "rows": input.size // depth,
        "depth": depth,
        "exponentials": exponentials,
        "exponential_count": len(table),
    }
    return [operands.kernel("softmax", "Softmax", fields, (input,), output)]
