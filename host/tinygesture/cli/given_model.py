"""The model that a command compiles: a .tflite file, or a model of one's own."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import click

from tinygesture.errors import UserError

state_option = click.option(
    "--state",
    "state",
    multiple=True,
    metavar="INPUT=OUTPUT",
    help="An input that gets the bytes of an output in the next inference; several times. "
    "A model of yours knows its own.",
)

hop_option = click.option(
    "--hop",
    type=click.IntRange(1),
    metavar="SAMPLES",
    help="By how much the window moves on from one inference to the next, to stream.",
)

NOT_STREAMED = "It cannot be streamed: every call takes its whole window."


class Given(NamedTuple):
    """As compile_model takes it."""

    model: bytes
    state: dict[str, str]
    hop: int | None


def read_model(model: str, state: Sequence[str], hop: int | None) -> Given:
    """A file with the state and hop given, or a bundle by its name with its own.

    Raises UserError where there is none, or a pair of state is no pair.
    """
    from tinygesture import project
    from tinygesture.dataset.files import clear_errors
    from tinygesture.export.bundle import Bundle

    if not model.endswith(".tflite") and not Path(model).is_file():
        if state or hop:
            raise UserError(f"The model {model} knows its own: leave --state and --hop out.")
        bundle = Bundle.find(model, project.models())
        return Given(bundle.model, bundle.state, bundle.hop)
    pairs = dict(pair.partition("=")[::2] for pair in state)
    if not all(name and output for name, output in pairs.items()):
        raise UserError("--state takes INPUT=OUTPUT, the names of an input and of an output.")
    with clear_errors(Path(model), "read"):
        return Given(Path(model).read_bytes(), pairs, hop)
