"""A loop of element-wise kernels in C++: one value after the other, no tensors between them."""

from collections import Counter
from collections.abc import Mapping

from tinygesture.export.compiler.memory import Location
from tinygesture.export.compiler.steps import Kernel, Loop

_WIDTH = 100


def title(loop: Loop) -> str:
    """What it computes: "2 ADD, LOGISTIC and MUL of 20 elements"."""
    counts = Counter(kernel.operator for kernel in loop.kernels)
    *names, last = (name if n == 1 else f"{n} {name}" for name, n in counts.items())
    listed = f"{', '.join(names)} and {last}" if names else last
    return f"{listed} of {loop.size} elements"


def code(loop: Loop, names: Mapping[int, str], locations: Mapping[int, Location]) -> str:
    """The loop, indented as a body of a function.

    `names`, by the kernels' outputs, are those of their parameters or, of lookups, their tables.
    """
    values = {tensor: _element(locations[tensor]) for tensor in loop.inputs}
    lines = [f"  for (int32_t i = 0; i < {loop.size}; ++i) {{"]
    for number, kernel in enumerate(loop.kernels):
        value = f"{kernel.operator.lower()}{number}"
        inputs = ", ".join(values[tensor] for tensor in kernel.inputs)
        expression = _expression(kernel, names[kernel.output], inputs)
        lines += _assignment(f"const int32_t {value}", expression)
        values[kernel.output] = value
    for tensor in loop.outputs:
        lines += _assignment(_element(locations[tensor]), f"static_cast<int8_t>({values[tensor]})")
    return "\n".join([*lines, "  }"])


def _element(location: Location) -> str:
    return f"{location.buffer}[{f'{location.offset} + ' if location.offset else ''}i]"


def _expression(kernel: Kernel, name: str, inputs: str) -> str:
    if kernel.function == "lookup":
        return f"{name}[128 + {inputs}]"
    return f"kernels::{kernel.function}<{name}>({inputs})"


def _assignment(target: str, value: str) -> list[str]:
    line = f"    {target} = {value};"
    return [line] if len(line) <= _WIDTH else [f"    {target} =", f"        {value};"]
