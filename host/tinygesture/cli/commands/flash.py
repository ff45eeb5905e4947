"""Build the firmware and put it on a board."""

import click

from tinygesture.boards import VIRTUAL_BOARDS
from tinygesture.cli.options import json_option
from tinygesture.cli.output import Output


@click.command()
@click.argument("name", required=False)
@click.option(
    "--board",
    "board_name",
    type=click.Choice(list(VIRTUAL_BOARDS)),
    required=True,
    help="native: a process of this computer; cm4: an emulated Cortex-M4F.",
)
@json_option
def command(name: str | None, board_name: str, as_json: bool) -> None:
    """Build the firmware with the model NAME of models/, and put it on a board.

    Without NAME: the firmware without a model, which is what a new board needs for recording.

    \b
    Examples:
      tinygesture flash --board cm4
      tinygesture flash swing --board cm4
    """
    from tinygesture import boards, project
    from tinygesture.cli.progress import working
    from tinygesture.export.bundle import Bundle

    out = Output(as_json)
    kind = boards.VIRTUAL_BOARDS[board_name]
    bundle = Bundle.find(name, project.models()) if name else None
    with working(out, f"Building the firmware for {kind.name}") as report:
        firmware = boards.flash(kind, bundle.path if bundle else "", report)
    model = f"the model {bundle.name} ({bundle.model_id})" if bundle else "no model"
    sizes = ""
    if firmware.flash_bytes is not None and firmware.ram_bytes is not None:
        sizes = f" It takes {firmware.flash_bytes:,} bytes of flash, {firmware.ram_bytes:,} of RAM."
    out.say(f"sim://{kind.name} now runs the firmware with {model}.{sizes}")
    out.emit(
        {
            "board": kind.name,
            "port": f"sim://{kind.name}",
            "model": bundle.name if bundle else None,
            "model_id": bundle.model_id if bundle else None,
            "flash_bytes": firmware.flash_bytes,
            "ram_bytes": firmware.ram_bytes,
        }
    )
