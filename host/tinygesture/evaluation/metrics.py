"""From the outputs of each step to a label per recording, and from labels to figures."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt


def recording_label(probabilities: npt.ArrayLike, recorded: int) -> int:
    """The one label of a recording, from its probabilities [steps, labels] of any scale.

    recorded: how many labels, the first ones, a recording can have; a background that training
    added is none of them.

    The largest mean over its steps. The same rule for float, int8 and device.
    """
    rows = np.asarray(probabilities, np.float64)
    if rows.ndim != 2 or len(rows) == 0:
        raise ValueError(f"need probabilities of one step or more, not {rows.shape}")
    return int(rows.mean(axis=0)[:recorded].argmax())


def confidence(probabilities: npt.ArrayLike, label: int) -> float:
    """How sure `recording_label` is of a label, 0..1, from probabilities 0..1 [steps, labels]."""
    rows = np.asarray(probabilities, np.float64)
    return float(rows[:, label].mean())


def confusion_matrix(
    actual: Sequence[int], predicted: Sequence[int], labels: int
) -> npt.NDArray[np.int64]:
    """int64[labels, labels]: rows are the actual labels, columns the predicted ones."""
    matrix = np.zeros((labels, labels), np.int64)
    np.add.at(matrix, (np.asarray(actual, int), np.asarray(predicted, int)), 1)
    return matrix


def score(actual: Sequence[int], predicted: Sequence[int], labels: Sequence[str]) -> dict[str, Any]:
    """{"recordings", "accuracy", "macro_f1", "labels": {name: precision, recall, f1, support},
    "confusion"}; a figure with nothing to divide by is 0.

    macro_f1 is the mean over the labels that have a recording. scikit-learn's `f1_score(...,
    average="macro")` also counts, as 0, a label that was only predicted; with `labels=` those of
    `actual` it is the same as here.
    """
    matrix = confusion_matrix(actual, predicted, len(labels))
    hits = np.diag(matrix).astype(float)
    support, claimed = matrix.sum(axis=1), matrix.sum(axis=0)
    precision = hits / np.maximum(claimed, 1)
    recall = hits / np.maximum(support, 1)
    f1 = 2 * hits / np.maximum(support + claimed, 1)
    return {
        "recordings": int(matrix.sum()),
        "accuracy": float(hits.sum() / max(matrix.sum(), 1)),
        "macro_f1": float(f1[support > 0].mean()) if support.any() else 0.0,
        "labels": {
            label: {
                "precision": float(precision[i]),
                "recall": float(recall[i]),
                "f1": float(f1[i]),
                "support": int(support[i]),
            }
            for i, label in enumerate(labels)
        },
        "confusion": matrix.tolist(),
    }
