"""Where a model goes that was trained, and what becomes of it where there is no room."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tinygesture import project
from tinygesture.cli import keeping
from tinygesture.cli.output import Output
from tinygesture.errors import UserError
from tinygesture.export.bundle import Bundle, write_bundle
from tinygesture.export.pipeline import Result


class Room(NamedTuple):
    free: int


@pytest.fixture
def keep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Result | None]:
    """Keeps a model of which nothing is true but its place."""
    monkeypatch.setattr(project, "root", lambda: tmp_path)
    monkeypatch.setattr(project, "models", lambda: tmp_path / "models")
    monkeypatch.setattr(keeping, "trial", lambda out, bundle: {})
    monkeypatch.setattr(keeping, "counted", lambda out, bundle: None)
    monkeypatch.setattr(keeping, "with_report", with_report)

    def make(folder: Path, progress: object) -> Result:
        bundle = write_bundle(folder, "mine", {"name": "mine"}, {"model.tflite": b"weights"})
        return Result(bundle, 1.0, 1.0, 7, 1)

    return lambda: keeping.keep(Output(True), make)


def with_report(bundle: Bundle, models_dir: Path, found: dict[str, object]) -> Bundle:
    return write_bundle(models_dir, bundle.name, {**bundle.manifest, **found}, bundle.files)


def test_a_model_is_in_models_and_nowhere_else(
    keep: Callable[[], Result | None], tmp_path: Path
) -> None:
    result = keep()
    assert result and result.bundle.path == tmp_path / "models" / "mine"
    assert [path.name for path in tmp_path.rglob("model.tflite")] == ["model.tflite"]


def test_a_model_for_which_there_is_no_room_waits_elsewhere(
    keep: Callable[[], Result | None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(folder: Path, *rest: object) -> Bundle:
        if folder == tmp_path / "models":
            raise UserError("Could not write it: the disk is full.")
        return write_bundle(folder, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(keeping, "write_bundle", write)
    with pytest.raises(
        UserError, match=r"the disk is full\. The finished model is in .*/mine: move"
    ):
        keep()
    waiting = tmp_path / ".tinygesture" / "finished" / "mine"
    assert json.loads((waiting / "manifest.json").read_text("utf-8"))["golden"] == {}
    assert (waiting / "model.tflite").read_bytes() == b"weights"


def test_without_room_nothing_is_begun(
    keep: Callable[[], Result | None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Room(376_000))
    with pytest.raises(UserError, match=r"room for 376 kB, and a model may need 4,000\. Free some"):
        keep()
