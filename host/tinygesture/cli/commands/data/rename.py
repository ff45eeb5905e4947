"""Other names for labels, subjects and sessions."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tinygesture.cli.options import json_option
from tinygesture.cli.output import Output
from tinygesture.cli.selection import data_option

if TYPE_CHECKING:
    from tinygesture.dataset.renaming import Kind


@click.command("rename")
@click.argument("kind", type=click.Choice(["label", "subject", "session"]))
@click.argument("old")
@click.argument("new")
@click.option("--join", is_flag=True, help="Make the two one, if NEW is there already.")
@click.option("--of", "origin", default="", metavar="ID", help="Of several subjects called OLD.")
@data_option
@json_option
def command(
    kind: "Kind", old: str, new: str, join: bool, origin: str, data: Path, as_json: bool
) -> None:
    """Give a label, a subject or a session another name.

    A renamed subject becomes a person of this data set. Two people, two labels or two sessions
    become one only with --join; `rename subject s1 s1 --join` makes one of two people called s1.

    \b
    Examples:
      tinygesture data rename subject s1 anna
      tinygesture data rename label circel circle --join
    """
    from tinygesture.dataset import Dataset
    from tinygesture.dataset.renaming import rename

    out = Output(as_json)
    count = rename(Dataset.open(data), kind, old, new, join=join, origin=origin)
    told: dict[str, Any] = {"renamed": count, "kind": kind, "old": old, "new": new}
    out.say(f"The {kind} {old} is {new} now, in {count} recording{'' if count == 1 else 's'}.")
    out.emit(told)
