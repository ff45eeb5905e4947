"""Look at a data set, correct it, mend it: one module for each of these commands."""

import click

from tinygesture.cli import HELP, Commands, Listed

TABLE: dict[str, Listed] = {
    "list": Listed("data.list", "What is in a data set: recordings by label, subject, session."),
    "report": Listed("data.report", "A data set as one HTML file, to look at offline."),
}


@click.group(cls=Commands, table=TABLE, context_settings=HELP)
def command() -> None:
    """Look at a data set, correct it, mend it."""
