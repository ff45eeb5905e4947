"""Reading and writing the fields of a message, little-endian, without padding."""

import struct
from typing import ClassVar, Self

import numpy as np

from tinygesture.contract import Int16, Int64

MAX_BATCH = 32
MAX_PLAN_DATA = 480  # bytes of a plan in one message
MAX_STEP_US = 0xFFFF  # between two samples of a batch
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_SAMPLE = np.dtype([("dt", "<u2"), ("counts", "<i2", 6)])


class MalformedMessage(Exception):
    """An undamaged frame whose fields do not fit its type: the two sides disagree."""


class Fields:
    """Reads a message's body field by field; beyond its end it raises MalformedMessage."""

    def __init__(self, body: bytes) -> None:
        self.left = body

    def take(self, size: int) -> bytes:
        if size > len(self.left):
            raise MalformedMessage(f"{size} bytes expected, {len(self.left)} left")
        taken, self.left = self.left[:size], self.left[size:]
        return taken

    def unpack(self, layout: str) -> tuple[int, ...]:
        return struct.unpack("<" + layout, self.take(struct.calcsize("<" + layout)))

    def text(self) -> str:
        """Printable: other characters of a board would command the terminal that shows them."""
        (size,) = self.unpack("B")
        text = self.take(size).decode("utf-8", "replace")
        return "".join(c if c.isprintable() else REPLACEMENT for c in text)


def pack_text(text: str) -> bytes:
    raw = text.encode()[:255]
    return bytes([len(raw)]) + raw


def pack_batch(t_us: Int64, counts: Int16) -> bytes:
    """t_us int64[n] (any epoch), counts int16[n, 6], n of 0..MAX_BATCH."""
    if len(t_us) > MAX_BATCH:
        raise ValueError(f"a batch has at most {MAX_BATCH} samples, not {len(t_us)}")
    samples = np.zeros(len(t_us), _SAMPLE)
    steps = np.diff(t_us, prepend=t_us[:1])
    if np.any((steps < 0) | (steps > MAX_STEP_US)):
        raise ValueError("samples of a batch follow each other by 0..65535 µs")
    samples["dt"] = steps
    samples["counts"] = counts
    first = int(t_us[0]) & 0xFFFFFFFF if len(t_us) else 0
    return struct.pack("<IB", first, len(t_us)) + samples.tobytes()


def unpack_batch(fields: Fields) -> tuple[Int64, Int16]:
    """(t_us int64[n] on the board's 32-bit clock, counts int16[n, 6])."""
    first, count = fields.unpack("IB")
    if count > MAX_BATCH or len(fields.left) != count * _SAMPLE.itemsize:
        raise MalformedMessage(f"{count} samples in {len(fields.left)} bytes")
    samples = np.frombuffer(fields.take(len(fields.left)), _SAMPLE)
    t_us = (first + np.cumsum(samples["dt"], dtype=np.int64)) & 0xFFFFFFFF
    return t_us, samples["counts"].astype(np.int16)


class FixedMessage:
    """A message whose fields are the integers of LAYOUT (in struct's letters), in order."""

    TYPE: ClassVar[int]
    LAYOUT: ClassVar[str] = ""

    def pack(self) -> bytes:
        return struct.pack("<" + self.LAYOUT, *vars(self).values())

    @classmethod
    def unpack(cls, fields: Fields) -> Self:
        return cls(*fields.unpack(cls.LAYOUT))
