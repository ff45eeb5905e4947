"""From paths to a data set: everything is saved at once, or nothing where it is interrupted."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import fields, replace
from itertools import chain, groupby
from pathlib import Path, PurePosixPath

from tinygesture.contract import Int16, Int64
from tinygesture.dataset import csv, intervals
from tinygesture.dataset.folder import DESCRIPTION, alone
from tinygesture.dataset.importing import edge_impulse, tutorial
from tinygesture.dataset.importing.contents import Contents
from tinygesture.dataset.importing.notices import Findings, Refused, Report
from tinygesture.dataset.importing.sources import OTHERS, File, OwnData, gather
from tinygesture.dataset.importing.takes import Options, Take, label_of_file
from tinygesture.dataset.intervals import Interval
from tinygesture.dataset.merging import merged
from tinygesture.dataset.recording import Meta, Recording, measure
from tinygesture.dataset.store import Dataset, Incoming
from tinygesture.errors import UserError

Advance = Callable[[str, int, int], None]  # what is being read, of it done, and in all
EVERY = 50  # recordings between two words on how far it is
IMU_NAMES = {"lsm9ds1": "LSM9DS1", "bmi270": "BMI270", "other": ""}


def import_into(
    target: Path,
    paths: Iterable[Path],
    options: Options | None = None,
    advance: Advance = lambda what, done, total: None,
) -> Report:
    """Import files, folders and zips into the data set in `target`, which is made if need be.

    Raises UserError where the data set cannot be read or written, or where options are given for
    a data set of our own; nothing is added then.
    """
    report = Report()
    with ExitStack() as stack:
        sources = gather(paths, stack, report)
        _refuse_options(sources, options or Options())
        dataset = None
        if (target / DESCRIPTION).exists():
            stack.enter_context(alone(target))  # what another import adds meanwhile is not new
            dataset = Dataset.open(target)
        contents = Contents(dataset)
        incoming = _incoming(sources, options or Options(), contents, report, advance)
        if (first := next(incoming, None)) is not None:
            (dataset or Dataset.create(target)).save(chain([first], incoming))
    return report


def _refuse_options(sources: list[File | OwnData], options: Options) -> None:
    given = [f.name for f in fields(Options) if getattr(options, f.name) != f.default]
    own = next((source.name for source in sources if isinstance(source, OwnData)), None)
    if own and given:
        names = ", ".join(f"--{name.removesuffix('_hz')}" for name in given)
        raise UserError(
            f"{own} is a data set of tinygesture, which says this of its recordings itself: import "
            f"it without {names}. `tinygesture data rename` and `relabel` change names afterwards."
        )


def _incoming(
    sources: list[File | OwnData],
    options: Options,
    contents: Contents,
    report: Report,
    advance: Advance,
) -> Iterator[Incoming]:
    """Every recording that the data set does not have yet."""
    files = [source for source in sources if isinstance(source, File)]
    read = 0
    if files:
        advance("files", 0, len(files))
    for done, (file, takes, found) in enumerate(_read_files(files, options, report), start=1):
        found.subject = options.subject
        for number, take in enumerate(takes, start=read + 1):
            if number % EVERY == 0:
                advance("recordings", number, read + len(takes))
            if _is_new(take, contents, found):
                found.recordings += 1
                yield Incoming(_recording(take, options, file.modified, contents), take.intervals)
        read += len(takes)
        advance("files", done, len(files))
    for source in sources:
        if isinstance(source, OwnData):
            found = report.of(source.name)
            yield from merged(source.path, source.files, contents, found, advance)


def _read_files(
    files: list[File], options: Options, report: Report
) -> Iterator[tuple[File, list[Take], Findings]]:
    """Files in their order, but folder by folder those last that do not tell the gyroscope's unit:

    what was recorded at rest is in the unit of what was recorded beside it.
    """
    for _, group in groupby(files, key=lambda file: str(Path(file.name).parent)):
        untold = []
        radians = False
        for file in group:
            found = Findings(file.name)
            takes = read_file(file, options, found)
            if takes and not found.gyro_unit:
                untold.append((file, takes, found))
                continue
            radians |= found.gyro_unit == "rad/s"
            report.files.append(found)
            yield file, takes, found
        for file, takes, found in untold:
            if radians:
                found = Findings(file.name)
                takes = read_file(file, replace(options, units=options.units | {"rad/s"}), found)
                found.repair(0, "the gyroscope is in rad/s in the files beside: read so here, too")
            report.files.append(found)
            yield file, takes, found


def read_file(file: File, options: Options, found: Findings) -> list[Take]:
    """The recordings of one file; none, and a word in `found`, where it cannot be used."""
    label = options.label or label_of_file(file.name)
    try:
        data = file.read()
        if PurePosixPath(file.name).suffix.lower() in OTHERS or _looks_like_json(data):
            return [edge_impulse.read(data, label, file.said, options, found)]
        as_it_is = options == Options(subject=options.subject, session=options.session)
        if file.marked and as_it_is and (samples := csv.whole(data)):
            return [_marked(*samples, intervals.read(file.marked), found)]
        return tutorial.read(data, label, options, found)
    except UserError as error:
        found.refuse_whole(0, str(error))
    except Refused as refusal:
        found.refuse_whole(refusal.line, refusal.reason)
    except OSError as error:
        found.refuse_whole(0, f"it cannot be read: {error.strerror or error}")
    return []


def _marked(t_us: Int64, counts: Int16, marked: list[Interval], found: Findings) -> Take:
    """A continuous recording of our own that came without its data set."""
    found.summary = "continuous, with the intervals beside it"
    found.notes.append("who made it is in its data set only: better import the folder of that")
    return Take(0, "", t_us, counts, "other", intervals=tuple(marked), continuous=True)


def _looks_like_json(data: bytes) -> bool:
    return data[:100].lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"{"


def _is_new(take: Take, contents: Contents, found: Findings) -> bool:
    """False, and a word about it, for samples that were met before."""
    label = contents.spelling(take.label)
    if label != take.label:
        found.repair(take.line, f"{take.label} is written {label}, as it is already")
    known = contents.known(take.counts, label)
    if known is None:
        contents.note(take.counts, label, f"{found.file}, line {max(take.line, 1)}")
    elif known.label != label:
        found.refuse(
            take.line,
            f"the same rows are {known.label} in {known.where or 'the data set'} and {label} here: "
            "which is right?",
        )
    elif known.where:
        found.repair(take.line, f"the same rows as in {known.where}: left out")
    else:
        whose = f" as {known.subject}'s, which `tinygesture data rename` changes"
        same = known.subject == found.subject
        found.repair(take.line, f"already in the data set{'' if same else whose}: left out")
    return known is None


def _recording(take: Take, options: Options, modified: str, contents: Contents) -> Recording:
    measures = measure(take.t_us, take.counts)
    measures["clipped"] = max(measures["clipped"], take.clipped)
    meta = Meta(
        label=contents.spelling(take.label),
        subject=options.subject,
        session=options.session,
        board=take.board,
        imu=IMU_NAMES[take.imu],
        firmware=f"imported, {take.assumed_hz:g} Hz assumed" if take.assumed_hz else "imported",
        drops=0,
        crc_errors=0,
        synthetic=False,
        recorded_at=take.recorded_at or modified,
        **measures,
    )
    return Recording(take.t_us, take.counts, meta)
