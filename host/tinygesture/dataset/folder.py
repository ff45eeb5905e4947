"""What makes a folder a data set, besides its recordings: its description, its lock, for git."""

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from filelock import FileLock, Timeout

from tinygesture.dataset import index
from tinygesture.dataset.files import clear_errors, write_atomically
from tinygesture.errors import UserError, typed

FORMAT = 1
DESCRIPTION = "dataset.json"
TRASH = "trash"  # a data set of its own, with what was removed
UNFINISHED = ".unfinished"  # journals of the recordings under way
SYNTHETIC = "Synthetic"  # how `about` begins where nobody moved for any of the recordings
LOCK = ".lock"
LOCK_TIMEOUT_S = 10.0
# For git: two people's new lines of the index are both kept; line ends stay as they are.
_SIDE_FILES = {
    ".gitattributes": f"*.csv text eol=lf\n{index.NAME} merge=union\n",
    ".gitignore": f"{LOCK}\n.*.tmp\n{UNFINISHED}/\n",
}


class AlreadyThere(UserError):
    """Where a data set should be made, there is one."""


class Description(NamedTuple):
    """What dataset.json says: a random id, and perhaps a sentence about the data set."""

    id: str
    about: str = ""


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold off other writers of the data set in this folder; may be nested. Raises UserError."""
    if not path.is_dir():
        raise UserError(f"The folder {path} is gone. Was it moved, renamed or deleted?")
    lock = FileLock(path / LOCK, is_singleton=True)
    with clear_errors(path, "write"):
        try:
            lock.acquire(timeout=LOCK_TIMEOUT_S)
        except Timeout:
            raise UserError(
                f"Another program has been writing to {path} for {LOCK_TIMEOUT_S:g} s. Wait until "
                "it is done, and repeat the command."
            ) from None
    try:
        yield
    finally:
        lock.release()


def create(path: Path, id: str | None, about: str) -> Description:
    """Make a new or empty folder a data set without recordings. Raises UserError."""
    with clear_errors(path, "make the folder"):
        path.mkdir(parents=True, exist_ok=True)
    _check_empty(path)  # before anything is put into somebody's folder, the lock included
    description = Description(id or new_id(), about)
    with alone(path):
        _check_empty(path)
        for name, text in _SIDE_FILES.items():
            if not (path / name).exists():
                write_atomically(path / name, text.encode())
        if not (path / index.NAME).exists():
            write_atomically(path / index.NAME, index.HEADER)
        write_description(path, description)
    return description


def _check_empty(path: Path) -> None:
    strangers = [p.name for p in sorted(path.iterdir()) if not p.name.startswith(".")]
    if DESCRIPTION in strangers:
        raise AlreadyThere(f"{path} is a data set already.")
    if strangers and (strangers != [index.NAME] or any(index.read(path / index.NAME))):
        sentence = (
            f"{path} cannot become a data set: there is something in it already "
            f"({strangers[0]}). Name a new or empty folder."
        )
        if index.NAME in strangers:
            sentence += (
                f" `tinygesture data repair --data {typed(path)}` mends one that lost "
                f"{DESCRIPTION}."
            )
        raise UserError(sentence)


def new_id() -> str:
    return secrets.token_hex(8)


def write_description(path: Path, description: Description) -> None:
    values = {"format": FORMAT, "id": description.id}
    if description.about:
        values["about"] = description.about
    write_atomically(path / DESCRIPTION, (json.dumps(values) + "\n").encode())


def read_description(path: Path) -> Description:
    """What a data set's folder says of itself. Raises UserError where there is no data set."""
    if not path.is_dir():
        raise UserError(
            f"There is no folder {path}. Check the name, or record gestures into it with `capture`."
        )
    file = path / DESCRIPTION
    if not file.exists():
        raise UserError(
            f"{path} is not a data set: it has no {DESCRIPTION}. Name the folder that `capture` "
            "wrote to; if this is one that lost the file, run "
            f"`tinygesture data repair --data {typed(path)}`."
        )
    with clear_errors(file, "read"):
        data = file.read_bytes()
    description = parse_description(data)
    if description is None:
        raise UserError(
            f"{file} is damaged. Restore it, or run `tinygesture data repair --data {typed(path)}`."
        )
    if description["format"] != FORMAT:
        raise UserError(
            f"{file} says format {description['format']}, and this version of tinygesture reads "
            f"format {FORMAT}. Update tinygesture."
        )
    return Description(description["id"], str(description.get("about", "")))


def parse_description(data: bytes) -> dict[str, Any] | None:
    """What dataset.json holds, `format` and `id` at least; None where it is damaged."""
    with suppress(ValueError, RecursionError):
        values = json.loads(data)
        if isinstance(values, dict) and isinstance(values.get("format"), int):
            return values if isinstance(values.get("id"), str) else None
    return None


def recordings_in(path: Path) -> set[str]:
    """Every file of a recording in a data set's folder, as the index names them."""
    found: set[str] = set()
    for folder in folders_of(path):
        prefix = folder.relative_to(path).as_posix()
        with os.scandir(folder) as files:
            found |= {
                f"{prefix}/{file.name}"
                for file in files
                if index.is_recording(file.name) and file.is_file(follow_symlinks=False)
            }
    return found


def folders_of(path: Path) -> list[Path]:
    """The folders of a data set that may hold recordings, as far as they exist."""
    recordings = path / index.RECORDINGS
    labels = sorted(recordings.iterdir()) if recordings.is_dir() else []
    folders = (path / index.CONTINUOUS, recordings, *labels)
    return [folder for folder in folders if folder.is_dir() and not folder.is_symlink()]
