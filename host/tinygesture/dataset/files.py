"""Writing files so that a reader finds all of one or none of it."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tinygesture.errors import UserError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


@contextmanager
def clear_errors(path: Path, doing: str) -> Iterator[None]:
    """Turn an OSError while `doing` ("write", "read", ...) something to `path` into a UserError."""
    try:
        yield
    except OSError as error:
        raise UserError(f"Could not {doing} {path}: {_reason(error)}") from error


def _reason(error: OSError) -> str:
    if error.errno in _FULL:
        return "the disk is full. Free some space and try again; nothing was left half-written."
    if error.errno in _FORBIDDEN:
        return "permission denied. Check who owns the folder, or name another one."
    if isinstance(error, FileNotFoundError):
        return "it does not exist. Check the name."
    if isinstance(error, NotADirectoryError | FileExistsError):
        return "a file stands where a folder should be. Name another folder."
    return f"{error.strerror or error}. Check the disk and the name, and try again."


def write_atomically(path: Path, data: bytes) -> None:
    """Write `data` to `path` in one step: after a crash there is the old file or the new one.

    Raises UserError where it cannot, and leaves nothing behind then.
    """
    temporary = path.with_name(f".{path.name}.tmp")
    with clear_errors(path, "write"):
        try:
            with temporary.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)


def append_line(path: Path, line: bytes) -> None:
    """Append one line (which ends in a newline) and wait until it is on the disk.

    A torn line, left behind by a crash, is cut off first. Raises UserError where it cannot, and
    takes back what was written then.
    """
    with clear_errors(path, "write"), path.open("r+b") as file, _alone(file.fileno()):
        end = _end_of_last_line(file.fileno())
        try:
            file.truncate(end)
            file.seek(end)
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            os.ftruncate(file.fileno(), end)
            raise


@contextmanager
def _alone(descriptor: int) -> Iterator[None]:
    """Hold off other writers of the same file (where the system has such locks: not Windows)."""
    if os.name != "posix":
        yield
        return
    import fcntl

    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


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


def _sync_folder(folder: Path) -> None:
    """Make a rename last through a power cut (Windows does so by itself)."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
