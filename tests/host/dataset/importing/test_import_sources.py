"""Files, folders and zips, also hostile ones."""

import json
import os
import zipfile
from pathlib import Path

import pytest
from quirks import gesture, gestures, table

from tinygesture.dataset import Dataset
from tinygesture.dataset.importing import sources
from tinygesture.dataset.importing.importer import import_into
from tinygesture.dataset.importing.notices import Report
from tinygesture.errors import UserError


def imported(tmp_path: Path, *paths: Path) -> Report:
    return import_into(tmp_path / "data", paths)


def refusals(report: Report) -> str:
    return "\n".join(f"{notice.file}: {notice.reason}" for notice in report.refused)


def zipped(path: Path, **members: str | bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_a_folder_of_many_things(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "more" / ".git").mkdir(parents=True)
    (folder / "punch.CSV").write_text(table(gestures(2)), encoding="utf-8")
    (folder / "more" / "flex.csv").write_text(table([gesture(7)]), encoding="utf-8")
    (folder / "more" / ".git" / "wave.csv").write_text(table([gesture(8)]), encoding="utf-8")
    (folder / "LICENSE").write_text("MIT", encoding="utf-8")
    (folder / "broken.json").write_text("{", encoding="utf-8")
    (folder / "fake.zip").write_text("no zip", encoding="utf-8")
    report = imported(tmp_path, folder)
    entries = Dataset.open(tmp_path / "data").entries
    assert sorted(entry.label for entry in entries) == ["flex", "punch", "punch"]
    assert len(report.refused) == 2
    assert "fake.zip: this zip is damaged" in refusals(report)


def test_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    report = imported(tmp_path, tmp_path / "in")
    assert (report.recordings, report.files) == (0, [])


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "punch.csv"
    file.write_text(table(gestures(1)), encoding="utf-8")

    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert "it cannot be read: Permission denied" in refusals(imported(tmp_path, file))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "punch.csv")
    assert "this is no file" in refusals(imported(tmp_path, tmp_path / "punch.csv"))


def test_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = table(gestures(3))
    (tmp_path / "punch.csv").write_text(text, encoding="utf-8")
    bomb = zipped(tmp_path / "bomb.zip", **{"a.csv": "0" * 5_000_000, "b.csv": text})
    monkeypatch.setattr(sources, "MAX_FILE_BYTES", 10_000)
    report = imported(tmp_path, tmp_path / "punch.csv", bomb)
    assert report.recordings == 0
    assert len(report.refused) == 3
    assert "too much: divide it" in refusals(report)
    monkeypatch.setattr(sources, "MAX_ZIP_BYTES", 4_000_000)
    assert "it unpacks to 2 files of 4 MB: too much" in refusals(imported(tmp_path, bomb))


def test_names_that_lead_out_of_a_zip(tmp_path: Path) -> None:
    names = ["../out.csv", "/tmp/out.csv", "a/../../out.csv", "..\\out.csv", "C:/out.csv"]
    good = {"in/punch.csv": table(gestures(2))}
    hostile = zipped(tmp_path / "a.zip", **{name: table([gesture(5)]) for name in names}, **good)
    report = imported(tmp_path, hostile)
    assert report.recordings == 2
    assert refusals(report).count("its name leads out of the zip") == len(names)
    assert not list(tmp_path.rglob("out.csv"))


def test_a_data_set_in_a_zip_with_names_that_lead_out(tmp_path: Path) -> None:
    hostile = zipped(
        tmp_path / "a.zip",
        **{"d/dataset.json": '{"format": 1, "id": "x"}', "d/index.csv": "", "d/../../evil.csv": ""},
    )
    report = imported(tmp_path, hostile)
    assert "its name leads out of the zip" in refusals(report)
    assert not (tmp_path / "evil.csv").exists()


def test_zips_within_zips_and_locked_and_damaged_ones(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", **{"punch.csv": table(gestures(1))})
    nested = zipped(tmp_path / "outer.zip", **{"inner.zip": inner.read_bytes()})
    assert "unpack the outer one first" in refusals(imported(tmp_path, nested))
    whole = bytearray(zipped(tmp_path / "c.zip", **{"punch.csv": table(gestures(3))}).read_bytes())
    whole[60:80] = bytes(20)
    (tmp_path / "torn.zip").write_bytes(whole)
    assert "the zip is damaged here" in refusals(imported(tmp_path, tmp_path / "torn.zip"))
    locked = bytearray(inner.read_bytes())
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(signature) + at] |= 1
    (tmp_path / "locked.zip").write_bytes(locked)
    assert "locked by a password" in refusals(imported(tmp_path, tmp_path / "locked.zip"))


def test_an_export_of_edge_impulse_with_its_labels(tmp_path: Path) -> None:
    sensors = [
        {"name": f"{s}{a}", "units": u} for s, u in (("acc", "g"), ("gyr", "dps")) for a in "XYZ"
    ]

    def sample(seed: int) -> str:
        payload = {
            "device_type": "X",
            "interval_ms": 10,
            "sensors": sensors,
            "values": gesture(seed).tolist(),
        }
        return json.dumps({"payload": payload})

    labels = {
        "files": [{"path": "training/sample1.json", "label": {"type": "label", "label": "wave"}}]
    }
    export = zipped(
        tmp_path / "e.zip",
        **{
            "README.txt": "about",
            "info.labels": json.dumps(labels),
            "training/sample1.json": sample(1),
            "testing/circle.json.123.json": sample(2),
        },
    )
    assert imported(tmp_path, export).refused == []
    dataset = Dataset.open(tmp_path / "data")
    assert dataset.labels == ["circle", "wave"]
    with zipfile.ZipFile(export) as archive:
        archive.extractall(tmp_path / "unpacked")
    again = import_into(tmp_path / "other", [tmp_path / "unpacked"])
    assert again.refused == []
    assert Dataset.open(tmp_path / "other").labels == ["circle", "wave"]


def test_a_full_disk_adds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "punch.csv").write_text(table(gestures(2)), encoding="utf-8")
    imported(tmp_path, tmp_path / "punch.csv")
    before = sorted(tmp_path.joinpath("data").rglob("*"))
    (tmp_path / "flex.csv").write_text(table([gesture(k) for k in range(10, 40)]), encoding="utf-8")
    written = 0
    write = Path.write_bytes

    def fail(path: Path, data: bytes) -> int:
        nonlocal written
        written += 1
        if written > 5:
            raise OSError(28, "No space left on device")
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(UserError, match="the disk is full"):
        imported(tmp_path, tmp_path / "flex.csv")
    left = {path for path in tmp_path.joinpath("data").rglob("*") if path.is_file()}
    assert left <= set(before)
    assert len(Dataset.open(tmp_path / "data").entries) == 2
