"""What cannot become a model is refused with a sentence, and nothing is written."""

import shutil

import pytest

from tinygesture.dataset import Dataset
from tinygesture.errors import UserError
from tinygesture.export import limits
from tinygesture.export.pipeline import train_and_export
from tinygesture.synth import make_dataset
from tinygesture.training.architectures.gru import Gru
from tinygesture.training.fit import Settings

BRIEF = Settings(epochs=1, passes=1, background_minutes=1)


def without(source: Dataset, folder, *labels: str, keep: int = 0) -> Dataset:
    """A copy that has only the first `keep` recordings of these labels."""
    copy = folder / "data"
    shutil.copytree(source.path, copy)
    header, *lines = (copy / "index.csv").read_text().splitlines(keepends=True)
    for label in labels:
        those = [line for line in lines if line.startswith(f"{label},")]
        lines = [line for line in lines if line not in those[keep:]]
    (copy / "index.csv").write_text("".join([header, *lines]))
    return Dataset.open(copy)


@pytest.mark.parametrize(
    "labels, keep, words",
    [
        (("circle", "punch", "rest"), 0, "is empty"),
        (("circle", "punch"), 0, "one label only"),
        (("circle",), 3, r"too few recordings of circle \(3\)"),
    ],
)
def test_data_that_will_not_do(synthetic, tmp_path, labels, keep, words):
    dataset = without(synthetic, tmp_path, *labels, keep=keep)
    with pytest.raises(UserError, match=words):
        train_and_export(dataset, Gru(), "x", tmp_path / "models", settings=BRIEF)
    assert not (tmp_path / "models").exists()


@pytest.mark.parametrize("name", ["", "../x", "a b", 'x"', "x" * 25])
def test_names_that_will_not_do(synthetic, tmp_path, name):
    with pytest.raises(UserError, match="cannot be the name of a model"):
        train_and_export(synthetic, Gru(), name, tmp_path / "models", settings=BRIEF)


def test_labels_that_the_firmware_cannot_hold():
    with pytest.raises(UserError, match=r"16 labels.*16, one of which is background"):
        limits.check_labels([f"label{i}" for i in range(16)])
    with pytest.raises(UserError, match="too long together"):
        limits.check_labels([f"{i:024}" for i in range(15)])
    limits.check_labels([f"{i:019}" for i in range(15)])
    limits.check_labels([f"label{i}" for i in range(15)] + ["Background"])


def test_memory_that_the_board_lacks():
    limits.check_flash(limits.FLASH_BYTES)
    with pytest.raises(UserError, match="bytes of flash"):
        limits.check_flash(limits.FLASH_BYTES + 1)
    assert limits.check_ram(limits.RAM_BYTES) == limits.RAM_BYTES
    for arena in (limits.RAM_BYTES + 1, None):
        with pytest.raises(UserError, match="bytes of RAM"):
            limits.check_ram(arena)


def test_a_model_too_large_is_not_written(synthetic, tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "RAM_BYTES", 1000)
    with pytest.raises(UserError, match=r"too large.* of RAM"):
        train_and_export(synthetic, Gru(), "x", tmp_path / "models", settings=BRIEF)
    assert not (tmp_path / "models").exists()


def test_a_recording_of_next_to_nothing(tmp_path):
    dataset = make_dataset(tmp_path / "short", ["circle", "rest"], [1, 2, 3], 2, seconds=0.15)
    with pytest.raises(UserError, match="without a gap"):
        train_and_export(dataset, Gru(), "x", tmp_path / "models", settings=BRIEF)
