"""The commands: `tinygesture`, and the short names `capture` and `train-and-export`.

COMMANDS is the table of all of them. A command's module is imported when it is run, so that
`tinygesture --help` answers at once.
"""

import importlib
from difflib import get_close_matches
from typing import Any, NamedTuple, NoReturn

import click

import tinygesture
from tinygesture.cli.running import run


class Listed(NamedTuple):
    module: str  # in tinygesture.cli.commands; it has a function `command`
    help: str


COMMANDS = {
    "doctor": Listed("doctor", "Check this computer, and say what to do."),
    "boards": Listed("boards", "List what is connected, and the virtual boards."),
    "flash": Listed("flash", "Build the firmware, with a model or without, and put it on a board."),
    "push": Listed("push", "Give a running board another model, in a second."),
    "capture": Listed("capture", "Record gestures into a data set."),
    "import": Listed("import_data", "Bring in recordings: CSV, Edge Impulse, other data sets."),
    "export-data": Listed("export_data", "Write a data set as CSV or Edge Impulse's JSON."),
    "show": Listed("show", "Show a data set, a label or a recording in the terminal."),
    "label": Listed("label", "Say what happened when in a continuous recording."),
    "data": Listed("data", "Look at a data set, correct it, mend it."),
    "train-and-export": Listed("train_and_export", "Turn a data set into a model for the board."),
    "report": Listed("report", "Show what a model can do, where it fails and what it costs."),
    "tune": Listed("tune", "Search for the model that does most within a budget."),
    "compile": Listed("compile_model", "Compile any int8 .tflite model to C++ for any project."),
    "export": Listed("export_model", "Write a model as a library for the Arduino IDE."),
    "watch": Listed("watch", "Show live what a board recognises."),
    "verify": Listed("verify", "Prove that a board computes what the host computes."),
    "evaluate": Listed("evaluate", "Measure a model on a data set, on the host or on a board."),
    "explain": Listed("explain", "Show which samples decided, and what a model remembers."),
    "benchmark": Listed("benchmark", "Count what a model costs on a Cortex-M4F."),
    "synth": Listed("synth", "Make a synthetic data set with the virtual hand."),
    "perform": Listed("perform", "Let the virtual hand perform a script, live or into a data set."),
    "demo": Listed("demo", "Play the whole story on a virtual board."),
}
HELP = {"help_option_names": ["-h", "--help"]}


def load(module: str) -> click.Command:
    """The command of a module in tinygesture.cli.commands."""
    command = importlib.import_module(f"tinygesture.cli.commands.{module}").command
    assert isinstance(command, click.Command)
    command.context_settings = HELP
    return command


class Commands(click.Group):
    """Shows a table of commands without importing their modules."""

    def __init__(self, table: dict[str, Listed], **attributes: Any) -> None:
        super().__init__(**attributes)
        self._table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return load(self._table[cmd_name].module) if cmd_name in self._table else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in self._table and (near := get_close_matches(args[0], self._table, n=1)):
            ctx.fail(f"There is no command {args[0]!r}. Did you mean {near[0]}?")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, listed.help) for name, listed in self._table.items()])


@click.group(
    cls=Commands,
    table=COMMANDS,
    epilog="Begin with `tinygesture demo`. Each command explains itself: tinygesture watch --help",
    context_settings=HELP,
)
@click.version_option(tinygesture.__version__, prog_name="tinygesture")
def group() -> None:
    """Teach an Arduino Nano 33 BLE Sense your gestures."""


def main() -> NoReturn:
    run(lambda: group, "tinygesture")


def capture() -> NoReturn:
    run(lambda: load("capture"), "capture")


def train_and_export() -> NoReturn:
    run(lambda: load("train_and_export"), "train-and-export")
