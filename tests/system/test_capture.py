"""capture, on both virtual boards."""

import re
import time
from collections import Counter

import numpy as np
import pytest

from tinygesture.cli.capturing.motion import Motion, spread
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
    assert took < 6 * 2.5  # in the board's time, which passes faster here


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
    assert lines[0] == "A virtual person holds this board and is recorded as virtual-1."
    assert lines[1].startswith("virtual-1, session ")
    assert lines[1].endswith(": 2 recordings to make.")
    assert lines[2].startswith("circle 1 of 1: get ready ... go ... ")
    assert lines[3].startswith("rest 1 of 1: ")
    assert lines[4] == f"Done: 2 recordings saved in {tmp_path / 'd'}."
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


def test_the_same_command_again_goes_on(clone, tmp_path):
    data = tmp_path / "d"
    quick = ("--countdown", "0", "--seconds", "0.5", "--session", "a")
    assert capture(clone, "native", data, *quick, "--count", "1").status == 0
    again = capture(clone, "native", data, *quick, "--count", "2", "--order", "shuffled")
    assert "virtual-1 has made 1 of 2 circle, 1 of 2 rest in session a already" in again.stdout
    assert "Done: 2 recordings saved" in again.stdout
    assert Counter(entry.label for entry in Dataset.open(data).entries) == {"circle": 2, "rest": 2}
    more = capture(clone, "native", data, *quick, "--count", "2", "--json")
    assert more.status == 0 and more.json == []
    assert "Nothing is missing: for more, raise --count or name another --session" in more.stderr
    other = capture(clone, "native", data, *quick, "--count", "1", "--json", "--subject", "ben")
    assert len(other.json) == 2


def test_motion_starts_and_rest_ends_a_recording(clone, board, tmp_path):
    done = capture(clone, board, tmp_path / "d", "--count", "3", "--trigger", "--json", subject=3)
    assert done.status == 0, done.stderr
    assert re.search(
        r"At rest there is motion up to [1-9] °/s, so a recording starts at 2\d °/s", done.stderr
    )
    dataset = Dataset.open(tmp_path / "d")
    for entry in dataset.entries:
        recording = dataset.load(entry)
        if entry.label == "rest":
            assert 1.48e6 < recording.t_us[-1] < 1.5e6
            continue
        motion = Motion().of(recording.t_us, recording.counts)
        first = recording.t_us[np.argmax(motion > 20)]
        assert 0.25e6 < first < 0.4e6  # the pre-roll
        assert spread(recording.counts[recording.t_us > recording.t_us[-1] - 400_000]) < 20
        assert entry.marks == ""


def test_a_continuous_recording(clone, board, tmp_path):
    done = clone.run(
        *("capture", "circle", "--continuous", "--seconds", "5", "--data", str(tmp_path / "d")),
        *("--json", "--port", clone.port(board, perform="circle")),
    )
    assert done.status == 0, done.stderr
    [line] = done.json
    assert set(line) == META | {"intervals"}
    assert line["label"] == "" and line["intervals"] == []
    assert "tinygesture label continuous/1" in done.stderr
    [entry] = Dataset.open(tmp_path / "d").continuous
    recording = Dataset.open(tmp_path / "d").load(entry)
    assert 4.98e6 < recording.t_us[-1] <= 5e6
    assert entry.drops == 0 and np.diff(recording.t_us).max() < 10_000


def test_faulty_recordings_are_refused_on_request(clone, tmp_path):
    """The virtual person does not know this gesture, and rests."""
    done = clone.run(
        *("capture", "dance", "--count", "1", "--seconds", "0.3", "--countdown", "0", "--json"),
        *("--faulty", "refuse", "--data", str(tmp_path / "d"), "--port", clone.port("native")),
    )
    assert done.status == 2
    assert done.stdout == ""
    assert (
        "10 recordings in a row were refused, the last because of hardly any motion" in done.stderr
    )
    assert "0 recordings saved" in done.stderr
    assert not Dataset.open(tmp_path / "d").entries
    assert len(Dataset.open(tmp_path / "d" / "trash").entries) == 10
    marked = clone.run(
        *("capture", "dance", "--count", "1", "--seconds", "0.3", "--countdown", "0", "--json"),
        *("--data", str(tmp_path / "d"), "--port", clone.port("native")),
    )
    assert [line["marks"] for line in marked.json] == ["still"]
    assert "hardly any motion for a dance" in marked.stderr


def test_a_virtual_person_is_neither_who_recorded_last_nor_remembered(clone, tmp_path):
    quick = ("capture", "circle", "--count", "1", "--seconds", "0.3", "--countdown", "0", "--json")
    home = tmp_path / "home"
    home.mkdir()
    (home / "memory.json").write_text('{"subject": "anna"}')
    for named, subject, expected in (
        ((), 1, "virtual-1"),
        ((), 2, "virtual-2"),
        (("--subject", "ben"), 2, "ben"),
    ):
        done = clone.run(
            *(*quick, *named, "--data", str(tmp_path / "d")),
            *("--port", clone.port("native", subject=subject)),
            env=clone.environment | {"TINYGESTURE_HOME": str(home)},
        )
        assert [line["subject"] for line in done.json] == [expected]
        assert f"{expected}, session " in done.stderr
    assert "anna" in (home / "memory.json").read_text()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("circle", "--continuous", "--trigger"), "has no trigger"),
        ((*"abcdefghij", "--continuous"), "9 labels at most"),
        (("circle", "--trigger", "--seconds", "0.3"), "longer than --pre-roll"),
        (("circle", "--seconds", "61"), "--continuous takes longer"),
        (("circle", "--threshold", "loud"), "neither auto nor"),
        (("circle", "--threshold", "nan"), "neither auto nor"),
        (("circle", "--threshold", "0"), "neither auto nor"),
    ],
)
def test_options_that_do_not_fit(clone, tmp_path, arguments, said):
    data = tmp_path / "never"
    done = clone.run("capture", *arguments, "--data", str(data), "--port", clone.port("native"))
    assert done.status == 2
    assert said in done.stderr
    assert not data.exists()
