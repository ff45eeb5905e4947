"""Packed weights, and scales that round once where TensorFlow Lite Micro rounds twice."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tflite_builder import SAME, VALID, TfliteBuilder
from tinygesture.export.compiler import packing
from tinygesture.export.compiler.arithmetic import Factor, quantise_factor, scaled_all
from tinygesture.export.compiler.graph import parse
from tinygesture.export.compiler.lowering import lower
from tinygesture.export.compiler.packing import LARGEST_SUM, Scale
from tinygesture.export.compiler.steps import Kernel, Output

Integers = npt.NDArray[np.int64]

factors = st.floats(-16, 6).map(lambda exponent: quantise_factor(2.0**exponent))
largest_sums = st.integers(1, LARGEST_SUM) | st.integers(1, 2**16)


@st.composite
def outputs(draw: st.DrawFn) -> Output:
    zero_point = draw(st.integers(-128, 127))
    minimum = draw(st.sampled_from([-128, zero_point]) | st.integers(-128, 127))
    return Output(zero_point, minimum, draw(st.just(127) | st.integers(minimum, 127)))


def sums_to_try(factor: Factor, largest: int, output: Output) -> Integers:
    """All of them, if there are few; else those around which outputs change, and random ones."""
    if largest < 2**15:
        return np.arange(-largest, largest + 1)
    results = np.arange(-128, 128)
    near = packing._least_sums(results, factor, largest, output)[:, None] + np.arange(-3, 4)
    random = np.random.default_rng(largest).integers(-largest, largest + 1, 10_000)
    tried: Integers = np.concatenate([near.ravel(), random, [-largest, -1, 0, 1, largest]])
    return np.clip(tried, -largest, largest)


def rounded_twice(sums: Integers, factor: Factor, output: Output) -> Integers:
    values = scaled_all(sums, factor) + output.zero_point
    return np.clip(values, output.minimum, output.maximum)


def rounded_once(sums: Integers, scale: Scale, output: Output) -> Integers:
    values = (256 * sums * scale.multiplier >> 32) + scale.addend - scale.correction * (sums < 0)
    assert np.abs(values).max() < 2**31
    return np.clip(values >> scale.shift, output.minimum, output.maximum)


@settings(max_examples=300, deadline=None)
@given(factors, largest_sums, outputs())
def test_a_scale_is_exact(factor: Factor, largest: int, output: Output) -> None:
    assume(largest << max(factor.shift, 0) < 2**31 - 256)  # or the layer is refused
    scale = packing._scale(factor, largest, output)
    assume(scale is not None)
    assert scale is not None
    sums = sums_to_try(factor, largest, output)
    np.testing.assert_array_equal(
        rounded_once(sums, scale, output), rounded_twice(sums, factor, output)
    )


@settings(max_examples=300, deadline=None)
@given(factors, largest_sums, outputs(), st.integers(1, 7))
def test_a_scale_with_another_shift_is_exact(
    factor: Factor, largest: int, output: Output, steps: int
) -> None:
    assume(largest << max(factor.shift, 0) < 2**31 - 256)
    scale = packing._scale(factor, largest, output)
    assume(scale is not None and scale.shift > steps)
    assert scale is not None
    shifted = packing._with_shift(scale, scale.shift - steps, factor, largest, output)
    assume(shifted is not None)
    assert shifted is not None and shifted.shift == scale.shift - steps
    sums = sums_to_try(factor, largest, output)
    np.testing.assert_array_equal(
        rounded_once(sums, shifted, output), rounded_twice(sums, factor, output)
    )


def test_trained_layers_share_a_shift() -> None:
    """Channels whose factors differ up to sixteenfold, behind RELU."""
    rng = np.random.default_rng(0)
    output = Output(-128)
    found = 0
    for _ in range(100):
        factor = quantise_factor(rng.uniform(0.0005, 0.003))
        scale = packing._scale(factor, 2**18, output)
        assert scale is not None
        found += packing._with_shift(scale, scale.shift - 4, factor, 2**18, output) is not None
    assert found > 90


@given(st.integers(1, 9), st.integers(1, 17), st.integers(0, 2**32))
def test_words_hold_the_weights(outputs: int, inputs: int, seed: int) -> None:
    """Multiplied as the kernels do it, they give 256 times the sums."""
    rng = np.random.default_rng(seed)
    weights = rng.integers(-127, 128, (outputs, inputs)).astype(np.int8)
    x = rng.integers(-128, 128, inputs)
    zero_point = int(rng.integers(-128, 128))
    padded = np.pad(x, (0, -inputs % 4), constant_values=rng.integers(-128, 128)).reshape(-1, 4)
    odd = padded[:, 1::2] - 127
    even = 256 * padded[:, ::2] - odd
    assert even.min() >= -(2**15) and even.max() < 2**15

    words = packing._words(weights)  # (pairs, groups, 2)
    lanes = np.stack([words & 0xFFFF, words >> 16], -1).astype(np.int16).astype(np.int64)
    low_bytes = lanes.astype(np.int8).astype(np.int64)
    products = (lanes * odd[None, :, None] + low_bytes * even[None, :, None]).sum((1, 3)).ravel()
    bias = packing._bias(weights, None, zero_point).values.astype(np.int64)
    expected = 256 * (weights.astype(np.int64) @ (x - zero_point))
    np.testing.assert_array_equal((products + bias)[:outputs], expected)


def dense(weights: npt.ArrayLike, bias: int = 0) -> bytes:
    b = TfliteBuilder()
    x, y = b.tensor([1, 4], 0.1), b.tensor([1, 1], 40.0)
    parameters = [b.tensor([1, 4], 0.1, data=weights)]
    parameters.append(b.tensor([1], 0.01, type="INT32", data=[bias]))
    b.operator("FULLY_CONNECTED", [x, *parameters], y)
    return b.build([x], [y])


@pytest.mark.parametrize(
    "model, function",
    [
        (dense([1, -127, 127, 0]), "paired_rows"),
        (dense([1, -128, 127, 0]), "fully_connected"),
        (dense([1, 2, 3, 4], bias=2**23 - 2000), "paired_rows"),
        (dense([1, 2, 3, 4], bias=2**23 - 1000), "fully_connected"),
    ],
)
def test_what_cannot_be_packed_takes_the_plain_kernel(model: bytes, function: str) -> None:
    assert [kernel.function for kernel in lower(parse(model)) if isinstance(kernel, Kernel)] == [
        function
    ]


@pytest.mark.parametrize(
    "shape, filter, options, function",
    [
        ((1, 1, 9, 2), (1, 3), {}, "paired_rows"),
        ((1, 9, 1, 2), (3, 1), {}, "paired_rows"),
        ((1, 1, 9, 2), (1, 3), {"DilationWFactor": 2}, "paired_conv_2d"),
        ((1, 1, 9, 2), (3, 1), {"Padding": SAME}, "paired_conv_2d"),
        ((1, 9, 2, 2), (3, 2), {}, "paired_rows"),
        ((1, 9, 2, 2), (3, 1), {}, "paired_conv_2d"),
        ((1, 9, 2, 2), (1, 1), {}, "paired_rows"),
        ((1, 9, 2, 2), (1, 1), {"StrideH": 2, "Padding": SAME}, "paired_conv_2d"),
    ],
)
def test_runs_of_bytes_are_rows(
    shape: tuple[int, ...], filter: tuple[int, int], options: dict[str, int], function: str
) -> None:
    defaults = {"StrideH": 1, "StrideW": 1, "DilationHFactor": 1, "DilationWFactor": 1}
    options = {"Padding": VALID, **defaults, **options}
    sizes = []
    for axis, letter in enumerate("HW"):
        reach = (filter[axis] - 1) * options[f"Dilation{letter}Factor"] + 1
        room = shape[1 + axis] - (reach if options["Padding"] == VALID else 1)
        sizes.append(room // options[f"Stride{letter}"] + 1)
    b = TfliteBuilder()
    x, y = b.tensor(shape, 0.1), b.tensor([1, *sizes, 1], 0.1)
    weights = b.tensor([1, *filter, shape[3]], 0.1, data=np.ones((1, *filter, shape[3])))
    b.operator("CONV_2D", [x, weights], y, **options)
    [kernel] = lower(parse(b.build([x], [y])))
    assert isinstance(kernel, Kernel) and kernel.function == function
