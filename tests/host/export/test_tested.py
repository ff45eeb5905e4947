"""tested.json holds what the metrics count."""

import json

import numpy as np

from conftest import Exported
from tinygesture.dataset import split
from tinygesture.evaluation.host import HostModel, stimulus
from tinygesture.evaluation.metrics import recording_label
from tinygesture.export.pipeline import TEST, VALIDATION


def test_every_test_recording_is_there_with_the_answers_that_the_metrics_count(
    exported: Exported,
) -> None:
    bundle = exported.result.bundle
    tested = json.loads(bundle.files["tested.json"])
    entries = split(exported.dataset.entries, validation=VALIDATION, test=TEST).test
    assert [one["id"] for one in tested["recordings"]] == [entry.id for entry in entries]
    assert [one["subject"] for one in tested["recordings"]] == [entry.subject for entry in entries]
    for kind in ("float", "int8"):
        confusion = np.zeros((len(bundle.recorded), len(bundle.recorded)), int)
        for one in tested["recordings"]:
            answer = one[kind]
            confusion[bundle.labels.index(one["label"]), bundle.labels.index(answer["label"])] += 1
            assert 0 <= answer["confidence"] <= 1
        assert confusion.tolist() == bundle.manifest["metrics"][kind]["confusion"]


def test_examples_are_the_errors_and_a_right_answer_of_each_label(exported: Exported) -> None:
    bundle = exported.result.bundle
    tested = json.loads(bundle.files["tested.json"])
    recordings, host = tested["recordings"], HostModel(bundle)
    by_id = {entry.id: entry for entry in exported.dataset.entries}
    for example in tested["examples"]:
        recording = recordings[example["recording"]]
        counts = stimulus(exported.dataset, by_id[recording["id"]], bundle.window)
        assert example["counts"] == counts.tolist()
        assert example["probabilities"] == host.predict(counts).tolist()
        label = recording_label(example["probabilities"], len(bundle.recorded))
        assert bundle.labels[label] == recording["int8"]["label"]
    shown = {example["recording"] for example in tested["examples"]}
    wrong = {i for i, one in enumerate(recordings) if one["int8"]["label"] != one["label"]}
    right = {one["label"] for one in recordings if one["int8"]["label"] == one["label"]}
    assert len(wrong) > 12 or wrong <= shown
    assert {recordings[i]["label"] for i in shown - wrong} == right


def test_the_first_examples_are_explained(exported: Exported) -> None:
    files = exported.result.bundle.files
    tested, explained = (json.loads(files[f"{name}.json"]) for name in ("tested", "explained"))
    shown = [example["recording"] for example in tested["examples"]]
    found = [one["recording"] for one in explained["explanations"]]
    assert 0 < len(found) <= 6 and set(found) <= set(shown)
    for one in explained["explanations"]:
        assert one["int8_label"] == tested["recordings"][one["recording"]]["int8"]["label"]
