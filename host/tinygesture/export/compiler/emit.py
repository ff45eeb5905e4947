"""From the plan to C++: compiled_model.h and compiled_model.cpp."""

import re
import textwrap
from collections.abc import Mapping
from typing import Any

import jinja2
import numpy as np
import numpy.typing as npt

from tinygesture.export.compiler import loops
from tinygesture.export.compiler.arithmetic import Factor
from tinygesture.export.compiler.graph import Graph, Tensor
from tinygesture.export.compiler.memory import Memory, Ports
from tinygesture.export.compiler.steps import Constant, Field, Kernel, Loop, Output

_WIDTH = 100
_CONTINUING = r"[\\?]"  # what carries a comment on to the next line, trigraphs too


def emit(
    graph: Graph,
    calls: list[Kernel | Loop],
    memory: Memory,
    ports: Ports,
    weight_bytes: int,
    window_size: int,
    hop_size: int,
) -> tuple[str, str]:
    """The texts of compiled_model.h and compiled_model.cpp.

    window_size: of the whole input; hop_size: what a streaming model takes to be new of it, or 0.
    """
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(__package__),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    inputs, outputs = _ports(graph, ports.input_buffers), _ports(graph, ports.output_buffers)
    parameters = ", ".join(
        [f"const int8_t* {port['name']}" for port in inputs]
        + [f"int8_t* {port['name']}" for port in outputs]
    )
    header = environment.get_template("compiled_model.h.j2").render(
        ports=inputs + outputs,
        declaration=_wrapped(f"void invoke({parameters});"),
        macs=sum(call.macs for call in calls),
        weight_bytes=weight_bytes,
        window_size=window_size if len(inputs) == 1 else 0,
        hop_size=hop_size,
        warm_up_calls=-((inputs[0]["size"] - window_size) // hop_size) if hop_size else 0,
        arena_bytes=memory.arena_bytes,
    )
    definitions = _Definitions()
    for index in memory.constants:
        definitions.add(_array(_constant(graph.tensors[index]), f"kConstant{index}"))
    source = environment.get_template("compiled_model.cpp.j2").render(
        calls=[_call(graph, call, definitions, memory) for call in calls],
        definitions=definitions.blocks,
        arena_bytes=memory.arena_bytes,
        definition=_wrapped(f"void invoke({_without_unread(parameters, memory)}) {{"),
        states=[_state(f"state{i}", graph.tensors[s]) for i, s in enumerate(memory.states)],
        moves=memory.moves,
    )
    return header, source


def _ports(graph: Graph, buffers: Mapping[str, int]) -> list[dict[str, Any]]:
    names = {
        tensor: name
        for given in (graph.input_names, graph.output_names)
        for name, tensor in given.items()
    }
    return [
        {
            "name": buffer,
            "constant": f"k{buffer.capitalize()}",
            "comment": _comment(buffer, names[index] if len(buffers) > 1 else "", tensor),
            "size": tensor.size,
            "scale": _float(tensor.scales[0]),
            "zero_point": tensor.zero_points[0],
        }
        for buffer, index in buffers.items()
        for tensor in [graph.tensors[index]]
    ]


def _comment(buffer: str, name: str, tensor: Tensor) -> str:
    text = (
        f"// {buffer:8}int8 ({', '.join(map(str, tensor.shape))}), scale {tensor.scales[0]:.9g}, "
        f"zero point {tensor.zero_points[0]}{name and ': '}{re.sub(_CONTINUING, '_', name)}"
    )
    return textwrap.fill(text, _WIDTH, subsequent_indent="//     ")


def _float(value: float) -> str:
    """0.5f, 1e-05f: a float32 in C++."""
    text = f"{value:.9g}"
    return f"{text}f" if "." in text or "e" in text else f"{text}.0f"


def _wrapped(code: str) -> str:
    return textwrap.fill(code, _WIDTH, subsequent_indent=" " * len("void invoke("))


def _without_unread(parameters: str, memory: Memory) -> str:
    """The parameters, without the names of those that nothing reads."""
    read = {location.buffer for location in memory.locations.values()}
    return re.sub(r"\binput\d*", lambda m: m[0] if m[0] in read else f"/* {m[0]} */", parameters)


def _state(name: str, tensor: Tensor) -> dict[str, Any]:
    zero_point = tensor.zero_points[0]
    return {"name": name, "size": tensor.size, "shape": tensor.shape, "zero_point": zero_point}


def _constant(tensor: Tensor) -> Constant:
    assert tensor.data is not None
    return Constant("Constant", "int8_t", tensor.data.ravel(), tensor.shape)


class _Definitions:
    """The constants before the functions; kernels are numbered as they come."""

    def __init__(self) -> None:
        self.blocks: list[str] = []
        self._kernels = 0
        self._arrays: dict[tuple[str, bytes], str] = {}

    def add(self, block: str) -> None:
        self.blocks.append(block)

    def parameters(self, kernel: Kernel) -> str:
        """The name of a kernel call's parameters, which follow their arrays."""
        arrays, names = self._new_arrays(kernel)
        name = f"k{kernel.struct}{self._kernels}"
        self._kernels += 1
        lines = [*arrays, f"constexpr kernels::{kernel.struct} {name} = {{"]
        for field, value in kernel.fields.items():
            lines.append(f"    {_field(value, names)},  // {field}")
        self.add("\n".join([*lines, "};"]))
        return name

    def table(self, lookup: Kernel) -> str:
        """The name of a lookup's table."""
        arrays, names = self._new_arrays(lookup)
        self._kernels += 1
        self.blocks += arrays
        return next(iter(names.values()))

    def _new_arrays(self, kernel: Kernel) -> tuple[list[str], dict[str, str]]:
        """Definitions of the kernel's arrays, and the name of each; equal ones are stored once."""
        texts, names = [], {}
        for constant in kernel.constants:
            content = constant.type, constant.values.tobytes()
            if content not in self._arrays:
                self._arrays[content] = f"k{constant.name}{self._kernels}"
                texts.append(_array(constant, self._arrays[content]))
            names[constant.name] = self._arrays[content]
        return texts, names


def _array(constant: Constant, name: str) -> str:
    """constexpr int8_t kWeights3[16 * 24] = {...};"""
    size = " * ".join(map(str, constant.shape)) or "1"
    start = f"constexpr {constant.type} {name}[{size}] = {{"
    values = ", ".join(_values(constant.values))
    if len(start + values) + 2 <= _WIDTH:
        return f"{start}{values}}};"
    indent = "    "
    lines = textwrap.fill(
        values, _WIDTH - 2, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )
    return f"{start}\n{lines}}};"


def _values(values: npt.NDArray[Any]) -> list[str]:
    if values.ndim == 2:
        return [f"{{{', '.join(map(_integer, row))}}}" for row in values.tolist()]
    return [_integer(value) for value in values.tolist()]


def _integer(value: int) -> str:
    # -2147483648 is, in C++, the negation of a number that int32_t cannot hold
    return "INT32_MIN" if value == np.iinfo(np.int32).min else str(value)


def _field(value: Field, names: Mapping[str, str]) -> str:
    match value:
        case None:
            return "nullptr"
        case bool():
            return "true" if value else "false"
        case int():
            return _integer(value)
        case Constant():
            return names[value.name]
        case Factor():
            return f"{{{value.multiplier}, {value.shift}}}"
        case Output():
            return f"{{{value.zero_point}, {value.minimum}, {value.maximum}}}"
        case tuple():
            return f"{{{', '.join(_field(part, names) for part in value)}}}"


def _call(
    graph: Graph, call: Kernel | Loop, definitions: _Definitions, memory: Memory
) -> dict[str, str]:
    if isinstance(call, Loop):
        names = {
            kernel.output: definitions.table(kernel)
            if kernel.function == "lookup"
            else definitions.parameters(kernel)
            for kernel in call.kernels
        }
        return {"comment": loops.title(call), "code": loops.code(call, names, memory.locations)}
    inputs = ", ".join(str(graph.tensors[tensor].shape) for tensor in call.inputs)
    places = [memory.locations[tensor] for tensor in (*call.inputs, *call.outputs)]
    if call.scratch:
        places.append(memory.scratch[call.output])
    arguments = ", ".join(map(str, places))
    return {
        "comment": f"{call.operator} {inputs} -> {graph.tensors[call.output].shape}",
        "code": f"  kernels::{call.function}({definitions.parameters(call)}, {arguments});",
    }
