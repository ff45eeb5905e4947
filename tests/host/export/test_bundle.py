"""Bundles are whole or absent, and a changed file is noticed."""

import json
import os
import shutil
import time
from pathlib import Path

import pytest

from tinygesture.dataset import files as files_module
from tinygesture.detector import DetectorConfig
from tinygesture.errors import UserError
from tinygesture.export.bundle import REPORT, Bundle, model_id, write_bundle
from tinygesture.export.limits import check_model_name

FILES = {
    "model.tflite": b"abc",
    "golden.json": b'{"sequences": []}',
    "compiled_model.cpp": b"",
    "compiled_model.h": b"",
    "model_config.h": b"",
}
MANIFEST = {
    "name": "wave",
    "model_id": model_id(b"abc"),
    "arch": "gru",
    "labels": ["wave", "rest"],
    "input": {"window": 4, "hop": 4, "multipliers": [1] * 6, "shift": 8},
    "state": {},
    "detector": vars(DetectorConfig(8, 8, 8, 2, (128, 128))),
    "data": {},
    "background": {"recorded_labels": 2},
}


@pytest.fixture
def bundle(tmp_path):
    return write_bundle(tmp_path, "wave", MANIFEST, FILES)


def test_a_bundle_comes_back(bundle, tmp_path):
    assert Bundle.find("wave", tmp_path).files == FILES


@pytest.mark.parametrize("key", sorted(MANIFEST.keys() - {"name"}))
def test_a_manifest_that_lacks_something_is_damaged(bundle, key):
    path = bundle.path / "manifest.json"
    manifest = json.loads(path.read_text())
    del manifest[key]
    path.write_text(json.dumps(manifest))
    with pytest.raises(UserError, match="damaged"):
        Bundle.load(bundle.path)


@pytest.mark.parametrize(
    "lie",
    [
        {"model_id": "00" * 8},
        {"labels": 7},
        {"state": 7},
        {"detector": {}},
        {"input": {**MANIFEST["input"], "window": 0}},
        {"input": {**MANIFEST["input"], "shift": "x"}},
    ],
)
def test_a_manifest_that_lies_is_damaged(bundle, lie):
    path = bundle.path / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **lie}))
    with pytest.raises(UserError, match="damaged"):
        Bundle.load(bundle.path)


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


@pytest.mark.parametrize("name", ["a$b", "a;b", "a'b", 'a"b', "wave ", "w a v e", "é"])
def test_a_folder_that_was_renamed_to_what_no_build_takes_is_a_sentence(bundle, name):
    bundle.path.rename(bundle.path.with_name(name))
    with pytest.raises(UserError, match=r"has a name that compilers .*rename it"):
        Bundle.find(name, bundle.path.parent)
    with pytest.raises(UserError, match="cannot be the name of a model"):
        check_model_name(name)


def test_a_write_that_fails_leaves_the_old_bundle(bundle, monkeypatch):
    write_bytes = Path.write_bytes

    def full(path, content):
        if path.name == "second":
            raise OSError(28, "No space left on device", str(path))
        return write_bytes(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(UserError, match=f"Could not write {bundle.path}: the disk is full"):
        write_bundle(bundle.path.parent, "wave", {"name": "wave"}, {"first": b"1", "second": b"2"})
    assert Bundle.load(bundle.path).files == FILES
    assert [path.name for path in bundle.path.parent.iterdir()] == ["wave"]


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(b"saved anew")])
def test_a_report_that_is_missing_or_changed_spoils_no_model(tmp_path, spoil):
    bundle = write_bundle(tmp_path, "wave", MANIFEST, {**FILES, REPORT: b"<html>"})
    assert Bundle.load(bundle.path).files == {**FILES, REPORT: b"<html>"}
    spoil(bundle.path / REPORT)
    assert Bundle.load(bundle.path).files == FILES


def test_a_bundle_has_the_name_of_its_folder(bundle, tmp_path):
    """Whatever its manifest says: a copy is written where it is, and not over the original."""
    shutil.move(bundle.path, tmp_path / "elsewhere")
    manifest = tmp_path / "elsewhere" / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "name": "../precious"}))
    assert Bundle.load(tmp_path / "elsewhere").name == "elsewhere"


def leave(bundle, pid, kind, monkeypatch, age_s=0.0):
    """What a killed process with that id left of the bundle; `age_s` ago, for who asks the time."""
    shutil.copytree(bundle.path, bundle.path.with_name(f".wave.{pid}.{kind}"))
    monkeypatch.setattr(files_module, "time", lambda: time.time() + age_s)


def left(bundle):
    return sorted(path.name for path in bundle.path.parent.glob(".*"))


@pytest.mark.parametrize("kind", ["new", "old"])
def test_what_killed_processes_left_of_their_drafts_goes(bundle, kind, monkeypatch):
    leave(bundle, 7, kind, monkeypatch)
    write_bundle(bundle.path.parent, "wave", MANIFEST, FILES)
    assert left(bundle) == [f".wave.7.{kind}"]  # perhaps somebody is at it
    leave(bundle, os.getpid(), kind, monkeypatch, age_s=2 * files_module.FORSAKEN_S)
    write_bundle(bundle.path.parent, "wave", MANIFEST, FILES)
    assert left(bundle) == []


def test_a_folder_whose_process_was_killed_between_two_renames_comes_back(bundle, monkeypatch):
    leave(bundle, 7, "old", monkeypatch)
    shutil.rmtree(bundle.path)
    with pytest.raises(UserError, match="no model called 'wave'"):
        Bundle.find("wave", bundle.path.parent)
    monkeypatch.setattr(files_module, "time", lambda: time.time() + 2 * files_module.SWAP_S)
    assert Bundle.find("wave", bundle.path.parent).files == FILES
    assert left(bundle) == []


def interrupt(bundle, number, after, monkeypatch):
    """Ctrl-C before or after the rename with that number, while the bundle is replaced."""
    rename, count = Path.rename, iter(range(1, 9))

    def interrupted(path, target):
        now = next(count) == number
        if now and not after:
            raise KeyboardInterrupt
        rename(path, target)
        if now:
            raise KeyboardInterrupt

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_bundle(bundle.path.parent, "wave", MANIFEST, {**FILES, "model_config.h": b"new"})
    return Bundle.find("wave", bundle.path.parent).files["model_config.h"]


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("after", [False, True])
def test_ctrl_c_at_a_rename_of_the_folder_leaves_one_of_the_two(bundle, number, after, monkeypatch):
    found = interrupt(bundle, number, after, monkeypatch)
    assert found == (b"new" if (number, after) == (2, True) else b"")
    assert left(bundle) == []


def test_ctrl_c_brings_back_the_model_of_now_not_one_that_a_killed_process_left(
    bundle, monkeypatch
):
    leave(bundle, 7, "old", monkeypatch)
    (bundle.path.with_name(".wave.7.old") / "model_config.h").write_bytes(b"former")
    time.sleep(0.02)
    monkeypatch.setattr(files_module, "SWAP_S", 0.01)
    assert interrupt(bundle, 2, False, monkeypatch) == b""
