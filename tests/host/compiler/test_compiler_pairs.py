"""The 32-bit sums that stand for ADD and SUB, on all pairs, and how often there is one."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygesture.export.compiler import pairs
from tinygesture.export.compiler.operands import Activation
from tinygesture.export.compiler.steps import Output

scales = st.floats(-8, 2).map(lambda exponent: float(np.float32(2.0**exponent)))
zero_points = st.integers(-128, 127)
ALL = np.arange(-128, 128, dtype=np.int64)


def short_form(
    a: Activation, b: Activation, sign: int, scale: float, limits: Output
) -> tuple[pairs.Results, pairs.WeightedSum | None]:
    results = pairs.sums(a, b, sign, scale, limits)
    return results, pairs.weighted_sum(results, a.scale / scale, sign * b.scale / scale, limits)


@settings(max_examples=100, deadline=None)
@given(scales, scales, st.floats(0.1, 10), *[zero_points] * 3, st.sampled_from([-1, 1]))
def test_a_weighted_sum_gives_every_result_within_32_bits(
    a_scale: float, b_scale: float, ratio: float, a_zero: int, b_zero: int, zero: int, sign: int
) -> None:
    a, b = Activation(0, (1,), a_scale, a_zero), Activation(1, (1,), b_scale, b_zero)
    limits = Output(zero, max(-128, zero - 100), min(127, zero + 100))
    results, found = short_form(a, b, sign, max(a_scale, b_scale) * ratio, limits)
    if found is None:
        return
    assert 128 * (abs(found.a_weight) + abs(found.b_weight)) + abs(found.offset) < 2**31
    whole = found.offset + found.a_weight * ALL[:, None] + found.b_weight * ALL[None, :]
    got = np.clip(whole >> found.shift, limits.minimum, limits.maximum)
    np.testing.assert_array_equal(got, results)


def test_nearly_all_sums_have_a_short_form() -> None:
    rng = np.random.default_rng(0)
    found = 0
    for trial in range(60):
        exponents = rng.uniform(-3, 3, 3) if trial % 2 else rng.integers(-3, 4, 3)  # ties
        a_scale, b_scale = (float(np.float32(2.0**e)) for e in exponents[:2])
        zeros = [int(zero) for zero in rng.integers(-128, 128, 3)]
        a, b = Activation(0, (1,), a_scale, zeros[0]), Activation(1, (1,), b_scale, zeros[1])
        scale = float(np.float32(max(a_scale, b_scale) * 2.0 ** (exponents[2] / 2)))
        found += short_form(a, b, 1, scale, Output(zeros[2]))[1] is not None
    assert found >= 57
