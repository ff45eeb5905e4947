"""The table of operators: each becomes kernel calls and views, or a UserError that names it."""

from collections.abc import Callable

from tinygesture.export.compiler import (
    depthwise,
    elementwise,
    matrix,
    movement,
    pooling,
    reduction,
)
from tinygesture.export.compiler.fusion import compose
from tinygesture.export.compiler.graph import Graph
from tinygesture.export.compiler.operands import SUPPORTED, Operands, unsupported
from tinygesture.export.compiler.steps import Step

LOWERINGS: dict[str, Callable[[Operands], list[Step]]] = {
    "ADD": elementwise.add,
    "AVERAGE_POOL_2D": pooling.average_pool_2d,
    "CONCATENATION": movement.concatenation,
    "CONV_2D": matrix.conv_2d,
    "DEPTHWISE_CONV_2D": depthwise.depthwise_conv_2d,
    "EXPAND_DIMS": movement.reshape,
    "FULLY_CONNECTED": matrix.fully_connected,
    "LOGISTIC": elementwise.logistic,
    "MAX_POOL_2D": pooling.max_pool_2d,
    "MEAN": reduction.mean,
    "MUL": elementwise.mul,
    "PAD": movement.pad,
    "PADV2": movement.pad,
    "QUANTIZE": elementwise.quantize,
    "REDUCE_MAX": pooling.reduce_max,
    "RELU": elementwise.relu,
    "RELU6": elementwise.relu6,
    "RESHAPE": movement.reshape,
    "SOFTMAX": reduction.softmax,
    "SPLIT": movement.split,
    "SQUEEZE": movement.reshape,
    "STRIDED_SLICE": movement.strided_slice,
    "SUB": elementwise.sub,
    "TANH": elementwise.tanh,
}
assert tuple(LOWERINGS) == SUPPORTED


def lower(graph: Graph) -> list[Step]:
    """The steps of a model in the order of its operators."""
    unknown = [operator for operator in graph.operators if operator.name not in LOWERINGS]
    if unknown:
        names = ", ".join(dict.fromkeys(operator.name for operator in unknown))
        raise unsupported(f"it uses {names}")
    steps = [
        step
        for operator in graph.operators
        for step in LOWERINGS[operator.name](Operands(graph, operator))
    ]
    return compose(steps, graph.outputs)
