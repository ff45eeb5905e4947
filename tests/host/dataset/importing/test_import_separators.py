"""Where one recording ends and the next begins."""

import numpy as np
import pytest
from quirks import HEADER, gesture, gestures, lines, read, refusals, repairs, same, table

PLAIN = read(table(gestures(4)))[0]


@pytest.mark.parametrize(
    ("separator", "said"),
    [
        ("\n\n\n", ""),
        (",,,,,\n", "nothing but separators"),
        ('"","","","","",""\n', "nothing but separators"),
        (" \t \n", ""),
        ("# DONE\n", "a line that begins with # was read as a separator"),
        ("#DONE\n\n", "a line that begins with # was read as a separator"),
        (HEADER + "\n", "header is repeated"),
        (" ax , ay, az, gx, gy, gz\n", "header is repeated"),
        ("Recording done\n", "a line of text was read as a separator"),
        ("Gesture 7 of 10\n", "a line of text was read as a separator"),
    ],
)
def test_separators(separator: str, said: str) -> None:
    takes, found = read(table(gestures(4), separator))
    assert same(takes, PLAIN)
    assert said in repairs(found)
    assert not found.refused


@pytest.mark.parametrize("rows", [119, 140, 64, 50, 30, 26])
def test_blocks_without_separators(rows: int) -> None:
    takes, found = read(table(gestures(8, rows), ""))
    assert [len(take.t_us) for take in takes] == [rows] * 8
    assert f"2: nothing divides the recordings: taken as blocks of {rows} rows" in repairs(found)
    assert not any(take.continuous for take in takes)


@pytest.mark.parametrize("rows", [26, 30, 50, 64, 140, 77])
def test_recordings_of_other_lengths(rows: int) -> None:
    takes, found = read(table(gestures(5, rows)))
    assert [len(take.t_us) for take in takes] == [rows] * 5
    assert f"recordings have {rows} rows" in repairs(found)


def test_a_blank_line_after_every_row() -> None:
    blank = "\n\n".join([HEADER, *(line for g in gestures(4) for line in lines(g))]) + "\n"
    takes, found = read(blank)
    assert same(takes, PLAIN)
    assert "a blank line after every row" in repairs(found)
    assert "blocks of 119" in repairs(found)


def test_a_blank_line_after_every_row_and_more_between_recordings() -> None:
    blocks = ["\n\n".join(lines(g)) for g in gestures(4)]
    takes, found = read(HEADER + "\n\n" + "\n\n\n\n".join(blocks))
    assert same(takes, PLAIN)
    assert "a blank line after every row" in repairs(found)


def test_surplus_rows_at_the_end_of_blocks() -> None:
    takes, found = read(table([*gestures(4), gesture(9)[:7]], ""))
    assert same(takes, PLAIN)
    assert f"{2 + 4 * 119}: 7 rows at the end, too few for a recording: left out" in repairs(found)


def test_missing_rows_at_the_end_of_blocks() -> None:
    takes, found = read(table([*gestures(4), gesture(9)[:117]], ""))
    assert same(takes, PLAIN)
    assert "117 rows at the end, too few for a recording: left out" in repairs(found)


def test_missing_and_surplus_rows_between_separators() -> None:
    takes, found = read(table([*gestures(4), gesture(9)[:100], gesture(8)[:3]]))
    assert [len(take.t_us) for take in takes] == [119] * 4 + [100]
    assert "482: a recording has 100 rows, and the others 119" in repairs(found)
    assert "583: 3 rows, too few for a recording: left out" in repairs(found)


def test_a_long_file_becomes_one_continuous_recording() -> None:
    t = np.arange(1280)[:, None] / 119
    smooth = np.sin(t * np.array([1.1, 1.3, 1.7, 2.1, 2.3, 2.9])) * np.array([1.0] * 3 + [99] * 3)
    [take], found = read(table([smooth]))
    assert take.continuous
    assert [(i.label, i.start_us) for i in take.intervals] == [("punch", 0)]
    assert take.intervals[0].end_us == take.t_us[-1] + 1
    assert "--rows N" in repairs(found)
    blocks, _ = read(table([smooth]), rows=64)
    assert [len(block.t_us) for block in blocks] == [64] * 20


@pytest.mark.parametrize("rows", [12, 88, 119, 200, 400])
def test_one_recording(rows: int) -> None:
    [take], found = read(table([gesture(1, rows)]))
    assert len(take.t_us) == rows
    assert not take.continuous
    assert repairs(found) == refusals(found) == ""


def test_a_separator_that_was_forgotten() -> None:
    blocks = ["\n".join(lines(g)) for g in gestures(5)]
    text = "\n".join([HEADER, blocks[0], "", *blocks[1:4], HEADER, blocks[4]])
    takes, found = read(text)
    assert same(takes, read(table(gestures(5)))[0])
    assert "122: nothing divides the recordings: taken as blocks of 119 rows" in repairs(found)
