"""Operators that only move bytes: RESHAPE, EXPAND_DIMS, SQUEEZE, STRIDED_SLICE, SPLIT,
CONCATENATION, PAD and PADV2. Where the bytes already lie together they become a view."""

import math
from dataclasses import dataclass

from tinygesture.export.compiler.operands import Activation, Operands
from tinygesture.export.compiler.steps import Field, Step, View

_AXES = 4  # of the kernel's Copy, besides the bytes that lie together


def reshape(operands: Operands) -> list[Step]:
    """RESHAPE, EXPAND_DIMS and SQUEEZE: the output's own shape says it all."""
    operands.expect((1, 2))
    input, output = operands.input(0), operands.output()
    if input.size != output.size:
        raise operands.fail(f"maps {input.shape} to {output.shape}")
    return [View(output.index, input.index)]


@dataclass(frozen=True)
class _Box:
    """Elements of a tensor: from `starts` on, `extents` of them in steps of `strides`."""

    shape: tuple[int, ...]
    starts: tuple[int, ...]
    extents: tuple[int, ...]
    strides: tuple[int, ...]

    @classmethod
    def part(cls, shape: tuple[int, ...], axis: int, start: int, extent: int) -> "_Box":
        """All of a tensor but along one axis."""
        starts, extents = [0] * len(shape), list(shape)
        starts[axis], extents[axis] = start, extent
        return cls(shape, tuple(starts), tuple(extents), (1,) * len(shape))

    @classmethod
    def whole(cls, shape: tuple[int, ...]) -> "_Box":
        return cls(shape, (0,) * len(shape), shape, (1,) * len(shape))

    @property
    def offset(self) -> int:
        return sum(start * step for start, step in zip(self.starts, self._bytes(), strict=True))

    def steps(self) -> list[int]:
        """Bytes from one element to the next, for each axis."""
        return [stride * step for stride, step in zip(self.strides, self._bytes(), strict=True)]

    def _bytes(self) -> list[int]:
        return [math.prod(self.shape[axis + 1 :]) for axis in range(len(self.shape))]


@dataclass(frozen=True)
class _Transfer:
    """From one box to another of the same extents."""

    axes: list[tuple[int, ...]]  # extent, input stride and output stride; outermost first
    width: int
    input_offset: int
    output_offset: int

    @property
    def is_dense(self) -> bool:
        return not self.axes

    def fields(self, operands: Operands) -> dict[str, Field]:
        """Those of kernels::Copy."""
        if len(self.axes) > _AXES:
            raise operands.fail(f"moves a box of {len(self.axes)} axes, more than {_AXES}")
        return {
            "axes": ((1, 0, 0),) * (_AXES - len(self.axes)) + tuple(self.axes),
            "width": self.width,
            "input_offset": self.input_offset,
            "output_offset": self.output_offset,
        }


def _transfer(source: _Box, target: _Box) -> _Transfer:
    axes: list[tuple[int, ...]] = []
    width = 1
    for extent, *steps in reversed(
        list(zip(source.extents, source.steps(), target.steps(), strict=True))
    ):
        if extent == 1:
            continue
        if not axes and steps == [width, width]:
            width *= extent
        elif axes and steps == [axes[0][0] * step for step in axes[0][1:]]:
            axes[0] = (axes[0][0] * extent, *axes[0][1:])
        else:
            axes.insert(0, (extent, *steps))
    return _Transfer(axes, width, source.offset, target.offset)


def _cut(operands: Operands, input: Activation, source: _Box, output: Activation) -> Step:
    transfer = _transfer(source, _Box.whole(source.extents))
    if transfer.is_dense:
        return View(output.index, input.index, transfer.input_offset)
    return operands.kernel("copy", "Copy", transfer.fields(operands), (input,), output)


