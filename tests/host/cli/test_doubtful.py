"""Recordings with marks are told before a model learns from them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tinygesture.cli.commands.train_and_export import command
from tinygesture.cli.doubtful import doubtful
from tinygesture.dataset import Dataset, Meta, Recording
from tinygesture.errors import UserError


def recording(label: str, motion: int, seed: int = 0, clipped: int = 0) -> Recording:
    """motion: the greatest count."""
    counts = np.random.default_rng(seed).integers(-motion, motion, (200, 6)).astype(np.int16)
    meta = replace(Meta.unknown(label), rate_hz=200.0, clipped=clipped)
    return Recording(np.arange(200) * 5000, counts, meta)


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    """Two circles of which one has no motion, and a strong punch."""
    made = Dataset.create(tmp_path / "d")
    made.add_all([recording("circle", 3000), recording("circle", 10, seed=1)])
    made.add(recording("punch", 3000, seed=2, clipped=5))
    return made


def test_training_warns_of_recordings_that_may_not_hold_their_gesture(
    dataset: Dataset, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UserError, match="too few recordings"):
        command.main([str(dataset.path), "--arch", "gru", "--name", "x"], standalone_mode=False)
    said = capfd.readouterr().out
    assert "WARNING: 1 of 3 recordings have marks (1 still): they may not hold" in said
    assert f"`tinygesture show circle --data {dataset.path}`; delete" in said
    assert f"`tinygesture data delete NAME --data {dataset.path}`" in said


def test_the_advice_can_be_typed_where_a_path_has_spaces(tmp_path: Path) -> None:
    made = Dataset.create(tmp_path / "my data")
    made.add(recording("circle", 10))
    [said] = doubtful(made)
    assert f"show circle --data '{made.path}'`" in said


def test_only_the_recordings_of_the_person_to_learn_from_count(dataset: Dataset) -> None:
    other = recording("circle", 10, seed=9)
    dataset.add(replace(other, meta=replace(other.meta, subject="ben")))
    [said] = doubtful(dataset, "ben")
    assert "1 of 1 recordings" in said
    assert [*doubtful(dataset, "anna")] == []


def test_every_label_with_marks_is_named(dataset: Dataset) -> None:
    dataset.add_all([recording("rest", 3000, seed=3), recording("punch", 10, seed=4)])
    [said] = doubtful(dataset)
    assert "3 of 5 recordings have marks (2 still, 1 restless)" in said
    assert "show circle" in said
    assert ", and so on for punch, rest;" in said


def test_a_strong_gesture_is_not_doubtful(dataset: Dataset) -> None:
    dataset.remove([entry for entry in dataset.entries if entry.marks == "still"])
    assert [entry.marks for entry in dataset.entries] == ["", "clipped"]
    assert [*doubtful(dataset)] == []
