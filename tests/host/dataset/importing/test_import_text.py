"""Encodings and line ends."""

import codecs

import pytest
from quirks import gestures, read, refusals, repairs, same, table

PLAIN = table(gestures(3))


def test_a_plain_file_needs_no_repair() -> None:
    takes, found = read(PLAIN)
    assert [take.label for take in takes] == ["punch"] * 3
    assert [len(take.t_us) for take in takes] == [119] * 3
    assert [take.line for take in takes] == [2, 122, 242]
    assert found.summary == "labelled punch, 119 rows each, divided by separators, 119 Hz assumed"
    assert repairs(found) == refusals(found) == ""


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (codecs.BOM_UTF8 + PLAIN.encode(), "byte order mark"),
        (codecs.BOM_UTF16_LE + PLAIN.encode("utf-16-le"), "UTF-16"),
        (codecs.BOM_UTF16_BE + PLAIN.encode("utf-16-be"), "UTF-16"),
        (PLAIN.encode("utf-16-le"), "UTF-16, though"),
        (("# Übung\n" + PLAIN).encode("cp1252"), "cp1252"),
        (PLAIN.replace("\n", "\r\n").encode(), "line ends are CRLF"),
        (PLAIN.replace("\n", "\r").encode(), "line ends are CR"),
        (PLAIN.replace("\n", "\r\n", 99).encode(), "mixed (CRLF, LF)"),
        (PLAIN.replace("\n", "\r\r\n").encode(), "mixed"),
        (PLAIN.encode() + b"\x1a", ""),
    ],
)
def test_encodings_and_line_ends(data: bytes, said: str) -> None:
    takes, found = read(data)
    assert same(takes, read(PLAIN)[0])
    assert said in repairs(found)
    assert not found.refused


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"\r\n \n", "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), "no text"),
        (b"\0" * 5000, "empty"),
        (b"hello\nworld\n", "no row of numbers"),
        (b"aX,aY,aZ,gX,gY,gZ\n", "no row of"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8a", "UTF-16"),
    ],
)
def test_what_is_no_table_is_refused(data: bytes, said: str) -> None:
    takes, found = read(data)
    assert takes == []
    assert said in refusals(found)


def test_lines_before_the_table() -> None:
    takes, found = read("Accelerometer sample rate = 119.00 Hz\n\nMove!\n" + PLAIN)
    assert same(takes, read(PLAIN)[0])
    assert "1: a line before the table was passed over (2 times)" in repairs(found)
