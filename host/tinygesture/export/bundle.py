"""The bundle models/NAME: everything there is of one exported model, verified by hashes."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tinygesture.contract import Quantisation
from tinygesture.dataset.files import clear_errors, mend_folder, replace_folder
from tinygesture.dataset.recording import NAME_LENGTH, is_name
from tinygesture.detector import DetectorConfig
from tinygesture.errors import UserError

FORMAT = 2
MANIFEST = "manifest.json"
WEIGHTS = "weights.npz"
REPORT = "report.html"  # made of the others, so it can be made anew


@dataclass(frozen=True)
class Bundle:
    """path: the bundle's folder; manifest: its manifest.json; files: every other file's bytes."""

    path: Path
    manifest: Mapping[str, Any]
    files: Mapping[str, bytes]

    @classmethod
    def find(cls, name: str, models_dir: Path) -> "Bundle":
        """The bundle of that name; UserError, naming those there are, where there is none."""
        if is_name(name) and not (models_dir / name).exists():
            with clear_errors(models_dir / name, "restore"):
                mend_folder(models_dir / name)
        if not (models_dir / name / MANIFEST).is_file() or Path(name).name != name:
            known = sorted(path.parent.name for path in models_dir.glob(f"[!.]*/{MANIFEST}"))
            there = f"There are: {', '.join(known)}." if known else "There are no models yet."
            raise UserError(
                f"There is no model called {name!r} in {models_dir}. {there} "
                "train-and-export makes one."
            )
        if not is_name(name):  # it was renamed by hand
            raise UserError(
                f"The folder {str(models_dir / name)!r} has a name that compilers and boards do "
                f"not take: rename it, with 1 to {NAME_LENGTH} letters (a-z, A-Z), digits, - and _."
            )
        return cls.load(models_dir / name)

    @classmethod
    def load(cls, path: Path) -> "Bundle":
        """Read a bundle and check every file against its hash; UserError where one differs.

        A REPORT that is missing or differs is left out. Its name is its folder's, which somebody
        may have copied or renamed.
        """
        again = anew(path.name)
        with clear_errors(path / MANIFEST, "read"):
            text = (path / MANIFEST).read_bytes()
        try:
            manifest = json.loads(text)
            found, hashes = manifest["format"], dict(manifest["files"])
            manifest["name"] = path.absolute().name
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise UserError(f"{path / MANIFEST} is damaged. {again}") from error
        if found != FORMAT:
            raise UserError(
                f"{path} has the format {found}, and this version of tinygesture reads {FORMAT}. "
                f"Update tinygesture, or make the model anew: train-and-export ... {path.name}"
            )
        files = {}
        for name, sha256 in hashes.items():
            if not (path / name).is_file():
                problem = f"{path} is incomplete: {name} is missing."
            else:
                with clear_errors(path / name, "read"):
                    content = (path / name).read_bytes()
                if hashlib.sha256(content).hexdigest() == sha256:
                    files[name] = content
                    continue
                problem = f"{path / name} is not what was exported: it changed."
            if name != REPORT:
                raise UserError(f"{problem} {again}")
        bundle = cls(path, manifest, files)
        if not bundle._is_whole():
            raise UserError(f"{path / MANIFEST} is damaged. {again}")
        return bundle

    def _is_whole(self) -> bool:
        """Everything that commands read of a bundle is there, and of one model."""
        try:
            read: list[Any] = [self.name, self.arch, self.labels, self.state, self.quantisation]
            read += [self.recorded, self.detector, self.golden, self.seen or ()]
            sources = {"compiled_model.cpp", "compiled_model.h", "model_config.h"} <= set(
                self.files
            )
            return all(part is not None for part in read) and sources and self._has_its_id()
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
            return False

    def _has_its_id(self) -> bool:
        return self.model_id == model_id(self.model) and 1 <= self.hop <= self.window

    @property
    def name(self) -> str:
        return str(self.manifest["name"])

    @property
    def model_id(self) -> str:
        """First 8 bytes of the SHA-256 of model.tflite, as 16 hexadecimal digits."""
        return str(self.manifest["model_id"])

    @property
    def arch(self) -> str:
        return str(self.manifest["arch"])

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(self.manifest["labels"])

    @property
    def recorded(self) -> tuple[str, ...]:
        """The labels that a recording can have: all but a background that training added."""
        return self.labels[: self.manifest["background"]["recorded_labels"]]

    @property
    def seen(self) -> frozenset[str] | None:
        """The ids of the recordings that shaped it; None where it was exported without them."""
        ids = self.manifest["data"].get("seen")
        return None if ids is None else frozenset(ids)

    @property
    def window(self) -> int:
        return int(self.manifest["input"]["window"])

    @property
    def hop(self) -> int:
        return int(self.manifest["input"]["hop"])

    @property
    def state(self) -> dict[str, str]:
        """State input -> state output."""
        return dict(self.manifest["state"])

    @property
    def quantisation(self) -> Quantisation:
        given = self.manifest["input"]
        return Quantisation(tuple(given["multipliers"]), given["shift"])

    @property
    def detector(self) -> DetectorConfig:
        given = self.manifest["detector"]
        return DetectorConfig(**{**given, "thresholds": tuple(given["thresholds"])})

    def check_tflm(self) -> None:
        """Raises UserError where the boards' TensorFlow Lite Micro would not compute it exactly."""
        tflm = self.manifest.get("tflm")
        if tflm is None:
            raise UserError(
                f"{self.path} was exported without what the engine tflm needs. {anew(self.name)}"
            )
        if not tflm["fits"]:
            raise UserError(
                f"TensorFlow Lite Micro on the board cannot run {self.name}: {tflm['reason']}. "
                "Use the engine compiled, which runs it."
            )

    @property
    def model(self) -> bytes:
        """model.tflite."""
        return self.files["model.tflite"]

    @property
    def weights(self) -> bytes:
        """The trained float weights, for `training.weights.from_npz`; UserError without them."""
        if WEIGHTS not in self.files:
            raise UserError(
                f"{self.path} was exported without its float weights. {anew(self.name)}"
            )
        return self.files[WEIGHTS]

    @property
    def parameters(self) -> dict[str, Any]:
        """Of the architecture, as its `parameters` gave them."""
        return dict(self.manifest["architecture"])

    @property
    def golden(self) -> list[dict[str, Any]]:
        """From reset: counts [M][6] at the canonical rate, int8 probabilities [steps][labels]."""
        sequences: list[dict[str, Any]] = json.loads(self.files["golden.json"])["sequences"]
        return sequences


def anew(name: str, arch: str = "ARCH") -> str:
    """What somebody is told whose bundle of that name will not do."""
    return f"Make it anew with: train-and-export DATA --arch {arch} --name {name}"


def model_id(model: bytes) -> str:
    return hashlib.sha256(model).hexdigest()[:16]


def compact_json(document: Any) -> bytes:
    """For files with many numbers, which nobody reads."""
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def write_bundle(
    models_dir: Path, name: str, manifest: Mapping[str, Any], files: Mapping[str, bytes]
) -> Bundle:
    """Write models_dir/name whole or not at all; a bundle of that name is replaced.

    The manifest gets the format and the hashes of the files.
    """
    path = models_dir / name
    hashes = {file: hashlib.sha256(content).hexdigest() for file, content in files.items()}
    said = {key: value for key, value in manifest.items() if key != "files"}
    whole = {**said, "format": FORMAT, "files": hashes}
    text = json.dumps(whole, indent=1, ensure_ascii=False) + "\n"
    replace_folder(path, {**files, MANIFEST: text.encode()})
    return Bundle(path, whole, files)
