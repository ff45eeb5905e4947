"""Marking a continuous recording: what is proposed, what each key does, and what is drawn."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from tinygesture.cli.capturing.keys import BACKSPACE, DOWN, ENTER, ESCAPE, LEFT, RIGHT, UP
from tinygesture.cli.labelling.marking import KEYS, LEAP_US, STEP_US, VIEWS_US, Marking, Mode
from tinygesture.cli.labelling.proposals import motion, spans
from tinygesture.cli.labelling.view import View
from tinygesture.dataset import Interval, Meta, Recording, intervals
from tinygesture.synth import parse_script, perform

SECOND = 1_000_000
PROPOSED = [(i * SECOND, i * SECOND + 500_000) for i in (2, 10, 20, 50)]


def begin(marked: list[Interval] | None = None, labels: tuple[str, ...] = ("circle", "punch")):
    return Marking.begin(60 * SECOND, labels, marked or [], PROPOSED)


def press(marking: Marking, *keys: str) -> Marking:
    for key in keys:
        marking.press(key)
    return marking


@pytest.mark.parametrize("subject", [1, 101])
def test_every_gesture_is_proposed_once_and_in_its_place(subject: int) -> None:
    gestures = "circle x 3, punch x 3, rest:3, flex, wave x 2, letter-a x 2, digit-3, clap"
    made = perform(parse_script(gestures), subject, 1)
    performed = [one for one in made.intervals if one.label != "rest"]
    proposed = spans(made.t_us, motion(made.t_us, made.counts))
    assert len(proposed) == len(performed)
    for (start, end), interval in zip(proposed, performed, strict=True):
        assert abs(start - interval.start_us) < 120_000
        assert abs(end - interval.end_us) < 120_000


def test_stillness_has_no_proposals() -> None:
    made = perform(parse_script("rest:10"), 1, 1)
    assert spans(made.t_us, motion(made.t_us, made.counts)) == []
    assert spans(made.t_us[:1], motion(made.t_us[:1], made.counts[:1])) == []


def test_digits_name_and_go_on() -> None:
    marking = press(begin(), "1", "2", " ")
    assert [one.label for one in marking.marks] == ["circle", "punch", "punch", ""]
    assert marking.chosen == 3
    assert marking.named == [
        Interval(label, *span)
        for label, span in zip(("circle", "punch", "punch"), PROPOSED, strict=False)
    ]


def test_a_label_is_typed() -> None:
    marking = press(begin(), "n", *"Wave!", BACKSPACE, ENTER)
    assert marking.named[0].label == "Wave"
    assert marking.labels == ["circle", "punch", "Wave"]
    press(marking, "n", *"CIRCLE", ENTER)
    assert marking.named[1].label == "circle"  # as it is spelled already
    press(marking, "n", *"no name", ENTER)
    assert marking.mode is Mode.NAME and "A label has" in marking.notice
    press(marking, ESCAPE, "3")
    assert marking.named[2].label == "Wave"


def test_edges_move_within_the_recording() -> None:
    marking = press(begin(), "1", LEFT, "b", LEFT, LEFT, "e", UP, RIGHT, ENTER)
    start, end = PROPOSED[0]
    expected = Interval("circle", start - 2 * STEP_US, end + LEAP_US + STEP_US)
    assert marking.named == [expected]
    press(marking, "b", *[DOWN] * 50)
    assert marking.named[0].start_us == 0
    press(marking, *[UP] * 50)
    assert marking.named[0].start_us == expected.end_us - 50_000
    press(marking, ENTER, *[RIGHT] * 9, "e", *[UP] * 99)
    assert marking.marks[-1].end_us == 60 * SECOND


def test_undo_takes_back_one_change_after_the_other() -> None:
    marking = begin()
    before = marking.marks
    press(marking, "1", LEFT, "b", UP, "u")
    assert [one.label for one in marking.marks] == ["circle", "", "", ""]
    assert marking.marks[0].start_us == before[0].start_us
    press(marking, "d", "i", "u", "u")
    assert len(marking.marks) == 4
    press(marking, "u")
    assert marking.marks == before
    assert press(marking, "u").notice == "There is nothing to undo."


def test_an_interval_is_inserted_where_one_looks() -> None:
    marking = press(begin(), ".", ".", ".", "i")
    middle = marking.view[0] + marking.view[1] // 2
    assert marking.current == Interval("", middle - 500_000, middle + 500_000)
    assert press(marking, "2").named == [Interval("punch", middle - 500_000, middle + 500_000)]


def test_work_goes_on_behind_what_is_marked() -> None:
    marked = [Interval("circle", 1_900_000, 2_400_000), Interval("punch", 30_000_000, 31_000_000)]
    marking = begin(marked)
    assert [one.label for one in marking.marks] == ["circle", "", "", "punch", ""]
    assert marking.chosen == 4
    begin_us, length_us = marking.view
    assert begin_us <= 50 * SECOND <= begin_us + length_us


@pytest.mark.parametrize(
    "answer, mode, named",
    [
        ("y", Mode.OVER, [Interval("background", 0, 60 * SECOND)]),
        ("n", Mode.OVER, []),
        ("x", Mode.CHOOSE, []),
    ],
)
def test_a_recording_without_gestures(answer: str, mode: Mode, named: list[Interval]) -> None:
    marking = press(begin(), "q")
    assert marking.mode is Mode.NOTHING
    press(marking, answer)
    assert marking.mode is mode
    assert marking.named == named


def test_q_ends_at_once_where_something_is_named() -> None:
    assert press(begin(), "1", "q").mode is Mode.OVER


some_keys = st.lists(
    st.sampled_from([*KEYS, *"nbediu,.+-q ²äA_", LEFT, RIGHT, UP, DOWN, ENTER, ESCAPE, BACKSPACE]),
    max_size=60,
)


@given(
    keys=some_keys,
    length_us=st.integers(100_000, 200 * SECOND),
    proposed=st.lists(st.integers(0, 199), max_size=5),
)
def test_whatever_is_pressed_can_be_saved_and_drawn(
    keys: list[str], length_us: int, proposed: list[int]
) -> None:
    found = [(i * SECOND, i * SECOND + 400_000) for i in proposed if (i + 1) * SECOND < length_us]
    marking = Marking.begin(length_us, ["circle"], [], found)
    t_us = np.linspace(0, length_us, 50).astype(np.int64)
    recording = Recording(t_us, np.ones((50, 6), np.int16), Meta.unknown(""))
    for key in keys:
        marking.press(key)
        assert [*marking.marks] == sorted(marking.marks, key=lambda one: one.start_us)
        assert all(0 <= one.start_us < one.end_us <= length_us for one in marking.marks)
        assert 0 <= marking.chosen < max(len(marking.marks), 1)
        assert marking.view[0] >= 0 and marking.view[1] in VIEWS_US
        intervals.encode(marking.named)
    drawn(View("a/1", recording, np.ones(50), marking), (80, 24))


def drawn(view: View, size: tuple[int, int]) -> list[str]:
    console = Console(file=io.StringIO(), width=size[0], height=size[1])
    console.print(view)
    lines = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert max(map(len, lines)) <= size[0]
    assert len(lines) <= size[1]
    return lines


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (132, 50)])
@pytest.mark.parametrize("keys", ["", "1", "b", "ne", "+++", "---", "ddddq"])
def test_it_fits_the_terminal(size: tuple[int, int], keys: str) -> None:
    made = perform(parse_script("circle x 2, punch, walk:4"), 1, 1)
    moved = motion(made.t_us, made.counts)
    labels = [f"a-rather-long-label-{i}" for i in range(12)]
    marking = Marking.begin(int(made.t_us[-1]), labels, [], spans(made.t_us, moved))
    recording = Recording(made.t_us, made.counts, Meta.unknown(""))
    press(marking, *keys)
    lines = drawn(View("continuous/1   20.5 s", recording, moved, marking), size)
    assert "continuous/1" in lines[0]
    assert len(lines) >= size[1] - 2
    assert any("±" in line for line in lines)


def test_the_bar_lies_under_the_motion() -> None:
    t_us = np.arange(0, 8 * SECOND, 10_000)
    counts = np.zeros((800, 6), np.int16)
    counts[200:300, 3] = 8000
    marking = Marking.begin(8 * SECOND, [], [Interval("circle", 2 * SECOND, 3 * SECOND)], [])
    recording = Recording(t_us, counts, Meta.unknown(""))
    lines = drawn(View("a/1", recording, np.abs(counts[:, 3]) / 16, marking), (80, 24))
    strip, marks = lines[1:3]
    assert strip[20:30] == "█" * 10 and marks.strip() == "━" * 11
    [bar] = [line for line in lines if "circle" in line and "├" in line]
    assert bar.rstrip() == " " * 20 + "├─circle─┤"
