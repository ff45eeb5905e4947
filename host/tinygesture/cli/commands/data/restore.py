"""Recordings out of the trash."""

from dataclasses import asdict
from pathlib import Path

import click

from tinygesture.cli.options import json_option
from tinygesture.cli.output import Output
from tinygesture.cli.selection import busy, counted, data_option, selected, selection_options
from tinygesture.errors import UserError


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
    """Bring recordings back from the trash, as they were.

    \b
    Examples:
      tinygesture data restore 9f31c2
      tinygesture data restore --all
    """
    from tinygesture.dataset import Dataset

    out = Output(as_json)
    dataset = Dataset.open(data)
    trash = dataset.trash
    if trash is None or not trash.every:
        raise UserError(f"The trash of {data} is empty: nothing was deleted.")
    chosen = recordings, label, subject, session
    entries = trash.every if everything else selected(trash, *chosen)
    there = {entry.id for entry in dataset.every}
    back = [entry for entry in entries if entry.id not in there]
    with busy(out, "Bringing recordings back", back):
        restored = dataset.restore(back)
    out.say(f"{counted(restored)} brought back to {data}.")
    if len(back) < len(entries):
        out.say(f"{counted(entries[len(back) :])} not, because {data} has the same id already.")
    for entry in restored:
        out.emit(asdict(entry))
