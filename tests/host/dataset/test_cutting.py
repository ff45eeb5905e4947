"""Pieces of recordings are exactly what was recorded, and no piece is there twice."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_changes import agrees
from test_store import make_recording

from tinygesture.dataset import Dataset, Entry, Interval, Recording, measure
from tinygesture.dataset.cutting import cut, cut_intervals
from tinygesture.errors import UserError
from tinygesture.synth import continuous_recording, parse_script

STEP_US = 5000


def long_recording(seconds: float = 10.0) -> Recording:
    rng = np.random.default_rng(1)
    t_us = np.arange(round(seconds * 1e6 / STEP_US), dtype=np.int64) * STEP_US
    counts = rng.integers(-3000, 3000, (len(t_us), 6)).astype(np.int16)
    meta = replace(make_recording().meta, label="", drops=0, **measure(t_us, counts))
    return Recording(t_us, counts, meta)


MARKED = [
    Interval("circle", 1_000_000, 2_000_000),
    Interval("punch", 3_000_000, 3_500_000),
    Interval("circle", 5_000_000, 6_000_000),
]


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    dataset = Dataset.create(tmp_path / "d")
    dataset.add_continuous(long_recording(), MARKED)
    return dataset


def check(dataset: Dataset, entry: Entry, start_us: int, end_us: int) -> None:
    whole, piece = long_recording(), dataset.load(entry)
    inside = (whole.t_us >= start_us) & (whole.t_us < end_us)
    np.testing.assert_array_equal(piece.counts, whole.counts[inside])
    np.testing.assert_array_equal(piece.t_us, whole.t_us[inside] - whole.t_us[inside][0])
    assert entry.samples == inside.sum()


def test_every_interval(dataset: Dataset) -> None:
    [entry] = dataset.continuous
    new, before, notes = cut_intervals(dataset, entry)
    assert (before, notes) == (0, [])
    for piece, (label, start_us, end_us) in zip(new, MARKED, strict=True):
        assert (piece.label, piece.subject, piece.rate_hz) == (label, "s1", 200.0)
        check(dataset, piece, start_us, end_us)
    assert new[0].recorded_at == "2024-05-01T12:00:01.000+00:00"
    again = agrees(Dataset.open(dataset.path))
    assert again.continuous == [entry]
    assert cut_intervals(again, entry, margin_s=0.1) == ([], 3, [])


def test_what_was_thrown_away_does_not_come_back(dataset: Dataset) -> None:
    [entry] = dataset.continuous
    dataset.remove(cut_intervals(dataset, entry).new[:1])
    assert cut_intervals(dataset, entry) == (
        *([], 3),
        ["The circle at 1.00 s was cut before and is in the trash."],
    )


def test_whose_it_is_stays(dataset: Dataset, tmp_path: Path) -> None:
    other = Dataset.create(tmp_path / "other")
    [entry] = other.adopt(dataset.continuous, dataset)
    assert {piece.person for piece in cut_intervals(other, entry).new} == {(dataset.id, "s1")}


def test_margin(dataset: Dataset) -> None:
    dataset.set_intervals(dataset.continuous[0], [Interval("a", 50_000, 1_000_000)])
    [piece] = cut_intervals(dataset, dataset.continuous[0], margin_s=0.1).new
    check(dataset, piece, 0, 1_100_000)


def test_rest_takes_no_margin_of_the_motion_beside_it(tmp_path: Path) -> None:
    script = parse_script("punch x 2, rest:3 x 2, punch")
    dataset = Dataset.create(tmp_path / "d")
    for subject in range(1, 6):
        entry = dataset.add_continuous(*continuous_recording(script, subject, seed=subject))
        cut_intervals(dataset, entry, margin_s=0.2)
    rests = [entry for entry in dataset.entries if entry.label == "rest"]
    assert len(rests) == 10
    assert {entry.marks for entry in rests} == {""}


def test_a_fixed_length_around_the_motion(tmp_path: Path) -> None:
    recording = long_recording()
    recording.counts[:] = 0
    recording.counts[340:380, 3] = 9000  # 1.7 to 1.9 s
    dataset = Dataset.create(tmp_path / "d")
    entry = dataset.add_continuous(recording, [*MARKED, Interval("end", 9_800_000, 9_900_000)])
    new = cut_intervals(dataset, entry, seconds=1.5).new
    assert {piece.samples for piece in new} == {300}
    moving = np.flatnonzero(dataset.load(new[0]).counts[:, 3])
    assert abs(moving.mean() - 150) < 2
    assert dataset.load(new[3]).t_us[-1] == 1_495_000


def test_overlapping_and_short_intervals(dataset: Dataset) -> None:
    [entry] = dataset.continuous
    short = Interval("tap", 7_000_000, 7_050_000)
    dataset.set_intervals(entry, [short, *MARKED, Interval("wave", 5_500_000, 6_500_000)])
    new, _, notes = cut_intervals(dataset, entry)
    assert [piece.label for piece in new] == ["circle", "punch", "circle", "wave"]
    assert notes == [
        "The circle at 5.00 s overlaps the wave after it by 0.50 s.",
        "The tap at 7.00 s is shorter than 0.2 s: left out.",
    ]


def test_no_intervals(dataset: Dataset) -> None:
    dataset.set_intervals(dataset.continuous[0], [])
    with pytest.raises(UserError, match="Nobody has said what happened in continuous/0001"):
        cut_intervals(dataset, dataset.continuous[0])


def test_a_piece_of_a_continuous_recording(dataset: Dataset) -> None:
    [entry] = dataset.continuous
    piece = cut(dataset, entry, 2.5, 4.0, "wave")
    check(dataset, piece, 2_500_000, 4_000_000)
    assert agrees(dataset).continuous == [entry]
    with pytest.raises(UserError, match=f"was cut before: it has the id {piece.id}"):
        cut(dataset, entry, 2.5, 4.0, "wave")


def test_a_gesture_is_replaced(dataset: Dataset) -> None:
    before = cut(dataset, dataset.continuous[0], 2.0, 4.0, "wave")
    after = cut(dataset, before, 0.5, 1.5, "wave")
    check(dataset, after, 2_500_000, 3_500_000)
    assert agrees(dataset).entries == [after]
    trash = dataset.trash
    assert trash is not None
    assert [entry.id for entry in trash.entries] == [before.id]


@pytest.mark.parametrize(("start_s", "end_s"), [(-1, 2), (2, 1), (3, 3), (9, 11), (20, 21)])
def test_what_is_no_piece(dataset: Dataset, start_s: float, end_s: float) -> None:
    with pytest.raises(UserError, match="is no piece of continuous/0001"):
        cut(dataset, dataset.continuous[0], start_s, end_s, "a")


def test_too_short(dataset: Dataset) -> None:
    with pytest.raises(UserError, match=r"needs 0\.2 s: choose a longer piece"):
        cut(dataset, dataset.continuous[0], 1.0, 1.1, "a")


def test_lost_samples_are_counted_where_they_are(tmp_path: Path) -> None:
    recording = long_recording()
    keep = np.ones(len(recording.t_us), bool)
    keep[[300, 301, 1500]] = False  # at 1.5 s and 7.5 s
    meta = replace(recording.meta, drops=3, crc_errors=2)
    dataset = Dataset.create(tmp_path / "d")
    entry = dataset.add_continuous(
        Recording(recording.t_us[keep], recording.counts[keep], meta), MARKED
    )
    assert [piece.drops for piece in cut_intervals(dataset, entry).new] == [2, 0, 0]


@settings(max_examples=25)
@given(start=st.integers(0, 9_700_000), length=st.integers(200_000, 9_000_000))
def test_any_piece(tmp_path_factory: pytest.TempPathFactory, start: int, length: int) -> None:
    dataset = Dataset.create(tmp_path_factory.mktemp("any") / "d")
    entry = dataset.add_continuous(long_recording())
    end = min(start + length, 10_000_000)
    check(dataset, cut(dataset, entry, start / 1e6, end / 1e6, "a"), start, end)
