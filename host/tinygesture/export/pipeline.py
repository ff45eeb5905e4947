"""From a data set to a bundle: what the command train-and-export does."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from tinygesture.contract import CANONICAL_RATE_HZ, Int8, Int16
from tinygesture.dataset import Dataset, Split, split
from tinygesture.detector import DetectorConfig
from tinygesture.evaluation.metrics import recording_label, score
from tinygesture.evaluation.reliability import of_recordings
from tinygesture.evaluation.robustness import robustness
from tinygesture.export import limits, metadata, plans
from tinygesture.export.arena import arena_bytes
from tinygesture.export.bundle import WEIGHTS, Bundle, compact_json, model_id, write_bundle
from tinygesture.export.c_array import c_array
from tinygesture.export.compiler import CompiledModel, compile_model
from tinygesture.export.compiler.plan import Description
from tinygesture.export.config import model_config
from tinygesture.export.detection import Aim, detection
from tinygesture.export.explained import FILE as EXPLAINED
from tinygesture.export.explained import explained
from tinygesture.export.fine_tune import fine_tuned
from tinygesture.export.golden import golden_vectors
from tinygesture.export.manifest import provenance
from tinygesture.export.quantise import quantise
from tinygesture.export.tested import FILE as TESTED
from tinygesture.export.tested import tested
from tinygesture.export.tflm import Tflm
from tinygesture.export.tflm_model import TflmModel, tflm_model
from tinygesture.training.architectures.base import Architecture
from tinygesture.training.background import TRAINING_PEOPLE
from tinygesture.training.calibration import calibrate
from tinygesture.training.examples import Example, Float32, load, pad
from tinygesture.training.fit import Fitted, Progress, Settings, fit
from tinygesture.training.predict import predict
from tinygesture.training.weights import to_npz

VALIDATION, TEST = 0.15, 0.15  # of the groups (subjects, sessions), or of each label's recordings
CONDITIONS_TRIED_ON = 200  # test recordings at most: robustness runs each of them 30 times


@dataclass(frozen=True)
class Result:
    """A written bundle and the figures that the command reports."""

    bundle: Bundle
    float_accuracy: float
    int8_accuracy: float
    tflite_bytes: int
    tflm_arena_bytes: int

    def summary(self) -> dict[str, Any]:
        return {
            "model": self.bundle.name,
            "model_id": self.bundle.model_id,
            "arch": self.bundle.arch,
            "labels": list(self.bundle.labels),
            "float_accuracy": self.float_accuracy,
            "int8_accuracy": self.int8_accuracy,
            "tflite_bytes": self.tflite_bytes,
            "tflm_arena_bytes": self.tflm_arena_bytes,
        }


@dataclass(frozen=True)
class Material:
    """The recordings of a training, and how they were divided."""

    split: Split
    train: list[Example]
    validation: list[Example]
    test: list[Example]


def train_and_export(
    dataset: Dataset,
    arch: Architecture,
    name: str,
    models_dir: Path,
    seed: int = 0,
    progress: Progress = lambda stage, done, total: None,
    settings: Settings | None = None,
    aim: Aim | None = None,
) -> Result:
    """Train, quantise, measure, compile and write models_dir/name.

    The figures are of the test recordings, which neither training nor calibration nor early
    stopping has seen. Raises UserError for a data set, name or model that will not do; nothing
    is written then.
    """
    limits.check_model_name(name)
    dataset.require_recordings()
    labels = dataset.labels
    limits.check_labels(labels)
    limits.check_counts(Counter(entry.label for entry in dataset.entries))
    parts = split(dataset.entries, validation=VALIDATION, test=TEST, seed=seed)
    settings = settings or Settings()
    train, validation, test = (
        load(dataset, part, labels) for part in (parts.train, parts.validation, parts.test)
    )
    fitted = fit(train, validation, labels, arch, seed, settings, progress)
    fitted, in_int8 = fine_tuned(fitted, train, validation, seed, settings, progress)
    material = Material(parts, train, validation, test)
    origin = {
        "background": background_of(fitted, settings.background_minutes),
        "fine_tuning": in_int8,
        **provenance(dataset, parts, arch, seed, settings),
    }
    return export_fitted(fitted, material, name, models_dir, origin, progress, aim)


def export_fitted(
    trained: Fitted,
    material: Material,
    name: str,
    models_dir: Path,
    origin: Mapping[str, Any],
    progress: Progress = lambda stage, done, total: None,
    aim: Aim | None = None,
) -> Result:
    """Calibrate, quantise, measure, compile and write models_dir/name.

    origin: what the manifest says of where the model comes from. aim: of its detector.
    """
    train, test = material.train, material.test
    validation = material.validation or train
    fitted, temperature = trained, 1.0  # an adapted model has its base's temperature
    if material.validation:
        fitted, temperature = calibrate(trained, validation, progress)
    arch, labels = fitted.architecture, fitted.labels[: fitted.recorded]
    exported = _export(fitted, name, train, progress)
    found = detection(fitted, exported.tflm, validation, test, aim or Aim(), progress)
    in_float, in_int8 = _answers(fitted, exported.tflm, test, progress)
    actual = [example.label for example in test]
    judged = partial(of_recordings, examples=test, arch=arch, labels=fitted.labels)
    scores = {
        "float": score(actual, [label for label, _ in in_float], labels),
        "int8": score(actual, [label for label, _ in in_int8], labels),
    }
    calibration = {
        "temperature": temperature,
        "before": judged(predict(trained, [example.counts for example in test])),
        "float": judged([rows for _, rows in in_float]),
        "int8": judged([rows for _, rows in in_int8]),
    }
    document = tested(material.split.test, test, in_float, in_int8, labels, arch)
    files = {
        "model.tflite": exported.model,
        WEIGHTS: to_npz(fitted.model),
        TESTED: compact_json(document),
        EXPLAINED: compact_json(explained(fitted, document, test, progress)),
        "golden.json": golden_vectors(
            exported.tflm, arch, fitted.quantisation, found.detector, test
        ),
        "compiled_model.h": exported.compiled.header.encode(),
        "compiled_model.cpp": exported.compiled.source.encode(),
        "model_config.h": model_config(exported.model, name, fitted, found.detector).encode(),
        **{file: text.encode() for file, text in c_array(exported.model).items()},
    }
    if exported.on_board.header is not None:
        files["tflm_model.h"] = exported.on_board.header.encode()
    files[plans.FILE] = exported.compiled.plan.serialised(
        _plan_description(fitted, name, exported, found.detector)
    )
    manifest = {
        **_description(fitted, name, exported),
        "detector": asdict(found.detector),
        "events": found.events,
        "trade_off": found.trade_off,
        "metrics": scores,
        "calibration": calibration,
        "robustness": _robustness(fitted, exported.tflm, test, progress),
        **origin,
        "history": fitted.history,
    }
    bundle = write_bundle(models_dir, name, manifest, files)
    return Result(
        bundle,
        scores["float"]["accuracy"],
        scores["int8"]["accuracy"],
        len(exported.model),
        exported.arena_bytes,
    )


def noted(result: Result, models_dir: Path, more: Mapping[str, Any]) -> Result:
    """The result, its bundle's manifest with `more`."""
    bundle = result.bundle
    whole = {**bundle.manifest, **more}
    return replace(result, bundle=write_bundle(models_dir, bundle.name, whole, bundle.files))


