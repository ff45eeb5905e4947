"""Test recordings with their samples and what the model answered at each step."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from tinygesture.contract import CANONICAL_PERIOD_US, Int16
from tinygesture.export.bundle import Bundle
from tinygesture.export.explained import FILE as EXPLAINED
from tinygesture.export.explained import FORMAT
from tinygesture.report import packing

ROWS = 1500  # of a recording, at most


def shown(bundle: Bundle, tested: Mapping[str, Any] | None) -> tuple[list[dict[str, Any]], str]:
    """The examples of tested.json with what is known of each, and their samples as text.

    Probabilities are in 256ths.
    """
    if tested is None:
        return [], ""
    facts, parts, start = [], list[Int16](), 0
    for example in tested["examples"]:
        recording = tested["recordings"][example["recording"]]
        counts = np.array(example["counts"], np.int16)
        t_us = np.arange(len(counts), dtype=np.int64) * CANONICAL_PERIOD_US
        times, thinned = packing.thin(t_us, counts, ROWS)
        rows = np.array(example["probabilities"]) + 128
        facts.append(
            {
                "id": recording["id"],
                "file": recording["file"],
                "subject": recording["subject"],
                "session": recording["session"],
                "label": recording["label"],
                "answer": recording["int8"]["label"],
                "confidence": recording["int8"]["confidence"],
                "duration_s": round(int(t_us[-1]) / 1e6, 2),
                "start": start,
                "rows": len(thinned),
                "knots": packing.knots(times),
                "probabilities": rows.tolist(),
            }
        )
        parts.append(thinned)
        start += len(thinned)
    return facts, packing.pack(parts)


def explained(bundle: Bundle, tested: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """explained.json, where the bundle has one that this version draws.

    With the names that explanation.js shows.
    """
    if tested is None or EXPLAINED not in bundle.files:
        return []
    document = json.loads(bundle.files[EXPLAINED])
    if document["format"] != FORMAT:
        return []
    found = []
    for one in document["explanations"]:
        recording = tested["recordings"][one["recording"]]
        names = {"recording": recording["file"], "actual": recording["label"]}
        found.append({**one, **names, "model": bundle.name, "arch": bundle.arch})
    return found
