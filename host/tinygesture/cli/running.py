"""How a command begins and ends: its exit status, and what it says when it fails."""

import io
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import click

from tinygesture.cli.output import wrapped
from tinygesture.errors import UserError

FAILED = 1  # the command ran, and the answer is no
USER_ERROR = 2
INTERRUPTED = 130
# Packages of the extra `train`.
OF_TRAINING = {"tensorflow", "tflite", "tflite_micro", "scipy", "optuna"}


class Interrupted(Exception):
    """Ctrl-C, with a sentence about what was kept."""


def run(load: Callable[[], click.Command], name: str) -> NoReturn:
    """Loads and runs a command and exits: with what it returns, or as the constants above say."""
    # Closed ones (`>&-`), in the order of their numbers, before a file of ours gets such a number.
    sys.stdout = sys.stdout or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a character
    _end_on_termination()
    try:
        status = load().main(prog_name=name, standalone_mode=False) or 0
    except UserError as error:
        status = _complain(str(error), USER_ERROR)
    except ModuleNotFoundError as error:
        if error.name not in OF_TRAINING:
            raise
        status = _complain(
            f"This command runs models on this computer, which needs the package {error.name}. "
            "Install everything with: pip install '.[train]' (Python 3.11).",
            USER_ERROR,
        )
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        status = _complain(
            f"The system refused a file or a port:{where} {error.strerror or error}. Check its "
            "name, the disk and the permissions, and try again.",
            USER_ERROR,
        )
    except click.ClickException as error:
        error.show()
        status = USER_ERROR
    except Interrupted as error:
        status = _complain(str(error), INTERRUPTED)
    except (click.Abort, KeyboardInterrupt):
        status = _complain("Stopped.", INTERRUPTED)
    sys.exit(status)


def _end_on_termination() -> None:
    """A closed terminal or a shutdown ends the command as Ctrl-C does, unless it is to outlive it
    (`nohup`)."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)


def _complain(sentence: str, status: int) -> int:
    click.secho(wrapped(sentence, sys.stderr), err=True, fg="red" if status == USER_ERROR else None)
    return status
