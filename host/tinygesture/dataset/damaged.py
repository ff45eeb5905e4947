"""The files of a data set, put right; what cannot be a recording goes to the folder `damaged`."""

import re
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from tinygesture.dataset import csv, folder, index, intervals
from tinygesture.dataset.files import clear_errors, remove_empty, write_atomically
from tinygesture.dataset.recording import (
    NAME_LENGTH,
    UNKNOWN,
    Measures,
    is_name,
    measure,
)
from tinygesture.errors import UserError

FOLDER = "damaged"


class Mended(NamedTuple):
    """What was done: file is relative to the data set, what is a clause."""

    file: str
    what: str


class Facts(NamedTuple):
    """What a recording's file says of itself."""

    samples: int
    measures: Measures


def keep(path: Path, file: str) -> str:
    """Move a file of the data set in `path` to the folder `damaged`; its name there."""
    target = _free(path / FOLDER / PurePosixPath(file).name.lstrip(".").removesuffix(".tmp"))
    (path / file).replace(target)
    return target.relative_to(path).as_posix()


def mend_drafts(path: Path) -> list[Mended]:
    """Give whole drafts of recordings their names; a journal knows more than its draft."""
    done = []
    ours = {folder.DESCRIPTION, index.NAME}
    for place in (path, *folder.folders_of(path)):
        for draft in sorted(place.glob(".*.tmp")):
            final = draft.with_name(draft.name[1:].removesuffix(".tmp"))
            name = final.relative_to(path).as_posix()
            id = final.stem.partition("-")[2]
            if draft.is_symlink() or not draft.is_file():
                continue
            if (path / folder.UNFINISHED / f"{id}.csv").exists():
                draft.unlink()
                done.append(Mended(name, "a draft of it was removed: its journal is whole"))
            elif place == path or not index.is_recording(final.name):
                if final.name not in ours and not final.name.endswith(intervals.SUFFIX):
                    continue
                draft.unlink()
                done.append(Mended(name, "an unfinished copy of it was removed"))
            elif not final.exists() and _facts(draft):
                draft.replace(final)
                done.append(Mended(name, "was whole and had no name yet"))
            else:
                kept = keep(path, draft.relative_to(path).as_posix())
                done.append(Mended(name, f"a draft of it was left behind, and is now {kept}"))
    return done


def mend_recordings(path: Path) -> tuple[dict[str, Facts], list[Mended]]:
    """What every recording's file holds, by its name, which begins with its label's folder."""
    done: list[Mended] = []
    found: dict[str, Facts] = {}
    for file in sorted(folder.recordings_in(path)):
        facts = _facts(path / file)
        if facts is None:
            data = (path / file).read_bytes()
            samples = csv.salvage(data)
            if samples is None or len(samples[0]) < data.count(b"\n") - 1:
                done.append(Mended(file, f"is damaged, and is now {keep(path, file)}"))
                continue
            copy = _free(path / FOLDER / PurePosixPath(file).name)
            write_atomically(copy, data)
            write_atomically(path / file, csv.encode(*samples))
            facts = Facts(len(samples[0]), measure(*samples))
            rows = f"was cut off: its {facts.samples} whole rows stay"
            done.append(Mended(file, f"{rows}, and the file as it was is {FOLDER}/{copy.name}"))
        found[file] = facts
    places = _places(found)
    for old, new in places.items():
        if old != new:
            target = _free(path / new)
            (path / old).replace(target)
            beside = intervals.path_of(path / old)
            if beside.exists():
                beside.replace(intervals.path_of(target))
            remove_empty([path / old])
            places[old] = target.relative_to(path).as_posix()
            done.append(Mended(old, f"was in no folder of a label, and is now {places[old]}"))
    return {places[file]: facts for file, facts in found.items()}, done


def label_of(file: str) -> str:
    """The label of a recording, by the folder in which it lies."""
    parent = PurePosixPath(file).parent
    return "" if parent.parts == (index.CONTINUOUS,) else parent.name


def _places(files: dict[str, Facts]) -> dict[str, str]:
    """Where each file belongs: in the folder of its label, whose spelling is the commonest."""
    labels = {file: _possible_label(file) for file in files}
    counts = Counter(sorted(labels.values()))
    spelling: dict[str, str] = {}
    for label, _ in counts.most_common():
        spelling.setdefault(label.lower(), label)
    places = {}
    for file, label in labels.items():
        name = PurePosixPath(file).name
        folders = (index.RECORDINGS, spelling[label.lower()]) if label else (index.CONTINUOUS,)
        if not index.is_file_name(name):
            name = re.sub("[^A-Za-z0-9._-]+", "_", name)
        places[file] = str(PurePosixPath(*folders, name))
    return places


def _possible_label(file: str) -> str:
    """The label of a folder's name, which a person may have chosen freely."""
    if PurePosixPath(file).parent == PurePosixPath(index.RECORDINGS):
        return UNKNOWN
    label = label_of(file)
    if not label or is_name(label):
        return label
    name = re.sub("[^A-Za-z0-9_-]+", "_", label)[: NAME_LENGTH - 1]
    return name if is_name(name) else f"_{name}"


def _facts(path: Path) -> Facts | None:
    """None where the file is damaged. Raises UserError where it cannot be read at all."""
    try:
        t_us, counts = csv.read(path)
    except UserError:
        with clear_errors(path, "read"), path.open("rb"):
            return None
    return Facts(len(t_us), measure(t_us, counts))


def _free(path: Path) -> Path:
    """A name like this one that no file has, in a folder that exists."""
    path.parent.mkdir(parents=True, exist_ok=True)
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free
