"""What a recording is called, and the same recording met twice."""

from pathlib import Path

import numpy as np
import pytest
from quirks import gestures, read, refusals, table

from tinygesture.dataset import Dataset
from tinygesture.dataset.importing.importer import import_into
from tinygesture.dataset.importing.notices import Report
from tinygesture.dataset.importing.takes import Options, label_of_file


@pytest.mark.parametrize(
    ("file", "label"),
    [
        ("punch.csv", "punch"),
        ("a/b/punch.1.csv", "punch"),
        ("punch (2).csv", "punch"),
        ("upper cut.csv", "upper_cut"),
        ("Über-Kreis.csv", "Uber-Kreis"),
        ("training/circle.json.6600p2qi.ingestion-57-mxkss.json", "circle"),
        ("recordings/wave/0001-0a1b2c.csv", "wave"),
        ("C:\\data\\flex.csv", "flex"),
        ("a very long name of a gesture it is.csv", "a_very_long_name_of_a_ge"),
        ("con.csv", ""),
        ("円.csv", ""),
    ],
)
def test_labels_from_file_names(file: str, label: str) -> None:
    assert label_of_file(file) == label


def test_without_a_label_nothing_is_imported() -> None:
    takes, found = read(table(gestures(2)), "円.csv")
    assert takes == []
    assert "2: this recording has no label: name it with --label" in refusals(found)
    takes, _ = read(table(gestures(2)), "円.csv", label="circle")
    assert [take.label for take in takes] == ["circle"] * 2


def put(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def reasons(report: Report) -> tuple[str, str]:
    return str([n.reason for n in report.repaired]), str([n.reason for n in report.refused])


def test_the_same_recording_twice(tmp_path: Path) -> None:
    a, b, c = gestures(3)
    source = put(tmp_path / "in", punch=table([a, b, a]), **{"punch.1": table([b, c])})
    report = import_into(tmp_path / "d", [source])
    assert report.recordings == len(Dataset.open(tmp_path / "d").entries) == 3
    repaired, refused = reasons(report)
    assert "the same rows as in" in repaired
    assert refused == "[]"
    again = import_into(tmp_path / "d", [source])
    assert again.recordings == 0
    assert "already in the data set: left out" in reasons(again)[0]
    other = import_into(tmp_path / "d", [source], Options(subject="anna"))
    assert "already in the data set as unknown's" in reasons(other)[0]
    assert len(Dataset.open(tmp_path / "d").entries) == 3


def test_the_same_rows_under_two_labels(tmp_path: Path) -> None:
    a, b, c = gestures(3)
    source = put(tmp_path / "in", flex=table([a, b]), punch=table([b, c]))
    report = import_into(tmp_path / "d", [source])
    assert sorted(e.label for e in Dataset.open(tmp_path / "d").entries) == ["flex"] * 2 + ["punch"]
    [refused] = report.refused
    assert refused.line == 2
    assert "the same rows are flex in" in refused.reason
    other = import_into(tmp_path / "d", [put(tmp_path / "other", wave=table([a]))])
    assert other.recordings == 0
    assert "the same rows are flex in the data set and wave here" in reasons(other)[1]


def test_what_the_data_set_knows_of_a_recording(tmp_path: Path) -> None:
    source = put(tmp_path / "in", punch=table(gestures(1)))
    import_into(tmp_path / "d", [source], Options(subject="anna", session="monday"))
    [entry] = Dataset.open(tmp_path / "d").entries
    assert (entry.subject, entry.session, entry.imu) == ("anna", "monday", "LSM9DS1")
    assert entry.rate_hz == pytest.approx(119, abs=0.01)
    assert not entry.synthetic
    assert entry.recorded_at.endswith("Z")


def test_continuous_recordings_are_known_too(tmp_path: Path) -> None:
    t = np.arange(1281)[:, None] / 119
    smooth = np.sin(t * np.array([1.1, 1.3, 1.7, 2.1, 2.3, 2.9])) * np.array([1.0] * 3 + [99] * 3)
    source = put(tmp_path / "in", walk=table([smooth]))
    assert import_into(tmp_path / "d", [source]).recordings == 1
    dataset = Dataset.open(tmp_path / "d")
    [entry] = dataset.continuous
    assert [i.label for i in dataset.intervals(entry)] == ["walk"]
    assert import_into(tmp_path / "d", [source]).recordings == 0


def test_nothing_to_import_makes_no_data_set(tmp_path: Path) -> None:
    report = import_into(tmp_path / "d", [put(tmp_path / "in")])
    assert report.recordings == 0
    assert not (tmp_path / "d").exists()
