"""The tables made at export against TensorFlow Lite Micro, and the fixed-point functions."""

import math

import numpy as np
import pytest
from harness import run_tflm
from hypothesis import given, settings
from hypothesis import strategies as st

from tflite_builder import TfliteBuilder
from tinygesture.export.compiler import arithmetic

ALL_INPUTS = np.arange(-128, 128, dtype=np.int8)

scales = st.floats(-16, 6).map(lambda exponent: float(np.float32(2.0**exponent)))
zero_points = st.integers(-128, 127)


def tflm_table(
    operator: str, scale: float, zero_point: int, output: tuple[float, int]
) -> list[int]:
    b = TfliteBuilder()
    x = b.tensor([1, 256], scale, zero_point)
    y = b.tensor([1, 256], *output)
    b.operator(operator, [x], y)
    pytest.importorskip("tflite_micro", reason="TensorFlow Lite Micro has no wheel here")
    return [int(value) for value in run_tflm(b.build([x], [y]), ALL_INPUTS[None])[0]]


@settings(max_examples=300, deadline=None)
@given(scales, zero_points)
def test_every_entry_of_a_logistic_table(scale: float, zero_point: int) -> None:
    expected = tflm_table("LOGISTIC", scale, zero_point, (1 / 256, -128))
    assert arithmetic.logistic_table(scale, zero_point) == expected


@settings(max_examples=300, deadline=None)
@given(scales, zero_points)
def test_every_entry_of_a_tanh_table(scale: float, zero_point: int) -> None:
    expected = tflm_table("TANH", scale, zero_point, (1 / 128, 0))
    assert arithmetic.tanh_table(scale, zero_point) == expected


@given(st.floats(0, 2.0**-1, exclude_min=True), st.floats(0.25, 4))
def test_the_softmax_table_is_the_exponential(scale: float, beta: float) -> None:
    if beta * scale * 2**26 <= 1:
        with pytest.raises(ValueError, match="beta times scale"):
            arithmetic.softmax_table(scale, beta)
        return
    for i, value in enumerate(arithmetic.softmax_table(scale, beta)):
        # the argument is rounded to 2^-26, the polynomial is exact to about 2^-22
        assert value / 2**31 == pytest.approx(math.exp(-i * scale * beta), abs=2.0**-21)


@given(st.integers(-(2**20), 2**20), st.floats(2.0**-40, 2.0**9))
def test_a_factor_scales_to_the_nearest_but_one(value: int, real: float) -> None:
    factor = arithmetic.quantise_factor(real)
    # the factor has 31 bits; two roundings of at most a half each
    assert abs(arithmetic.scaled(value, factor) - value * real) <= 1 + abs(value * real) * 2.0**-30


@pytest.mark.parametrize(
    ("value", "exponent", "expected"), [(3, 1, 2), (-3, 1, -2), (1, 1, 1), (-1, 1, -1), (5, 0, 5)]
)
def test_a_shift_rounds_halves_away_from_zero(value: int, exponent: int, expected: int) -> None:
    assert arithmetic.rounded_shift(value, exponent) == expected


@pytest.mark.parametrize(("value", "expected"), [(1, 1), (-1, 0), (3, 2), (-3, -1)])
def test_a_product_rounds_halves_up(value: int, expected: int) -> None:
    assert arithmetic.high_product(value, 2**30) == expected
