"""Each fault is found, named, and found in nothing else."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recorded import import_folder
from tinygesture.dataset import Dataset, Meta, Recording, measure, quality
from tinygesture.synth import make_dataset


def gesture(label: str = "circle", rate_hz: float = 119.0, size: float = 1.0) -> Recording:
    rng = np.random.default_rng(1)
    n = 150
    t_us = np.rint(np.arange(n) * 1e6 / rate_hz).astype(np.int64)
    swing = np.sin(np.arange(n) / 8)[:, None] * [4000, 3000, 2000, 2500, 1500, 900] * size
    counts = np.rint(swing + rng.normal(0, 6, (n, 6)) + [0, 0, 8192, 0, 0, 0]).astype(np.int16)
    meta = Meta(
        label=label,
        subject="s1",
        session="1",
        board="b",
        imu="i",
        firmware="",
        drops=0,
        crc_errors=0,
        synthetic=True,
        recorded_at="2024-05-01T12:00:00Z",
        **measure(t_us, counts),
    )
    return Recording(t_us, counts, meta)


def marks(recording: Recording) -> str:
    again = measure(recording.t_us, recording.counts)
    return quality.marks(quality.check(replace(recording, meta=replace(recording.meta, **again))))


def with_counts(recording: Recording, rows: slice, channel: int, value: int) -> Recording:
    counts = recording.counts.copy()
    counts[rows, channel] = value
    return replace(recording, counts=counts)


def test_nothing_is_wrong() -> None:
    assert marks(gesture()) == ""
    assert marks(gesture("rest", size=0)) == ""


def test_rate() -> None:
    assert marks(gesture(rate_hz=100.0)) == "slow"
    assert marks(gesture(rate_hz=100.2)) == ""


def test_losses() -> None:
    recording = gesture()
    assert marks(replace(recording, meta=replace(recording.meta, drops=2))) == "drops"
    assert marks(replace(recording, meta=replace(recording.meta, crc_errors=1))) == "damaged"
    later = recording.t_us + np.where(np.arange(150) > 70, 60_000, 0)
    assert marks(replace(recording, t_us=later)) == "drops"


def test_clipping_is_not_freezing() -> None:
    assert marks(with_counts(gesture(), slice(10, 60), 2, 32767)) == "clipped"
    assert marks(with_counts(gesture(), slice(10, 60), 2, -32768)) == "clipped"


@pytest.mark.parametrize("channel", range(6))
def test_frozen(channel: int) -> None:
    limit = quality.FROZEN_SAMPLES
    assert marks(with_counts(gesture(), slice(10, 10 + limit), channel, 77)) == "frozen"
    assert marks(with_counts(gesture(), slice(10, 9 + limit), channel, 77)) == ""
    assert quality.frozen_channels(gesture().counts[: limit - 1] * 0) == []


def test_motion() -> None:
    assert marks(gesture(size=0)) == "still"
    assert marks(gesture("rest")) == "restless"
    assert marks(gesture("Rest")) == "restless"
    assert marks(gesture("none")) == ""
    assert marks(gesture("none", size=0)) == ""
    assert marks(gesture("", size=0)) == ""  # a continuous recording may be anything


def test_sentences_are_for_people() -> None:
    recording = gesture(rate_hz=80, size=0)
    broken = replace(recording, meta=replace(recording.meta, drops=3))
    assert [fault.sentence for fault in quality.check(broken)] == [
        "80.0 Hz only; it should be above 100 Hz",
        "3 samples lost",
        "hardly any motion for a circle",
    ]


def test_real_gestures_are_as_they_should_be(recorded: Path, tmp_path: Path) -> None:
    folders = ("martinlindholdt", "adamclarkstandke", "chiahong95", "ranjith-ms")
    for name in folders:
        dataset = import_folder(recorded / "imu" / name, tmp_path / name)
        for entry in dataset.entries:
            assert marks(dataset.load(entry)) in ("", "clipped"), entry.file


def test_synthetic_gestures_are_as_they_should_be(tmp_path: Path) -> None:
    labels = ["circle", "punch", "flex", "wave", "rest"]
    dataset: Dataset = make_dataset(tmp_path / "d", labels, [1, 2, 3], 2)
    for entry in dataset.entries:
        assert marks(dataset.load(entry)) in ("", "clipped"), entry.file
