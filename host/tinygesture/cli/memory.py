"""What this computer remembers between commands: who recorded last."""

import json
import os
from contextlib import suppress
from pathlib import Path

import click

from tinygesture.dataset.files import write_atomically
from tinygesture.dataset.recording import check_name
from tinygesture.errors import UserError

FOLDER = "TINYGESTURE_HOME"  # environment variable: another folder than the user's


def last_subject() -> str | None:
    """Who recorded last on this computer; None where nobody has, or nobody knows."""
    with suppress(OSError, ValueError, KeyError, TypeError, RecursionError, UserError):
        return check_name(json.loads(_file().read_text("utf-8"))["subject"], "subject")
    return None


def remember_subject(name: str) -> None:
    """For `last_subject`; without a complaint where the file cannot be written."""
    with suppress(OSError, UserError):
        _file().parent.mkdir(parents=True, exist_ok=True)
        write_atomically(_file(), (json.dumps({"subject": name}) + "\n").encode())


def _file() -> Path:
    return Path(os.environ.get(FOLDER) or click.get_app_dir("tinygesture")) / "memory.json"
