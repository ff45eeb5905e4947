"""The float model's answers to recordings."""

from collections.abc import Sequence

import numpy as np

from tinygesture.contract import Int16
from tinygesture.training.examples import Float32, inputs, pad
from tinygesture.training.fit import Fitted


def predict(fitted: Fitted, recordings: Sequence[Int16]) -> list[Float32]:
    """Of each recording int16[M, 6], from reset: probabilities float32[steps, labels]."""
    if not recordings:
        return []
    arch = fitted.architecture
    padded = [pad(counts, arch.window) for counts in recordings]
    longest = max(map(len, padded))
    # What follows a recording's end changes none of its steps: every model is causal.
    batch = np.stack([np.pad(c, ((0, longest - len(c)), (0, 0)), mode="edge") for c in padded])
    rows = fitted.model.predict(inputs(batch, fitted.quantisation), batch_size=64, verbose=0)
    return [row[: arch.steps(len(c))] for row, c in zip(rows, padded, strict=True)]
