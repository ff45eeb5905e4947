"""What int8 costs the GRU, on a thousand synthetic recordings of people it has not met."""

import numpy as np
import pytest

from tinygesture.dataset import Dataset, split
from tinygesture.evaluation.metrics import recording_label
from tinygesture.export.quantise import quantise
from tinygesture.export.tflm import Tflm
from tinygesture.synth import make_dataset
from tinygesture.training.architectures.gru import Gru
from tinygesture.training.examples import load, pad
from tinygesture.training.fit import Settings, fit
from tinygesture.training.predict import predict

LABELS = ["circle", "flex", "punch", "rest", "wave"]
TRAINING_SUBJECTS = range(1, 13)
UNSEEN_SUBJECTS = range(200, 250)


def examples(folder, subjects, count: int) -> tuple[Dataset, list]:
    make_dataset(folder, LABELS, subjects, count, seed=2, imu="lsm9ds1")
    dataset = Dataset.open(folder)
    return dataset, load(dataset, dataset.entries, LABELS)


@pytest.mark.timeout(600)
def test_int8_is_within_half_a_point_of_float(tmp_path):
    dataset, _ = examples(tmp_path / "known", TRAINING_SUBJECTS, 3)
    parts = split(dataset.entries, validation=0.2, seed=0)
    train, validation = (load(dataset, part, LABELS) for part in (parts.train, parts.validation))
    fitted = fit(train, validation, LABELS, Gru(), 0, Settings(epochs=8, background_minutes=12))
    tflm = Tflm(quantise(fitted, train), fitted.architecture.state)

    _, unseen = examples(tmp_path / "unseen", UNSEEN_SUBJECTS, 4)
    assert len(unseen) >= 1000
    actual = np.array([example.label for example in unseen])
    window, hop = fitted.architecture.window, fitted.architecture.hop
    in_float = [
        recording_label(rows, len(LABELS)) for rows in predict(fitted, [e.counts for e in unseen])
    ]
    in_int8 = [
        recording_label(
            tflm.run(fitted.quantisation.quantise(pad(e.counts, window)), window, hop), len(LABELS)
        )
        for e in unseen
    ]
    float_accuracy, int8_accuracy = np.mean(actual == in_float), np.mean(actual == in_int8)
    assert float_accuracy > 0.9
    assert abs(float_accuracy - int8_accuracy) <= 0.005, (float_accuracy, int8_accuracy)
