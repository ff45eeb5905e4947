"""Which recordings of a data set a command is about."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tinygesture.cli.options import FOLDER
from tinygesture.cli.output import Output
from tinygesture.cli.progress import working
from tinygesture.errors import UserError

if TYPE_CHECKING:
    from tinygesture.dataset import Dataset, Entry

MANY = 500  # recordings that take a while

data_option = click.option(
    "--data", type=FOLDER, default="recordings", help="A data set.  [recordings]"
)


def selection_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """RECORDING... and --label --subject --session, for `selected`."""
    for name in ("session", "subject", "label"):
        command = click.option(f"--{name}", help=f"All recordings of this {name}.")(command)
    return click.argument("recordings", nargs=-1, metavar="[RECORDING...]")(command)


def selected(
    dataset: "Dataset",
    recordings: Sequence[str],
    label: str | None,
    subject: str | None,
    session: str | None,
) -> "list[Entry]":
    """The recordings that are named; or all of a label, a subject and a session.

    Raises UserError where nothing is named or found.
    """
    wanted = {"label": label, "subject": subject, "session": session}
    wanted = {name: value for name, value in wanted.items() if value is not None}
    if bool(recordings) == bool(wanted):
        raise UserError("Name recordings, or all of some with --label, --subject and --session.")
    if recordings:
        return named(dataset, recordings)
    found = [
        entry
        for entry in dataset.every
        if all(getattr(entry, name) == value for name, value in wanted.items())
    ]
    if not found:
        what = " and ".join(f"the {name} {value!r}" for name, value in wanted.items())
        raise UserError(
            f"No recording in {dataset.path} has {what}. `tinygesture data list --data "
            f"{dataset.path}` shows what there is."
        )
    return found


def named(dataset: "Dataset", recordings: Sequence[str]) -> "list[Entry]":
    """Each by its name (circle/3), its id or the beginning of that, or its file; once each.

    Raises UserError where one is not there, or is a label.
    """
    from tinygesture.dataset.find import find

    found: dict[str, Entry] = {}
    for name in recordings:
        if name in dataset.labels:
            raise UserError(f"{name!r} is a label. Name one recording, or all with --label {name}.")
        for entry in find(dataset, inside(dataset, name)):
            found[entry.file] = entry
    return [*found.values()]


def inside(dataset: "Dataset", name: str) -> str:
    """The path of a file as the index has it, where `name` is one."""
    path, folder = Path(name), dataset.path.resolve()
    if path.is_file() and folder in path.resolve().parents:
        return path.resolve().relative_to(folder).as_posix()
    return name


def busy(out: Output, doing: str, entries: "Sequence[Entry]") -> AbstractContextManager[Any]:
    """Shows that something goes on, where it may take long."""
    return working(out, doing) if len(entries) > MANY else nullcontext()


def counted(entries: Sequence[Any]) -> str:
    return f"{len(entries)} recording{'' if len(entries) == 1 else 's'}"
