"""List what is connected."""

import click

from tinygesture.cli.options import json_option
from tinygesture.cli.output import Output
from tinygesture.errors import UserError


@click.command()
@json_option
def command(as_json: bool) -> None:
    """List the ports that --port takes: boards, other serial ports, virtual boards.

    \b
    Example:
      tinygesture boards
    """
    from tinygesture import boards

    out = Output(as_json)
    found = boards.find()
    width = max(len(one.port) for one in found)
    for one in found:
        runs = _runs(one.port) if one.board in boards.VIRTUAL_BOARDS else None
        out.emit({"port": one.port, "board": one.board, "what": one.description, "runs": runs})
        if not as_json:
            out.say(f"{one.port:{width}}  {one.description}{': ' + runs if runs else ''}")


def _runs(port: str) -> str | None:
    """What a virtual board's firmware says of itself; None where it does not run."""
    from tinygesture import boards

    try:
        with boards.connect(port) as board:
            info = board.info
    except UserError:
        return None
    model = f"model {info.model} ({info.model_id})" if info.model_id else "no model"
    return f"firmware {info.firmware}, {model}"
