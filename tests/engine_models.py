"""The models that the engine's performance is measured on: GRU step, Conv1D window, a small image.

The first two have the operators and scales of trained ones. All have seeded weights, so
that anybody can make them without TensorFlow and without recordings. The scales are not rounded:
which kernels are exact depends on them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tflite_builder import NONE, RELU, RELU6, SAME, VALID, TfliteBuilder


@dataclass(frozen=True)
class EngineModel:
    model: bytes  # .tflite
    state: dict[str, str]
    hop: int | None = None  # samples by which a window moves on


def gru_step() -> EngineModel:
    """24 values of four samples -> dense 16 -> GRU of 20 units -> dense 5 -> softmax."""
    b = _Builder(1)
    x, h = b.tensor([1, 24], 1 / 128, name="x"), b.tensor([1, 20], 1 / 128, name="h")

    recurrent = b.dense(h, 60, 0.00516786892, 0.0327002853, -33)
    parts = [b.slice(recurrent, begin, begin + 20) for begin in (0, 20, 40)]
    features = b.dense(x, 16, 0.00544128381, 0.00974722859, -128, RELU)
    gates = b.dense(features, 60, 0.00553973438, 0.02468279, 8)
    z_in, r_in, candidate_in = (b.like(parts[0], 0.02468279, 8) for _ in range(3))
    b.operator("SPLIT", [b.integers(-1), gates], [z_in, r_in, candidate_in], NumSplits=3)

    z = b.table("LOGISTIC", b.both("ADD", z_in, parts[0], 0.0451036431, -37), 1 / 256, -128)
    kept = b.both("MUL", z, h, 0.00781461224, -1)
    one = b.tensor([], 1 / 255, -128, data=127)
    new_share = b.both("SUB", one, z, 0.00749009801, -4, like=z)
    r = b.table("LOGISTIC", b.both("ADD", r_in, parts[1], 0.0355650038, -24), 1 / 256, -128)
    past = b.both("MUL", r, parts[2], 0.0168786254, 13)
    candidate = b.table("TANH", b.both("ADD", candidate_in, past, 0.0271545406, -12), 1 / 128, 0)
    new = b.both("MUL", new_share, candidate, 0.00741169788, -3)
    state = b.both("ADD", kept, new, 1 / 128, 0)

    y = b.softmax(b.dense(state, 5, 0.00684204046, 0.0430266745, -9))
    signature = ({"x": x, "h": h}, {"probabilities": y, "state": state})
    return EngineModel(b.build([x, h], [y, state], signature), {"h": "state"})


def conv1d() -> EngineModel:
    """A window of 119 samples -> 8, 16, 16 filters with stride 2 -> mean -> dense 5 -> softmax."""
    b = _Builder(2)
    x = b.tensor([1, 119, 6], 0.0100303525, -8, name="x")
    features = x
    layers = ((58, 8, 5, 0.0166133866), (27, 16, 5, 0.0451484062), (13, 16, 3, 0.130204752))
    for width, filters, taps, scale in layers:
        features = b.conv1d(features, width, filters, taps, 0.004, scale)
    mean = b.tensor([1, 16], 0.0472455733, -128)
    b.operator("MEAN", [features, b.integers(1)], mean, KeepDims=False)
    y = b.softmax(b.dense(mean, 5, 0.00831954554, 0.0926978439, 29))
    return EngineModel(b.build([x], [y], ({"x": x}, {"probabilities": y})), {})


def conv1d_hop() -> EngineModel:
    """The same window as it moves on by 8 samples."""
    return replace(conv1d(), hop=8)


def image() -> EngineModel:
    """A grey image of 32×32 pixels -> separable convolutions and pooling -> dense 2 -> softmax."""
    b = _Builder(3)
    x = b.tensor([1, 32, 32, 1], 0.00784313772, -1, name="x")
    y = b.image_layer("CONV_2D", x, (3, 3), 2, 8, 0.0235294122)
    y = b.image_layer("DEPTHWISE_CONV_2D", y, (3, 3), 1, 8, 0.0235294122)
    y = b.image_layer("CONV_2D", y, (1, 1), 1, 16, 0.0235294122)
    y = b.image_layer("MAX_POOL_2D", y, (2, 2), 2, 16, 0.0235294122)
    y = b.image_layer("DEPTHWISE_CONV_2D", y, (3, 3), 2, 16, 0.0235294122)
    y = b.image_layer("CONV_2D", y, (1, 1), 1, 32, 0.0235294122)
    y = b.image_layer("AVERAGE_POOL_2D", y, (4, 4), 4, 32, 0.0235294122)
    flat = b.tensor([1, 32], 0.0235294122, -128)
    b.operator("RESHAPE", [y, b.integers([-1, 32])], flat)
    y = b.softmax(b.dense(flat, 2, 0.00751328143, 0.0412387215, 5))
    return EngineModel(b.build([x], [y], ({"x": x}, {"probabilities": y})), {})


MODELS = {"gru_step": gru_step, "conv1d": conv1d, "conv1d_hop": conv1d_hop, "image": image}


class _Builder(TfliteBuilder):
    """Layers with seeded weights."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.rng = np.random.default_rng(seed)

    def like(self, tensor: int, scale: float, zero_point: int) -> int:
        return self.tensor(self.tensors[tensor].shape, scale, zero_point)

    def weights(
        self, shape: Sequence[int], input: int, scales: Sequence[float], axis: int = 0
    ) -> list[int]:
        """Weights of -127..127, and a bias for each channel, which `axis` counts."""
        values = np.clip(np.rint(self.rng.normal(0, 45, shape)), -127, 127)
        bias_scales = [self.tensors[input].scales[0] * scale for scale in scales]
        bias = self.rng.integers(-1500, 1500, shape[axis])
        return [
            self.tensor(shape, scales, data=values, axis=axis),
            self.tensor([shape[axis]], bias_scales, type="INT32", data=bias),
        ]

    def dense(
        self, x: int, units: int, weight_scale: float, scale: float, zero: int, relu: int = NONE
    ) -> int:
        parameters = self.weights([units, self.tensors[x].shape[-1]], x, [weight_scale])
        y = self.tensor([1, units], scale, zero)
        self.operator("FULLY_CONNECTED", [x, *parameters], y, FusedActivationFunction=relu)
        return y

    def conv1d(
        self, x: int, width: int, filters: int, taps: int, weight_scale: float, scale: float
    ) -> int:
        """Stride 2, one scale for each filter, RELU; as TensorFlow writes it, with height 1."""
        source = self.tensors[x]
        depth = source.shape[-1]
        tall = self.tensor([1, 1, *source.shape[1:]], source.scales, source.zero_points[0])
        self.operator("EXPAND_DIMS", [x, self.integers(-3)], tall)
        scales = (weight_scale * self.rng.uniform(0.8, 1.2, filters)).tolist()
        parameters = self.weights([filters, 1, taps, depth], x, scales)
        sums = self.tensor([1, 1, width, filters], scale, -128)
        self.operator(
            "CONV_2D", [tall, *parameters], sums, Padding=VALID, StrideH=1, StrideW=2,
            DilationHFactor=1, DilationWFactor=1, FusedActivationFunction=RELU,
        )  # fmt: skip
        y = self.tensor([1, width, filters], scale, -128)
        self.operator("RESHAPE", [sums, self.integers([-1, width, filters])], y)
        return y

    def image_layer(
        self, name: str, x: int, window: tuple[int, int], stride: int, channels: int, scale: float
    ) -> int:
        """SAME padding; a convolution with RELU6 and one scale for each filter."""
        _, height, width, depth = self.tensors[x].shape
        options = {"Padding": SAME, "StrideH": stride, "StrideW": stride}
        parameters = []
        if name.endswith("POOL_2D"):
            options |= {"FilterHeight": window[0], "FilterWidth": window[1]}
            options["FusedActivationFunction"] = NONE
        else:
            options |= {"DilationHFactor": 1, "DilationWFactor": 1}
            options["FusedActivationFunction"] = RELU6
            depthwise = name == "DEPTHWISE_CONV_2D"
            options |= {"DepthMultiplier": 1} if depthwise else {}
            shape = [1, *window, channels] if depthwise else [channels, *window, depth]
            scales = (0.01 * self.rng.uniform(0.8, 1.2, channels)).tolist()
            parameters = self.weights(shape, x, scales, 3 if depthwise else 0)
        y = self.tensor([1, height // stride, width // stride, channels], scale, -128)
        self.operator(name, [x, *parameters], y, **options)
        return y

    def slice(self, x: int, begin: int, end: int) -> int:
        source = self.tensors[x]
        y = self.tensor([1, end - begin], source.scales, source.zero_points[0])
        limits = [self.integers(values) for values in ([0, begin], [0, end], [1, 1])]
        self.operator("STRIDED_SLICE", [x, *limits], y, BeginMask=1, EndMask=1)
        return y

    def both(
        self, name: str, a: int, b: int, scale: float, zero: int, like: int | None = None
    ) -> int:
        y = self.like(a if like is None else like, scale, zero)
        self.operator(name, [a, b], y, FusedActivationFunction=NONE)
        return y

    def table(self, name: str, x: int, scale: float, zero: int) -> int:
        y = self.like(x, scale, zero)
        self.operator(name, [x], y)
        return y

    def softmax(self, x: int) -> int:
        y = self.like(x, 1 / 256, -128)
        self.operator("SOFTMAX", [x], y, Beta=1.0)
        return y
