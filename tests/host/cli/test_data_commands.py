"""tinygesture data ...: what the commands do, say, and refuse."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from tinygesture.cli.commands.data import TABLE
from tinygesture.cli.commands.data import command as data
from tinygesture.dataset import Dataset, Interval, Meta, Recording, measure
from tinygesture.errors import UserError

Run = Callable[..., list[dict[str, Any]]]


def recording(label: str, subject: str = "s1", seconds: float = 1.5, seed: int = 0) -> Recording:
    rng = np.random.default_rng(seed)
    t_us = np.arange(round(seconds * 200), dtype=np.int64) * 5000
    counts = rng.integers(-3000, 3000, (len(t_us), 6)).astype(np.int16)
    meta = replace(Meta.unknown(label), subject=subject, session="1", board="[b]")
    return Recording(t_us, counts, replace(meta, **measure(t_us, counts)))


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    dataset = Dataset.create(tmp_path / "d")
    who = [("circle", "s1"), ("circle", "ben"), ("punch", "s1"), ("circle", "s1")]
    dataset.add_all(recording(label, name, seed=i) for i, (label, name) in enumerate(who))
    marked = [Interval("circle", 1_000_000, 2_000_000), Interval("tap", 3_000_000, 3_500_000)]
    dataset.add_continuous(recording("", seconds=5, seed=9), marked)
    return dataset


@pytest.fixture
def run(dataset: Dataset, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs a command with --json; what it said to a person is in `run.said`."""

    def call(*arguments: str) -> list[dict[str, Any]]:
        data.main([*arguments, "--data", str(dataset.path), "--json"], standalone_mode=False)
        told, call.said = capfd.readouterr()  # type: ignore[attr-defined]
        return [json.loads(line) for line in told.splitlines()]

    return call


def labels(dataset: Dataset) -> list[str]:
    return [entry.label for entry in Dataset.open(dataset.path).entries]


@pytest.mark.parametrize("name", TABLE)
def test_every_command_explains_itself_with_an_example(name: str) -> None:
    result = CliRunner().invoke(data, [name, "--help"])
    assert result.exit_code == 0
    assert "Example" in result.output
    assert f"tinygesture data {name}" in result.output


def test_list(run: Run, dataset: Dataset) -> None:
    dataset.remove(dataset.entries[2:3])
    *groups, total = run("list")
    assert [(g["label"], g["subject"], g["recordings"], g["seconds"]) for g in groups] == [
        ("circle", "ben", 1, 1.5),
        ("circle", "s1", 2, 3.0),
    ]
    assert (total["recordings"], total["seconds"], total["trash"]) == (3, 4.5, 1)
    assert (total["continuous"], total["continuous_seconds"]) == (1, 5.0)
    assert "3 recordings, 4.5 s, in " in run.said
    assert "[b]" in run.said
    assert "1 recording in the trash" in run.said


def test_marks_are_shown_as_they_are(run: Run, dataset: Dataset) -> None:
    index = dataset.path / "index.csv"
    head, first, *others = index.read_text(encoding="utf-8").splitlines()
    marks = head.split(",").index("marks")
    cells = first.split(",")
    cells[marks] = "still [/red]"
    index.write_text("\n".join([head, ",".join(cells), *others, ""]), encoding="utf-8")
    run("list")
    assert "1 still, 1 [/red]" in run.said


def test_list_of_an_empty_data_set(tmp_path: Path) -> None:
    Dataset.create(tmp_path / "empty")
    result = CliRunner().invoke(data, ["list", "--data", str(tmp_path / "empty")])
    assert result.output.startswith("0 recordings, 0.0 s, in ")


