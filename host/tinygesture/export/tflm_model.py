"""tflm_model.h: the operators, tensors and memory of a model in TensorFlow Lite Micro."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jinja2

from tinygesture.export.compiler.graph import Graph, parse
from tinygesture.export.tflm_library import COMMIT, OPERATORS, scratch_bytes, why_not

ALIGNMENT = 16  # bytes: of the arena and of everything in it


@dataclass(frozen=True)
class TflmModel:
    """header: tflm_model.h, or None where the boards' library does not compute the model exactly,
    for a `reason`. arena_bytes: to reserve on a board."""

    header: str | None
    reason: str | None
    arena_bytes: int

    def manifest(self) -> dict[str, Any]:
        """What the bundle's manifest says of it."""
        return {
            "fits": self.reason is None,
            "reason": self.reason,
            "arena_bytes": self.arena_bytes,
            "library": COMMIT,
        }


def tflm_model(model: bytes, state: Mapping[str, str], name: str, measured: int) -> TflmModel:
    """The model for the engine tflm. state: input -> output, by name; measured: see below."""
    graph = parse(model)
    arena_bytes = board_arena_bytes(graph, measured)
    reason = why_not(graph)
    header = tflm_header(graph, state, name, arena_bytes) if reason is None else None
    return TflmModel(header, reason, arena_bytes)


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


def tflm_header(graph: Graph, state: Mapping[str, str], name: str, arena_bytes: int) -> str:
    """The C++. graph: a model of tflm_library.OPERATORS; state: input -> output, by name."""
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
