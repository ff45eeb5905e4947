"""Build the firmware and put it on a board."""

from typing import TYPE_CHECKING

import click

from tinygesture import boards
from tinygesture.cli.options import json_option, port_option
from tinygesture.cli.output import Output
from tinygesture.cli.progress import working
from tinygesture.errors import UserError

if TYPE_CHECKING:
    from tinygesture.export.bundle import Bundle


@click.command()
@click.argument("name", required=False)
@click.option(
    "--board",
    "board_name",
    type=click.Choice(list(boards.BOARDS)),
    default="nano33ble",
    help="nano33ble: a real one; native: a process of this computer; cm4: an emulated Cortex-M4F.",
)
@click.option(
    "--engine",
    type=click.Choice(list(boards.ENGINES)),
    default=boards.ENGINES[0],
    show_default=True,
    help="compiled: C++ made for the model; tflm: TensorFlow Lite Micro, which the build fetches.",
)
@port_option
@json_option
def command(
    name: str | None, board_name: str, engine: str, port: str | None, as_json: bool
) -> None:
    """Build the firmware with the model NAME of models/, and put it on a board.

    Without NAME: the firmware without a model, which is what a new board needs for recording.

    \b
    Examples:
      tinygesture flash
      tinygesture flash swing --port /dev/ttyACM0
      tinygesture flash swing --board cm4 --engine tflm
    """
    from tinygesture import project
    from tinygesture.export.bundle import Bundle

    out = Output(as_json)
    bundle = Bundle.find(name, project.models()) if name else None
    if engine == boards.TFLM:
        if bundle is None:
            raise UserError("--engine says what runs a model: name the model too.")
        bundle.check_tflm()
    if board_name in boards.VIRTUAL_BOARDS and port is not None:
        raise UserError("--board names a virtual board, which needs no --port: leave it out.")
    if port is not None and port.startswith("sim://"):
        board_name = boards.virtual_board(port).name
    if board_name in boards.VIRTUAL_BOARDS:
        _virtual(out, board_name, bundle, engine)
    else:
        _real(out, port, bundle, engine)


def _virtual(out: Output, name: str, bundle: "Bundle | None", engine: str) -> None:
    kind = boards.VIRTUAL_BOARDS[name]
    with working(out, f"Building the firmware for {name}") as report:
        firmware = boards.flash(kind, bundle.path if bundle else "", report, engine)
    _tell(out, name, f"sim://{name}", firmware, bundle, engine)


def _real(out: Output, named: str | None, bundle: "Bundle | None", engine: str) -> None:
    board = boards.choose(named)
    with working(out, f"Building the firmware, and putting it on the board at {board.port}") as r:
        path, model_id = (bundle.path, bundle.model_id) if bundle else ("", "")
        firmware, info, port = boards.upload(board, path, model_id, r, engine)
    _tell(out, info.board, port, firmware, bundle, engine)


def _tell(
    out: Output,
    board: str,
    port: str,
    firmware: boards.Firmware,
    bundle: "Bundle | None",
    engine: str,
) -> None:
    model = f"the model {bundle.name} ({bundle.model_id}, {engine})" if bundle else "no model"
    sizes = ""
    if firmware.flash_bytes is not None and firmware.ram_bytes is not None:
        sizes = f" It takes {firmware.flash_bytes:,} bytes of flash, {firmware.ram_bytes:,} of RAM."
    out.say(f"{port} now runs the firmware with {model}.{sizes}")
    out.emit(
        {
            "board": board,
            "port": port,
            "model": bundle.name if bundle else None,
            "model_id": bundle.model_id if bundle else None,
            "engine": engine if bundle else None,
            "flash_bytes": firmware.flash_bytes,
            "ram_bytes": firmware.ram_bytes,
        }
    )
