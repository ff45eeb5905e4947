"""Record gestures: countdown or motion, record, save, look, next; or one long recording."""

import sys
from collections import Counter
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tinygesture.cli.options import FOLDER, Seconds, chosen_port, json_option, port_option
from tinygesture.cli.output import Output
from tinygesture.cli.running import Interrupted
from tinygesture.errors import UserError

if TYPE_CHECKING:
    from tinygesture.cli.capturing.keys import Keys
    from tinygesture.cli.capturing.words import View
    from tinygesture.dataset import Dataset

SECONDS, MOST_SECONDS = 1.5, 4.0  # of a guided recording, and of a triggered one at most
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
    "--seconds", type=Seconds(0.2, 60), help="Of a recording; with --trigger at most.  [1.5; 4]"
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
@click.option(
    "--faulty",
    type=click.Choice(["mark", "refuse"]),
    default="mark",
    help="What becomes of faulty recordings: refused ones are made again.  [mark]",
)
@click.option("--review/--no-review", default=True, help="Ask what to keep, on a terminal.")
@click.option("--bell", is_flag=True, help="The terminal's bell at start and stop.")
@click.option("--subject", default="s1", help="Who makes the gestures.  [s1]")
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
    faulty: str,
    review: bool,
    bell: bool,
    subject: str,
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
    """
    from tinygesture.cli.capturing.board import Board
    from tinygesture.cli.capturing.script import Order, Script
    from tinygesture.cli.capturing.sitting import Manner, Sitting, Triggering
    from tinygesture.cli.capturing.words import beginning, several
    from tinygesture.dataset import Dataset, check_name

    out = Output(as_json)
    session = session or date.today().isoformat()
    for what, names in (("label", labels), ("subject", [subject]), ("session", [session])):
        for name in names:
            check_name(name, what)
    triggering = None
    if trigger or threshold:
        dps = None if threshold in (None, "auto") else float(threshold)
        triggering = Triggering(dps, pre_roll)
    manner = Manner(
        countdown,
        seconds or (MOST_SECONDS if triggering else SECONDS),
        triggering,
        faulty == "refuse",
        bell,
    )
    watched = out.on_terminal and sys.stdin.isatty()
    with Board(chosen_port(port), watched) as board:
        dataset = Dataset.open_or_create(data)
        script = Script(labels, count, _there(dataset, subject, session), Order(order))
        out.say(beginning(script, subject, session))
        heading = f"{subject}, {session}, {board.info.board}"
        with _view(out, heading) as view, _keys(watched and review) as keys:
            sitting = Sitting(board, dataset, script, manner, subject, session, view, keys, out)
            try:
                sitting.run()
                stopped = False
            except KeyboardInterrupt:
                stopped = True
            except UserError as error:
                raise UserError(f"{error} ({several(sitting.saved)} saved in {data}.)") from error
    saved = f"{several(sitting.saved)} saved in {data}."
    if script.missing:
        saved += f" The same command goes on: {script.missing} of {script.total} are missing."
    if stopped:
        raise Interrupted(f"Stopped; {saved}")
    out.say(f"{'Stopped' if script.missing else 'Done'}: {saved}")
    if not script.missing:
        out.say(f"Train a model on them with: train-and-export {data} --arch gru --name NAME")


def _there(dataset: "Dataset", subject: str, session: str) -> Counter[str]:
    """How many recordings of each label this person has made in this session already."""
    mine = (dataset.id, subject, session)
    return Counter(e.label for e in dataset.entries if (*e.person, e.session) == mine)


def _view(out: Output, heading: str) -> AbstractContextManager["View"]:
    if not out.on_terminal:
        from tinygesture.cli.capturing.plain import PlainView

        return PlainView(out)
    from tinygesture.cli.capturing.sitting import WHILE_RECORDING
    from tinygesture.cli.capturing.view import LiveView

    return LiveView(out.console(), heading, WHILE_RECORDING)


def _keys(somebody: bool) -> AbstractContextManager["Keys"]:
    from tinygesture.cli.capturing.keys import NoKeys, TerminalKeys

    return TerminalKeys() if somebody else nullcontext(NoKeys())
