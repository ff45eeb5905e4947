"""Files, folders and zips -> the files of recordings in them, and data sets of our own."""

import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from tinygesture.dataset import index, intervals
from tinygesture.dataset.folder import DESCRIPTION
from tinygesture.dataset.importing.edge_impulse import LABELS, Said, read_labels
from tinygesture.dataset.importing.notices import Refused, Report
from tinygesture.dataset.importing.takes import iso_time

TABLES = {".csv", ".tsv"}
OTHERS = {".json", ".cbor"}
ZIP = ".zip"
MAX_FILE_BYTES = 256 << 20
MAX_ZIP_BYTES = 1 << 30
MAX_ZIP_FILES = 200_000
_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)


@dataclass(frozen=True)
class File:
    """name: as people are told; modified: ISO 8601; said: what a .labels file says of it.

    marked: the file beside it that has the intervals of a recording of our own.
    """

    name: str
    read: Callable[[], bytes]
    modified: str
    said: Said | None = None
    marked: Path | None = None


@dataclass(frozen=True)
class OwnData:
    """A data set of our own; files: which of its recordings are wanted, None for all."""

    name: str
    path: Path
    files: frozenset[str] | None = None


def gather(paths: Iterable[Path], stack: ExitStack, report: Report) -> list[File | OwnData]:
    """What there is to import; stack: keeps zips open and unpacked as long as it is needed."""
    found: list[File | OwnData] = []
    for path in paths:
        try:
            found += _gather(path, stack, report)
        except Refused as refusal:
            report.of(str(path)).refuse(refusal.line, refusal.reason)
        except OSError as error:
            report.of(str(path)).refuse(0, f"it cannot be read: {error.strerror or error}")
    return _together(found)


def _together(found: Iterable[File | OwnData]) -> list[File | OwnData]:
    """Files of one data set become one source, and a file with its intervals one file."""
    others: list[File | OwnData] = []
    parts: dict[Path, OwnData] = {}
    marked: set[Path] = set()
    for one in found:
        if isinstance(one, OwnData) and one.files:
            before = parts.get(one.path, one).files or frozenset()
            parts[one.path] = replace(one, files=one.files | before)
        elif not (isinstance(one, File) and one.marked in marked):
            marked |= {one.marked} if isinstance(one, File) and one.marked else set()
            others.append(one)
    return [*others, *parts.values()]


def _gather(path: Path, stack: ExitStack, report: Report) -> list[File | OwnData]:
    if not path.is_dir():
        if path.suffix.lower() == ZIP or _is_zip(path):
            return _in_zip(path, stack, report)
        return [_file(path)]
    if (path / DESCRIPTION).is_file():
        return [OwnData(str(path), path)]
    found: list[File | OwnData] = []
    labels: dict[str, Said] = {}
    for child in sorted(path.iterdir()):
        suffix = child.suffix.lower()
        if child.name.startswith("."):
            continue
        if (child.is_dir() and not child.is_symlink()) or suffix == ZIP:
            found += gather([child], stack, report)
        elif suffix in TABLES | OTHERS:
            found.append(_file(child))
        elif suffix == LABELS:
            labels |= _labels(str(child), partial(_read, child), report)
    return [*_labelled(found, labels, str(path))]


def _file(path: Path) -> File | OwnData:
    if own := _in_data_set(path.resolve()):
        return own
    if path.name.endswith(intervals.SUFFIX):
        path = _recording_of(path) if _recording_of(path).is_file() else path
    modified = iso_time(path.stat().st_mtime)
    marked = intervals.path_of(path)
    return File(
        str(path), partial(_read, path), modified, marked=marked if marked.is_file() else None
    )


def _recording_of(path: Path) -> Path:
    """The file of a recording, by its own or by that of its intervals."""
    return path.with_name(path.name.removesuffix(intervals.SUFFIX).removesuffix(".csv") + ".csv")


def _in_data_set(path: Path) -> OwnData | None:
    """The data set in which a file lies as a recording, or as a recording's intervals."""
    for root in path.parents[1:3]:
        file = _recording_of(path).relative_to(root)
        places = {(index.CONTINUOUS,), (index.RECORDINGS, path.parent.name)}
        if file.parent.parts in places and (root / DESCRIPTION).is_file():
            return OwnData(str(root), root, frozenset({file.as_posix()}))
    return None


