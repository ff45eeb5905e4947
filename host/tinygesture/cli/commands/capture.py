"""Record gestures: countdown or motion, record, save, look, next; or one long recording."""

import sys
from collections import Counter
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tinygesture.cli.options import FOLDER, Seconds, chosen_port, json_option, port_option
from tinygesture.cli.output import Output
from tinygesture.cli.running import Interrupted
from tinygesture.errors import UserError, typed

if TYPE_CHECKING:
    from tinygesture.cli.capturing.words import View
    from tinygesture.dataset import Dataset

SECONDS, MOST_SECONDS = 1.5, 4.0  # of a guided recording, and of a triggered one at most
LONGEST_S = 60.0  # of a gesture
HIGHEST_DPS = 1000.0


def _threshold(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """A number of °/s, or "auto"."""
    try:
        fits = value in (None, "auto") or 0 < float(value or "") <= HIGHEST_DPS
    except ValueError:
        fits = False
    if not fits:
        raise click.BadParameter(f"{value!r} is neither auto nor above 0 up to {HIGHEST_DPS:g}.")
    return value


@click.command()
@click.argument("labels", nargs=-1, required=True, metavar="LABEL...")
@click.option(
    "--count",
    type=click.IntRange(1, 10_000),
    default=10,
    help="Recordings of each label in this session; those that are there count.  [10]",
)
@click.option(
    "--order", type=click.Choice(["given", "shuffled"]), default="given", help="Of labels.  [given]"
)
@click.option(
    "--seconds",
    type=Seconds(0.2, 86_400),
    help="Of a recording.  [1.5; with --trigger at most 4; with --continuous until you end it]",
)
@click.option("--countdown", type=Seconds(0, 60), default=1.0, help="Seconds to get ready.  [1.0]")
@click.option("--trigger", is_flag=True, help="Motion starts a recording, and rest ends it.")
@click.option(
    "--threshold",
    metavar="DPS|auto",
    callback=_threshold,
    help="For --trigger: °/s, or hundredths of a g; auto measures a hand at rest.  [auto]",
)
@click.option("--pre-roll", type=Seconds(0, 2), default=0.3, help="Kept from before it.  [0.3]")
@click.option("--continuous", is_flag=True, help="One long recording; keys 1-9 mark the labels.")
@click.option(
    "--faulty",
    type=click.Choice(["mark", "refuse"]),
    default="mark",
    help="What becomes of faulty recordings: refused ones are made again.  [mark]",
)
@click.option("--review/--no-review", default=True, help="Ask what to keep, on a terminal.")
@click.option("--bell", is_flag=True, help="The terminal's bell at start and stop.")
@click.option("--subject", help="Who makes the gestures.  [virtual-N, the last one here, or s1]")
@click.option("--session", help="The name of this sitting.  [the date]")
@click.option("--data", type=FOLDER, default="recordings", help="A data set.  [recordings]")
@port_option
@json_option
def command(
    labels: tuple[str, ...],
    count: int,
    order: str,
    seconds: float | None,
    countdown: float,
    trigger: bool,
    threshold: str | None,
    pre_roll: float,
    continuous: bool,
    faulty: str,
    review: bool,
    bell: bool,
    subject: str | None,
    session: str | None,
    data: Path,
    port: str | None,
    as_json: bool,
) -> None:
    """Record gestures into a data set: countdown, record, save, look, next.

    Each recording is on the disk before you are asked about it. The same command again goes on
    where the session stopped. Record rest as well, so that the model learns what is no gesture.

    \b
    Examples:
      capture circle punch rest --subject anna --port /dev/ttyACM0
      capture circle punch rest --trigger --order shuffled
      capture circle punch --continuous --seconds 120
    """
    from tinygesture.cli.capturing.board import Board
    from tinygesture.cli.capturing.continuous import KEYS, Continuous
    from tinygesture.cli.capturing.keys import keys_of
    from tinygesture.cli.capturing.manner import Manner, Triggering
    from tinygesture.cli.capturing.marks import MOST
    from tinygesture.cli.capturing.script import Order, Script
    from tinygesture.cli.capturing.sitting import WHILE_RECORDING, Sitting
    from tinygesture.cli.capturing.who import Who, virtual_person
    from tinygesture.cli.capturing.words import Job, beginning, ending
    from tinygesture.cli.doubtful import doubtful
    from tinygesture.cli.memory import last_subject, remember_subject
    from tinygesture.dataset import Dataset, check_name
    from tinygesture.dataset.journal import recover

    out = Output(as_json)
    if session is None:
        session = date.today().isoformat()
    named = (
        ("label", labels),
        ("subject", [] if subject is None else [subject]),
        ("session", [session]),
    )
    for what, names in named:
        for name in names:
            check_name(name, what)
    triggering = None
    if trigger or threshold:
        dps = None if threshold in (None, "auto") else float(threshold or 0)
        triggering = Triggering(dps, pre_roll)
    if continuous and (triggering or len(labels) > MOST):
        raise UserError(
            f"A continuous recording has no trigger, and keys for {MOST} labels: leave out "
            f"--trigger and --threshold, and name {MOST} labels at most."
        )
    if not continuous and seconds and seconds > LONGEST_S:
        raise UserError(f"A gesture takes {LONGEST_S:g} s at most; --continuous takes longer.")
    if triggering and seconds and seconds <= pre_roll:
        raise UserError("With --trigger, --seconds has to be longer than --pre-roll.")
    watched = out.on_terminal and sys.stdin.isatty()
    with Board(chosen_port(port), watched) as board:
        dataset = Dataset.open_or_create(data)
        virtual = board.info.imu.startswith("virtual")
        if subject is None and virtual:
            subject = virtual_person(board.port)
            out.say(f"A virtual person holds this board and is recorded as {subject}.")
        elif subject is None:
            subject = last_subject() or "s1"
        for entry in recover(dataset):
            out.say(f"A recording that was cut off is saved as {entry.file}.")
        who = Who(subject, session, dataset.id)
        if not virtual:
            remember_subject(subject)
        heading = f"{subject}, {session}, {board.info.board}"
        keys_shown = KEYS if continuous else WHILE_RECORDING
        job: Job
        with (
            _view(out, heading, keys_shown) as view,
            keys_of(watched) as keys,
        ):
            if continuous:
                job = Continuous(board, dataset, labels, seconds, who, view, keys, out)
            else:
                there = Counter(entry.label for entry in dataset.entries if who.made(entry))
                script = Script(labels, count, there, Order(order))
                view.say(beginning(script, who))
                manner = Manner(
                    countdown,
                    seconds or (MOST_SECONDS if triggering else SECONDS),
                    triggering,
                    faulty == "refuse",
                    watched and review,
                    bell,
                )
                job = Sitting(board, dataset, script, manner, who, view, keys, out)
            try:
                job.run()
            except KeyboardInterrupt:
                raise Interrupted(f"Stopped; {ending(job, data)}") from None
            except UserError as error:
                raise UserError(f"{error} ({ending(job, data)})") from error
    out.say(f"{'Stopped' if job.missing else 'Done'}: {ending(job, data)}")
    if not continuous:
        for warning in doubtful(dataset):
            out.say(warning)
        if not job.missing:
            out.say(_next(dataset, data))


def _next(dataset: "Dataset", data: Path) -> str:
    """To train a model, or to record what is missing for that."""
    from tinygesture.export.limits import check_data_set

    try:
        check_data_set(dataset)
    except UserError as error:
        return str(error)
    return f"Train a model on them with: train-and-export {typed(data)} --arch gru --name NAME"


def _view(out: Output, heading: str, keys: str) -> AbstractContextManager["View"]:
    if not out.on_terminal:
        from tinygesture.cli.capturing.plain import PlainView

        return PlainView(out)
    from tinygesture.cli.capturing.view import LiveView

    return LiveView(out.console(), heading, keys)
