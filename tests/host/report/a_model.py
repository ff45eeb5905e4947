"""A bundle with everything that a model's report shows, made without training; some of its words
are hostile."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
from hostile import HOSTILE

from tinygesture.evaluation.metrics import recording_label, score
from tinygesture.evaluation.statistics import rate
from tinygesture.explanation import Explanation
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
                "synthetic": i == 5,
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


def events() -> dict[str, Any]:
    counts = {"gestures": 12, "recognised": 11, "false": 1, "duplicates": 2}
    each = {**counts, "precision": 11 / 14, "recall": 11 / 12, "f1": 22 / 26}
    unheard = {"gestures": 0, "recognised": 0, "false": 0, "duplicates": 0}
    unheard |= {"precision": None, "recall": None, "f1": None}
    return {
        **each,
        "events": 14,
        "hours": 0.25,
        "false_per_hour": 4.0,
        "false_per_hour_upper": 18.98,
        "false_during": {"rest": 1},
        "delay_ms": {"median": 640.0, "p90": 910.0},
        "gesture_ms": 1200.0,
        "tolerance_ms": 500,
        "labels": {"circle": each, "punch": each, "wave": unheard},
        "background": background(0.5),
        "reliability": {"events": 12, **reliability("int8")},
    }


def background(per_hour: float) -> dict[str, Any]:
    false = round(2 * per_hour)
    upper = rate(false, 2.0).upper
    return {
        "hours": 2.0,
        "false": false,
        "false_per_hour": false / 2,
        "false_per_hour_upper": upper,
    }


def point(target: float) -> dict[str, Any]:
    reached = 1 - 0.05 / target**0.5
    return {"precision": reached, "recall": reached - 0.02, "f1": reached - 0.01} | {
        "background": background(target)
    }


def reliability(kind: str) -> dict[str, Any]:
    off = 0.15 if kind == "before" else 0.03
    sure = (0.5, 0.7, 0.9)
    bins = [
        {
            "low": at - 0.05,
            "high": at + 0.05,
            "confidence": at,
            "accuracy": at - off,
            "share": 1 / 3,
        }
        for at in sure
    ]
    return {"ece": off, "confidence": 0.7, "accuracy": 0.7 - off, "bins": bins, "labels": {}}


def explained(of: dict[str, Any]) -> dict[str, Any]:
    """Of its first and its last example."""
    found = []
    for example in (of["examples"][0], of["examples"][-1]):
        rng = np.random.default_rng(example["recording"])
        shares = (np.array(example["probabilities"]) + 128) / 256
        counts = np.array(example["counts"], np.int16)
        steps = len(shares)
        said = Explanation(
            labels=LABELS,
            label=recording_label(shares, len(LABELS)),
            known=steps // 3,
            counts=counts,
            padding=0,
            window=WINDOW,
            hop=HOP,
            probabilities=shares,
            baseline=counts[0],
            baseline_probability=0.2,
            attributions=rng.normal(0, 0.01, counts.shape),
            connectivity=np.tril(rng.random((steps, steps))),
            int8_label=None,
        )
        found.append({**said.to_json(), "recording": example["recording"]})
    return {"format": 1, "explanations": found}


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
        "background": {"recorded_labels": 4, "synthetic_minutes": 30.0, "people": 12},
        "detector": {
            "smoothing": 40,
            "minimum": 28,
            "refractory": 50,
            "background": 4,
            "thresholds": [170, 180, 0, 128],
        },
        "events": events(),
        "trade_off": {
            "target": 0.5,
            "promised": {"f1": 0.9, "false_per_hour": 4.92},
            "chosen": point(0.5),
            "points": [{"target": target, **point(target)} for target in (0.1, 0.5, 2.0, 10.0)],
        },
        "calibration": {
            "temperature": 1.37,
            **{kind: reliability(kind) for kind in ("before", "float", "int8")},
        },
        "adaptation": {
            "base": "everybody",
            "subject": HOSTILE,
            "recordings": 9,
            "test": 20,
            "before": {"value": 0.6, "low": 0.39, "high": 0.78},
            "after": {"value": 0.95, "low": 0.76, "high": 0.99},
        },
        "fine_tuning": {"float": 0.975, "int8": 0.95, "fine_tuned": 0.975},
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
    made = {
        "tested.json": json.dumps(of).encode(),
        "explained.json": json.dumps(explained(of)).encode(),
        "model.tflite": b"TFL3",
    }
    hashes = {"files": {name: hashlib.sha256(file).hexdigest() for name, file in made.items()}}
    return Bundle(Path("swing"), {**manifest(of), **hashes}, made)
