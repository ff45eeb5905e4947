"""The frame and the virtual hand beside real recordings of a Nano 33 BLE Sense."""

from pathlib import Path

import numpy as np
import pytest
from frame import errors

from recorded import GYRO_FACTOR, RATE_HZ, import_folder, read_tutorial_csv
from tinygesture.contract import Float64, to_units
from tinygesture.synth import perform

SAME_GESTURE = {
    "circle": ["martinlindholdt/circ"],
    "punch": ["martinlindholdt/punch", "adamclarkstandke/punch", "chiahong95/punch"],
    "flex": ["martinlindholdt/flex", "chiahong95/flex"],
}


def peaks(recordings: list[Float64]) -> tuple[float, float]:
    """Medians of the greatest force (g) and rate (°/s) of a recording."""
    forces = [np.linalg.norm(values[:, :3], axis=1).max() for values in recordings]
    rates = [np.linalg.norm(values[:, 3:], axis=1).max() for values in recordings]
    return float(np.median(forces)), float(np.median(rates))


def test_the_sign_of_the_frame(recorded: Path) -> None:
    """The gyroscope carries gravity with dv/dt = +ω × v, at 70 m°/s per count, not 61."""
    files = sorted((recorded / "imu" / "martinlindholdt").glob("*.csv"))
    recordings = [values for path in files for values in read_tutorial_csv(path)]
    right = np.median(errors(recordings, 1 / RATE_HZ, +1))
    wrong = np.median(errors(recordings, 1 / RATE_HZ, -1))
    library = np.median(errors(recordings, 1 / RATE_HZ, +1, factor=1 / GYRO_FACTOR))
    assert right < 5
    assert wrong > 30
    assert library > 1.3 * right


@pytest.mark.parametrize("label", SAME_GESTURE)
def test_magnitudes_are_like_real_ones(recorded: Path, label: str) -> None:
    """Median peaks lie between 2/3 of the gentlest recorder's and 3/2 of the strongest's."""
    real = [
        peaks(read_tutorial_csv(recorded / "imu" / f"{name}.csv")) for name in SAME_GESTURE[label]
    ]
    made = [perform([(label, 1.5)], subject, 1) for subject in range(1, 41)]
    virtual = peaks([to_units(performance.counts) for performance in made])
    for one, others in zip(virtual, zip(*real, strict=True), strict=True):
        assert 2 / 3 * min(others) < one < 3 / 2 * max(others)


def test_recordings_become_a_data_set(recorded: Path, tmp_path: Path) -> None:
    dataset = import_folder(recorded / "imu" / "chiahong95", tmp_path / "d")
    assert dataset.labels == ["flex", "punch"]
    assert [entry.label for entry in dataset.entries] == ["flex"] * 15 + ["punch"] * 20
    assert not any(entry.synthetic for entry in dataset.entries)
    source = read_tutorial_csv(recorded / "imu" / "chiahong95" / "punch.csv")
    loaded = dataset.load(dataset.entries[15])
    np.testing.assert_allclose(to_units(loaded.counts), source[0], atol=0.1)
