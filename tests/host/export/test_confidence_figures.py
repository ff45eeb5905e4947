"""What a bundle says of its confidence and its robustness is true of the model in it."""

import pytest

from tinygesture.dataset import split
from tinygesture.evaluation.host import HostModel, evaluate_robustness
from tinygesture.evaluation.reliability import of_recordings
from tinygesture.evaluation.robustness import CONDITIONS
from tinygesture.export.pipeline import TEST, VALIDATION
from tinygesture.export.restore import restore
from tinygesture.training.calibration import HIGHEST, LOWEST
from tinygesture.training.examples import load, pad
from tinygesture.training.predict import predict


@pytest.fixture(scope="module")
def unseen(exported):
    entries = split(exported.dataset.entries, validation=VALIDATION, test=TEST, seed=0).test
    return load(exported.dataset, entries, exported.dataset.labels)


def test_the_weights_that_are_kept_are_the_calibrated_ones(exported, unseen):
    bundle = exported.result.bundle
    model = restore(bundle)
    rows = predict(model, [example.counts for example in unseen])
    calibration = bundle.manifest["calibration"]
    again = of_recordings(rows, unseen, model.architecture, bundle.labels)
    assert again["ece"] == pytest.approx(calibration["float"]["ece"], abs=1e-4)
    assert LOWEST < calibration["temperature"] < HIGHEST
    assert calibration["before"]["accuracy"] == pytest.approx(calibration["float"]["accuracy"])


def test_the_reliability_of_int8_is_that_of_the_board(exported, unseen):
    bundle = exported.result.bundle
    host = HostModel(bundle)
    rows = [host.predict(pad(example.counts, bundle.window)) for example in unseen]
    again = of_recordings(rows, unseen, restore(bundle).architecture, bundle.labels)
    assert again == bundle.manifest["calibration"]["int8"]


def test_robustness_begins_with_the_accuracy_of_the_model(exported):
    manifest = exported.result.bundle.manifest
    found = manifest["robustness"]
    assert found["recordings"] == manifest["metrics"]["int8"]["recordings"]
    assert found["unchanged"]["value"] == manifest["metrics"]["int8"]["accuracy"]
    assert set(found["curves"]) == set(CONDITIONS)


def test_robustness_can_be_measured_on_any_data_set(exported):
    dataset = exported.dataset
    found = evaluate_robustness(exported.result.bundle, dataset)
    assert found["recordings"] == len(dataset.entries)
    for curve in found["curves"].values():
        assert all(0 <= one["low"] <= one["value"] <= one["high"] <= 1 for one in curve["points"])


def test_the_reliability_of_events_is_that_of_the_test_streams(exported):
    events = exported.result.bundle.manifest["events"]
    assert events["reliability"]["events"] == events["events"] - events["duplicates"]
