"""An explanation made of random numbers, of which one stretch stands out."""

from typing import Any

import numpy as np

from tinygesture.explanation import Explanation

SAMPLES, WINDOW, HOP, PADDING = 96, 16, 8, 8
LOUD = slice(40, 48)  # of gyroscope y


def explanation(labels: tuple[str, ...] = ("circle", "punch", "rest")) -> Explanation:
    rng = np.random.default_rng(1)
    steps, blocks = (SAMPLES - WINDOW) // HOP + 1, SAMPLES // HOP
    logits = rng.normal(size=(steps, len(labels))) + np.array([3, 0, 0])
    attributions = rng.normal(0, 1e-3, (SAMPLES, 6))
    attributions[LOUD, 4] = 0.08
    past = np.tri(steps, blocks, blocks - steps)
    return Explanation(
        labels=labels,
        label=0,
        known=2,
        counts=rng.integers(-9000, 9000, (SAMPLES, 6)).astype(np.int16),
        padding=PADDING,
        window=WINDOW,
        hop=HOP,
        probabilities=np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True),
        baseline=np.array([0, 0, 8192, 0, 0, 0], np.int16),
        baseline_probability=0.1,
        attributions=attributions,
        connectivity=past * rng.uniform(0.1, 1, (steps, blocks)),
        int8_label=0,
    )


def told(recording: str, model: str, **of: Any) -> dict[str, Any]:
    """As the command `explain` tells it."""
    about = {"recording": recording, "actual": "circle", "synthetic": True}
    return {**about, "model": model, "arch": "gru", **explanation(**of).to_json()}
