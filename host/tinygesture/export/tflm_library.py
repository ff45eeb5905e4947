"""What the TensorFlow Lite Micro of the boards computes rightly: exactly as the arbiter does.

platformio.ini pins the library, the Arduino one of 2023, which is older than the converter. It
looks at no operator's version: what it does not know it computes wrongly, without a word. So every
model is held against this list, which was read out of the sources of that commit
(micro_mutable_op_resolver.h, kernels/, kernels/cmsis_nn/, kernels/internal/reference/).
"""

import math
from collections.abc import Callable, Iterator

import numpy as np

from tinygesture.export.compiler.arithmetic import Factor, quantise_factor, scaled
from tinygesture.export.compiler.graph import Graph, Operator, Tensor

COMMIT = "7948b85e020470a30a83bf00e10fc43b486bfcba"

# Operator -> the resolver's function, and the highest version whose features the kernel has.
OPERATORS: dict[str, tuple[str, int]] = {
    "ADD": ("AddAdd", 2),
    "CONV_2D": ("AddConv2D", 3),
    "EXPAND_DIMS": ("AddExpandDims", 1),
    "FULLY_CONNECTED": ("AddFullyConnected", 4),
    "LOGISTIC": ("AddLogistic", 2),
    "MEAN": ("AddMean", 2),  # with the kernel of firmware/lib/tflm/mean.cpp
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


def _conv_2d(graph: Graph, operator: Operator) -> str | None:
    has_bias = len(operator.inputs) == 3 and operator.inputs[2] >= 0
    return None if has_bias else "CONV_2D has no bias, which it reads all the same"


def _fully_connected(graph: Graph, operator: Operator) -> str | None:
    if len(graph.tensors[operator.inputs[1]].scales) != 1:
        return "FULLY_CONNECTED has a scale per output, and it knows one for all of them"
    if len(graph.tensors[operator.outputs[0]].shape) != 2:
        return "FULLY_CONNECTED has more than a row of outputs, which it computes in another way"
    return None


def _sub(graph: Graph, operator: Operator) -> str | None:
    """It has the factors in single precision. Where they differ, every pair is compared."""
    a, b = (graph.tensors[index] for index in operator.inputs)
    output = graph.tensors[operator.outputs[0]]
    twice = 2 * max(a.scales[0], b.scales[0])
    reals = [(a.scales[0], twice), (b.scales[0], twice), (twice, 2**20 * output.scales[0])]
    exact = [quantise_factor(real / unit) for real, unit in reals]
    single = [quantise_factor(float(np.float32(real) / np.float32(unit))) for real, unit in reals]
    if exact == single:
        return None
    pairs = [_differences(a, b, output, factors) for factors in (exact, single)]
    differ = sum(left != right for left, right in zip(*pairs, strict=True))
    return f"SUB would round {differ:,} of the possible pairs differently" if differ else None


def _differences(a: Tensor, b: Tensor, output: Tensor, factors: list[Factor]) -> Iterator[int]:
    """What SUB gives for every pair of values that a and b can have."""
    of_a, of_b = (
        [scaled((value - tensor.zero_points[0]) * 2**20, factor) for value in _values(tensor)]
        for tensor, factor in zip((a, b), factors[:2], strict=True)
    )
    for first in of_a:
        for second in of_b:
            result = scaled(first - second, factors[2]) + output.zero_points[0]
            yield max(-128, min(result, 127))


def _values(tensor: Tensor) -> list[int]:
    return list(range(-128, 128)) if tensor.data is None else np.unique(tensor.data).tolist()


_CHECKS: dict[str, Callable[[Graph, Operator], str | None]] = {
    "CONV_2D": _conv_2d,
    "FULLY_CONNECTED": _fully_connected,
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
