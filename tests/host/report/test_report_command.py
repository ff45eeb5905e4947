"""tinygesture report: where a model's report is, written anew only where it differs."""

import json
from dataclasses import replace
from pathlib import Path

import a_model
import pytest

from tinygesture import project
from tinygesture.cli import load
from tinygesture.errors import UserError
from tinygesture.export.bundle import Bundle, write_bundle
from tinygesture.report.model import with_report

EVENTS = a_model.manifest(a_model.tested())["events"]


def test_the_report_is_found_and_written_where_it_is_missing_or_another_version_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    shown: list[str] = []
    bundle = a_model.bundle()
    monkeypatch.setattr(project, "models", lambda: tmp_path)
    monkeypatch.setattr("webbrowser.open", shown.append)

    def run(found: Bundle, *options: str) -> Path:
        monkeypatch.setattr(Bundle, "find", lambda name, models: found)
        load("report").main(["swing", "--json", *options], standalone_mode=False)
        said = json.loads(capfd.readouterr().out)
        assert said["bytes"] == Path(said["file"]).stat().st_size
        return Path(said["file"])

    file = run(write_bundle(tmp_path, "swing", bundle.manifest, bundle.files))
    assert file == tmp_path / "swing" / "report.html" and shown == []
    whole = with_report(bundle, tmp_path)
    written = file.stat().st_mtime_ns
    assert run(whole, "--open") == file
    assert file.stat().st_mtime_ns == written
    assert shown == [file.resolve().as_uri()]
    file.write_bytes(b"saved by a browser")
    left_out = {name: content for name, content in whole.files.items() if name != "report.html"}
    run(replace(whole, files=left_out))
    assert file.read_bytes() == whole.files["report.html"]
    older = {**whole.files, "report.html": b"older"}
    run(write_bundle(tmp_path, "swing", whole.manifest, older))
    assert file.read_bytes() == whole.files["report.html"]


@pytest.mark.parametrize(
    "edited",
    [
        {"events": "many"},
        {"metrics": {}},
        {"created": None},
        {"events": {**EVENTS, "hours": 10**400}},
    ],
)
def test_a_manifest_that_was_edited_is_a_sentence(
    edited: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = a_model.bundle()
    found = replace(bundle, manifest={**bundle.manifest, **edited})
    monkeypatch.setattr(Bundle, "find", lambda name, models: found)
    with pytest.raises(UserError, match="does not hold what a report tells"):
        load("report").main(["swing"], standalone_mode=False)


def test_answers_that_were_edited_are_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = a_model.bundle()
    found = replace(bundle, files={**bundle.files, "tested.json": b"{}"})
    monkeypatch.setattr(Bundle, "find", lambda name, models: found)
    with pytest.raises(UserError, match="does not hold what a report tells"):
        load("report").main(["swing"], standalone_mode=False)
