"""One data set into another: recordings keep their ids, and whose they are."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from tinygesture.dataset import folder, index
from tinygesture.dataset.importing.contents import Contents
from tinygesture.dataset.importing.notices import Findings
from tinygesture.dataset.index import Entry
from tinygesture.dataset.intervals import Interval
from tinygesture.dataset.recording import ONLY_TOLD, UNKNOWN, Recording
from tinygesture.dataset.store import Dataset, Incoming
from tinygesture.errors import UserError

EVERY = 50  # recordings between two words on how far it is


def merged(
    source: Path,
    files: frozenset[str] | None,
    contents: Contents,
    found: Findings,
    advance: Callable[[str, int, int], None],
) -> Iterator[Incoming]:
    """What the data set in the folder `source` has more than `contents`.

    files: which of its recordings are wanted, None for all.
    What cannot be read is refused in `found`; the rest comes whole, with its intervals. Samples
    that `contents` has of another data set under another id are left out; a data set's own are not.
    """
    try:
        other = _open(source, found)
    except UserError as error:
        found.refuse(0, str(error))
        return
    here = contents.entries
    wanted = [entry for entry in other.every if files is None or entry.file in files]
    for file in sorted((files or frozenset()) - {entry.file for entry in wanted}):
        found.refuse(0, f"{file} is not in {index.NAME}: `tinygesture data repair` adds it")
    _say_collisions(contents.dataset, wanted, found)
    known = 0
    for done, entry in enumerate(wanted, start=1):
        if done % EVERY == 0 or done == len(wanted):
            advance(Path(found.file).name, done, len(wanted))
        if entry.id in here:
            known += 1
            mine = here[entry.id]
            if contents.dataset and UNKNOWN == mine.subject != entry.subject:
                _remember(contents.dataset, mine, entry, found)
            else:
                _say_difference(mine, entry, found)
        elif (read := _read(other, entry, found)) and _is_new(
            read[0], entry, other.id, contents, found
        ):
            here[entry.id] = entry
            found.recordings += 1
            meta = replace(entry.meta, label=contents.spelling(entry.label))
            yield Incoming(replace(read[0], meta=meta), read[1], entry.id, entry.dataset)
    found.summary = f"the data set {other.id}" + (f", {known:,} known already" if known else "")


def _open(path: Path, found: Findings) -> Dataset:
    """The data set in a folder, without the damaged lines of its index. Raises UserError."""
    id, about = folder.read_description(path)
    entries, damaged, torn = index.read(path / index.NAME)
    for line in damaged:
        found.refuse(line.number, f"the line of {index.NAME} is damaged: {line.reason}")
    if torn:
        found.refuse(len(entries) + 2, f"the last line of {index.NAME} is cut off")
    return Dataset(path, id, about, entries)


def _read(other: Dataset, entry: Entry, found: Findings) -> tuple[Recording, list[Interval]] | None:
    try:
        return other.load(entry), other.intervals(entry)
    except UserError as error:
        found.refuse(0, str(error))
        return None


def _is_new(
    recording: Recording, entry: Entry, origin: str, contents: Contents, found: Findings
) -> bool:
    """False, and a word about it, for samples that are here under another id."""
    label = contents.spelling(entry.label)
    if label != entry.label:
        found.repair(0, f"{entry.label} is written {label}, as it is already")
    known = contents.known(recording.counts, label)
    if known is None or known.origin == origin:
        contents.note(recording.counts, label, f"{found.file}, {entry.file}", origin)
        return True
    where = f"in {known.where}" if known.where else "in the data set"
    if known.label == label:
        found.repair(0, f"{entry.file}: the same rows are {where}: left out")
    else:
        found.refuse(0, f"{entry.file}: the same rows are {known.label} {where}: which is right?")
    return False


def _remember(target: Dataset, mine: Entry, theirs: Entry, found: Findings) -> None:
    """A recording that a repair found without a line is what the other data set says it is."""
    known = {name: getattr(theirs, name) for name in ONLY_TOLD}
    target.change([mine], **known, dataset=theirs.dataset)
    found.repair(0, f"{mine.file} was of somebody unknown, and is known again: {theirs.subject}")


def _say_difference(mine: Entry, theirs: Entry, found: Findings) -> None:
    if (mine.label, mine.subject) != (theirs.label, theirs.subject):
        found.notes.append(
            f"{theirs.id} is {_what(theirs)} there and {_what(mine)} here: left as it is here"
        )


def _what(entry: Entry) -> str:
    return f"{entry.label or 'continuous'} of {entry.subject}"


def _say_collisions(target: Dataset | None, theirs: list[Entry], found: Findings) -> None:
    """Two people of one name stay two people, which a person should know."""
    here: defaultdict[str, set[str]] = defaultdict(set)
    for entry in target.every if target else []:
        here[entry.subject].add(entry.dataset)
    for dataset, subject in dict.fromkeys(entry.person for entry in theirs):
        if here[subject] and dataset not in here[subject]:
            found.notes.append(
                f"{subject} of this data set and {subject} of {dataset} stay two people; "
                "`tinygesture data rename subject` joins them"
            )
