"""Bytes of a file -> its lines."""

import codecs
import re

from tinygesture.dataset.importing.notices import Findings, Refused

_LINE_END = re.compile("\r*\n|\r")
_CONTROL = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")
_UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def lines_of(data: bytes, found: Findings) -> list[str]:
    """The lines without their ends; the last one is "" where the file ends with a line end.

    Raises Refused for what is no text.
    """
    if not data.strip(b"\0 \t\r\n\x1a"):
        raise Refused(0, "the file is empty")
    text = _decode(data, found).rstrip("\x1a\0")
    if control := _CONTROL.search(text):
        line = len(_LINE_END.findall(text, 0, control.start())) + 1
        raise Refused(line, "this is no text: perhaps a spreadsheet or a program; export it as CSV")
    _say_line_ends(text, found)
    return _LINE_END.split(text) if "\r" in text else text.split("\n")


def _decode(data: bytes, found: Findings) -> str:
    encoding, start = _encoding(data, found)
    try:
        return data[start:].decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise Refused(0, f"the file says it is {encoding.upper()} and is not") from error
    line = data.count(b"\n", 0, error_start(data)) + 1
    found.repair(line, "read as cp1252 (Windows), because it is not UTF-8")
    return data[start:].decode("cp1252", errors="replace")


def error_start(data: bytes) -> int:
    """The first byte that is not UTF-8."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return error.start
    return len(data)


def _encoding(data: bytes, found: Findings) -> tuple[str, int]:
    """The encoding, and the length of the byte order mark."""
    if data.startswith(codecs.BOM_UTF8):
        found.repair(1, "a byte order mark (UTF-8) was passed over")
        return "utf-8", len(codecs.BOM_UTF8)
    for mark, encoding in _UTF_16.items():
        if data.startswith(mark):
            found.repair(1, "read as UTF-16")
            return encoding, len(mark)
    head = data[:1000]
    zeros = head[0::2].count(0), head[1::2].count(0)
    if max(zeros) > len(head) // 3 and min(zeros) == 0:
        found.repair(1, "read as UTF-16, though it has no byte order mark")
        return ("utf-16-be" if zeros[0] else "utf-16-le"), 0
    return "utf-8", 0


def _say_line_ends(text: str, found: Findings) -> None:
    windows = text.count("\r\n")
    unix = text.count("\n") - windows
    old = text.count("\r") - windows
    kinds = [name for name, count in (("CRLF", windows), ("LF", unix), ("CR", old)) if count]
    if len(kinds) > 1:
        found.repair(0, f"line ends are mixed ({', '.join(kinds)})")
    elif kinds and not unix:
        found.repair(0, f"line ends are {kinds[0]}")
