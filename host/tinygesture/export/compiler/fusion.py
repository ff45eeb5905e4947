"""Element-wise kernels put together: chains of lookups into one, and neighbours into one loop."""

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np

from tinygesture.export.compiler.memory import follow
from tinygesture.export.compiler.steps import Constant, Kernel, Loop, Step, View

_ZERO_POINTS = ("a_zero_point", "b_zero_point")
_FUSIBLE = ("lookup", "weighted_sum", "scaled_product")


def compose(steps: list[Step], outputs: Collection[int]) -> list[Step]:
    """A lookup of what a lookup gives is one lookup; element-wise kernels and views that nothing
    reads then are left out.

    `outputs` are the tensors that the model gives.
    """
    lookups: dict[int, Kernel] = {}  # by their outputs
    composed: list[Step] = []
    for step in steps:
        if isinstance(step, Kernel) and step.function == "lookup":
            if (first := lookups.get(step.inputs[0])) is not None:
                step = replace(_chained(first, step), inputs=first.inputs)
            lookups[step.output] = step
        composed.append(step)

    read = set(outputs)
    kept: list[Step] = []
    for step in reversed(composed):
        if isinstance(step, View):
            unread = step.tensor not in read
        else:
            unread = step.function in _FUSIBLE and step.output not in read
        if unread:
            continue
        read |= {step.source} if isinstance(step, View) else set(step.inputs)
        kept.append(step)
    return kept[::-1]


def _table(lookup: Kernel) -> Constant:
    table = lookup.fields["table"]
    assert isinstance(table, Constant)
    return table


def _chained(first: Kernel, second: Kernel) -> Kernel:
    values = _table(second).values[_table(first).values.astype(np.int64) + 128]
    return _with(second, table=replace(_table(second), values=values))


def _with(kernel: Kernel, **fields: int | Constant) -> Kernel:
    return replace(kernel, fields=dict(kernel.fields) | fields)


def fuse(steps: list[Step], outputs: Collection[int]) -> list[Step | Loop]:
    """The steps, with neighbouring element-wise kernels of one size as loops."""
    views = {step.tensor: step for step in steps if isinstance(step, View)}
    runs: list[list[Kernel]] = []
    for kernel in steps:
        if isinstance(kernel, Kernel):
            if runs and _alike(runs[-1][-1], kernel):
                runs[-1].append(kernel)
            else:
                runs.append([kernel])
    fused: list[Step | Loop] = list(views.values())
    for run in runs:
        read = {tensor for other in runs if other is not run for k in other for tensor in k.inputs}
        fused += [_loop(run, read | set(outputs), views)] if len(run) > 1 else run
    return fused


def _alike(first: Kernel, second: Kernel) -> bool:
    fusible = first.function in _FUSIBLE and second.function in _FUSIBLE
    return fusible and first.fields["size"] == second.fields["size"]


def _loop(run: list[Kernel], read: Collection[int], views: Mapping[int, View]) -> Loop:
    """`read`: the tensors that others read."""
    made = {kernel.output for kernel in run}

    def origin(tensor: int) -> int:
        root, _ = follow(tensor, views)  # all are of one size, so a view of one is all of it
        return root if root in made else tensor

    kernels = [replace(k, inputs=tuple(map(origin, k.inputs))) for k in run]
    inputs = dict.fromkeys(t for kernel in kernels for t in kernel.inputs if t not in made)
    outputs = sorted(made & {follow(tensor, views)[0] for tensor in read})
    size = run[0].fields["size"]
    assert isinstance(size, int)
    kernels = _without_zero_points(kernels, outputs)
    return Loop(size, tuple(kernels), tuple(inputs), tuple(outputs))


def _without_zero_points(kernels: list[Kernel], outputs: Collection[int]) -> list[Kernel]:
    """Tables that only products read hold what these multiply: values less their zero point."""
    kernels = list(kernels)
    for at, lookup in enumerate(kernels):
        readers = [kernel for kernel in kernels if lookup.output in kernel.inputs]
        products = all(kernel.function == "scaled_product" for kernel in readers)
        if lookup.function != "lookup" or lookup.output in outputs or not products:
            continue
        sides = [
            (i, side)
            for i, kernel in enumerate(kernels)
            for side, tensor in zip(_ZERO_POINTS, kernel.inputs, strict=False)
            if tensor == lookup.output
        ]
        zero_points = {kernels[i].fields[side] for i, side in sides}
        if len(zero_points) != 1:  # a view may give the same bytes another meaning
            continue
        (zero_point,) = zero_points
        assert isinstance(zero_point, int)
        values = _table(lookup).values.astype(np.int64) - zero_point
        for type in (np.int8, np.uint8):
            if (values.astype(type) == values).all():
                table = Constant("Table", f"{type.__name__}_t", values.astype(type), (256,))
                kernels[at] = _with(lookup, table=table)
                for i, side in sides:
                    kernels[i] = _with(kernels[i], **{side: 0})
                break
    return kernels
