"""Data sets that were edited, interrupted or used by several programs at the same moment."""

import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from test_changes import agrees, continuous
from test_store import make_recording

from tinygesture.dataset import Dataset, cutting, index
from tinygesture.dataset.files import draft_of
from tinygesture.dataset.journal import Journal
from tinygesture.dataset.repair import repair
from tinygesture.errors import UserError


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    dataset = Dataset.create(tmp_path / "d")
    dataset.add_all(make_recording(label, seed=i) for i, label in enumerate("aab"))
    return dataset


def edit(dataset: Dataset, old: str, new: str) -> None:
    file = dataset.path / index.NAME
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("id", "x/../../../../PWNED"),
        ("id", "f" * 300),
        ("board", "\x1b[31mred"),
        ("marks", "\x07"),
        ("samples", "9" * 400),
    ],
)
def test_what_no_field_can_be(dataset: Dataset, column: str, value: str) -> None:
    file = dataset.path / index.NAME
    header, _, *rest = file.read_text().splitlines()
    row = index.encode([replace(dataset.entries[0], board="B")]).decode().strip().split(",")
    row[header.split(",").index(column)] = value
    file.write_text("\n".join([header, ",".join(row), *rest]) + "\n")
    with pytest.raises(UserError, match=r"index\.csv, line 2, is damaged"):
        Dataset.open(dataset.path)


def test_a_last_line_that_only_lacks_its_end_is_kept(dataset: Dataset) -> None:
    file = dataset.path / index.NAME
    file.write_bytes(file.read_bytes().removesuffix(b"\n"))
    again = Dataset.open(dataset.path)
    assert again.entries == dataset.entries
    added = again.add(make_recording("b", seed=9))
    assert agrees(again).entries == [*dataset.entries, added]
    file.write_bytes(file.read_bytes().removesuffix(b"\n"))
    again.change(again.entries[:1], subject="zoe")
    assert [e.subject for e in agrees(again).entries] == ["zoe", "s1", "s1", "s1"]


def test_two_programs_adopt_the_same(dataset: Dataset, tmp_path: Path) -> None:
    one = Dataset.create(tmp_path / "target")
    other = Dataset.open(tmp_path / "target")
    assert len(one.adopt(dataset.entries, dataset)) == 3
    assert other.adopt(dataset.entries, dataset) == []
    assert len(Dataset.open(tmp_path / "target").entries) == 3


def test_several_programs_make_the_same_data_set(tmp_path: Path) -> None:
    start = threading.Barrier(4)
    ids: list[str] = []

    def make() -> None:
        start.wait()
        ids.append(Dataset.open_or_create(tmp_path / "new").id)

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 4
    assert len(set(ids)) == 1


def test_a_journal_knows_more_than_its_draft(dataset: Dataset) -> None:
    recording, intervals = continuous()
    journal = Journal.begin(dataset, recording.meta)
    journal.append(recording.t_us, recording.counts)
    journal.set_intervals(intervals)
    journal._close()  # the program is killed while it saves the recording
    path = dataset.path / "continuous" / f"0001-{journal._id}.csv"
    path.parent.mkdir()
    draft_of(path).write_bytes((dataset.path / ".unfinished" / f"{journal._id}.csv").read_bytes())
    repair(dataset.path)
    [entry] = agrees(Dataset.open(dataset.path)).continuous
    assert (entry.subject, entry.synthetic) == (recording.meta.subject, True)
    assert Dataset.open(dataset.path).intervals(entry) == intervals
    assert repair(dataset.path) == []


@pytest.mark.parametrize("odd", ["fifo", "folder", "dangling", "loop", "device"])
def test_odd_entries_are_no_recordings(dataset: Dataset, odd: str) -> None:
    path = dataset.path / "recordings" / "a" / "x.csv"
    make: dict[str, Callable[[], object]] = {
        "fifo": lambda: os.mkfifo(path),
        "folder": path.mkdir,
        "dangling": lambda: path.symlink_to("nowhere"),
        "loop": lambda: path.symlink_to(path),
        "device": lambda: path.symlink_to("/dev/zero"),
    }
    make[odd]()
    assert Dataset.open(dataset.path).entries == dataset.entries
    assert repair(dataset.path) == []


def test_files_of_others_stay_where_they_are(dataset: Dataset, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / ".notes.tmp").write_text("mine")
    (theirs / "y.csv").write_text("mine")
    (dataset.path / "recordings" / "linked").symlink_to(theirs)
    (dataset.path / ".notes.tmp").write_text("mine")
    assert repair(dataset.path) == []
    assert sorted(path.name for path in theirs.iterdir()) == [".notes.tmp", "y.csv"]
    assert (dataset.path / ".notes.tmp").exists()


def test_a_folder_that_is_gone_is_not_made_anew(dataset: Dataset, tmp_path: Path) -> None:
    dataset.path.rename(tmp_path / "elsewhere")
    with pytest.raises(UserError, match=r"d is gone\. Was it moved"):
        dataset.add(make_recording("a", seed=9))
    assert not dataset.path.exists()


def test_a_date_beyond_the_calendar(dataset: Dataset) -> None:
    late = "9999-12-31T23:59:59.999+00:00"
    assert cutting._later(late, 10**7) == late


def test_nothing_is_named_before_it_is_on_the_disk(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut at any moment: samples first, then the line of the index, then the name."""
    steps: list[str] = []
    sync, rename = os.fsync, Path.replace

    def synced(descriptor: int) -> None:
        name = Path(f"/proc/self/fd/{descriptor}").readlink().name
        steps.append(f"sync {'draft' if name.endswith('.csv.tmp') else name}")
        sync(descriptor)

    def renamed(self: Path, target: Path) -> Path:
        steps.append("rename")
        return rename(self, target)

    if not Path("/proc/self/fd").exists():
        pytest.skip("only Linux tells which file a descriptor is")
    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", renamed)
    dataset.add(make_recording("a", seed=9))
    assert steps == ["sync draft", "sync index.csv", "rename", "sync a"]
    steps.clear()
    dataset.change(dataset.entries[:1], subject="zoe")
    assert steps == ["sync draft", "rename", "sync d"]
