"""Random models of one or a few operators, with quantisations and shapes at the edges."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import tflite

from tflite_builder import SAME, VALID, TfliteBuilder

Rng = np.random.Generator


@dataclass(frozen=True)
class Case:
    model: bytes
    input_shape: tuple[int, ...]
    state: dict[str, str] = field(default_factory=dict)  # of tensor names


def scale(rng: Rng, low: float = -9, high: float = 0) -> float:
    """A float32 scale of 2^low..2^high; now and then an exact power of two."""
    exponent = rng.uniform(low, high)
    return float(np.float32(2.0 ** (round(exponent) if rng.random() < 0.2 else exponent)))


def zero_point(rng: Rng) -> int:
    return int(rng.choice([-128, 0, 127, rng.integers(-128, 128)]))


def shape(rng: Rng, rank: int, largest: int = 6) -> list[int]:
    return [int(size) for size in rng.integers(1, largest + 1, rank)]


def activation(rng: Rng) -> int:
    return int(rng.integers(0, 4))


def int8(rng: Rng, size: list[int]) -> npt.NDArray[np.int64]:
    values = rng.integers(-128, 128, size)
    return np.where(rng.random(size) < 0.2, rng.choice([-128, 127]), values)


def weights(rng: Rng, size: list[int]) -> npt.NDArray[np.int64]:
    """Mostly without -128, as converters write them."""
    values = int8(rng, size)
    return values if rng.random() < 0.2 else np.maximum(values, -127)


def _layer_parameters(
    rng: Rng,
    b: TfliteBuilder,
    input_scale: float,
    weights_shape: list[int],
    per_channel: bool,
    axis: int = 0,
) -> tuple[list[int], float]:
    """Weights and perhaps a bias, and a typical scale of their sums; axis: of the channels."""
    channels = weights_shape[axis]
    scales = [scale(rng, -10, -4) for _ in range(channels if per_channel else 1)]
    inputs = [b.tensor(weights_shape, scales, data=weights(rng, weights_shape), axis=axis)]
    if rng.random() < 0.8:
        bias_scales = [float(np.float32(input_scale * weight)) for weight in scales]
        largest = 2 ** int(rng.choice([14, 14, 14, 22]))
        bias = rng.integers(-largest, largest, channels)
        inputs.append(b.tensor([channels], bias_scales, type="INT32", data=bias))
    typical = input_scale * max(scales) * np.sqrt(np.prod(weights_shape) / channels) * 40
    return inputs, float(typical)


def fully_connected(rng: Rng) -> Case:
    b = TfliteBuilder()
    rows, inputs, outputs = (int(rng.integers(1, n)) for n in (4, 40, 24))
    if rng.random() < 0.1:
        inputs = int(rng.integers(100, 300))
    x_scale = scale(rng)
    x = b.tensor([rows, inputs], x_scale, zero_point(rng))
    per_channel = bool(rng.random() < 0.5) and outputs > 1
    parameters, typical = _layer_parameters(rng, b, x_scale, [outputs, inputs], per_channel)
    y = b.tensor([rows, outputs], typical * scale(rng, -6, 4), zero_point(rng))
    b.operator("FULLY_CONNECTED", [x, *parameters], y, FusedActivationFunction=activation(rng))
    return Case(b.build([x], [y]), (rows, inputs))


def conv_2d(rng: Rng) -> Case:
    return _convolution(rng, "CONV_2D")


def depthwise_conv_2d(rng: Rng) -> Case:
    return _convolution(rng, "DEPTHWISE_CONV_2D")


def _convolution(rng: Rng, name: str) -> Case:
    b = TfliteBuilder()
    height = int(rng.choice([1, rng.integers(1, 8)]))
    width, depth, channels = (int(rng.integers(1, n)) for n in (24, 7, 9))
    if rng.random() < 0.25:  # whole words
        depth, channels = (int(n) for n in rng.choice([4, 8, 12, 16], 2))
    stride = [int(n) for n in rng.integers(1, 4, 2)]
    dilation = [int(n) for n in rng.integers(1, 3, 2)]
    padding = int(rng.choice([SAME, VALID]))
    window, out = [], []
    for size, step, spread in zip((height, width), stride, dilation, strict=True):
        largest = 5 if padding == SAME else min(5, (size - 1) // spread + 1)
        window.append(int(rng.integers(1, largest + 1)))
        reach = (window[-1] - 1) * spread + 1
        out.append(-(-size // step) if padding == SAME else (size - reach) // step + 1)
    x_scale = scale(rng)
    x = b.tensor([1, height, width, depth], x_scale, zero_point(rng))
    weights_shape, options, axis = [channels, *window, depth], {}, 0
    if name == "DEPTHWISE_CONV_2D":
        filters = int(rng.choice([1, 1, 2, 3]))
        channels = depth * filters
        weights_shape, options, axis = [1, *window, channels], {"DepthMultiplier": filters}, 3
    per_channel = bool(rng.random() < 0.8) and channels > 1
    parameters, typical = _layer_parameters(rng, b, x_scale, weights_shape, per_channel, axis)
    y = b.tensor([1, *out, channels], typical * scale(rng, -6, 4), zero_point(rng))
    b.operator(
        name,
        [x, *parameters],
        y,
        **options,
        Padding=padding,
        StrideH=stride[0],
        StrideW=stride[1],
        DilationHFactor=dilation[0],
        DilationWFactor=dilation[1],
        FusedActivationFunction=activation(rng),
    )
    return Case(b.build([x], [y]), (1, height, width, depth))


def reduction(name: str) -> Callable[[Rng], Case]:
    def case(rng: Rng) -> Case:
        b = TfliteBuilder()
        rank = int(rng.integers(2, 5))
        sizes = shape(rng, rank, (100, 100, 30, 20, 9)[rank])
        first = int(rng.integers(0, rank))
        last = int(rng.integers(first, rank))
        axes = [axis - rank if rng.random() < 0.3 else axis for axis in range(first, last + 1)]
        keep = bool(rng.random() < 0.5)
        kept = [1] * (last + 1 - first) if keep else []
        out = [*sizes[:first], *kept, *sizes[last + 1 :]]
        x_scale = scale(rng)
        x = b.tensor(sizes, x_scale, zero_point(rng))
        y = b.tensor(out, x_scale * scale(rng, -4, 4), zero_point(rng))
        if name == "REDUCE_MAX":
            y = b.tensor(out, x_scale, b.tensors[x].zero_points[0])
        b.operator(name, [x, b.integers(axes)], y, KeepDims=keep)
        return Case(b.build([x], [y]), tuple(sizes))

    return case


def softmax(rng: Rng) -> Case:
    b = TfliteBuilder()
    sizes = [*shape(rng, int(rng.integers(0, 3)), 3), int(rng.integers(1, 40))]
    x = b.tensor(sizes, scale(rng, -14, 4), zero_point(rng))
    y = b.tensor(sizes, 1 / 256, -128)
    b.operator("SOFTMAX", [x], y, Beta=float(rng.choice([1.0, 0.5, 3.0])))
    return Case(b.build([x], [y]), tuple(sizes))


def elementwise(name: str) -> Callable[[Rng], Case]:
    def case(rng: Rng) -> Case:
        b = TfliteBuilder()
        sizes = shape(rng, int(rng.integers(1, 4)))
        x_scale, other_scale = scale(rng), scale(rng, -14, 3)
        x = b.tensor(sizes, x_scale, zero_point(rng))
        form = rng.choice(["scalar", "one", "constant", "itself", "element"])
        other = x
        if form == "itself":
            other_scale = x_scale
        elif form == "element":  # one that is known only when it runs; moving bytes is scaling them
            first = [b.integers([value] * len(sizes)) for value in (0, 1, 1)]
            other = b.tensor([1] * len(sizes), other_scale, zero_point(rng))
            b.operator("STRIDED_SLICE", [x, *first], other)
        else:
            size = {"scalar": [], "one": [1] * len(sizes), "constant": sizes}[str(form)]
            other = b.tensor(size, other_scale, zero_point(rng), data=int8(rng, size))
        span = x_scale * other_scale * 100 if name == "MUL" else max(x_scale, other_scale)
        y = b.tensor(sizes, span * scale(rng, -5, 3), zero_point(rng))
        pair = [x, other] if rng.random() < 0.5 else [other, x]
        b.operator(name, pair, y, FusedActivationFunction=activation(rng))
        return Case(b.build([x], [y]), tuple(sizes))

    return case


def broadcast(name: str) -> Callable[[Rng], Case]:
    """Two inputs, or an input and a constant, of which each may repeat along some axes."""

    def case(rng: Rng) -> Case:
        b = TfliteBuilder()
        sizes = shape(rng, int(rng.integers(1, 5)), 5)
        first, rows, element = sorted(int(n) for n in rng.integers(0, len(sizes) + 1, 3))
        patterns = [rng.random() < 0.5 for _ in range(3)]
        operands = []
        for whole in (True, bool(rng.random() < 0.3)):
            kept = list(sizes)
            for repeats, axes in zip(
                patterns, ((first, rows), (rows, element), (element, len(sizes))), strict=True
            ):
                if repeats == whole and rng.random() < 0.9:
                    kept[axes[0] : axes[1]] = [1] * (axes[1] - axes[0])
            operands.append(kept)
        out = [max(pair) for pair in zip(*operands, strict=True)]
        scales = [scale(rng), scale(rng, -10, 2)]
        x = b.tensor(operands[0], scales[0], zero_point(rng))
        shorter = operands[1]
        while len(shorter) > 1 and shorter[0] == 1 and rng.random() < 0.7:
            shorter = shorter[1:]
        constant = int8(rng, shorter) if rng.random() < 0.5 else None
        other = b.tensor(shorter, scales[1], zero_point(rng), data=constant)
        span = scales[0] * scales[1] * 100 if name == "MUL" else max(scales)
        y = b.tensor(out, span * scale(rng, -5, 3), zero_point(rng))
        pair = [x, other] if rng.random() < 0.5 else [other, x]
        b.operator(name, pair, y, FusedActivationFunction=activation(rng))
        inputs = [x] if constant is not None else [x, other]
        size = sum(int(np.prod(b.tensors[i].shape)) for i in inputs)
        return Case(b.build(inputs, [y]), (size,))

    return case


def quantize(rng: Rng) -> Case:
    b = TfliteBuilder()
    sizes = shape(rng, int(rng.integers(1, 4)))
    x_scale = scale(rng)
    x = b.tensor(sizes, x_scale, zero_point(rng))
    ratio = 1.0 if rng.random() < 0.2 else scale(rng, -6, 6)
    y = b.tensor(sizes, x_scale * ratio, zero_point(rng))
    b.operator("QUANTIZE", [x], y)
    return Case(b.build([x], [y]), tuple(sizes))


def rectifier(name: str) -> Callable[[Rng], Case]:
    def case(rng: Rng) -> Case:
        b = TfliteBuilder()
        sizes = shape(rng, int(rng.integers(1, 4)))
        x_scale, x_zero_point = scale(rng, -7, 0), zero_point(rng)
        x = b.tensor(sizes, x_scale, x_zero_point)
        if name == "RELU6":
            y = b.tensor(sizes, x_scale, x_zero_point)
        else:
            y = b.tensor(sizes, x_scale * scale(rng, -3, 3), zero_point(rng))
        b.operator(name, [x], y)
        return Case(b.build([x], [y]), tuple(sizes))

    return case


def lookup(name: str, y_scale: float, y_zero_point: int) -> Callable[[Rng], Case]:
    def case(rng: Rng) -> Case:
        b = TfliteBuilder()
        sizes = shape(rng, int(rng.integers(1, 4)))
        x = b.tensor(sizes, scale(rng, -10, 2), zero_point(rng))
        y = b.tensor(sizes, y_scale, y_zero_point)
        b.operator(name, [x], y)
        return Case(b.build([x], [y]), tuple(sizes))

    return case


def strided_slice(rng: Rng) -> Case:
    """Any part along every axis, by strides; single elements may be shrunk away."""
    b = TfliteBuilder()
    rank = int(rng.integers(1, 5))
    sizes = shape(rng, rank)
    begins, ends, strides, out = [0] * rank, list(sizes), [1] * rank, []
    begin_mask = end_mask = shrink_mask = 0
    for axis, size in enumerate(sizes):
        start, stop = 0, size
        if rng.random() < 0.6:
            start = int(rng.integers(0, size))
            stop = int(rng.integers(start + 1, size + 1))
        if rng.random() < 0.3:
            strides[axis] = int(rng.integers(1, 4))
        begins[axis], ends[axis] = start, stop
        if start == 0 and rng.random() < 0.3:
            begin_mask |= 1 << axis
            begins[axis] = int(rng.integers(-9, 9))
        elif rng.random() < 0.3:
            begins[axis] = start - size
        if stop == size and rng.random() < 0.3:
            end_mask |= 1 << axis
            ends[axis] = int(rng.integers(-9, 9))
        elif stop < size and rng.random() < 0.3:
            ends[axis] = stop - size
        elif stop == size and rng.random() < 0.3:
            ends[axis] = size + 5
        if stop == start + 1 and not begin_mask >> axis & 1 and rng.random() < 0.3:
            shrink_mask |= 1 << axis
        else:
            out.append(-(-(stop - start) // strides[axis]))
    x = b.tensor(sizes, 0.5, 3)
    y = b.tensor(out, 0.5, 3)
    b.operator(
        "STRIDED_SLICE",
        [x, b.integers(begins), b.integers(ends), b.integers(strides)],
        y,
        BeginMask=begin_mask,
        EndMask=end_mask,
        ShrinkAxisMask=shrink_mask,
    )
    return Case(b.build([x], [y]), tuple(sizes))


def split_and_join(rng: Rng) -> Case:
    """SPLIT along one axis, CONCATENATION of the parts in another order, perhaps along another."""
    b = TfliteBuilder()
    rank = int(rng.integers(1, 5))
    sizes = shape(rng, rank, 4)
    axis, count = int(rng.integers(0, rank)), int(rng.integers(1, 5))
    sizes[axis] *= count
    part = list(sizes)
    part[axis] //= count
    x = b.tensor(sizes, 0.25, -7)
    parts = [b.tensor(part, 0.25, -7) for _ in range(count)]
    sign = rank if rng.random() < 0.3 else 0
    b.operator("SPLIT", [b.integers(axis - sign), x], parts, NumSplits=count)
    joined = int(rng.integers(0, rank))
    order = [parts[i] for i in rng.permutation(count)] + [parts[0]]
    out = list(part)
    out[joined] *= len(order)
    y = b.tensor(out, 0.25, -7)
    b.operator("CONCATENATION", order, y, Axis=joined - sign)
    return Case(b.build([x], [y]), tuple(sizes))


def pad(rng: Rng) -> Case:
    b = TfliteBuilder()
    rank = int(rng.integers(1, 6))
    sizes = shape(rng, rank, 4)
    around = rng.integers(0, 3, (rank, 2)) * (rng.random((rank, 1)) < 0.6)
    x_scale, zero = scale(rng), zero_point(rng)
    x = b.tensor(sizes, x_scale, zero)
    y = b.tensor([int(n) for n in np.array(sizes) + around.sum(1)], x_scale, zero)
    inputs = [x, b.tensor([rank, 2], type="INT32", data=around)]
    if rng.random() < 0.5:
        b.operator("PAD", inputs, y)
    else:
        inputs.append(b.tensor([1], x_scale, zero, data=int8(rng, [1])))
        b.operator("PADV2", inputs, y)
    return Case(b.build([x], [y]), tuple(sizes))


def pool(name: str) -> Callable[[Rng], Case]:
    def case(rng: Rng) -> Case:
        b = TfliteBuilder()
        sizes = [int(rng.integers(1, n)) for n in (9, 16, 10)]
        if whole := rng.random() < 0.15:  # a window of about 256 pixels
            sizes[:2] = [int(n) for n in rng.choice([16, 17], 2)]
        padding = int(rng.choice([SAME, VALID]))
        stride = [int(n) for n in rng.integers(1, 5, 2)]
        limit = sizes[:2] if padding == VALID else (8, 12)
        window = sizes[:2] if whole else [int(rng.integers(1, n + 1)) for n in limit]
        out = [
            -(-size // step) if padding == SAME else (size - reach) // step + 1
            for size, reach, step in zip(sizes, window, stride, strict=False)
        ]
        x_scale, zero = scale(rng), zero_point(rng)
        x = b.tensor([1, *sizes], x_scale, zero)
        y = b.tensor([1, *out, sizes[2]], x_scale, zero)
        b.operator(
            name,
            [x],
            y,
            Padding=padding,
            StrideH=stride[0],
            StrideW=stride[1],
            FilterHeight=window[0],
            FilterWidth=window[1],
            FusedActivationFunction=activation(rng),
        )
        return Case(b.build([x], [y]), (1, *sizes))

    return case


def reshaping(rng: Rng) -> Case:
    b = TfliteBuilder()
    sizes = [1, *shape(rng, 2)]
    x = b.tensor(sizes, 0.1, 5, signature=[-1, *sizes[1:]])
    expanded = b.tensor([1, *sizes], 0.1, 5)
    b.operator("EXPAND_DIMS", [x, b.integers(0)], expanded)
    if rng.random() < 0.5:
        flat = b.tensor([sizes[1] * sizes[2]], 0.1, 5)
        b.operator("RESHAPE", [expanded, b.integers([-1])], flat)
    else:  # the shape is computed, as Keras writes it
        flat = b.tensor([1, sizes[1] * sizes[2]], 0.1, 5)
        whole, first, computed = (b.tensor(n, type="INT32") for n in ([4], [], [2]))
        b.operator("SHAPE", [expanded], whole, OutType=tflite.TensorType.INT32)
        cut = [b.integers([0]), b.integers([1]), b.integers([1])]
        b.operator("STRIDED_SLICE", [whole, *cut], first, ShrinkAxisMask=1)
        rest = b.integers(sizes[1] * sizes[2])
        b.operator("PACK", [first, rest], computed, Axis=0, ValuesCount=2)
        b.operator("RESHAPE", [expanded, computed], flat)
    column = b.tensor([sizes[1] * sizes[2], 1], 0.1, 5)
    b.operator("RESHAPE", [flat, b.integers([-1, 1])], column)
    y = b.tensor([sizes[1] * sizes[2]], 0.1, 5)
    b.operator("SQUEEZE", [column], y)
    return Case(b.build([x], [y]), tuple(sizes))


IMAGE_LAYERS = [
    *("CONV_2D", "DEPTHWISE_CONV_2D", "MAX_POOL_2D", "AVERAGE_POOL_2D", "PAD", "STRIDED_SLICE"),
    *("CONCATENATION", "ADD", "MUL", "SUB", "RELU", "QUANTIZE", "TANH", "SPLIT"),
]
NETWORK = ["ADD", "SUB", "MUL", "TANH", "LOGISTIC", "QUANTIZE", "FC", "SWAP", "RESHAPE", "RELU"]


def network(rng: Rng) -> Case:
    """A random graph over vectors of one size, with two states: what memory planning must bear."""
    b = TfliteBuilder()
    size = int(rng.integers(1, 9)) * 2
    state_scale = scale(rng, -7, -4)
    x = b.tensor([1, size], scale(rng, -7, -4), zero_point(rng), name="x")
    states = [b.tensor([1, size], state_scale, 0, name=f"state{i}") for i in range(2)]
    pool = [x, *states]

    def fresh(
        like: int | None = None, y_scale: float | None = None, zero: int | None = None
    ) -> int:
        if like is not None:
            source = b.tensors[like]
            return b.tensor([1, size], source.scales[0], source.zero_points[0])
        chosen = scale(rng, -7, -3) if y_scale is None else y_scale
        return b.tensor([1, size], chosen, zero_point(rng) if zero is None else zero)

    def any_tensor() -> int:
        return int(rng.choice(pool[-6:] if rng.random() < 0.7 else pool))

    for _ in range(int(rng.integers(4, 20))):
        name = str(rng.choice(NETWORK))
        source = any_tensor()
        if name in ("ADD", "SUB", "MUL"):
            b.operator(name, [source, any_tensor()], y := fresh(), FusedActivationFunction=0)
            pool.append(y)
        elif name == "TANH":
            pool.append(fresh(y_scale=1 / 128, zero=0))
            b.operator(name, [source], pool[-1])
        elif name == "LOGISTIC":
            pool.append(fresh(y_scale=1 / 256, zero=-128))
            b.operator(name, [source], pool[-1])
        elif name in ("QUANTIZE", "RELU"):
            pool.append(fresh())
            b.operator(name, [source], pool[-1])
        elif name == "RESHAPE":  # the same bytes, perhaps of another meaning
            pool.append(fresh(like=source if rng.random() < 0.7 else None))
            b.operator(name, [source, b.integers([1, size])], pool[-1])
        elif name == "FC":
            parameters = [b.tensor([size, size], 0.01, data=weights(rng, [size, size]))]
            pool.append(fresh())
            b.operator("FULLY_CONNECTED", [source, *parameters], pool[-1])
        else:
            halves = []
            for _ in range(2):
                like = b.tensors[source]
                halves.append(b.tensor([1, size // 2], like.scales[0], like.zero_points[0]))
            b.operator("SPLIT", [b.integers(1), source], halves, NumSplits=2)
            pool.append(fresh(like=source))
            b.operator("CONCATENATION", halves[::-1], pool[-1], Axis=1)

    outputs = []
    for i, state in enumerate(states):  # every input is read, every new state computed
        y = b.tensor([1, size], state_scale, 0, name=f"next{i}")
        b.operator("ADD", [any_tensor(), state], y, FusedActivationFunction=0)
        outputs.append(y)
    last = b.tensor([1, size], scale(rng, -7, -3), zero_point(rng), name="y")
    b.operator("SUB", [any_tensor(), x], last, FusedActivationFunction=0)
    carried = {f"state{i}": f"next{i}" for i in range(2)}
    return Case(b.build([x, *states], [last, *outputs]), (1, size), carried)


def images(rng: Rng) -> Case:
    """A random graph of layers over images, with branches, and one or two inputs and outputs."""
    b = TfliteBuilder()
    x_scale, zero = scale(rng, -7, -4), zero_point(rng)
    size = [1, int(rng.integers(1, 10)), int(rng.integers(4, 20)), int(rng.integers(1, 6))]
    inputs = [b.tensor(size, x_scale, zero, name=f"x{i}") for i in range(rng.integers(1, 3))]
    pool = list(inputs)

    def like(source: int, sizes: Sequence[int]) -> int:
        tensor = b.tensors[source]
        return b.tensor(sizes, tensor.scales[0], tensor.zero_points[0])

    def fresh(sizes: Sequence[int], low: float = -6) -> int:
        return b.tensor(sizes, scale(rng, low, low + 4), zero_point(rng))

    for _ in range(int(rng.integers(3, 12))):
        source = int(rng.choice(pool[-4:]))
        sizes = list(b.tensors[source].shape)
        name = str(rng.choice(IMAGE_LAYERS))
        options: dict[str, int] = {}
        others: list[int] = []
        y = -1
        if name in ("CONV_2D", "DEPTHWISE_CONV_2D", "MAX_POOL_2D", "AVERAGE_POOL_2D"):
            options["Padding"] = int(rng.choice([SAME, VALID]))
            reach = [int(rng.integers(1, min(n, 4) + 1)) for n in sizes[1:3]]
            stride = [int(n) for n in rng.integers(1, 3, 2)]
            options |= {"StrideH": stride[0], "StrideW": stride[1]}
            options["FusedActivationFunction"] = activation(rng)
            out = [
                -(-n // step) if options["Padding"] == SAME else (n - over) // step + 1
                for n, over, step in zip(sizes[1:3], reach, stride, strict=True)
            ]
            if name.endswith("CONV_2D"):
                channels = int(rng.integers(1, 9))
                options |= {"DilationHFactor": 1, "DilationWFactor": 1}
                shape_of_weights, axis = [channels, *reach, sizes[3]], 0
                if name == "DEPTHWISE_CONV_2D":
                    options["DepthMultiplier"] = int(rng.integers(1, 3))
                    channels = sizes[3] * options["DepthMultiplier"]
                    shape_of_weights, axis = [1, *reach, channels], 3
                scales = [scale(rng, -10, -6) for _ in range(channels)]
                kernels = weights(rng, shape_of_weights)
                others = [b.tensor(shape_of_weights, scales, data=kernels, axis=axis)]
                y = fresh([1, *out, channels])
            else:
                options |= {"FilterHeight": reach[0], "FilterWidth": reach[1]}
                y = like(source, [1, *out, sizes[3]])
        elif name == "PAD":
            around = rng.integers(0, 3, (4, 2)) * [[0], [1], [1], [rng.random() < 0.3]]
            others = [b.tensor([4, 2], type="INT32", data=around)]
            y = like(source, [int(n) for n in np.array(sizes) + around.sum(1)])
        elif name == "STRIDED_SLICE":
            begins = [0, *(int(rng.integers(0, n)) for n in sizes[1:])]
            strides = [1, *(int(n) for n in rng.integers(1, 3, 3))]
            others = [b.integers(values) for values in (begins, sizes, strides)]
            options = {"BeginMask": 0, "EndMask": 0, "ShrinkAxisMask": 0}
            cut = zip(sizes, begins, strides, strict=True)
            y = like(source, [-(-(n - begin) // step) for n, begin, step in cut])
        elif name == "CONCATENATION":
            axis = int(rng.integers(1, 4))
            near = [t for t in pool if _joins(b, source, t, axis)]
            others = [int(rng.choice(near))]
            sizes[axis] += b.tensors[others[0]].shape[axis]
            options = {"Axis": axis}
            y = like(source, sizes)
        elif name in ("ADD", "MUL", "SUB"):
            same = [t for t in pool if list(b.tensors[t].shape) == sizes]
            row = b.tensor([sizes[3]], 0.02, zero_point(rng), data=int8(rng, [sizes[3]]))
            others = [int(rng.choice([*same, row]))]
            y = fresh(sizes)
        elif name in ("RELU", "QUANTIZE"):
            y = fresh(sizes, -7)
        elif name == "TANH":
            y = b.tensor(sizes, 1 / 128, 0)
        elif name == "SPLIT" and sizes[3] % 2 == 0:
            halves = [like(source, [*sizes[:3], sizes[3] // 2]) for _ in range(2)]
            b.operator(name, [b.integers(3), source], halves, NumSplits=2)
            pool += halves
        if y >= 0 and np.prod(b.tensors[y].shape) < 4000:
            b.operator(name, [source, *others], y, **options)
            pool.append(y)

    if len(inputs) == 2:  # both are read
        b.operator("ADD", inputs, seen := fresh(size))
        pool.insert(0, seen)
    last = pool[-1]
    depth = b.tensors[last].shape[3]
    mean = fresh([1, depth], -7)
    b.operator("MEAN", [last, b.integers([1, 2])], mean, KeepDims=False)
    dense = fresh([1, 5], -4)
    b.operator(
        "FULLY_CONNECTED", [mean, b.tensor([5, depth], 0.01, data=weights(rng, [5, depth]))], dense
    )
    y = b.tensor([1, 5], 1 / 256, -128)
    b.operator("SOFTMAX", [dense], y, Beta=1.0)
    outputs = [y]
    others = [tensor for tensor in pool if tensor not in inputs]
    if others and rng.random() < 0.5:
        outputs.append(int(rng.choice(others)))
    given = sum(int(np.prod(b.tensors[i].shape)) for i in inputs)
    return Case(b.build(inputs, outputs), (given,))


def _joins(b: TfliteBuilder, first: int, second: int, axis: int) -> bool:
    """Two tensors can be concatenated."""
    one, other = b.tensors[first], b.tensors[second]
    sizes = [list(tensor.shape[:axis]) + list(tensor.shape[axis + 1 :]) for tensor in (one, other)]
    quantised = (list(one.scales), one.zero_points) == (list(other.scales), other.zero_points)
    return sizes[0] == sizes[1] and quantised


GENERATORS: dict[str, Callable[[Rng], Case]] = {
    "FULLY_CONNECTED": fully_connected,
    "CONV_2D": conv_2d,
    "DEPTHWISE_CONV_2D": depthwise_conv_2d,
    "MEAN": reduction("MEAN"),
    "REDUCE_MAX": reduction("REDUCE_MAX"),
    "SOFTMAX": softmax,
    "ADD": elementwise("ADD"),
    "SUB": elementwise("SUB"),
    "MUL": elementwise("MUL"),
    "ADD of two shapes": broadcast("ADD"),
    "SUB of two shapes": broadcast("SUB"),
    "MUL of two shapes": broadcast("MUL"),
    "QUANTIZE": quantize,
    "RELU": rectifier("RELU"),
    "RELU6": rectifier("RELU6"),
    "LOGISTIC": lookup("LOGISTIC", 1 / 256, -128),
    "TANH": lookup("TANH", 1 / 128, 0),
    "STRIDED_SLICE": strided_slice,
    "SPLIT and CONCATENATION": split_and_join,
    "PAD": pad,
    "MAX_POOL_2D": pool("MAX_POOL_2D"),
    "AVERAGE_POOL_2D": pool("AVERAGE_POOL_2D"),
    "RESHAPE, EXPAND_DIMS and SQUEEZE": reshaping,
    "networks": network,
    "networks of images": images,
}
# TINYGESTURE_RANDOM_KINDS, if it is set, names the only ones to try, with semicolons between them.
if KINDS := os.environ.get("TINYGESTURE_RANDOM_KINDS", ""):
    GENERATORS = {name: GENERATORS[name] for name in KINDS.split(";")}
