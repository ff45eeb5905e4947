"""`tinygesture show`: what it finds, says, and refuses."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tinygesture.cli.commands.show import command as show
from tinygesture.dataset import Dataset, Meta, Recording, measure
from tinygesture.errors import UserError


def recording(label: str, seconds: float = 1.5) -> Recording:
    t_us = np.arange(round(seconds * 100), dtype=np.int64) * 10_000
    counts = np.random.default_rng(1).integers(-3000, 3000, (len(t_us), 6)).astype(np.int16)
    meta = replace(Meta.unknown(label), subject="s1", session="1", **measure(t_us, counts))
    return Recording(t_us, counts, meta)


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    dataset = Dataset.create(tmp_path / "d")
    dataset.add(recording("circle"))
    for seconds in (4, 5):
        dataset.add_continuous(recording("", seconds))
    return dataset


def shown(*arguments: str) -> None:
    show.main([*arguments], standalone_mode=False)


def test_continuous_recordings_are_listed_as_the_table_calls_them(dataset, capfd):
    shown("continuous", "--data", str(dataset.path), "--json")
    told = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert [one["name"] for one in told] == ["continuous/1", "continuous/2"]
    shown("continuous", "--data", str(dataset.path))
    said = capfd.readouterr().out
    assert "continuous/2" in said and "mean" not in said


def test_a_label_called_continuous_comes_first(dataset, capfd):
    dataset.add(recording("continuous"))
    shown("continuous", "--data", str(dataset.path), "--json")
    [told] = capfd.readouterr().out.splitlines()
    assert json.loads(told)["label"] == "continuous"


@pytest.mark.parametrize("place", ["elsewhere", "d"])
@pytest.mark.parametrize("text", ["aX,aY,aZ,gX,gY,gZ\n0.1,0.2,1,1,2,3\n", "", "\ufefft_us", "xyz"])
def test_a_csv_file_of_another_program_is_to_be_imported(dataset, tmp_path, place, text):
    file = tmp_path / place / "punch.csv"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match="no recording of tinygesture") as caught:
        shown(str(file))
    assert f"`tinygesture import {file}`" in str(caught.value)
    assert "repair" not in str(caught.value)


def test_a_damaged_recording_of_a_data_set_can_be_repaired(dataset):
    file = dataset.path / dataset.entries[0].file
    file.write_text("nonsense")
    with pytest.raises(UserError, match="data repair"):
        shown(str(file))


def test_an_empty_trash_asks_for_no_gestures(dataset):
    dataset.remove(dataset.entries)
    dataset.restore(dataset.trash.entries)
    with pytest.raises(UserError, match=r"trash .* is empty") as caught:
        shown("--data", str(dataset.path / "trash"))
    assert "capture" not in str(caught.value)


def test_a_data_set_that_is_called_trash_is_no_trash(tmp_path):
    Dataset.create(tmp_path / "trash")
    with pytest.raises(UserError, match="Record some gestures first"):
        shown("--data", str(tmp_path / "trash"))