def _read(path: Path) -> bytes:
    """Raises Refused for what is too large, or no file at all."""
    about = path.stat()
    if not stat.S_ISREG(about.st_mode):
        raise Refused(0, "this is no file")
    _check_size(about.st_size)
    return path.read_bytes()


def _check_size(size: int) -> None:
    if size > MAX_FILE_BYTES:
        raise Refused(0, f"{size >> 20} MB in one file are too much: divide it")


def _is_zip(path: Path) -> bool:
    return path.is_file() and zipfile.is_zipfile(path) and path.suffix.lower() not in TABLES


def _labels(name: str, read: Callable[[], bytes], report: Report) -> dict[str, Said]:
    """What a .labels file says, by the path of each file from the folder of the .labels file."""
    try:
        return read_labels(read())
    except Refused as refusal:
        report.of(name).refuse(refusal.line, refusal.reason)
        return {}


def _labelled(
    found: Iterable[File | OwnData], labels: Mapping[str, Said], folder: str
) -> Iterator[File | OwnData]:
    """Give files what a .labels file in their folder, or in one above, says of them."""
    for one in found:
        if isinstance(one, File) and one.said is None:
            path = one.name.removeprefix(folder).replace("\\", "/").lstrip("/")
            yield replace(one, said=labels.get(path))
        else:
            yield one


def _in_zip(path: Path, stack: ExitStack, report: Report) -> list[File | OwnData]:
    try:
        archive = stack.enter_context(zipfile.ZipFile(path))
    except _ZIP_ERRORS as error:
        raise Refused(0, "this zip is damaged") from error
    members = {info.filename: info for info in archive.infolist() if not info.is_dir()}
    size = sum(info.file_size for info in members.values())
    if size > MAX_ZIP_BYTES or len(members) > MAX_ZIP_FILES:
        raise Refused(0, f"it unpacks to {len(members):,} files of {size >> 20:,} MB: too much")
    for name in [name for name in members if not _is_inside(name)]:
        report.of(f"{path}/{name}").refuse(0, "its name leads out of the zip")
        del members[name]
    roots = [PurePosixPath(n).parent for n in members if PurePosixPath(n).name == DESCRIPTION]
    folders = [_unpacked(path, archive, root, members.values(), stack) for root in roots]
    found: list[File | OwnData] = []
    labels: dict[str, Said] = {}
    for name, info in members.items():
        inner = PurePosixPath(name)
        if any(part.startswith((".", "__MACOSX")) for part in inner.parts):
            continue
        if any(root in inner.parents for root in roots):
            continue
        suffix, read = inner.suffix.lower(), partial(_read_member, archive, info)
        if suffix in TABLES | OTHERS:
            modified = datetime(*info.date_time, tzinfo=UTC).timestamp() if _has_date(info) else 0
            found.append(File(f"{path}/{name}", read, iso_time(modified)))
        elif suffix == ZIP:
            report.of(f"{path}/{name}").refuse(0, "a zip within a zip: unpack the outer one first")
        elif suffix == LABELS:
            said = _labels(f"{path}/{name}", read, report)
            labels |= {str(inner.parent / file): one for file, one in said.items()}
    return [*folders, *_labelled(found, labels, str(path))]


def _has_date(info: zipfile.ZipInfo) -> bool:
    try:
        datetime(*info.date_time)
    except ValueError:
        return False
    return True


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not (path.is_absolute() or ".." in path.parts or set(name) & set("\\:\0"))


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Raises Refused for what is damaged, locked or too large."""
    _check_size(info.file_size)
    try:
        return archive.read(info)
    except RuntimeError as error:
        raise Refused(0, "it is locked by a password: unpack the zip first") from error
    except _ZIP_ERRORS as error:
        raise Refused(0, "the zip is damaged here") from error


def _unpacked(
    path: Path,
    archive: zipfile.ZipFile,
    root: PurePosixPath,
    members: Iterable[zipfile.ZipInfo],
    stack: ExitStack,
) -> OwnData:
    """A data set of our own in a zip, unpacked to a folder that goes with `stack`."""
    target = Path(stack.enter_context(TemporaryDirectory()))
    wanted = {index.RECORDINGS, index.CONTINUOUS, index.NAME, DESCRIPTION}
    for info in members:
        inner = PurePosixPath(info.filename)
        if root not in inner.parents or inner.relative_to(root).parts[0] not in wanted:
            continue
        file = target / inner.relative_to(root)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_read_member(archive, info))
    return OwnData(f"{path}/{root}" if root.name else str(path), target)
