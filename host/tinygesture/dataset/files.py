"""Writing files so that a reader finds all of one or none of it."""

import errno
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from time import time

from tinygesture.errors import UserError

FORSAKEN_S = 3600.0  # nobody writes on a draft for so long
SWAP_S = 5.0  # nor is a folder without its name for so long
MANY = 20  # files from which one sync of everything is faster than one for each
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM}


@contextmanager
def clear_errors(path: Path, doing: str) -> Iterator[None]:
    """Turn an OSError while `doing` ("write", "read", ...) something to `path` into a UserError."""
    try:
        yield
    except OSError as error:
        raise UserError(f"Could not {doing} {path}: {_reason(error, path)}") from error


def _reason(error: OSError, path: Path) -> str:
    if error.errno in _FULL:
        return "the disk is full. Free some space and try again; nothing was left half-written."
    if error.errno in _FORBIDDEN:
        return "permission denied. Check who owns the folder, or name another one."
    if error.errno == errno.EROFS:
        return "the disk can only be read. Name a folder on another one."
    if isinstance(error, FileNotFoundError):
        missing = "it" if path.parent.is_dir() else f"the folder {path.parent}"
        return f"{missing} does not exist. Check the name."
    if isinstance(error, NotADirectoryError | FileExistsError):
        return "a file stands where a folder should be. Name another folder."
    return f"{error.strerror or error}. Check the disk and the name, and try again."


def draft_of(path: Path) -> Path:
    """Where a file is written before it gets its name."""
    return path.with_name(f".{path.name}.tmp")


def write_atomically(path: Path, data: bytes) -> None:
    """Write `data` to `path` in one step: after a crash there is the old file or the new one.

    Raises UserError where it cannot, and leaves nothing behind then.
    """
    draft = draft_of(path)
    with clear_errors(path, "write"):
        _refuse_device(path)
        try:
            draft.write_bytes(data)
            sync_files([draft])
            draft.replace(path)
        except BaseException:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)


def _refuse_device(path: Path) -> None:
    if path.exists() and not (path.is_file() or path.is_dir()):  # root may replace even those
        raise UserError(f"Could not write {path}: it is a device or a pipe. Name a file.")


def expect_writable(path: Path) -> None:
    """Raise, before long work, what of `write_atomically` can be known then."""
    with clear_errors(path, "write"):
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "it is a folder")
        _refuse_device(path)
        with os.scandir(path.parent):
            pass
        if not os.access(path.parent, os.W_OK):
            raise PermissionError(errno.EACCES, "")


def replace_folder(path: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder of files whole or not at all; a folder that is there is replaced.

    Raises UserError where it cannot, and leaves nothing behind then.
    """
    path = path.resolve()  # so that it has a name
    fresh, old = (path.with_name(f".{path.name}.{os.getpid()}.{kind}") for kind in ("new", "old"))
    with clear_errors(path, "write"):
        mend_folder(path)
        try:
            fresh.mkdir(parents=True)
            for name, content in files.items():
                (fresh / name).write_bytes(content)
            sync_files([fresh / name for name in files])
            sync_folder(fresh)
            if path.exists():
                path.rename(old)
            fresh.rename(path)
            sync_folder(path.parent)
        finally:
            mend_folder(path)


def mend_folder(path: Path) -> None:
    """Undo what this process, or one that was killed, left of a `replace_folder`: where the folder
    is missing the newest old one gets its name back, and drafts go."""
    own, left = f".{path.name}.{os.getpid()}.", f".{escape(path.name)}.*."
    if not path.exists():
        for old in sorted(path.parent.glob(f"{left}old"), key=_age_s):
            if _age_s(old) > SWAP_S or old.name.startswith(own):
                old.rename(path)
                break
    for draft in [*path.parent.glob(f"{left}new"), *path.parent.glob(f"{left}old")]:
        if _age_s(draft) > FORSAKEN_S or draft.name.startswith(own):
            shutil.rmtree(draft, ignore_errors=True)


def _age_s(path: Path) -> float:
    """How long it has had its name."""
    with suppress(OSError):  # another process was quicker
        return time() - path.stat().st_ctime
    return 0.0


@contextmanager
def appended(path: Path, lines: bytes) -> Iterator[None]:
    """Append whole lines, and take them back where the block fails; they are on the disk inside it.

    A torn line, left behind by a crash, is cut off first. Raises UserError where it cannot.
    """
    with clear_errors(path, "write"), path.open("r+b") as file:
        end = _end_of_last_line(file.fileno())
        try:
            file.truncate(end)
            file.seek(end)
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())
            yield
        except BaseException:
            os.ftruncate(file.fileno(), end)
            raise


def _end_of_last_line(descriptor: int) -> int:
    end = os.lseek(descriptor, 0, os.SEEK_END)
    while end > 0:
        start = max(end - 4096, 0)
        os.lseek(descriptor, start, os.SEEK_SET)
        newline = os.read(descriptor, end - start).rfind(b"\n")
        if newline >= 0:
            return start + newline + 1
        end = start
    return 0


def sync_files(paths: list[Path]) -> None:
    """Wait until what was written to these files is on the disk."""
    if len(paths) >= MANY and hasattr(os, "sync"):
        os.sync()
        return
    for path in paths:
        with path.open("r+b") as file:
            os.fsync(file.fileno())


def sync_folder(*folders: Path) -> None:
    """Make renames in these folders last through a power cut, where the file system can.

    Windows does so by itself. The renames are done already, so that there is nothing to take back.
    """
    if os.name != "posix":
        return
    for folder in folders:
        with suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def remove_all(paths: Iterable[Path]) -> None:
    """Remove what is there of these files, without a complaint."""
    for path in paths:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def remove_empty(files: Iterable[Path]) -> None:
    """Remove the folders of these files that are empty now."""
    for parent in {file.parent for file in files}:
        with suppress(OSError):
            parent.rmdir()
