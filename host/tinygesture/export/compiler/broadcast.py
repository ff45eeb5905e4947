"""How two operands of different shapes meet: as rows, in which each goes along or stands still."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from math import prod

from tinygesture.export.compiler.operands import Activation, Operands
from tinygesture.export.compiler.steps import Field, Kernel

_GROUPS = 3  # of kernels::Rows: outer, rows, and the row itself


@dataclass(frozen=True)
class Pair:
    """extents and strides: of the outer loop, of the rows and of a row's elements."""

    a: Activation
    b: Activation
    output: Activation
    extents: tuple[int, int, int]
    a_strides: tuple[int, int, int]
    b_strides: tuple[int, int, int]

    @property
    def size(self) -> int:
        """Elements of a row."""
        return self.extents[2]

    @property
    def a_step(self) -> int:
        return self.a_strides[2]

    @property
    def b_step(self) -> int:
        return self.b_strides[2]

    def kernel(
        self, operands: Operands, function: str, struct: str, fields: Mapping[str, Field]
    ) -> Kernel:
        """The call for one row, or its twin for many."""
        inputs = (self.a, self.b)
        if self.size == self.output.size:
            return operands.kernel(function, struct, fields, inputs, self.output)
        rows = {
            "rows": (*self.extents[:2], *self.a_strides[:2], *self.b_strides[:2]),
            "row": tuple(fields.values()),
        }
        return operands.kernel(f"{function}_rows", f"{struct}Rows", rows, inputs, self.output)


def pair(operands: Operands) -> Pair:
    """The two inputs and the output of an element-wise operator."""
    operands.expect((2,))
    a, b, output = operands.input(0), operands.input(1), operands.output()
    rank = max(len(a.shape), len(b.shape), len(output.shape))
    shapes = [(1,) * (rank - len(t.shape)) + t.shape for t in (a, b, output)]
    axes = list(zip(*shapes, strict=True))
    groups = [
        tuple(map(prod, zip(*group, strict=True)))
        for _, group in groupby((axis for axis in axes if axis[2] > 1), key=_who_goes_along)
    ]
    if any(max(x, y) != z or min(x, y) not in (1, z) for x, y, z in axes) or len(groups) > _GROUPS:
        raise operands.fail(
            f"combines {a.shape} and {b.shape} into {output.shape}: it takes equal shapes, or "
            "shapes of which one repeats along neighbouring axes"
        )
    full = [(1, 1, 1)] * (_GROUPS - len(groups)) + groups
    a_extents, b_extents, extents = zip(*full, strict=True)
    strides = _strides(a_extents, extents), _strides(b_extents, extents)
    return Pair(a, b, output, extents, *strides)


def _who_goes_along(axis: tuple[int, ...]) -> tuple[bool, bool]:
    return axis[0] > 1, axis[1] > 1


def _strides(extents: tuple[int, ...], wanted: tuple[int, ...]) -> tuple[int, int, int]:
    """Elements from one to the next, for the outer loop, the rows and a row; 0 to repeat one."""
    _, rows, size = extents
    repeats = [have != want for have, want in zip(extents, wanted, strict=True)]
    outer_stride, row_stride, stride = (
        0 if repeated else step
        for step, repeated in zip((rows * size, size, 1), repeats, strict=True)
    )
    return outer_stride, row_stride, stride
