"""Real recordings for tests: files in the format of Arduino's gesture tutorial.

Header `aX,aY,aZ,gX,gY,gZ` in g and °/s, one label per file, a blank line between recordings or
none at all (then every 119 rows are one). They were made with Arduino's LSM9DS1 library.
"""

import itertools
from pathlib import Path

import numpy as np

from tinygesture.contract import COUNTS_PER_UNIT, GYRO_COUNTS_PER_DPS, Float64
from tinygesture.dataset import Dataset, Meta, Recording, measure

ROWS = 119
RATE_HZ = 119.0
GYRO_FACTOR = 37581 / 32768  # 70 m°/s per count, which the library takes for 2000/32768


def read_tutorial_csv(path: Path) -> list[Float64]:
    """The recordings in a file: float64[N, 6] each, g and °/s, the gyroscope corrected."""
    lines = path.read_text().splitlines()[1:]
    blocks: list[list[list[float]]] = []
    for blank, group in itertools.groupby(lines, lambda line: not line.strip()):
        if not blank:
            rows = [[float(value) for value in line.split(",")] for line in group]
            separate = len(rows) <= 2 * ROWS
            size = len(rows) if separate else ROWS
            blocks += [rows[i : i + size] for i in range(0, len(rows) - size + 1, size)]
    factor = np.array([1.0] * 3 + [GYRO_FACTOR] * 3)
    return [np.array(block) * factor for block in blocks]


def import_folder(source: Path, target: Path) -> Dataset:
    """A data set in `target` from every LABEL.csv in `source`; the folder's name is the subject.

    The gyroscope's raw counts go through the same integers as in the LSM9DS1's driver.
    """
    dataset = Dataset.create(target)
    for path in sorted(source.glob("*.csv")):
        for values in read_tutorial_csv(path):
            counts = np.rint(values * COUNTS_PER_UNIT)
            raw = np.rint(values[:, 3:] / GYRO_FACTOR * GYRO_COUNTS_PER_DPS).astype(np.int64)
            counts[:, 3:] = (raw * 37581 + 16384) >> 15
            samples = np.clip(counts, -32768, 32767).astype(np.int16)
            t_us = np.rint(np.arange(len(samples)) * 1e6 / RATE_HZ).astype(np.int64)
            meta = Meta(
                label=path.stem,
                subject=source.name[:24],
                session="import",
                board="Arduino Nano 33 BLE Sense",
                imu="LSM9DS1",
                firmware="",
                drops=0,
                crc_errors=0,
                synthetic=False,
                recorded_at="2020-01-01T00:00:00Z",
                **measure(t_us, samples),
            )
            dataset.add(Recording(t_us, samples, meta))
    return dataset
