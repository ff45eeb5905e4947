"""A data set holds every recording whose `add` returned, whatever happens."""

import json
import os
import resource
import signal
import subprocess
import sys
import textwrap
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from tinygesture.dataset import Dataset, Meta, Recording, measure
from tinygesture.errors import UserError


def make_recording(label: str = "circle", subject: str = "s1", seed: int = 0) -> Recording:
    rng = np.random.default_rng(seed)
    t_us = np.arange(30, dtype=np.int64) * 8400
    counts = rng.integers(-32768, 32768, (30, 6)).astype(np.int16)
    meta = Meta(
        label=label,
        subject=subject,
        session="1",
        board='Nano, "33"',
        imu="LSM9DS1",
        firmware="0.1.0",
        drops=1,
        crc_errors=2,
        synthetic=True,
        recorded_at="2024-05-01T12:00:00Z",
        **measure(t_us, counts),
    )
    return Recording(t_us, counts, meta)


def test_recordings_come_back(tmp_path: Path) -> None:
    dataset = Dataset.create(tmp_path / "new" / "data")
    recordings = [make_recording(label, seed=i) for i, label in enumerate(["b", "a", "b"])]
    added = [dataset.add(recording) for recording in recordings]
    again = Dataset.open(dataset.path)
    assert again.id == dataset.id
    assert again.entries == added == dataset.entries
    assert again.labels == ["a", "b"]
    for entry, recording in zip(again.entries, recordings, strict=True):
        loaded = again.load(entry)
        np.testing.assert_array_equal(loaded.t_us, recording.t_us)
        np.testing.assert_array_equal(loaded.counts, recording.counts)
        assert loaded.meta == recording.meta
        assert entry.samples == 30
        assert entry.file.startswith(f"recordings/{entry.label}/")
    assert len({entry.id for entry in added}) == 3


def test_a_second_session_adds_to_the_first(tmp_path: Path) -> None:
    Dataset.open_or_create(tmp_path / "d").add(make_recording())
    Dataset.open_or_create(tmp_path / "d").add(make_recording())
    dataset = Dataset.open(tmp_path / "d")
    files = [entry.file for entry in dataset.entries]
    assert [Path(file).name[:4] for file in files] == ["0001", "0002"]
    for entry in dataset.entries:
        dataset.load(entry)


def test_line_breaks_in_what_a_board_says_do_not_break_the_index(tmp_path: Path) -> None:
    dataset = Dataset.create(tmp_path / "d")
    recording = make_recording()
    meta = replace(recording.meta, board="two\nlines\r\n", firmware="")
    dataset.add(replace(recording, meta=meta))
    [entry] = Dataset.open(tmp_path / "d").entries
    assert entry.board == "two lines"


def test_measures() -> None:
    t_us = np.array([0, 10_000, 20_000, 40_000, 50_000], np.int64)  # one sample lost
    counts = np.zeros((5, 6), np.int16)
    counts[1, 2] = 32767
    counts[1, 3] = counts[3, 5] = -32768
    assert measure(t_us, counts) == {"rate_hz": 100.0, "jitter_us": 0.0, "clipped": 2}
    uneven = np.array([0, 9_900, 20_000], np.int64)
    assert measure(uneven, counts[:3])["jitter_us"] == 100.0
    assert measure(t_us[:1], counts[:1]) == {"rate_hz": 0.0, "jitter_us": 0.0, "clipped": 0}


def test_a_recording_is_checked() -> None:
    recording = make_recording()
    with pytest.raises(ValueError, match="begin at 0 and increase"):
        replace(recording, t_us=recording.t_us[::-1])
    with pytest.raises(ValueError, match="int64 and int16"):
        replace(recording, counts=recording.counts.astype(np.float64))
    with pytest.raises(ValueError, match="N×6"):
        replace(recording, t_us=recording.t_us[:3])


@pytest.mark.parametrize("name", ["", "-x", "a b", "a/b", "..", "x" * 25, "größe", "a\n", "a,b"])
@pytest.mark.parametrize("what", ["label", "subject", "session"])
def test_names(tmp_path: Path, name: str, what: str) -> None:
    dataset = Dataset.create(tmp_path / "d")
    recording = make_recording()
    named = replace(recording, meta=replace(recording.meta, **{what: name}))
    with pytest.raises(UserError, match=f"cannot be the name of a {what}: use 1 to 24 letters"):
        dataset.add(named)
    assert dataset.entries == []
    assert not (tmp_path / "d" / "recordings").exists()


@pytest.mark.parametrize("name", ["a", "9", "up-down_2", "_x", "x" * 24])
def test_good_names(tmp_path: Path, name: str) -> None:
    Dataset.create(tmp_path / "d").add(make_recording(label=name, subject=name))
    assert Dataset.open(tmp_path / "d").labels == [name]


