"""Recordings into the trash."""

from dataclasses import asdict
from pathlib import Path

import click

from tinygesture.cli.options import json_option
from tinygesture.cli.output import Output
from tinygesture.cli.selection import busy, counted, data_option, selected, selection_options
from tinygesture.errors import typed

NAMED = 3  # ids in the sentence that says how to bring them back


@click.command("delete")
@selection_options
@data_option
@json_option
def command(
    recordings: tuple[str, ...],
    label: str | None,
    subject: str | None,
    session: str | None,
    data: Path,
    as_json: bool,
) -> None:
    """Move recordings to the trash, from which `tinygesture data restore` brings them back.

    A recording is named as lists show it, by its id or its file. The trash is the folder `trash`
    of the data set; who removes that folder removes them for good.

    \b
    Examples:
      tinygesture data delete circle/3 circle/7
      tinygesture data delete --label circle --subject anna
    """
    from tinygesture.dataset import Dataset

    out = Output(as_json)
    dataset = Dataset.open(data)
    entries = selected(dataset, recordings, label, subject, session)
    with busy(out, "Moving recordings to the trash", entries):
        dataset.remove(entries)
    chosen = {"label": label, "subject": subject, "session": session}
    how = [f"--{name} {value}" for name, value in chosen.items() if value]
    how = how or [entry.id for entry in entries]
    back = " ".join(how) if len(how) <= NAMED else "RECORDING..."
    out.say(
        f"{counted(entries)} moved to the trash. To bring back: "
        f"tinygesture data restore {back} --data {typed(data)}"
    )
    for entry in entries:
        out.emit(asdict(entry))
