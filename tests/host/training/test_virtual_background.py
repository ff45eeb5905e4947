"""The synthetic background of a training: what it is, and who makes it."""

import numpy as np
import pytest

from tinygesture.training import background as virtual
from tinygesture.training.background import (
    TEST_PEOPLE,
    TRAINING_PEOPLE,
    VALIDATION_PEOPLE,
    background,
    background_examples,
    background_label,
    with_background,
)

made_anew = background.__wrapped__


def test_everybody_lives_for_the_same_time():
    stretches = background(3, TRAINING_PEOPLE[:3], 0)
    assert all(6000 <= len(counts) <= 6001 for counts in stretches)
    assert all(counts.dtype == np.int16 and counts.shape[1] == 6 for counts in stretches)
    gravity = np.median([np.linalg.norm(counts[:, :3], axis=1).mean() for counts in stretches])
    assert 0.9 < gravity / 8192 < 1.1


def test_the_seed_is_the_day():
    first, again, other = (made_anew(0.5, range(1001, 1003), seed) for seed in (0, 0, 1))
    assert all((a == b).all() for a, b in zip(first, again, strict=True))
    assert all((a != b).any() for a, b in zip(first, other, strict=True))


def test_what_is_shared_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        background(0.5, range(1001, 1003), 0)[0][0, 0] = 1


def test_several_processes_make_the_same(monkeypatch):
    alone = made_anew(0.5, range(1001, 1005), 0)
    monkeypatch.setattr(virtual, "WORTH_PROCESSES", 0.0)
    together = made_anew(0.5, range(1001, 1005), 0)
    assert all((a == b).all() for a, b in zip(alone, together, strict=True))


def test_nobody_is_on_two_sides():
    people = [*TRAINING_PEOPLE, *VALIDATION_PEOPLE, *TEST_PEOPLE]
    assert len(set(people)) == len(people)


def test_background_that_was_recorded_is_the_same_label():
    assert with_background(["a", "b"]) == ("a", "b", "background")
    assert with_background(["Background", "b"]) == ("Background", "b")
    assert background_label(["a", "BACKGROUND"]) == 1
    assert background_label(["a", "rest"]) is None
    examples = background_examples(0.1, range(1001, 1003), 0, ["a", "Background"])
    assert [example.label for example in examples] == [1, 1]
