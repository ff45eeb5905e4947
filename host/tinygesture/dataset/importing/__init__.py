"""Recordings that others made: tables, Edge Impulse's files, and data sets of our own.

Bytes -> text -> table -> rows -> recordings; whatever is not plain on the way is repaired with a
notice, or refused with a reason. One call saves everything, or nothing where it is interrupted.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import chain
from pathlib import Path, PurePosixPath

from tinygesture.dataset import store
from tinygesture.dataset.importing import edge_impulse, tutorial
from tinygesture.dataset.importing.contents import Contents
from tinygesture.dataset.importing.notices import Findings, Notice, Refused, Report
from tinygesture.dataset.importing.sources import OTHERS, File, Folder, gather
from tinygesture.dataset.importing.takes import Options, Take, label_of_file
from tinygesture.dataset.importing.units import IMUS, UNITS, Imu
from tinygesture.dataset.merging import merge
from tinygesture.dataset.recording import Meta, Recording, measure
from tinygesture.dataset.store import Dataset

__all__ = ["IMUS", "UNITS", "Imu", "Notice", "Options", "Report", "import_into", "read_file"]

Advance = Callable[[int, int], None]  # files done, files in all


def import_into(
    target: Path,
    paths: Iterable[Path],
    options: Options | None = None,
    advance: Advance = lambda done, total: None,
) -> Report:
    """Import files, folders and zips into the data set in `target`, which is made if need be.

    Raises UserError where the data set cannot be read or written; nothing is added then.
    """
    report = Report()
    with ExitStack() as stack:
        sources = gather(paths, stack, report)
        dataset = Dataset.open(target) if (target / store.DESCRIPTION).exists() else None
        contents = Contents(dataset)
        long: list[tuple[Take, Recording]] = []
        recordings = _recordings(sources, options or Options(), contents, report, long, advance)
        if (first := next(recordings, None)) is not None:
            dataset = dataset or Dataset.create(target)
            dataset.add_all(chain([first], recordings))
        for take, recording in long:
            dataset = dataset or Dataset.create(target)
            dataset.add_continuous(recording, take.intervals)
        for folder in sources:
            if isinstance(folder, Folder):
                dataset = merge(dataset, target, folder.path, contents, report.of(folder.name))
    return report


def _recordings(
    sources: list[File | Folder],
    options: Options,
    contents: Contents,
    report: Report,
    long: list[tuple[Take, Recording]],
    advance: Advance,
) -> Iterator[Recording]:
    """The labelled recordings of all files; the continuous ones are put into `long`."""
    for done, source in enumerate(sources):
        advance(done, len(sources))
        if isinstance(source, Folder):
            continue
        found = report.of(source.name)
        for take in read_file(source, options, found):
            if not _is_new(take, contents, found):
                continue
            found.recordings += 1
            recording = _recording(take, options, source.modified)
            if take.continuous:
                long.append((take, recording))
            else:
                yield recording
    advance(len(sources), len(sources))


def read_file(file: File, options: Options, found: Findings) -> list[Take]:
    """The recordings of one file; none, and a word in `found`, where it cannot be used."""
    label = options.label or label_of_file(file.name)
    try:
        data = file.read()
        if PurePosixPath(file.name).suffix.lower() in OTHERS or _looks_like_edge_impulse(data):
            return [edge_impulse.read(data, label, file.said, options, found)]
        return tutorial.read(data, label, options, found)
    except Refused as refusal:
        found.refuse(refusal.line, refusal.reason)
    except OSError as error:
        found.refuse(0, f"it cannot be read: {error.strerror or error}")
    return []


def _looks_like_edge_impulse(data: bytes) -> bool:
    return data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"{"


def _is_new(take: Take, contents: Contents, found: Findings) -> bool:
    """False, and a word about it, for samples that were met before."""
    label = take.label or " ".join(dict.fromkeys(i.label for i in take.intervals))
    known = contents.known(take.counts)
    if known is None:
        contents.note(take.counts, take.label, f"{found.file}, line {take.line}")
        return True
    if known.label != take.label:
        where = known.where or "the data set"
        found.refuse(
            take.line,
            f"the same rows are {known.label or 'a continuous recording'} in {where}, and {label} "
            "here: keep the file whose label is right",
        )
    elif known.where:
        found.repair(take.line, f"the same rows as in {known.where}: left out")
    else:
        found.repair(take.line, "already in the data set: left out")
    return False


def _recording(take: Take, options: Options, modified: str) -> Recording:
    meta = Meta(
        label=take.label,
        subject=options.subject,
        session=options.session,
        board=take.board,
        imu={"lsm9ds1": "LSM9DS1", "bmi270": "BMI270", "other": ""}[take.imu],
        firmware="",
        drops=0,
        crc_errors=0,
        synthetic=False,
        recorded_at=take.recorded_at or modified,
        **measure(take.t_us, take.counts),
    )
    return Recording(take.t_us, take.counts, meta)
