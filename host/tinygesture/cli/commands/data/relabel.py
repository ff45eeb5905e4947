"""Recordings under another label."""

from dataclasses import asdict
from pathlib import Path

import click

from tinygesture.cli.options import json_option
from tinygesture.cli.output import Output
from tinygesture.cli.selection import busy, counted, data_option, named
from tinygesture.errors import UserError


@click.command("relabel")
@click.argument("recordings", nargs=-1, required=True, metavar="RECORDING...")
@click.option("--label", required=True, help="What they are.")
@data_option
@json_option
def command(recordings: tuple[str, ...], label: str, data: Path, as_json: bool) -> None:
    """Give recordings another label. Each is named as lists show it, by its id or its file.

    \b
    Example:
      tinygesture data relabel circle/3 9f31c2 --label wave
    """
    from tinygesture.dataset import Dataset
    from tinygesture.dataset.find import name_of

    out = Output(as_json)
    dataset = Dataset.open(data)
    entries = named(dataset, recordings)
    if any(not entry.label for entry in entries):
        raise UserError(
            "A continuous recording has no label: what happened in it has. Cut it into gestures "
            "with `tinygesture data cut`."
        )
    names = {entry.id: name_of(entry) for entry in entries}
    with busy(out, "Moving recordings", entries):
        moved = dataset.relabel(entries, label)
    for entry in moved:
        out.say(f"{names[entry.id]} is {name_of(entry)} now.")
        out.emit(asdict(entry))
    if len(moved) < len(entries):
        out.say(f"{counted(entries[len(moved) :])} had the label {label} already.")
