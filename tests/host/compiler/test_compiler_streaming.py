"""Streaming: whatever the convolutions, a call per hop gives what whole windows give."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest
from harness import HostProgram, Int8, run_tflm
from random_models import Rng, int8, scale, zero_point
from test_compiler_state import shared_model

from tflite_builder import SAME, VALID, TfliteBuilder
from tinygesture.export.compiler import CompiledModel, compile_model

Build = Callable[[Sequence[CompiledModel]], HostProgram]

HOPS = 25  # after the first window


def calls(model: CompiledModel, signal: Int8, window: int, hop: int) -> Int8:
    """The calls that the firmware's stepper makes: (calls, samples, channels) of a signal (n,
    channels), and before its first sample anything."""
    size = int(model.header.split("kInputSize = ")[1].split(";")[0])
    samples = size // signal.shape[1]
    anything = np.random.default_rng(1).integers(-128, 128, (hop, signal.shape[1]))
    padded = np.concatenate([anything.astype(np.int8), signal])
    first = samples - (samples - window) % hop
    return np.array([padded[end + hop - samples : end + hop] for end in _ends(first, signal, hop)])


def windows(signal: Int8, window: int, hop: int) -> Int8:
    return np.array([signal[end - window : end] for end in _ends(window, signal, hop)])


def _ends(first: int, signal: Int8, hop: int) -> range:
    return range(first, len(signal) + 1, hop)


@dataclass(frozen=True)
class Layer:
    kernel: int
    stride: int
    dilation: int = 1
    padding: int = VALID
    channels: int = 4

    @property
    def reach(self) -> int:
        return (self.kernel - 1) * self.dilation + 1

    def rows(self, rows: int) -> int:
        if self.padding == SAME:
            return -(-rows // self.stride)
        return (rows - self.reach) // self.stride + 1


@dataclass(frozen=True)
class Stack:
    """Convolutions over (window, channels), and a head over what is left of the time."""

    window: int
    hop: int
    layers: tuple[Layer, ...]
    channels: int = 6

    def macs(self, hop: int) -> int:
        """Of the convolutions when each computes hop / strides rows; hop 0: the whole window."""
        rows, depth, macs = self.window, self.channels, 0
        for layer in self.layers:
            rows, hop = layer.rows(rows), hop // layer.stride
            macs += (hop or rows) * layer.kernel * depth * layer.channels
            depth = layer.channels
        return macs


@dataclass(frozen=True)
class Shown:
    """A tensor of the model that is built: (1, rows, depth), or an image of these."""

    tensor: int
    rows: int
    depth: int
    image: bool


def build(stack: Stack, seed: int, model_output: bool = False) -> bytes:
    """The stack with random weights; model_output: the last convolution is the output."""
    rng, b = np.random.default_rng(seed), TfliteBuilder()
    upright = bool(rng.random() < 0.3)  # time is the images' height

    def image(rows: int, depth: int) -> list[int]:
        return [1, rows, 1, depth] if upright else [1, 1, rows, depth]

    def reshaped(shown: Shown, image_wanted: bool) -> Shown:
        if shown.image == image_wanted:
            return shown
        like, rows, depth = b.tensors[shown.tensor], shown.rows, shown.depth
        shape, second = [1, rows, depth], [b.integers([1, rows, depth])]
        name = "RESHAPE"
        if image_wanted:
            shape, second = image(rows, depth), [b.integers(image(rows, depth))]
            if len(like.shape) == 3 and rng.random() < 0.5:
                name, second = "EXPAND_DIMS", [b.integers(2 if upright else 1)]
        elif min(rows, depth) > 1 and rng.random() < 0.5:
            name, shape, second = "SQUEEZE", [rows, depth], []
        tensor = b.tensor(shape, like.scales, like.zero_points[0])
        b.operator(name, [shown.tensor, *second], tensor)
        return Shown(tensor, rows, depth, image_wanted)

    def quantised_anew(shown: Shown) -> Shown:
        like = b.tensors[shown.tensor]
        x_scale = float(np.float32(like.scales[0] * rng.uniform(0.5, 2)))
        tensor = b.tensor(like.shape, x_scale, zero_point(rng))
        b.operator("QUANTIZE", [shown.tensor], tensor)
        return replace(shown, tensor=tensor)

    x = b.tensor([1, stack.window, stack.channels], scale(rng), zero_point(rng))
    shown = Shown(x, stack.window, stack.channels, image=False)
    for layer in stack.layers:
        if rng.random() < 0.5:
            shown = reshaped(shown, image_wanted=False)
        if rng.random() < 0.3:
            shown = quantised_anew(shown)
        source = reshaped(shown, image_wanted=True)
        rows = layer.rows(source.rows)
        kernel = [layer.kernel, 1] if upright else [1, layer.kernel]
        weights_shape = [layer.channels, *kernel, source.depth]
        weight_scales = [scale(rng, -8, -6) for _ in range(layer.channels)]
        source_scale = b.tensors[source.tensor].scales[0]
        bias = rng.integers(-(2**10), 2**10, layer.channels)
        typical = source_scale * max(weight_scales) * np.sqrt(layer.kernel * source.depth) * 40
        y = b.tensor(image(rows, layer.channels), float(np.float32(typical)), zero_point(rng))
        b.operator(
            "CONV_2D",
            [
                source.tensor,
                b.tensor(weights_shape, weight_scales, data=int8(rng, weights_shape)),
                b.tensor(
                    [layer.channels],
                    [float(np.float32(source_scale * weight)) for weight in weight_scales],
                    type="INT32",
                    data=bias,
                ),
            ],
            y,
            Padding=layer.padding,
            StrideH=layer.stride if upright else 1,
            StrideW=1 if upright else layer.stride,
            DilationHFactor=layer.dilation if upright else 1,
            DilationWFactor=1 if upright else layer.dilation,
        )
        shown = Shown(y, rows, layer.channels, image=True)
    if model_output:
        return b.build([x], [shown.tensor])
    head = reshaped(shown, image_wanted=bool(rng.random() < 0.5))
    last = b.tensors[head.tensor]
    if rng.random() < 0.5:
        axes = [1, 2] if head.image else [len(last.shape) - 2]
        kept = [size for axis, size in enumerate(last.shape) if axis not in axes]
        y = b.tensor(kept, last.scales, last.zero_points[0])
        b.operator("MEAN", [head.tensor, b.integers(axes)], y, KeepDims=False)
    else:
        weights = [5, head.rows * head.depth]
        flat = b.tensor([1, weights[1]], last.scales, last.zero_points[0])
        b.operator("RESHAPE", [head.tensor, b.integers([1, weights[1]])], flat)
        y = b.tensor([1, 5], float(np.float32(last.scales[0] * 20)), 3)
        kernel_scale = [float(np.float32(0.01))]
        parameters = b.tensor(weights, kernel_scale, data=int8(rng, weights))
        b.operator("FULLY_CONNECTED", [flat, parameters], y)
    return b.build([x], [y])


def random_stack(rng: Rng) -> Stack:
    """One that streams: every stride divides the hop, and something is kept."""
    while True:
        layers = []
        for _ in range(int(rng.integers(1, 5))):
            kernel, dilation = int(rng.integers(1, 6)), int(rng.integers(1, 3))
            reach = (kernel - 1) * dilation + 1
            stride = int(rng.integers(1, min(reach, 3) + 1))
            channels = int(rng.integers(1, 8))
            layers.append(Layer(kernel, stride, dilation, channels=channels))
        strides = int(np.prod([layer.stride for layer in layers]))
        hop = strides * int(rng.integers(1, 4))
        window = int(rng.integers(hop + 1, 120))
        rows = window
        for layer in layers:
            rows = layer.rows(rows)
        if rows > hop // strides:
            return Stack(window, hop, tuple(layers), channels=int(rng.choice([1, 3, 6])))


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
    stacks = [random_stack(np.random.default_rng(seed)) for seed in range(60)]
    models = [build(stack, seed) for seed, stack in enumerate(stacks)]
    for stack, model in zip(stacks, models, strict=True):
        compiled, whole = compile_model(model, hop=stack.hop), compile_model(model)
        assert compiled.streaming and not whole.streaming
        assert compiled.window_macs == whole.window_macs == whole.macs
        saved = stack.macs(0) - stack.macs(stack.hop)
        assert compiled.window_macs - compiled.macs == saved > 0
    check(stacks, models, host_program)


def test_what_follows_a_layer_that_cannot_be_streamed_sees_all_its_rows(
    host_program: Build,
) -> None:
    stacks = [
        Stack(60, 4, (Layer(5, 2), Layer(3, 1, padding=SAME), Layer(3, 2))),
        Stack(60, 6, (Layer(4, 3), Layer(3, 3), Layer(2, 1))),  # 3 does not divide 2
        Stack(62, 4, (Layer(5, 2), Layer(1, 2), Layer(2, 1))),  # gaps between filters
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
    compiled = compile_model(model, hop=stack.hop)
    assert compiled == compile_model(model)
    assert not compiled.streaming and compiled.macs == compiled.window_macs


def test_rows_that_are_shown_or_read_twice_are_computed_whole() -> None:
    stack = Stack(30, 2, (Layer(3, 2), Layer(3, 1)))
    compiled = compile_model(build(stack, 0, model_output=True), hop=stack.hop)
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
    assert (compiled.arena_bytes, compiled.state_bytes) == (21, 320)
    layers = (Layer(5, 2, channels=8), Layer(5, 2, channels=16), Layer(3, 2, channels=16))
    check([Stack(119, 8, layers)], [model], host_program)
