"""A data set as one HTML file."""

from pathlib import Path

import click

from tinygesture.cli.options import json_option
from tinygesture.cli.output import Output
from tinygesture.cli.selection import counted, data_option


@click.command("report")
@data_option
@click.option(
    "-o",
    "--output",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    default="report.html",
    show_default=True,
    help="The file to write; one that is there is replaced.",
)
@click.option("--open", "show", is_flag=True, help="Show it in the browser then.")
@json_option
def command(data: Path, file: Path, show: bool, as_json: bool) -> None:
    """Write a data set as one HTML file, to look at offline: counts, every recording, what differs.

    \b
    Examples:
      tinygesture data report --open
      tinygesture data report --data recordings -o looking.html
    """
    import webbrowser

    from tinygesture.cli.progress import stages
    from tinygesture.dataset import Dataset
    from tinygesture.report import write_dataset_report

    out = Output(as_json)
    dataset = Dataset.open(data)
    with stages(out) as progress:
        size = write_dataset_report(dataset, file, progress)
    out.say(f"{counted(dataset.every)} in {file} ({size / 1e6:.1f} MB). It opens in any browser.")
    out.emit({"file": str(file), "recordings": len(dataset.every), "bytes": size})
    if show:
        webbrowser.open(file.resolve().as_uri())
