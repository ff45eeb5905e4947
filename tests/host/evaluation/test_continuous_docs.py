"""docs/continuous.md says what is so."""

import re
from pathlib import Path

import pytest

from tinygesture.cli.capturing.keys import LEFT, UP
from tinygesture.cli.labelling.marking import LEAP_US, STEP_US, Marking, Mode
from tinygesture.contract import MAX_GAP_US
from tinygesture.dataset import Interval, intervals
from tinygesture.evaluation.matching import TOLERANCE_US, Reported, match
from tinygesture.evaluation.statistics import rate
from tinygesture.synth import parse_script

DOCS = (Path(__file__).parents[3] / "docs" / "continuous.md").read_text("utf-8")
MINUTE_US = 60_000_000


def test_its_example_is_a_file_of_intervals(tmp_path: Path) -> None:
    example = re.search(r"( {4}start_us.*\n(?: {4}\d.*\n)+)", DOCS)
    assert example
    path = tmp_path / "a.labels.csv"
    path.write_text(example[1].replace("    ", ""), encoding="utf-8")
    found = intervals.read(path)
    assert [one.label for one in found] == ["circle", "punch", "walk"]
    assert intervals.encode(found) == path.read_bytes()
    reported = zip(["circle", "punch", "punch"], found, strict=True)
    events = [Reported(label, 0.9, one.start_us, one.end_us) for label, one in reported]
    judged = match(found, events, ["circle", "punch"])
    assert [bool(one.event) for one in judged.outcomes] == [True, True, False]
    assert [one.during for one in judged.surplus] == ["walk"]


def test_its_limits() -> None:
    assert f"up to {TOLERANCE_US / 1e6:g} s\n  after its end" in DOCS
    assert f"missing for more than {MAX_GAP_US // 1000} ms" in DOCS
    assert rate(0, 3.0).upper == pytest.approx(1.0, abs=0.01)
    assert f"by {STEP_US / 1e6:g} s, ↓ ↑ by {LEAP_US / 1e6:g} s" in DOCS


def test_its_script_can_be_performed() -> None:
    script = re.search(r'tinygesture perform "(.*)" --data', DOCS)
    assert script and parse_script(script[1])


def test_every_key_does_something() -> None:
    rows = re.findall(r"^\| (.+?) \| .+ \|$", DOCS.partition("a key names it")[2], re.MULTILINE)
    keys = [key for row in rows for key in re.findall(r"`(.)`", row)]
    assert {"1", "9", "n", "d", "b", "e", "i", ",", ".", "+", "-", "u", "q"} == set(keys)
    for key in keys:
        labels = [f"l{i}" for i in range(9)]
        marking = Marking.begin(MINUTE_US, labels, [Interval("l0", 0, MINUTE_US // 2)], [])
        marking.press(".")
        marking.press("i")
        before = (marking.marks, marking.view, marking.mode)
        marking.press(key)
        if key in "be":
            assert marking.mode in (Mode.BEGIN, Mode.END)
            marking.press(LEFT if key == "b" else UP)
        assert (marking.marks, marking.view, marking.mode) != before
