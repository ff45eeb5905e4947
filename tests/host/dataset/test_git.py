"""A data set in a git repository: two people record on two branches, and merge."""

import shutil
import subprocess
from pathlib import Path

import pytest
from test_changes import agrees
from test_store import make_recording

from tinygesture.dataset import Dataset
from tinygesture.dataset.repair import repair

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(path: Path, *arguments: str) -> None:
    who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    subprocess.run(["git", *who, *arguments], cwd=path, check=True, capture_output=True)


def commit(dataset: Dataset) -> None:
    git(dataset.path, "add", "--all")
    git(dataset.path, "commit", "-m", "recordings")


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    dataset = Dataset.create(tmp_path / "d")
    git(dataset.path, "init", "-b", "main")
    dataset.add_all(make_recording("a", seed=seed) for seed in range(3))
    commit(dataset)
    return dataset


def on_branch(dataset: Dataset, name: str, start: str) -> Dataset:
    git(dataset.path, "checkout", "-b", name, start)
    return Dataset.open(dataset.path)


def test_recordings_of_two_branches(dataset: Dataset) -> None:
    anna = on_branch(dataset, "anna", "main")
    anna.add_all(make_recording(label, "anna", seed=ord(label)) for label in "ab")
    commit(anna)
    ben = on_branch(dataset, "ben", "main")
    ben.add_all(make_recording(label, "ben", seed=99 + ord(label)) for label in "ac")
    commit(ben)
    git(ben.path, "merge", "anna")
    both = agrees(Dataset.open(dataset.path))
    assert sorted((entry.label, entry.subject) for entry in both.entries) == [
        *(("a", "anna"), ("a", "ben"), ("a", "s1"), ("a", "s1"), ("a", "s1")),
        *(("b", "anna"), ("c", "ben")),
    ]
    assert repair(both.path) == []


def test_a_correction_on_one_branch_and_recordings_on_the_other(dataset: Dataset) -> None:
    """What git makes of it may need a repair, which keeps every recording."""
    anna = on_branch(dataset, "anna", "main")
    anna.relabel(anna.entries[:1], "b")
    anna.remove(anna.entries[-1:])
    commit(anna)
    ben = on_branch(dataset, "ben", "main")
    ben.change(ben.entries, subject="ben")
    ben.add(make_recording("a", "ben", seed=99))
    commit(ben)
    git(ben.path, "merge", "anna")
    repair(ben.path)
    both = agrees(Dataset.open(ben.path))
    ids = {entry.id for entry in [*dataset.entries, *ben.entries]}
    trash = both.trash
    assert trash is not None
    assert ids == {entry.id for entry in [*both.entries, *trash.entries]}
    assert both.labels == ["a", "b"]


def test_without_a_union_the_conflict_is_mended(dataset: Dataset) -> None:
    (dataset.path / ".gitattributes").unlink()
    commit(dataset)
    branches = [on_branch(dataset, name, "main") for name in ("anna", "ben")]
    for seed, branch in enumerate(branches, start=50):
        git(dataset.path, "checkout", "anna" if seed == 50 else "ben")
        Dataset.open(branch.path).add(make_recording("a", seed=seed))
        commit(branch)
    with pytest.raises(subprocess.CalledProcessError):
        git(dataset.path, "merge", "anna")
    assert b"<<<<<<<" in (dataset.path / "index.csv").read_bytes()
    repair(dataset.path)
    assert len(agrees(Dataset.open(dataset.path)).entries) == 5


def test_a_checkout_with_the_line_ends_of_windows(dataset: Dataset, tmp_path: Path) -> None:
    (dataset.path / "notes.txt").write_text("one\ntwo\n")
    commit(dataset)
    git(tmp_path, "clone", "-c", "core.autocrlf=true", str(dataset.path), "clone")
    assert (tmp_path / "clone" / "notes.txt").read_bytes() == b"one\r\ntwo\r\n"
    clone = agrees(Dataset.open(tmp_path / "clone"))
    assert clone.entries == dataset.entries
    assert b"\r" not in (clone.path / "index.csv").read_bytes()
    clone.add(make_recording("b", seed=70))
    assert repair(clone.path) == []
    agrees(Dataset.open(clone.path))


def test_files_with_the_line_ends_of_windows_are_read(dataset: Dataset) -> None:
    """As a mail program or an archive may leave them."""
    for file in [*dataset.path.rglob("*.csv"), dataset.path / "dataset.json"]:
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert agrees(Dataset.open(dataset.path)).entries == dataset.entries
    dataset.add(make_recording("b", seed=70))
    assert len(agrees(Dataset.open(dataset.path)).entries) == 4
