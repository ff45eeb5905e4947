"""What is recorded next, and what is there already."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinygesture.cli.capturing.script import Order, Script

LABELS = ("circle", "punch", "rest")


def play(script):
    made = []
    while script.next:
        made.append(script.next)
        script.keep(script.next)
    return made


def test_labels_in_the_given_order():
    assert play(Script(LABELS, 2, Counter())) == [
        "circle", "circle", "punch", "punch", "rest", "rest",
    ]  # fmt: skip


def test_shuffled_is_the_same_in_another_order():
    orders = {tuple(play(Script(LABELS, 5, Counter(), Order.SHUFFLED, seed))) for seed in range(5)}
    assert len(orders) == 5
    assert all(Counter(order) == dict.fromkeys(LABELS, 5) for order in orders)


def test_what_is_there_is_not_made_again():
    script = Script(LABELS, 3, Counter(circle=3, punch=1, wave=7, rest=9))
    assert (script.title, script.missing) == ("punch 2 of 3", 2)
    assert play(script) == ["punch", "punch"]
    assert script.title == "all recorded"


def test_a_label_that_is_named_twice_counts_once():
    assert play(Script(["circle", "circle"], 2, Counter())) == ["circle", "circle"]


def test_undo_comes_next_even_while_another_is_being_decided_on():
    script = Script(LABELS, 1, Counter())
    script.keep("circle")
    script.undo("circle")  # while punch is on the screen
    script.keep("punch")
    assert play(script) == ["circle", "rest"]


def test_a_skipped_one_is_not_asked_for_again():
    script = Script(LABELS, 1, Counter())
    script.skip("circle")
    assert play(script) == ["punch", "rest"]
    assert script.kept["circle"] == 0
    assert script.missing == 1  # the same command makes it


@pytest.mark.parametrize("order", Order)
@given(st.lists(st.sampled_from(["keep", "skip", "undo"])), st.integers(1, 4), st.integers(0, 5))
def test_nothing_is_forgotten(order, steps, count, there):
    script = Script(LABELS, count, Counter(circle=there), order, seed=1)
    asked, skipped, kept = script.missing, 0, []
    for step in steps:
        if step == "undo" and kept:
            script.undo(kept.pop())
        elif step != "undo" and (label := script.next):
            getattr(script, step)(label)
            if step == "keep":
                kept.append(label)
            else:
                skipped += 1
        assert script.missing == asked - len(kept)
        assert script.kept.total() == len(kept) + there
    assert len(play(script)) == asked - skipped - len(kept)
