"""Look at a data set, correct it, mend it: one module for each of these commands."""

import click

from tinygesture.cli import HELP, Commands, Listed

TABLE: dict[str, Listed] = {
    "list": Listed("data.list", "What is in a data set: recordings by label, subject, session."),
    "report": Listed("data.report", "A data set as one HTML file, to look at offline."),
    "rename": Listed("data.rename", "Give a label, a subject or a session another name."),
    "relabel": Listed("data.relabel", "Give recordings another label."),
    "cut": Listed("data.cut", "Cut a piece out of a recording, or all that is marked in it."),
    "delete": Listed("data.delete", "Move recordings to the trash."),
    "restore": Listed("data.restore", "Bring recordings back from the trash."),
    "repair": Listed("data.repair", "Mend a data set whose index and files disagree."),
}


@click.group(cls=Commands, table=TABLE, context_settings=HELP)
def command() -> None:
    """Look at a data set, correct it, mend it.

    \b
    Example:
      tinygesture data list --data recordings
    """
