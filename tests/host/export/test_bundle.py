"""Bundles are whole or absent, and a changed file is noticed."""

import json
import shutil

import pytest

from tinygesture.errors import UserError
from tinygesture.export import bundle as bundle_module
from tinygesture.export.bundle import Bundle, write_bundle


@pytest.fixture
def bundle(tmp_path):
    return write_bundle(tmp_path, "wave", {"name": "wave"}, {"model.tflite": b"abc"})


def test_a_bundle_comes_back(bundle, tmp_path):
    assert Bundle.find("wave", tmp_path).files == {"model.tflite": b"abc"}


@pytest.mark.parametrize(
    "damage, words",
    [
        (lambda path: (path / "model.tflite").write_bytes(b"abd"), "not what was exported"),
        (lambda path: (path / "model.tflite").unlink(), "model.tflite is missing"),
        (lambda path: (path / "manifest.json").write_text("{"), "damaged"),
        (lambda path: (path / "manifest.json").write_text("[]"), "damaged"),
        (lambda path: (path / "manifest.json").write_bytes(b"\xff\xfe\0"), "damaged"),
    ],
)
def test_damage_is_a_sentence(bundle, damage, words):
    damage(bundle.path)
    with pytest.raises(UserError, match=words):
        Bundle.load(bundle.path)


def test_a_newer_format_is_a_sentence(bundle):
    manifest = json.loads((bundle.path / "manifest.json").read_text())
    (bundle.path / "manifest.json").write_text(json.dumps({**manifest, "format": 99}))
    with pytest.raises(UserError, match="Update tinygesture"):
        Bundle.load(bundle.path)


@pytest.mark.parametrize("name", ["nothing", "../wave", "", "."])
def test_a_bundle_that_is_not_there_is_a_sentence(bundle, name):
    with pytest.raises(UserError, match="There are: wave"):
        Bundle.find(name, bundle.path.parent)


def test_a_write_that_fails_leaves_the_old_bundle(bundle, monkeypatch):
    def full(path, content):
        if path.name == "second":
            raise OSError(28, "No space left on device")
        path.write_bytes(content)

    monkeypatch.setattr(bundle_module, "write_atomically", full)
    with pytest.raises(UserError):
        write_bundle(bundle.path.parent, "wave", {"name": "wave"}, {"first": b"1", "second": b"2"})
    assert Bundle.load(bundle.path).files == {"model.tflite": b"abc"}
    assert [path.name for path in bundle.path.parent.iterdir()] == ["wave"]


def test_a_bundle_can_be_moved(bundle, tmp_path):
    shutil.move(bundle.path, tmp_path / "elsewhere")
    assert Bundle.load(tmp_path / "elsewhere").name == "wave"
