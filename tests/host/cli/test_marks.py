"""Intervals that keys begin and end."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinygesture.cli.capturing.marks import Marks
from tinygesture.dataset import Interval


def test_a_key_begins_and_ends_and_another_takes_over():
    marks = Marks(["circle", "punch"])
    assert marks.press("1", 100) and marks.open == "circle"
    assert marks.press("1", 200) and marks.open == ""
    assert marks.press("2", 300) and marks.press("1", 400)
    assert marks.open == "circle"
    assert marks.until(450) == [
        Interval("circle", 100, 200), Interval("punch", 300, 400), Interval("circle", 400, 450),
    ]  # fmt: skip
    assert (marks.count("circle"), marks.count("punch")) == (2, 1)


@pytest.mark.parametrize("key", ["", "0", "3", "q", "²", "٣", "\n"])
def test_other_keys_are_none(key):
    assert not Marks(["circle", "punch"]).press(key, 100)


@given(st.lists(st.tuples(st.sampled_from("123x"), st.integers(0, 50))))
def test_intervals_have_a_duration_and_do_not_overlap(presses):
    marks, now = Marks(["a", "b", "c"]), 0
    for key, wait in presses:
        now += wait
        marks.press(key, now)
    found = marks.until(now + 1)
    assert all(interval.start_us < interval.end_us for interval in found)
    assert all(a.end_us <= b.start_us for a, b in pairwise(found))
