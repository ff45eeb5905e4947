"""Sessions with a board that misbehaves."""

import threading
import time
from contextlib import suppress
from dataclasses import replace
from itertools import count as counted

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_board import FakeBoard
from tinygesture.errors import UserError
from tinygesture.link import (
    Gap,
    LinkLost,
    Samples,
    SampleTracker,
    Session,
    injection,
    open_session,
    run_through,
)
from tinygesture.link import messages as m
from tinygesture.link import session as session_module
from tinygesture.link.frame import encode_frame


def frame(message: m.Message) -> bytes:
    return encode_frame(m.pack(message))


def receive(session: Session, kind: type) -> m.Message:
    for message in session.messages(silence=2.0):
        if isinstance(message, kind):
            return message
    raise AssertionError


def wait_for_bye(board: FakeBoard) -> None:
    deadline = time.monotonic() + 5
    while not isinstance(board.heard[-1], m.Bye) and time.monotonic() < deadline:
        time.sleep(0.01)


def test_hello_keep_alive_and_bye():
    board = FakeBoard()
    with open_session(board.port) as session:
        assert session.info == board.info
        time.sleep(0.8)
    wait_for_bye(board)
    assert [type(message) for message in board.heard] == [m.Hello, m.KeepAlive, m.Bye]


def test_text_before_hello_is_no_error():
    board = FakeBoard()
    board.say(b"tinygesture 0.1.0\r\ncircle 0.97\r\n")
    with open_session(board.port) as session:
        assert session.crc_errors == 0


def test_damaged_and_unfitting_frames_are_counted_and_passed_over():
    good = frame(m.Log("still here"))
    bad = bytearray(frame(m.Log("damaged")))
    bad[5] ^= 0x20
    unfitting = encode_frame(bytes([m.GestureEvent.TYPE, 1, 2]))
    unknown = encode_frame(b"\x99newer")
    board = FakeBoard()
    with open_session(board.port) as session:
        board.say(bytes(bad) + unfitting + unknown + good)
        assert receive(session, m.Log) == m.Log("still here")
        assert (session.crc_errors, session.malformed) == (1, 1)


@pytest.mark.parametrize("major, remedy", [(0, "Flash the board"), (2, "Update tinygesture")])
def test_another_major_version_is_refused_with_a_remedy(major, remedy):
    with pytest.raises(UserError, match=remedy):
        open_session(FakeBoard(major=major).port)


def test_a_newer_minor_version_is_welcome():
    with open_session(FakeBoard(minor=9).port) as session:
        assert session.info.minor == 9


def test_another_firmware_is_named(monkeypatch):
    monkeypatch.setattr(session_module, "HELLO_TIMEOUT_S", 0.5)
    with pytest.raises(UserError, match="another firmware"):
        open_session(FakeBoard(info=None).port)


def test_outputs_and_events_of_another_model_are_not_delivered():
    board = FakeBoard(labels=("a", "b"), model_id="01" * 8)
    with open_session(board.port) as session:
        board.say(frame(m.Probabilities(0, 0, np.zeros(5, np.int8))))
        board.say(frame(m.GestureEvent(0, 77, 200, 0, 1)))
        board.say(frame(m.GestureEvent(1, 1, 200, 0, 1)))
        assert receive(session, m.GestureEvent) == m.GestureEvent(1, 1, 200, 0, 1)
        assert session.malformed == 2


def test_a_model_without_labels_is_refused():
    with pytest.raises(UserError, match="without labels"):
        open_session(FakeBoard(model_id="01" * 8).port)


@pytest.mark.parametrize("second", [(8, 0), (8, 40_000), (0, 200_000), (8, 2**31 + 64_000)])
def test_a_clock_or_an_index_that_jumps_back_is_no_stream(second):
    """(index, time of its first sample) of a second message, after 8 samples 8 ms apart."""
    tracker = SampleTracker()
    t_us, counts = np.arange(8) * 8_000, np.zeros((8, 6), np.int16)
    tracker.unwrap(Samples(0, t_us, counts))
    with pytest.raises(LinkLost, match="jumped back"):
        tracker.unwrap(Samples(second[0], second[1] + t_us, counts))