class TestFoldersThatAreNoDataSet:
    def test_missing(self, tmp_path: Path) -> None:
        with pytest.raises(UserError, match=r"There is no folder .*none"):
            Dataset.open(tmp_path / "none")

    def test_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "f").write_text("x")
        with pytest.raises(UserError, match="no folder"):
            Dataset.open(tmp_path / "f")
        with pytest.raises(UserError, match="a file stands where a folder should be"):
            Dataset.create(tmp_path / "f")
        with pytest.raises(UserError, match="a file stands where a folder should be"):
            Dataset.create(tmp_path / "f" / "inside")

    def test_another_folder(self, tmp_path: Path) -> None:
        (tmp_path / "photo.jpg").write_text("x")
        with pytest.raises(UserError, match=r"is not a data set: it has no dataset\.json"):
            Dataset.open(tmp_path)
        with pytest.raises(UserError, match=r"there is something in it already \(photo\.jpg\)"):
            Dataset.open_or_create(tmp_path)

    def test_empty(self, tmp_path: Path) -> None:
        dataset = Dataset.create(tmp_path / "d")
        with pytest.raises(UserError, match=r"is empty\. Record some gestures first"):
            dataset.require_recordings()
        dataset.add(make_recording())
        dataset.require_recordings()

    def test_creation_that_was_interrupted_can_be_repeated(self, tmp_path: Path) -> None:
        Dataset.create(tmp_path / "d")
        (tmp_path / "d" / "dataset.json").unlink()
        Dataset.open_or_create(tmp_path / "d").add(make_recording())

    def test_an_index_with_recordings_is_never_replaced(self, tmp_path: Path) -> None:
        Dataset.create(tmp_path / "d").add(make_recording())
        (tmp_path / "d" / "dataset.json").unlink()
        with pytest.raises(UserError, match=r"something in it already .* data repair --data"):
            Dataset.open_or_create(tmp_path / "d")

    @pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 1}', '{"format": "1", "id": 5}'])
    def test_damaged_description(self, tmp_path: Path, text: str) -> None:
        Dataset.create(tmp_path / "d")
        (tmp_path / "d" / "dataset.json").write_text(text)
        with pytest.raises(UserError, match=r"dataset\.json is damaged"):
            Dataset.open(tmp_path / "d")

    def test_newer_format(self, tmp_path: Path) -> None:
        Dataset.create(tmp_path / "d")
        (tmp_path / "d" / "dataset.json").write_text(json.dumps({"format": 2, "id": "x"}))
        with pytest.raises(UserError, match=r"format 2.*Update tinygesture"):
            Dataset.open(tmp_path / "d")


class TestIndex:
    @pytest.fixture
    def dataset(self, tmp_path: Path) -> Dataset:
        dataset = Dataset.create(tmp_path / "d")
        for seed in range(3):
            dataset.add(make_recording(seed=seed))
        return dataset

    def test_missing_file(self, dataset: Dataset) -> None:
        (dataset.path / dataset.entries[1].file).unlink()
        with pytest.raises(UserError, match=r"index\.csv names recordings/circle/0002-.*missing"):
            dataset.load(dataset.entries[1])

    def test_a_file_with_other_samples_than_the_index_says(self, dataset: Dataset) -> None:
        file = dataset.path / dataset.entries[1].file
        file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:-1]))
        with pytest.raises(UserError, match=r"has 29 samples, and the index says 30.*repair"):
            dataset.load(dataset.entries[1])

    def test_missing_index(self, dataset: Dataset) -> None:
        (dataset.path / "index.csv").unlink()
        with pytest.raises(UserError, match=r"Could not read .*index\.csv: it does not exist"):
            Dataset.open(dataset.path)

    def test_torn_last_line_is_ignored_and_then_cut_off(
        self, dataset: Dataset, caplog: pytest.LogCaptureFixture
    ) -> None:
        index = dataset.path / "index.csv"
        data = index.read_bytes()
        for cut in (2, 20, len(data) - data[:-1].rfind(b"\n") - 2):
            index.write_bytes(data[:-cut])
            caplog.clear()
            again = Dataset.open(dataset.path)
            assert again.entries == dataset.entries[:2]
            assert "lines cut off: 1" in caplog.text
        added = again.add(make_recording(seed=9))
        assert Dataset.open(dataset.path).entries == [*dataset.entries[:2], added]

    def test_torn_header_of_a_long_index(self, dataset: Dataset) -> None:
        index = dataset.path / "index.csv"
        whole = index.read_bytes()
        index.write_bytes(whole + b"x" * 10_000)  # longer than one look from the end
        dataset.add(make_recording(seed=9))
        assert index.read_bytes().startswith(whole)
        assert len(Dataset.open(dataset.path).entries) == 4

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("circle", "-circle"),
            ("True", "maybe"),
            (",30,", ",many,"),
            (",2024-05", ',"2024-05'),
            ("recordings/circle", "../circle"),
            ("0.1.0,", ""),
            (",119.048,", ",nan,"),
        ],
    )
    def test_damaged_line(self, dataset: Dataset, old: str, new: str) -> None:
        index = dataset.path / "index.csv"
        lines = index.read_text().splitlines()
        assert old in lines[2]
        lines[2] = lines[2].replace(old, new)
        index.write_text("\n".join(lines) + "\n")
        with pytest.raises(UserError, match=r"index\.csv, line 3, is damaged \(.*Correct the line"):
            Dataset.open(dataset.path)

    @pytest.mark.parametrize("data", [b"", b"\n", b"a,b\n", b"\xff\xfe\n"])
    def test_damaged_header(self, dataset: Dataset, data: bytes) -> None:
        (dataset.path / "index.csv").write_bytes(data)
        with pytest.raises(UserError, match=r"index\.csv, line 1, is damaged \(the header"):
            Dataset.open(dataset.path)

    def test_undecodable_line(self, dataset: Dataset) -> None:
        with (dataset.path / "index.csv").open("ab") as file:
            file.write(b"\xff\xfe\n")
        with pytest.raises(UserError, match="line 5, is damaged"):
            Dataset.open(dataset.path)

    def test_the_index_holds_everything_known(self, dataset: Dataset) -> None:
        header = (dataset.path / "index.csv").read_text().splitlines()[0].split(",")
        assert {field.name for field in fields(Meta)} <= set(header)


