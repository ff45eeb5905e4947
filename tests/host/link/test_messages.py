"""Messages: what is packed comes back, and no bytes make the host stumble."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinygesture.link import messages as m
from tinygesture.link.fields import MAX_BATCH
from tinygesture.link.frame import FrameDecoder

PROTOCOL = Path(__file__).parents[3] / "docs" / "protocol.md"

u8, u16, u32 = st.integers(0, 255), st.integers(0, 2**16 - 1), st.integers(0, 2**32 - 1)
text = st.text(max_size=20).map(lambda drawn: "".join(filter(str.isprintable, drawn)))


@st.composite
def batches(draw):
    steps = draw(st.lists(st.integers(0, 0xFFFF), min_size=1, max_size=MAX_BATCH))
    t_us = draw(u32) + np.cumsum([0, *steps[1:]])
    rows = st.lists(st.integers(-32768, 32767), min_size=6, max_size=6)
    counts = draw(st.lists(rows, min_size=len(steps), max_size=len(steps)))
    return t_us.astype(np.int64), np.array(counts, np.int16)


infos = st.builds(
    m.Info,
    st.just(m.PROTOCOL_MAJOR),
    u8,
    text,
    text,
    text,
    u32.map(lambda millihertz: millihertz / 1000),
    u16,
    u16,
    u32,
    text,
    st.one_of(st.just(""), st.binary(min_size=8, max_size=8).filter(any).map(bytes.hex)),
    text,
    text,
    u16,
    u16,
    st.lists(text, max_size=16).map(tuple),
)

simple_messages = st.one_of(
    st.builds(m.Hello, u8, u8),
    st.just(m.Bye()),
    st.just(m.KeepAlive()),
    st.builds(m.Streams, u8),
    st.builds(m.Cue, st.sampled_from(m.CueKind), text),
    infos,
    st.builds(m.GestureEvent, u16, u8, u8, u32, u32),
    st.builds(m.Statistics, *[u32] * 5, u16, *[u32] * 9),
    st.builds(m.Error, u8, text),
    st.builds(m.Log, text),
    st.builds(m.Injected, u32),
    st.builds(m.PlanBegin, u32, u8),
    st.just(m.PlanEnd()),
    st.just(m.PlanRemove()),
    st.builds(m.PlanTaken, u32),
    st.builds(m.FeedBegin, u32.map(lambda millihertz: millihertz / 1000), text),
    st.builds(m.FeedTaken, u32),
)


@given(simple_messages)
def test_a_message_comes_back(message):
    assert m.unpack(m.pack(message)) == message


@given(simple_messages, st.binary(max_size=8))
def test_fields_of_a_newer_minor_version_are_passed_over(message, more):
    assert m.unpack(m.pack(message) + more) == message


@given(st.lists(u32, min_size=4, max_size=4))
def test_statistics_of_a_firmware_of_version_1_0(ends):
    """What was added later reads 0."""
    full = m.Statistics(*range(6), *ends, *range(100, 105))
    payload = m.pack(full)[: -5 * 4]
    back = m.unpack(payload)
    assert back == m.Statistics(*range(6), *ends)
    assert back.asleep_us == back.clock_us == back.free_ram_bytes == 0
    with pytest.raises(m.MalformedMessage):
        m.unpack(payload[:-1])


@given(u32, batches())
def test_samples_come_back(index, batch):
    back = m.unpack(m.pack(m.Samples(index, *batch)))
    assert isinstance(back, m.Samples) and back.index == index
    assert np.array_equal(back.t_us, batch[0] & 0xFFFFFFFF)
    assert np.array_equal(back.counts, batch[1])


@given(u8, batches())
def test_injections_come_back(flags, batch):
    back = m.unpack(m.pack(m.Inject(m.InjectFlag(flags), *batch)))
    assert isinstance(back, m.Inject) and back.flags == flags
    assert np.array_equal(back.counts, batch[1])


@given(u32, u32, st.lists(st.integers(-128, 127), max_size=16))
def test_probabilities_come_back(step, t_us, values):
    back = m.unpack(m.pack(m.Probabilities(step, t_us, np.array(values, np.int8))))
    assert isinstance(back, m.Probabilities)
    assert (back.step, back.t_us, back.values.tolist()) == (step, t_us, values)


@given(st.binary(min_size=1, max_size=200))
def test_any_payload_is_a_message_or_malformed_or_unknown(payload):
    try:
        message = m.unpack(payload)
    except m.MalformedMessage:
        assert payload[0] in m.MESSAGES
    else:
        assert (message is None) == (payload[0] not in m.MESSAGES)


@pytest.mark.parametrize("kind", m.MESSAGES.values(), ids=lambda kind: kind.__name__)
def test_every_message_type_stands_in_the_protocol(kind):
    assert f"0x{kind.TYPE:02X}" in PROTOCOL.read_text()


def test_a_message_cut_short_is_malformed():
    payload = m.pack(m.GestureEvent(1, 2, 3, 4, 5))
    with pytest.raises(m.MalformedMessage):
        m.unpack(payload[:-1])


def test_a_batch_that_announces_more_than_it_holds_is_malformed():
    payload = m.pack(m.Samples(0, np.array([0, 1]), np.zeros((2, 6), np.int16)))
    with pytest.raises(m.MalformedMessage):
        m.unpack(payload[:-14])


def test_the_example_of_the_documentation():
    (line,) = re.findall(r"^    ((?:[0-9a-f]{2} ){10,}00)$", PROTOCOL.read_text(), re.M)[1:]
    (payload,) = decoder_in_frame_mode().feed(bytes.fromhex(line))
    assert m.unpack(payload) == m.GestureEvent(7, 2, 248, 4_000_000, 4_320_000)


def decoder_in_frame_mode() -> FrameDecoder:
    decoder = FrameDecoder()
    decoder.feed(b"\0")
    return decoder


def test_of_an_info_of_another_major_version_only_the_version_is_read():
    assert m.unpack(bytes([m.Info.TYPE, 2, 7, 255, 255, 255])) == m.Info(2, 7)


@pytest.mark.parametrize("raw", ["a\x1b[2Jb", "a\rb", "a\nb", "a\x9bb", "a\u202eb", "a\0b"])
def test_texts_of_a_board_do_not_command_a_terminal(raw):
    said = m.unpack(m.pack(m.Error(3, raw)))
    assert said.text.isprintable() and said.text.startswith("a\ufffd")
    info = m.Info(m.PROTOCOL_MAJOR, 0, labels=(raw, "rüttel"))
    assert m.unpack(m.pack(info)).labels == (said.text, "rüttel")
