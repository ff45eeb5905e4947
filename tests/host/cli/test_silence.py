"""Boards that go on talking, and send no samples."""

from dataclasses import fields

import numpy as np
import pytest

from fake_board import FakeBoard
from tinygesture.cli.capturing import listener as listener_module
from tinygesture.cli.capturing.listener import Listener
from tinygesture.cli.measuring import measure
from tinygesture.cli.silence import Silence
from tinygesture.link import LinkLost, open_session, push, pushing
from tinygesture.link import messages as m
from tinygesture.link.frame import encode_frame

TALK = [m.Error(3, "it fails"), m.Log("on"), m.GestureEvent(0, 0, 230, 0, 1000), m.PlanTaken(0)]
STATISTICS = m.Statistics(*[0] * len(fields(m.Statistics)))


def samples(count):
    return m.Samples(0, np.arange(count) * 8000, np.ones((count, 6), np.int16))


def talkative(message):
    """A board that says this ten times whenever it hears something."""
    frame = encode_frame(m.pack(message))
    return FakeBoard(minor=2, labels=("a", "b"), model_id="01" * 8, answer=lambda _: [frame] * 10)


@pytest.mark.parametrize("message", [*TALK, STATISTICS, samples(0)])
def test_a_pause_of_this_computer_is_no_silence(message):
    now = [0.0]
    silence = Silence(lambda: now[0])
    for second in range(1, 5):
        now[0] += 0.5
        silence.take(message)
        assert silence.seconds == second / 2
    now[0] += 3600
    silence.take(message)
    assert silence.seconds == 3
    silence.take(samples(8))
    assert silence.seconds == 0


@pytest.mark.parametrize("message", [*TALK[1:], STATISTICS, samples(0)])
def test_listening_ends(monkeypatch, message):
    monkeypatch.setattr(listener_module, "SILENCE_S", 1.0)
    with (
        open_session(talkative(message).port) as session,
        pytest.raises(LinkLost, match="has sent no samples for 1 s"),
    ):
        next(Listener(session).blocks())


@pytest.mark.parametrize("message", TALK)
def test_measuring_ends(monkeypatch, message):
    monkeypatch.setattr("tinygesture.cli.measuring.SILENCE_S", 1.0)
    with (
        open_session(talkative(message).port) as session,
        pytest.raises(LinkLost, match="has told nothing of itself for 1 s"),
    ):
        measure(session)


@pytest.mark.parametrize("message", TALK)
def test_pushing_ends(monkeypatch, message):
    monkeypatch.setattr(pushing, "ANSWER_TIMEOUT_S", 0.2)
    with (
        open_session(talkative(message).port) as session,
        pytest.raises(LinkLost, match="undamaged in 5 attempts"),
    ):
        push(session, bytes(1000))
