"""Every operation, stopped at each of its steps on the file system: no recording is lost.

It is stopped as kill -9 does it, with or without a torn file, and by a step that fails.
"""

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from test_changes import agrees, continuous
from test_cutting import MARKED, long_recording
from test_journal import META, ORIGIN_US, samples
from test_repair import every_sample
from test_store import make_recording

from tinygesture.dataset import Dataset, Entry, Interval
from tinygesture.dataset.cutting import cut, cut_intervals
from tinygesture.dataset.journal import Journal, recover
from tinygesture.dataset.repair import repair
from tinygesture.errors import UserError

KILLED = 9
OPERATIONS: dict[str, Callable[[Dataset], Any]] = {
    "add": lambda d: d.add(make_recording("a", seed=50)),
    "add_all": lambda d: d.add_all(make_recording("c", seed=60 + i) for i in range(3)),
    "add_continuous": lambda d: d.add_continuous(*continuous()),
    "remove": lambda d: d.remove([*d.entries[:2], *d.continuous]),
    "restore": lambda d: d.restore(d.trash.every),
    "relabel": lambda d: d.relabel(d.entries[:2], "c"),
    "change": lambda d: d.change(d.entries[:2], subject="anna"),
    "cut": lambda d: cut(d, d.continuous[0], 1.0, 2.0, "c"),
    "trim": lambda d: cut(d, d.entries[-1], 0.3, 1.0, "long"),
    "cut_intervals": lambda d: cut_intervals(d, d.continuous[0]),
    "repair": lambda d: repair(d.path),
    "recover": recover,
}
ALL_OR_NOTHING = {"add", "add_all", "add_continuous", "relabel", "change", "cut_intervals"}
STEPS = [
    *((os, name) for name in ("fsync", "sync", "ftruncate")),
    *((Path, name) for name in ("replace", "unlink", "write_bytes", "mkdir", "rmdir")),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    dataset = Dataset.create(tmp_path_factory.mktemp("made") / "d")
    dataset.add_all(make_recording(label, f"p{i}", seed=i) for i, label in enumerate("aabb"))
    dataset.add_continuous(long_recording(2.5), MARKED[:1])
    cut(dataset, dataset.continuous[0], 0.0, 1.2, "long")
    dataset.remove([dataset.add(make_recording("b", seed=30))])
    return dataset.path


def damaged(path: Path) -> Dataset:
    """Something for `repair` to do."""
    dataset = Dataset.open(path)
    files = [path / entry.file for entry in dataset.entries]
    index = path / "index.csv"
    index.write_bytes(index.read_bytes()[:-30])
    files[0].rename(path / "recordings" / "b" / files[0].name)
    files[1].write_bytes(files[1].read_bytes()[:-5])
    (path / "dataset.json").unlink()
    return dataset


def abandoned(path: Path) -> Dataset:
    """A recording whose program was killed."""
    dataset = Dataset.open(path)
    with Journal.begin(dataset, META) as journal:
        journal.append(*samples(300))
        journal.set_intervals([Interval("a", ORIGIN_US, ORIGIN_US + 9)])
    return dataset


PREPARE = {"repair": damaged, "recover": abandoned}


@contextmanager
def stopping(step: int, stop: Callable[[], None]) -> Iterator[list[int]]:
    """Call `stop` at a step on the file system; counts them."""
    count = [0]

    def wrapped(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **keywords: Any) -> Any:
            count[0] += 1
            if count[0] == step:
                if real is os.fsync and stop is torn:
                    with suppress(OSError):
                        os.truncate(args[0], max(os.fstat(args[0]).st_size - 7, 0))
                stop()
            return real(*args, **keywords)

        return call

    with pytest.MonkeyPatch.context() as patch:
        for owner, name in STEPS:
            patch.setattr(owner, name, wrapped(getattr(owner, name)))
        yield count


def kill() -> None:
    os._exit(KILLED)


def torn() -> None:
    os._exit(KILLED)


def fail() -> None:
    raise OSError(errno.EIO, "Input/output error")


def runs_into(operation: Callable[[Dataset], Any], dataset: Dataset, step: int, stop: Any) -> bool:
    """Whether the operation has so many steps. Killed in a copy of this process."""
    if stop is fail:
        with stopping(step, stop) as count, suppress(UserError, OSError):
            operation(dataset)
        return count[0] >= step
    child = os.fork()
    if child == 0:
        try:
            with stopping(step, stop):
                operation(dataset)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == KILLED


def everything(dataset: Dataset) -> dict[str, Entry]:
    trash = dataset.trash.every if dataset.trash else []
    return {entry.id: entry for entry in [*trash, *dataset.every]}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills copies of this process")
@pytest.mark.parametrize(
    ("name", "stop"),
    [
        *((name, stop) for name in OPERATIONS for stop in (kill, fail)),
        *((name, torn) for name in ("add", "add_all", "add_continuous", "cut_intervals", "repair")),
    ],
)
def test_stopped_at_every_step(
    made: Path, tmp_path: Path, name: str, stop: Callable[[], None]
) -> None:
    step = 0
    while True:
        step += 1
        path = tmp_path / f"d{step}"
        shutil.copytree(made, path)
        known = everything(Dataset.open(path))
        dataset = PREPARE.get(name, Dataset.open)(path)
        before = every_sample(path)
        if not runs_into(OPERATIONS[name], dataset, step, stop):
            break
        if stop is fail and name in ALL_OR_NOTHING:
            agrees(Dataset.open(path))
        if name != "repair":
            Dataset.open(path)
        repair(path)
        assert repair(path) == []
        again = agrees(Dataset.open(path))
        there = everything(again)
        assert every_sample(path) >= before
        if name == "recover":
            assert any(entry.samples == 300 for entry in again.continuous)
        if name == "repair":
            assert len(there) >= len(known)
            continue
        for id, entry in known.items():
            assert there[id].subject in (entry.subject, "anna")
            assert there[id].label in (entry.label, "c")
            assert there[id].session == entry.session
    assert step > 3
