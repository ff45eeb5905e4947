"""Which events count."""

from tinygesture.cli.matching import LATE_S, Performed, match
from tinygesture.cli.monitor import Gesture

SCRIPT = [Performed("circle", 1.0, 2.0), Performed("punch", 4.0, 5.0)]


def event(label, at):
    return Gesture(label, 0.9, at - 0.2, at)


def test_each_gesture_takes_one_event_of_its_label():
    events = [event("circle", 1.5), event("punch", 5.0 + LATE_S)]
    found = match(SCRIPT, events)
    assert found.recognised == events
    assert found.hits == 2
    assert found.false == []


def test_every_other_event_is_false():
    for wrong in (
        event("punch", 1.5),  # another gesture
        event("circle", 1.8),  # a second time
        event("circle", 2.1 + LATE_S),  # too late
        event("circle", 0.5),  # nothing performed yet
        event("flex", 4.5),
    ):
        found = match(SCRIPT, [event("circle", 1.4), wrong])
        assert found.false == [wrong]
        assert found.hits == 1


def test_no_events():
    found = match(SCRIPT, [])
    assert found.hits == 0
    assert found.recognised == [None, None]
