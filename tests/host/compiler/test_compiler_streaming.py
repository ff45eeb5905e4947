"""Streaming: whatever the convolutions, a call per hop gives what whole windows give."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from harness import HostProgram, Int8, run_tflm
from random_stacks import Layer, Stack, build, random_stack
from test_compiler_state import shared_model

from tflite_builder import SAME, VALID, TfliteBuilder
from tinygesture.export.compiler import CompiledModel, compile_model

Build = Callable[[Sequence[CompiledModel]], HostProgram]

HOPS = 25  # after the first window


def calls(model: CompiledModel, signal: Int8, window: int, hop: int) -> Int8:
    """The calls that the firmware's stepper makes: (calls, samples, channels) of a signal (n,
    channels), and before its first sample anything."""
    samples = model.input_sizes[0] // signal.shape[1]
    anything = np.random.default_rng(1).integers(-128, 128, (hop, signal.shape[1]))
    padded = np.concatenate([anything.astype(np.int8), signal])
    first = samples - (samples - window) % hop
    return np.array([padded[end + hop - samples : end + hop] for end in _ends(first, signal, hop)])


def windows(signal: Int8, window: int, hop: int) -> Int8:
    return np.array([signal[end - window : end] for end in _ends(window, signal, hop)])


def _ends(first: int, signal: Int8, hop: int) -> range:
    return range(first, len(signal) + 1, hop)


def check(stacks: Sequence[Stack], models: Sequence[bytes], host_program: Build) -> None:
    """Signals of random counts and of extremes, compiled for hops and as whole windows."""
    pytest.importorskip("tflite_micro", reason="TensorFlow Lite Micro has no wheel here")
    compiled = [
        compile_model(model, hop=stack.hop) for stack, model in zip(stacks, models, strict=True)
    ]
    program = host_program(compiled)
    for i, (stack, model) in enumerate(zip(stacks, models, strict=True)):
        rng = np.random.default_rng(i)
        samples = stack.window + HOPS * stack.hop
        signal = rng.integers(-128, 128, (samples, stack.channels)).astype(np.int8)
        held = rng.integers(0, samples, 4)
        for start in held:
            signal[start : start + stack.window // 2] = rng.choice([-128, 127])
        expected = run_tflm(model, windows(signal, stack.window, stack.hop))
        outputs = program.run(i, calls(compiled[i], signal, stack.window, stack.hop))
        np.testing.assert_array_equal(outputs[-len(expected) :], expected, f"{stack}")
        assert len(expected) == HOPS + 1


def test_random_stacks(host_program: Build) -> None:
    stacks = [random_stack(np.random.default_rng(seed)) for seed in range(40)]
    models = [build(stack, seed) for seed, stack in enumerate(stacks)]
    for stack, model in zip(stacks, models, strict=True):
        compiled, whole = compile_model(model, hop=stack.hop), compile_model(model)
        assert compiled.streaming and not whole.streaming
        assert compiled.window_macs == whole.window_macs == whole.macs
        saved = stack.macs(0) - stack.macs(stack.hop)
        assert compiled.window_macs - compiled.macs == saved
    check(stacks, models, host_program)


def test_calls_that_begin_with_a_full_input(host_program: Build) -> None:
    """As whoever keeps no account of windows calls it: what counts is said by the header."""
    pytest.importorskip("tflite_micro", reason="TensorFlow Lite Micro has no wheel here")
    stacks = [random_stack(np.random.default_rng(seed)) for seed in range(100, 106)]
    models = [build(stack, seed) for seed, stack in enumerate(stacks)]
    compiled = [compile_model(m, hop=s.hop) for s, m in zip(stacks, models, strict=True)]
    program = host_program(compiled)
    for i, (stack, model) in enumerate(zip(stacks, models, strict=True)):
        samples = compiled[i].input_sizes[0] // stack.channels
        warm_up = int(compiled[i].header.split("kWarmUpCalls = ")[1].split(";")[0])
        ends = range(samples, stack.window + 10 * stack.hop, stack.hop)
        assert ends[warm_up - 1] < stack.window <= ends[warm_up]
        rng = np.random.default_rng(i)
        signal = rng.integers(-128, 128, (ends[-1], stack.channels)).astype(np.int8)
        outputs = program.run(i, np.array([signal[end - samples : end] for end in ends]))
        seen = np.array([signal[end - stack.window : end] for end in ends[warm_up:]])
        np.testing.assert_array_equal(outputs[warm_up:], run_tflm(model, seen), f"{stack}")


def test_what_follows_a_layer_that_cannot_be_streamed_sees_all_its_rows(
    host_program: Build,
) -> None:
    stacks = [
        Stack(60, 4, (Layer(5, 2), Layer(3, 1, padding=SAME), Layer(3, 2))),
        Stack(60, 6, (Layer(4, 3), Layer(3, 3), Layer(2, 1))),  # 3 does not divide 2
        Stack(62, 4, (Layer(5, 2), Layer(1, 2), Layer(2, 1))),  # gaps between filters
        Stack(60, 4, (Layer(5, 2), Layer(2, 2, padding=SAME, pool="MAX_POOL_2D"), Layer(3, 1))),
        Stack(41, 12, (Layer(3, 2), Layer(9, 2), Layer(4, 2), Layer(2, 1))),  # few rows left
    ]
    models = [build(stack, seed) for seed, stack in enumerate(stacks)]
    for stack, model in zip(stacks, models, strict=True):
        compiled = compile_model(model, hop=stack.hop)
        assert compiled.streaming and compiled.macs > compiled.window_macs - stack.macs(0)
        first = Stack(stack.window, stack.hop, stack.layers[:1])
        assert compiled.window_macs - compiled.macs >= first.macs(0) - first.macs(stack.hop)
    check(stacks, models, host_program)


@pytest.mark.parametrize(
    "stack",
    [
        Stack(60, 4, (Layer(5, 2, padding=SAME), Layer(3, 2))),
        Stack(60, 4, (Layer(5, 3), Layer(3, 2))),
        Stack(59, 4, (Layer(1, 2),)),  # filters with gaps between them
        Stack(12, 8, (Layer(7, 2),)),  # of 3 rows 4 would be new
        Stack(16, 16, (Layer(2, 2),)),
        Stack(16, 32, (Layer(2, 2),)),
    ],
)
def test_a_model_that_cannot_be_streamed_sees_whole_windows(stack: Stack) -> None:
    model = build(stack, seed=0)
    compiled, whole = compile_model(model, hop=stack.hop), compile_model(model)
    assert (compiled.header, compiled.source) == (whole.header, whole.source)
    assert not compiled.streaming and compiled.macs == compiled.window_macs


def test_rows_that_are_shown_or_read_twice_are_computed_whole() -> None:
    stack = Stack(30, 2, (Layer(3, 2), Layer(3, 1)))
    compiled = compile_model(build(stack, 0, with_head=False), hop=stack.hop)
    first = Stack(30, 2, stack.layers[:1])
    assert compiled.window_macs - compiled.macs == first.macs(0) - first.macs(2)

    b = TfliteBuilder()
    x = b.tensor([1, 30, 6], 0.1)
    twice, flat = b.tensor([1, 30, 6], 0.1), b.tensor([1, 180], 0.1)
    b.operator("ADD", [x, x], twice)
    b.operator("RESHAPE", [twice, b.integers([1, 180])], flat)
    assert not compile_model(b.build([x], [flat]), hop=2).streaming


def test_a_model_that_carries_state_sees_whole_windows() -> None:
    """Windows before the first full one would change its state."""
    b = TfliteBuilder()
    x, h = b.tensor([1, 1, 30, 6], 0.1), b.tensor([1, 4], 0.1, name="h")
    rows, average = b.tensor([1, 1, 14, 4], 0.1), b.tensor([1, 4], 0.1)
    following, y = b.tensor([1, 4], 0.1, name="next"), b.tensor([1, 4], 0.1)
    weights = b.tensor([4, 1, 3, 6], 0.1, data=np.ones(72))
    strides = {"StrideH": 1, "StrideW": 2, "DilationHFactor": 1, "DilationWFactor": 1}
    b.operator("CONV_2D", [x, weights], rows, Padding=VALID, **strides)
    b.operator("MEAN", [rows, b.integers([1, 2])], average, KeepDims=False)
    b.operator("ADD", [average, h], following)
    b.operator("ADD", [following, average], y)
    model = b.build([x, h], [y, following])
    assert not compile_model(model, {"h": "next"}, hop=2).streaming


def test_a_trained_model(host_program: Build) -> None:
    model = shared_model("conv1d_int8.tflite")
    compiled = compile_model(model, hop=8)
    assert (compiled.macs, compiled.window_macs) == (3088, 41_264)
    assert compiled.state_bytes == (4 + 4) * 8 + (1 + 2) * 16 + 13 * 16  # rows kept and new
    assert compiled.arena_bytes < compile_model(model).arena_bytes / 4
    layers = (Layer(5, 2, channels=8), Layer(5, 2, channels=16), Layer(3, 2, channels=16))
    check([Stack(119, 8, layers)], [model], host_program)