@dataclass(frozen=True)
class _Exported:
    model: bytes
    compiled: CompiledModel
    tflm: Tflm
    arena_bytes: int
    on_board: TflmModel


def _export(
    fitted: Fitted, name: str, training: Sequence[Example], progress: Progress
) -> _Exported:
    """The int8 model and its C++, known to fit the board and to run in TensorFlow Lite Micro."""
    progress("exporting", 0, 1)
    model = quantise(fitted, training)
    if metadata.available():
        model = metadata.add_metadata(model, name, fitted.labels, fitted.quantisation)
    compiled = compile_model(model, fitted.architecture.state, fitted.architecture.hop)
    limits.check_ports(len(compiled.input_sizes), len(compiled.output_sizes))
    limits.check_flash(len(model))
    arena = limits.check_ram(arena_bytes(model))
    state = fitted.architecture.state
    on_board = tflm_model(model, state, name, arena)
    progress("exporting", 1, 1)
    return _Exported(model, compiled, Tflm(model, state), arena, on_board)


def _answers(
    fitted: Fitted, tflm: Tflm, test: Sequence[Example], progress: Progress
) -> tuple[list[tuple[int, Float32]], list[tuple[int, Int8]]]:
    """Of each recording its label, by the same rule, and probabilities: in float, and in int8."""
    in_float = predict(fitted, [example.counts for example in test])
    in_int8 = []
    for done, example in enumerate(test):
        in_int8.append(_in_int8(fitted, tflm, example.counts))
        progress("evaluating", done + 1, len(test))
    return (
        [(recording_label(rows, fitted.recorded), rows) for rows in in_float],
        [(recording_label(rows, fitted.recorded), rows) for rows in in_int8],
    )


