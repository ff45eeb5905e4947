"""The benchmarks of recognition: brief ones on a small synthetic data set."""

import json
from dataclasses import replace
from pathlib import Path

import common
import few_shots
import leave_one_out
import numpy as np
import precision
import pytest
import quality
import streams
import within_person
from common import Asked, Table
from forest import features, forest
from methods import COLUMNS, Method, Prediction, Run, Task, rows, runs
from networks import network, trained
from tutorial import Network, tutorial

from tinygesture import boards
from tinygesture.cli.output import Output
from tinygesture.cli.trial import missing_tools
from tinygesture.dataset import Dataset
from tinygesture.dataset.folds import consecutive_folds
from tinygesture.dataset.folds import leave_one_out as leave_one_person_out
from tinygesture.errors import UserError
from tinygesture.evaluation.robustness import CONDITIONS
from tinygesture.export.detection import Aim
from tinygesture.synth import make_dataset
from tinygesture.training.backend import tensorflow
from tinygesture.training.examples import Example
from tinygesture.training.fit import Fitted, Settings

BRIEF = Settings(epochs=1, passes=1, background_minutes=1)
COMMANDS = {
    "within_person": within_person,
    "leave_one_out": leave_one_out,
    "few_shots": few_shots,
    "precision": precision,
    "streams": streams,
}


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    folder = tmp_path_factory.mktemp("data") / "synthetic"
    make_dataset(folder, ["circle", "punch"], range(1, 3), 5, seed=1, imu="lsm9ds1")
    return Dataset.open(folder)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all: they train the same model, once."""
    return tmp_path_factory.mktemp("scratch")


@pytest.fixture
def asked(scratch: Path, monkeypatch: pytest.MonkeyPatch) -> Asked:
    monkeypatch.setattr(common, "SCRATCH", scratch)
    return Asked("test", (), range(2), Output(True), lambda stage, done, total: None)


def test_every_method_answers_every_test_recording(dataset: Dataset, asked: Asked) -> None:
    task = Task.of(dataset, consecutive_folds(dataset.entries)[0])
    answers = {**forest(task, 0), **tutorial(task, 0, epochs=2), **network(task, 0, "gru", BRIEF)}
    titles = ["random forest", "dense network of the tutorial", "GRU, float", "GRU, int8"]
    assert list(answers) == titles
    for given in answers.values():
        assert len(given) == len(task.test)
        assert set(given) <= {0, 1}
    assert answers["random forest"] == [example.label for example in task.test]
    assert network(task, 0, "gru", BRIEF).items() <= answers.items()  # the model that was kept


def test_a_network_s_worth_is_told_in_figures(
    dataset: Dataset, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = Task.of(dataset, consecutive_folds(dataset.entries)[0])
    monkeypatch.setattr(quality, "QUIET_MINUTES", 1.0)
    figures = quality.figures_of(trained(task, 0, "gru", BRIEF), task)
    assert list(figures) == list(quality.FIGURES)
    assert figures["disturbed"] == pytest.approx(np.mean([figures[one] for one in CONDITIONS]))
    named = network(task, 0, "gru", BRIEF)["GRU, float"]
    actual = [example.label for example in task.test]
    assert figures["accuracy"] == np.mean(np.array(named) == actual)
    assert 0 <= figures["heard"] <= 1 < np.exp(figures["loss"])


def test_the_tutorials_network_learns_as_in_keras() -> None:
    layers = tensorflow().keras.layers
    rng = np.random.default_rng(0)
    x, y = rng.random((40, 30)).astype(np.float32), np.eye(3, dtype=np.float32)[[0, 1, 2, 0] * 10]
    ours = Network.fresh((30, 8, 5, 3), rng)
    dense = [layers.Dense(8, "relu"), layers.Dense(5, "relu"), layers.Dense(3, "softmax")]
    keras = tensorflow().keras.Sequential([layers.Input((30,)), *dense])
    keras.set_weights([part for layer in ours.weights for part in (layer[:-1].copy(), layer[-1])])
    keras.compile("rmsprop", "mse")
    keras.fit(x, y, batch_size=1, epochs=1, shuffle=False, verbose=0)
    for recording, label in zip(x, y, strict=True):
        ours.learn(recording, label)
    for layer, same in zip(ours.weights, dense, strict=True):
        weights, bias = same.get_weights()
        assert np.allclose(layer, [*weights, bias], atol=1e-5)


def test_features_are_finite_whatever_is_recorded() -> None:
    for counts in (np.zeros((20, 6)), np.full((300, 6), -32768), np.eye(20, 6) * 32767):
        assert np.isfinite(features(counts.astype(np.int16))).all()


def test_a_run_is_made_once(
    dataset: Dataset, asked: Asked, capsys: pytest.CaptureFixture[str]
) -> None:
    folds = consecutive_folds(dataset.entries)[:3]
    first = runs(asked, dataset, folds, [Method(constant, {"label": 0})])
    assert [(one.fold, one.seed) for one in first] == [
        (fold.description, seed) for fold in folds for seed in range(2)
    ]
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["hits"], line["of"]) for line in lines] == [(2, 4)] * 6
    calls.clear()
    assert runs(asked, dataset, folds, [Method(constant, {"label": 0})]) == first
    assert not calls
    runs(asked, dataset, folds[:1], [Method(constant, {"label": 1})])
    assert len(calls) == 2


calls = []


def constant(task: Task, seed: int, label: int) -> Prediction:
    calls.append(seed)
    return {"constant": [label] * len(task.test)}


def test_accuracy_is_of_all_folds_and_its_spread_over_seeds() -> None:
    found = [
        *(Run("a", "fold 1", 0, 9, 10, 0.0), Run("a", "fold 2", 0, 30, 30, 0.0)),
        *(Run("a", "fold 1", 1, 7, 10, 0.0), Run("a", "fold 2", 1, 30, 30, 0.0)),
    ]
    assert rows(found) == [("a", "95.0 %", "83.5 % – 98.6 %", "92.5 % – 97.5 %", "80.0 %")]


@pytest.mark.parametrize("name", ["within_person", "leave_one_out"])
def test_a_command_prints_its_table_and_writes_it_into_the_document(
    name: str,
    dataset: Dataset,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    document = tmp_path / "accuracy.md"
    document.write_text(f"<!-- {name}: begin -->\n<!-- {name}: end -->\n", "utf-8")
    monkeypatch.setattr(common, "SCRATCH", tmp_path)
    monkeypatch.setattr(common, "DOCUMENT", document)
    monkeypatch.setattr(COMMANDS[name], "METHODS", [Method(forest)])
    monkeypatch.setattr("sys.argv", [name, str(dataset.path), "--seeds", "1", "--document"])
    with pytest.raises(SystemExit, match="0"):
        common.command(getattr(COMMANDS[name], name))
    printed = capsys.readouterr().out
    assert "| random forest | 100.0 % |" in printed
    assert "20 recordings, 20 of them synthetic, of 2 gestures (circle, punch) by 2 people." in (
        document.read_text("utf-8")
    )


def test_several_folders_are_one_data_set(dataset: Dataset, asked: Asked, tmp_path: Path) -> None:
    make_dataset(tmp_path / "more", ["punch"], [3], 2, seed=2, imu="lsm9ds1")
    folders = (dataset.path, tmp_path / "more")
    both = replace(asked, folders=folders).dataset(lambda: dataset)
    assert len(both.entries) == len(dataset.entries) + 2
    assert len({entry.person for entry in both.entries}) == 3


def test_float_and_int8_are_measured_on_the_same_recordings(
    dataset: Dataset, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    native = boards.VIRTUAL_BOARDS["native"]
    monkeypatch.setattr(boards, "VIRTUAL_BOARDS", {"native": native})
    [found] = precision.measured(replace(asked, seeds=range(1)), dataset, ["gru"], BRIEF)
    places = {"float", "int8"} | (set() if missing_tools(native) else {"sim://native"})
    assert set(found["hits"]) == places
    assert 0 <= found["hits"]["int8"] <= found["of"] == 4
    assert found["equal"] == found["vectors"]
    assert (found["vectors"] > 0) == ("sim://native" in places)


def test_streams_are_heard_by_the_detector_of_each_fold(
    dataset: Dataset, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    [first, *_] = consecutive_folds(dataset.entries)
    monkeypatch.setattr(streams, "consecutive_folds", lambda entries: [first])
    monkeypatch.setattr(streams, "TITLES", {"gru": "GRU"})
    monkeypatch.setattr(streams, "AIM", Aim(choice_hours=0.02, test_hours=0.02))
    one = replace(asked, seeds=range(1))
    [found] = streams.measured(one, dataset, dataset, ["gru"], BRIEF, 0.02, None)
    assert found["events"]["gestures"] == 3 * len(first.test)
    assert found["quiet"]["hours"] == pytest.approx(0.02, rel=0.01)
    assert set(found["unknown"]) == {"circle", "punch"}
    [table, _] = streams.tables(dataset, [found], 1, 0.02, None)
    assert table.rows[0][0] == "GRU"
    assert len(table.rows[0]) == len(table.columns)
    assert "it is synthetic" in table.protocol


def test_shots_are_the_first_of_the_new_person_and_no_test(
    dataset: Dataset, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(few_shots, "SHOTS", (0, 1, 2))
    [fold, _] = few_shots.with_shots(leave_one_person_out(dataset.entries))
    task = Task.of(dataset, fold)
    given: list[list[int]] = []

    def adapt(base: Fitted, examples: list[Example], *rest: object) -> Fitted:
        given.append([example.label for example in examples])
        return base

    known = Task.of(dataset, consecutive_folds(dataset.entries)[0])
    monkeypatch.setattr(few_shots, "trained", lambda task, *rest: trained(known, *rest))
    monkeypatch.setattr(few_shots, "calibrate", lambda fitted, examples: (fitted, 1.0))
    monkeypatch.setattr(few_shots, "adapt", adapt)
    answers = few_shots.adapted(task, 0, "gru", BRIEF)
    assert given == [[0, 1], [0, 0, 1, 1]]
    assert [*answers] == [f"GRU, int8 after {shots}" for shots in (0, 1, 2)]
    assert {len(one) for one in answers.values()} == {len(task.test)} == {6}
    [person] = {entry.person for entry in fold.test}
    own = {e.id for e in dataset.entries if e.person == person} - {e.id for e in fold.test}
    assert len(own) == 4
    assert len(few_shots.informed_forest(task, 0)) == 3


def test_nobody_has_shots_to_give(dataset: Dataset) -> None:
    with pytest.raises(UserError, match="Nobody recorded every gesture more than 5 times"):
        few_shots.with_shots(leave_one_person_out(dataset.entries))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_benchmark_says_what_it_asks(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", [name, "--help"])
    with pytest.raises(SystemExit, match="0"):
        common.command(getattr(COMMANDS[name], name))
    assert "FOLDERS: data sets" in capsys.readouterr().out
    assert f"<!-- {name}: begin -->" in common.DOCUMENT.read_text("utf-8")


def test_without_data_it_says_what_to_do(
    asked: Asked, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("TINYGESTURE_DATA", raising=False)
    monkeypatch.setattr("sys.argv", ["within_person"])
    with pytest.raises(SystemExit, match="2"):
        common.command(within_person.within_person)
    assert "name folders of data sets, or set TINYGESTURE_DATA" in capsys.readouterr().err


def test_a_table_takes_the_place_of_the_one_before() -> None:
    table = Table("Title", "Protocol.", COLUMNS, [("a", "95.0 %", "-", "-", "80.0 %")])
    document = "before\n<!-- x: begin -->\noutdated\n<!-- x: end -->\nafter\n"
    written = common.with_section(document, "x", table.markdown())
    assert "outdated" not in written
    assert "| a | 95.0 % | - | - | 80.0 % |\n\nProtocol.\n" in written
    assert written.startswith("before\n") and written.endswith("\nafter\n")
    assert common.with_section(written, "x", table.markdown()) == written
