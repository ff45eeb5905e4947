"""Messages of the serial link and their fields, little-endian, without padding.

Twin of firmware/lib/link/messages; docs/protocol.md is the specification.
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import ClassVar, Protocol, Self

import numpy as np

from tinygesture.contract import Int8, Int16, Int64
from tinygesture.link.fields import (
    Fields,
    FixedMessage,
    MalformedMessage,
    pack_batch,
    pack_text,
    unpack_batch,
)

PROTOCOL_MAJOR = 1
PROTOCOL_MINOR = 2
PLAN_ERROR = 5


class Stream(IntFlag):
    SAMPLES = 1
    PROBABILITIES = 2
    EVENTS = 4
    STATISTICS = 8


class ErrorCode(IntEnum):
    UNKNOWN_MESSAGE = 1
    MALFORMED_MESSAGE = 2
    IMU = 3
    ENGINE = 4


class InjectFlag(IntFlag):
    BEGIN = 1
    END = 2


class PlanFlag(IntFlag):
    KEEP = 1


class CueKind(IntEnum):
    """What the person holding the board should see."""

    NONE = 0
    READY = 1
    GO = 2


@dataclass(frozen=True)
class Hello(FixedMessage):
    TYPE: ClassVar = 0x01
    LAYOUT: ClassVar = "BB"
    major: int = PROTOCOL_MAJOR
    minor: int = PROTOCOL_MINOR


@dataclass(frozen=True)
class Bye(FixedMessage):
    TYPE: ClassVar = 0x02


@dataclass(frozen=True)
class KeepAlive(FixedMessage):
    TYPE: ClassVar = 0x03


@dataclass(frozen=True)
class Streams(FixedMessage):
    TYPE: ClassVar = 0x04
    LAYOUT: ClassVar = "B"
    streams: int  # Stream flags


@dataclass(frozen=True, eq=False)
class Inject:
    """Samples that stand in for the IMU: t_us int64[n], counts int16[n, 6]."""

    TYPE: ClassVar = 0x05
    flags: InjectFlag
    t_us: Int64
    counts: Int16

    def pack(self) -> bytes:
        return struct.pack("<B", self.flags) + pack_batch(self.t_us, self.counts)

    @classmethod
    def unpack(cls, fields: Fields) -> "Inject":
        (flags,) = fields.unpack("B")
        return cls(InjectFlag(flags), *unpack_batch(fields))


@dataclass(frozen=True)
class Cue:
    TYPE: ClassVar = 0x06
    kind: CueKind
    label: str = ""

    def pack(self) -> bytes:
        return struct.pack("<B", self.kind) + pack_text(self.label)

    @classmethod
    def unpack(cls, fields: Fields) -> "Cue":
        (kind,) = fields.unpack("B")
        if kind not in set(CueKind):
            raise MalformedMessage(f"no such cue: {kind}")
        return cls(CueKind(kind), fields.text())


@dataclass(frozen=True)
class PlanBegin(FixedMessage):
    """A model will come as a plan of this many bytes."""

    TYPE: ClassVar = 0x07
    LAYOUT: ClassVar = "IB"
    size: int
    flags: int  # PlanFlag


@dataclass(frozen=True)
class PlanData:
    TYPE: ClassVar = 0x08
    offset: int
    data: bytes

    def pack(self) -> bytes:
        return struct.pack("<I", self.offset) + self.data

    @classmethod
    def unpack(cls, fields: Fields) -> "PlanData":
        (offset,) = fields.unpack("I")
        return cls(offset, fields.take(len(fields.left)))


@dataclass(frozen=True)
class PlanEnd(FixedMessage):
    """The plan is whole, and shall run. Answered by Info."""

    TYPE: ClassVar = 0x09


@dataclass(frozen=True)
class PlanRemove(FixedMessage):
    """Forget the pushed model, kept or not. Answered by Info."""

    TYPE: ClassVar = 0x0A


@dataclass(frozen=True)
class Info:
    """The board describes itself. odr_hz: nominal output data rate of its IMU.

    Of a board with another major version only the first two fields are known.
    """

    TYPE: ClassVar = 0x81
    major: int
    minor: int
    firmware: str = ""
    board: str = ""
    imu: str = ""
    odr_hz: float = 0.0
    accel_range_g: int = 0
    gyro_range_dps: int = 0
    canonical_period_us: int = 0
    engine: str = ""
    model_id: str = ""  # 16 hexadecimal digits; empty: no model
    model: str = ""
    arch: str = ""
    window: int = 0
    hop: int = 0
    labels: tuple[str, ...] = ()

    def pack(self) -> bytes:
        return b"".join(
            [
                struct.pack("<BB", self.major, self.minor),
                pack_text(self.firmware),
                pack_text(self.board),
                pack_text(self.imu),
                struct.pack(
                    "<IHHI",
                    round(self.odr_hz * 1000),
                    self.accel_range_g,
                    self.gyro_range_dps,
                    self.canonical_period_us,
                ),
                pack_text(self.engine),
                bytes.fromhex(self.model_id or "00" * 8),
                pack_text(self.model),
                pack_text(self.arch),
                struct.pack("<HHB", self.window, self.hop, len(self.labels)),
                *map(pack_text, self.labels),
            ]
        )

    @classmethod
    def unpack(cls, fields: Fields) -> "Info":
        major, minor = fields.unpack("BB")
        if major != PROTOCOL_MAJOR:
            return cls(major, minor)
        firmware, board, imu = fields.text(), fields.text(), fields.text()
        odr, accel, gyro, period = fields.unpack("IHHI")
        engine = fields.text()
        model_id = fields.take(8)
        model, arch = fields.text(), fields.text()
        window, hop, count = fields.unpack("HHB")
        labels = tuple(fields.text() for _ in range(count))
        return cls(
            major,
            minor,
            firmware,
            board,
            imu,
            odr / 1000,
            accel,
            gyro,
            period,
            engine,
            model_id.hex() if any(model_id) else "",
            model,
            arch,
            window,
            hop,
            labels,
        )


@dataclass(frozen=True, eq=False)
class Samples:
    """A run of raw samples: index of the first among all produced, t_us int64[n], int16[n, 6]."""

    TYPE: ClassVar = 0x82
    index: int
    t_us: Int64
    counts: Int16

    def pack(self) -> bytes:
        return struct.pack("<I", self.index & 0xFFFFFFFF) + pack_batch(self.t_us, self.counts)

    @classmethod
    def unpack(cls, fields: Fields) -> "Samples":
        (index,) = fields.unpack("I")
        return cls(index, *unpack_batch(fields))


@dataclass(frozen=True, eq=False)
class Probabilities:
    """One model step: its number, the time of its last canonical sample, raw int8[labels]."""

    TYPE: ClassVar = 0x83
    step: int
    t_us: int
    values: Int8

    def pack(self) -> bytes:
        values = self.values.astype(np.int8).tobytes()
        return struct.pack("<IIB", self.step, self.t_us, len(values)) + values

    @classmethod
    def unpack(cls, fields: Fields) -> "Probabilities":
        step, t_us, count = fields.unpack("IIB")
        return cls(step, t_us, np.frombuffer(fields.take(count), np.int8))


@dataclass(frozen=True)
class GestureEvent(FixedMessage):
    """A recognised gesture. confidence: of 256; times in µs on the board's 32-bit clock."""

    TYPE: ClassVar = 0x84
    LAYOUT: ClassVar = "HBBII"
    number: int
    label: int
    confidence: int
    start_us: int
    end_us: int


