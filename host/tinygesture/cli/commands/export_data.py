"""Write a data set in other programs' formats."""

from pathlib import Path

import click

from tinygesture.cli.options import FOLDER, json_option
from tinygesture.cli.output import Output
from tinygesture.cli.selection import counted


@click.command("export-data")
@click.argument("out_folder", metavar="OUT", type=FOLDER)
@click.option(
    "--format",
    "chosen",
    type=click.Choice(["tutorial", "edge-impulse"]),
    required=True,
    help="tutorial: LABEL.csv, g and °/s; edge-impulse: one JSON file per recording.",
)
@click.option("--data", type=FOLDER, default="recordings", help="A data set.  [recordings]")
@click.option("--label", "labels", multiple=True, help="Only this label; several times for more.")
@json_option
def command(
    out_folder: Path, chosen: str, data: Path, labels: tuple[str, ...], as_json: bool
) -> None:
    """Write recordings into the folder OUT, for other programs.

    Import them again with --imu other: the gyroscope is written as it truly was.

    \b
    Examples:
      tinygesture export-data csv --format tutorial
      tinygesture export-data upload --format edge-impulse --label circle
    """
    from tinygesture.cli.progress import stages
    from tinygesture.dataset import Dataset
    from tinygesture.dataset.exporting import to_edge_impulse, to_tutorial
    from tinygesture.errors import UserError

    out = Output(as_json)
    dataset = Dataset.open(data)
    dataset.require_recordings()
    if unknown := sorted({*labels} - {*dataset.labels}):
        raise UserError(
            f"{data} has no recording of {unknown[0]}. It has: {', '.join(dataset.labels)}."
        )
    entries = [entry for entry in dataset.entries if not labels or entry.label in labels]
    write = to_tutorial if chosen == "tutorial" else to_edge_impulse
    with stages(out) as advance:
        files = write(
            dataset, entries, out_folder, lambda done, total: advance("exporting", done, total)
        )
    out.say(f"{len(entries):,} recordings written to {out_folder} in {len(files):,} files.")
    if dataset.continuous:
        out.say(f"{counted(dataset.continuous)} left out, because continuous.")
    rates = sorted(entry.rate_hz for entry in entries)
    if chosen == "tutorial":
        out.say(
            f"The format holds no rate: it is {rates[0]:g} to {rates[-1]:g} Hz here. "
            "To import it again, say --imu other --rate HZ."
        )
    out.emit({"recordings": len(entries), "files": [str(file) for file in files]})
