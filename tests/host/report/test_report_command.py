"""tinygesture report: where a model's report is, written anew only where it differs."""

import json
from pathlib import Path

import a_model
import pytest

from tinygesture import project
from tinygesture.cli import load
from tinygesture.export.bundle import Bundle, write_bundle
from tinygesture.report.model import with_report


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
    older = {**whole.files, "report.html": b"older"}
    run(write_bundle(tmp_path, "swing", whole.manifest, older))
    assert file.read_bytes() == whole.files["report.html"]
