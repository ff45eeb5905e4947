"""Frames in Python and in C++: equal on any bytes, any damage, any split of the stream."""

import ctypes
import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tinygesture.link.frame import MAX_ENCODED, MAX_PAYLOAD, FrameDecoder, crc16, encode_frame

payloads = st.one_of(
    st.binary(min_size=1, max_size=40),
    st.binary(min_size=240, max_size=MAX_PAYLOAD),
    st.integers(1, MAX_PAYLOAD).map(lambda n: b"\x00" * n),
    st.integers(1, MAX_PAYLOAD).map(lambda n: b"\xff" * n),
)


def encode_in_cpp(twins: ctypes.CDLL, payload: bytes) -> bytes:
    out = ctypes.create_string_buffer(MAX_ENCODED)
    twins.twin_encode.restype = ctypes.c_size_t
    size = twins.twin_encode(payload, ctypes.c_size_t(len(payload)), out)
    return out.raw[:size]


def decode_in_cpp(twins: ctypes.CDLL, stream: bytes) -> tuple[list[bytes], int]:
    out = ctypes.create_string_buffer(len(stream) + 1)
    sizes = (ctypes.c_size_t * (len(stream) + 1))()
    errors = ctypes.c_uint32()
    count = twins.twin_decode(
        stream, ctypes.c_size_t(len(stream)), out, sizes, ctypes.byref(errors)
    )
    ends = np.cumsum([0, *sizes[:count]])
    frames = [out.raw[b:e] for b, e in itertools.pairwise(ends)]
    return frames, errors.value


def decode(stream: bytes, splits: tuple[int, ...] = ()) -> tuple[list[bytes], int]:
    decoder = FrameDecoder()
    decoder.feed(b"\0")
    frames = []
    bounds = sorted({0, len(stream), *(split % (len(stream) + 1) for split in splits)})
    for begin, end in itertools.pairwise(bounds):
        frames += decoder.feed(stream[begin:end])
    return frames, decoder.errors


@given(payloads)
def test_encoding_equals_its_twin(twins, payload):
    frame = encode_frame(payload)
    assert frame == encode_in_cpp(twins, payload)
    assert frame.index(0) == len(frame) - 1
    assert len(frame) <= MAX_ENCODED


@given(st.lists(payloads, max_size=6), st.lists(st.integers(0, 4000), max_size=8).map(tuple))
def test_frames_arrive_whole_in_any_split(twins, sent, splits):
    stream = b"".join(map(encode_frame, sent))
    assert decode(stream, splits) == (sent, 0)
    assert decode_in_cpp(twins, stream) == (sent, 0)


@given(st.binary(max_size=1500), st.lists(st.integers(0, 4000), max_size=8).map(tuple))
def test_any_bytes_decode_alike(twins, stream, splits):
    assert decode(stream, splits) == decode_in_cpp(twins, stream)


@given(st.lists(payloads, min_size=1, max_size=4), st.data())
def test_damage_is_counted_and_never_delivered(twins, sent, data):
    frames = [encode_frame(payload) for payload in sent]
    hit = data.draw(st.integers(0, len(frames) - 1))
    at = data.draw(st.integers(0, len(frames[hit]) - 2))
    flip = data.draw(st.integers(1, 255))
    damaged = bytearray(frames[hit])
    damaged[at] ^= flip
    stream = b"".join([*frames[:hit], bytes(damaged), *frames[hit + 1 :]])
    received, errors = decode(stream)
    assert (received, errors) == decode_in_cpp(twins, stream)
    assert received == sent[:hit] + sent[hit + 1 :]
    assert errors >= 1


def test_too_long_a_frame_is_an_error_and_the_next_arrives(twins):
    stream = b"\x05" * 3000 + b"\0" + encode_frame(b"next")
    assert decode(stream) == ([b"next"], 1) == decode_in_cpp(twins, stream)


def test_text_before_the_first_zero_is_text():
    decoder = FrameDecoder()
    assert decoder.feed(b"circle 0.97\r\n") == []
    assert decoder.feed(b"rest\0" + encode_frame(b"x")) == [b"x"]
    assert (bytes(decoder.text), decoder.errors) == (b"circle 0.97\r\nrest", 0)


def test_crc_check_value():
    assert crc16(b"123456789") == 0x29B1  # the catalogued check value of CRC-16/CCITT-FALSE
