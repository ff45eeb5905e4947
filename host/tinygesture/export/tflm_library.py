"""What the TensorFlow Lite Micro of the boards computes rightly: exactly as the arbiter does.

platformio.ini pins the library, the Arduino one of 2023, which is older than the converter. It
looks at no operator's version: what it does not know it computes wrongly, without a word. So every
model is held against this list, which was read out of the sources of that commit
(micro_mutable_op_resolver.h, kernels/, kernels/cmsis_nn/, kernels/internal/reference/).
"""

import math
from collections.abc import Callable, Iterator

import numpy as np

from tinygesture.export.compiler.arithmetic import Factor, mean_factor, quantise_factor, scaled
from tinygesture.export.compiler.graph import Graph, Operator, Tensor

COMMIT = "7948b85e020470a30a83bf00e10fc43b486bfcba"

# Operator -> the resolver's function, and the highest version whose features the kernel has.
OPERATORS: dict[str, tuple[str, int]] = {
    "ADD": ("AddAdd", 2),
    "CONV_2D": ("AddConv2D", 3),
    "EXPAND_DIMS": ("AddExpandDims", 1),
    "FULLY_CONNECTED": ("AddFullyConnected", 4),
    "LOGISTIC": ("AddLogistic", 2),
    "MEAN": ("AddMean", 2),
    "MUL": ("AddMul", 2),
    "QUANTIZE": ("AddQuantize", 1),
    "RESHAPE": ("AddReshape", 1),
    "SOFTMAX": ("AddSoftmax", 2),
    "SPLIT": ("AddSplit", 2),
    "STRIDED_SLICE": ("AddStridedSlice", 2),
    "SUB": ("AddSub", 2),
    "TANH": ("AddTanh", 2),
}


def why_not(graph: Graph) -> str | None:
    """Why the library would not compute this int8 model exactly; None where it does."""
    for operator in graph.operators:
        if operator.name not in OPERATORS:
            return f"{operator.name} is not on the list of operators that it computes exactly"
        highest = OPERATORS[operator.name][1]
        if operator.version > highest:
            return (
                f"{operator.name} has the version {operator.version}, and it computes versions "
                f"up to {highest} exactly"
            )
        check = _CHECKS.get(operator.name)
        if check and (reason := check(graph, operator)):
            return reason
    return None


def _fully_connected(graph: Graph, operator: Operator) -> str | None:
    if len(graph.tensors[operator.inputs[1]].scales) != 1:
        return "FULLY_CONNECTED has a scale per output, and it knows one for all of them"
    if len(graph.tensors[operator.outputs[0]].shape) != 2:
        return "FULLY_CONNECTED has more than a row of outputs, which it computes in another way"
    return None


def _mean(graph: Graph, operator: Operator) -> str | None:
    """It averages in float; the arbiter in integers. Every sum that can occur is compared."""
    input, output = graph.tensors[operator.inputs[0]], graph.tensors[operator.outputs[0]]
    count = input.size // output.size
    factor = mean_factor(quantise_factor(input.scales[0] / output.scales[0]), count)
    sums = range(-128 * count, 127 * count + 1)
    expected = [
        _int8(scaled(total - input.zero_points[0] * count, factor) + output.zero_points[0])
        for total in sums
    ]
    for computed in _library_means(input, output, count, np.array(sums)):
        if differ := int(np.sum(computed != expected)):
            return f"MEAN would round {differ:,} of {len(sums):,} possible sums differently"
    return None


def _library_means(
    input: Tensor, output: Tensor, count: int, sums: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> Iterator[np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """int64[sums], for either way in which a compiler may evaluate the formula."""
    if (input.scales, input.zero_points) == (output.scales, output.zero_points):
        yield np.trunc(sums / count).astype(np.int64)
        return
    scale = np.float32(input.scales[0]) / np.float32(output.scales[0])
    bias = np.float32(-input.zero_points[0]) * scale
    means = sums.astype(np.float32) / np.float32(count)
    rounded_twice = means * scale + bias
    fused = (means.astype(np.float64) * scale + bias).astype(np.float32)
    for value in (rounded_twice, fused):
        halves_away = np.trunc(value + np.copysign(np.float32(0.5), value)).astype(np.int64)
        yield np.clip(halves_away + output.zero_points[0], -128, 127)


def _sub(graph: Graph, operator: Operator) -> str | None:
    """It has the factors in single precision. Where they differ, every pair is compared."""
    tensors = [graph.tensors[index] for index in (*operator.inputs, *operator.outputs)]
    a, b, output = (tensor.scales[0] for tensor in tensors)
    twice = 2 * max(a, b)
    exact = [quantise_factor(real) for real in (a / twice, b / twice, twice / (2**20 * output))]
    single = [
        quantise_factor(float(np.float32(dividend) / np.float32(divisor)))
        for dividend, divisor in ((a, twice), (b, twice), (twice, 2**20 * output))
    ]
    if exact == single:
        return None
    zero_points = [tensor.zero_points[0] for tensor in tensors]
    differ = sum(
        left != right
        for left, right in zip(
            _differences(exact, zero_points), _differences(single, zero_points), strict=True
        )
    )
    return f"SUB would round {differ:,} of 65,536 possible pairs differently" if differ else None


def _differences(factors: list[Factor], zero_points: list[int]) -> Iterator[int]:
    """What SUB gives for every pair of int8 values."""
    terms = [
        [scaled((value - zero_point) * 2**20, factor) for value in range(-128, 128)]
        for factor, zero_point in zip(factors[:2], zero_points[:2], strict=True)
    ]
    for a in terms[0]:
        for b in terms[1]:
            yield _int8(scaled(a - b, factors[2]) + zero_points[2])


def _int8(value: int) -> int:
    return max(-128, min(value, 127))


_CHECKS: dict[str, Callable[[Graph, Operator], str | None]] = {
    "FULLY_CONNECTED": _fully_connected,
    "MEAN": _mean,
    "SUB": _sub,
}


def scratch_bytes(graph: Graph) -> int:
    """What CMSIS-NN's kernels, which the host's interpreter has not, ask of the arena besides.

    CONV_2D unrolls the inputs of two output positions as int16; SOFTMAX and FULLY_CONNECTED ask
    for nothing. The sum over all operators, though the planner may lay them over each other.
    """
    convolutions = [op for op in graph.operators if op.name == "CONV_2D"]
    patches = [math.prod(graph.tensors[op.inputs[1]].shape[1:]) for op in convolutions]
    return sum(2 * 2 * patch for patch in patches)
