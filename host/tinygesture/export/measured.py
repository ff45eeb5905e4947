"""What a model is worth on recordings that it has not seen: the figures of its manifest."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import numpy as np

from tinygesture.contract import Int8, Int16
from tinygesture.dataset import Entry
from tinygesture.evaluation.metrics import recording_label, score
from tinygesture.evaluation.reliability import of_recordings
from tinygesture.evaluation.robustness import robustness
from tinygesture.export.exported import Exported
from tinygesture.export.tested import tested
from tinygesture.training.examples import Example, Float32
from tinygesture.training.fit import Fitted, Progress
from tinygesture.training.predict import predict

Rows = TypeVar("Rows", Float32, Int8)  # probabilities [steps, labels]
CONDITIONS_TRIED_ON = 200  # test recordings at most: robustness runs each of them 30 times


@dataclass(frozen=True)
class Measured:
    """figures: of the manifest; tested: the document of tested.json."""

    figures: dict[str, Any]
    tested: dict[str, Any]


def measure(
    exported: Exported,
    uncalibrated: Fitted,
    temperature: float,
    entries: Sequence[Entry],
    test: Sequence[Example],
    progress: Progress = lambda stage, done, total: None,
) -> Measured:
    """Accuracy in float and in int8, by the same rule; calibration; robustness.

    entries and test: the test recordings. uncalibrated: the model before its temperature.
    """
    fitted = exported.fitted
    arch, labels = fitted.architecture, fitted.labels[: fitted.recorded]
    actual = [example.label for example in test]
    shown = [example.counts for example in test]
    in_float = predict(fitted, shown)
    in_int8 = _in_int8(exported, shown, progress)
    named_float, named_int8 = _named(in_float, fitted), _named(in_int8, fitted)
    judged = partial(of_recordings, examples=test, arch=arch, labels=fitted.labels)
    figures = {
        "metrics": {
            "float": score(actual, [label for label, _ in named_float], labels),
            "int8": score(actual, [label for label, _ in named_int8], labels),
        },
        "calibration": {
            "temperature": temperature,
            "before": judged(predict(uncalibrated, shown)),
            "float": judged(in_float),
            "int8": judged(in_int8),
        },
        "robustness": _robustness(exported, test, progress),
    }
    return Measured(figures, tested(entries, test, named_float, named_int8, labels, arch))


def _in_int8(exported: Exported, shown: Sequence[Int16], progress: Progress) -> list[Int8]:
    answers = []
    for done, counts in enumerate(shown, start=1):
        answers.append(exported.answer(counts))
        progress("evaluating", done, len(shown))
    return answers


def _named(rows: Sequence[Rows], fitted: Fitted) -> list[tuple[int, Rows]]:
    """Of each recording its label, and the probabilities it comes from."""
    return [(recording_label(one, fitted.recorded), one) for one in rows]


def _robustness(exported: Exported, test: Sequence[Example], progress: Progress) -> dict[str, Any]:
    chosen = np.linspace(0, len(test) - 1, min(len(test), CONDITIONS_TRIED_ON)).astype(int)

    def answer(counts: Int16) -> int:
        return recording_label(exported.answer(counts), exported.fitted.recorded)

    return robustness(answer, [test[i] for i in chosen], progress)
