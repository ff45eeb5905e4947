"""Turn a data set into a model for the board."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tinygesture.cli.options import FOLDER, FiniteRange, json_option
from tinygesture.cli.output import Output
from tinygesture.cli.running import FAILED
from tinygesture.cli.training_settings import Change, changed, changes
from tinygesture.training.architectures import ARCHITECTURES, architecture

if TYPE_CHECKING:
    from tinygesture.cli.progress import Stages
    from tinygesture.export.pipeline import Result


@click.command()
@click.argument("data", type=FOLDER)
@click.option("--arch", type=click.Choice(list(ARCHITECTURES)), help="Needed without --base.")
@click.option("--name", required=True, help="The model will be in models/NAME.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, help="Of the training.  [0]")
@click.option(
    "--false-per-hour",
    type=FiniteRange(0.01, 100),
    help="Events while nobody makes a gesture: fewer cost gestures missed.  [0.5]",
)
@click.option(
    "--set",
    "altered",
    metavar="NAME=VALUE",
    multiple=True,
    callback=changes,
    help="Change one setting of the training, such as mirrored=0.5 (half of the recordings by the "
    "other hand) or patience=4 (early stopping): docs/training.md has all. Not with --base.",
)
@click.option("--base", help="Adapt this model of yours to one person, instead of a new training.")
@click.option(
    "--shots",
    type=click.IntRange(1),
    help="With --base: adapt with so many recordings of each label, test on the others.",
)
@click.option("--subject", help="With --base: whom of DATA to adapt to, if there are several.")
@json_option
def command(
    data: Path,
    arch: str | None,
    name: str,
    seed: int,
    false_per_hour: float | None,
    altered: list[Change],
    base: str | None,
    shots: int | None,
    subject: str | None,
    as_json: bool,
) -> int:
    """Train a model on the recordings in DATA, and export it for the board into models/NAME.

    Trains, quantises to int8, writes TFLite, a C array and C++, and proves on the virtual boards
    that they compute what TensorFlow Lite Micro computes. A model that fails is not kept. What it
    can do, where it fails and what it costs is in models/NAME/report.html.

    With --base, a model that exists is adapted to somebody new, in less than a minute, from a few
    of their recordings of each of its labels.

    \b
    Examples:
      train-and-export recordings --arch gru --name swing
      train-and-export recordings --arch gru --name swing --set mirrored=0.5
      train-and-export ben --base swing --shots 3 --name swing-ben
    """
    from tinygesture import project
    from tinygesture.cli.doubtful import doubtful
    from tinygesture.cli.keeping import keep
    from tinygesture.cli.training_told import closing
    from tinygesture.dataset import Dataset
    from tinygesture.export.adaptation import BRIEF, adapt_and_export
    from tinygesture.export.bundle import REPORT, Bundle
    from tinygesture.export.detection import Aim
    from tinygesture.export.limits import check_model_name
    from tinygesture.export.pipeline import train_and_export

    out = Output(as_json)
    check_model_name(name)
    dataset = Dataset.open(data)
    aim = Aim() if base is None else BRIEF
    if false_per_hour:
        aim = replace(aim, false_per_hour=false_per_hour)
    if base is None:
        if shots is not None or subject is not None:
            raise click.UsageError("--shots and --subject need --base: a model to adapt.")
        if arch is None:
            kinds = " or ".join(f"--arch {kind}" for kind in ARCHITECTURES)
            raise click.UsageError(f"A new training takes {kinds}, an adapted model --base.")
        chosen = architecture(arch)

        def make(folder: Path, progress: "Stages") -> "Result":
            settings = changed(altered)
            return train_and_export(dataset, chosen, name, folder, seed, progress, settings, aim)

    else:
        if arch is not None or altered:
            raise click.UsageError(
                "The architecture is that of the base, and adapting has settings of its own: leave "
                "--arch and --set out."
            )
        bundle = Bundle.find(base, project.models())
        if name == bundle.name:
            raise click.UsageError(
                f"The adapted model would take the place of its base {base}: give it another "
                "--name, so that you can go back."
            )

        def make(folder: Path, progress: "Stages") -> "Result":
            return adapt_and_export(
                bundle, dataset, name, folder, shots, subject, seed, progress, aim=aim
            )

    for warning in doubtful(dataset, subject):
        out.say(warning)
    result = keep(out, make)
    if result is None:
        return FAILED
    bundle = result.bundle
    for line in closing(bundle):
        out.say(line)
    golden, report = bundle.manifest["golden"], str(bundle.path / REPORT)
    adaptation = {key: bundle.manifest[key] for key in ("adaptation",) if key in bundle.manifest}
    out.emit({**result.summary(), **adaptation, "golden": golden, "report": report})
    return 0
