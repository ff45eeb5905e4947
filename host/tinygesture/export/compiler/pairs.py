"""ADD, SUB and MUL as what they are: tables of 256 × 256 results, one for each pair of int8.

From such a table a function of one input is a row or the diagonal, and a shorter formula than
TensorFlow Lite Micro's can be proven: on every pair, at export.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tinygesture.export.compiler.arithmetic import quantise_factor, scaled_all
from tinygesture.export.compiler.operands import Activation
from tinygesture.export.compiler.steps import Output

Results = npt.NDArray[np.int64]  # (256, 256): [a + 128, b + 128] -> the output

SUM_BITS = 20  # fraction bits of a sum's terms
_ALL = np.arange(-128, 128, dtype=np.int64)
_A, _B = _ALL[:, None], _ALL[None, :]


def sums(a: Activation, b: Activation, sign: int, scale: float, limits: Output) -> Results:
    """ADD's (`sign` 1) or SUB's (-1) results, in the output's `scale`."""
    twice_larger = 2 * max(a.scale, b.scale)

    def terms(operand: Activation) -> Results:
        values = (_ALL - operand.zero_point) << SUM_BITS
        return scaled_all(values, quantise_factor(operand.scale / twice_larger))

    total = terms(a)[:, None] + sign * terms(b)[None, :]
    factor = quantise_factor(twice_larger / (2**SUM_BITS * scale))
    return _stored(scaled_all(total, factor), limits)


def products(a: Activation, b: Activation, scale: float, limits: Output) -> Results:
    """MUL's results, in the output's `scale`."""
    factor = quantise_factor(a.scale * b.scale / scale)
    return _stored(scaled_all((_A - a.zero_point) * (_B - b.zero_point), factor), limits)


def _stored(values: Results, limits: Output) -> Results:
    return np.clip(values + limits.zero_point, limits.minimum, limits.maximum)


@dataclass(frozen=True)
class WeightedSum:
    """(a × a_weight + b × b_weight + offset) >> shift, limited to the output's range."""

    a_weight: int
    b_weight: int
    offset: int
    shift: int


def weighted_sum(
    results: Results, a_ratio: float, b_ratio: float, limits: Output
) -> WeightedSum | None:
    """The 32-bit sum that gives each of a sum's `results`; None where none was found.

    `a_ratio` and `b_ratio` are counts of the output for a count of a and of b.
    """
    for shift, a_weight, b_weight in _candidates(a_ratio, b_ratio):
        exact = a_weight * _A + b_weight * _B
        # beyond the limits any value will do
        least = ((results << shift) - exact)[results > limits.minimum].max(initial=-(2**31))
        most = (((results + 1) << shift) - 1 - exact)[results < limits.maximum].min(initial=2**31)
        offset = int(np.clip(0, least, most))
        if least <= most and 128 * (abs(a_weight) + abs(b_weight)) + abs(offset) < 2**31:
            return WeightedSum(a_weight, b_weight, offset, shift)
    return None


def _candidates(a_ratio: float, b_ratio: float) -> Iterator[tuple[int, int, int]]:
    """(shift, a_weight, b_weight): the nearest weights, and a little larger ones, which take ties
    away from zero as TensorFlow Lite Micro does."""
    smaller = min(abs(a_ratio), abs(b_ratio))
    span = 128 * (abs(a_ratio) + abs(b_ratio)) + 256
    finest = min(30, 31 - math.ceil(math.log2(span)))
    for shift in range(finest, max(finest - 3, 0), -1):
        nearest = round(a_ratio * 2**shift), round(b_ratio * 2**shift)
        yield shift, *nearest
        for more in (1, -1, 2, -2):
            unit = 2**shift + more / smaller
            yield shift, round(a_ratio * unit), round(b_ratio * unit)
        for a_more in (-1, 0, 1):
            for b_more in (-1, 0, 1):
                yield shift, nearest[0] + a_more, nearest[1] + b_more
