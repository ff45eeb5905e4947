"""Golden vectors: canonical samples, the exact int8 answers of TensorFlow Lite Micro to them, and
the detector's events."""

import json
from collections.abc import Sequence
from dataclasses import astuple
from typing import Any

import numpy as np

from tinygesture.contract import Int16
from tinygesture.detector import DetectorConfig
from tinygesture.detector.runs import events
from tinygesture.export.exported import Exported
from tinygesture.training.examples import Example, pad

FORMAT = 2
STRESS_SAMPLES = 200


def golden_vectors(
    exported: Exported, config: DetectorConfig, examples: Sequence[Example]
) -> bytes:
    """golden.json: sequences from reset, one row of probabilities per model step, one row of label,
    confidence, start_us and end_us per event.

    One recording per label, those recordings one after the other, and two that no hand makes:
    samples at random over the whole range, and jumps between its ends.
    """
    arch = exported.fitted.architecture
    first = {example.label: example.counts for example in reversed(examples)}
    recordings = [pad(first[label], arch.window) for label in sorted(first)]
    rng = np.random.default_rng(0)
    stress = [
        rng.integers(-32768, 32768, (STRESS_SAMPLES, 6)).astype(np.int16),
        rng.choice(np.array([-32768, 32767], np.int16), (STRESS_SAMPLES, 6)),
    ]
    sequences = [*recordings, np.concatenate(recordings), *stress]

    def answer(counts: Int16) -> dict[str, Any]:
        rows = exported.answer(counts)
        found = events(config, rows, arch.window, arch.hop)
        return {
            "counts": counts.tolist(),
            "probabilities": rows.tolist(),
            "events": [astuple(event) for event in found],
        }

    document = {"format": FORMAT, "sequences": [answer(counts) for counts in sequences]}
    return json.dumps(document, separators=(",", ":")).encode() + b"\n"
