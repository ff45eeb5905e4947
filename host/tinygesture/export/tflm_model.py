"""tflm_model.h: the operators, tensors and memory of a model in TensorFlow Lite Micro."""

from collections.abc import Mapping
from typing import Any

import jinja2

from tinygesture.export.compiler.graph import Graph
from tinygesture.export.tflm_library import OPERATORS, scratch_bytes

ALIGNMENT = 16  # bytes: of the arena and of everything in it


def board_arena_bytes(graph: Graph, measured: int) -> int:
    """The arena to reserve on a board, in bytes.

    measured: the smallest that works on the host, in steps of ALIGNMENT. There a pointer has 8
    bytes, on the board 4, and every structure that the interpreter keeps in the arena (tensors,
    nodes, operator data, scratch handles) consists of pointers and of integers that are no longer
    on the board. So what the host needs is enough, and the pointers that shrink are the margin.
    What only the board's kernels ask for is added, and one ALIGNMENT for each such request.
    """
    requests = sum(operator.name == "CONV_2D" for operator in graph.operators)
    needed = measured + scratch_bytes(graph) + requests * ALIGNMENT
    return -(-needed // ALIGNMENT) * ALIGNMENT


def tflm_model(graph: Graph, state: Mapping[str, str], name: str, arena_bytes: int) -> str:
    """The C++ header. graph: a model of tflm_library.OPERATORS; state: input -> output, by name."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("tinygesture.export"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    operators = dict.fromkeys(OPERATORS[operator.name][0] for operator in graph.operators)
    return environment.get_template("tflm_model.h.j2").render(
        name=name,
        arena_bytes=arena_bytes,
        operators=list(operators),
        samples=_port(graph, graph.inputs, graph.input_names["x"]),
        probabilities=_port(graph, graph.outputs, graph.output_names["probabilities"]),
        states=[_state(graph, input, output) for input, output in state.items()],
    )


def _port(graph: Graph, ports: tuple[int, ...], index: int) -> dict[str, Any]:
    return {"place": ports.index(index), "bytes": graph.tensors[index].size}


def _state(graph: Graph, input: str, output: str) -> dict[str, Any]:
    index = graph.input_names[input]
    return {
        "input": graph.inputs.index(index),
        "output": graph.outputs.index(graph.output_names[output]),
        "bytes": graph.tensors[index].size,
        "zero": graph.tensors[index].zero_points[0],
    }
