"""What a trained network is worth on recordings that it has not seen, in a few figures."""

from collections.abc import Sequence

import numpy as np
from methods import Task, hits

from tinygesture.contract import Int16
from tinygesture.evaluation.metrics import recording_label
from tinygesture.evaluation.robustness import CONDITIONS, Condition, changed
from tinygesture.training.background import TEST_PEOPLE, background
from tinygesture.training.examples import Example, Float32, background_indices
from tinygesture.training.fit import Fitted
from tinygesture.training.predict import predict

QUIET_MINUTES = 60.0
SUMMARY = ("accuracy", "disturbed", "heard", "loss")
FIGURES = (*SUMMARY, *CONDITIONS)


def figures_of(fitted: Fitted, task: Task) -> dict[str, float]:
    """FIGURES of a model on the test recordings of its task."""
    actual = [example.label for example in task.test]
    rows = predict(fitted, [example.counts for example in task.test])
    gestures = np.delete(np.arange(len(fitted.labels)), list(background_indices(fitted.labels)))
    quiet = np.concatenate(predict(fitted, background(QUIET_MINUTES, TEST_PEOPLE, seed=1)))
    surest = np.quantile(quiet[:, gestures].max(axis=1), 1 - 1 / (60 * QUIET_MINUTES))
    peaks = [own[:, label].max() for own, label in zip(rows, actual, strict=True)]
    means = np.array([own.mean(axis=0)[: fitted.recorded] for own in rows], np.float64)
    right = means[np.arange(len(actual)), actual] / means.sum(axis=1)
    apart = {
        name: _accuracy(fitted, predict(fitted, altered), of)
        for name, condition in CONDITIONS.items()
        for altered, of in [disturbed(task.test, condition)]
    }
    return {
        "accuracy": _accuracy(fitted, rows, actual),
        "disturbed": float(np.mean([*apart.values()])),
        "heard": float(np.mean(np.array(peaks) > surest)),
        "loss": float(-np.log(right).mean()),
        **apart,
    }


def disturbed(examples: Sequence[Example], condition: Condition) -> tuple[list[Int16], list[int]]:
    """Every recording at every strength of a condition, and its label."""
    found = [
        (changed(example.counts, condition, at, number), example.label)
        for at in condition.points
        if at != condition.neutral
        for number, example in enumerate(examples)
    ]
    return [counts for counts, _ in found], [label for _, label in found]


def _accuracy(fitted: Fitted, rows: Sequence[Float32], actual: Sequence[int]) -> float:
    named = [recording_label(own, fitted.recorded) for own in rows]
    return hits(actual, named) / len(actual)
