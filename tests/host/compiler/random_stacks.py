"""Random models of convolutions and pooling over time, as streaming takes them."""

from dataclasses import dataclass, replace

import numpy as np
from random_models import Rng, int8, scale, zero_point

from tflite_builder import SAME, VALID, TfliteBuilder


@dataclass(frozen=True)
class Layer:
    kernel: int
    stride: int
    dilation: int = 1
    padding: int = VALID
    channels: int = 4
    pool: str = ""  # or AVERAGE_POOL_2D or MAX_POOL_2D, which keep the channels

    @property
    def reach(self) -> int:
        return (self.kernel - 1) * self.dilation + 1

    def rows(self, rows: int) -> int:
        if self.padding == SAME:
            return -(-rows // self.stride)
        return (rows - self.reach) // self.stride + 1


@dataclass(frozen=True)
class Stack:
    """Layers over (window, channels), and a head over what is left of the time."""

    window: int
    hop: int
    layers: tuple[Layer, ...]
    channels: int = 6

    def macs(self, hop: int) -> int:
        """Of the convolutions when each computes hop / strides rows; hop 0: the whole window."""
        rows, depth, macs = self.window, self.channels, 0
        for layer in self.layers:
            rows, hop = layer.rows(rows), hop // layer.stride
            if not layer.pool:
                macs += (hop or rows) * layer.kernel * depth * layer.channels
                depth = layer.channels
        return macs


def random_stack(rng: Rng) -> Stack:
    """One that streams: every stride divides the hop, and something is kept."""
    while True:
        layers = []
        for _ in range(int(rng.integers(1, 5))):
            pool = str(rng.choice(["", "", "AVERAGE_POOL_2D", "MAX_POOL_2D"]))
            kernel, dilation = int(rng.integers(1, 6)), 1 if pool else int(rng.integers(1, 3))
            reach = (kernel - 1) * dilation + 1
            stride = int(rng.integers(1, min(reach, 3) + 1))
            channels = int(rng.integers(1, 8))
            layers.append(Layer(kernel, stride, dilation, channels=channels, pool=pool))
        strides = int(np.prod([layer.stride for layer in layers]))
        hop = strides * int(rng.integers(1, 4))
        window = int(rng.integers(1, 140))
        rows = window
        for layer in layers:
            rows = layer.rows(rows)
        if rows > hop // strides:
            return Stack(window, hop, tuple(layers), channels=int(rng.choice([1, 3, 6])))


def build(stack: Stack, seed: int, with_head: bool = True) -> bytes:
    """The .tflite file, with random weights; without a head, the last layer is the output."""
    b = _Builder(np.random.default_rng(seed))
    x = b.tensor([1, stack.window, stack.channels], scale(b.rng), zero_point(b.rng))
    shown = _Shown(x, stack.window, stack.channels, image=False)
    for layer in stack.layers:
        if b.rng.random() < 0.5:
            shown = b.reshaped(shown, image=False)
        if b.rng.random() < 0.4:
            shown = b.row_by_row(shown)
        shown = b.reshaped(shown, image=True)
        shown = b.pooled(shown, layer) if layer.pool else b.convolved(shown, layer)
    return b.build([x], [b.head(shown) if with_head else shown.tensor])


@dataclass(frozen=True)
class _Shown:
    """A tensor of the model that is built: (1, rows, depth), or an image of these."""

    tensor: int
    rows: int
    depth: int
    image: bool


class _Builder(TfliteBuilder):
    def __init__(self, rng: Rng) -> None:
        super().__init__()
        self.rng = rng
        self.upright = bool(rng.random() < 0.3)  # time is the images' height

    def over_time(self, value: int) -> list[int]:
        """(height, width) of something that is `value` over time, and 1 over the other."""
        return [value, 1] if self.upright else [1, value]

    def reshaped(self, shown: _Shown, image: bool) -> _Shown:
        if shown.image == image:
            return shown
        like, rows, depth = self.tensors[shown.tensor], shown.rows, shown.depth
        name, shape = "RESHAPE", [1, rows, depth]
        if image:
            shape = [1, *self.over_time(rows), depth]
        second = [self.integers(shape)]
        if image and len(like.shape) == 3 and self.rng.random() < 0.5:
            name, second = "EXPAND_DIMS", [self.integers(2 if self.upright else 1)]
        elif not image and min(rows, depth) > 1 and self.rng.random() < 0.5:
            name, shape, second = "SQUEEZE", [rows, depth], []
        tensor = self.tensor(shape, like.scales, like.zero_points[0])
        self.operator(name, [shown.tensor, *second], tensor)
        return _Shown(tensor, rows, depth, image)

    def row_by_row(self, shown: _Shown) -> _Shown:
        like = self.tensors[shown.tensor]
        name = str(self.rng.choice(["LOGISTIC", "QUANTIZE", "RELU", "RELU6", "TANH"]))
        anew = float(np.float32(like.scales[0] * self.rng.uniform(0.5, 2))), zero_point(self.rng)
        prescribed = {
            "LOGISTIC": (1 / 256, -128),
            "RELU6": (like.scales[0], like.zero_points[0]),
            "TANH": (1 / 128, 0),
        }
        y_scale, zero = prescribed.get(name, anew)
        tensor = self.tensor(like.shape, y_scale, zero)
        self.operator(name, [shown.tensor], tensor)
        return replace(shown, tensor=tensor)

    def convolved(self, shown: _Shown, layer: Layer) -> _Shown:
        rows, x_scale = layer.rows(shown.rows), self.tensors[shown.tensor].scales[0]
        shape = [layer.channels, *self.over_time(layer.kernel), shown.depth]
        scales = [scale(self.rng, -8, -6) for _ in range(layer.channels)]
        weights = self.tensor(shape, scales, data=int8(self.rng, shape))
        bias_scales = [float(np.float32(x_scale * weight)) for weight in scales]
        values = self.rng.integers(-(2**10), 2**10, layer.channels)
        bias = self.tensor([layer.channels], bias_scales, type="INT32", data=values)
        typical = x_scale * max(scales) * np.sqrt(layer.kernel * shown.depth) * 40
        y = self.tensor(
            [1, *self.over_time(rows), layer.channels],
            float(np.float32(typical)),
            zero_point(self.rng),
        )
        strides, dilations = self.over_time(layer.stride), self.over_time(layer.dilation)
        self.operator(
            "CONV_2D",
            [shown.tensor, weights, bias],
            y,
            Padding=layer.padding,
            StrideH=strides[0],
            StrideW=strides[1],
            DilationHFactor=dilations[0],
            DilationWFactor=dilations[1],
        )
        return _Shown(y, rows, layer.channels, image=True)

    def pooled(self, shown: _Shown, layer: Layer) -> _Shown:
        like, rows = self.tensors[shown.tensor], layer.rows(shown.rows)
        shape = [1, *self.over_time(rows), shown.depth]
        y = self.tensor(shape, like.scales, like.zero_points[0])
        kernel, strides = self.over_time(layer.kernel), self.over_time(layer.stride)
        self.operator(
            layer.pool,
            [shown.tensor],
            y,
            Padding=layer.padding,
            FilterHeight=kernel[0],
            FilterWidth=kernel[1],
            StrideH=strides[0],
            StrideW=strides[1],
        )
        return _Shown(y, rows, shown.depth, image=True)

    def head(self, shown: _Shown) -> int:
        """MEAN over time, or FULLY_CONNECTED over all rows."""
        shown = self.reshaped(shown, image=bool(self.rng.random() < 0.5))
        like, size = self.tensors[shown.tensor], shown.rows * shown.depth
        if self.rng.random() < 0.5:
            axes = [1, 2] if shown.image else [len(like.shape) - 2]
            kept = [n for axis, n in enumerate(like.shape) if axis not in axes]
            y = self.tensor(kept, like.scales, like.zero_points[0])
            self.operator("MEAN", [shown.tensor, self.integers(axes)], y, KeepDims=False)
            return y
        flat = self.tensor([1, size], like.scales, like.zero_points[0])
        self.operator("RESHAPE", [shown.tensor, self.integers([1, size])], flat)
        weights = self.tensor([5, size], 1 / 128, data=int8(self.rng, [5, size]))
        y = self.tensor([1, 5], float(np.float32(like.scales[0] * 20)), 3)
        self.operator("FULLY_CONNECTED", [flat, weights], y)
        return y
