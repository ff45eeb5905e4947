"""Pieces of recordings."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tinygesture.cli.options import Seconds, json_option
from tinygesture.cli.output import Output
from tinygesture.cli.selection import counted, data_option, named
from tinygesture.errors import UserError

if TYPE_CHECKING:
    from tinygesture.dataset import Dataset, Entry

DAY_S = 86_400


@click.command("cut")
@click.argument("recording")
@click.option("--from", "start_s", type=Seconds(0, DAY_S), help="Where the piece begins.")
@click.option("--to", "end_s", type=Seconds(0, DAY_S), help="Where it ends.")
@click.option("--label", help="What the piece is.  [as the recording]")
@click.option(
    "--margin", "margin_s", type=Seconds(0, 60), help="More of intervals, but of rest.  [0]"
)
@click.option("--seconds", type=Seconds(0.2, 60), help="So long, around each interval's motion.")
@click.option("--again", is_flag=True, help="Also what was cut before and is in the trash.")
@data_option
@json_option
def command(
    recording: str,
    start_s: float | None,
    end_s: float | None,
    label: str | None,
    margin_s: float | None,
    seconds: float | None,
    again: bool,
    data: Path,
    as_json: bool,
) -> None:
    """Cut a piece out of a recording, or everything that is marked in a continuous one.

    Without --from and --to, every interval of a continuous recording becomes a recording, and the
    continuous one stays; what was cut before is not cut again. With them, the piece of a gesture
    takes the gesture's place, which goes to the trash. Samples stay as they are; the time begins
    at 0.

    \b
    Examples:
      tinygesture data cut continuous/1 --margin 0.2
      tinygesture data cut continuous/1 --seconds 1.5
      tinygesture data cut continuous/1 --from 12.5 --to 14 --label wave
      tinygesture data cut circle/3 --from 0.2 --to 1.4
    """
    from tinygesture.dataset import Dataset

    out = Output(as_json)
    dataset = Dataset.open(data)
    [entry] = named(dataset, [recording])
    if start_s is None and end_s is None and label is None:
        _cut_intervals(out, dataset, entry, margin_s, seconds, again)
    elif start_s is None or end_s is None or margin_s is not None or seconds is not None or again:
        raise UserError("For one piece name --from and --to, with --label; for all, none of them.")
    else:
        _cut_piece(out, dataset, entry, start_s, end_s, label or entry.label)


def _cut_piece(
    out: Output, dataset: "Dataset", entry: "Entry", start_s: float, end_s: float, label: str
) -> None:
    from tinygesture.dataset.cutting import cut
    from tinygesture.dataset.find import name_of

    if not label:
        raise UserError("A continuous recording has no label: say with --label what the piece is.")
    piece = cut(dataset, entry, start_s, end_s, label)
    kept = f"; it is in the trash as it was, with the id {entry.id}" if entry.label else ""
    out.say(f"{piece.samples} samples of {name_of(entry)} are {name_of(piece)} now{kept}.")
    out.emit(asdict(piece))


def _cut_intervals(
    out: Output,
    dataset: "Dataset",
    entry: "Entry",
    margin_s: float | None,
    seconds: float | None,
    again: bool,
) -> None:
    from tinygesture.dataset.cutting import cut_intervals

    if entry.label:
        raise UserError(f"{entry.file} is one {entry.label}: name a piece with --from and --to.")
    if margin_s is not None and seconds is not None:
        raise UserError("--margin and --seconds both say how much to cut: give one of them.")
    new, before, notes = cut_intervals(
        dataset, entry, margin_s=margin_s or 0.0, seconds=seconds, again=again
    )
    for note in notes:
        out.say(note)
        out.emit({"note": note})
    for piece in new:
        out.emit(asdict(piece))
    anew = "" if again else " (delete them, and add --again, to cut them anew)"
    earlier = f"; {before} had been cut before{anew}" if before else ""
    out.say(f"{counted(new)} cut out of {entry.file}{earlier}.")