@dataclass(frozen=True)
class Statistics(FixedMessage):
    """Counters since power-up, except loop_us_max: since the message before.

    What a firmware of version 1.0 does not say is 0: the fields from inference_us_min on.
    """

    TYPE: ClassVar = 0x85
    LAYOUT: ClassVar = "IIIIIHIIIIIIIII"
    LAYOUT_1_0: ClassVar = "IIIIIHIIII"
    samples: int
    ring_dropped: int
    frames_dropped: int
    crc_errors: int
    gaps: int
    ring_high_water: int
    loop_us_max: int
    inference_us: int
    inference_us_max: int
    stack_bytes: int
    inference_us_min: int = 0
    inference_us_median: int = 0  # of the latest 63
    clock_us: int = 0  # the board's, when it said this
    asleep_us: int = 0  # the processor, on the same clock
    free_ram_bytes: int = 0

    @classmethod
    def unpack(cls, fields: Fields) -> Self:
        older = len(fields.left) < struct.calcsize("<" + cls.LAYOUT)
        return cls(*fields.unpack(cls.LAYOUT_1_0 if older else cls.LAYOUT))


@dataclass(frozen=True)
class Error:
    TYPE: ClassVar = 0x86
    code: int
    text: str

    def pack(self) -> bytes:
        return struct.pack("<B", self.code) + pack_text(self.text)

    @classmethod
    def unpack(cls, fields: Fields) -> "Error":
        return cls(fields.unpack("B")[0], fields.text())


