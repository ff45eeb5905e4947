"""The command that makes a synthetic data set."""

import re
import sys

import click

from tinygesture.errors import UserError
from tinygesture.synth.make import make_dataset
from tinygesture.synth.repertoire import BASIC
from tinygesture.synth.sensor import IMUS


def parse_subjects(text: str) -> list[int]:
    """ "1-3,7" -> [1, 2, 3, 7]. Raises UserError."""
    subjects: list[int] = []
    for part in text.split(","):
        found = re.fullmatch(r"([0-9]{1,4})(?:-([0-9]{1,4}))?", part.strip())
        if not found:
            raise UserError(f"Subjects are numbers such as 1-8 or 2,5, not {text!r}.")
        subjects += range(int(found[1]), int(found[2] or found[1]) + 1)
    return subjects


@click.command()
@click.argument("folder", type=click.Path())
@click.option("--labels", default=",".join(BASIC), show_default=True, help="What to perform.")
@click.option(
    "--subjects",
    default="1-8",
    show_default=True,
    help="Who performs it: 1-8 are eight people, 3 is one.",
)
@click.option("--count", default=4, show_default=True, help="Recordings per label and subject.")
@click.option("--seconds", default=1.5, show_default=True, help="Length of a recording.")
@click.option("--imu", default="lsm9ds1", show_default=True, type=click.Choice(list(IMUS)))
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0))
def synth(
    folder: str, labels: str, subjects: str, count: int, seconds: float, imu: str, seed: int
) -> None:
    """Make a synthetic data set in FOLDER, performed by the virtual hand.

    \b
    Example:
      tinygesture synth practice --labels circle,punch,rest --subjects 1-8
    """
    from tinygesture.cli.output import Output
    from tinygesture.cli.progress import stages

    out = Output(as_json=False)
    try:
        chosen = [label.strip() for label in labels.split(",")]
        whom = parse_subjects(subjects)
        with stages(out) as progress:
            dataset = make_dataset(folder, chosen, whom, count, seed, imu, seconds, progress)
    except UserError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(2)
    out.say(f"{len(dataset.entries)} synthetic recordings in {folder}")
