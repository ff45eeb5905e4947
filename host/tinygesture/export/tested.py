"""tested.json: what the model answered to every test recording, and to some step by step."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from tinygesture.contract import Int8
from tinygesture.dataset import Entry
from tinygesture.evaluation.metrics import confidence
from tinygesture.training.architectures.base import Architecture
from tinygesture.training.examples import Example, Float32, pad

FILE = "tested.json"
FORMAT = 1
WRONG, TYPICAL = 12, 12  # recordings kept with their samples, at most


def tested(
    entries: Sequence[Entry],
    examples: Sequence[Example],
    in_float: Sequence[tuple[int, Float32]],
    in_int8: Sequence[tuple[int, Int8]],
    labels: Sequence[str],
    architecture: Architecture,
) -> dict[str, Any]:
    """entries and examples: the test recordings; in_float, in_int8: the label of each, and its
    probabilities [steps, labels].

    "recordings": of each one who made it, its label, and the answer with its confidence.
    "examples": canonical counts int16[M][6] and int8 probabilities [steps][labels] of the surest
    errors, then of each label the right answer of median confidence.
    """
    recordings = [
        {
            "id": entry.id,
            "file": entry.file,
            "dataset": entry.dataset,
            "subject": entry.subject,
            "session": entry.session,
            "synthetic": entry.synthetic,
            "label": entry.label,
            "float": _answer(labels, label, rows),
            "int8": _answer(labels, own, (own_rows.astype(np.float64) + 128) / 256),
        }
        for entry, (label, rows), (own, own_rows) in zip(entries, in_float, in_int8, strict=True)
    ]
    shown = [
        {
            "recording": i,
            "counts": pad(examples[i].counts, architecture.window).tolist(),
            "probabilities": in_int8[i][1].tolist(),
        }
        for i in _shown(recordings)
    ]
    return {"format": FORMAT, "recordings": recordings, "examples": shown}


def _answer(labels: Sequence[str], label: int, rows: npt.ArrayLike) -> dict[str, Any]:
    return {"label": labels[label], "confidence": round(confidence(rows, label), 4)}


def _shown(recordings: Sequence[dict[str, Any]]) -> list[int]:
    """Indices of the recordings to keep with their samples."""

    def sure(i: int) -> float:
        return float(recordings[i]["int8"]["confidence"])

    right: dict[str, list[int]] = {}
    wrong = []
    for i, recording in enumerate(recordings):
        if recording["int8"]["label"] == recording["label"]:
            right.setdefault(recording["label"], []).append(i)
        else:
            wrong.append(i)
    typical = [sorted(right[label], key=sure)[len(right[label]) // 2] for label in sorted(right)]
    return sorted(wrong, key=sure, reverse=True)[:WRONG] + typical[:TYPICAL]
