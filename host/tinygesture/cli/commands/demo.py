"""Play the whole story on a virtual board."""

import json
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tinygesture import boards
from tinygesture.cli.options import FOLDER
from tinygesture.cli.output import Output
from tinygesture.cli.running import FAILED
from tinygesture.errors import UserError
from tinygesture.training.architectures import ARCHITECTURES

if TYPE_CHECKING:
    from tinygesture.cli.monitor import Gesture
    from tinygesture.evaluation.matching import Match

MODEL = "demo"
FOLDER_NAME = "demo"
ENOUGH = 0.9  # of the gestures
FALSE_ALLOWED = 1


@click.command()
@click.option("--data", type=FOLDER, help="Use this data set instead of virtual hands.")
@click.option(
    "--board", type=click.Choice(["cm4", "native"]), default="cm4", help="A virtual board.  [cm4]"
)
@click.option(
    "--arch", type=click.Choice(list(ARCHITECTURES)), default="gru", help="Of the model.  [gru]"
)
@click.option(
    "--engine",
    type=click.Choice(list(boards.ENGINES)),
    default=boards.ENGINES[0],
    help=f"What runs the model; tflm: on cm4.  [{boards.ENGINES[0]}]",
)
def command(data: Path | None, board: str, arch: str, engine: str) -> int:
    """Play the whole story on a virtual board: record, train, flash, recognise, verify.

    Runs the commands that a user would type. Writes into demo/ and models/demo only, and flashes
    the virtual board.

    \b
    Example:
      tinygesture demo
    """
    from tinygesture import project
    from tinygesture.cli import story
    from tinygesture.cli.monitor import Gesture
    from tinygesture.cli.steps import Steps
    from tinygesture.cli.trial import missing_tools
    from tinygesture.dataset import Dataset
    from tinygesture.evaluation.matching import match

    began = time.monotonic()
    out = Output(as_json=False)
    if missing := missing_tools(boards.VIRTUAL_BOARDS[board]):
        out.say(f"{missing[0]} is not installed, so the story is played on sim://native.")
        board = "native"
    boards.VIRTUAL_BOARDS[board].env(engine)  # else the story would end in the middle
    folder, recordings = project.root() / FOLDER_NAME, f"{FOLDER_NAME}/recordings"
    if data is not None and data.resolve().is_relative_to(folder):
        raise UserError(
            f"{data} lies in {folder}, which the demo makes anew. Copy it elsewhere first."
        )
    if data is not None:
        Dataset.open(data).require_recordings()
    shutil.rmtree(folder, ignore_errors=True)
    if data is None:
        told = story.virtual(board, recordings)
    else:
        told = story.recorded(board, data, folder / "recordings", folder / "held-out")
    steps = Steps(out, project.root())

    steps.say("A board without a model, to record with.")
    steps.run("tinygesture", "flash", "--board", board)
    steps.say(told.recording)
    for capture in told.captures:
        steps.run(*capture)
    steps.say("From recordings to a model on the board.")
    steps.run("train-and-export", recordings, "--arch", arch, "--name", MODEL)
    steps.run("tinygesture", "flash", MODEL, "--board", board, "--engine", engine)
    steps.say(told.performance)
    seconds = f"{told.seconds:.1f}"
    watched = steps.ask("tinygesture", "watch", "--port", told.port, "--seconds", seconds, "--json")
    events = [Gesture(**json.loads(line)) for line in watched.splitlines()]
    found = match(told.performed, events, {performed.label for performed in told.performed})
    _show(out, found)
    steps.say("Does the board compute what the host computes?")
    verify = ("tinygesture", "verify", MODEL, "--port", f"sim://{board}", "--json")
    outputs = json.loads(steps.ask(*verify, may_fail=True))

    performed, false = len(found.outcomes), len(found.surplus)
    hits = sum(outcome.event is not None for outcome in found.outcomes)
    out.say(f"\nThat took {time.monotonic() - began:.0f} s.")
    out.say(
        f"demo: {hits} of {performed} gestures recognised, {false} false events; "
        f"{outputs['equal']} of {outputs['vectors']} device outputs equal to the host"
    )
    good = hits >= ENOUGH * performed and false <= FALSE_ALLOWED
    return 0 if good and outputs["equal"] == outputs["vectors"] > 0 else FAILED


def _show(out: Output, found: "Match[Gesture]") -> None:
    for outcome in found.outcomes:
        event, (label, start_us, _) = outcome.event, outcome.performed
        said = f"{event.label} {event.confidence:.2f}" if event else "-"
        out.say(f"{start_us / 1e6:7.2f} s  {label:8} recognised: {said}")
    for event, _, duplicate in found.surplus:
        what = "second event" if duplicate else "false event"
        out.say(f"{event.start_s:7.2f} s  {what}: {event.label} {event.confidence:.2f}")
