"""capture, on both virtual boards."""

import time

import numpy as np
import pytest
from clone import SPEED

from tinygesture.dataset import Dataset

META = {
    "label", "subject", "session", "board", "imu", "firmware", "rate_hz", "jitter_us", "drops",
    "crc_errors", "clipped", "synthetic", "recorded_at", "marks", "samples", "id", "file",
    "dataset",
}  # fmt: skip


def capture(clone, board, data, *more, **parameters):
    return clone.run(
        *("capture", "circle", "rest", "--data", str(data), "--port"),
        *(clone.port(board, **parameters), *more),
    )


def test_recordings_are_saved_with_all_that_is_known(clone, board, tmp_path):
    began = time.monotonic()
    done = capture(clone, board, tmp_path / "d", "--count", "3", "--json", subject=2, imu="lsm9ds1")
    took = time.monotonic() - began
    assert done.status == 0, done.stderr
    assert [set(line) for line in done.json] == [META] * 6
    assert [line["label"] for line in done.json] == ["circle"] * 3 + ["rest"] * 3
    dataset = Dataset.open(tmp_path / "d")
    assert [entry.id for entry in dataset.entries] == [line["id"] for line in done.json]
    for entry in dataset.entries:
        recording = dataset.load(entry)
        assert 1.48e6 < recording.t_us[-1] < 1.5e6
        assert entry.board == board
        assert entry.imu == "virtual lsm9ds1"
        assert entry.synthetic
        assert 110 < entry.rate_hz < 130
        assert entry.drops == entry.crc_errors == 0
    # A countdown and a recording are of the board's time, which passes faster here.
    assert took < 6 * 2.5 / SPEED[board] + 5


def test_the_hand_does_what_it_is_cued_to(clone, board, tmp_path):
    assert capture(clone, board, tmp_path / "d", "--count", "2").status == 0
    dataset = Dataset.open(tmp_path / "d")

    def motion(entry):
        counts = dataset.load(entry).counts.astype(float)
        return np.linalg.norm(counts[:, 3:], axis=1)

    for entry in dataset.entries:
        turning = motion(entry)
        if entry.label == "rest":
            assert turning.max() < 500
        else:
            assert turning[:15].max() < 0.5 * turning.max()  # reacts after "go"
            assert turning.max() > 1000


def test_the_second_sitting_is_added(clone, tmp_path):
    for session in ("a", "b"):
        more = ("--count", "1", "--countdown", "0", "--session", session)
        assert capture(clone, "native", tmp_path / "d", *more).status == 0
    sessions = [entry.session for entry in Dataset.open(tmp_path / "d").entries]
    assert sessions == ["a", "a", "b", "b"]


def test_people_read_one_line_per_recording(clone, tmp_path):
    done = capture(clone, "native", tmp_path / "d", "--count", "1")
    assert done.status == 0
    lines = done.stdout.splitlines()
    assert lines[0].startswith("circle 1 of 1: get ready ... go ... ")
    assert lines[1].startswith("rest 1 of 1: ")
    assert lines[2] == f"Done: 2 recordings saved in {tmp_path / 'd'}."
    assert done.stderr == ""


def test_a_rate_of_100_hz_or_less_is_warned_about(clone, tmp_path):
    slow = tmp_path / "slow.csv"
    rows = [f"{i * 12_500},0,0,1,0,0,0" for i in range(800)]
    slow.write_text("\n".join(["t_us,aX,aY,aZ,gX,gY,gZ", *rows]) + "\n")
    more = ("--count", "1", "--countdown", "0")
    done = capture(clone, "native", tmp_path / "d", *more, play=slow)
    assert done.status == 0, done.stderr
    assert done.stdout.count("Warning: the board samples at 80.0 Hz only") == 1


@pytest.mark.parametrize("imu", ["bmi270"])
def test_the_other_revision(clone, board, tmp_path, imu):
    more = ("--count", "1", "--countdown", "0", "--json")
    done = capture(clone, board, tmp_path / "d", *more, imu=imu, speed=2)
    assert done.status == 0, done.stderr
    assert all(190 < line["rate_hz"] < 210 and line["drops"] == 0 for line in done.json)
