"""A new model on the virtual boards, before anybody relies on it."""

import shutil
from typing import Any
from urllib.parse import quote

from tinygesture import boards
from tinygesture.benchmark import benchmark
from tinygesture.cli import costs
from tinygesture.cli.output import Output
from tinygesture.cli.progress import working
from tinygesture.cli.verification import check_model, compare_golden
from tinygesture.errors import UserError
from tinygesture.export.bundle import Bundle


def missing_tools(kind: boards.VirtualBoard) -> list[str]:
    """What this computer lacks to build for a virtual board and to run it."""
    return [tool for tool in (kind.compiler, kind.emulator) if tool and not shutil.which(tool)]


def trial(out: Output, bundle: Bundle) -> dict[str, bool | None]:
    """Whether each virtual board answers the golden vectors exactly; None: it cannot run here.

    What was flashed on them stays. Raises UserError where the firmware does not build.
    """
    golden: dict[str, bool | None] = {}
    for name, kind in boards.VIRTUAL_BOARDS.items():
        if missing := missing_tools(kind):
            golden[name] = None
            out.say(f"sim://{name} was not tried, because {missing[0]} is not installed.")
            continue
        with working(out, f"building for {name}") as report:
            firmware = boards.build(kind, bundle.path, report)
        with (
            working(out, f"comparing {name} with the host") as report,
            boards.connect(f"sim://{name}?firmware={quote(str(firmware.program))}") as board,
        ):
            check_model(board, bundle)
            golden[name] = compare_golden(board, bundle, report).passed
    return golden


def counted(out: Output, bundle: Bundle) -> dict[str, Any] | None:
    """What an inference costs on the emulated Cortex-M4F, as `tinygesture benchmark --json` has it.

    None: it cannot be counted here.
    """
    try:
        with working(out, "counting instructions"):
            return costs.values(benchmark(bundle.model, bundle.state, bundle.hop))
    except UserError as error:
        out.say(f"Instructions were not counted: {error}")
        return None
