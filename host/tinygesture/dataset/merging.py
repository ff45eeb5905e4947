"""One data set into another: recordings keep their ids, and whose they are."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from tinygesture.dataset import index, store
from tinygesture.dataset.importing.contents import Contents
from tinygesture.dataset.importing.notices import Findings
from tinygesture.dataset.index import Entry
from tinygesture.dataset.store import Dataset
from tinygesture.errors import UserError


def merge(
    target: Dataset | None, path: Path, source: Path, contents: Contents, found: Findings
) -> Dataset | None:
    """Adopt what the data set in the folder `source` has more than `target`.

    target: None where there is none in `path` yet; it is made for the first recording. Returns it.
    What cannot be read is refused in `found`, and the rest adopted.
    """
    try:
        other = _open(source, found)
    except UserError as error:
        found.refuse(0, str(error))
        return target
    fresh = _fresh(other, target, contents, found)
    if (first := next(fresh, None)) is not None:
        target = target or Dataset.create(path)
        _say_collisions(target, other, found)
        found.recordings = len(target.adopt(chain([first], fresh), other))
    if target is not None:
        _take_intervals(target, other, found)
    known = len(other.every) - found.recordings
    found.summary = f"data set {other.id}" + (f", {known} known or left out" if known else "")
    return target


def _open(path: Path, found: Findings) -> Dataset:
    """The data set in a folder, without the damaged lines of its index. Raises UserError."""
    id, about = store.read_description(path)
    entries, damaged, torn = index.read(path / index.NAME)
    for line in damaged:
        found.refuse(line.number, f"{index.NAME} is damaged in this line: {line.reason}")
    if torn:
        found.refuse(0, f"the last line of {index.NAME} is cut off")
    return Dataset(path, id, about, entries)


def _fresh(
    other: Dataset, target: Dataset | None, contents: Contents, found: Findings
) -> Iterator[Entry]:
    """The entries whose samples the target does not have, and which can be read."""
    ids = {entry.id: entry for entry in target.every} if target else {}
    for entry in other.every:
        if mine := ids.get(entry.id):
            if (mine.label, mine.subject) != (entry.label, entry.subject):
                found.repair(
                    0,
                    f"{entry.id} is {entry.label} of {entry.subject} there and {mine.label} of "
                    f"{mine.subject} here: left as it is here",
                )
            continue
        try:
            counts = other.load(entry).counts
        except UserError as error:
            found.refuse(0, str(error))
            continue
        if (known := contents.known(counts)) is not None:
            there = "the same rows are" + (f" in {known.where}" if known.where else " here already")
            if known.label == entry.label:
                found.repair(0, f"{entry.file}: {there}: left out")
            else:
                found.refuse(0, f"{entry.file}: {there} as {known.label}: which label is right?")
            continue
        contents.note(counts, entry.label, f"{found.file}/{entry.file}")
        ids[entry.id] = entry
        yield entry


def _say_collisions(target: Dataset, other: Dataset, found: Findings) -> None:
    """Two people of one name stay two people, which a person should know."""
    here: defaultdict[str, set[str]] = defaultdict(set)
    for entry in target.every:
        here[entry.subject].add(entry.dataset)
    for dataset, subject in dict.fromkeys(entry.person for entry in other.every):
        if here[subject] and dataset not in here[subject]:
            found.repair(
                0,
                f"{subject} of this data set and {subject} of {dataset} stay two people; "
                "`tinygesture data rename subject` joins them",
            )


def _take_intervals(target: Dataset, other: Dataset, found: Findings) -> None:
    """What happened in the continuous recordings, where it is not known here yet."""
    theirs = {entry.id: entry for entry in other.continuous}
    for entry in target.continuous:
        if entry.id not in theirs or target.intervals(entry):
            continue
        try:
            intervals = other.intervals(theirs[entry.id])
        except UserError as error:
            found.refuse(0, str(error))
            continue
        if intervals:
            target.set_intervals(entry, intervals)
