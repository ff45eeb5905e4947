"""What manifest.json says of where a model comes from."""

import hashlib
import json
import platform
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

import tinygesture
from tinygesture.dataset import Dataset, Split
from tinygesture.training.adapt import Adaptation
from tinygesture.training.architectures.base import Architecture
from tinygesture.training.fit import Settings

PACKAGES = ("tensorflow", "keras", "numpy", "tflite", "tflite-micro", "tflite-support")
CODE = ("contract.py", "dataset", "detector", "synth", "training", "export", "evaluation")


def provenance(
    dataset: Dataset, split: Split, arch: Architecture, seed: int, settings: Settings | Adaptation
) -> Any:
    """Hashes of data, code and configuration; seed, split, versions, CPU and time."""
    configuration = {
        "arch": arch.name,
        "architecture": arch.parameters(),
        "seed": seed,
        **asdict(settings),
    }
    entries = [*split.train, *split.validation, *split.test]
    return {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "data": {
            "id": dataset.id,
            "recordings": len(entries),
            "synthetic": sum(entry.synthetic for entry in entries),
            "sha256": data_hash(dataset),
            "seen": sorted(entry.id for entry in [*split.train, *split.validation]),
        },
        "split": {
            "by": split.by,
            "description": split.description,
            "train": len(split.train),
            "validation": len(split.validation),
            "test": len(split.test),
        },
        "configuration": configuration,
        "configuration_sha256": _hash([json.dumps(configuration, sort_keys=True).encode()]),
        "code_sha256": code_hash(),
        "versions": {
            "python": platform.python_version(),
            "tinygesture": tinygesture.__version__,
            **{name: _version(name) for name in PACKAGES},
        },
        "machine": {"platform": sys.platform, "cpu": _cpu()},
    }


def _hash(parts: Iterable[bytes]) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "little") + part)
    return whole.hexdigest()


def kept_epoch(manifest: Mapping[str, Any]) -> int | None:
    """The epoch, from 1, whose weights early stopping kept; None without early stopping."""
    losses = manifest.get("history", {}).get("val_loss", [])
    stopping = manifest.get("configuration", {}).get("patience")
    if not stopping or not np.isfinite(losses).any():
        return None
    return int(np.nanargmin(losses)) + 1


def data_hash(dataset: Dataset) -> str:
    """Of the recordings and of everything the index says about them, in any order."""
    entries = sorted(dataset.entries, key=lambda entry: entry.file)
    return _hash(
        part
        for entry in entries
        for part in (
            json.dumps(asdict(entry), sort_keys=True).encode(),
            (dataset.path / entry.file).read_bytes(),
        )
    )


def code_hash(names: Iterable[str] = CODE) -> str:
    """Of the package's files and folders of these names: by default, all that shape a model."""
    root = Path(tinygesture.__file__).parent
    files = [file for name in names for file in _sources(root / name)]
    return _hash(
        part for file in files for part in (str(file.relative_to(root)).encode(), file.read_bytes())
    )


def _sources(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return sorted(file for file in path.rglob("*") if file.suffix in (".py", ".j2"))


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
