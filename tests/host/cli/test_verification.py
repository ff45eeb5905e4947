"""What `verify` counts as equal."""

from tinygesture.cli.verification import Comparison, compare_events
from tinygesture.detector import Event
from tinygesture.link import GestureEvent

TOLD = [GestureEvent(7, 1, 200, 30_000, 90_000), GestureEvent(8, 2, 180, 400_000, 470_000)]
EXPECTED = [Event(1, 200, 30_000, 90_000), Event(2, 180, 400_000, 470_000)]


def test_events_are_compared_whole_and_in_order():
    assert compare_events(TOLD, EXPECTED) == Comparison(2, 2)
    assert compare_events(TOLD[::-1], EXPECTED) == Comparison(2, 0)
    assert compare_events(TOLD, [Event(1, 199, 30_000, 90_000), EXPECTED[1]]) == Comparison(2, 1)


def test_an_event_that_a_side_lacks_is_a_difference():
    assert compare_events(TOLD[:1], EXPECTED) == Comparison(2, 1)
    assert compare_events(TOLD, []) == Comparison(2, 0)
