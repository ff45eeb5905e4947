"""What a board measures of itself, from two of its messages."""

from types import SimpleNamespace

import numpy as np
import pytest

from tinygesture.cli import device
from tinygesture.cli.device import Device
from tinygesture.cli.measuring import MESSAGES, Measured, measure, measured, sentences
from tinygesture.detector import Event
from tinygesture.evaluation.continuous import Heard
from tinygesture.link import Answers, GestureEvent, Statistics, Stream


def statistics(clock_us, asleep_us, inference=(3, 5, 9), stack=1000, ram=2000):
    least, median, most = inference
    return Statistics(
        *(0, 0, 0, 0, 0, 0, 0, 0, most, stack, least, median),
        *(clock_us % 2**32, asleep_us % 2**32, ram),
    )


def board(name="nano33ble", minor=1):
    return SimpleNamespace(info=SimpleNamespace(board=name, major=1, minor=minor))


def test_activity_is_what_was_not_slept_between_the_two():
    found = measured(statistics(1_000_000, 400_000), statistics(3_000_000, 2_300_000))
    assert found == Measured(3, 5, 9, pytest.approx(0.05), 1000, 2000)


def test_both_clocks_wrap():
    found = measured(statistics(-500_000, -100_000), statistics(500_000, 650_000))
    assert found.active == pytest.approx(0.25)


def test_what_a_board_does_not_measure_is_none():
    found = measured(statistics(1, 0, (0, 0, 0), 0, 0), statistics(2_000_000, 0, (0, 0, 0), 0, 0))
    assert found == Measured(None, None, None, None, None, None)
    assert sentences(board(), found) == []


def test_an_inference_of_less_than_a_microsecond_is_one():
    found = measured(statistics(1, 1, (0, 0, 2)), statistics(2_000_000, 1_000_000, (0, 0, 2)))
    assert (found.inference_us_min, found.inference_us_median) == (0, 0)


def test_a_firmware_of_version_1_0():
    older = Statistics(*range(8), 77, 1234)
    found = measured(older, older)
    assert found == Measured(None, None, 77, None, 1234, None)
    text = " ".join(sentences(board(minor=0), found))
    assert "77 µs at most" in text
    assert "stack 1,234 bytes" in text
    assert "older" in text


def test_sentences_for_people():
    found = Measured(1203, 1210, 1433, 0.0812, 1984, 98_304)
    text = " ".join(sentences(board(), found))
    assert "1,203 µs at least, 1,210 µs in the median, 1,433 µs at most" in text
    assert "active 8.1% of the time" in text
    assert "stack 1,984 bytes, free RAM 98,304 bytes" in text
    assert "virtual" not in text
    assert "not a Cortex-M4's" in " ".join(sentences(board("cm4"), found))


def test_measuring_asks_for_statistics_and_stops_them():
    asked = []
    said = [statistics(i * 1_000_000, i * 900_000) for i in range(1, MESSAGES + 5)]
    session = SimpleNamespace(stream=asked.append, messages=lambda: iter([object(), *said]))
    assert measure(session).active == pytest.approx(0.1)
    assert asked == [Stream.EVENTS | Stream.STATISTICS, Stream(0)]


def test_a_data_set_is_compared_output_by_output(monkeypatch):
    answers = np.array([[1, 2], [3, 4]], np.int8)
    wrong = np.array([[1, 2], [3, 5]], np.int8)
    the_host = SimpleNamespace(model=SimpleNamespace(predict=lambda counts: answers))
    monkeypatch.setattr(device, "check_model", lambda session, bundle: None)
    monkeypatch.setattr(
        device, "run_through", lambda session, counts: SimpleNamespace(probabilities=counts)
    )
    whole = Device(board(), SimpleNamespace(), the_host)
    assert whole.predict(answers) is answers
    assert whole.same
    whole.predict(wrong)
    assert not whole.same
    assert whole.json == {"vectors": 4, "equal": 3, "events": 0, "events_equal": 0}
    assert whole.sentences == ["3 of 4 outputs are equal to the host's."]


def test_a_continuous_recording_is_compared_event_by_event(monkeypatch):
    answers = np.array([[1, 2], [3, 4]], np.int8)
    heard = Heard(answers, [Event(1, 200, 10_000, 40_000), Event(0, 150, 90_000, 120_000)])
    told = [GestureEvent(7, 1, 200, 10_000, 40_000), GestureEvent(8, 0, 151, 90_000, 120_000)]
    monkeypatch.setattr(device, "check_model", lambda session, bundle: None)
    monkeypatch.setattr(device, "run_through", lambda *given: Answers(answers, told))
    whole = Device(board(), SimpleNamespace(), lambda t_us, counts: heard)
    found = whole.listen(np.arange(2), np.zeros((2, 6), np.int16), lambda samples: None)
    assert found.events == [heard.events[0], Event(0, 151, 90_000, 120_000)]
    assert whole.json == {"vectors": 2, "equal": 2, "events": 2, "events_equal": 1}
    assert not whole.same
    assert whole.sentences[1] == "1 of 2 events are, too."
