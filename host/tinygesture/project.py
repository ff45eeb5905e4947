"""Where the project is: the clone that holds the firmware's sources and the models."""

import os
from pathlib import Path

from tinygesture.errors import UserError


def root() -> Path:
    """The folder of platformio.ini and firmware/: around the current folder, or this package's.

    Raises UserError where there is none.
    """
    for start in (Path.cwd(), Path(__file__).resolve().parent):
        for folder in (start, *start.parents):
            if (folder / "platformio.ini").is_file() and (folder / "firmware/src").is_dir():
                return folder
    raise UserError(
        "The firmware's sources were not found around the current folder. Change into your clone "
        "of tinygesture (the folder with platformio.ini) and repeat the command."
    )


def models() -> Path:
    return root() / "models"


def virtual_flash(board: str) -> Path:
    """The folder that stands for a virtual board's flash memory."""
    return root() / ".tinygesture" / "flash" / board


def platformio_environment(model: str) -> dict[str, str]:
    """The environment PlatformIO runs in: its packages stay inside the clone, it asks for no newer
    version of itself, and `model` (a bundle's name or folder, or empty) is built in."""
    return {
        **os.environ,
        "PLATFORMIO_CORE_DIR": str(root() / ".platformio"),
        "PLATFORMIO_DISABLE_UPGRADE_CHECK": "true",
        "PLATFORMIO_SETTING_ENABLE_TELEMETRY": "no",
        "TINYGESTURE_MODEL": model,
    }
