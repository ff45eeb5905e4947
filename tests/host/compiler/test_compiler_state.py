"""State: names, checks, and sequences with carried bytes, on models of shared recordings too."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from harness import HostProgram, run_tflm, vectors

from tflite_builder import TfliteBuilder
from tinygesture.errors import UserError
from tinygesture.export.compiler import CompiledModel, compile_model

Build = Callable[[Sequence[CompiledModel]], HostProgram]


def shared_model(name: str) -> bytes:
    data = os.environ.get("TINYGESTURE_DATA")
    path = Path(data or "").parent / "models" / name
    if data is None or not path.is_file():
        pytest.skip(f"{name} is not beside the recordings that TINYGESTURE_DATA names")
    return path.read_bytes()


def accumulator(
    h_scale: float = 0.25, next_scale: float = 0.25, zero_point: int = 5
) -> tuple[bytes, TfliteBuilder]:
    """next = h + x; y = next requantised."""
    b = TfliteBuilder()
    x = b.tensor([1, 4], 0.25, name="serving_default_x:0")
    h = b.tensor([1, 4], h_scale, zero_point, name="serving_default_h:0")
    following = b.tensor([1, 4], next_scale, zero_point, name="StatefulPartitionedCall:1")
    y = b.tensor([1, 4], 0.5, name="StatefulPartitionedCall:0")
    b.operator("ADD", [h, x], following)
    b.operator("QUANTIZE", [following], y)
    signature = ({"x": x, "h": h}, {"probabilities": y, "state": following})
    return b.build([x, h], [y, following], signature), b


@pytest.mark.parametrize(
    "state",
    [
        {"h": "state"},
        {"serving_default_h:0": "StatefulPartitionedCall:1"},
        {"h": "StatefulPartitionedCall:1"},
    ],
)
def test_names_of_signature_and_tensors(state: dict[str, str], host_program: Build) -> None:
    model, _ = accumulator()
    compiled = compile_model(model, state)
    assert compiled.state_bytes == 4
    # two steps of 1.0 from the quantised real 0
    steps = np.full((2, 1, 4), 4, np.int8)
    assert host_program([compiled]).run(0, steps).tolist() == [[2] * 4, [4] * 4]


@pytest.mark.parametrize(
    ("state", "words"),
    [({"g": "state"}, "no input 'g'"), ({"h": "states"}, "no output 'states'")],
)
def test_unknown_names(state: dict[str, str], words: str) -> None:
    model, _ = accumulator()
    with pytest.raises(UserError, match=words):
        compile_model(model, state)


def test_state_of_two_quantisations() -> None:
    model, _ = accumulator(next_scale=0.26)
    with pytest.raises(UserError, match="differ in shape, scale or zero point"):
        compile_model(model, {"h": "state"})


def test_state_that_is_passed_through() -> None:
    b = TfliteBuilder()
    x, h, y = b.tensor([1, 4], 0.1), b.tensor([1, 4], 0.1, name="h"), b.tensor([1, 4], 0.1)
    b.operator("ADD", [x, h], y)
    with pytest.raises(UserError, match="new value of its state 'h' is not computed"):
        compile_model(b.build([x, h], [y, h]), {"h": "h"})


def test_output_that_shows_the_old_state(host_program: Build) -> None:
    b = TfliteBuilder()
    x, h = b.tensor([1, 4], 0.1, name="x"), b.tensor([4], 0.1, name="h")
    shown, following = b.tensor([1, 4], 0.1, name="y"), b.tensor([4], 0.1, name="next")
    b.operator("RESHAPE", [h, b.integers([1, 4])], shown)
    b.operator("ADD", [h, x], following)
    compiled = compile_model(b.build([x, h], [shown, following]), {"h": "next"})
    steps = np.full((3, 1, 4), 1, np.int8)
    assert host_program([compiled]).run(0, steps)[:, 0].tolist() == [0, 1, 2]


def test_inputs_and_a_state_that_nothing_reads(host_program: Build) -> None:
    b = TfliteBuilder()
    x, unread = b.tensor([1, 4], 0.1, name="x"), b.tensor([1, 3], 0.1, name="unread")
    h, following, y = (
        b.tensor([4], 0.1, name="h"),
        b.tensor([4], 0.1, name="next"),
        b.tensor([4], 0.1),
    )
    b.operator("ADD", [x, x], y)
    b.operator("QUANTIZE", [y], following)
    compiled = compile_model(b.build([x, unread, h], [y, following]), {"h": "next"})
    steps = np.full((2, 7), 3, np.int8)
    assert host_program([compiled]).run(0, steps).tolist() == [[6] * 4] * 2


def test_names_that_would_end_a_comment_elsewhere(host_program: Build) -> None:
    b = TfliteBuilder()
    x = b.tensor([1, 4], 0.1)
    halves = [b.tensor([1, 2], 0.1, name=name) for name in ("one ??/", "other */ \\")]
    b.operator("SPLIT", [b.integers(1), x], halves, NumSplits=2)
    steps = np.arange(4, dtype=np.int8)[None]
    compiled = compile_model(b.build([x], halves))
    assert host_program([compiled]).run(0, steps).tolist() == [[0, 1, 2, 3]]


@pytest.mark.parametrize("shown", ["itself", "twice", "a view", "a constant", "read on"])
def test_outputs_that_are_something_else(shown: str, host_program: Build) -> None:
    pytest.importorskip("tflite_micro", reason="TensorFlow Lite Micro has no wheel here")
    b = TfliteBuilder()
    x, y = b.tensor([1, 4], 0.1), b.tensor([1, 4], 0.2, 1)
    b.operator("RELU", [x], y)
    other = {"itself": x, "twice": y}.get(shown, -1)
    if shown == "a constant":
        other = b.tensor([3], 0.3, data=[5, -7, 1])
    elif other < 0:
        b.operator("RESHAPE", [y, b.integers([4])], other := b.tensor([4], 0.2, 1))
        if shown == "read on":
            b.operator("ADD", [x, other], z := b.tensor([1, 4], 0.2))
            other = z
    model = b.build([x], [y, other])
    inputs = vectors(np.random.default_rng(0), (1, 4), 20)
    expected = run_tflm(model, inputs)
    np.testing.assert_array_equal(host_program([compile_model(model)]).run(0, inputs), expected)


def test_gru_step_as_a_sequence(host_program: Build) -> None:
    pytest.importorskip("tflite_micro", reason="TensorFlow Lite Micro has no wheel here")
    model = shared_model("gru_step_int8.tflite")
    state = {"h": "output_1"}
    compiled = compile_model(model, state)
    assert (compiled.macs, compiled.state_bytes) == (2644, 20)
    rng = np.random.default_rng(0)
    smooth = np.cumsum(rng.normal(0, 6, (3000, 1, 24)), axis=0) % 255 - 128
    inputs = np.concatenate([vectors(rng, (1, 24), 1000), smooth.astype(np.int8)])
    outputs = host_program([compiled]).run(0, inputs)
    np.testing.assert_array_equal(outputs, run_tflm(model, inputs, state))


def test_conv1d_windows(host_program: Build) -> None:
    pytest.importorskip("tflite_micro", reason="TensorFlow Lite Micro has no wheel here")
    model = shared_model("conv1d_int8.tflite")
    compiled = compile_model(model)
    assert compiled.macs == 41_264
    inputs = vectors(np.random.default_rng(0), (1, 119, 6), 300)
    outputs = host_program([compiled]).run(0, inputs)
    np.testing.assert_array_equal(outputs, run_tflm(model, inputs))
