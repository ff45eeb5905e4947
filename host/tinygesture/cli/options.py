"""Options that several commands share."""

import math
from pathlib import Path

import click

from tinygesture.errors import UserError

FOLDER = click.Path(file_okay=False, path_type=Path)

json_option = click.option(
    "--json", "as_json", is_flag=True, help="JSON lines on stdout, text for people on stderr."
)

port_option = click.option(
    "--port",
    metavar="PORT",
    help="A serial port, or sim://native or sim://cm4. Without it: the one Nano 33 BLE connected.",
)


class FiniteRange(click.FloatRange):
    """A finite number within limits: click lets nan through any."""

    def convert(
        self, value: float, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail(f"{value!r} is no finite number.", param, ctx)
        return number


class Seconds(FiniteRange):
    """A finite duration within limits."""

    name = "seconds"


def chosen_port(port: str | None) -> str:
    """The port that was named, else that of the only real board. Raises UserError."""
    if port:
        return port
    from tinygesture import boards

    real = [found.port for found in boards.find() if found.board == "nano33ble"]
    if len(real) == 1:
        return real[0]
    there = f"Several boards are connected ({', '.join(real)})" if real else "No board was found"
    raise UserError(
        f"{there}, so name a port with --port. `tinygesture boards` lists them; sim://native and "
        "sim://cm4 are boards without hardware.",
        see="Several boards are connected" if real else "No board is found",
    )
