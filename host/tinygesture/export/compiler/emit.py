"""From the plan to C++: compiled_model.h and compiled_model.cpp."""

import textwrap
from typing import Any

import jinja2
import numpy as np
import numpy.typing as npt

from tinygesture.export.compiler.arithmetic import Factor
from tinygesture.export.compiler.graph import Graph, Tensor
from tinygesture.export.compiler.memory import Memory, Ports
from tinygesture.export.compiler.steps import Constant, Field, Kernel, Output

_WIDTH = 100


def emit(
    graph: Graph,
    kernels: list[Kernel],
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
    names = [f"k{kernel.struct}{position}" for position, kernel in enumerate(kernels)]
    input, output = graph.tensors[ports.input], graph.tensors[ports.output]
    header = environment.get_template("compiled_model.h.j2").render(
        **_port("input", input),
        **_port("output", output),
        macs=sum(kernel.macs for kernel in kernels),
        weight_bytes=weight_bytes,
        window_size=window_size,
        hop_size=hop_size,
        arena_bytes=memory.arena_bytes,
    )
    definitions = [_array(_constant(graph.tensors[index]), index) for index in memory.constants]
    definitions += [_parameters(kernel, i, names[i]) for i, kernel in enumerate(kernels)]
    source = environment.get_template("compiled_model.cpp.j2").render(
        definitions=definitions,
        arena_bytes=memory.arena_bytes,
        states=[_state(f"state{i}", graph.tensors[s]) for i, s in enumerate(memory.states)],
        calls=[_call(graph, kernel, names[i], memory) for i, kernel in enumerate(kernels)],
        moves=memory.moves,
    )
    return header, source


def _port(name: str, tensor: Tensor) -> dict[str, Any]:
    return {
        f"{name}_shape": ", ".join(map(str, tensor.shape)),
        f"{name}_scale": f"{tensor.scales[0]:.9g}",
        f"{name}_zero_point": tensor.zero_points[0],
        f"{name}_size": tensor.size,
    }


def _state(name: str, tensor: Tensor) -> dict[str, Any]:
    zero_point = tensor.zero_points[0]
    return {"name": name, "size": tensor.size, "shape": tensor.shape, "zero_point": zero_point}


def _constant(tensor: Tensor) -> Constant:
    assert tensor.data is not None
    return Constant("Constant", "int8_t", tensor.data.ravel(), tensor.shape)


def _array(constant: Constant, position: int) -> str:
    """constexpr int8_t kWeights3[16 * 24] = {...};"""
    size = " * ".join(map(str, constant.shape)) or "1"
    start = f"constexpr {constant.type} k{constant.name}{position}[{size}] = {{"
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


def _parameters(kernel: Kernel, position: int, name: str) -> str:
    """The arrays of a kernel call and its parameter struct."""
    lines = [_array(constant, position) for constant in kernel.constants]
    lines.append(f"constexpr kernels::{kernel.struct} {name} = {{")
    for field, value in kernel.fields.items():
        text = _field(value, position)
        lines.append(f"    {text},  // {field}")
    return "\n".join([*lines, "};"])


def _field(value: Field, position: int) -> str:
    match value:
        case None:
            return "nullptr"
        case bool():
            return "true" if value else "false"
        case int():
            return _integer(value)
        case Constant():
            return f"k{value.name}{position}"
        case Factor():
            return f"{{{value.multiplier}, {value.shift}}}"
        case Output():
            return f"{{{value.zero_point}, {value.minimum}, {value.maximum}}}"
        case (step, zero_point, factor):
            return f"{{{step}, {zero_point}, {_field(factor, position)}}}"


def _call(graph: Graph, kernel: Kernel, name: str, memory: Memory) -> dict[str, str]:
    inputs = ", ".join(str(graph.tensors[tensor].shape) for tensor in kernel.inputs)
    arguments = ", ".join(str(memory.locations[t]) for t in (*kernel.inputs, kernel.output))
    return {
        "comment": f"{kernel.operator} {inputs} -> {graph.tensors[kernel.output].shape}",
        "code": f"kernels::{kernel.function}({name}, {arguments});",
    }
