"""A continuous recording under way survives its program."""

import os
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from test_store import make_recording

from tinygesture.dataset import Dataset, Interval
from tinygesture.dataset.journal import Journal, recover
from tinygesture.errors import UserError

META = replace(make_recording().meta, label="", drops=0)
ORIGIN_US = 5_000_000


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return Dataset.create(tmp_path / "d")


def samples(n: int, first: int = 0) -> tuple[np.ndarray, np.ndarray]:
    index = np.arange(first, first + n, dtype=np.int64)
    counts = (index[:, None] * [1, 2, 3, 5, 7, 11]).astype(np.int16)
    return ORIGIN_US + index * 5000, counts


def nothing_is_left(dataset: Dataset) -> bool:
    return not (dataset.path / ".unfinished").exists()


def test_a_recording_from_beginning_to_end(dataset: Dataset) -> None:
    with Journal.begin(dataset, META) as journal:
        for first in range(0, 400, 40):
            journal.append(*samples(40, first))
        journal.append(*samples(0))
        journal.set_intervals([Interval("circle", ORIGIN_US - 9, ORIGIN_US + 100_000)])
        entry = journal.finish(drops=3)
    assert nothing_is_left(dataset)
    [found] = Dataset.open(dataset.path).continuous
    assert found == entry
    assert (found.drops, found.rate_hz, found.samples, found.dataset) == (3, 200.0, 400, dataset.id)
    assert dataset.intervals(found) == [Interval("circle", 0, 100_000)]
    recording = dataset.load(found)
    np.testing.assert_array_equal(recording.t_us, samples(400)[0] - ORIGIN_US)
    np.testing.assert_array_equal(recording.counts, samples(400)[1])


def test_misuse(dataset: Dataset) -> None:
    with pytest.raises(ValueError, match="has no label"):
        Journal.begin(dataset, replace(META, label="a"))
    with pytest.raises(UserError, match="cannot be the name of a subject"):
        Journal.begin(dataset, replace(META, subject="a b"))
    with Journal.begin(dataset, META) as journal:
        with pytest.raises(ValueError, match="before the first sample"):
            journal.set_intervals([Interval("a", 1, 2)])
        journal.append(*samples(4))
        with pytest.raises(ValueError, match="must increase"):
            journal.append(*samples(4))
        with pytest.raises(UserError, match="cannot be the name of a label"):
            journal.set_intervals([Interval("a b", ORIGIN_US, ORIGIN_US + 2)])
        journal.discard()
    assert nothing_is_left(dataset)
    assert recover(dataset) == []


def test_nothing_arrived(dataset: Dataset) -> None:
    with (
        Journal.begin(dataset, META) as journal,
        pytest.raises(UserError, match="No sample arrived"),
    ):
        journal.finish()
    assert nothing_is_left(dataset)
    with Journal.begin(dataset, META):
        pass
    assert recover(dataset) == []
    assert nothing_is_left(dataset)


def test_an_error_while_recording_leaves_what_recover_needs(dataset: Dataset) -> None:
    with pytest.raises(RuntimeError), Journal.begin(dataset, META) as journal:
        journal.append(*samples(50))
        raise RuntimeError
    [entry] = recover(dataset)
    assert (entry.samples, entry.subject, entry.rate_hz) == (50, "s1", 200.0)
    assert nothing_is_left(dataset)


def test_one_that_is_being_written_is_left_alone(dataset: Dataset) -> None:
    with Journal.begin(dataset, META) as journal:
        journal.append(*samples(5))
        program = (
            "import sys; from tinygesture.dataset import Dataset, journal; "
            "print(journal.recover(Dataset.open(sys.argv[1])))"
        )
        said = subprocess.run(
            [sys.executable, "-c", program, str(dataset.path)], capture_output=True, check=True
        )
        assert said.stdout == b"[]\n"
        assert journal.finish().samples == 5


def test_the_disk_is_full_at_the_end(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with (
        pytest.raises(UserError, match="the disk is full"),
        Journal.begin(dataset, META) as journal,
    ):
        journal.append(*samples(50))
        monkeypatch.setattr(os, "fsync", full)
        journal.finish()
    monkeypatch.undo()
    assert Dataset.open(dataset.path).continuous == []
    assert recover(dataset)[0].samples == 50


@pytest.mark.parametrize("tail", [b"250000,0.1", b"250000,0.1,0.2\n", b"\0" * 512, b"\n\n"])
def test_what_is_torn_is_cut_off(dataset: Dataset, tail: bytes) -> None:
    with Journal.begin(dataset, META) as journal:
        journal.append(*samples(50))
    [file] = (dataset.path / ".unfinished").glob("*.csv")
    with file.open("ab") as journal_file:
        journal_file.write(tail)
    [entry] = recover(dataset)
    np.testing.assert_array_equal(dataset.load(entry).counts, samples(50)[1])
    assert nothing_is_left(dataset)


def test_what_is_known_of_it_is_lost(dataset: Dataset) -> None:
    with Journal.begin(dataset, META) as journal:
        journal.append(*samples(50))
    [file] = (dataset.path / ".unfinished").glob("*.json")
    file.write_text("")
    [entry] = recover(dataset)
    assert (entry.subject, entry.session, entry.samples, entry.rate_hz) == (
        *("unknown", "unknown"),
        *(50, 200.0),
    )


def test_killed_between_saving_and_tidying_up(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Journal.begin(dataset, META) as journal:
        journal.append(*samples(50))
        with monkeypatch.context() as patch:
            patch.setattr("tinygesture.dataset.journal.remove_all", lambda paths: None)
            entry = journal.finish()
    again = Dataset.open(dataset.path)
    assert recover(again) == [entry]
    assert Dataset.open(dataset.path).continuous == [entry]
    assert nothing_is_left(dataset)


def test_killed_at_any_moment(dataset: Dataset) -> None:
    """After SIGKILL every sample is there that was reported as appended."""
    program = textwrap.dedent(
        """
        import sys
        from tinygesture.dataset import Dataset, Interval
        from tinygesture.dataset.journal import Journal
        from test_journal import META, ORIGIN_US, samples
        journal = Journal.begin(Dataset.open(sys.argv[1]), META)
        for first in range(0, 10**7, 20):
            journal.append(*samples(20, first))
            journal.set_intervals([Interval("a", ORIGIN_US, ORIGIN_US + 1 + first)])
            print(first + 20, flush=True)
        """
    )
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent)}
    for kill_after in (1, 9, 40):
        with subprocess.Popen(
            [sys.executable, "-c", program, str(dataset.path)],
            stdout=subprocess.PIPE,
            env=environment,
            text=True,
        ) as process:
            assert process.stdout is not None
            lines = [process.stdout.readline() for _ in range(kill_after)]
            process.kill()
            lines += process.stdout.readlines()
        reported = int(next(line for line in reversed(lines) if line.endswith("\n")))
        [entry] = recover(dataset)
        assert reported <= entry.samples <= reported + 20
        np.testing.assert_array_equal(dataset.load(entry).counts, samples(entry.samples)[1])
        assert len(dataset.intervals(entry)) == 1
        assert nothing_is_left(dataset)
