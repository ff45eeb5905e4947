"""The running score of a performance, beside the rules of `match`, which knows everything."""

from hypothesis import given
from hypothesis import strategies as st

from tinygesture.cli.matching import LATE_S, Performed, match
from tinygesture.cli.monitor import Gesture
from tinygesture.cli.score import ON_THE_WAY_S, PAUSE, Score

LABELS = ("circle", "punch")
KNOWN = frozenset(LABELS)
lengths = st.integers(1, 20).map(lambda tenths: tenths / 10)


@st.composite
def performances(draw: st.DrawFn) -> list[Performed]:
    performed, now = [], 0.0
    for label in draw(st.lists(st.sampled_from([*LABELS, "walk"]), max_size=8)):
        start = round(now + draw(lengths), 1)
        now = round(start + draw(lengths), 1)
        performed.append(Performed(label, start, now))
    return performed


def event(label: str, at: float) -> Gesture:
    return Gesture(label, 0.9, at - 0.2, at)


@given(performances(), st.lists(st.tuples(st.sampled_from(LABELS), st.floats(0, 40)), max_size=8))
def test_it_is_that_of_match(performed: list[Performed], heard: list[tuple[str, float]]) -> None:
    events = [event(label, at) for label, at in sorted(heard, key=lambda one: one[1])]
    whole = match(performed, events)
    score = Score(iter(performed), KNOWN)
    outcomes, now = [], 0.0
    for one in [*events, None]:
        now = one.end_s if one else 100.0
        list(score.begun(now))
        if one:
            score.hear(one)
        outcomes += score.settled(now)
    assert score.over()
    assert [outcome.performed for outcome in outcomes] == performed
    assert [outcome.event for outcome in outcomes] == whole.recognised
    assert score.recognised == whole.hits
    assert sum(score.false.values()) == len(whole.false)
    assert score.gestures == sum(one.label in KNOWN for one in performed)


def test_false_events_are_counted_by_what_was_done_meanwhile() -> None:
    score = Score(iter([Performed("walk", 1, 11), Performed("circle", 13, 14)]), KNOWN)
    assert [one.label for one in score.begun(5)] == ["walk"]
    assert score.hear(event("punch", 4)) == "walk"
    assert score.hear(event("punch", 5)) == "walk"
    assert [*score.begun(12.5)] == []
    assert score.hear(event("circle", 12.5)) == PAUSE
    assert [one.label for one in score.begun(14)] == ["circle"]
    assert score.hear(event("circle", 14)) is None
    assert score.hear(event("circle", 14.1)) == "circle"
    assert [outcome.known for outcome in score.settled(14.2)] == [False]
    assert not score.over()
    [outcome] = score.settled(14 + LATE_S + ON_THE_WAY_S + 0.01)
    assert outcome.event is not None
    assert score.over()
    assert score.figures() == {
        "gestures": 1,
        "recognised": 1,
        "false": 4,
        "false_during": {"walk": 2, PAUSE: 1, "circle": 1},
    }


def test_it_keeps_nothing_of_what_is_settled() -> None:
    score = Score((Performed("walk", 2 * i, 2 * i + 1) for i in range(10**9)), KNOWN)
    for now in range(0, 20_000, 10):
        list(score.begun(now))
        list(score.settled(now))
    assert len(score._pending) < 10
