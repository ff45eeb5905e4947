"""Search for the model that does most with what the board has."""

from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING

import click

from tinygesture.cli.options import FOLDER, json_option
from tinygesture.cli.output import Output
from tinygesture.cli.running import FAILED, Interrupted
from tinygesture.training.architectures import ARCHITECTURES

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial
    from rich.table import Table

    from tinygesture.tuning.search import Point

LIMIT = click.IntRange(1)


@click.command()
@click.argument("data", type=FOLDER)
@click.option("--name", required=True, help="Of the study, and of the model in models/NAME.")
@click.option("--arch", type=click.Choice(list(ARCHITECTURES)), help="Search this one only.")
@click.option("--trials", type=click.IntRange(0), default=30, help="To be measured in all.  [30]")
@click.option("--max-instructions", type=LIMIT, help="For a second of motion; a board does 64 M.")
@click.option("--max-flash", type=LIMIT, help="Bytes that the model adds to the firmware.")
@click.option("--max-ram", type=LIMIT, help="Bytes that the model adds to the firmware.")
@click.option(
    "--storage",
    metavar="FILE|URL",
    help="Where the trials are, for processes to share.  [.tinygesture/tune/NAME.journal]",
)
@click.option("--trial", "number", type=click.IntRange(0), help="Export this trial; no search.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, help="Of everything.  [0]")
@json_option
def command(
    data: Path,
    name: str,
    arch: str | None,
    trials: int,
    max_instructions: int | None,
    max_flash: int | None,
    max_ram: int | None,
    storage: str | None,
    number: int | None,
    seed: int,
    as_json: bool,
) -> int:
    """Search for the architecture and training that suit DATA best, and export them.

    Every trial is counted on the emulated Cortex-M4F before it is trained, and not trained if it
    exceeds the limits. Shows the best trials, from cheap to accurate, and exports the most accurate
    one into models/NAME, measured on test recordings that the search has not seen.

    The same command again goes on where it stopped; run in several terminals, or on several
    computers with one --storage, it shares the work.

    \b
    Examples:
      tinygesture tune recordings --name swing --max-instructions 500000
      tinygesture tune recordings --name swing --trials 60 --storage sqlite:////net/swing.db
      tinygesture tune recordings --name swing --trial 17
    """
    from tinygesture import project
    from tinygesture.cli.doubtful import doubtful
    from tinygesture.cli.keeping import expect_room, keep
    from tinygesture.cli.progress import working
    from tinygesture.cli.training_told import closing
    from tinygesture.dataset import Dataset
    from tinygesture.errors import UserError
    from tinygesture.export import limits
    from tinygesture.tuning import search
    from tinygesture.tuning.cost import Budget, Cost
    from tinygesture.tuning.study import begun, completed, front, open_storage, open_study

    out = Output(as_json)
    limits.check_model_name(name)
    budget = Budget(max_instructions, max_flash, max_ram)
    where = storage or str(project.root() / ".tinygesture" / "tune" / f"{name}.journal")
    kinds = [arch] if arch else list(ARCHITECTURES)
    if number is not None or not trials:
        before = begun(where, name)
        if before is None:
            raise UserError(
                f"There is no study {name} in {where}. Without --trial, and with --trials above 0, "
                "the command begins one."
            )
        kinds = [arch] if arch else before.get("architectures", kinds)
    expect_room()
    dataset = Dataset.open(data)
    problem = search.Problem(dataset, kinds, seed)
    study = open_study(open_storage(where), name, problem.identity, seed)
    if known := len(completed(study)):
        out.say(f"The study has {_trials(known)} already, in {where}.")
    for warning in doubtful(dataset) if number is None else ():
        out.say(warning)
    try:
        while number is None and len(measured := completed(study)) < trials:
            doing = f"trial {len(measured) + 1} of {trials}{_to_go(measured, trials)}"
            with working(out, doing) as report:
                tried = search.try_one(study, problem, budget, report)
            out.say(_line(tried))
            out.emit({**tried.summary(), "over_budget": tried.over})
    except KeyboardInterrupt as error:
        kept = len(completed(study))
        raise Interrupted(
            f"Stopped; what was measured is kept in {where}: {_trials(kept)}. The same command "
            "goes on with it."
            if kept
            else "Stopped, before a trial was measured."
        ) from error

    asked = [trial for trial in completed(study) if trial.number == number]
    if number is not None and not asked:
        numbers = ", ".join(str(trial.number) for trial in completed(study)) or "none yet"
        raise UserError(
            f"The study {name} has no trial {number} that was measured. There are: {numbers}. "
            "Without --trial the search goes on."
        )
    if asked and (over := budget.exceeded(Cost(**asked[0].user_attrs["cost"]))):
        raise UserError(f"Trial {number} is over the limits, with {over}. Raise them or drop them.")
    best = [search.point(trial, problem) for trial in front(search.within(study, budget))]
    if not best:
        raise UserError(
            "No trial that was measured is within the limits. Raise them, or --trials, and repeat "
            "the command."
            if completed(study)
            else f"The study {name} has no trial that was measured yet. Repeat the command with "
            "more --trials."
        )
    out.console().print(_table(best))
    chosen = search.point(asked[0], problem) if asked else best[-1]
    points = [one.summary() for one in best]
    about = {"trials": len(completed(study)), "trial": chosen.number, "front": points}
    result = keep(
        out,
        lambda folder, progress: search.export_point(
            chosen, problem, name, folder, about, progress
        ),
    )
    if result is None:
        return FAILED
    out.say(
        f"Trial {chosen.number} was trained again. The accuracies above are of the recordings that "
        "the search chose by, so they flatter; those below are of others."
    )
    for line in closing(result.bundle):
        out.say(line)
    out.emit({**result.summary(), **about})
    return 0


def _trials(count: int) -> str:
    return f"{count} trial{'' if count == 1 else 's'}"


def _to_go(measured: Sequence["FrozenTrial"], trials: int) -> str:
    """What this process would need alone, as far as the trials so far tell."""
    if not measured:
        return ""
    mean = fmean(trial.duration.total_seconds() for trial in measured if trial.duration)
    minutes = mean * (trials - len(measured)) / 60
    return f", about {max(round(minutes), 1)} min to go"


def _line(tried: "Point") -> str:
    if tried.over:
        return f"Trial {tried.number}, {_words(tried)}: {tried.over} is too much, so not trained."
    return (
        f"Trial {tried.number}, {_words(tried)}: {tried.accuracy:.1%} right on validation, "
        f"{tried.cost.instructions:,} instructions a second."
    )


def _words(tried: "Point") -> str:
    parameters = tried.architecture.parameters().items()
    return " ".join([tried.architecture.name, *(f"{name}={value}" for name, value in parameters)])


def _table(best: list["Point"]) -> "Table":
    from rich.table import Table

    table = Table("trial", "model", title="The best trials: none is as good for less")
    for column in ("validation", "instructions/s", "flash", "RAM"):
        table.add_column(column, justify="right")
    for one in best:
        cost = one.cost
        figures = (f"{cost.instructions:,}", f"{cost.flash:,}", f"{cost.ram:,}")
        table.add_row(str(one.number), _words(one), f"{one.accuracy:.1%}", *figures)
    return table
