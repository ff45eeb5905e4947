"""Where every tensor lives: the caller's buffers, flash, state, or one static arena."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tinygesture.export.compiler.graph import Graph
from tinygesture.export.compiler.operands import unsupported
from tinygesture.export.compiler.steps import Kernel, Loop, Step, View

ALIGNMENT = 4  # bytes, so that a word at a time can be read from any tensor


@dataclass(frozen=True)
class Ports:
    """The model's edges: the caller's inputs and outputs, and state as (input, output) pairs."""

    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    states: tuple[tuple[int, int], ...]

    @property
    def input_buffers(self) -> dict[str, int]:
        """The caller's buffers by their names in C++, and the tensor of each."""
        return _named("input", self.inputs)

    @property
    def output_buffers(self) -> dict[str, int]:
        return _named("output", self.outputs)


def _named(name: str, tensors: tuple[int, ...]) -> dict[str, int]:
    if len(tensors) == 1:
        return {name: tensors[0]}
    return {f"{name}{i}": tensor for i, tensor in enumerate(tensors)}


@dataclass(frozen=True)
class Kept:
    """A tensor that lives on: after a call its last `size` bytes move to its beginning."""

    tensor: int
    size: int


@dataclass(frozen=True)
class Location:
    buffer: str  # "input", "output" (or "output1", ...), "arena", "state0", "kConstant9"
    offset: int = 0

    def __str__(self) -> str:
        return f"{self.buffer} + {self.offset}" if self.offset else self.buffer


@dataclass(frozen=True)
class Move:
    """Bytes to copy once the kernels have run, perhaps to the beginning of their own buffer."""

    target: str
    source: Location
    size: int


@dataclass(frozen=True)
class Memory:
    locations: Mapping[int, Location]  # of every tensor that a kernel reads or writes
    scratch: Mapping[int, Location]  # of every kernel that needs some, by its output
    constants: tuple[int, ...]  # tensors in flash that are read like any other
    states: tuple[int, ...]  # the tensors in "state0", "state1", ...: 0 at first
    moves: tuple[Move, ...]
    arena_bytes: int


def plan(
    graph: Graph, steps: Sequence[Step | Loop], ports: Ports, kept: tuple[Kept, ...] = ()
) -> Memory:
    kernels = [step for step in steps if not isinstance(step, View)]
    views = {step.tensor: step for step in steps if isinstance(step, View)}
    used = {tensor for kernel in kernels for tensor in (*kernel.inputs, *kernel.outputs)}
    used |= {*ports.outputs, *(output for _, output in ports.states)}
    shown = {tensor: follow(tensor, views) for tensor in used}  # its root and offset
    roots = {root for root, _ in shown.values()}

    states = (*(input for input, _ in ports.states), *(part.tensor for part in kept))
    fixed = {tensor: buffer for buffer, tensor in ports.input_buffers.items()}
    fixed |= {tensor: f"state{i}" for i, tensor in enumerate(states)}
    constants = sorted(root for root in roots if graph.tensors[root].data is not None)
    fixed |= {tensor: f"kConstant{tensor}" for tensor in constants}
    for state, output in ports.states:
        if shown[output][0] in fixed:
            name = graph.tensors[state].name
            raise unsupported(f"the new value of its state {name!r} is not computed")

    # An output is computed in place, unless it is a part of something else.
    targets: dict[str, int] = {}
    for buffer, output in ports.output_buffers.items():
        root, _ = shown[output]
        if root not in fixed and graph.tensors[root].size == graph.tensors[output].size:
            fixed[root] = buffer
        else:
            targets[buffer] = output
    # outputs may show bytes of a state, so they are taken before the states change
    targets |= {f"state{i}": output for i, (_, output) in enumerate(ports.states)}

    lifetimes = _lifetimes(graph, kernels, shown, fixed, kept=set(targets.values()))
    scratch = {
        kernel.output: _Lifetime(None, kernel.scratch, time, time)
        for time, kernel in enumerate(kernels)
        if isinstance(kernel, Kernel) and kernel.scratch
    }
    arena_bytes = _pack([*lifetimes, *scratch.values()])
    offsets = {lifetime.tensor: lifetime.offset for lifetime in lifetimes}
    locations = {
        tensor: Location(fixed.get(root, "arena"), offsets.get(root, 0) + offset)
        for tensor, (root, offset) in shown.items()
    }
    moves = [
        Move(buffer, locations[tensor], graph.tensors[tensor].size)
        for buffer, tensor in targets.items()
    ]
    for part in kept:
        buffer, size = fixed[part.tensor], graph.tensors[part.tensor].size
        moves.append(Move(buffer, Location(buffer, size - part.size), part.size))
    places = {output: Location("arena", lifetime.offset) for output, lifetime in scratch.items()}
    return Memory(locations, places, tuple(constants), states, tuple(moves), arena_bytes)


def follow(tensor: int, views: Mapping[int, View]) -> tuple[int, int]:
    """The root of a tensor, which is no view itself, and the tensor's offset in it."""
    offset = 0
    while tensor in views:
        offset += views[tensor].offset
        tensor = views[tensor].source
    return tensor, offset


@dataclass
class _Lifetime:
    tensor: int | None  # None: scratch memory
    size: int
    first: int  # the first kernel that writes it
    last: int  # the last kernel that reads it
    offset: int = 0


def _lifetimes(
    graph: Graph,
    kernels: list[Kernel | Loop],
    shown: Mapping[int, tuple[int, int]],
    fixed: Mapping[int, str],
    kept: set[int],
) -> list[_Lifetime]:
    """Of every root in the arena; those that `kept` tensors show live to the end."""
    lifetimes: dict[int, _Lifetime] = {}
    for time, kernel in enumerate(kernels):
        for tensor in (*kernel.inputs, *kernel.outputs):
            root, _ = shown[tensor]
            if root not in fixed:
                size = graph.tensors[root].size
                lifetimes.setdefault(root, _Lifetime(root, size, time, time)).last = time
    for tensor in kept:
        root, _ = shown[tensor]
        if root not in fixed:
            lifetimes[root].last = len(kernels)
    return list(lifetimes.values())


def _pack(lifetimes: list[_Lifetime]) -> int:
    """Offsets for all: the largest first, each at the lowest place free while it lives."""
    placed: list[_Lifetime] = []
    for lifetime in sorted(lifetimes, key=lambda item: (-item.size, item.first)):
        for other in sorted(placed, key=lambda item: item.offset):
            together = lifetime.first <= other.last and other.first <= lifetime.last
            overlaps = (
                lifetime.offset < other.offset + other.size
                and other.offset < lifetime.offset + lifetime.size
            )
            if together and overlaps:
                lifetime.offset = -(-(other.offset + other.size) // ALIGNMENT) * ALIGNMENT
        placed.append(lifetime)
    return max((item.offset + item.size for item in placed), default=0)
