"""A plan: a compiled model as one blob, which the firmware's kernels run as it stands.

Twin of firmware/lib/inference/plan. Words are int32, little-endian:

    header   magic, FORMAT, size of the blob in bytes, CRC-32 of all that follows, offset of memory
    arrays   weights, tables, constants and texts, each aligned to 8 bytes
    memory   bytes of the board's memory that the model needs: input, output, states, arena; size
             of the input, place and size of the output
    fills    count; each: place, size, value. Set at reset
    calls    count; each: number of the kernel, places of its inputs, of its output and of the
             scratch memory that it needs, and the members of its parameter struct in their order,
             an array as its offset in the blob
    moves    count; each: target, source, size. Copied after the last call
    model    id (2 words), name, architecture, labels (count, then each), window, hop, multipliers
             (6) and shift of the input; the detector's smoothing, minimum, refractory, background
             and a threshold per label, and its doubt. A text is the offset of its UTF-8, which a
             zero byte ends

A place is an offset in the memory, where the input comes first, or the complement of an offset in
the blob, which is only read.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import astuple, dataclass, is_dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tinygesture.contract import Quantisation
from tinygesture.detector import DetectorConfig
from tinygesture.export.compiler.graph import Graph
from tinygesture.export.compiler.memory import ALIGNMENT, Location, Memory, Ports
from tinygesture.export.compiler.steps import Constant, Kernel
from tinygesture.export.plans import FORMAT

MAGIC = int.from_bytes(b"TPLN", "little")
KERNELS = (  # by their numbers in plan_kernels.cpp
    "paired_rows",
    "paired_conv_2d",
    "fully_connected",
    "conv_2d",
    "depthwise_conv_2d",
    "depthwise_in_fours",
    "lookup",
    "weighted_sum",
    "weighted_sum_rows",
    "scaled_product",
    "scaled_product_rows",
    "add",
    "add_rows",
    "sub",
    "sub_rows",
    "mul",
    "mul_rows",
    "mean",
    "column_mean",
    "max_pool_2d",
    "average_pool_2d",
    "softmax",
    "copy",
    "looked_up_sum",
    "sum_with_product",
    "looked_up_sum_with_product",
    "pad",
)
_HEADER = struct.Struct("<5I")
_BEFORE_CRC = 16  # bytes
_ARRAY_ALIGNMENT = 8


@dataclass(frozen=True)
class Description:
    """What the firmware knows of a model besides its arithmetic: firmware/lib/inference/model.h."""

    model_id: str  # 16 hexadecimal digits
    name: str
    arch: str
    labels: tuple[str, ...]
    window: int
    hop: int
    quantisation: Quantisation
    detector: DetectorConfig


@dataclass(frozen=True)
class Plan:
    """What is serialised of a compiled model."""

    graph: Graph
    kernels: tuple[Kernel, ...]
    memory: Memory
    ports: Ports

    def serialised(self, description: Description) -> bytes:
        return _Writer(self).blob(description)


class _Writer:
    def __init__(self, plan: Plan) -> None:
        self._graph, self._kernels = plan.graph, plan.kernels
        self._memory, self._ports = plan.memory, plan.ports
        self._arrays = bytearray(_HEADER.size)
        self._known: dict[bytes, int] = {}  # arrays that are there already
        self._buffers: dict[str, int] = {}
        self._memory_bytes = self._outputs = 0
        self._lay_out()

    def blob(self, description: Description) -> bytes:
        words = [
            self._memory_bytes,
            sum(map(self._size, self._ports.inputs)),
            self._outputs,
            sum(map(self._size, self._ports.outputs)),
            *self._fills(),
            *self._calls(),
            *self._moves(),
            *self._model(description),
        ]
        begin = len(self._arrays) + -len(self._arrays) % 4
        body = self._arrays.ljust(begin, b"\0") + struct.pack(f"<{len(words)}i", *words)
        body[_BEFORE_CRC : _HEADER.size] = struct.pack("<I", begin)
        crc = zlib.crc32(body[_BEFORE_CRC:])
        body[:_BEFORE_CRC] = struct.pack("<4I", MAGIC, FORMAT, len(body), crc)
        return bytes(body)

    def _lay_out(self) -> None:
        """Where each buffer begins in the board's memory: inputs, outputs, states, arena. Several
        inputs lie together as one, and so do several outputs."""
        for buffer, tensor in self._ports.input_buffers.items():
            self._add_buffer(buffer, self._size(tensor))
        self._outputs = self._aligned_end()
        for buffer, tensor in self._ports.output_buffers.items():
            self._add_buffer(buffer, self._size(tensor))
        for i, state in enumerate(self._memory.states):
            self._aligned_end()
            self._add_buffer(f"state{i}", self._size(state))
        self._aligned_end()
        self._add_buffer("arena", self._memory.arena_bytes)
        self._aligned_end()

    def _add_buffer(self, name: str, size: int) -> None:
        self._buffers[name] = self._memory_bytes
        self._memory_bytes += size

    def _aligned_end(self) -> int:
        self._memory_bytes += -self._memory_bytes % ALIGNMENT
        return self._memory_bytes

    def _size(self, tensor: int) -> int:
        return self._graph.tensors[tensor].size

    def _fills(self) -> Iterator[int]:
        yield len(self._memory.states)
        for i, state in enumerate(self._memory.states):
            yield from (self._buffers[f"state{i}"], self._size(state))
            yield self._graph.tensors[state].zero_points[0]

    def _calls(self) -> Iterator[int]:
        yield len(self._kernels)
        for kernel in self._kernels:
            yield KERNELS.index(kernel.function)
            for tensor in (*kernel.inputs, kernel.output):
                yield self._place(self._memory.locations[tensor])
            if kernel.scratch:
                yield self._place(self._memory.scratch[kernel.output])
            for field in kernel.fields.values():
                yield from self._words(field)

    def _moves(self) -> Iterator[int]:
        yield len(self._memory.moves)
        for move in self._memory.moves:
            yield from (self._buffers[move.target], self._place(move.source), move.size)

    def _model(self, description: Description) -> Iterator[int]:
        yield from struct.unpack("<2i", bytes.fromhex(description.model_id))
        yield from (self._text(description.name), self._text(description.arch))
        yield len(description.labels)
        yield from map(self._text, description.labels)
        yield from (description.window, description.hop)
        yield from (*description.quantisation.multipliers, description.quantisation.shift)
        detector = description.detector
        yield from (detector.smoothing, detector.minimum, detector.refractory, detector.background)
        yield from detector.thresholds
        yield detector.doubt

    def _place(self, location: Location) -> int:
        if location.buffer in self._buffers:
            return self._buffers[location.buffer] + location.offset
        data = self._graph.tensors[int(location.buffer.removeprefix("kConstant"))].data
        assert data is not None
        return ~(self._array(data.astype(np.int8)) + location.offset)

    def _words(self, field: Any) -> Iterator[int]:
        """The words of a parameter struct's member."""
        if field is None:
            yield 0
        elif isinstance(field, Constant):
            yield self._array(field.values.astype(_DTYPES[field.type]))
        elif isinstance(field, tuple):
            for part in field:
                yield from self._words(part)
        elif is_dataclass(field) and not isinstance(field, type):
            yield from astuple(field)
        else:
            yield int(field)

    def _text(self, text: str) -> int:
        return self._bytes(text.encode() + b"\0")

    def _array(self, values: npt.NDArray[Any]) -> int:
        return self._bytes(values.tobytes())

    def _bytes(self, data: bytes) -> int:
        """Their offset in the blob."""
        if data not in self._known:
            self._arrays += bytes(-len(self._arrays) % _ARRAY_ALIGNMENT)
            self._known[data] = len(self._arrays)
            self._arrays += data
        return self._known[data]


_DTYPES = {
    "int8_t": "<i1",
    "int32_t": "<i4",
    "uint32_t": "<u4",
    "kernels::Factor": "<i4",
    "kernels::Scale": "<i4",
}
