"""10,000 recordings are imported, and merged, in under a minute each, and in linear time."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from tinygesture.dataset import Dataset
from tinygesture.dataset.importing.importer import import_into

ROW = "%.3f,%.3f,%.3f,%.3f,%.3f,%.3f"


def write_table(path: Path, recordings: int) -> Path:
    rng = np.random.default_rng(1)
    with path.open("w", encoding="utf-8") as file:
        file.write("aX,aY,aZ,gX,gY,gZ\n")
        for _ in range(recordings):
            values = rng.uniform(-1, 1, (119, 6)) * ([2.0] * 3 + [500.0] * 3)
            file.write("\n".join(ROW % tuple(row) for row in values.tolist()) + "\n\n")
    return path


def seconds(work: Callable[[], object]) -> float:
    """Of the processor, which other programs hardly change."""
    began = time.process_time()
    work()
    return time.process_time() - began


def test_ten_thousand(tmp_path: Path) -> None:
    took: dict[str, dict[int, float]] = {"import": {}, "again": {}, "merge": {}}
    for count in (2_000, 10_000):
        table = write_table(tmp_path / "punch.csv", count)
        data, other = tmp_path / f"d{count}", tmp_path / f"m{count}"
        took["import"][count] = seconds(lambda table=table, data=data: import_into(data, [table]))
        assert len(Dataset.open(data).entries) == count
        took["again"][count] = seconds(lambda table=table, data=data: import_into(data, [table]))
        assert len(Dataset.open(data).entries) == count
        took["merge"][count] = seconds(lambda data=data, other=other: import_into(other, [data]))
        assert len(Dataset.open(other).entries) == count
    for times in took.values():
        assert times[10_000] < 60, took
        assert times[10_000] < 10 * times[2_000], took
