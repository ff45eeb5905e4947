"""The benchmarks of recognition: brief ones on a small synthetic data set."""

import json
from pathlib import Path

import common
import numpy as np
import pytest
from common import ACCURACY_COLUMNS, Asked, Method, Run, Table, accuracy_rows
from forest import features, forest
from networks import network
from task import Prediction, Task
from tutorial import tutorial

from tinygesture.cli.output import Output
from tinygesture.dataset import Dataset
from tinygesture.dataset.folds import consecutive_folds
from tinygesture.synth import make_dataset
from tinygesture.training.fit import Settings

BRIEF = Settings(epochs=1, passes=1, background_minutes=1)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    folder = tmp_path_factory.mktemp("data") / "synthetic"
    make_dataset(folder, ["circle", "punch"], range(1, 3), 5, seed=1, imu="lsm9ds1")
    return Dataset.open(folder)


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Asked:
    monkeypatch.setattr(common, "SCRATCH", tmp_path)
    return Asked("test", (), range(2), Output(True), lambda stage, done, total: None)


def test_every_method_answers_every_test_recording(dataset: Dataset) -> None:
    task = Task.of(dataset, consecutive_folds(dataset.entries)[0])
    answers: Prediction = forest(task, 0)
    answers |= tutorial(task, 0, epochs=2)
    answers |= network(task, 0, "gru", BRIEF)
    assert list(answers) == [
        *("random forest", "dense network of the tutorial", "GRU, float", "GRU, int8"),
    ]
    for given in answers.values():
        assert len(given) == len(task.test)
        assert set(given) <= {0, 1}
    assert answers["random forest"] == [example.label for example in task.test]


def test_features_are_finite_whatever_is_recorded() -> None:
    for counts in (np.zeros((20, 6)), np.full((300, 6), -32768), np.eye(20, 6) * 32767):
        assert np.isfinite(features(counts.astype(np.int16))).all()


def test_a_run_is_made_once(
    dataset: Dataset, asked: Asked, capsys: pytest.CaptureFixture[str]
) -> None:
    folds = consecutive_folds(dataset.entries)[:3]
    first = asked.runs(dataset, folds, [Method(constant, {"label": 0})])
    assert [(one.fold, one.seed) for one in first] == [
        (fold.description, seed) for fold in folds for seed in range(2)
    ]
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["hits"] for line in lines] == [2] * 6
    assert [line["of"] for line in lines] == [4] * 6
    calls.clear()
    assert asked.runs(dataset, folds, [Method(constant, {"label": 0})]) == first
    assert not calls
    asked.runs(dataset, folds[:1], [Method(constant, {"label": 1})])
    assert len(calls) == 2


calls = []


def constant(task: Task, seed: int, label: int) -> Prediction:
    calls.append(seed)
    return {"constant": [label] * len(task.test)}


def test_accuracy_is_of_all_folds_and_its_spread_over_seeds() -> None:
    runs = [
        *(Run("a", "fold 1", 0, 9, 10, 0.0), Run("a", "fold 2", 0, 30, 30, 0.0)),
        *(Run("a", "fold 1", 1, 7, 10, 0.0), Run("a", "fold 2", 1, 30, 30, 0.0)),
    ]
    assert accuracy_rows(runs) == [("a", "95.0 %", "92.5 % – 97.5 %", "80.0 %")]


def test_a_table_takes_the_place_of_the_one_before() -> None:
    table = Table("Title", "Protocol.", ACCURACY_COLUMNS, [("a", "95.0 %", "-", "80.0 %")])
    document = "before\n<!-- x: begin -->\noutdated\n<!-- x: end -->\nafter\n"
    written = common.with_section(document, "x", table.markdown())
    assert "outdated" not in written
    assert "| a | 95.0 % | - | 80.0 % |\n\nProtocol.\n" in written
    assert written.startswith("before\n") and written.endswith("\nafter\n")
    assert common.with_section(written, "x", table.markdown()) == written