def strided_slice(operands: Operands) -> list[Step]:
    operands.expect((4,))
    input, output = operands.input(0), operands.output()
    if any(operands.option(name) for name in ("EllipsisMask", "NewAxisMask", "Offset")):
        raise operands.fail("has an ellipsis, a new axis or an offset")
    begins, ends, strides = (operands.integers(position) for position in (1, 2, 3))
    rank = len(input.shape)
    if not len(begins) == len(ends) == len(strides) == rank <= 4:
        raise operands.fail(f"slices {input.shape} from {begins} to {ends} by {strides}")

    starts, extents, shape = [], [], []
    for axis, (size, begin, end, stride) in enumerate(
        zip(input.shape, begins, ends, strides, strict=True)
    ):
        start = 0 if operands.option("BeginMask") >> axis & 1 else begin
        start = max(0, min(start + size if start < 0 else start, size))
        shrinks = bool(operands.option("ShrinkAxisMask") >> axis & 1)
        stop = size if operands.option("EndMask") >> axis & 1 else end
        stop = start + 1 if shrinks else max(0, min(stop + size if stop < 0 else stop, size))
        if stride < 1 or not start < stop <= size:
            raise operands.fail(
                f"slices {input.shape} from {begins} to {ends} by {strides}: "
                "it takes positive strides and at least one element"
            )
        starts.append(start)
        extents.append(-(-(stop - start) // stride))
        if not shrinks:
            shape.append(extents[-1])
    if output.shape != tuple(shape):
        raise operands.fail(f"slices {tuple(shape)} into {output.shape}")
    return [
        _cut(operands, input, _Box(input.shape, tuple(starts), tuple(extents), strides), output)
    ]


def split(operands: Operands) -> list[Step]:
    count = len(operands.operator.outputs)
    operands.expect((2,), count)
    input = operands.input(1)
    axis = _axis(operands, operands.integers(0), len(input.shape))
    if count == 0 or input.shape[axis] % count:
        raise operands.fail(f"splits {input.shape} into {count} along the axis {axis}")
    extent = input.shape[axis] // count
    steps = []
    for position in range(count):
        output = operands.output(position)
        part = _Box.part(input.shape, axis, position * extent, extent)
        if output.shape != part.extents:
            raise operands.fail(f"splits {input.shape} into {output.shape}")
        steps.append(_cut(operands, input, part, output))
    return steps


def concatenation(operands: Operands) -> list[Step]:
    operands.expect(range(1, 11))
    output = operands.output()
    axis = _axis(operands, (operands.option("Axis"),), len(output.shape))
    if operands.option("FusedActivationFunction"):
        raise operands.fail("has a fused activation")
    steps: list[Step] = []
    start = 0
    for position in range(len(operands.operator.inputs)):
        input = operands.input(position)
        if (input.scale, input.zero_point) != (output.scale, output.zero_point):
            raise operands.fail("has inputs of another scale or zero point than its output")
        extent = input.shape[axis] if axis < len(input.shape) else 0
        target = _Box.part(output.shape, axis, start, extent)
        start += extent
        if input.shape != target.extents or start > output.shape[axis]:
            raise operands.fail(f"joins {input.shape} into {output.shape}")
        transfer = _transfer(_Box.whole(input.shape), target)
        steps.append(operands.kernel("copy", "Copy", transfer.fields(operands), (input,), output))
    if start != output.shape[axis]:
        raise operands.fail(f"leaves {output.shape[axis] - start} of {output.shape} unwritten")
    return steps


def pad(operands: Operands) -> list[Step]:
    """PAD with the real 0, PADV2 with a constant of the output's quantisation."""
    operands.expect((2, 3))
    input, output = operands.input(0), operands.output()
    given = operands.integers(1)
    before, after = given[::2], given[1::2]
    around = list(zip(before, input.shape, after, strict=False))
    if (
        len(given) != 2 * len(input.shape)
        or min(given, default=0) < 0
        or output.shape != tuple(map(sum, around))
        or len(input.shape) > 5
    ):
        raise operands.fail(f"pads {input.shape} by {given} to {output.shape}")
    value = output.zero_point
    if len(operands.operator.inputs) == 3:
        filling = operands.input(2)
        constant = operands.value(2)
        if constant is None or (filling.scale, filling.zero_point) != (output.scale, value):
            raise operands.fail(
                "pads with something else than one constant of its output's scale and zero point"
            )
        value = constant
    target = _Box(output.shape, before, input.shape, (1,) * len(before))
    transfer = _transfer(_Box.whole(input.shape), target)
    fields: dict[str, Field] = {
        "size": output.size,
        "value": value,
        "box": tuple(transfer.fields(operands).values()),
    }
    return [operands.kernel("pad", "Pad", fields, (input,), output)]


def _axis(operands: Operands, given: tuple[int, ...], rank: int) -> int:
    if len(given) != 1 or not -rank <= given[0] < rank:
        raise operands.fail(f"has the axis {given} for {rank} dimensions")
    return given[0] % rank
