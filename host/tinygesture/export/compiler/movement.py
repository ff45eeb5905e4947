"""Operators that only move bytes: RESHAPE, EXPAND_DIMS, SQUEEZE, STRIDED_SLICE, SPLIT and
CONCATENATION. Where the bytes already lie together they become a view, else a copy of rows."""

from dataclasses import dataclass

from tinygesture.export.compiler.operands import Activation, Operands
from tinygesture.export.compiler.steps import Field, Kernel, Step, View


def reshape(operands: Operands) -> list[Step]:
    """RESHAPE, EXPAND_DIMS and SQUEEZE: the output's own shape says it all."""
    operands.expect((1, 2))
    input, output = operands.input(0), operands.output()
    if input.size != output.size:
        raise operands.fail(f"maps {input.shape} to {output.shape}")
    return [View(output.index, input.index)]


@dataclass(frozen=True)
class _Block:
    """Where a box of a tensor lies in memory: rows of `width` bytes, `stride` bytes apart."""

    offset: int
    rows: int
    stride: int
    width: int


def _block(shape: tuple[int, ...], starts: list[int], extents: list[int]) -> _Block | None:
    """The box of `extents` at `starts` in a tensor; None if it has no constant stride."""
    offset = 0
    axes: list[tuple[int, int]] = []  # (extent, stride) of the axes longer than 1, outermost first
    stride = 1
    for size, start, extent in reversed(list(zip(shape, starts, extents, strict=True))):
        offset += start * stride
        if extent > 1:
            if axes and axes[0][0] * axes[0][1] == stride:
                axes[0] = (axes[0][0] * extent, axes[0][1])
            else:
                axes.insert(0, (extent, stride))
        stride *= size
    if not axes or axes[-1][1] != 1:
        axes.append((1, 1))
    if len(axes) > 2:
        return None
    width = axes[-1][0]
    rows, row_stride = axes[0] if len(axes) == 2 else (1, width)
    return _Block(offset, rows, row_stride, width)


def _slice(
    operands: Operands, input: Activation, output: Activation, starts: list[int], extents: list[int]
) -> Step:
    block = _block(input.shape, starts, extents)
    if block is None:
        raise operands.fail(f"cuts {tuple(extents)} out of {input.shape}, over more than one axis")
    if block.rows == 1:
        return View(output.index, input.index, block.offset)
    rows = _Block(0, block.rows, block.width, block.width)
    return _copy(operands, input, block, output, rows)


def _copy(
    operands: Operands, input: Activation, source: _Block, output: Activation, target: _Block
) -> Kernel:
    fields: dict[str, Field] = {
        "rows": source.rows,
        "width": source.width,
        "input_offset": source.offset,
        "input_stride": source.stride,
        "output_offset": target.offset,
        "output_stride": target.stride,
    }
    return operands.kernel("copy", "Copy", fields, (input,), output)


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
        if stride != 1 or not start < stop <= size:
            raise operands.fail(
                f"slices {input.shape} from {begins} to {ends} by {strides}: "
                "it takes strides of 1 and at least one element"
            )
        starts.append(start)
        extents.append(stop - start)
        if not shrinks:
            shape.append(stop - start)
    if output.shape != tuple(shape):
        raise operands.fail(f"slices {tuple(shape)} into {output.shape}")
    return [_slice(operands, input, output, starts, extents)]


def split(operands: Operands) -> list[Step]:
    count = len(operands.operator.outputs)
    operands.expect((2,), count)
    input = operands.input(1)
    axis = _axis(operands, operands.integers(0), len(input.shape))
    if count == 0 or input.shape[axis] % count:
        raise operands.fail(f"splits {input.shape} into {count} along the axis {axis}")
    extents = list(input.shape)
    extents[axis] //= count
    steps = []
    for position in range(count):
        output = operands.output(position)
        if output.shape != tuple(extents):
            raise operands.fail(f"splits {input.shape} into {output.shape}")
        starts = [0] * len(extents)
        starts[axis] = position * extents[axis]
        steps.append(_slice(operands, input, output, starts, extents))
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
        expected = list(output.shape)
        if len(input.shape) == len(expected):
            expected[axis] = input.shape[axis]
        if input.shape != tuple(expected) or start + input.shape[axis] > output.shape[axis]:
            raise operands.fail(f"joins {input.shape} into {output.shape}")
        starts = [0] * len(expected)
        starts[axis] = start
        start += input.shape[axis]
        target = _block(output.shape, starts, expected)
        assert target is not None, "one axis is cut, so rows have a constant stride"
        source = _Block(0, target.rows, target.width, target.width)
        steps.append(_copy(operands, input, source, output, target))
    if start != output.shape[axis]:
        raise operands.fail(f"leaves {output.shape[axis] - start} of {output.shape} unwritten")
    return steps


def _axis(operands: Operands, given: tuple[int, ...], rank: int) -> int:
    if len(given) != 1 or not -rank <= given[0] < rank:
        raise operands.fail(f"has the axis {given} for {rank} dimensions")
    return given[0] % rank
