"""Every public recording there is for tests."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from recorded import GYRO_FACTOR, read_tutorial_csv
from tinygesture.dataset import Dataset
from tinygesture.dataset.importing import units
from tinygesture.dataset.importing.importer import import_into
from tinygesture.dataset.importing.takes import Options

COUNTS = {
    "martinlindholdt": {"circ": 48, "flex": 26, "hori": 98, "punch": 16, "vert": 77},
    "adamclarkstandke": {"punch": 17, "upper_cut": 18},
    "chiahong95": {"flex": 15, "punch": 20},
    "ranjith-ms": {"flex": 43, "punch": 17},
}


@pytest.mark.parametrize("name", COUNTS)
def test_recordings_by_label(recorded: Path, tmp_path: Path, name: str) -> None:
    report = import_into(tmp_path / "d", [recorded / "imu" / name])
    dataset = Dataset.open(tmp_path / "d")
    assert Counter(entry.label for entry in dataset.entries) == COUNTS[name]
    assert report.refused == []
    assert {entry.samples for entry in dataset.entries} == {30 if name == "ranjith-ms" else 119}


def test_motion_tells_the_unit_of_the_gyroscope(recorded: Path) -> None:
    ratios = []
    for name in COUNTS:
        for path in (recorded / "imu" / name).glob("*.csv"):
            for values in read_tutorial_csv(path):
                values[:, 3:] /= GYRO_FACTOR
                ratios.append(np.percentile(np.abs(values[:, 3:]), 99) / units._motion_g(values))
    assert len(ratios) == 395
    assert min(ratios) > 2 * units._DPS_PER_G
    assert np.deg2rad(max(ratios)) < units._DPS_PER_G / 2


def test_another_board(recorded: Path, tmp_path: Path) -> None:
    report = import_into(tmp_path / "d", [recorded / "imu" / "vaibhav_esp32"])
    dataset = Dataset.open(tmp_path / "d")
    assert report.refused == []
    found = [[i.label for i in dataset.intervals(entry)] for entry in dataset.continuous]
    assert found == [["gesture"], ["idle"]]
    assert str(report.repaired).count("rad/s") == 2  # the one that is still, like the other
    assert {entry.imu for entry in dataset.continuous} == {""}


def test_accelerometers_alone(recorded: Path, tmp_path: Path) -> None:
    report = import_into(tmp_path / "d", [recorded / "imu" / "ei_xiao"])
    assert (report.recordings, len(report.refused)) == (0, 96)
    assert {notice.reason for notice in report.refused} == {
        "there is only an accelerometer here; six axes are needed, and a gyroscope is never made up"
    }
    assert not (tmp_path / "d").exists()


def test_everything_at_once(recorded: Path, tmp_path: Path) -> None:
    report = import_into(tmp_path / "d", [recorded], Options(subject="many"))
    total = sum(sum(counts.values()) for counts in COUNTS.values())
    assert report.recordings == total + 2
    assert import_into(tmp_path / "d", [recorded]).recordings == 0
