"""What train-and-export says of a model, and a report draws, where the model does badly."""

from types import SimpleNamespace
from typing import Any

import a_model
import pytest

from tinygesture.cli.training_told import closing, told
from tinygesture.evaluation.metrics import score
from tinygesture.report.charts import every, trade_off
from tinygesture.report.words import hourly, summary


@pytest.fixture
def manifest() -> dict[str, Any]:
    return a_model.manifest(a_model.tested())


def test_figures_come_with_their_intervals(manifest: dict[str, Any]) -> None:
    _, recordings, streams, *_ = told(manifest, a_model.LABELS)
    assert "95 %)" in recordings and "95 %)" in streams
    assert "11 of 12 gestures were recognised with 3 surplus events" in streams


def test_early_stopping_says_which_epoch_it_kept(manifest: dict[str, Any]) -> None:
    assert not any("epoch" in line for line in told(manifest, a_model.LABELS))
    losses = [1.9, 1.4, 1.2, 1.3, 1.25]
    manifest |= {"history": {"val_loss": losses}, "configuration": {"epochs": 12, "patience": 2}}
    said = told(manifest, a_model.LABELS)[1]
    assert said.startswith("Of 12 epochs, epoch 3 did best on the validation recordings")
    assert said.endswith("its weights are kept; the training was stopped after 5.")
    assert [one["mark"] for one in every(manifest)["training"]] == [3]
    manifest["configuration"]["epochs"] = 5
    assert told(manifest, a_model.LABELS)[1].endswith("its weights are kept.")
    manifest["history"] = {"val_loss": [float("nan")] * 5}
    assert not any("epoch" in line for line in told(manifest, a_model.LABELS))


@pytest.mark.parametrize(("promised", "said"), [(0.52, False), (1.2, True)])
def test_a_target_out_of_reach_is_said_where_it_is_by_more_than_a_digit(
    manifest: dict[str, Any], promised: float, said: bool
) -> None:
    manifest["trade_off"] |= {"target": 0.5, "promised": {"false_per_hour": promised}}
    lines = told(manifest, a_model.LABELS)
    assert any("was chosen where there are 1.2, in other" in line for line in lines) is said
    assert any("would have cost too many" in line for line in lines) is said


def test_a_label_that_is_missed_is_named(manifest: dict[str, Any]) -> None:
    assert not any("WARNING" in line for line in told(manifest, a_model.LABELS))
    labels = manifest["events"]["labels"]
    labels["punch"] = {**labels["punch"], "recognised": 5}
    (warned,) = [line for line in told(manifest, a_model.LABELS) if "WARNING" in line]
    assert "hardly ever report punch (5 of 12)" in warned
    assert any("punch (5 of 12)" in line for line in summary(manifest, None))
    bundle = SimpleNamespace(name="m", path="models/m", manifest=manifest, labels=a_model.LABELS)
    assert closing(bundle)[-1] == warned


def test_a_model_that_reports_what_nobody_makes_is_warned_of(manifest: dict[str, Any]) -> None:
    manifest["events"]["background"] |= {"false": 25, "false_per_hour": 50.0}
    (warned,) = [line for line in told(manifest, a_model.LABELS) if "WARNING" in line]
    assert "would report about 50 gestures an hour that nobody makes" in warned
    assert any("50 gestures an hour" in line for line in summary(manifest, None))
    manifest["events"]["background"] |= {"false": 4}
    assert not any("WARNING" in line for line in told(manifest, a_model.LABELS))


@pytest.mark.parametrize(
    ("rate", "said"), [(0, "0"), (0.5, "0.5"), (2.37, "2.4"), (99.4, "99"), (1035.4, "1,035")]
)
def test_events_an_hour_are_no_powers_of_ten(rate: float, said: str) -> None:
    assert hourly(rate) == said


def test_errors_among_labels_that_mean_no_gesture_are_told_apart(manifest: dict[str, Any]) -> None:
    assert "no gesture" not in told(manifest, a_model.LABELS)[1]
    pairs = [(0, 0), (0, 1), (1, 0), (2, 1), (1, 2), (1, 1)]
    actual, named = zip(*pairs, strict=True)
    manifest["metrics"]["int8"] = score(actual, named, ["Rest", "random", "circle"])
    recordings = told(manifest, a_model.LABELS)[1]
    assert "2 of the 4 wrong ones got one label that means no gesture in place of" in recordings


def test_a_label_without_a_test_recording_is_named(manifest: dict[str, Any]) -> None:
    assert "Not one of them is of wave." in told(manifest, a_model.LABELS)[1]


def test_a_model_without_an_event_has_no_line_of_precision(manifest: dict[str, Any]) -> None:
    for point in manifest["trade_off"]["points"]:
        point |= {"precision": None, "recall": 0.0, "f1": 0.0}
    for chart in trade_off(manifest["trade_off"]):
        assert all(line["points"] for line in chart["lines"])
