"""Explain what a model decided about one recording."""

import numpy as np

from tinygesture.contract import Float64, Int8, Int16
from tinygesture.evaluation.metrics import recording_label
from tinygesture.explanation.explanation import Explanation
from tinygesture.explanation.gradients import answers, connectivity, integrated_gradients
from tinygesture.training.examples import inputs, pad
from tinygesture.training.fit import Fitted

SURE = 0.9  # of the label's highest probability: from there on it is known


def explain(fitted: Fitted, counts: Int16, int8: Int8 | None = None) -> Explanation:
    """counts: int16[M, 6], canonical, one gesture; int8: what the int8 model says of it from
    reset, int8[steps, labels], to tell whether it decides alike.

    The baseline of the attributions is the recording's pose, held still: the median of each axis of
    the accelerometer, and no rotation. So they say which motion made the decision, and what the
    pose alone does is the label's probability for the baseline. All zero would be free fall.
    """
    arch, model = fitted.architecture, fitted.model
    shown = pad(counts, arch.window)
    x = inputs(shown, fitted.quantisation)
    pose = np.append(np.median(counts[:, :3], axis=0).round(), [0, 0, 0]).astype(np.int16)
    baseline = inputs(pose, fitted.quantisation)
    still = np.broadcast_to(baseline, x.shape)
    both = np.asarray(answers(model)(np.stack([x, still])), np.float64)
    probabilities, at_rest = both[:, : arch.steps(len(x))]
    label = recording_label(probabilities, fitted.recorded)
    return Explanation(
        labels=fitted.labels,
        label=label,
        known=known_from(probabilities[:, label]),
        counts=shown,
        padding=len(shown) - len(counts),
        window=arch.window,
        hop=arch.hop,
        probabilities=probabilities,
        baseline=pose,
        baseline_probability=float(at_rest[:, label].mean()),
        attributions=integrated_gradients(model, x, baseline, label),
        connectivity=connectivity(model, x, label, arch),
        int8_label=None if int8 is None else recording_label(int8, fitted.recorded),
    )


def known_from(probability: Float64) -> int:
    """The step from which on the label is known, of its probability float64[steps].

    From where it is highest back as long as it is at least SURE of that.
    """
    peak = int(probability.argmax())
    unsure = np.flatnonzero(probability[:peak] < SURE * probability[peak])
    return int(unsure[-1]) + 1 if len(unsure) else 0
