"""A bundle with everything that a model's report shows, made without training; some of its words
are hostile."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
from hostile import HOSTILE

from tinygesture.evaluation.metrics import recording_label, score
from tinygesture.export.bundle import Bundle

LABELS = ("circle", "punch", "rest", "wave")  # of wave there is no test recording
HOP, WINDOW = 8, 40
PEOPLE = (("a1", "ada"), ("b2", "ada"), ("a1", HOSTILE))


def answers(rng: np.random.Generator, label: int) -> Any:
    """int8[steps, labels] that tend to a label, and settle late on another one now and then."""
    steps = int(rng.integers(12, 24))
    logits = rng.normal(0, 0.6, (steps, len(LABELS))) + np.linspace(0, 1, steps)[:, None] * (
        4 * np.eye(len(LABELS))[label if rng.random() > 0.2 else (label + 1) % 3]
    )
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return np.clip(np.rint(shares * 256 - 128), -128, 127).astype(int)


def tested(recordings: int = 36) -> dict[str, Any]:
    rng = np.random.default_rng(1)
    found, shown = [], []
    for i in range(recordings):
        label, (dataset, subject) = i % 3, PEOPLE[i % len(PEOPLE) if i % 2 else 0]
        rows = answers(rng, label)
        answer = recording_label(rows, len(LABELS))
        own = {
            "label": LABELS[answer],
            "confidence": round(float((rows[len(rows) // 2 :, answer].mean() + 128) / 256), 4),
        }
        found.append(
            {
                "id": f"{i:012x}",
                "file": f"recordings/{LABELS[label]}/{i:04d}.csv",
                "dataset": dataset,
                "subject": subject,
                "session": HOSTILE if i == 4 else "morning",
                "label": LABELS[label],
                "float": own,
                "int8": own,
            }
        )
        if answer != label or i < 3:
            moments = np.arange(WINDOW + HOP * (len(rows) - 1))[:, None]
            counts = 6000 * np.sin(moments / (9 + np.arange(6))) + rng.normal(0, 90, (1, 6))
            shown.append(
                {"recording": i, "counts": counts.astype(int).tolist()}
                | {"probabilities": rows.tolist()}
            )
    return {"format": 1, "recordings": found, "examples": shown}


def manifest(of: dict[str, Any]) -> dict[str, Any]:
    def figures(kind: str) -> dict[str, Any]:
        pairs = [
            (LABELS.index(r["label"]), LABELS.index(r[kind]["label"])) for r in of["recordings"]
        ]
        return score([a for a, _ in pairs], [b for _, b in pairs], LABELS)

    epochs = np.arange(1, 9)
    return {
        "format": 1,
        "name": "swing",
        "model_id": "0123456789abcdef",
        "arch": "conv1d",
        "labels": list(LABELS),
        "input": {"rate_hz": 100, "window": WINDOW, "hop": HOP},
        "sizes": {
            "tflite_bytes": 12345,
            "tflm_arena_bytes": 4321,
            "compiled_arena_bytes": 600,
            "compiled_state_bytes": 40,
            "compiled_weight_bytes": 3456,
            "macs": 7890,
            "window_macs": 98765,
        },
        "whole_windows": False,
        "arbiter": "tflite-micro",
        "metrics": {"float": figures("float"), "int8": figures("int8")},
        "created": "2026-11-21T12:34:56+00:00",
        "data": {"id": "a1", "recordings": 240, "synthetic": 12, "sha256": "d" * 64},
        "split": {
            "by": "subject",
            "description": f"split by subject: {HOSTILE}",
            "train": 170,
            "validation": 34,
            "test": 36,
        },
        "configuration": {"seed": 7, "augmentation": {"tilt": 15.0, "kinds": [1, 2]}},
        "configuration_sha256": "c" * 64,
        "code_sha256": "e" * 64,
        "versions": {"python": "3.11.7", "numpy": "2.1.3", "tflite-support": None},
        "machine": {"platform": "linux", "cpu": HOSTILE},
        "history": {
            "loss": (1 / epochs).tolist(),
            "val_loss": (1.2 / epochs).tolist(),
            "accuracy": (1 - 0.5 / epochs).tolist(),
            "val_accuracy": (1 - 0.6 / epochs).tolist(),
            "learning_rate": (0.01 / epochs).tolist(),
        },
        "golden": {"native": True, "cm4": None},
        "benchmark": {
            "instructions_per_inference": 54321,
            "flash_bytes": {"code": 2876, "tables": 2064, "weights": 3456},
            "stack_bytes": 132,
            "compiler": "arm-none-eabi-g++ 12.2.1",
            "layers": [{"name": "CONV_2D", "macs": 7890, "instructions": 54000}],
        },
        "robustness": {
            "recordings": 36,
            "curves": {
                "tilt": {
                    "unit": "°",
                    "points": [
                        {"at": at, "value": 0.9 - at / 100, "low": 0.8 - at / 100, "high": 0.95}
                        for at in (0, 10, 20, 30)
                    ],
                }
            },
        },
    }


def bundle() -> Bundle:
    of = tested()
    made = {"tested.json": json.dumps(of).encode(), "model.tflite": b"TFL3"}
    hashes = {"files": {name: hashlib.sha256(file).hexdigest() for name, file in made.items()}}
    return Bundle(Path("swing"), {**manifest(of), **hashes}, made)
