"""Who recorded last, remembered per machine."""

from pathlib import Path

import pytest

from tinygesture.cli.memory import last_subject, remember_subject


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TINYGESTURE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_the_last_subject_is_remembered() -> None:
    assert last_subject() is None
    remember_subject("anna")
    remember_subject("ben")
    assert last_subject() == "ben"


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b'{"subject": 5}', b'{"subject": "a b"}', b"\xff", b"[" * 99_999]
)
def test_a_damaged_file_is_as_good_as_none(home: Path, data: bytes) -> None:
    home.mkdir()
    (home / "memory.json").write_bytes(data)
    assert last_subject() is None
    remember_subject("anna")
    assert last_subject() == "anna"


def test_a_folder_that_cannot_be_written_does_not_stop_anybody(home: Path) -> None:
    home.write_text("a file stands where the folder should be")
    remember_subject("anna")
    assert last_subject() is None
