"""The fixed-point arithmetic of TensorFlow Lite Micro, as far as it runs at export.

Integers are 32-bit two's complement; Qm.n is a fixed-point format with m integer and n fraction
bits. Sources of the formulas: tflite-micro's kernels/internal/quantization_util.cc (multipliers),
kernels/internal/reference/integer_ops/{logistic,tanh}.h and reference/softmax.h (activations),
gemmlowp's fixedpoint/fixedpoint.h (exponential and Newton-Raphson division).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

INT32_MAX = 2**31 - 1
INT32_MIN = -(2**31)


@dataclass(frozen=True)
class Factor:
    """The real factor multiplier × 2^(shift - 31): multiplier 0 or 2^30..2^31-1."""

    multiplier: int
    shift: int


def quantise_factor(real: float) -> Factor:
    """The nearest Factor of a real number ≥ 0; under 2^-32 it is 0."""
    if real == 0:
        return Factor(0, 0)
    fraction, shift = math.frexp(real)
    multiplier = math.floor(fraction * 2**31 + 0.5)
    if multiplier == 2**31:
        multiplier, shift = 2**30, shift + 1
    return Factor(0, 0) if shift < -31 else Factor(multiplier, shift)


def mean_factor(factor: Factor, count: int) -> Factor:
    """`factor` / `count`, divided as the MEAN operator does it."""
    shift = min(count.bit_length() - 1, 32, 31 + factor.shift)
    return Factor((factor.multiplier << shift) // count, factor.shift - shift)


def high_product(a: int, b: int) -> int:
    """a × b / 2^31 to the nearest, halves up: the product of two fixed-point numbers."""
    return min((a * b + 2**30) >> 31, INT32_MAX)


def rounded_shift(value: int, exponent: int) -> int:
    """value / 2^exponent to the nearest, halves away from zero."""
    rounded = (abs(value) + ((1 << exponent) >> 1)) >> exponent
    return -rounded if value < 0 else rounded


def scaled(value: int, factor: Factor) -> int:
    """value × factor, with the two roundings of MultiplyByQuantizedMultiplier."""
    product = high_product(value << max(factor.shift, 0), factor.multiplier)
    return rounded_shift(product, max(-factor.shift, 0))


def scaled_all(values: npt.NDArray[np.int64], factor: Factor) -> npt.NDArray[np.int64]:
    """`scaled` of each of `values`, which the factor's left shift keeps within 32 bits."""
    products = ((values << max(factor.shift, 0)) * factor.multiplier + 2**30) >> 31
    exponent = max(-factor.shift, 0)
    magnitudes = (np.abs(products) + ((1 << exponent) >> 1)) >> exponent
    return np.where(products < 0, -magnitudes, magnitudes)


def _saturated(value: int) -> int:
    return max(INT32_MIN, min(value, INT32_MAX))


def exponential(x: int, integer_bits: int) -> int:
    """exp(x) in Q0.31 for x ≤ 0 in Q`integer_bits`.(31 - `integer_bits`), 4 or 5 integer bits.

    A polynomial of degree 4 around -1/8 for the fraction below a quarter, times exp(-2^k) for
    every further bit of the argument.
    """
    if x == 0:
        return INT32_MAX
    fraction_bits = 31 - integer_bits
    quarter = 1 << (fraction_bits - 2)
    fraction = (x & (quarter - 1)) - quarter  # in [-1/4, 0)

    centred = (fraction << integer_bits) + (1 << 28)  # Q0.31, around -1/8
    square = high_product(centred, centred)
    cube = high_product(square, centred)
    fourth = high_product(square, square)
    third = round(2**31 / 3)
    tail = rounded_shift(high_product(rounded_shift(fourth, 2) + cube, third) + square, 1)
    at_centre = round(math.exp(-1 / 8) * 2**31)
    result = at_centre + high_product(at_centre, centred + tail)

    remainder = fraction - x
    for exponent in range(-2, integer_bits):
        if remainder & (1 << (fraction_bits + exponent)):
            result = high_product(result, round(math.exp(-(2.0**exponent)) * 2**31))
    return result


def _newton_raphson(x: int) -> int:
    """2 / (1 + x) in Q2.29 for x in Q0.31 within 0..1: three steps of Newton-Raphson."""
    half_denominator = (x + 2**31) >> 1
    estimate = 1515870810 + high_product(half_denominator, -1010580540)  # 48/17 - 32/17 d, Q2.29
    for _ in range(3):
        error = (1 << 29) - high_product(half_denominator, estimate)
        estimate += _saturated(high_product(estimate, error) << 2)
    return estimate


def logistic(x: int) -> int:
    """1 / (1 + exp(-x)) in Q0.31 for x in Q4.27."""
    if x == 0:
        return 1 << 30
    positive = _saturated(_newton_raphson(exponential(-abs(x), 4)) << 1)
    return positive if x > 0 else INT32_MAX - positive


def tanh(x: int) -> int:
    """tanh(x) in Q0.31 for x in Q4.27."""
    if x == 0:
        return 0
    positive = _saturated((_newton_raphson(exponential(-abs(x), 5)) - (1 << 29)) << 2)
    return positive if x > 0 else -positive


def logistic_table(scale: float, zero_point: int) -> list[int]:
    """LOGISTIC's int8 output (scale 1/256, zero point -128) for every int8 input -128..127."""
    return _activation_table(scale, zero_point, lambda x: rounded_shift(logistic(x), 23) - 128)


def tanh_table(scale: float, zero_point: int) -> list[int]:
    """TANH's int8 output (scale 1/128, zero point 0) for every int8 input -128..127."""
    return _activation_table(scale, zero_point, lambda x: rounded_shift(tanh(x), 24))


def _activation_table(scale: float, zero_point: int, output: Callable[[int], int]) -> list[int]:
    factor = quantise_factor(scale * 2**27)  # to Q4.27
    radius = _input_radius(4, factor.shift)
    table = []
    for quantised in range(-128, 128):
        value = quantised - zero_point
        if value <= -radius:
            table.append(-128)
        elif value >= radius:
            table.append(127)
        else:
            table.append(max(-128, min(output(scaled(value, factor)), 127)))
    return table


def _input_radius(integer_bits: int, shift: int) -> int:
    """The smallest input outside Q`integer_bits` after a factor with this shift."""
    return (((1 << integer_bits) - 1) << (31 - integer_bits)) >> shift


def softmax_table(scale: float, beta: float) -> list[int]:
    """exp(-beta × scale × i) in Q0.31 for i = 0, 1, ... as far as SOFTMAX counts it, at most 256.

    Raises ValueError where beta × scale is so small that TensorFlow Lite Micro refuses it.
    """
    real = min(beta * scale * 2**26, 2.0**31 - 1)  # to Q5.26
    if not real > 1:
        raise ValueError(f"beta times scale is {beta * scale}")
    factor = quantise_factor(real)
    count = min(_input_radius(5, factor.shift) + 1, 256)
    table = [exponential(scaled(-i, factor), 5) for i in range(count)]
    while table[-1] < 2**11:  # the sum takes no notice of the last 12 bits
        table.pop()
    return table
