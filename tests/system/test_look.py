"""`tinygesture show` and `tinygesture data report`, as they are installed."""

import json
import shutil

import pytest
from test_screens import on_terminal

from tinygesture.dataset import Dataset
from tinygesture.dataset.find import name_of


def show(clone, *arguments, **options):
    return clone.run("tinygesture", "show", *map(str, arguments), **options)


def test_a_data_set_in_one_line_for_each_label(clone, synthetic):
    done = show(clone, "--data", synthetic)
    assert done.status == 0, done.stderr
    assert "48 gestures of 3 labels by 4 subjects" in done.stdout
    assert "48 of 48 synthetic" in done.stdout
    for label in ("circle", "punch", "rest"):
        [line] = [line for line in done.stdout.splitlines() if line.startswith(label)]
        assert line.split()[1:4] == ["16", "4", "8"]
    assert "\x1b" not in done.stdout and max(map(len, done.stdout.splitlines()[1:])) <= 80


def test_json_has_the_figures_and_text_goes_to_stderr(clone, synthetic):
    done = show(clone, "--data", synthetic, "--json")
    assert [line["label"] for line in done.json] == ["circle", "punch", "rest"]
    assert all(line["recordings"] == 16 for line in done.json)
    assert "gestures" in done.stderr
    entry = Dataset.open(synthetic).entries[0]
    [one] = show(clone, entry.id, "--data", synthetic, "--json").json
    assert (one["id"], one["samples"], one["rate_hz"]) == (entry.id, entry.samples, entry.rate_hz)
    assert len(show(clone, "rest", "--data", synthetic, "--json").json) == 16


def test_a_label_lists_every_recording_and_draws_the_mean(clone, synthetic):
    done = show(clone, "punch", "--data", synthetic)
    for entry in Dataset.open(synthetic).entries:
        assert (entry.id in done.stdout) == (entry.label == "punch")
    assert "The mean of 16 recordings" in done.stdout
    assert "aX aY aZ" in done.stdout


@pytest.mark.parametrize("size", [(24, 80), (50, 200)])
def test_a_recording_fits_the_terminal(clone, synthetic, size):
    entry = Dataset.open(synthetic).entries[3]
    status, drawn = on_terminal(
        clone, "tinygesture", "show", name_of(entry), "--data", str(synthetic), size=size
    )
    assert status == 0, drawn
    lines = drawn.replace("\r", "").splitlines()
    assert len(lines) < size[0] and max(map(len, lines)) <= size[1]
    assert all(words in drawn for words in ("aX aY aZ in g", "in °/s", entry.id, "synthetic"))


def test_a_file_outside_of_a_data_set(clone, synthetic, tmp_path):
    entry = Dataset.open(synthetic).entries[0]
    inside = show(clone, synthetic / entry.file)
    assert entry.id in inside.stdout and "session" in inside.stdout
    shutil.copy(synthetic / entry.file, tmp_path / "some.csv")
    outside = show(clone, tmp_path / "some.csv")
    assert outside.status == 0, outside.stderr
    assert "some.csv" in outside.stdout and f"{entry.samples} samples" in outside.stdout


@pytest.mark.parametrize("wanted", ["circel", "circle/99", "nowhere.csv"])
def test_what_is_not_there_is_one_sentence(clone, synthetic, wanted):
    done = show(clone, wanted, "--data", synthetic)
    assert done.status == 2 and done.stdout == ""
    assert "There is no recording" in done.stderr and "Traceback" not in done.stderr


def test_a_report_is_one_file(clone, synthetic, tmp_path):
    file = tmp_path / "looking.html"
    done = clone.run(
        "tinygesture", "data", "report", "--data", str(synthetic), "-o", str(file), "--json"
    )
    assert done.status == 0, done.stderr
    assert done.json == [{"file": str(file), "recordings": 48, "bytes": file.stat().st_size}]
    text = file.read_text(encoding="utf-8")
    data = json.loads(text.partition('id="data">')[2].partition("</script>")[0])
    assert {g["id"] for g in data["gestures"]} == {e.id for e in Dataset.open(synthetic).entries}


def test_a_report_that_cannot_be_written_leaves_nothing(clone, synthetic, tmp_path):
    file = tmp_path / "nowhere" / "looking.html"
    done = clone.run("tinygesture", "data", "report", "--data", str(synthetic), "-o", str(file))
    assert done.status == 2 and "Traceback" not in done.stderr
    assert not file.parent.exists()
