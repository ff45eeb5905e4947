"""Does a confidence of 0.8 mean that 8 of 10 are right?"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from tinygesture.contract import Float64
from tinygesture.evaluation.matching import Match, Reported
from tinygesture.training.architectures.base import Architecture
from tinygesture.training.calibration import Outputs, outputs
from tinygesture.training.examples import Example

BINS = 15


def reliability(
    confidence: npt.ArrayLike, right: npt.ArrayLike, weights: npt.ArrayLike | None = None
) -> dict[str, Any]:
    """{"ece", "confidence", "accuracy", "bins": [{"low", "high", "confidence", "accuracy",
    "share"}]} of answers with a confidence 0..1 each, of which some are right.

    ece: the expected calibration error, the mean of |confidence - accuracy| over BINS bins of
    equal width, weighted by their share; empty bins are left out. Raises ValueError for nothing.
    """
    confident = np.asarray(confidence, np.float64)
    correct = np.asarray(right, np.float64)
    weight: Float64 = np.ones(len(confident)) if weights is None else np.asarray(weights, float)
    if not weight.sum() > 0:
        raise ValueError("no answer to judge a confidence by")
    number = np.minimum((confident * BINS).astype(int), BINS - 1)
    bins, error = [], 0.0
    for i in np.unique(number[weight > 0]):
        inside = number == i
        share = float(weight[inside].sum() / weight.sum())
        said = float(np.average(confident[inside], weights=weight[inside]))
        true = float(np.average(correct[inside], weights=weight[inside]))
        error += share * abs(said - true)
        low, high = float(i) / BINS, float(i + 1) / BINS
        bins.append(
            {"low": low, "high": high, "confidence": said, "accuracy": true, "share": share}
        )
    return {
        "ece": error,
        "confidence": float(np.average(confident, weights=weight)),
        "accuracy": float(np.average(correct, weights=weight)),
        "bins": bins,
    }


def of_steps(of: Outputs, labels: Sequence[str]) -> dict[str, Any]:
    """`reliability` of the likeliest label of each step; "labels": the error of each probability
    on its own, {label: ece}."""
    p = of.probabilities
    top = reliability(p.max(axis=1), p.argmax(axis=1) == of.labels, of.weights)
    each = {
        label: reliability(p[:, i], of.labels == i, of.weights)["ece"]
        for i, label in enumerate(labels)
    }
    return {**top, "labels": each}


def of_recordings(
    rows: Sequence[npt.NDArray[Any]],
    examples: Sequence[Example],
    arch: Architecture,
    labels: Sequence[str],
) -> dict[str, Any]:
    """`of_steps` of what a model, in float or int8, gave to recordings from reset."""
    floats = [(row + 128.0) / 256 if row.dtype == np.int8 else row for row in rows]
    return of_steps(outputs(floats, examples, arch, labels), labels)


def of_events(matches: Sequence[Match[Reported]]) -> dict[str, Any]:
    """`reliability` of the events of a model, and how many those are: {"events", ...}.

    An event is right if it is the recognition of a gesture; a duplicate is left out, for it says
    of a gesture what was said already.
    """
    right = [one.event.confidence for match in matches for one in match.outcomes if one.event]
    surplus = [one for match in matches for one in match.surplus if not one.duplicate]
    wrong = [one.event.confidence for one in surplus]
    confidence = [*right, *wrong]
    if not confidence:
        return {"events": 0}
    judged = reliability(confidence, [1] * len(right) + [0] * len(wrong))
    return {"events": len(confidence), **judged}
