"""The last bit of every multiplier: sums and pairs at which a result steps to the next count.

Random inputs seldom see whether TensorFlow Lite Micro multiplied scales in single or in double
precision (its versions differ: sources of August 2026 have single precision in SUB and in dense
layers of one scale, the wheel of October has double), or how it rounds a tie; these do.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from harness import HostProgram, Int8, run_tflm
from random_models import scale, zero_point

from tflite_builder import RELU6, RELU_N1_TO_1, VALID, TfliteBuilder
from tinygesture.export.compiler import CompiledModel, arithmetic, compile_model

pytest.importorskip("tflite_micro", reason="TensorFlow Lite Micro, the arbiter, has no wheel here")

Check = Callable[[list[tuple[bytes, Int8]]], None]

TRIALS = 8
ALL = np.arange(-128, 128, dtype=np.int8)


@pytest.fixture
def check(
    host_program: Callable[[Sequence[CompiledModel]], HostProgram],
) -> Check:
    """Models with inputs (calls, ...) must give what TensorFlow Lite Micro gives."""

    def check(cases: list[tuple[bytes, Int8]]) -> None:
        program = host_program([compile_model(model) for model, _ in cases])
        for i, (model, inputs) in enumerate(cases):
            np.testing.assert_array_equal(program.run(i, inputs), run_tflm(model, inputs))

    return check


def power_of_two(rng: np.random.Generator, trial: int) -> float:
    """2^-4..2^4: exact in every second trial, which makes ties."""
    exponent = rng.integers(-4, 5) if trial % 2 else rng.uniform(-4, 4)
    return float(np.float32(2.0**exponent))


def near_tie(rng: np.random.Generator, trial: int, largest: int) -> float:
    """An output scale at which some integer up to `largest` lies on or next to half a count."""
    if trial % 2:
        return power_of_two(rng, trial)
    return float(rng.integers(1, largest) / (rng.integers(0, 128) + 0.5))


def steps(factor: arithmetic.Factor) -> list[int]:
    """For every count -128..127 the last sum that `factor` scales to less, and the one after it."""
    found = []
    for count in range(-128, 128):
        low, high = -(2**31 - 2**12), 2**31 - 2**12
        while high - low > 1:
            middle = (low + high) // 2
            if arithmetic.scaled(middle, factor) < count:
                low = middle
            else:
                high = middle
        found += [low, high]
    return found


@pytest.mark.parametrize("operator", ["FULLY_CONNECTED", "FULLY_CONNECTED per channel", "CONV_2D"])
def test_sums_at_the_steps(operator: str, check: Check) -> None:
    rng = np.random.default_rng(1)
    cases = []
    for _ in range(TRIALS):
        x_scale, weight_scale = scale(rng, -9, -2), scale(rng, -9, -2)
        y_scale = float(np.float32(x_scale * weight_scale * 2.0 ** rng.uniform(18, 22)))
        sums = steps(arithmetic.quantise_factor(x_scale * weight_scale / y_scale))

        b = TfliteBuilder()
        channels = len(sums)
        ones = [1] * (3 if operator == "CONV_2D" else 1)
        scales = [weight_scale] * (channels if operator.endswith("per channel") else 1)
        x, y = b.tensor([*ones, 1], x_scale), b.tensor([*ones, channels], y_scale)
        weights = b.tensor([channels, *ones], scales, data=np.zeros(channels))
        bias = b.tensor([channels], x_scale * weight_scale, type="INT32", data=sums)
        options = {"Padding": VALID, "StrideH": 1, "StrideW": 1} if operator == "CONV_2D" else {}
        b.operator(operator.split()[0], [x, weights, bias], y, **options)
        cases.append((b.build([x], [y]), np.zeros((1, 1), np.int8)))
    check(cases)


@pytest.mark.parametrize("operator", ["ADD", "SUB", "MUL"])
def test_all_pairs_of_inputs(operator: str, check: Check) -> None:
    rng = np.random.default_rng(2)
    pairs = np.array(np.meshgrid(ALL, ALL)).reshape(1, 2, -1)
    cases = []
    for trial in range(3 * TRIALS):
        b = TfliteBuilder()
        a_scale, b_scale = power_of_two(rng, trial), power_of_two(rng, trial)
        span = a_scale * b_scale if operator == "MUL" else max(a_scale, b_scale)
        largest = 2**14 if operator == "MUL" else 256
        x, size = b.tensor([2, 65536], 1.0), [1, 65536]
        # SPLIT only moves bytes, so each half may have a scale of its own
        halves = [b.tensor(size, s, zero_point(rng)) for s in (a_scale, b_scale)]
        y = b.tensor(size, span * near_tie(rng, trial, largest), zero_point(rng))
        b.operator("SPLIT", [b.integers(0), x], halves, NumSplits=2)
        b.operator(operator, halves, y)
        cases.append((b.build([x], [y]), pairs))
    check(cases)


def test_all_inputs_requantised(check: Check) -> None:
    rng = np.random.default_rng(3)
    cases = []
    for trial in range(4 * TRIALS):
        b = TfliteBuilder()
        x_scale = power_of_two(rng, trial)
        x = b.tensor([256], x_scale, zero_point(rng))
        y = b.tensor([256], x_scale * near_tie(rng, trial, 256), zero_point(rng))
        b.operator("QUANTIZE", [x], y)
        cases.append((b.build([x], [y]), ALL[None]))
    check(cases)


@pytest.mark.parametrize(("fused", "limit"), [(RELU6, 6.0), (RELU_N1_TO_1, 1.0)])
def test_activation_limits_at_the_steps(fused: int, limit: float, check: Check) -> None:
    cases = []
    for count in range(TRIALS * 4):
        b = TfliteBuilder()
        y_scale = float(np.float32(limit / (count + 0.5)))  # the limit lies between two counts
        x, one = b.tensor([256], y_scale * 2), b.tensor([], 1.0, data=1)
        y = b.tensor([256], y_scale, -60)
        b.operator("MUL", [x, one], y, FusedActivationFunction=fused)
        cases.append((b.build([x], [y]), ALL[None]))
    check(cases)


def test_softmax_of_all_differences(check: Check) -> None:
    rng = np.random.default_rng(4)
    rows = np.stack([ALL, np.full(256, 127, np.int8), ALL[::-1]], axis=1)  # (256, 3)
    cases = []
    for _ in range(4 * TRIALS):
        b = TfliteBuilder()
        x, y = b.tensor(rows.shape, scale(rng, -12, 2)), b.tensor(rows.shape, 1 / 256, -128)
        b.operator("SOFTMAX", [x], y, Beta=float(rng.choice([1.0, rng.uniform(0.2, 5)])))
        cases.append((b.build([x], [y]), rows[None]))
    check(cases)


def test_means_of_many_sums(check: Check) -> None:
    rng = np.random.default_rng(5)
    cases = []
    for trial, count in enumerate((1, 1, 2, 2, 3, 3, 7, 7, 29, 29, 64, 64, 256, 256, 257)):
        b = TfliteBuilder()
        x_scale = power_of_two(rng, trial)
        y_scale = x_scale * near_tie(rng, trial, 256 * count) / count
        x = b.tensor([1, count, 2048], x_scale, zero_point(rng))
        y = b.tensor([1, 2048], y_scale, zero_point(rng))
        b.operator("MEAN", [x, b.integers([1])], y, KeepDims=False)
        centres = rng.integers(-100, 100, 2048)  # or the mean of many would always be near 0
        inputs = centres + rng.integers(-28, 28, (4, count, 2048))
        cases.append((b.build([x], [y]), inputs.astype(np.int8)))
    check(cases)
