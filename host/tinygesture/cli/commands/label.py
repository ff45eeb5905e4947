"""Say what happened when in a continuous recording."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tinygesture.cli.options import json_option
from tinygesture.cli.output import Output
from tinygesture.cli.progress import working
from tinygesture.cli.running import Interrupted
from tinygesture.cli.selection import data_option, named
from tinygesture.errors import UserError

if TYPE_CHECKING:
    from tinygesture.cli.labelling.marking import Marking
    from tinygesture.cli.labelling.view import View
    from tinygesture.dataset import Dataset, Entry

FILE = click.Path(dir_okay=False, path_type=Path)
POLL_S = 0.5  # how often it is drawn anew without a key, for a terminal that changed its size


@click.command()
@click.argument("recording")
@click.argument("labels", nargs=-1, metavar="[LABEL]...")
@click.option("--audacity", "track", type=FILE, help="Take the labels of this label track instead.")
@click.option("--to-audacity", "target", type=FILE, help="Write the labels as a label track.")
@data_option
@json_option
def command(
    recording: str,
    labels: tuple[str, ...],
    track: Path | None,
    target: Path | None,
    data: Path,
    as_json: bool,
) -> None:
    """Say what happened when in a continuous RECORDING, with keys.

    Every motion is proposed; name those that are gestures. LABELs get the keys 1 to 9, before those
    of the data set. Every change is saved at once, beside the recording, and the same command goes
    on where you stopped. With --audacity, the labels come from Audacity (File, Export Other, Export
    Labels).

    \b
    Examples:
      tinygesture label continuous/1
      tinygesture label continuous/1 circle punch --data recordings
      tinygesture label continuous/1 --audacity labels.txt
    """
    from tinygesture.dataset import Dataset
    from tinygesture.dataset.find import name_of
    from tinygesture.dataset.intervals import path_of

    out = Output(as_json)
    dataset = Dataset.open(data)
    [entry] = named(dataset, [recording])
    name = name_of(entry)
    if entry.label:
        raise UserError(
            f"{name} is one {entry.label}; what is marked are long recordings in which much "
            f"happens. `tinygesture data relabel {name}` gives it another label, and "
            "`capture --continuous` makes a long one."
        )
    if track is not None and target is not None:
        raise UserError("Labels come from a file or go to one: give --audacity or --to-audacity.")
    if track is not None:
        _import(out, dataset, entry, track)
    elif target is not None:
        _export(dataset, entry, target)
    else:
        _mark(out, dataset, entry, labels)
    found = dataset.intervals(entry)
    out.emit({"recording": name, "intervals": [interval._asdict() for interval in found]})
    where = target or path_of(dataset.path / entry.file)
    count = f"{len(found)} interval{'' if len(found) == 1 else 's'}"
    out.say(f"Done: {count} of {name} in {where}." if found else f"Done: {name} has no intervals.")


def _import(out: Output, dataset: "Dataset", entry: "Entry", track: Path) -> None:
    from tinygesture.dataset import audacity
    from tinygesture.dataset.intervals import path_of
    from tinygesture.dataset.labels import is_background

    intervals, notes = audacity.read(track, int(dataset.load(entry).t_us[-1]))
    for note in notes:
        out.say(note)
    if not intervals:
        raise UserError(f"{track} has no label with a beginning and an end. Nothing was changed.")
    file = path_of(dataset.path / entry.file)
    before = dataset.intervals(entry)
    if before and before != intervals:
        raise UserError(
            f"{file} has {len(before)} intervals already. Delete that file, or move it away, if "
            f"those of {track} are to take their place. Nothing was changed."
        )
    dataset.set_intervals(entry, intervals)
    unknown = {interval.label for interval in intervals} - set(dataset.labels)
    strange = sorted(label for label in unknown if not is_background(label))
    if strange and dataset.labels:
        out.say(
            f"No recording of {dataset.path} has the label {' or '.join(strange)}: its labels are "
            f"{', '.join(dataset.labels)}. Correct it in {file}, or teach it: `evaluate` does "
            "not count what a model was not taught."
        )


def _export(dataset: "Dataset", entry: "Entry", target: Path) -> None:
    from tinygesture.dataset import audacity
    from tinygesture.dataset.files import write_atomically

    found = dataset.intervals(entry)
    if not found:
        raise UserError(
            f"Nobody has said what happened in {entry.file}: there is nothing to write."
        )
    write_atomically(target, audacity.encode(found))


def _mark(out: Output, dataset: "Dataset", entry: "Entry", labels: Sequence[str]) -> None:
    """Until somebody quits. Raises UserError where nobody sits at a terminal."""
    from tinygesture.cli.labelling.marking import Marking
    from tinygesture.cli.labelling.proposals import motion, spans
    from tinygesture.cli.labelling.view import View
    from tinygesture.dataset import check_name
    from tinygesture.dataset.find import name_of

    if not (out.on_terminal and sys.stdin.isatty()):
        raise UserError(
            "Marking needs a terminal, with a person who presses keys. Elsewhere write the file of "
            "intervals by hand (docs/continuous.md), or import labels with --audacity."
        )
    marked = dataset.intervals(entry)
    known = [check_name(label, "label") for label in labels]
    known += [interval.label for interval in marked] + dataset.labels
    with working(out, f"Looking for motion in {name_of(entry)}"):
        recording = dataset.load(entry)
        moved = motion(recording.t_us, recording.counts)
        proposed = spans(recording.t_us, moved)
    length_us = int(recording.t_us[-1])
    marking = Marking.begin(length_us, [*dict.fromkeys(known)], marked, proposed)
    title = f"{name_of(entry)}   {length_us / 1e6:.1f} s"
    try:
        _take_keys(out, dataset, entry, marking, View(title, recording, moved, marking))
    except KeyboardInterrupt:
        saved = len(marking.named)
        raise Interrupted(
            f"Stopped; {saved} interval{' is' if saved == 1 else 's are'} saved."
        ) from None
    if left := len(marking.marks) - len(marking.named):
        out.say(f"{left} motion{'' if left == 1 else 's'} without a label: left out.")


def _take_keys(
    out: Output, dataset: "Dataset", entry: "Entry", marking: "Marking", view: "View"
) -> None:
    """Every change is on the disk before the next key."""
    from rich.live import Live

    from tinygesture.cli.capturing.keys import keys_of
    from tinygesture.cli.labelling.marking import Mode

    saved = marking.named
    screen = Live(
        view, console=out.console(), screen=True, auto_refresh=False, redirect_stdout=False
    )
    with keys_of(True) as keys, screen:
        while marking.mode is not Mode.OVER:
            screen.refresh()
            if key := keys.typed(POLL_S):
                marking.press(key)
            if marking.named != saved:
                dataset.set_intervals(entry, marking.named)
                saved = marking.named
