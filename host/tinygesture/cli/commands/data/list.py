"""What is in a data set."""

from collections import Counter
from pathlib import Path

import click

from tinygesture.cli.options import FOLDER, json_option
from tinygesture.cli.output import Output


@click.command("list")
@click.option("--data", type=FOLDER, default="recordings", help="A data set.  [recordings]")
@json_option
def command(data: Path, as_json: bool) -> None:
    """Count the recordings of a data set by label.

    \b
    Example:
      tinygesture data list --data recordings
    """
    from tinygesture.dataset import Dataset

    out = Output(as_json)
    counts = Counter(entry.label for entry in Dataset.open(data).entries)
    for label, count in sorted(counts.items()):
        out.say(f"{label:24} {count}")
        out.emit({"label": label, "recordings": count})
