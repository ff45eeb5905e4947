"""Merging keeps ids and people, loses nothing, and says what it leaves out."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tinygesture.dataset import Dataset, Interval, Meta, Recording, measure
from tinygesture.dataset.importing.importer import import_into
from tinygesture.dataset.importing.notices import Report
from tinygesture.dataset.importing.takes import Options
from tinygesture.errors import UserError


def recording(seed: int, label: str = "circle", subject: str = "s1") -> Recording:
    counts = np.random.default_rng(seed).integers(-3000, 3000, (30, 6)).astype(np.int16)
    t_us = np.arange(30, dtype=np.int64) * 8403
    meta = Meta(
        label=label,
        subject=subject,
        session="1",
        board="Nano",
        imu="LSM9DS1",
        firmware="0.1.0",
        drops=0,
        crc_errors=0,
        synthetic=True,
        recorded_at="2024-05-01T12:00:00Z",
        **measure(t_us, counts),
    )
    return Recording(t_us, counts, meta)


def data_set(path: Path, *recordings: Recording) -> Dataset:
    dataset = Dataset.create(path)
    dataset.add_all(recordings)
    return dataset


def reasons(report: Report) -> str:
    return "\n".join(notice.reason for notice in [*report.repaired, *report.refused])


def notes(report: Report) -> str:
    return "\n".join(note for found in report.files for note in found.notes)


@pytest.mark.parametrize("module", ["merging", "exporting", "importing.importer"])
def test_modules_can_be_imported_alone(module: str) -> None:
    subprocess.run([sys.executable, "-c", f"import tinygesture.dataset.{module}"], check=True)


def test_ids_people_and_intervals_are_kept(tmp_path: Path) -> None:
    other = data_set(tmp_path / "other", recording(1), recording(2, "punch"))
    long = other.add_continuous(recording(3, ""), [Interval("walk", 0, 100_000)])
    report = import_into(tmp_path / "mine", [other.path])
    mine = Dataset.open(tmp_path / "mine")
    assert report.recordings == 3
    assert report.repaired == report.refused == []
    assert [(e.id, e.person) for e in mine.every] == [(e.id, e.person) for e in other.every]
    assert mine.id != other.id
    assert mine.intervals(mine.continuous[0]) == other.intervals(long)
    for a, b in zip(mine.every, other.every, strict=True):
        np.testing.assert_array_equal(mine.load(a).counts, other.load(b).counts)
    again = import_into(mine.path, [other.path])
    assert again.recordings == 0
    assert "3 known already" in again.files[0].summary


def test_files_of_a_data_set_come_as_it_knows_them(tmp_path: Path) -> None:
    other = data_set(tmp_path / "other", recording(1), recording(2, "punch"))
    long = other.add_continuous(recording(3, ""), [Interval("walk", 0, 100_000)])
    (other.path / "recordings" / "punch" / "x.csv").write_text("nonsense", encoding="utf-8")
    paths = [*(other.path / "continuous").iterdir(), other.path / "recordings" / "punch"]
    report = import_into(tmp_path / "mine", paths)
    mine = Dataset.open(tmp_path / "mine")
    assert {e.id: e.meta for e in mine.every} == {e.id: e.meta for e in other.every[1:]}
    assert mine.intervals(mine.continuous[0]) == other.intervals(long)
    assert reasons(report) == (
        "recordings/punch/x.csv is not in index.csv: `tinygesture data repair` adds it"
    )


def test_a_recording_without_its_data_set_keeps_its_intervals(tmp_path: Path) -> None:
    other = Dataset.create(tmp_path / "other")
    long = other.add_continuous(recording(3, ""), [Interval("walk", 0, 100_000)])
    shutil.copytree(other.path / "continuous", tmp_path / "loose")
    report = import_into(tmp_path / "mine", sorted((tmp_path / "loose").iterdir()))
    assert (report.recordings, report.refused, report.repaired) == (1, [], [])
    assert "better import the folder" in notes(report)
    mine = Dataset.open(tmp_path / "mine")
    assert mine.intervals(mine.continuous[0]) == other.intervals(long)
    counts = mine.load(mine.continuous[0]).counts
    np.testing.assert_array_equal(counts, other.load(long).counts)
    [labels] = (tmp_path / "loose").glob("*.labels.csv")
    labels.write_text("nonsense", encoding="utf-8")
    assert "it is no list of intervals" in reasons(
        import_into(tmp_path / "new", [tmp_path / "loose"])
    )


def test_options_are_not_for_a_data_set(tmp_path: Path) -> None:
    other = data_set(tmp_path / "other", recording(1))
    for path in (other.path, other.path / other.entries[0].file):
        with pytest.raises(UserError, match="import it without --label, --rate"):
            import_into(tmp_path / "mine", [path], Options(label="x", rate_hz=100))
    assert not (tmp_path / "mine").exists()


def test_two_people_of_one_name(tmp_path: Path) -> None:
    mine = data_set(tmp_path / "mine", recording(1))
    other = data_set(tmp_path / "other", recording(2), recording(3, subject="anna"))
    report = import_into(mine.path, [other.path])
    assert notes(report) == (
        f"s1 of this data set and s1 of {other.id} stay two people; "
        "`tinygesture data rename subject` joins them"
    )
    people = {entry.person for entry in Dataset.open(mine.path).entries}
    assert people == {(mine.id, "s1"), (other.id, "s1"), (other.id, "anna")}
    assert import_into(tmp_path / "third", [mine.path]).repaired == []
    assert {e.person for e in Dataset.open(tmp_path / "third").entries} == people


def test_the_same_samples_under_another_id(tmp_path: Path) -> None:
    mine = data_set(tmp_path / "mine", recording(1), recording(2))
    other = data_set(tmp_path / "other", recording(9), recording(2, "punch"), recording(1))
    report = import_into(mine.path, [other.path])
    assert report.recordings == 1
    assert "the same rows are circle in the data set: which is right?" in report.refused[0].reason
    assert "the same rows are in the data set: left out" in reasons(report)


def test_what_was_cut_from_a_continuous_recording(tmp_path: Path) -> None:
    whole, gesture = recording(1, ""), recording(1)
    other = Dataset.create(tmp_path / "other")
    other.add_continuous(whole)
    other.add_all([gesture, gesture, recording(1, "punch")])
    report = import_into(tmp_path / "mine", [other.path, other.path])
    assert (report.recordings, report.refused) == (4, [])
    mine = Dataset.open(tmp_path / "mine")
    assert sorted(entry.label for entry in mine.every) == ["", "circle", "circle", "punch"]
    kept = data_set(tmp_path / "third", gesture)
    assert import_into(kept.path, [other.path]).recordings == 1


def test_all_of_the_trash_comes_back(tmp_path: Path) -> None:
    mine = data_set(tmp_path / "mine", recording(1), recording(1), recording(1, "punch"))
    mine.add_continuous(recording(1, ""))
    mine.remove([*mine.entries[:2], *mine.continuous])
    report = import_into(mine.path, [mine.path / "trash"])
    assert (report.recordings, report.refused, report.repaired) == (3, [], [])
    assert len(Dataset.open(mine.path).every) == 4


def test_a_label_that_was_corrected_stays(tmp_path: Path) -> None:
    mine = data_set(tmp_path / "mine", recording(1))
    copy = tmp_path / "copy"
    shutil.copytree(mine.path, copy)
    mine.relabel(mine.entries, "punch")
    report = import_into(mine.path, [copy])
    assert report.recordings == 0
    assert "is circle of s1 there and punch of s1 here: left as it is here" in notes(report)
    assert report.repaired == []
    assert Dataset.open(mine.path).labels == ["punch"]


def test_damaged_files_are_refused_and_the_rest_comes(tmp_path: Path) -> None:
    other = data_set(tmp_path / "other", *(recording(k) for k in range(6)))
    files = [other.path / entry.file for entry in other.entries]
    files[0].write_text("nonsense", encoding="utf-8")
    files[1].unlink()
    index = (other.path / "index.csv").read_text(encoding="utf-8").split("\n")
    index[4] = index[4].replace("circle", "", 1)
    (other.path / "index.csv").write_text("\n".join(index) + "torn", encoding="utf-8")
    report = import_into(tmp_path / "mine", [other.path])
    assert report.recordings == 3
    assert len(report.refused) == 4
    assert [n.line for n in report.refused if "index.csv is damaged" in n.reason] == [5]


def test_what_is_no_data_set_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "dataset.json").write_text("[]", encoding="utf-8")
    report = import_into(tmp_path / "mine", [tmp_path / "other"])
    assert "dataset.json is damaged" in report.refused[0].reason
    assert not (tmp_path / "mine").exists()


def test_itself_and_its_trash(tmp_path: Path) -> None:
    mine = data_set(tmp_path / "mine", recording(1), recording(2))
    assert import_into(mine.path, [mine.path]).recordings == 0
    gone = mine.entries[0]
    mine.remove([gone])
    report = import_into(mine.path, [mine.path / "trash"])
    assert report.recordings == 1
    back = {entry.id: entry.person for entry in Dataset.open(mine.path).entries}
    assert back[gone.id] == gone.person
    assert len(back) == 2


def test_spellings_of_a_label(tmp_path: Path) -> None:
    mine = data_set(tmp_path / "mine", recording(1))
    other = data_set(tmp_path / "other", recording(2, "Circle"))
    report = import_into(mine.path, [other.path])
    assert "Circle is written circle, as it is already" in reasons(report)
    assert Dataset.open(mine.path).labels == ["circle"]


def test_what_a_repair_could_not_know_is_known_again(tmp_path: Path) -> None:
    other = data_set(tmp_path / "other", recording(1, subject="anna"), recording(2))
    import_into(tmp_path / "mine", [other.path])
    mine = Dataset.open(tmp_path / "mine")
    mine.change(mine.entries[:1], subject="unknown", session="unknown", synthetic=False)
    mine.change(mine.entries[:1], dataset=mine.id)
    report = import_into(mine.path, [other.path])
    assert "is known again: anna" in reasons(report)
    again = Dataset.open(mine.path)
    assert [(e.person, e.meta) for e in again.entries] == [
        (e.person, e.meta) for e in other.entries
    ]


@pytest.mark.parametrize("step", [300_000, -8_400, 10**18])
def test_times_that_are_none_are_told(tmp_path: Path, step: int) -> None:
    rows = [f"{i * step},0.01,0.02,{1 + i % 7 / 100:.2f},{i % 5},1,2" for i in range(119)]
    file = tmp_path / "punch.csv"
    file.write_text("\n".join(["time,aX,aY,aZ,gX,gY,gZ", *rows]) + "\n")
    report = import_into(tmp_path / "d", [file])
    assert "the column of times was not used" in reasons(report)
