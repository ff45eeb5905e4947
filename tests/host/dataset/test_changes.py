"""Removing, relabelling, correcting and adopting: the index and the files agree at every moment."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from test_store import make_recording

from tinygesture.dataset import Dataset, Interval
from tinygesture.dataset.files import draft_of
from tinygesture.errors import UserError


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    dataset = Dataset.create(tmp_path / "d")
    dataset.add_all(make_recording(label, seed=i) for i, label in enumerate("aabb"))
    return dataset


def continuous() -> tuple:
    recording = make_recording(seed=9)
    return replace(recording, meta=replace(recording.meta, label="")), [
        Interval("a", 0, 100_000),
        Interval("b", 120_000, 200_000),
    ]


def agrees(dataset: Dataset) -> Dataset:
    """The data set as a reader finds it, after every file and line was seen to belong together."""
    again = Dataset.open(dataset.path)
    assert again.every == dataset.every
    for entry in again.every:
        assert again.load(entry).meta == entry.meta
    files = {p.relative_to(again.path).as_posix() for p in again.path.glob("*/**/*.csv")}
    files = {file for file in files if not file.startswith(("trash/", "damaged/"))}
    assert {f for f in files if not f.endswith(".labels.csv")} == {e.file for e in again.every}
    return again


def test_what_is_removed_can_be_brought_back(dataset: Dataset) -> None:
    gone = dataset.entries[1]
    counts = dataset.load(gone).counts
    dataset.remove([gone])
    assert gone.id not in {entry.id for entry in agrees(dataset).entries}
    trash = Dataset.open(dataset.path / "trash")
    [entry] = dataset.adopt(trash.entries, trash)
    assert (entry.id, entry.meta) == (gone.id, gone.meta)
    np.testing.assert_array_equal(agrees(dataset).load(entry).counts, counts)


def test_another_label(dataset: Dataset) -> None:
    before = dataset.entries[0]
    [moved] = dataset.relabel(dataset.entries[:1], "b")
    assert (moved.id, moved.label) == (before.id, "b")
    assert moved.file.startswith("recordings/b/0003-")
    assert agrees(dataset).labels == ["a", "b"]
    assert len(dataset.entries) == 4
    with pytest.raises(UserError, match="cannot be the name of a label"):
        dataset.relabel(dataset.entries[:1], "no such name")
    agrees(dataset)


def test_correcting_whose_it_is(dataset: Dataset) -> None:
    dataset.change(dataset.entries[:2], subject="anna")
    assert [entry.subject for entry in agrees(dataset).entries] == ["anna", "anna", "s1", "s1"]


def test_adopting_keeps_ids_and_people(dataset: Dataset, tmp_path: Path) -> None:
    other = Dataset.create(tmp_path / "other")
    theirs = other.add(make_recording("a", seed=7))
    [ours] = dataset.adopt([theirs], other)
    assert (ours.id, ours.dataset) == (theirs.id, other.id)
    assert ours.person != dataset.entries[0].person
    agrees(dataset)


def test_continuous_recordings(dataset: Dataset) -> None:
    recording, intervals = continuous()
    entry = dataset.add_continuous(recording, intervals)
    again = agrees(dataset)
    assert again.continuous == [entry]
    assert len(again.entries) == 4
    assert again.intervals(entry) == intervals
    again.set_intervals(entry, intervals[:1])
    assert dataset.intervals(entry) == intervals[:1]
    again.remove([entry])
    assert Dataset.open(dataset.path / "trash").continuous[0].id == entry.id
    assert not list(dataset.path.glob("continuous/*"))
    with pytest.raises(ValueError, match="has no label"):
        dataset.add_continuous(make_recording())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "does not begin with the line start_us"),
        ("label\n", "does not begin with the line start_us"),
        ("start_us,end_us,label\n5,5,a\n", "line 2: "),
        ("start_us,end_us,label\n5,9,-\n", "line 2: "),
    ],
)
def test_damaged_intervals(dataset: Dataset, text: str, words: str) -> None:
    recording, intervals = continuous()
    entry = dataset.add_continuous(recording, intervals)
    (dataset.path / entry.file).with_suffix(".labels.csv").write_text(text)
    with pytest.raises(UserError, match=rf"labels\.csv,? {words}"):
        dataset.intervals(entry)


def test_a_crash_before_the_last_rename_loses_nothing(dataset: Dataset) -> None:
    for entry in dataset.entries[2:]:
        path = dataset.path / entry.file
        path.rename(draft_of(path))
    agrees(dataset)


def test_all_or_none(dataset: Dataset) -> None:
    def broken():
        yield make_recording("a", seed=20)
        yield make_recording("-", seed=21)

    with pytest.raises(UserError, match="cannot be the name"):
        dataset.add_all(broken())
    agrees(dataset)
    assert len(dataset.entries) == 4
    assert not list(dataset.path.rglob(".*.csv.tmp"))


def test_two_spellings_of_a_label_are_one_folder_on_windows(dataset: Dataset) -> None:
    with pytest.raises(UserError, match=r"has the label 'a', and 'A' would be the same folder"):
        dataset.add(make_recording("A", seed=40))
    with pytest.raises(UserError, match=r"'new'.*'NEW' would be the same folder"):
        dataset.add_all([make_recording("new", seed=41), make_recording("NEW", seed=42)])
    with pytest.raises(UserError, match="'B' would be the same folder"):
        dataset.relabel(dataset.entries[:1], "B")
    dataset.add(make_recording("New", seed=43))
    assert agrees(dataset).labels == ["New", "a", "b"]
    dataset.remove([entry for entry in dataset.entries if entry.label == "a"])
    dataset.add(make_recording("A", seed=44))
    assert agrees(dataset).labels == ["A", "New", "b"]


def test_removed_twice_it_is_in_the_trash_as_it_was_last(dataset: Dataset) -> None:
    entry = dataset.entries[0]
    dataset.remove([entry])
    assert dataset.trash
    [back] = dataset.adopt(dataset.trash.entries, dataset.trash)
    [moved] = dataset.relabel([back], "b")
    dataset.remove([moved])
    assert [(e.id, e.label) for e in dataset.trash.entries] == [(entry.id, "b")]
    agrees(dataset)
