"""The streaming GRU needs no reset: after an hour of background it knows gestures as after one.

Gestures and background are synthetic, by virtual people whom training has not met.
"""

from typing import NamedTuple

import numpy as np
import pytest

from tinygesture.contract import Int8, Int16
from tinygesture.dataset import Dataset
from tinygesture.evaluation.metrics import recording_label
from tinygesture.export.quantise import quantise
from tinygesture.export.tflm import Tflm
from tinygesture.synth import make_dataset
from tinygesture.training.architectures.gru import Gru
from tinygesture.training.background import TEST_PEOPLE, background
from tinygesture.training.examples import Example, load
from tinygesture.training.fit import Fitted, Settings, fit

LABELS = ["circle", "punch", "wave"]
SETTINGS = Settings(epochs=6, passes=24, background_minutes=12)
HOP = Gru().hop
PAUSE = 300  # canonical samples of background between two gestures


class Streaming(NamedTuple):
    fitted: Fitted
    tflm: Tflm
    unseen: list[Example]
    hour: Int16

    def answers(self, counts: Int16) -> Int8:
        return self.tflm.run(self.fitted.quantisation.quantise(counts), HOP, HOP)


def examples(folder, subjects, count: int) -> list[Example]:
    make_dataset(folder, LABELS, subjects, count, seed=3)
    dataset = Dataset.open(folder)
    return load(dataset, dataset.entries, LABELS)


@pytest.fixture(scope="module")
def streaming(tmp_path_factory) -> Streaming:
    folder = tmp_path_factory.mktemp("data")
    train, validation = (
        examples(folder / "train", range(1, 9), 4),
        examples(folder / "held", range(20, 23), 4),
    )
    fitted = fit(train, validation, LABELS, Gru(), 0, SETTINGS)
    unseen = examples(folder / "unseen", range(30, 40), 4)
    hour = np.concatenate(background(60, TEST_PEOPLE, 0))
    return Streaming(fitted, Tflm(quantise(fitted, train), Gru.state), unseen, hour)


def test_gestures_are_known_after_an_hour_as_after_a_reset(streaming):
    pauses = np.split(streaming.hour[-PAUSE * len(streaming.unseen) :], len(streaming.unseen))
    parts, begins, filled = [streaming.hour], [], len(streaming.hour)
    for pause, example in zip(pauses, streaming.unseen, strict=True):
        parts += [pause, example.counts]
        begins.append(filled + len(pause))
        filled += len(pause) + len(example.counts)
    rows = streaming.answers(np.concatenate(parts))
    labels = [example.label for example in streaming.unseen]
    later = [
        recording_label(rows[begin // HOP : (begin + len(example.counts)) // HOP], 3)
        for begin, example in zip(begins, streaming.unseen, strict=True)
    ]
    at_once = [recording_label(streaming.answers(e.counts), 3) for e in streaming.unseen]
    after_reset, after_an_hour = (np.mean(np.equal(labels, of)) for of in (at_once, later))
    assert after_reset > 0.9
    assert abs(after_an_hour - after_reset) <= 0.05, (after_an_hour, after_reset)


def test_an_hour_of_background_is_background_to_its_end(streaming):
    """No drift: the last quarter of an hour is taken for background as often as the first."""
    rows = streaming.answers(streaming.hour).argmax(axis=1)
    quiet = streaming.fitted.labels.index("background")
    first, *_, last = (np.mean(part == quiet) for part in np.array_split(rows, 4))
    assert first > 0.9 and last > first - 0.03, (first, last)
