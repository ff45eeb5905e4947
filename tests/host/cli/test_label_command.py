"""`tinygesture label` without keys: label tracks of Audacity, and what is refused."""

import json
from pathlib import Path

import numpy as np
import pytest

from tinygesture.cli.commands.label import command
from tinygesture.dataset import Dataset, Interval, Meta, Recording
from tinygesture.errors import UserError

MARKED = [Interval("circle", 1_210_000, 2_480_000), Interval("punch", 4_033_000, 5_150_000)]
TRACK = "1.210000\t2.480000\tcircle\n4.033000\t5.150000\tpunch\n"


def recording(label: str) -> Recording:
    counts = np.zeros((1000, 6), np.int16)
    return Recording(np.arange(1000) * 10_000, counts, Meta.unknown(label))


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    made = Dataset.create(tmp_path / "d")
    made.add_continuous(recording(""))
    made.add(recording("circle"))
    return made


def run(dataset: Dataset, *arguments: str) -> None:
    command.main([*arguments, "--data", str(dataset.path)], standalone_mode=False)


def marked(dataset: Dataset) -> list[Interval]:
    return dataset.intervals(dataset.continuous[0])


def test_a_label_track_comes_and_goes(
    dataset: Dataset, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    happened = [*MARKED, Interval("walk", 5_500_000, 6_100_000)]
    track = TRACK + "5.500000\t6.100000\twalk\n"
    (tmp_path / "in.txt").write_text(track + "6.5\t6.5\tflex\n", encoding="utf-8")
    run(dataset, "continuous/1", "--audacity", str(tmp_path / "in.txt"))
    assert marked(dataset) == happened
    said = capfd.readouterr().out
    assert "line 4: flex at 6.500 s is a point" in said
    assert "Done: 3 intervals of continuous/1" in said
    assert f"No recording of {dataset.path} has the label punch: its labels are circle." in said
    assert f"Correct it in {dataset.path / 'continuous'}" in said
    run(dataset, "continuous/1", "--to-audacity", str(tmp_path / "out.txt"), "--json")
    assert (tmp_path / "out.txt").read_text(encoding="utf-8") == track
    [line] = capfd.readouterr().out.splitlines()
    assert [Interval(**one) for one in json.loads(line)["intervals"]] == happened
    run(dataset, "continuous/1", "--audacity", str(tmp_path / "out.txt"))  # the same once more


@pytest.mark.parametrize(
    "text, words",
    [
        (TRACK + "7\tx\tflex\n", "in.txt, line 3: '7' to 'x' are no times"),
        ("3\t3\tflex\n", "no label with a beginning and an end"),
        ("", "no label with a beginning and an end"),
        ("3\t4\tflex\n", "has 2 intervals already"),
    ],
)
def test_a_track_that_does_not_do_changes_nothing(
    dataset: Dataset, tmp_path: Path, text: str, words: str
) -> None:
    dataset.set_intervals(dataset.continuous[0], MARKED)
    (tmp_path / "in.txt").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=words):
        run(dataset, "continuous/1", "--audacity", str(tmp_path / "in.txt"))
    assert marked(dataset) == MARKED


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["circle/1"], "circle/1 is one circle"),
        (["continuous/7"], "There is no recording"),
        (["continuous/1", "--audacity", "nowhere.txt"], "nowhere.txt: it does not exist"),
        (["continuous/1", "--audacity", "a", "--to-audacity", "b"], "come from a file or go to"),
        (["continuous/1", "--to-audacity", "b.txt"], "Nobody has said what happened"),
        (["continuous/1"], "Marking needs a terminal"),
    ],
)
def test_what_cannot_be_is_a_sentence(dataset: Dataset, arguments: list[str], words: str) -> None:
    with pytest.raises(UserError, match=words):
        run(dataset, *arguments)
    assert marked(dataset) == []
