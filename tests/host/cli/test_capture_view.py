"""What capture draws fits the terminal, and says everything on one of 80 by 24."""

import io

import numpy as np
import pytest
from rich.console import Console

from tinygesture.cli.capturing.moment import Moment, Phase
from tinygesture.cli.capturing.sitting import QUESTION, WHILE_RECORDING
from tinygesture.cli.capturing.view import LiveView
from tinygesture.cli.capturing.words import Progress, Review

COUNTS = np.full((180, 6), 20_000, np.int16)
PROGRESS = [Progress(f"gesture{n} {n}/10", n == 3, n == 10) for n in range(12)]


def drawn(size, moment=None, review=None):
    console = Console(file=io.StringIO(), width=size[0], height=size[1], force_terminal=False)
    view = LiveView(console, "anna, 2026-01-31, nano33ble", WHILE_RECORDING)
    view.announce("gesture3 3 of 10", PROGRESS)
    view.show(moment)
    view.ask(review)
    console.print(view.picture())
    return console.file.getvalue().splitlines()


def moment(phase, length_s=1.5, **changes):
    values = {"rate_hz": 119.0, "lost": 0, "damaged": 0, "clips": False} | changes
    return Moment(phase, 0.5, length_s, np.arange(180) * 8400, COUNTS, **values)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (50, 12), (40, 12), (200, 60), (24, 8)])
@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("length_s", [0.0, 1.5])
def test_the_live_view_fits(size, phase, length_s):
    lines = drawn(size, moment(phase, length_s))
    assert max(map(len, lines)) <= size[0]
    assert len(lines) <= max(size[1] - 5, 8)
    assert WHILE_RECORDING in "\n".join(lines)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
def test_a_question_fits(size):
    faults = ["3 samples lost", "aX stood still: the sensor probably hangs", "80.0 Hz only"]
    lines = drawn(size, review=Review("circle 3 of 10", COUNTS, "▁▂ 1.5 s", faults, QUESTION))
    assert max(map(len, lines)) <= size[0]
    assert len(lines) < size[1]
    text = "\n".join(lines)
    for words in ("circle 3 of 10", "▁▂ 1.5 s", *faults, QUESTION, "gesture3 3/10"):
        assert words in text


def test_everything_is_said():
    lines = drawn((80, 24), moment(Phase.GO, lost=7, damaged=2, clips=True))
    text = "\n".join(lines)
    for words in ("gesture3 3 of 10", "GO", "1.0 s", "119.0 Hz", "7 lost", "2 damaged", "CLIPS"):
        assert words in text
    for words in ("aX aY aZ", "gX gY gZ", WHILE_RECORDING):
        assert words in text
    assert "CLIPS" not in "\n".join(drawn((80, 24), moment(Phase.GO)))


def test_a_small_terminal_cuts_the_charts_rather_than_the_question():
    faults = ["3 samples lost", "aX stood still: the sensor probably hangs"]
    lines = drawn((40, 12), review=Review("circle 3 of 10", COUNTS, "▁▂ 1.5 s", faults, QUESTION))
    assert "q keep and quit" in " ".join(" ".join(lines[:11]).split())


def test_a_terminal_that_becomes_narrower_is_cleared():
    terminal = io.StringIO()
    console = Console(
        file=terminal, width=80, height=24, force_terminal=True, _environ={"TERM": "xterm"}
    )
    with LiveView(console, "anna, 2026-01-31, nano33ble", WHILE_RECORDING) as view:
        for width, cleared in ((80, 0), (100, 0), (60, 1), (60, 1)):
            console.width = width
            view.show(moment(Phase.GO))
            view.ask(None)
            assert terminal.getvalue().count("\x1b[2J") == cleared