@dataclass(frozen=True)
class Log:
    TYPE: ClassVar = 0x87
    text: str

    def pack(self) -> bytes:
        return pack_text(self.text)

    @classmethod
    def unpack(cls, fields: Fields) -> "Log":
        return cls(fields.text())


@dataclass(frozen=True)
class Injected(FixedMessage):
    """Answer to Inject: samples taken since InjectFlag.BEGIN."""

    TYPE: ClassVar = 0x88
    LAYOUT: ClassVar = "I"
    total: int


@dataclass(frozen=True)
class PlanTaken(FixedMessage):
    """Answer to PlanBegin and PlanData: the bytes taken so far, without a gap."""

    TYPE: ClassVar = 0x89
    LAYOUT: ClassVar = "I"
    total: int


@dataclass(frozen=True)
class FeedBegin:
    """To a virtual board's IMU: what part it plays."""

    TYPE: ClassVar = 0xC1
    odr_hz: float
    imu: str

    def pack(self) -> bytes:
        return struct.pack("<I", round(self.odr_hz * 1000)) + pack_text(self.imu)

    @classmethod
    def unpack(cls, fields: Fields) -> "FeedBegin":
        return cls(fields.unpack("I")[0] / 1000, fields.text())


@dataclass(frozen=True)
class FeedTaken(FixedMessage):
    """From a virtual board's IMU: samples that loop() has taken since power-up."""

    TYPE: ClassVar = 0xC2
    LAYOUT: ClassVar = "I"
    total: int


class Message(Protocol):
    TYPE: ClassVar[int]

    def pack(self) -> bytes: ...


MESSAGES = {
    kind.TYPE: kind
    for kind in (
        Hello,
        Bye,
        KeepAlive,
        Streams,
        Inject,
        Cue,
        PlanBegin,
        PlanData,
        PlanEnd,
        PlanRemove,
        Info,
        Samples,
        Probabilities,
        GestureEvent,
        Statistics,
        Error,
        Log,
        Injected,
        PlanTaken,
        FeedBegin,
        FeedTaken,
    )
}


def pack(message: Message) -> bytes:
    """The payload of a frame: type, then the message's fields."""
    return bytes([message.TYPE]) + message.pack()


def unpack(payload: bytes) -> Message | None:
    """The message of a frame's payload; None for a type that only newer versions know.

    Raises MalformedMessage where the fields do not fit the type. Further bytes behind the known
    fields are a newer minor version's, and are passed over.
    """
    kind = MESSAGES.get(payload[0])
    return None if kind is None else kind.unpack(Fields(payload[1:]))


def unpack_all(payloads: Iterable[bytes]) -> tuple[list[Message], int]:
    """The messages of several payloads, and how many were malformed."""
    messages, malformed = [], 0
    for payload in payloads:
        try:
            message = unpack(payload)
        except MalformedMessage:
            malformed += 1
            continue
        if message is not None:
            messages.append(message)
    return messages, malformed