def test_names_are_whole_in_a_narrow_list(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {"subject": "somebody_with_a_long_nam", "session": "the_second_of_that_week"}
    dataset.change(dataset.every, **names, board="Arduino Nano 33 BLE Sense Rev2")
    monkeypatch.setenv("COLUMNS", "80")
    result = CliRunner().invoke(data, ["list", "--data", str(dataset.path)])
    assert all(name in result.output for name in names.values())
    assert "…" not in result.output


class TestRename:
    def test_a_subject(self, run: Run, dataset: Dataset) -> None:
        [told] = run("rename", "subject", "s1", "anna")
        assert told == {"renamed": 4, "kind": "subject", "old": "s1", "new": "anna"}
        again = Dataset.open(dataset.path)
        assert {entry.subject for entry in again.every} == {"anna", "ben"}

    def test_a_session_and_a_label(self, run: Run, dataset: Dataset) -> None:
        run("rename", "session", "1", "monday")
        run("rename", "label", "circle", "ring")
        again = Dataset.open(dataset.path)
        assert {entry.session for entry in again.every} == {"monday"}
        assert labels(dataset) == ["ring", "ring", "punch", "ring"]
        assert [one.label for one in again.intervals(again.continuous[0])] == ["ring", "tap"]

    @pytest.mark.parametrize(
        ("kind", "old", "new"), [("subject", "s1", "ben"), ("label", "punch", "circle")]
    )
    def test_two_become_one_only_on_request(
        self, run: Run, dataset: Dataset, kind: str, old: str, new: str
    ) -> None:
        with pytest.raises(UserError, match=f"has a {kind} '{new}' already"):
            run("rename", kind, old, new)
        assert old in {getattr(entry, kind) for entry in Dataset.open(dataset.path).every}
        run("rename", kind, old, new, "--join")
        assert old not in {getattr(entry, kind) for entry in Dataset.open(dataset.path).every}

    def test_sessions_of_two_people_are_not_one(self, run: Run, dataset: Dataset) -> None:
        dataset.change(dataset.entries[1:2], session="2")
        run("rename", "session", "2", "1")
        dataset.change(dataset.entries[:1], session="2")
        with pytest.raises(UserError, match="has a session '1' already"):
            run("rename", "session", "2", "1")

    def test_two_people_of_one_name(self, run: Run, dataset: Dataset, tmp_path: Path) -> None:
        other = Dataset.create(tmp_path / "other", id="00ffee")
        theirs = other.add(recording("circle", seed=77))
        dataset.adopt([theirs], other)
        with pytest.raises(UserError, match=r"2 people are called 's1'.*00ffee.*--of ID"):
            run("rename", "subject", "s1", "anna")
        run("rename", "subject", "s1", "carla", "--of", "00ff")
        assert (dataset.id, "carla") in {e.person for e in Dataset.open(dataset.path).entries}

        dataset.change([e for e in dataset.every if e.id == theirs.id], subject="s1", dataset="x")
        run("rename", "subject", "s1", "s1", "--join")
        people = {entry.person for entry in Dataset.open(dataset.path).every}
        assert people == {(dataset.id, "s1"), (dataset.id, "ben")}

    def test_what_is_not_there(self, run: Run) -> None:
        with pytest.raises(UserError, match=r"has no subject 'x'\. It has ben, s1\."):
            run("rename", "subject", "x", "y")
        with pytest.raises(UserError, match="cannot be the name of a label"):
            run("rename", "label", "circle", "a b")
        with pytest.raises(UserError, match="would be the same folder on Windows and macOS"):
            run("rename", "label", "circle", "Circle")


class TestRelabel:
    def test_by_name_id_and_file(
        self, run: Run, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first, second, third, _ = dataset.entries
        monkeypatch.chdir(dataset.path.parent)
        told = run("relabel", "circle/1", second.id[:5], f"d/{third.file}", "--label", "wave")
        assert [entry["id"] for entry in told] == [first.id, second.id, third.id]
        assert "circle/1 is wave/1 now." in run.said
        assert labels(dataset) == ["wave", "wave", "wave", "circle"]

    def test_mistakes(self, run: Run, dataset: Dataset) -> None:
        with pytest.raises(UserError, match="'circle' is a label"):
            run("relabel", "circle", "--label", "wave")
        with pytest.raises(UserError, match="no recording and no label 'circle/9'"):
            run("relabel", "circle/9", "--label", "wave")
        with pytest.raises(UserError, match="A continuous recording has no label"):
            run("relabel", "continuous/1", "--label", "wave")
        assert run("relabel", "circle/1", "--label", "circle") == []
        assert "1 recording had the label circle already" in run.said


class TestTrash:
    def test_there_and_back(self, run: Run, dataset: Dataset) -> None:
        before = {entry.id: entry.meta for entry in dataset.every}
        gone = run("delete", "--label", "circle", "--subject", "s1")
        assert len(gone) == 2
        assert f"restore --label circle --subject s1 --data {dataset.path}" in run.said
        assert labels(dataset) == ["circle", "punch"]
        assert len(run("restore", "--label", "circle", "--subject", "s1")) == 2
        assert {entry.id: entry.meta for entry in Dataset.open(dataset.path).every} == before

    def test_by_id(self, run: Run, dataset: Dataset) -> None:
        ids = [entry.id for entry in dataset.every]
        run("delete", *ids)
        assert "restore RECORDING..." in run.said
        assert Dataset.open(dataset.path).every == []
        run("restore", ids[0])
        assert len(run("restore", "--all")) == 4
        again = Dataset.open(dataset.path)
        assert len(again.intervals(again.continuous[0])) == 2

    def test_mistakes(self, run: Run, dataset: Dataset) -> None:
        with pytest.raises(UserError, match="Name recordings, or all of some"):
            run("delete")
        with pytest.raises(UserError, match="Name recordings, or all of some"):
            run("delete", "circle/1", "--label", "circle")
        with pytest.raises(UserError, match=r"No recording in .* has the subject 'x' and"):
            run("delete", "--subject", "x", "--session", "1")
        with pytest.raises(UserError, match="is empty: nothing was deleted"):
            run("restore", "--all")

    def test_what_is_there_again_stays_in_the_trash(self, run: Run, dataset: Dataset) -> None:
        run("delete", "circle/1")
        trash = dataset.trash
        assert trash is not None
        dataset.adopt(trash.entries, trash)
        assert run("restore", "--all") == []
        assert "has the same id already" in run.said

    def test_without_names_it_is_listed(self, run: Run, dataset: Dataset) -> None:
        run("delete", "circle/1")
        [told] = run("restore")
        assert told["in_trash"]["id"] == dataset.entries[0].id
        assert f"{dataset.entries[0].id}  circle of s1, 300 samples" in run.said
        assert "1 recording in the trash: name some by their ids" in run.said
        assert len(Dataset.open(dataset.path).every) == 4

    def test_a_gesture_does_not_come_back_beside_its_piece(
        self, run: Run, dataset: Dataset
    ) -> None:
        whole = dataset.entries[0].id
        [piece] = run("cut", "circle/1", "--from", "0.5", "--to", "1", "--label", "wave")
        run("delete", "circle/2")
        assert len(run("restore", "--all")) == 1
        assert f"{whole} stays in the trash, because {piece['file']} was cut from it" in run.said
        [back] = run("restore", whole)
        assert back["id"] == whole


class TestCut:
    def test_every_interval(self, run: Run, dataset: Dataset) -> None:
        new = run("cut", "continuous/1", "--margin", "0.1")
        assert [(piece["label"], piece["samples"]) for piece in new] == [
            ("circle", 240),
            ("tap", 140),
        ]
        assert run("cut", "continuous/1") == []
        assert "0 recordings cut out of continuous/0001-" in run.said
        assert "2 had been cut before (delete them, and add --again, to cut them" in run.said
        run("delete", "tap/1")
        assert run("cut", "continuous/1") == [
            {"note": "The tap at 3.00 s was cut before and is in the trash."}
        ]
        [anew] = run("cut", "continuous/1", "--again", "--margin", "0.2")
        assert (anew["label"], anew["samples"]) == ("tap", 180)

    def test_a_piece(self, run: Run, dataset: Dataset) -> None:
        [piece] = run("cut", "continuous/1", "--from", "1", "--to", "2.5", "--label", "wave")
        assert (piece["label"], piece["samples"]) == ("wave", 300)
        [piece] = run("cut", "circle/1", "--from", "0.5", "--to", "1")
        assert (piece["label"], piece["samples"]) == ("circle", 100)
        assert "100 samples of circle/1 are circle/4 now; it is in the trash as it was" in run.said

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (("continuous/1", "--from", "1"), "For one piece name --from and --to"),
            (("continuous/1", "--from", "1", "--to", "2"), "say with --label what the piece is"),
            (("circle/1",), "name a piece with --from and --to"),
            (("circle/1", "--from", "1", "--to", "9"), "is no piece of recordings/circle/0001"),
            (("continuous/1", "--margin", "1", "--seconds", "1"), "give one of them"),
        ],
    )
    def test_mistakes(self, run: Run, arguments: tuple[str, ...], sentence: str) -> None:
        with pytest.raises(UserError, match=sentence):
            run("cut", *arguments)


def test_repair(run: Run, dataset: Dataset) -> None:
    assert run("repair") == [{"repaired": 0, "recordings": 5}]
    assert "Nothing to repair in " in run.said
    (dataset.path / dataset.entries[0].file).unlink()
    (dataset.path / "dataset.json").unlink()
    *mended, total = run("repair")
    assert total == {"repaired": 2, "recordings": 4}
    assert [one["file"] for one in mended] == ["dataset.json", dataset.entries[0].file]
    assert "is missing, and its line was taken out of the index." in run.said
