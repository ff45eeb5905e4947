"""A small model of every architecture, trained briefly on a small synthetic data set."""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import pytest

from tinygesture.dataset import Dataset
from tinygesture.export.detection import Aim
from tinygesture.export.pipeline import Result, train_and_export
from tinygesture.synth import make_dataset
from tinygesture.training.architectures import ARCHITECTURES, architecture
from tinygesture.training.fit import Settings

LABELS = ["circle", "punch", "rest"]
BRIEF = Settings(epochs=2, passes=1, background_minutes=1)
CASUAL = Aim(choice_hours=0.02, test_hours=0.02)


class Exported(NamedTuple):
    result: Result
    dataset: Dataset


@pytest.fixture(scope="session")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    folder = tmp_path_factory.mktemp("data") / "synthetic"
    make_dataset(folder, LABELS, range(1, 5), 3, seed=1, imu="lsm9ds1")
    return Dataset.open(folder)


@pytest.fixture(scope="session")
def export(
    synthetic: Dataset, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Exported]:
    """Of an architecture by name, trained once for all files: pytest forgets a fixture with
    parameters between two of them."""

    @cache
    def made(name: str) -> Exported:
        models_dir = tmp_path_factory.mktemp("models")
        arch = architecture(name)
        result = train_and_export(synthetic, arch, "brief", models_dir, settings=BRIEF, aim=CASUAL)
        return Exported(result, synthetic)

    return made


@pytest.fixture(scope="session", params=list(ARCHITECTURES))
def exported(request: pytest.FixtureRequest, export: Callable[[str], Exported]) -> Exported:
    return export(request.param)
