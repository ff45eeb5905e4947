"""Compiles an int8 TensorFlow Lite model to C++ for the kernels of firmware/lib/kernels.

    graph.py       the file as dataclasses
    lowering.py    operators -> kernel calls and views (matrix, elementwise, reduction, movement)
    pairs.py       short formulas for two int8 inputs, proven on every pair
    packing.py     weights as the fast matrix kernels take them
    arithmetic.py  multipliers, shifts and tables as TensorFlow Lite Micro computes them
    streaming.py   only what is new in a window that moves on
    fusion.py      element-wise kernels as one loop
    memory.py      a place for every tensor
    emit.py        C++
    chaining.py    pairs of element-wise kernels as one, for plans
    plan.py        the same as one blob that the firmware takes over the link

The generated code is bit-exact with TensorFlow Lite Micro.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tinygesture.errors import UserError
from tinygesture.export.compiler.chaining import chain
from tinygesture.export.compiler.emit import emit
from tinygesture.export.compiler.fusion import fuse
from tinygesture.export.compiler.graph import Graph, parse, without_unread
from tinygesture.export.compiler.lowering import lower
from tinygesture.export.compiler.memory import Ports
from tinygesture.export.compiler.memory import plan as plan_memory
from tinygesture.export.compiler.operands import unsupported
from tinygesture.export.compiler.plan import Plan
from tinygesture.export.compiler.steps import Kernel, Loop, Step, View
from tinygesture.export.compiler.streaming import stream

__all__ = ["CompiledModel", "compile_model"]


@dataclass(frozen=True)
class CompiledModel:
    header: str  # compiled_model.h
    source: str  # compiled_model.cpp
    input_sizes: tuple[int, ...]  # bytes of each of invoke's inputs
    output_sizes: tuple[int, ...]
    operators: list[str]  # in the order in which they run
    streaming: bool  # a call computes only what is new after a hop, from fewer samples
    macs: int  # multiply-accumulates of one call
    layer_macs: list[int]  # of each commented call in invoke(); their sum is `macs`
    window_macs: int  # of a call that computes its whole window
    arena_bytes: int
    state_bytes: int
    weight_bytes: int  # weights, biases and constant operands
    table_bytes: int  # tables of functions, and factors
    plan: Plan = field(compare=False, repr=False)


def compile_model(
    model: bytes, state: Mapping[str, str] | None = None, hop: int | None = None
) -> CompiledModel:
    """Compile the bytes of a .tflite file.

    `state` maps the name of an input to the name of the output whose bytes it gets in the next
    call; it starts as the quantised real 0. Names are those of the model's signature or of its
    tensors. What is left are the inputs and outputs of each call, all int8.

    `hop`: the input is a window of samples (1, window, channels) that moves on by `hop` samples
    from call to call. Then a model that can be streamed, and carries no state, computes only what
    is new: its input is the latest samples, and its output counts from the first full window on.

    Raises UserError for a damaged file, an operator, type or shape that is not supported, or a
    state that does not fit.
    """
    graph = without_unread(parse(model))
    ports = _ports(graph, state or {})
    steps = lower(graph)
    window_macs, window = _macs(steps), graph.tensors[ports.inputs[0]]
    one_input = len(ports.inputs) == 1 and not ports.states
    streamed = stream(graph, ports.inputs[0], hop) if hop and one_input else None
    if streamed is not None:
        graph = streamed.graph
        steps = [*lower(graph), *streamed.views]
    kept = streamed.kept if streamed else ()
    fused = fuse(steps, graph.outputs)
    chained = chain(steps, graph.outputs)
    memory = plan_memory(graph, fused, ports, kept)
    calls = [step for step in fused if not isinstance(step, View)]
    weight_bytes, table_bytes = _flash(calls)
    weight_bytes += sum(graph.tensors[index].size for index in memory.constants)
    hop_size = hop * window.shape[-1] if hop and streamed else 0
    header, source = emit(graph, calls, memory, ports, weight_bytes, window.size, hop_size)
    return CompiledModel(
        header,
        source,
        tuple(graph.tensors[index].size for index in ports.inputs),
        tuple(graph.tensors[index].size for index in ports.outputs),
        [operator.name for operator in graph.operators],
        streamed is not None,
        _macs(steps),
        [call.macs for call in calls],
        window_macs,
        memory.arena_bytes,
        sum(graph.tensors[index].size for index in memory.states),
        weight_bytes,
        table_bytes,
        Plan(graph, tuple(_kernels(chained)), plan_memory(graph, chained, ports, kept), ports),
    )


def _flash(calls: list[Kernel | Loop]) -> tuple[int, int]:
    """Bytes of weights with biases, and of tables and factors; equal arrays are stored once."""
    arrays = {
        (constant.type, constant.values.tobytes()): constant
        for call in calls
        for constant in call.constants
    }
    weights = tables = 0
    for constant in arrays.values():
        size = constant.values.size * (1 if constant.type in ("int8_t", "uint8_t") else 4)
        if constant.name in ("Weights", "Bias"):
            weights += size
        else:
            tables += size
    return weights, tables


def _kernels(steps: list[Step]) -> list[Kernel]:
    return [step for step in steps if isinstance(step, Kernel)]


def _macs(steps: list[Step]) -> int:
    return sum(kernel.macs for kernel in _kernels(steps))


def _ports(graph: Graph, state: Mapping[str, str]) -> Ports:
    states = tuple(
        (
            _named(graph.input_names, name, "input"),
            _named(graph.output_names, output, "output"),
        )
        for name, output in state.items()
    )
    for (name, output_name), pair in zip(state.items(), states, strict=True):
        first, second = (graph.tensors[index] for index in pair)
        if (first.shape, first.scales, first.zero_points) != (
            second.shape,
            second.scales,
            second.zero_points,
        ):
            raise UserError(
                f"The state {name!r} cannot be carried on from the output {output_name!r}: they "
                f"differ in shape, scale or zero point ({first.shape} {first.scales} "
                f"{first.zero_points} and {second.shape} {second.scales} {second.zero_points}); "
                "pin both to one quantisation in the export."
            )
    inputs = tuple(index for index in graph.inputs if index not in (pair[0] for pair in states))
    outputs = tuple(index for index in graph.outputs if index not in (pair[1] for pair in states))
    if not inputs or not outputs:
        raise unsupported(
            f"besides its state it has {len(inputs)} inputs and {len(outputs)} outputs"
        )
    for index in (*inputs, *outputs, *(index for pair in states for index in pair)):
        tensor = graph.tensors[index]
        if tensor.type == "FLOAT32":
            raise unsupported(
                f"its tensor {tensor.name!r} is FLOAT32, so convert it with a representative "
                "dataset and with inference_input_type and inference_output_type = tf.int8"
            )
        if tensor.type != "INT8" or len(tensor.scales) != 1:
            raise unsupported(f"its tensor {tensor.name!r} is {tensor.type}, not quantised int8")
    return Ports(inputs, outputs, states)


def _named(names: Mapping[str, int], name: str, kind: str) -> int:
    if name not in names:
        raise UserError(
            f"The model has no {kind} {name!r}: its {kind}s are {', '.join(sorted(names))}."
        )
    return names[name]
