"""Curves, sparklines and screens keep to their sizes."""

import io
from types import SimpleNamespace

import numpy as np
import pytest
from rich.console import Console

from tinygesture.cli.monitor import Gesture, Monitor
from tinygesture.cli.plot import curves, signals
from tinygesture.cli.sparkline import sparkline
from tinygesture.cli.watch_view import WatchView
from tinygesture.link import messages as m


def test_a_rising_line_goes_from_corner_to_corner():
    values = np.stack([np.linspace(-1, 1, 50), np.zeros(50), np.zeros(50)], axis=1)
    lines = curves(values, (10, 4), 1.0).plain.split("\n")
    assert [len(line) for line in lines] == [10] * 4
    assert lines[0][-1] != "⠀" and lines[3][0] != "⠀"
    assert lines[0][0] == "⠀" and lines[3][-1] == "⠀"


@pytest.mark.parametrize("count", [0, 1, 2, 500])
@pytest.mark.parametrize("filled", [0.0, 0.001, 0.5, 1.0])
def test_signals_of_any_length(count, filled):
    counts = np.full((count, 6), -32768, np.int16)
    console = Console(file=io.StringIO(), width=80)
    console.print(signals(counts, (80, 9), filled))
    lines = console.file.getvalue().splitlines()
    assert len(lines) == 9
    assert max(map(len, lines)) <= 80


def test_a_sparkline_shows_where_the_motion_is():
    counts = np.zeros((178, 6), np.int16)
    counts[80:100, 0] = 8192
    line = sparkline(counts)
    assert len(line) == 24
    assert line[0] == line[-1] == "▁"
    assert "█" in line[9:15]
    assert sparkline(np.zeros((178, 6), np.int16)) == "▁" * 24
    assert len(sparkline(counts[:5])) == 5


@pytest.mark.parametrize("labels", [0, 2, 16])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("notice", ["", "The link to the board broke off. " * 5])
def test_watch_fits_the_terminal(labels, size, notice):
    names = tuple(f"gesture-number-{i}" for i in range(labels))
    info = m.Info(
        1, 0, "0.1.0", "cm4", "virtual lsm9ds1", 119.0, 4, 2000, 10_000, "compiled",
        "01" * 8 if labels else "", "a-rather-long-model-name", "gru", 4, 4, names,
    )  # fmt: skip
    monitor = Monitor(info)
    monitor.notice = notice
    monitor.take(m.Samples(0, np.arange(8) * 8000, np.ones((8, 6), np.int16)))
    if labels:
        monitor.probabilities = np.full(labels, 1.0)
        monitor.gestures.extend(Gesture(names[0], 0.9, i, i + 1) for i in range(50))

    board = SimpleNamespace(port="/dev/ttyACM0", session=SimpleNamespace(crc_errors=0))
    console = Console(file=io.StringIO(), width=size[0], height=size[1], force_terminal=False)
    console.print(WatchView(board, monitor, "q ends"))
    lines = console.file.getvalue().splitlines()
    assert len(lines) <= size[1]
    assert max(map(len, lines)) <= size[0]
    shown = "\n".join(lines)
    assert shown.count("broke off") == notice.count("broke off")
    for name in names:
        assert name in shown
    assert ("has no model" in shown) == (labels == 0)
