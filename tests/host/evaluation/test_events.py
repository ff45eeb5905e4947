"""Which events are recognitions, and the figures that follow."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinygesture.dataset import Interval
from tinygesture.evaluation.events import figures
from tinygesture.evaluation.matching import PAUSE, TOLERANCE_US, Matcher, Reported, match
from tinygesture.evaluation.statistics import rate

LABELS = ("circle", "punch")
HOUR_US = 3_600_000_000
SCRIPT = [
    Interval("circle", 1_000_000, 2_000_000),
    Interval("punch", 4_000_000, 5_000_000),
    Interval("walk", 10_000_000, 20_000_000),
]


def event(label: str, at_us: int) -> Reported:
    return Reported(label, 0.9, max(at_us - 200_000, 0), at_us)


RIGHT = [event("circle", 1_500_000), event("punch", 5_000_000 + TOLERANCE_US)]

times = st.integers(0, 40_000_000)
reported = st.lists(st.builds(event, st.sampled_from(LABELS), times), max_size=12)


@st.composite
def performances(draw: st.DrawFn) -> list[Interval]:
    performed, now = [], 0
    for label in draw(st.lists(st.sampled_from([*LABELS, "walk"]), max_size=8)):
        start = now + draw(st.integers(0, 3_000_000))
        now = start + draw(st.integers(1, 3_000_000))
        performed.append(Interval(label, start, now))
    return performed


def test_each_gesture_takes_one_event_of_its_label() -> None:
    found = match(SCRIPT, RIGHT, LABELS)
    assert [one.event for one in found.outcomes] == [*RIGHT, None]
    assert [one.known for one in found.outcomes] == [True, True, False]
    assert found.surplus == []


@pytest.mark.parametrize(
    "wrong, during, duplicate",
    [
        (event("punch", 1_500_000), "circle", False),
        (event("circle", 1_800_000), "circle", True),
        (event("circle", 2_000_001 + TOLERANCE_US), PAUSE, False),
        (event("circle", 999_999), PAUSE, False),
        (event("circle", 12_000_000), "walk", False),
    ],
)
def test_every_other_event_is_left_over(wrong: Reported, during: str, duplicate: bool) -> None:
    found = match(SCRIPT, [*RIGHT, wrong], LABELS)
    assert found.surplus == [(wrong, during, duplicate)]
    assert [one.event for one in found.outcomes] == [*RIGHT, None]


def test_figures_by_hand() -> None:
    wrong = [event("circle", 1_800_000), event("punch", 12_000_000), event("punch", 30_000_000)]
    of = figures([match(SCRIPT, [RIGHT[0], *wrong], LABELS)], LABELS, hours=2.0)
    assert (of["gestures"], of["recognised"], of["events"]) == (2, 1, 4)
    assert (of["false"], of["duplicates"]) == (2, 1)
    assert (of["precision"], of["recall"], of["f1"]) == (0.25, 0.5, pytest.approx(1 / 3))
    assert of["false_per_hour"] == 1.0
    assert of["false_per_hour_upper"] == pytest.approx(6.2958 / 2, abs=1e-4)  # tables of Poisson
    assert of["false_during"] == {"walk": 1, PAUSE: 1}
    assert of["delay_ms"] == {"median": 500.0, "p90": 500.0}
    assert of["gesture_ms"] == 1000.0
    assert of["tolerance_ms"] == 500
    assert of["labels"]["circle"] == {
        "gestures": 1, "recognised": 1, "false": 0, "duplicates": 1,
        "precision": 0.5, "recall": 1.0, "f1": pytest.approx(2 / 3),
    }  # fmt: skip
    assert of["labels"]["punch"]["false"] == 2


def test_background_alone_has_neither_precision_nor_recall() -> None:
    of = figures([match([], [], LABELS)], LABELS, hours=3.0)
    assert of["precision"] is of["recall"] is of["f1"] is of["delay_ms"]["median"] is None
    assert of["false_per_hour_upper"] == rate(0, 3.0).upper


@given(performances(), reported)
def test_every_event_and_gesture_is_counted_once(
    performed: list[Interval], events: list[Reported]
) -> None:
    found = match(performed, events, LABELS)
    of = figures([found], LABELS, hours=1.0)
    assert [one.performed for one in found.outcomes] == performed
    assert of["recognised"] + of["false"] + of["duplicates"] == of["events"] == len(events)
    for what in ("gestures", "recognised", "false", "duplicates"):
        assert sum(label[what] for label in of["labels"].values()) == of[what]
    assert sum(of["false_during"].values()) == of["false"]
    for outcome in found.outcomes:
        if outcome.event:
            assert outcome.event.label == outcome.performed.label
            late_us = outcome.event.end_us - outcome.performed.end_us
            assert outcome.event.end_us >= outcome.performed.start_us and late_us <= TOLERANCE_US


@given(performances(), reported)
def test_no_other_choice_recognises_more(performed: list[Interval], events: list[Reported]) -> None:
    """Augmenting paths find the most that any assignment of events to gestures could."""

    def due(i: int) -> list[int]:
        label, start_us, end_us = performed[i]
        return [
            j
            for j, one in enumerate(events)
            if one.label == label and start_us <= one.end_us <= end_us + TOLERANCE_US
        ]

    taken: dict[int, int] = {}

    def place(i: int, tried: set[int]) -> bool:
        for j in set(due(i)) - tried:
            tried.add(j)
            if j not in taken or place(taken[j], tried):
                taken[j] = i
                return True
        return False

    most = sum(place(i, set()) for i in range(len(performed)))
    found = match(performed, events, LABELS)
    assert sum(one.event is not None for one in found.outcomes) == most


@given(st.lists(st.tuples(performances(), reported), min_size=1, max_size=4))
def test_figures_of_several_recordings_are_those_of_one_after_the_other(
    recordings: list[tuple[list[Interval], list[Reported]]],
) -> None:
    apart = [match(performed, events, LABELS) for performed, events in recordings]
    intervals, events = [], []
    for i, (performed, heard) in enumerate(recordings):
        offset = i * HOUR_US
        intervals += [Interval(label, a + offset, b + offset) for label, a, b in performed]
        events += [one._replace(end_us=one.end_us + offset) for one in heard]
    whole = figures([match(intervals, events, LABELS)], LABELS, len(recordings))
    assert figures(apart, LABELS, len(recordings)) == whole


def test_a_matcher_keeps_nothing_of_what_is_settled() -> None:
    endless = (Interval("walk", 2_000_000 * i, 2_000_000 * i + 1_000_000) for i in range(10**9))
    matcher: Matcher[Reported] = Matcher(endless, LABELS)
    for now_us in range(0, 20_000_000_000, 10_000_000):
        list(matcher.begun(now_us))
        list(matcher.settled(now_us))
    assert len(matcher._pending) < 10


def test_the_rule_needs_nothing_but_the_base() -> None:
    """`perform` matches where neither TensorFlow nor SciPy is installed."""
    code = (
        "import sys, tinygesture.cli.live_performance, tinygesture.cli.score;"
        "assert not {'tensorflow', 'scipy', 'tflite_micro'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
