"""What a model becomes: kernel calls with constant parameters, and views that cost nothing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tinygesture.export.compiler.arithmetic import Factor


@dataclass(frozen=True)
class Constant:
    """An array in flash. values (n,), for kernels::Factor (n, 2) or for kernels::Scale (n, 4)."""

    name: str  # "Weights": becomes kWeights followed by the operator's index
    type: str  # "int8_t", "int32_t", "uint32_t", "kernels::Factor" or "kernels::Scale"
    values: npt.NDArray[Any]
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Output:
    """kernels::Output."""

    zero_point: int
    minimum: int = -128
    maximum: int = 127


# A field of a parameter struct: a number, nullptr, an array in flash, or a nested struct or array.
Field = int | bool | None | Constant | Factor | Output | tuple["Field", ...]


def _constants(fields: Iterable[Field]) -> Iterator[Constant]:
    for field in fields:
        if isinstance(field, Constant):
            yield field
        elif isinstance(field, tuple):
            yield from _constants(field)


@dataclass(frozen=True)
class Kernel:
    """One call: function(parameters, inputs..., output), or, if it needs `scratch` bytes of memory,
    function(parameters, inputs..., output, scratch).

    `fields` has the members of the C++ struct in their order (firmware/lib/kernels);
    inputs and output are tensor indices.
    """

    operator: str
    function: str
    struct: str
    fields: Mapping[str, Field]
    inputs: tuple[int, ...]
    output: int
    macs: int = 0
    scratch: int = 0

    @property
    def outputs(self) -> tuple[int, ...]:
        return (self.output,)

    @property
    def constants(self) -> list[Constant]:
        return list(_constants(self.fields.values()))


@dataclass(frozen=True)
class View:
    """`tensor` is the bytes of `source` from `offset` on: no copy, no code."""

    tensor: int
    source: int
    offset: int = 0


Step = Kernel | View


@dataclass(frozen=True)
class Loop:
    """Element-wise kernels of one size that run together, element by element.

    Only `inputs` and `outputs` are tensors in memory; the others are values on the way.
    """

    size: int
    kernels: tuple[Kernel, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]

    @property
    def constants(self) -> list[Constant]:
        return [constant for kernel in self.kernels for constant in kernel.constants]

    @property
    def macs(self) -> int:
        return sum(kernel.macs for kernel in self.kernels)


def factors_constant(factors: list[Factor]) -> Constant:
    values = np.array([(factor.multiplier, factor.shift) for factor in factors], np.int64)
    return Constant("Factors", "kernels::Factor", values, (len(factors),))
