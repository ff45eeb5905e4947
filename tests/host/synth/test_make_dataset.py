"""Synthetic data sets: called so everywhere, the same bytes from the same command."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from tinygesture.dataset import Dataset, split
from tinygesture.errors import UserError
from tinygesture.synth import BASIC, make_dataset
from tinygesture.synth import make as making
from tinygesture.synth.command import parse_subjects, synth

DATA = Path(__file__).parents[3] / "data"
NOT_MADE = {"README.md", ".lock"}  # by the command, or not kept


def listing(path: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(path)): file.read_bytes()
        for file in path.rglob("*")
        if file.is_file() and file.name not in NOT_MADE
    }


def test_the_sample_data_set_is_what_its_command_makes(tmp_path: Path) -> None:
    readme = (DATA / "README.md").read_text()
    [command] = [line for line in readme.splitlines() if "tinygesture synth" in line]
    arguments = command.split("tinygesture synth ")[1].split()
    folder = tmp_path / "again"
    result = CliRunner().invoke(synth, [str(folder), *arguments[1:]])
    assert result.exit_code == 0, result.output
    assert listing(folder) == listing(DATA)


def test_the_sample_data_set_says_that_it_is_synthetic() -> None:
    dataset = Dataset.open(DATA)
    assert dataset.about.startswith("Synthetic")
    assert all(entry.synthetic for entry in dataset.entries)
    assert {entry.board for entry in dataset.entries} == {"virtual hand"}
    assert dataset.labels == sorted(BASIC)
    assert sum(len(data) for data in listing(DATA).values()) < 3_000_000
    assert split(dataset.entries).by == "subject"


def test_everything_asked_for_is_there(tmp_path: Path) -> None:
    dataset = make_dataset(tmp_path / "d", ["punch", "rest"], [3, 9], 5, seed=2, imu="bmi270")
    assert dataset.path == tmp_path / "d"
    assert len(dataset.entries) == 2 * 2 * 5
    assert {entry.subject for entry in dataset.entries} == {"s3", "s9"}
    assert {entry.session for entry in dataset.entries} == {"1", "2"}
    for entry in dataset.entries:
        recording = dataset.load(entry)
        assert 1.47e6 < recording.t_us[-1] < 1.5e6
        assert entry.rate_hz == pytest.approx(200, rel=0.04)
        assert entry.imu == "virtual bmi270"
    times = [entry.recorded_at for entry in dataset.entries if entry.subject == "s3"]
    assert times == sorted(times)
    assert len(set(times)) == len(times)


def test_progress_tells_of_every_recording(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    make_dataset(
        tmp_path / "d", ["punch", "rest"], [1, 2], 2, progress=lambda *step: told.append(step)
    )
    assert told == [("performing", done, 8) for done in range(1, 9)]


def test_arguments_matter(tmp_path: Path) -> None:
    def make(name: str, **changed: object) -> dict[str, bytes]:
        arguments = {"labels": ["wave"], "subjects": [1], "count": 1, "seed": 1} | changed
        make_dataset(tmp_path / name, **arguments)  # type: ignore[arg-type]
        return listing(tmp_path / name)

    first = make("a")
    assert make("b") == first
    recording = next(name for name in first if name.startswith("recordings"))
    assert recording not in make("c", seed=2)
    assert recording not in make("d", subjects=[2])
    assert recording not in make("e", seconds=1.0)
    # Adding labels, people or repetitions leaves the others as they are.
    more = make("f", labels=["wave", "punch"], subjects=[1, 2], count=3)
    samples = np.loadtxt(tmp_path / "a" / recording, delimiter=",", skiprows=1)
    same = [
        np.array_equal(np.loadtxt(tmp_path / "f" / name, delimiter=",", skiprows=1), samples)
        for name in more
        if name.endswith(".csv") and "wave" in name
    ]
    assert sum(same) == 1


def test_an_empty_folder_may_stand_there_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    make_dataset(tmp_path / "d", ["rest"], [1], 1)
    with pytest.raises(UserError, match=r"exists already\. Name a new or empty folder"):
        make_dataset(tmp_path / "d", ["rest"], [1], 1)


def test_nothing_is_left_of_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def fail_at_third(self: Dataset, recording: object) -> None:
        calls.append(recording)
        if len(calls) == 3:
            raise UserError("the disk is full")

    monkeypatch.setattr(making.Dataset, "add", fail_at_third)
    with pytest.raises(UserError, match="the disk is full"):
        make_dataset(tmp_path / "d", ["rest"], [1], 5)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--labels", "swipe"], "cannot perform 'swipe'"),
        (["--subjects", "x"], "Subjects are numbers such as 1-8"),
        (["--subjects", "5-3"], "needs labels, subjects"),
        (["--count", "0"], "needs labels, subjects"),
        (["--seconds", "0"], "60 seconds at most"),
        (["--imu", "other"], "is not one of"),
    ],
)
def test_bad_arguments(tmp_path: Path, arguments: list[str], sentence: str) -> None:
    result = CliRunner().invoke(synth, [str(tmp_path / "d"), *arguments])
    assert result.exit_code == 2
    assert sentence in result.output
    assert list(tmp_path.iterdir()) == []


def test_command(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    arguments = ["--labels", "rest,wave", "--subjects", "4,6-7", "--count", "2", "--seed", "5"]
    result = CliRunner().invoke(synth, [str(folder), *arguments])
    assert result.output == f"performing ...\n12 synthetic recordings in {folder}\n"
    assert json.loads((folder / "dataset.json").read_text())["about"].startswith("Synthetic")


def test_subjects() -> None:
    assert parse_subjects("1-3,7") == [1, 2, 3, 7]
    for text in ("", "-3", "1-", "a", "1,,2", "²", "1-99999"):
        with pytest.raises(UserError):
            parse_subjects(text)
