"""From a data set to a bundle: what the command train-and-export does."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from tinygesture.dataset import Dataset, Split, split
from tinygesture.export import limits
from tinygesture.export.bundle import Bundle, compact_json, write_bundle
from tinygesture.export.detection import Aim, detection
from tinygesture.export.explained import FILE as EXPLAINED
from tinygesture.export.explained import explained
from tinygesture.export.exported import export
from tinygesture.export.fine_tune import fine_tuned
from tinygesture.export.golden import golden_vectors
from tinygesture.export.manifest import provenance
from tinygesture.export.measured import measure
from tinygesture.export.tested import FILE as TESTED
from tinygesture.training.architectures.base import Architecture
from tinygesture.training.background import TRAINING_PEOPLE
from tinygesture.training.calibration import calibrate
from tinygesture.training.examples import Example, load
from tinygesture.training.fit import Fitted, Progress, Settings, fit

VALIDATION, TEST = 0.15, 0.15  # of the groups (subjects, sessions), or of each label's recordings


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
    limits.check_data_set(dataset)
    labels = dataset.labels
    parts = split(dataset.entries, validation=VALIDATION, test=TEST, seed=seed)
    settings = (settings or Settings()).complete(arch)
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
    test, validation = material.test, material.validation or material.train
    fitted, temperature = trained, 1.0  # an adapted model has its base's temperature
    if material.validation:
        fitted, temperature = calibrate(trained, validation, progress, material.split.flattering)
    progress("exporting", 0, 1)
    exported = export(fitted, name, material.train)
    progress("exporting", 1, 1)
    found = detection(exported, validation, test, aim or Aim(), progress)
    measured = measure(exported, trained, temperature, material.split.test, test, progress)
    files = {
        **exported.files(found.detector),
        TESTED: compact_json(measured.tested),
        EXPLAINED: compact_json(explained(fitted, measured.tested, test, progress)),
        "golden.json": golden_vectors(exported, found.detector, test),
    }
    manifest = {
        **exported.description(),
        "detector": asdict(found.detector),
        "events": found.events,
        "trade_off": found.trade_off,
        **measured.figures,
        **origin,
        "history": fitted.history,
    }
    bundle = write_bundle(models_dir, name, manifest, files)
    metrics = measured.figures["metrics"]
    return Result(
        bundle,
        metrics["float"]["accuracy"],
        metrics["int8"]["accuracy"],
        len(exported.model),
        exported.arena_bytes,
    )


def noted(result: Result, models_dir: Path, more: Mapping[str, Any]) -> Result:
    """The result, its bundle's manifest with `more`."""
    bundle = result.bundle
    whole = {**bundle.manifest, **more}
    return replace(result, bundle=write_bundle(models_dir, bundle.name, whole, bundle.files))


def background_of(fitted: Fitted, minutes: float) -> dict[str, Any]:
    """What the manifest says of the background in a training: so many synthetic minutes."""
    return {
        "recorded_labels": fitted.recorded,
        "synthetic_minutes": minutes,
        "people": len(TRAINING_PEOPLE),
    }