def test_an_unplugged_board_is_a_sentence():
    board = FakeBoard()
    session = open_session(board.port)
    board.unplug()
    with pytest.raises(LinkLost, match="unplugged"):
        receive(session, m.Log)
    with pytest.raises(LinkLost):  # and stays one
        session.receive()
    session.close()


def test_silence_is_a_sentence():
    with open_session(FakeBoard().port) as session, pytest.raises(LinkLost, match="hangs"):
        next(session.messages(silence=0.3))


def test_a_board_that_left_frame_mode_is_greeted_again():
    log = frame(m.Log("on"))
    board = FakeBoard(answer=lambda message: [log] if isinstance(message, m.Streams) else [])
    with open_session(board.port) as session:
        session.stream(m.Stream.EVENTS)
        messages = session.lasting_messages(silence=0.6)
        assert next(messages) == m.Log("on")
        board.say(b"tinygesture 0.1.0\r\n")
        assert next(messages) == board.info
        assert next(messages) == m.Log("on")
        board.say(frame(board.info) + log)  # a late answer to a hello is no further greeting
        assert next(messages) == m.Log("on")
    wait_for_bye(board)
    asked = [message for message in board.heard if not isinstance(message, m.KeepAlive)]
    streams = m.Streams(m.Stream.EVENTS)
    assert asked == [m.Hello(), streams, m.Hello(), streams, m.Bye()]


def test_a_board_that_does_not_answer_a_second_hello_is_lost():
    board = FakeBoard()
    with open_session(board.port) as session:
        board.info = None
        with pytest.raises(LinkLost, match=r"nothing for 0\.6 s"):
            next(session.lasting_messages(silence=0.6))


def test_a_board_that_says_nothing_but_what_it_is_is_lost():
    board = FakeBoard()
    with open_session(board.port) as session:
        messages = session.lasting_messages(silence=0.6)
        assert next(messages) == board.info
        with pytest.raises(LinkLost, match=r"nothing else for 0\.6 s"):
            next(messages)


def test_a_session_ends_with_a_board_that_hangs(monkeypatch):
    """flush() would wait for ever."""
    with open_session(FakeBoard().port) as session:
        monkeypatch.setattr(session.port, "flush", lambda: pytest.fail("waits for the board"))


def test_another_version_at_a_second_hello_is_refused():
    board = FakeBoard()
    with open_session(board.port) as session:
        board.info = replace(board.info, major=2)
        with pytest.raises(UserError, match="Update tinygesture"):
            next(session.lasting_messages(silence=0.6))


@pytest.mark.parametrize(
    ("index", "first_us", "gap"),
    [
        (108, 864_000, Gap(100, 0.808, reset=False)),
        (108, 30_864_000, Gap(100, 30.808, reset=False)),
        (0, 0, Gap(0, 0.0, reset=True)),
        (108, 40_000, Gap(0, 0.0, reset=True)),
        (4, 864_000, Gap(0, 0.0, reset=True)),
    ],
)
def test_a_gap_or_another_life_of_the_board(index, first_us, gap):
    """After 8 samples 8 ms apart, which begin with 0."""
    t_us, counts = np.arange(8) * 8_000, np.zeros((8, 6), np.int16)
    tracker = SampleTracker()
    tracker.unwrap(Samples(0, t_us, counts))
    assert tracker.gap(Samples(index, first_us + t_us, counts)) == gap


@pytest.mark.parametrize(
    "port, words", [("/dev/nowhere", "There is no port"), ("moon://here", "could not be opened")]
)
def test_a_port_that_cannot_be_opened(port, words):
    with pytest.raises(UserError, match=words):
        open_session(port)


def test_a_port_in_use():
    board = FakeBoard()
    with open_session(board.port), pytest.raises(UserError, match="in use"):
        open_session(board.port)


