"""`tinygesture explain`: what it draws, and what it refuses."""

import io
import re
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

sys.path.insert(0, str(Path(__file__).parents[1] / "report"))
from explained import HOP, explanation

from tinygesture.cli.commands.explain import _given, command
from tinygesture.cli.explain_view import picture, summary
from tinygesture.dataset import Dataset, Meta, Recording, measure
from tinygesture.errors import UserError


def drawn(width: int, of) -> list[str]:
    console = Console(file=io.StringIO(), width=width, highlight=False)
    console.print(picture("circle/3, by mine (gru)", of, console.width))
    return console.file.getvalue().splitlines()


@pytest.mark.parametrize("width", [40, 80, 200])
def test_the_strip_stands_out_where_the_samples_count(width):
    lines = drawn(width, explanation())
    assert all(len(line) <= width for line in lines)
    strip = lines[5]
    assert strip.startswith("gyroscope y")
    columns = min(width - 23, 96)
    assert strip.index("█") == pytest.approx(22 + columns * 40 / 96, abs=2)
    assert "█" not in "".join(lines[1:5] + lines[6:7])


def test_what_counts_against_is_told_without_colours():
    made = explanation()
    lines = drawn(80, replace(made, attributions=-made.attributions))
    assert "▓" in lines[5] and "█" not in lines[5]


def test_words():
    text = " ".join(" ".join(drawn(100, explanation())).split())
    from_s, to_s = re.search(r"what counted most: gyroscope y, (0...) to (0...) s\.", text).groups()
    assert 0.32 <= float(from_s) < float(to_s) <= 0.40
    assert "Explained is the float model; the int8 one, which runs on the board, decides" in text
    other = replace(explanation(), int8_label=1)
    assert "but the int8 one, which runs on the board, decides punch." in " ".join(
        " ".join(drawn(100, other)).split()
    )


def test_the_last_step_uses_what_its_blocks_say():
    made = explanation()
    connectivity = np.zeros_like(made.connectivity)
    connectivity[:, -1] = 1e-6
    connectivity[-1, 5] = 1.0
    row = drawn(200, replace(made, connectivity=connectivity))[8]
    assert row.startswith("used by the last step")
    assert [i - 22 for i, c in enumerate(row) if c == "█"] == list(range(5 * HOP, 6 * HOP))


def test_the_table_of_several():
    console = Console(file=io.StringIO(), width=90)
    console.print(summary([("circle/3", "mine", explanation()), ("circle/3", "b", explanation())]))
    said = console.file.getvalue()
    assert said.count("circle/3") == 2 and f"{explanation().memory_ms:.0f} ms" in said


def recording(label: str, seconds: float) -> Recording:
    t_us = np.arange(round(seconds * 100), dtype=np.int64) * 10_000
    counts = np.random.default_rng(1).integers(-3000, 3000, (len(t_us), 6)).astype(np.int16)
    return Recording(t_us, counts, replace(Meta.unknown(label), **measure(t_us, counts)))


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    dataset = Dataset.create(tmp_path / "d")
    for seconds in (1.5, 0.1):
        dataset.add(recording("circle", seconds))
    dataset.add_continuous(recording("", 30))
    return dataset


def test_a_recording_by_its_name_its_file_and_as_a_file_elsewhere(dataset, tmp_path):
    [entry, _] = dataset.entries
    inside = dataset.path / entry.file
    elsewhere = tmp_path / "some.csv"
    elsewhere.write_bytes(inside.read_bytes())
    given = _given(dataset.path, ["circle/1", str(inside), str(elsewhere)])
    assert [one.name for one in given] == ["circle/1", "circle/1", "some.csv"]
    assert [one.label for one in given] == ["circle", "circle", ""]
    assert all((one.counts == given[0].counts).all() for one in given)
    assert _given(tmp_path / "nowhere", [str(elsewhere)])[0].name == "some.csv"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("circle", "'circle' is a label: name one of its recordings, such as circle/1"),
        ("circle/2", "holds only 0.10 s"),
        ("continuous/1", "lasts 30.0 s.*tinygesture data cut continuous/1"),
        ("circle/9", "no recording and no label"),
    ],
)
def test_what_cannot_be_explained_is_refused(dataset, name, said):
    with pytest.raises(UserError, match=said):
        _given(dataset.path, [name])


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("nowhere/page.html", r"the folder .*nowhere does not exist"),
        ("/dev/null", "it is a device or a pipe"),
        ("", "it is a folder"),
        ("a" * 300, "too long"),
    ],
)
def test_a_page_that_cannot_be_written_is_refused_before_anything_is_computed(page, said):
    with pytest.raises(UserError, match=said):
        command.main(["no-model", "circle/1", "--html", page], standalone_mode=False)


def test_a_page_in_somebody_else_s_folder_is_refused_as_early(tmp_path, monkeypatch):
    monkeypatch.setattr("os.access", lambda path, mode: False)
    with pytest.raises(UserError, match="permission denied"):
        command.main(["no-model", "a", "--html", str(tmp_path / "page")], standalone_mode=False)
