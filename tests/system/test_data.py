"""tinygesture data: from the first look to a repair, with the installed commands."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from clone import Clone, Done


@pytest.fixture
def recordings(synthetic: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(synthetic, tmp_path / "recordings"))


def data(clone: Clone, path: Path, *arguments: str, **options: Any) -> Done:
    return clone.run("tinygesture", "data", *arguments, "--data", str(path), **options)


def told(done: Done) -> list[dict[str, Any]]:
    assert done.status == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_correcting_a_data_set(clone: Clone, recordings: Path) -> None:
    *_, total = told(data(clone, recordings, "list", "--json"))
    assert (total["recordings"], total["synthetic"], total["trash"]) == (48, 48, 0)
    said = data(clone, recordings, "rename", "subject", "s1", "anna")
    assert said.stdout == "The subject s1 is anna now, in 12 recordings.\n"
    refused = data(clone, recordings, "rename", "subject", "s2", "anna")
    assert refused.status == 2
    assert "or make the two one with --join" in refused.stderr
    [moved] = told(data(clone, recordings, "relabel", "circle/1", "--label", "wave", "--json"))
    gone = told(data(clone, recordings, "delete", moved["id"], "--json"))
    assert gone == [moved]
    [back] = told(data(clone, recordings, "restore", moved["id"][:6], "--json"))
    assert (back["id"], back["label"]) == (moved["id"], "wave")
    [piece] = told(
        data(clone, recordings, "cut", "punch/2", "--from", "0.2", "--to", "1.2", "--json")
    )
    assert piece["label"] == "punch"
    shown = data(clone, recordings, "list").stdout
    assert "anna" in shown
    assert "48 of 48 are synthetic" in shown
    assert "1 recording in the trash" in shown
    assert "Nothing to repair" in data(clone, recordings, "repair").stdout


def test_a_damaged_data_set_says_what_to_do_and_is_mended(clone: Clone, recordings: Path) -> None:
    index = recordings / "index.csv"
    lines = index.read_text().split("\n")
    lines[3] = lines[3].replace("s1", "s 1")
    index.write_text("\n".join(lines))
    (recordings / "recordings" / "circle").rename(recordings / "recordings" / "ring")
    refused = data(clone, recordings, "list")
    assert refused.status == 2
    assert f"tinygesture data repair --data {recordings}" in refused.stderr.replace("\n", " ")
    mended = told(data(clone, recordings, "repair", "--json"))
    assert mended[-1] == {"repaired": len(mended) - 1, "recordings": 48}
    *groups, _ = told(data(clone, recordings, "list", "--json"))
    assert {group["label"] for group in groups} == {"ring", "punch", "rest"}
    assert told(data(clone, recordings, "repair", "--json")) == [{"repaired": 0, "recordings": 48}]


def test_files_that_are_not_in_the_index_are_noticed(clone: Clone, recordings: Path) -> None:
    first = next((recordings / "recordings" / "rest").iterdir())
    shutil.copy(first, first.with_name("mine.csv"))
    listed = data(clone, recordings, "list")
    assert listed.status == 0
    assert "files without a line: 1" in listed.stderr
    assert "tinygesture data repair" in listed.stderr


def test_a_terminal_that_knows_no_unicode(clone: Clone, recordings: Path) -> None:
    environment = clone.environment | {"LC_ALL": "C", "PYTHONIOENCODING": "cp1252"}
    for command in (("list",), ("repair",), ("delete", "rest/1"), ("restore", "--all")):
        done = data(clone, recordings, *command, env=environment)
        assert done.status == 0, done.stderr


def test_names_that_are_not_there(clone: Clone, recordings: Path) -> None:
    for command, sentence in [
        (("delete", "cicle/1"), "Did you mean circle/"),
        (("cut", "circle/1", "--from", "0", "--to", "99"), "is no piece of recordings/circle/"),
        (("restore", "--all"), "is empty: nothing was deleted"),
    ]:
        done = data(clone, recordings, *command)
        assert done.status == 2
        assert sentence in done.stderr.replace("\n", " ")
        assert "Traceback" not in done.stderr
    missing = data(clone, recordings / "none", "repair")
    assert missing.status == 2
    assert "is not a data set, nor what is left of one" in missing.stderr.replace("\n", " ")