def _in_int8(fitted: Fitted, tflm: Tflm, counts: Int16) -> Int8:
    """Canonical samples int16[M, 6], from reset -> probabilities int8[steps, labels]."""
    arch = fitted.architecture
    return tflm.run(fitted.quantisation.quantise(pad(counts, arch.window)), arch.window, arch.hop)


def _robustness(
    fitted: Fitted, tflm: Tflm, test: Sequence[Example], progress: Progress
) -> dict[str, Any]:
    chosen = np.linspace(0, len(test) - 1, min(len(test), CONDITIONS_TRIED_ON)).astype(int)

    def answer(counts: Int16) -> int:
        return recording_label(_in_int8(fitted, tflm, counts), fitted.recorded)

    return robustness(answer, [test[i] for i in chosen], progress)


def _plan_description(
    fitted: Fitted, name: str, exported: _Exported, detector: DetectorConfig
) -> Description:
    arch, labels = fitted.architecture, fitted.labels
    return Description(
        model_id(exported.model),
        name,
        arch.name,
        tuple(labels),
        arch.window,
        arch.hop,
        fitted.quantisation,
        detector,
    )


def background_of(fitted: Fitted, minutes: float) -> dict[str, Any]:
    """What the manifest says of the background in a training: so many synthetic minutes."""
    return {
        "recorded_labels": fitted.recorded,
        "synthetic_minutes": minutes,
        "people": len(TRAINING_PEOPLE),
    }


def _description(fitted: Fitted, name: str, exported: _Exported) -> dict[str, Any]:
    """The part of the manifest that says what the model is."""
    arch, quantisation = fitted.architecture, fitted.quantisation
    return {
        "name": name,
        "model_id": model_id(exported.model),
        "arch": arch.name,
        "architecture": arch.parameters(),
        "labels": list(fitted.labels),
        "input": {
            "rate_hz": CANONICAL_RATE_HZ,
            "window": arch.window,
            "hop": arch.hop,
            "multipliers": list(quantisation.multipliers),
            "shift": quantisation.shift,
            "scale": 1 / 128,
            "zero_point": 0,
        },
        "output": {"scale": 1 / 256, "zero_point": -128},
        "state": dict(arch.state),
        "operators": exported.compiled.operators,
        "sizes": {
            "tflite_bytes": len(exported.model),
            "tflm_arena_bytes": exported.arena_bytes,
            "compiled_arena_bytes": exported.compiled.arena_bytes,
            "compiled_state_bytes": exported.compiled.state_bytes,
            "compiled_weight_bytes": exported.compiled.weight_bytes,
            "macs": exported.compiled.macs,
            "window_macs": exported.compiled.window_macs,
        },
        "whole_windows": not exported.compiled.streaming,
        "tflm": exported.on_board.manifest(),
        "arbiter": "tflite-micro",
        "metadata": "tflite-support" if metadata.available() else None,
    }
