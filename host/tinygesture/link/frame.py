"""Frames of the serial link: COBS(payload, CRC-16/CCITT little-endian) and a zero byte.

Twin of firmware/lib/link/frame; docs/protocol.md is the specification.
"""

import binascii

from cobs import cobs

MAX_PAYLOAD = 510  # message type and body
MAX_DECODED = MAX_PAYLOAD + 2
MAX_ENCODED = MAX_DECODED + MAX_DECODED // 254 + 2


def crc16(data: bytes) -> int:
    """CRC-16/CCITT-FALSE: polynomial 0x1021, initial value 0xFFFF, most significant bit first."""
    return binascii.crc_hqx(data, 0xFFFF)


def encode_frame(payload: bytes) -> bytes:
    """The frame of a payload of 1..MAX_PAYLOAD bytes, with its closing zero."""
    if not 1 <= len(payload) <= MAX_PAYLOAD:
        raise ValueError(f"a payload has 1..{MAX_PAYLOAD} bytes, not {len(payload)}")
    return bytes(cobs.encode(payload + crc16(payload).to_bytes(2, "little"))) + b"\0"


class FrameDecoder:
    """Takes the stream in any pieces. A damaged frame is counted and dropped.

    What comes before the first zero is text for people, not a damaged frame: see `text`.
    """

    def __init__(self) -> None:
        self.errors = 0
        self.text = bytearray()
        self._framed = False
        self._pending = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """The payloads of the undamaged frames that `data` completes."""
        if not self._framed:
            text, zero, data = data.partition(b"\0")
            self.text += text
            self._framed = bool(zero)
        payloads = []
        *ends, rest = data.split(b"\0")
        for end in ends:
            payload = self._decode(bytes(self._pending) + end)
            self._pending.clear()
            if payload is not None:
                payloads.append(payload)
        # One byte over the limit is enough to know that this frame is too long.
        self._pending += rest[: MAX_ENCODED + 1 - len(self._pending)]
        return payloads

    def _decode(self, encoded: bytes) -> bytes | None:
        if not encoded:
            return None
        try:
            decoded = bytes(cobs.decode(encoded))
        except cobs.DecodeError:
            decoded = b""
        if 3 <= len(decoded) <= MAX_DECODED:
            payload, crc = decoded[:-2], decoded[-2:]
            if crc16(payload) == int.from_bytes(crc, "little"):
                return payload
        self.errors += 1
        return None
