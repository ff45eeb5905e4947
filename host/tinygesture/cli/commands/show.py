"""Look at recordings in the terminal."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tinygesture.cli.doubtful import tally
from tinygesture.cli.options import json_option
from tinygesture.cli.output import Output
from tinygesture.cli.selection import busy, counted, data_option
from tinygesture.errors import UserError

if TYPE_CHECKING:
    from tinygesture.contract import Float64
    from tinygesture.dataset import Dataset, Entry

MOST_AVERAGED = 50  # recordings of a label, for the mean of its motion
MOTION_STEPS = 96
CONTINUOUS = "continuous"  # stands for the recordings without a label


@click.command()
@click.argument("wanted", metavar="[RECORDING|LABEL]", required=False)
@data_option
@json_option
def command(wanted: str | None, data: Path, as_json: bool) -> None:
    """Show a data set; with a LABEL its recordings; with a RECORDING its curves.

    A recording is named as the lists show it, by its id or the beginning of that, or as a CSV file.
    `continuous` lists the continuous ones.

    \b
    Examples:
      tinygesture show
      tinygesture show circle
      tinygesture show circle/3
      tinygesture show elsewhere/recording.csv
    """
    from tinygesture.dataset import Dataset
    from tinygesture.dataset.find import find

    out = Output(as_json)
    if wanted and wanted.endswith(".csv") and Path(wanted).is_file():
        _show_file(out, Path(wanted))
        return
    dataset = Dataset.open(data)
    if wanted is None:
        _show_all(out, dataset)
        return
    all_continuous = wanted == CONTINUOUS and CONTINUOUS not in dataset.labels
    entries = dataset.continuous if all_continuous else []
    entries = entries or find(dataset, wanted)
    if entries[0].label == wanted or all_continuous:
        _show_label(out, dataset, entries)
    else:
        _show_recording(out, dataset, entries[0])


def _show_all(out: Output, dataset: "Dataset") -> None:
    from tinygesture.cli.show_view import overview, printable
    from tinygesture.report.facts import people

    if not dataset.every:
        dataset.require_recordings()
    names = dataset.labels + ([""] if dataset.continuous else [])
    labels = [_label(dataset, label) for label in names]
    console = out.console()
    persons, synthetic = len(people(dataset.every)), sum(e.synthetic for e in dataset.every)
    console.print(
        f"{dataset.path}: {_number(len(dataset.entries), 'gesture')} of "
        f"{_number(len(dataset.labels), 'label')} by {_number(persons, 'subject')}"
        + (f", {len(dataset.continuous)} continuous" if dataset.continuous else "")
        + (f", {synthetic} of {len(dataset.every)} synthetic" if synthetic else ""),
        markup=False, soft_wrap=True,
    )  # fmt: skip
    if dataset.about:
        console.print(printable(dataset.about), style="bright_black", markup=False)
    console.print(overview(console, labels))
    for of in labels:
        out.emit({**of, "motion": [round(g, 3) for g in of["motion"].tolist()]})


def _label(dataset: "Dataset", label: str) -> dict[str, Any]:
    """The figures of a label; "" stands for the continuous recordings."""
    entries = [entry for entry in dataset.every if entry.label == label]
    seconds = sum(entry.samples / entry.rate_hz for entry in entries if entry.rate_hz)
    return {
        "label": label,
        "recordings": len(entries),
        "subjects": len({entry.person for entry in entries}),
        "sessions": len({(entry.person, entry.session) for entry in entries}),
        "seconds": round(seconds, 2),
        "marks": tally(entries),
        "motion": _mean_motion(dataset, entries),
    }


def _mean_motion(dataset: "Dataset", entries: Sequence["Entry"]) -> "Float64":
    """float64[MOTION_STEPS] in g: the mean over recordings, each from its beginning to its end."""
    import numpy as np

    from tinygesture.contract import to_units

    motion = np.zeros(MOTION_STEPS)
    some = entries[:: max(1, len(entries) // MOST_AVERAGED)]
    for entry in some:
        acceleration = to_units(dataset.load(entry).counts)[:, :3]
        away = np.linalg.norm(acceleration - np.median(acceleration, axis=0), axis=1)
        at = np.linspace(0, len(away) - 1, MOTION_STEPS)
        motion += np.interp(at, np.arange(len(away)), away) / len(some)
    return motion


def _show_label(out: Output, dataset: "Dataset", entries: Sequence["Entry"]) -> None:
    import numpy as np

    from tinygesture.cli.show_view import listing, mean
    from tinygesture.report import likeness
    from tinygesture.report.facts import facts, people

    names = people(dataset.every)
    half_s = likeness.half_span(entries)
    found, shapes = [], []
    with busy(out, f"Reading {counted(entries)}", entries):
        for entry in entries:
            recording = dataset.load(entry)
            found.append((facts(entry, recording, names[entry.person]), recording))
            shapes.append(likeness.shape(recording.t_us, recording.counts, half_s)[0])
    console = out.console()
    console.print(listing(console, found))
    if entries[0].label:
        console.print(f"\nThe mean of {counted(entries)}, around the middle of the motion:")
        console.print(mean(console, likeness.mean(np.array(shapes), half_s)))
    for known, _ in found:
        out.emit(known)


def _show_recording(out: Output, dataset: "Dataset", entry: "Entry") -> None:
    from tinygesture.cli.show_view import recording
    from tinygesture.report.facts import facts, people

    intervals = [] if entry.label else dataset.intervals(entry)
    loaded = dataset.load(entry)
    known = facts(entry, loaded, people(dataset.every)[entry.person])
    console = out.console()
    console.print(recording(console, known, loaded, intervals))
    out.emit(known | {"intervals": [interval._asdict() for interval in intervals]})


def _show_file(out: Output, file: Path) -> None:
    """A CSV file: what its data set knows of it, or what the samples say where it is in none."""
    from tinygesture.cli.show_view import recording
    from tinygesture.dataset import Dataset, Entry, Recording, measure, read_csv
    from tinygesture.dataset.csv import HEADER, has_header
    from tinygesture.dataset.folder import DESCRIPTION
    from tinygesture.report.facts import facts

    path = file.resolve()
    for folder in path.parents:
        if (folder / DESCRIPTION).exists():
            dataset = Dataset.open(folder)
            for entry in dataset.every:
                if folder / entry.file == path:
                    return _show_recording(out, dataset, entry)
    if not has_header(file):
        raise UserError(
            f"{file} is no recording of tinygesture: its first line is not {HEADER}. "
            f"`tinygesture import {file}` reads CSV files of other programs into a data set."
        )
    t_us, counts = read_csv(file)
    entry = Entry(
        label="", subject="", session="", board="", imu="", firmware="", drops=0, crc_errors=0,
        synthetic=False, recorded_at="", marks="", samples=len(t_us), id="", file=str(file),
        dataset="", **measure(t_us, counts),
    )  # fmt: skip
    loaded = Recording(t_us, counts, entry.meta)
    known = facts(entry, loaded, "") | {"name": file.name}
    console = out.console()
    console.print(recording(console, known, loaded, []))
    out.emit(known)


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