def listing(path: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(path)): file.read_bytes()
        for file in sorted(path.rglob("*"))
        if file.is_file()
    }


class TestTrouble:
    """Nothing is left half-written."""

    @pytest.mark.parametrize("full_for", ["the recording", "the index"])
    def test_no_room(self, tmp_path: Path, full_for: str) -> None:
        """A limit on the size of files stands in for a full disk."""
        dataset = Dataset.create(tmp_path / "d")
        for seed in range(15):
            dataset.add(make_recording(seed=seed))
        before = listing(tmp_path)
        limit = 100 if full_for == "the recording" else len(before["d/index.csv"]) + 10
        old = resource.getrlimit(resource.RLIMIT_FSIZE)
        handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, old[1]))
        try:
            with pytest.raises(UserError, match=r"the disk is full\. Free some space"):
                dataset.add(make_recording(seed=9))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, old)
            signal.signal(signal.SIGXFSZ, handler)
        assert listing(tmp_path) == before
        dataset.add(make_recording(seed=9))
        assert len(Dataset.open(tmp_path / "d").entries) == 16

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
    def test_no_permission(self, tmp_path: Path) -> None:
        dataset = Dataset.create(tmp_path / "d")
        dataset.path.chmod(0o500)
        try:
            with pytest.raises(UserError, match=r"permission denied\. Check who owns"):
                dataset.add(make_recording())
        finally:
            dataset.path.chmod(0o700)
        assert dataset.entries == []

    @pytest.mark.parametrize("broken", ["fsync", "replace"])
    @pytest.mark.parametrize("code", ["ENOSPC", "EACCES", "EIO"])
    def test_every_step_may_fail(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str, code: str
    ) -> None:
        import errno

        dataset = Dataset.create(tmp_path / "d")
        dataset.add(make_recording())
        before = listing(tmp_path)

        def fail(*_: object) -> None:
            raise OSError(getattr(errno, code), os.strerror(getattr(errno, code)))

        with monkeypatch.context() as patch:
            patch.setattr(*((os, "fsync") if broken == "fsync" else (Path, "replace")), fail)
            with pytest.raises(UserError, match=r"Could not write .*: "):
                dataset.add(make_recording(seed=1))
        assert listing(tmp_path) == before
        assert len(dataset.entries) == 1


def test_killed_while_writing(tmp_path: Path) -> None:
    """After SIGKILL every recording that was reported is there, and one more at most."""
    program = textwrap.dedent(
        """
        import sys
        from test_store import make_recording
        from tinygesture.dataset import Dataset
        dataset = Dataset.open_or_create(sys.argv[1])
        for seed in range(10**6):
            print(dataset.add(make_recording(seed=seed)).id, flush=True)
        """
    )
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent)}
    reported: list[str] = []
    for kill_after in (1, 7, 12):
        with subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path / "d")],
            stdout=subprocess.PIPE,
            env=environment,
            text=True,
        ) as process:
            assert process.stdout is not None
            reported += [process.stdout.readline().strip() for _ in range(kill_after)]
            process.kill()
            reported += process.stdout.read().split("\n")[:-1]
        dataset = Dataset.open(tmp_path / "d")
        found = [entry.id for entry in dataset.entries]
        assert [id for id in found if id in reported] == reported
        assert len(found) - len(reported) <= 3  # one for each kill so far
        for entry in dataset.entries:
            dataset.load(entry)


def test_adding_does_not_slow_down_as_the_data_set_grows(tmp_path: Path) -> None:
    """Bytes written per recording: the CSV and one line of the index, never the index anew."""
    dataset = Dataset.create(tmp_path / "d")
    index = dataset.path / "index.csv"
    before = index.stat()
    for seed in range(50):
        dataset.add(make_recording(seed=seed))
    after = index.stat()
    assert after.st_ino == before.st_ino
    assert len(index.read_text().splitlines()) == 51


def test_recording_needs_no_pandas() -> None:
    """Only reading a CSV does; capture starts without it."""
    program = "import sys, tinygesture.dataset, tinygesture.synth; print('pandas' in sys.modules)"
    output = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert output.stdout == b"False\n"
