"""Mending a data set whose index and files disagree. No recording is ever deleted.

The files are put right first, the index last, so that a repair may itself be interrupted. Lines
taken out of the index go to damaged/index.csv; by them, a recording that comes back is known again.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path, PurePosixPath
from typing import Any

from tinygesture.dataset import csv, damaged, folder, index, journal, lines, quality
from tinygesture.dataset.damaged import Facts, Mended, label_of
from tinygesture.dataset.files import clear_errors, write_atomically
from tinygesture.dataset.folder import DESCRIPTION, SYNTHETIC, TRASH, Description, alone
from tinygesture.dataset.index import Entry
from tinygesture.dataset.lines import Line
from tinygesture.dataset.recording import ONLY_TOLD, Measures, Meta, Recording, measure
from tinygesture.dataset.store import Dataset
from tinygesture.errors import UserError

SAME_RATE_HZ = 0.01  # two rates that differ less are one
_ID = re.compile("[0-9]+-([0-9a-f]{12})")


def repair(path: Path) -> list[Mended]:
    """Mend the data set in a folder, and say what was done; a second time there is nothing to do.

    Raises UserError where there is none, or where a file cannot be read or written.
    """
    parts = (DESCRIPTION, index.NAME, index.RECORDINGS, index.CONTINUOUS)
    if not any((path / part).exists() for part in parts):
        raise UserError(f"{path} is not a data set, nor what is left of one. Check the name.")
    done = _Repair(path).run()
    return done + [
        Mended(entry.file, f"was interrupted while it was recorded: {entry.samples} samples")
        for entry in journal.recover(Dataset.open(path))
    ]


class _Repair:
    def __init__(self, path: Path, id: str | None = None, about: str = "") -> None:
        self.path = path
        self.id = id
        self.about = about
        self.done: list[Mended] = []
        self.taken_out: list[bytes] = []
        self.known: dict[str, dict[str, Any]] = {}  # values of columns, by a recording's id

    def run(self) -> list[Mended]:
        with alone(self.path), clear_errors(self.path, "mend"):
            found = self._lines()
            self.id, about = self._describe(found)
            self.about = about or self.about
            self._mend_trash()
            self.done += damaged.mend_drafts(self.path)
            facts, done = damaged.mend_recordings(self.path)
            self.done += done
            for lost in (damaged.FOLDER, TRASH):
                self._learn(_read(self.path / lost).lines)
            self._learn(found)
            entries = self._entries(found, facts, {mended.file for mended in done})
            if self.done:
                self._keep_lines()
                write_atomically(self.path / index.NAME, index.HEADER + index.encode(entries))
        return self.done

    def _say(self, file: str, what: str) -> None:
        self.done.append(Mended(file, what))

    def _lines(self) -> list[Line]:
        if not (self.path / index.NAME).exists():
            self._say(index.NAME, "was missing")
        found, problems = _read(self.path)
        for problem in problems:
            self._say(index.NAME, problem)
        return found

    def _describe(self, found: list[Line]) -> Description:
        """The data set's description; dataset.json is written where it is missing or damaged."""
        file = self.path / DESCRIPTION
        if file.exists() and folder.parse_description(file.read_bytes()):
            return folder.read_description(self.path)
        if file.exists():
            kept = damaged.keep(self.path, DESCRIPTION)
            self._say(DESCRIPTION, f"was damaged, and is now {kept}")
        ids = Counter(line.known["dataset"] for line in found if line.known.get("dataset"))
        id = str(ids.most_common(1)[0][0] if ids else self.id or folder.new_id())
        folder.write_description(self.path, Description(id, self.about))
        self._say(DESCRIPTION, f"was written anew; the data set has the id {id}")
        return Description(id, self.about)

    def _mend_trash(self) -> None:
        if (self.path / TRASH).is_dir():
            mended = _Repair(self.path / TRASH, self.id, self.about).run()
            self.done += [Mended(f"{TRASH}/{file}", what) for file, what in mended]

    def _learn(self, found: Iterable[Line]) -> None:
        for line in found:
            if id := line.known.get("id"):
                self.known[id] = self.known.get(id, {}) | line.known

    def _entries(self, found: list[Line], facts: dict[str, Facts], told: set[str]) -> list[Entry]:
        """One entry for each file, in the order of the index; files without a line come last.

        told: the files of which it was said already why they are not where they were.
        """
        entries: dict[str, Entry] = {}
        lost: list[Line] = []
        for line in found:
            file = line.entry.file if line.entry else ""
            if line.entry is None or file not in facts:
                lost.append(line)
            elif file not in entries:
                entries[file] = self._checked(line.entry, facts[file])
            else:
                self._say(file, "was named twice in the index: the first line stays")
                self.taken_out.append(line.raw)
        self._recognise(lost, {file: facts[file] for file in facts.keys() - entries.keys()})
        kinds = self._kinds()
        for file in facts:
            if file not in entries:
                entries[file] = self._adopted(file, kinds)
        there = {entry.id for entry in entries.values()}
        for line in lost:
            if line.entry is None:
                self._say(index.NAME, f"line {line.number} was damaged ({line.reason})")
                self.taken_out.append(line.raw)
            elif line.entry.id not in there:
                if line.entry.file not in told:
                    self._say(
                        line.entry.file, "is missing, and its line was taken out of the index"
                    )
                self.taken_out.append(line.raw)
        return self._unique(entries.values())

    def _checked(self, entry: Entry, facts: Facts) -> Entry:
        """An entry whose samples and rate are those of its file."""
        samples, measures = facts
        difference_hz = abs(entry.rate_hz - measures["rate_hz"])
        if entry.samples == samples and difference_hz < SAME_RATE_HZ:
            return entry
        self._say(
            entry.file,
            f"has {samples} samples at {measures['rate_hz']:g} Hz, where the index said "
            f"{entry.samples} at {entry.rate_hz:g} Hz",
        )
        return self._entry(entry.file, asdict(entry))

    def _recognise(self, lost: list[Line], facts: dict[str, Facts]) -> None:
        """A line is that of the only file of its name, or with its label and measures.

        The first for files that a person named and moved, the second for lines cut off.
        """
        files: defaultdict[object, list[str]] = defaultdict(list)
        of: defaultdict[object, list[Line]] = defaultdict(list)
        for file, (_, measures) in facts.items():
            files[PurePosixPath(file).name].append(file)
            files[label_of(file), *measures.values()].append(file)
        for line in lost:
            if "file" in line.known:
                of[PurePosixPath(line.known["file"]).name].append(line)
            else:
                keys = ("label", *Measures.__annotations__)
                of[tuple(line.known.get(key) for key in keys)].append(line)
        for key, [line, *more] in of.items():
            if not more and len(files[key]) == 1:
                self.known.setdefault(self._id(files[key][0]), line.known)

    def _kinds(self) -> set[bool]:
        """Whether the recordings are synthetic: what the description and every known line say."""
        lines = {known["synthetic"] for known in self.known.values() if "synthetic" in known}
        return lines | {True} if self.about.startswith(SYNTHETIC) else lines

    def _adopted(self, file: str, kinds: set[bool]) -> Entry:
        """An entry for a file without a line, with what is known of it; kinds: see `_kinds`."""
        known = self.known.get(self._id(file), {})
        certain = "synthetic" in known or len(kinds) == 1
        known = {"synthetic": True in kinds} | known
        before, label = known.get("file", file), label_of(file)
        if before != file:
            now = "" if label_of(before) == label else f": the label is {label} now"
            self._say(file, f"was {before} in the index{now}")
        else:
            whose = f"by {known['subject']}" if "subject" in known else "nobody knows whose"
            kind = "" if certain else ", and whether it is synthetic cannot be known"
            self._say(file, f"was not in the index ({whose}{kind})")
        return self._entry(file, known)

    def _entry(self, file: str, known: dict[str, Any]) -> Entry:
        samples = csv.read(self.path / file)
        knowable = {name: value for name, value in known.items() if name in ONLY_TOLD}
        label = label_of(file)
        meta = replace(Meta.unknown(label), **knowable, **measure(*samples))
        recording = Recording(*samples, meta)
        return Entry(
            **asdict(meta),
            marks=quality.marks(quality.check(recording)),
            samples=len(recording.t_us),
            id=known.get("id") or self._id(file),
            file=file,
            dataset=known.get("dataset") or self.id or "",
        )

    def _id(self, file: str) -> str:
        """The id of a recording that is in its file's name, or one made from the name."""
        found = _ID.match(PurePosixPath(file).name)
        return found[1] if found else _hash(f"{self.id} {file}")

    def _unique(self, entries: Iterable[Entry]) -> list[Entry]:
        """Copies of a recording get ids of their own."""
        unique: dict[str, Entry] = {}
        for entry in entries:
            if entry.id in unique:
                new = _hash(f"{entry.file} {entry.id}")
                self._say(entry.file, f"had the id of {unique[entry.id].file}: it has {new} now")
                entry = replace(entry, id=new)
            unique[entry.id] = entry
        return [*unique.values()]

    def _keep_lines(self) -> None:
        """Add the lines taken out to damaged/index.csv."""
        if not self.taken_out:
            return
        file = self.path / damaged.FOLDER / index.NAME
        file.parent.mkdir(exist_ok=True)
        before = [line.raw for line in _read(file.parent).lines]
        kept = dict.fromkeys([*before, *self.taken_out])
        write_atomically(file, index.HEADER + b"".join(line + b"\n" for line in kept))


def _read(path: Path) -> lines.Lines:
    """The lines of the index in a folder; none where there is no index."""
    file = path / index.NAME
    return lines.read(file.read_bytes()) if file.exists() else lines.Lines([], [])


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
