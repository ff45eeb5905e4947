"""The running score of a performance, beside `match`, which knows everything."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tinygesture.cli.monitor import Gesture
from tinygesture.cli.score import ON_THE_WAY_US, Score
from tinygesture.dataset import Interval
from tinygesture.evaluation.matching import PAUSE, TOLERANCE_US, match

LABELS = ("circle", "punch")
KNOWN = frozenset(LABELS)
SECOND = 1_000_000
tenths = st.integers(1, 20).map(lambda count: count * 100_000)


@st.composite
def performances(draw: st.DrawFn) -> list[Interval]:
    performed, now = [], 0
    for label in draw(st.lists(st.sampled_from([*LABELS, "walk"]), max_size=8)):
        start = now + draw(tenths)
        now = start + draw(tenths)
        performed.append(Interval(label, start, now))
    return performed


def event(label: str, at_s: float) -> Gesture:
    return Gesture(label, 0.9, at_s - 0.2, at_s)


@given(performances(), st.lists(st.tuples(st.sampled_from(LABELS), st.floats(0, 40)), max_size=8))
def test_it_is_that_of_match(performed: list[Interval], heard: list[tuple[str, float]]) -> None:
    events = [event(label, at) for label, at in sorted(heard, key=lambda one: one[1])]
    whole = match(performed, events, KNOWN)
    score = Score(iter(performed), KNOWN)
    outcomes, now = [], 0
    for one in [*events, None]:
        now = one.end_us if one else 100 * SECOND
        list(score.begun(now))
        if one:
            score.hear(one)
        outcomes += score.settled(now)
    assert score.over()
    assert outcomes == whole.outcomes
    assert score.recognised == sum(one.event is not None for one in whole.outcomes)
    assert score.false == Counter(one.during for one in whole.surplus if not one.duplicate)
    assert score.duplicates == sum(one.duplicate for one in whole.surplus)
    assert score.gestures == sum(one.label in KNOWN for one in performed)


def test_false_events_are_counted_by_what_was_done_meanwhile() -> None:
    truth = [Interval("walk", SECOND, 11 * SECOND), Interval("circle", 13 * SECOND, 14 * SECOND)]
    score = Score(iter(truth), KNOWN)
    assert [one.label for one in score.begun(5 * SECOND)] == ["walk"]
    for at_s in (4, 5):
        surplus = score.hear(event("punch", at_s))
        assert surplus and surplus.during == "walk"
    assert [*score.begun(12 * SECOND)] == []
    assert score.hear(event("circle", 12.5)) == (event("circle", 12.5), PAUSE, False)
    assert [one.label for one in score.begun(14 * SECOND)] == ["circle"]
    assert score.hear(event("circle", 14)) is None
    again = score.hear(event("circle", 14.1))
    assert again and again.duplicate
    over_us = 14 * SECOND + TOLERANCE_US
    assert [outcome.known for outcome in score.settled(over_us)] == [False]
    assert not score.over()
    [outcome] = score.settled(over_us + ON_THE_WAY_US + 1)
    assert outcome.event is not None
    assert score.over()
    assert score.figures() == {
        "gestures": 1,
        "recognised": 1,
        "false": 3,
        "false_during": {"walk": 2, PAUSE: 1},
        "duplicates": 1,
    }
