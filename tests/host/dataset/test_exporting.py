"""What is exported and imported again has the same counts."""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygesture.contract import Int16
from tinygesture.dataset import Dataset, Meta, Recording, measure
from tinygesture.dataset.exporting import to_edge_impulse, to_tutorial
from tinygesture.dataset.importing.importer import import_into
from tinygesture.dataset.importing.takes import Options
from tinygesture.errors import UserError

WRITERS = {"tutorial": to_tutorial, "edge-impulse": to_edge_impulse}
LENGTHS = st.lists(st.integers(10, 150), min_size=2, max_size=5)


def samples(rows: int, seed: int) -> Int16:
    """int16[rows, 6] of the whole range; gravity is there, so that its unit shows."""
    counts = np.random.default_rng(seed).integers(-32768, 32768, (rows, 6)).astype(np.int16)
    counts[:, :3] //= 4
    counts[::9, :3] = np.array([32767, -32768, 32767])
    counts[1::3, 2] = 8192
    return counts


def recording(counts: Int16, label: str = "circle") -> Recording:
    t_us = np.rint(np.arange(len(counts)) * 1e6 / 119).astype(np.int64)
    meta = Meta(
        label=label,
        subject="s1",
        session="1",
        board="Arduino Nano 33 BLE Sense",
        imu="LSM9DS1",
        firmware="0.1.0",
        drops=0,
        crc_errors=0,
        synthetic=True,
        recorded_at="2024-05-01T12:00:00Z",
        **measure(t_us, counts),
    )
    return Recording(t_us, counts, meta)


def contents(dataset: Dataset) -> Counter[tuple[str, bytes]]:
    return Counter((e.label, dataset.load(e).counts.tobytes()) for e in dataset.entries)


@pytest.mark.parametrize("form", WRITERS)
@given(LENGTHS, st.integers(0, 1000))
@settings(max_examples=20)
def test_there_and_back(form: str, lengths: list[int], seed: int) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder)
        dataset = Dataset.create(path / "d")
        recordings = [recording(samples(n, seed + k)) for k, n in enumerate(lengths)]
        dataset.add_all(
            [*recordings, *(recording(samples(n, 5000 + n), "punch") for n in (60, 61))]
        )
        WRITERS[form](dataset, dataset.entries, path / "out", lambda done, total: None)
        report = import_into(path / "again", [path / "out"], Options(imu="other"))
        again = Dataset.open(path / "again")
        assert report.refused == []
        assert contents(again) == contents(dataset)
        by_counts = {again.load(e).counts.tobytes(): again.load(e).t_us for e in again.entries}
        for one in recordings:
            assert np.abs(by_counts[one.counts.tobytes()] - one.t_us).max() <= 20


@pytest.mark.parametrize("form", WRITERS)
def test_a_folder_that_is_not_empty(form: str, tmp_path: Path) -> None:
    dataset = Dataset.create(tmp_path / "d")
    dataset.add(recording(samples(30, 1)))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.csv").write_text("precious", encoding="utf-8")
    with pytest.raises(UserError, match="is not empty"):
        WRITERS[form](dataset, dataset.entries, tmp_path / "out", lambda done, total: None)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.csv"]
