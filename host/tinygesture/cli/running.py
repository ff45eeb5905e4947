"""How a command begins and ends: its exit status, and what it says when it fails."""

import _thread
import errno
import io
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click

from tinygesture.cli.output import wrapped
from tinygesture.errors import UserError

FAILED = 1  # the command ran, and the answer is no
USER_ERROR = 2
INTERRUPTED = 130
_ENDING = [getattr(signal, one) for one in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, one)]
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
    _lose_no_interrupt()
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
        status = _complain(_refused(error), USER_ERROR)
    except click.ClickException as error:
        error.show()
        status = USER_ERROR
    except Interrupted as error:
        status = _complain(str(error), INTERRUPTED)
    except (click.Abort, KeyboardInterrupt):
        status = _complain("Stopped.", INTERRUPTED)
    sys.exit(status)


def _refused(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return "The disk is full. Free some space, and repeat the command."
    where = f" {error.filename}" if error.filename else ""
    return (
        f"The system refused a file or a port:{where} {error.strerror or error}. Check its name, "
        "the disk and the permissions, and try again."
    )


def _end_on_termination() -> None:
    """A closed terminal or a shutdown ends the command as Ctrl-C does, unless it is to outlive it
    (`nohup`)."""
    for number in _ENDING:
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)


def _lose_no_interrupt() -> None:
    """Python drops what is raised in a destructor or in a weak reference's callback: an interrupt
    that comes just then is made again, a moment later."""
    before = sys.unraisablehook

    def hook(dropped: Any) -> None:
        if not issubclass(dropped.exc_type, KeyboardInterrupt):
            before(dropped)
            return
        handled = (n for n in _ENDING if signal.getsignal(n) is signal.default_int_handler)
        by = next(handled, signal.SIGINT)
        threading.Timer(0.1, _interrupt_main, [by]).start()

    sys.unraisablehook = hook


def _interrupt_main(number: signal.Signals) -> None:
    """Also while it waits for the system."""
    main = threading.main_thread().ident
    if main and hasattr(signal, "pthread_kill"):
        signal.pthread_kill(main, number)
    else:
        _thread.interrupt_main(number)


def _complain(sentence: str, status: int) -> int:
    click.secho(wrapped(sentence, sys.stderr), err=True, fg="red" if status == USER_ERROR else None)
    return status
