"""What `show` draws keeps to its width, and to what is known."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from tinygesture.cli.chart import charts
from tinygesture.cli.show_view import listing, overview, recording
from tinygesture.dataset import Interval, Meta, Recording


def screen(width=80, height=24):
    return Console(file=io.StringIO(), width=width, height=height, highlight=False)


def drawn(console, *what):
    console.print(*what)
    return console.file.getvalue().splitlines()


def facts(**others):
    return {
        "name": "circle/3", "id": "0123456789ab", "file": "recordings/circle/0003-0123456789ab.csv",
        "label": "circle", "subject": "anna", "session": "2", "board": "nano33ble", "imu": "bmi270",
        "firmware": "0.1.0", "recorded": "2026-01-31 10:00:00 UTC", "synthetic": False,
        "marks": ["drops"], "faults": ["9 samples lost"], "samples": 180, "duration_s": 1.5,
        "rate_hz": 119.0, "jitter_us": 12.0, "drops": 9, "crc_errors": 0, "clipped": 0,
        "accel_g": 0.9, "gyro_dps": 150.0,
    } | others  # fmt: skip


def some(count=180):
    rng = np.random.default_rng(1)
    counts = rng.integers(-32768, 32767, (count, 6)).astype(np.int16)
    of = {k: v for k, v in facts().items() if k in Meta.__annotations__}
    meta = Meta(**of, recorded_at="2026-01-31T10:00:00Z")
    return Recording(np.arange(count, dtype=np.int64) * 8400, counts, meta)


@pytest.mark.parametrize("size", [(40, 24), (80, 24), (200, 50)])
@pytest.mark.parametrize("count", [1, 2, 180, 60_000])
def test_a_recording_fits(size, count):
    console = screen(*size)
    intervals = [Interval("circle", 0, 9000), Interval("a-rather-long-name", 9000, 400_000)]
    lines = drawn(console, recording(console, facts(), some(count), intervals))
    assert max(map(len, lines)) <= size[0]
    assert any("circle/3" in line for line in lines)
    assert any("! 9 samples lost." in line for line in lines)
    if size[0] >= 80:
        assert len(lines) < size[1] + (count > 1) * 3
        assert any("by anna, session 2, 2026-01-31 10:00:00 UTC" in line for line in lines)


@given(st.integers(20, 200), st.integers(6, 40), st.integers(1, 900))
def test_charts_keep_to_their_size(columns, rows, count):
    seconds = np.arange(count) / 100
    units = np.sin(seconds * 20)[:, None] * np.array([1, 2, 3, 10, 200, 1999.0])
    lines = drawn(screen(columns + 40, 60), charts(seconds, units, (columns, rows)))
    assert max(map(len, lines)) <= max(columns + 2, 24)
    assert len(lines) <= max(rows, 12) + 2


def test_a_peak_of_one_sample_in_an_hour_is_drawn():
    seconds = np.arange(360_000) / 100
    units = np.zeros((360_000, 6))
    units[123_456, 0] = 3.9
    top = drawn(screen(), charts(seconds, units, (80, 12)))[1]
    assert top.startswith("    4 ")
    assert any("⠁" <= character <= "⣿" for character in top[:40])


def test_an_interval_is_drawn_where_it_is():
    seconds = np.arange(1000) / 100
    intervals = [Interval("wave", 5_000_000, 10_000_000)]
    lines = drawn(screen(), charts(seconds, np.zeros((1000, 6)), (80, 12), intervals))
    bar = lines[-1]
    assert bar.count("wave") == 2 and bar.index("├") == pytest.approx(6 + 33 / 2, abs=1)


@pytest.mark.parametrize("width", [80, 200])
def test_lists_fit(width):
    console = screen(width)
    found = [(facts(), some()), (facts(name="circle/12", marks=[]), some(1))]
    labels = [
        {
            "label": "circle", "recordings": 12, "subjects": 3, "sessions": 6, "seconds": 18.0,
            "marks": {"drops": 2, "clipped": 1}, "motion": np.linspace(0, 1, 96),
        }
    ]  # fmt: skip
    lines = drawn(console, listing(console, found)) + drawn(console, overview(console, labels))
    assert max(map(len, lines)) <= width
    assert any("2 drops, 1 clipped" in line for line in lines)
    assert not any("…" in line for line in lines)


def test_what_controls_a_terminal_is_left_out():
    console = screen()
    hostile = facts(board="\x1b]0;owned\x07\x9b31m", firmware="\u202e")
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(
        "".join(drawn(console, recording(console, hostile, some(), [])))
    )
