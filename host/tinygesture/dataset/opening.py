"""Reading the index of a data set, and seeing whether its files agree with it."""

import logging
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from tinygesture.dataset import folder, index
from tinygesture.dataset.files import clear_errors, draft_of
from tinygesture.dataset.index import Entry
from tinygesture.errors import UserError, typed

_log = logging.getLogger(__name__)


def settled_entries(path: Path) -> list[Entry]:
    """The entries of a data set; recordings in the middle of being saved are waited for.

    Raises UserError where the index is damaged; where files and index disagree otherwise, a
    warning is logged.
    """
    found = whole_index(path)
    if found.torn or {entry.file for entry in found.entries} != folder.recordings_in(path):
        with suppress(UserError), folder.alone(path):  # no other program is in the middle of it
            found = whole_index(path)
            _finish(path, found.entries)
        _warn(path, found)
    return found.entries


def whole_index(path: Path) -> index.Index:
    """The index of a data set, of which at most the last line is damaged. Raises UserError."""
    found = index.read(path / index.NAME)
    if found.damaged:
        number, _, reason = found.damaged[0]
        raise UserError(
            f"{path / index.NAME}, line {number}, is damaged ({reason}). Correct the line, or run "
            f"`tinygesture data repair --data {typed(path)}`."
        )
    return found


def _finish(path: Path, entries: Iterable[Entry]) -> None:
    """Give the drafts their names that a crash left behind after they were in the index."""
    with clear_errors(path, "write"):
        for file in (path / entry.file for entry in entries):
            if not file.exists() and draft_of(file).exists():
                draft_of(file).replace(file)


def _warn(path: Path, found: index.Index) -> None:
    """Say how index and files disagree."""
    named, there = {entry.file for entry in found.entries}, folder.recordings_in(path)
    problems = {
        "lines without a file": len(named - there),
        "files without a line": len(there - named),
        "lines cut off": len(found.torn[:1]),
    }
    counts = ", ".join(f"{what}: {count}" for what, count in problems.items() if count)
    if counts:
        _log.warning(
            f"The index of {path} and its files disagree ({counts}). "
            f"`tinygesture data repair --data {typed(path)}` mends it."
        )
