"""Weights, biases and scales as the paired kernels take them (paired_matrix.h of the kernels).

TensorFlow Lite Micro rounds a sum twice: its product with the multiplier to a whole number, and
that, shifted right by n, to an output, halves away from zero. In steps of 2^-7 of that whole number
one shift does both:

    output = (floor(256 sum × multiplier / 2^32) + addend - correction) >> (7 + n)
    addend = 64 + 2^(6 + n) + zero point × 2^(7 + n)

where the correction, 128, is for negative sums only. With a shift to the left by n, up to 6, or
none at all, there is no second rounding and no correction, the addend is 64 >> n and the zero
point, and the shift right is 7 - n.
"""

from dataclasses import astuple, dataclass

import numpy as np
import numpy.typing as npt

from tinygesture.export.compiler.arithmetic import Factor, scaled_all
from tinygesture.export.compiler.steps import Constant, Field, Output
from tinygesture.export.compiler.weighted import Weighted

LARGEST_SUM = 2**23 - 1  # 256 times it fits into 32 bits
GROUP = 4  # inputs in a word of weights

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Scale:
    """kernels::Scale."""

    multiplier: int
    addend: int
    correction: int
    shift: int


def pack(layer: Weighted) -> tuple[Field, ...] | None:
    """kernels::PairedMatrix, or None where the paired kernels' conditions do not hold."""
    chosen = scales(layer)
    if chosen is None or layer.weights.min() == -128:
        return None
    shift = min(scale.shift for scale in chosen)
    sums = zip(layer.factors, _largest(layer), strict=True)
    common = [
        found
        for scale, pair in zip(chosen, sums, strict=True)
        if (found := _with_shift(scale, shift, *pair, layer.limits)) is not None
    ]
    one_shift = len(common) == len(chosen)
    if one_shift:
        chosen = common
    weights = layer.weights.reshape(len(layer.weights), -1)
    outputs, inputs = weights.shape
    per_channel = len(chosen) > 1
    if per_channel and outputs % 2:
        chosen.append(chosen[-1])
    words = _words(weights)
    return (
        inputs,
        outputs,
        Constant("Weights", "uint32_t", words.ravel(), words.shape),
        _bias(weights, layer.bias, layer.input.zero_point),
        scales_constant(chosen),
        per_channel,
        any(scale.correction for scale in chosen),
        shift if one_shift else 0,
        layer.limits.minimum,
        layer.limits.maximum,
    )


def scales(layer: Weighted) -> list[Scale] | None:
    """One for each factor, or None where there is none for one of them."""
    if max(layer.largest) > LARGEST_SUM:
        return None
    sums = zip(layer.factors, _largest(layer), strict=True)
    found = [scale for pair in sums if (scale := _scale(*pair, layer.limits)) is not None]
    return found if len(found) == len(layer.factors) else None


def _largest(layer: Weighted) -> list[int]:
    """Of the sums that a factor is for."""
    return layer.largest if len(layer.factors) > 1 else [max(layer.largest)]


def scales_constant(scales: list[Scale]) -> Constant:
    values = np.array([astuple(scale) for scale in scales], np.int64)
    return Constant("Scales", "kernels::Scale", values, (len(scales),))


def groups(inputs: int) -> int:
    return -(-inputs // GROUP)


def _even(weights: npt.NDArray[np.int8]) -> Integers:
    """With zeros up to an even number of outputs and to whole groups of inputs."""
    outputs, inputs = weights.shape
    return np.pad(weights.astype(np.int64), ((0, outputs % 2), (0, -inputs % GROUP)))


def _words(weights: npt.NDArray[np.int8]) -> Integers:
    """(pairs of outputs, groups of inputs, 2): unsigned words of two int16 lanes."""
    padded = _even(weights)
    bytes = padded.reshape(len(padded) // 2, 2, -1, GROUP)
    low, high = bytes[..., 0] + 256 * bytes[..., 1], bytes[..., 2] + 256 * bytes[..., 3]
    words: Integers = (low & 0xFFFF) | (high & 0xFFFF) << 16
    return words.transpose(0, 2, 1)


def _bias(
    weights: npt.NDArray[np.int8], bias: npt.NDArray[np.int32] | None, input_zero_point: int
) -> Constant:
    """256 times the bias, the input's zero point and the 127 that odd inputs lack, modulo 2^32."""
    padded = _even(weights)
    total = 127 * padded[:, 1::2].sum(1) - input_zero_point * padded.sum(1)
    if bias is not None:
        total[: bias.size] += bias.ravel()
    return Constant("Bias", "int32_t", (256 * total).astype(np.int32), (len(total),))


def _scale(factor: Factor, largest: int, output: Output) -> Scale | None:
    left, right = max(factor.shift, 0), max(-factor.shift, 0)
    if left > 6 or right > 16:
        return None
    shift = 7 + right - left
    half = (64 >> left) if right == 0 else 64 + (64 << right)
    # limits at or above the zero point hide what becomes of negative sums
    correction = 128 if right and output.minimum < output.zero_point else 0
    scale = Scale(factor.multiplier, half + (output.zero_point << shift), correction, shift)
    return scale if _fits(scale, largest) else None


def _fits(scale: Scale, largest: int) -> bool:
    return (largest * scale.multiplier >> 24) + abs(scale.addend) + scale.correction < 2**31 - 1


def _with_shift(
    scale: Scale, shift: int, factor: Factor, largest: int, output: Output
) -> Scale | None:
    """A scale that shifts less, if there is one that gives the same output for every sum.

    Outputs grow with sums, so it is enough to look at the least sum of each output, and at the one
    below it: they bound the addend.
    """
    steps = scale.shift - shift
    if steps == 0:
        return scale
    if steps > 7:
        return None
    results = np.arange(output.minimum + 1, output.maximum + 1)
    least = _least_sums(results, factor, largest, output)
    multiplier = (scale.multiplier + (1 << steps >> 1)) >> steps
    correction = scale.correction >> steps

    def unshifted(sums: Integers) -> Integers:
        return (sums * multiplier >> 24) - correction * (sums < 0)

    reached, missed = least <= largest, least > -largest
    lowest = (results << shift) - unshifted(least)
    highest = (results << shift) - 1 - unshifted(least - 1)
    low = lowest[reached].max(initial=-(2**31))
    high = highest[missed].min(initial=2**31)
    if low > high:
        return None
    wanted = scale.addend >> steps
    found = Scale(multiplier, int(min(max(wanted, low), high)), correction, shift)
    return found if _fits(found, largest) else None


def _least_sums(results: Integers, factor: Factor, largest: int, output: Output) -> Integers:
    """Of every result the least sum, within ± `largest`, that gives it; else `largest` + 1."""
    low = np.full(results.shape, -largest, np.int64)
    high = np.full(results.shape, largest + 1, np.int64)
    while (low < high).any():
        middle = (low + high) >> 1
        enough = scaled_all(middle, factor) + output.zero_point >= results
        low, high = np.where(enough, low, middle + 1), np.where(enough, middle, high)
    return low
