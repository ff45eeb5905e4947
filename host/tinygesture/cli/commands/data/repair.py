"""Mending a data set."""

from pathlib import Path

import click

from tinygesture.cli.options import json_option
from tinygesture.cli.output import Output
from tinygesture.cli.progress import working
from tinygesture.cli.selection import data_option


@click.command("repair")
@data_option
@json_option
def command(data: Path, as_json: bool) -> None:
    """Mend a data set whose index and files disagree, and say what was done.

    No recording is deleted: damaged files, and lines taken out of the index, go to the folder
    `damaged`. A file that lies with another label has that label. Recordings that were interrupted
    become whole ones.

    \b
    Example:
      tinygesture data repair --data recordings
    """
    from tinygesture.dataset import Dataset
    from tinygesture.dataset.repair import repair

    out = Output(as_json)
    with working(out, f"Comparing the index of {data} with its files"):
        mended = repair(data)
    for one in mended:
        out.say(f"{one.file} {one.what}.")
        out.emit(one._asdict())
    out.say(f"{len(mended)} repaired in {data}." if mended else f"Nothing to repair in {data}.")
    out.emit({"repaired": len(mended), "recordings": len(Dataset.open(data).every)})
