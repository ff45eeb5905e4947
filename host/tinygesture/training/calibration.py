"""Probabilities that mean what they say: one temperature, folded into the last layer.

Temperature scaling: Guo, Pleiss, Sun and Weinberger (2017), "On Calibration of Modern Neural
Networks". It divides the logits by T, so no step changes its label; and dividing the weights
and bias of the layer before the softmax instead costs nothing on the board.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

from tinygesture.contract import Float64, Int64
from tinygesture.training.architectures.base import Architecture
from tinygesture.training.augment import Augmentation
from tinygesture.training.background import VALIDATION_PEOPLE, background_examples
from tinygesture.training.examples import Example, background_indices, pad
from tinygesture.training.fit import Fitted, Progress, arrays
from tinygesture.training.streams import label_weights, splice

LAYER = "probabilities"  # the last one of every architecture
LOWEST, HIGHEST = 0.1, 10.0  # beyond lies a model that is always or never right
STREAMS, STREAM = 96, 1024  # how many, and canonical samples of each
MINUTES = 6.0  # of background by virtual people
SEED = 0
SMALLEST = 1e-7  # a probability of float32 that is not distinguished from 0


@dataclass(frozen=True)
class Outputs:
    """probabilities float64[N, labels]; labels int64[N]; weights float64[N]: how much of a step
    the label holds, as in training."""

    probabilities: Float64
    labels: Int64
    weights: Float64


def outputs(
    rows: Sequence[npt.NDArray[np.floating[Any]]],
    examples: Sequence[Example],
    arch: Architecture,
    labels: Sequence[str],
) -> Outputs:
    """The steps of these recordings at which a label holds.

    rows: probabilities [steps, labels] that a model gave to each recording, from reset.
    """
    quiet = background_indices(labels)
    ends = slice(arch.window - 1, None, arch.hop)
    weights = [
        label_weights(pad(example.counts, arch.window), example.label in quiet)[ends]
        for example in examples
    ]
    kept = Outputs(
        np.concatenate(rows).astype(np.float64),
        np.repeat([example.label for example in examples], [len(row) for row in rows]),
        np.concatenate(weights).astype(np.float64),
    )
    held = kept.weights > 0
    return Outputs(kept.probabilities[held], kept.labels[held], kept.weights[held])


def calibrate(
    fitted: Fitted,
    recordings: Sequence[Example],
    progress: Progress = lambda stage, done, total: None,
    flattering: bool = False,
) -> tuple[Fitted, float]:
    """The model whose probabilities fit these recordings best, and the temperature folded into it.

    recordings: those of validation, where there are some. Not as they were recorded, one by one and
    by the hands that chose the epoch, but spliced with background and augmented as in training:
    what a board will meet is stranger than they are. flattering: they are of hands that the model
    was trained on, and it is for others: what they say makes no probability surer.
    """
    progress("calibrating", 0, 1)
    quiet = background_examples(MINUTES, VALIDATION_PEOPLE, SEED, fitted.labels)
    found = temperature(stream_outputs(fitted, [*recordings, *quiet], Augmentation(), SEED))
    found = max(found, 1.0) if flattering else found
    progress("calibrating", 1, 1)
    return folded(fitted, found), found


def stream_outputs(
    fitted: Fitted, examples: Sequence[Example], augmentation: Augmentation | None, seed: int
) -> Outputs:
    """The steps of streams spliced from examples, as in training, at which a label holds."""
    arch, labels, rng = fitted.architecture, fitted.labels, np.random.default_rng(seed)
    quiet = background_indices(labels)
    made = splice(examples, quiet, STREAMS, STREAM, arch.window, augmentation, rng)
    x, y, weights = arrays(made, arch, fitted.quantisation, len(labels))
    rows = fitted.model.predict(x, batch_size=32, verbose=0)
    held = weights > 0
    return Outputs(rows[held].astype(float), y[held].argmax(axis=1), weights[held].astype(float))


def temperature(of: Outputs) -> float:
    """T of the smallest mean negative log-likelihood, within LOWEST..HIGHEST.

    It has one minimum: the likelihood is concave in 1/T.
    """
    best = minimize_scalar(
        lambda log_t: likelihood_loss(scaled(of, float(np.exp(log_t)))),
        bounds=(np.log(LOWEST), np.log(HIGHEST)),
        method="bounded",
    )
    return float(np.exp(best.x))


def scaled(of: Outputs, temperature: float) -> Outputs:
    """What the softmax gives for logits divided by `temperature`."""
    logits = np.log(np.maximum(of.probabilities, SMALLEST)) / temperature
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return replace(of, probabilities=powers / powers.sum(axis=1, keepdims=True))


def likelihood_loss(of: Outputs) -> float:
    """The weighted mean of -log(probability of the label)."""
    given = of.probabilities[np.arange(len(of.labels)), of.labels]
    return float(np.average(-np.log(np.maximum(given, SMALLEST)), weights=of.weights))


def folded(fitted: Fitted, temperature: float) -> Fitted:
    """The same model with the logits divided by `temperature`; `fitted` stays as it is."""
    model = fitted.architecture.build(len(fitted.labels))
    model.set_weights(fitted.model.get_weights())
    last = model.get_layer(LAYER)
    last.set_weights([weights / np.float32(temperature) for weights in last.get_weights()])
    return replace(fitted, model=model)
