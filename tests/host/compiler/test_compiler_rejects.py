"""Whatever the file, compile_model either compiles it or says why not in one sentence."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from harness import HostProgram, vectors
from hypothesis import given, settings
from hypothesis import strategies as st
from random_models import GENERATORS, Case

from tflite_builder import VALID, TfliteBuilder
from tinygesture.errors import UserError
from tinygesture.export.compiler import CompiledModel, compile_model
from tinygesture.export.compiler.operands import SUPPORTED

CASES = [generate(np.random.default_rng(7)) for generate in GENERATORS.values()]


@st.composite
def damaged(draw: st.DrawFn) -> Case:
    case = draw(st.sampled_from(CASES))
    data = bytearray(case.model)
    positions = st.integers(0, len(data) - 4)
    match draw(st.sampled_from(["cut", "bytes", "word"])):
        case "cut":
            data = data[: draw(positions)]
        case "bytes":
            for _ in range(draw(st.integers(1, 4))):
                data[draw(positions)] = draw(st.integers(0, 255))
        case "word":
            start = draw(positions) & ~3
            words = st.sampled_from([0, 1, 2**31 - 1, 2**31, 2**32 - 1]) | st.integers(0, 2**32 - 1)
            data[start : start + 4] = draw(words).to_bytes(4, "little")
    return Case(bytes(data), case.input_shape, case.state)


def attempt(case: Case) -> CompiledModel | None:
    try:
        return compile_model(case.model, case.state)
    except UserError as error:
        assert str(error).isprintable()
        assert str(error).endswith(".")
        return None


@settings(max_examples=400, deadline=None)
@given(damaged())
def test_damage_is_compiled_or_refused(case: Case) -> None:
    attempt(case)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused(data: bytes) -> None:
    for content in (data, data[:4] + b"TFL3" + data[4:]):
        with pytest.raises(UserError):
            compile_model(content)


def test_damage_that_compiles_stays_within_its_memory(
    host_program: Callable[[Sequence[CompiledModel]], HostProgram],
) -> None:
    """Values of weights, scales and options change; the sanitisers watch the code run."""
    rng = np.random.default_rng(3)
    survivors: list[CompiledModel] = []
    while len(survivors) < 30:
        case = CASES[rng.integers(len(CASES))]
        data = bytearray(case.model)
        data[rng.integers(len(data))] ^= 1 << rng.integers(8)
        model = attempt(Case(bytes(data), case.input_shape, case.state))
        if model is not None and model.source != compile_model(case.model, case.state).source:
            survivors.append(model)
    program = host_program(survivors)
    for i, model in enumerate(survivors):
        program.run(i, vectors(rng, (sum(model.input_sizes),), 6))


def layer(b: TfliteBuilder, **changes: int | float) -> bytes:
    """A FULLY_CONNECTED 4 -> 2 with one thing wrong."""
    options = {"zero_point": 0, "weights_zero_point": 0, "bias_scale": 0.5 * 0.01, "output": 2}
    options |= changes
    x = b.tensor([1, 4], 0.5, int(options["zero_point"]))
    weights = b.tensor([2, 4], 0.01, int(options["weights_zero_point"]), data=np.ones(8))
    bias = b.tensor([2], options["bias_scale"], type="INT32", data=[1, 2])
    y = b.tensor([1, int(options["output"])], options.get("output_scale", 0.1))
    fused = int(options.get("fused", 0))
    b.operator("FULLY_CONNECTED", [x, weights, bias], y, FusedActivationFunction=fused)
    return b.build([x], [y])


def unknown_operator(b: TfliteBuilder) -> bytes:
    x, y = b.tensor([1, 4], 0.5), b.tensor([1, 4], 0.5)
    b.operator("HARD_SWISH", [x], y)
    b.operator("GELU", [y], z := b.tensor([1, 4], 0.5))
    return b.build([x], [z])


def float_model(b: TfliteBuilder) -> bytes:
    x, y = b.tensor([1, 4], type="FLOAT32"), b.tensor([1, 4], type="FLOAT32")
    b.operator("TANH", [x], y)
    return b.build([x], [y])


def float_weights(b: TfliteBuilder) -> bytes:
    x, y = (b.tensor([1, 4], type="FLOAT32", name=name) for name in "xy")
    weights = b.tensor([4, 4], type="FLOAT32", data=np.ones(16))
    b.operator("FULLY_CONNECTED", [x, weights, -1], y)
    return b.build([x], [y])


def float_weights_inside(b: TfliteBuilder) -> bytes:
    x, y = b.tensor([1, 4], 0.1), b.tensor([1, 4], 0.1)
    weights = b.tensor([4, 4], type="FLOAT32", data=np.ones(16))
    b.operator("FULLY_CONNECTED", [x, weights, -1], y)
    return b.build([x], [y])


def float_inside(b: TfliteBuilder) -> bytes:
    x, y, z = b.tensor([1, 4], 0.1), b.tensor([1, 4], type="FLOAT32"), b.tensor([1, 4], 0.1)
    b.operator("TANH", [x], y)
    b.operator("TANH", [y], z)
    return b.build([x], [z])


def loops(b: TfliteBuilder) -> bytes:
    b.subgraphs = 3
    return float_model(b)


def older_type(b: TfliteBuilder) -> bytes:
    x, y = b.tensor([1, 4], 0.1, 3, type="UINT8", name="x"), b.tensor([1, 4], 0.1, type="UINT8")
    b.operator("RELU", [x], y)
    return b.build([x], [y])


def wider_inside(b: TfliteBuilder) -> bytes:
    x, y, z = b.tensor([1, 4], 0.1), b.tensor([1, 4], 0.1, type="INT16"), b.tensor([1, 4], 0.1)
    b.operator("QUANTIZE", [x], y)
    b.operator("QUANTIZE", [y], z)
    return b.build([x], [z])


def dynamic_time(b: TfliteBuilder) -> bytes:
    x, y = b.tensor([1, 1, 6], 0.1, signature=[-1, -1, 6]), b.tensor([1, 1, 6], 1 / 128)
    b.operator("TANH", [x], y)
    return b.build([x], [y])


def too_large(b: TfliteBuilder) -> bytes:
    x, y = b.tensor([1, 1 << 21], 0.1), b.tensor([1, 1 << 21], 1 / 128)
    b.operator("TANH", [x], y)
    return b.build([x], [y])


def two_images(b: TfliteBuilder) -> bytes:
    x, y = b.tensor([2, 1, 4, 1], 0.1), b.tensor([2, 1, 4, 1], 0.1)
    weights = b.tensor([1, 1, 1, 1], 0.1, data=[[[[1]]]])
    b.operator("CONV_2D", [x, weights], y, Padding=VALID, StrideH=1, StrideW=1)
    return b.build([x], [y])


def broadcast(b: TfliteBuilder) -> bytes:
    x, y = b.tensor([1, 3, 4], 0.1), b.tensor([1, 3, 4], 0.1)
    row = b.tensor([2], 0.1, data=[1, 2])
    b.operator("ADD", [x, row], y)
    return b.build([x], [y])


def chequered(b: TfliteBuilder) -> bytes:
    x, y = b.tensor([2, 1, 2, 1], 0.1), b.tensor([2, 3, 2, 3], 0.1)
    other = b.tensor([1, 3, 1, 3], 0.1, data=np.ones(9))
    b.operator("ADD", [x, other], y)
    return b.build([x], [y])


def scattered_slice(b: TfliteBuilder) -> bytes:
    x, y = b.tensor([4, 4], 0.1), b.tensor([2, 4], 0.1)
    cut = [b.integers([0, 0]), b.integers([4, 4]), b.integers([-2, 1])]
    b.operator("STRIDED_SLICE", [x, *cut], y)
    return b.build([x], [y])


def float_edges(b: TfliteBuilder) -> bytes:
    x, q = b.tensor([1, 4], type="FLOAT32", name="x"), b.tensor([1, 4], 0.1)
    b.operator("QUANTIZE", [x], q)
    b.operator("DEQUANTIZE", [q], y := b.tensor([1, 4], type="FLOAT32"))
    return b.build([x], [y])


def overflowing(b: TfliteBuilder) -> bytes:
    x, y = b.tensor([1, 4], 1000.0), b.tensor([1, 4], 1e-4)
    b.operator("QUANTIZE", [x], y)
    return b.build([x], [y])


def wide_softmax(b: TfliteBuilder) -> bytes:
    x, y = b.tensor([1, 512], 0.1), b.tensor([1, 512], 1 / 256, -128)
    b.operator("SOFTMAX", [x], y, Beta=1.0)
    return b.build([x], [y])


@pytest.mark.parametrize("name", SUPPORTED)
@pytest.mark.parametrize("inputs", [0, 1, 2, 11])
@pytest.mark.parametrize("outputs", [1, 2])
def test_any_number_of_tensors(name: str, inputs: int, outputs: int) -> None:
    b = TfliteBuilder()
    x, *y = (b.tensor([1, 1, 4, 4], 0.1) for _ in range(1 + outputs))
    b.operator(name, [x] * inputs, y)
    attempt(Case(b.build([x], y), (16,)))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (
            unknown_operator,
            ["HARD_SWISH, GELU", "ADD, AVERAGE_POOL_2D, CONCATENATION", "TANH"],
        ),
        (float_model, ["FLOAT32", "int8"]),
        (float_weights, ["'x' is FLOAT32", "representative dataset"]),
        (float_weights_inside, ["FULLY_CONNECTED (operator 0)", "FLOAT32"]),
        (float_inside, ["TANH (operator 0)", "FLOAT32"]),
        (loops, ["3 subgraphs", "WHILE"]),
        (older_type, ["'x' is UINT8", "int8 models made of ADD"]),
        (wider_inside, ["QUANTIZE (operator 0)", "INT16"]),
        (dynamic_time, ["known only at run time", "(-1, -1, 6)"]),
        (too_large, ["2097152"]),
        (two_images, ["CONV_2D", "(2, 1, 4, 1)"]),
        (broadcast, ["ADD", "(1, 3, 4) and (2,)"]),
        (chequered, ["ADD", "neighbouring axes"]),
        (scattered_slice, ["STRIDED_SLICE", "positive strides"]),
        (float_edges, ["'x' is FLOAT32", "inference_input_type", "tf.int8"]),
        (overflowing, ["QUANTIZE", "overflow"]),
        (wide_softmax, ["SOFTMAX", "512"]),
        (lambda b: layer(b, zero_point=200), ["FULLY_CONNECTED", "zero point 200"]),
        (lambda b: layer(b, weights_zero_point=3), ["zero point other than 0"]),
        (lambda b: layer(b, bias_scale=3.0), ["bias"]),
        (lambda b: layer(b, output=3), ["(1, 4) to (1, 3)"]),
        (lambda b: layer(b, fused=4), ["fused activation 4"]),
        (lambda b: layer(b, output_scale=1e-9), ["scale 9.99"]),
    ],
)
def test_the_cause_is_named(make: Callable[[TfliteBuilder], bytes], words: list[str]) -> None:
    with pytest.raises(UserError) as error:
        compile_model(make(TfliteBuilder()))
    for word in words:
        assert word in str(error.value)


def test_not_a_model() -> None:
    with pytest.raises(UserError, match="not a TensorFlow Lite model"):
        compile_model(b"PK\x03\x04 a zip file")
