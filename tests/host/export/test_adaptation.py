"""A bundle adapted to somebody new, and what it says of itself."""

import json
from dataclasses import replace

import numpy as np
import pytest

from tinygesture.dataset import Dataset
from tinygesture.errors import UserError
from tinygesture.evaluation.host import HostModel, stimulus
from tinygesture.evaluation.metrics import recording_label
from tinygesture.export.adaptation import adapt_and_export, divide
from tinygesture.export.bundle import Bundle
from tinygesture.export.detection import Aim
from tinygesture.synth import make_dataset
from tinygesture.training.adapt import Adaptation

BRIEF = Adaptation(epochs=2, streams=32, background_minutes=0.5)
CASUAL = Aim(choice_hours=0.02, test_hours=0.02)


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory) -> Dataset:
    folder = tmp_path_factory.mktemp("data") / "newcomer"
    return make_dataset(folder, ["circle", "punch", "rest"], [41], 4, seed=4)


def right(bundle: Bundle, dataset: Dataset, files: set[str]) -> float:
    model = HostModel(bundle)
    hits = [
        bundle.labels[recording_label(model.predict(stimulus(dataset, e, bundle.window)), 3)]
        == e.label
        for e in dataset.entries
        if e.file in files
    ]
    return float(np.mean(hits))


def test_the_bundle_says_what_adapting_was_worth(exported, newcomer, tmp_path):
    base = exported.result.bundle
    result = adapt_and_export(base, newcomer, "mine", tmp_path, 3, settings=BRIEF, aim=CASUAL)
    bundle = Bundle.load(tmp_path / "mine")
    said = bundle.manifest["adaptation"]
    assert (said["base"], said["base_model_id"]) == ("brief", base.model_id)
    assert (said["shots"], said["recordings"], said["test"]) == (3, 9, len(newcomer.entries) - 9)
    listed = json.loads(bundle.files["tested.json"])["recordings"]
    files = {recording["file"] for recording in listed}
    assert len(files) == said["test"]
    assert said["before"]["value"] == pytest.approx(right(base, newcomer, files))
    assert said["after"]["value"] == pytest.approx(right(bundle, newcomer, files))
    assert result.int8_accuracy == pytest.approx(said["after"]["value"])
    assert 0 <= said["after"]["low"] <= said["after"]["value"] <= said["after"]["high"] <= 1
    assert bundle.model_id != base.model_id
    ids = {entry.id for entry in newcomer.entries if entry.file not in files}
    assert {*bundle.manifest["data"]["seen"]} == ids | {*base.manifest["data"]["seen"]}
    assert bundle.manifest["input"] == base.manifest["input"]
    assert bundle.manifest["architecture"] == base.manifest["architecture"]


def test_the_first_recordings_adapt_and_the_later_ones_test(exported, newcomer):
    base, entries = exported.result.bundle, newcomer.entries
    for shots, kept in ((1, 1), (3, 3), (None, len(entries) // 3 - 1)):
        parts = divide(entries, base, "virtual-41", shots)
        assert len(parts.train) == 3 * kept
        assert len(parts.train) + len(parts.test) == len(entries)
        for label in base.recorded:
            last = max(e.recorded_at for e in parts.train if e.label == label)
            assert last <= min(e.recorded_at for e in parts.test if e.label == label)


def test_what_the_base_has_learned_from_is_no_test(exported, newcomer):
    base, entries = exported.result.bundle, newcomer.entries
    later = divide(entries, base, "virtual-41", 1).test

    def having_seen(known):
        data = {**base.manifest["data"], "seen": [entry.id for entry in known]}
        return replace(base, manifest={**base.manifest, "data": data})

    assert divide(entries, having_seen(later[:2]), "virtual-41", 1).test == later[2:]
    with pytest.raises(UserError, match="has learned from those recordings of virtual-41"):
        divide(entries, having_seen(later), "virtual-41", 1)


@pytest.mark.parametrize(
    "labels, subjects, words",
    [
        (["circle", "punch", "wave"], [41], "does not know wave"),
        (["circle", "punch"], [41], r"too few recordings by \S+ of rest \(0\)"),
        (["circle", "punch", "rest"], [41, 42], "recordings of 2 people .* Say to whom"),
    ],
)
def test_recordings_that_will_not_do(exported, tmp_path, labels, subjects, words):
    dataset = make_dataset(tmp_path / "data", labels, subjects, 2)
    with pytest.raises(UserError, match=words):
        adapt_and_export(exported.result.bundle, dataset, "mine", tmp_path / "models", 1)
    assert not (tmp_path / "models").exists()


def test_too_few_and_unknown_people(exported, newcomer, tmp_path):
    count = len(newcomer.entries) // 3
    with pytest.raises(UserError, match=rf"circle \({count}\).*at least {count + 1} of each"):
        adapt_and_export(exported.result.bundle, newcomer, "mine", tmp_path, shots=count)
    with pytest.raises(UserError, match="no recordings of 'ben'"):
        adapt_and_export(exported.result.bundle, newcomer, "mine", tmp_path, subject="ben")
    with pytest.raises(UserError, match="no recordings of ''"):
        adapt_and_export(exported.result.bundle, newcomer, "mine", tmp_path, subject="")
