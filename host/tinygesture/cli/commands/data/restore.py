"""Recordings out of the trash."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tinygesture.cli.options import json_option
from tinygesture.cli.output import Output
from tinygesture.cli.selection import busy, counted, data_option, selected, selection_options
from tinygesture.errors import UserError, typed

if TYPE_CHECKING:
    from tinygesture.dataset import Entry


@click.command("restore")
@selection_options
@click.option("--all", "everything", is_flag=True, help="All that is in the trash.")
@data_option
@json_option
def command(
    recordings: tuple[str, ...],
    label: str | None,
    subject: str | None,
    session: str | None,
    everything: bool,
    data: Path,
    as_json: bool,
) -> None:
    """Bring recordings back from the trash, as they were; without names, list what is there.

    A gesture of which a piece was cut stays in the trash unless it is named.

    \b
    Examples:
      tinygesture data restore
      tinygesture data restore 9f31c2
      tinygesture data restore --all
    """
    from tinygesture.dataset import Dataset
    from tinygesture.dataset.pieces import pieces_of

    out = Output(as_json)
    dataset = Dataset.open(data)
    trash = dataset.trash
    if trash is None or not trash.every:
        raise UserError(f"The trash of {data} is empty: nothing was deleted.")
    chosen = recordings, label, subject, session
    if not everything and not any(chosen):
        _list(out, trash.every)
        return
    entries = trash.every if everything else selected(trash, *chosen)
    there = {entry.id for entry in dataset.every}
    new = [entry for entry in entries if entry.id not in there]
    with busy(out, "Bringing recordings back", new):
        pieces = {} if recordings else pieces_of(dataset, trash, new)
        back = [entry for entry in new if entry.id not in pieces]
        restored = dataset.restore(back)
    out.say(f"{counted(restored)} brought back to {data}.")
    for id, piece in pieces.items():
        out.say(
            f"{id} stays in the trash, because {piece.file} was cut from it: "
            f"`tinygesture data restore {id} --data {typed(data)}` brings it back all the same."
        )
    if len(new) < len(entries):
        out.say(f"{counted(entries[len(new) :])} not, because {data} has the same id already.")
    for entry in restored:
        out.emit(asdict(entry))


def _list(out: Output, entries: "list[Entry]") -> None:
    for entry in entries:
        what = entry.label or "continuous"
        out.say(f"{entry.id}  {what} of {entry.subject}, {entry.samples:,} samples")
        out.emit({"in_trash": asdict(entry)})
    out.say(f"{counted(entries)} in the trash: name some by their ids, or all with --all.")