def test_an_injection_that_loses_an_output_is_refused():
    sent = iter(range(100))

    def answer(message: m.Message) -> list[bytes]:
        if not isinstance(message, m.Inject):
            return []
        if len(message.t_us) == 0:
            return [frame(m.Injected(0))]
        step = m.Probabilities(2 * next(sent), 0, np.zeros(2, np.int8))
        return [frame(step), frame(m.Injected(len(message.t_us)))]

    board = FakeBoard(answer=answer, labels=("a", "b"), model_id="01" * 8)
    with open_session(board.port) as session:
        samples = np.zeros((32, 6), np.int16)
        assert run_through(session, samples).probabilities.shape == (1, 2)
        with pytest.raises(LinkLost, match="output 0 is missing"):
            run_through(session, samples)


def test_events_are_told_on_the_clock_of_the_samples():
    """Also where that of the board has wrapped meanwhile; and how far it has come is told."""
    t_us = np.arange(200) * 10_000 + 2**32 - 1_000_000
    total = 0

    def answer(message: m.Message) -> list[bytes]:
        nonlocal total
        if not isinstance(message, m.Inject):
            return []
        total = 0 if m.InjectFlag.BEGIN in message.flags else total + len(message.t_us)
        taken = [frame(m.Injected(total))]
        if total == 0:
            return taken
        start, end = (int(at) % 2**32 for at in (t_us[total - 30], t_us[total - 1]))
        return [frame(m.GestureEvent(total // 32, 1, 200, start, end)), *taken]

    board = FakeBoard(answer=answer, labels=("a", "b"), model_id="01" * 8)
    told: list[int] = []
    with open_session(board.port) as session:
        events = run_through(session, np.zeros((192, 6), np.int16), t_us[:192], told.append).events
    assert [one.end_us for one in events] == t_us[31:192:32].tolist()
    assert [one.start_us for one in events] == t_us[2:192:32].tolist()
    assert told == sorted(told) and 0 < told[-1] <= 192


def test_an_injection_whose_begin_is_lost_ends(monkeypatch):
    """The board's own outputs come on meanwhile."""
    monkeypatch.setattr(injection, "ANSWER_TIMEOUT_S", 0.4)
    board = FakeBoard(labels=("a", "b"), model_id="01" * 8)

    def recognise() -> None:
        with suppress(OSError):
            for step in counted():
                board.say(frame(m.Probabilities(step, 0, np.zeros(2, np.int8))))
                time.sleep(0.05)

    threading.Thread(target=recognise, daemon=True).start()
    with open_session(board.port) as session, pytest.raises(LinkLost, match="answer is missing"):
        run_through(session, np.zeros((32, 6), np.int16))
    board.unplug()


def test_an_injection_needs_no_imu():
    trouble = frame(m.Error(m.ErrorCode.IMU, "no IMU answers"))

    def answer(message: m.Message) -> list[bytes]:
        taken = [frame(m.Injected(len(message.t_us)))] if isinstance(message, m.Inject) else []
        return [trouble, *taken]

    board = FakeBoard(answer=answer, labels=("a", "b"), model_id="01" * 8)
    with open_session(board.port) as session:
        assert run_through(session, np.zeros((32, 6), np.int16)).probabilities.shape == (0, 2)


@given(
    st.integers(0, 2**32 - 1),
    st.integers(0, 2**32 - 1),
    st.lists(st.tuples(st.integers(1, 8), st.integers(0, 40), st.booleans()), min_size=1),
)
def test_the_tracker_counts_every_lost_sample(first_index, first_us, runs):
    """runs: samples per message, missing samples after it, and whether the message is lost."""
    index, arrived, lost, since_last = 0, [], 0, 0
    tracker = SampleTracker()
    for count, missing, message_lost in runs:
        t_us = (first_us + 8_000 * np.arange(index, index + count)) & 0xFFFFFFFF
        message = Samples((first_index + index) & 0xFFFFFFFF, t_us, np.zeros((count, 6), np.int16))
        if message_lost:
            since_last += count
        else:
            lost += since_last if arrived else 0
            since_last = 0
            arrived += tracker.unwrap(message).tolist()
        index += count + missing
        since_last += missing
    assert tracker.lost == lost
    assert tracker.received == len(arrived)
    assert all(step % 8_000 == 0 and step > 0 for step in np.diff(arrived))
