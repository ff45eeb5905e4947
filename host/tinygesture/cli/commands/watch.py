"""Show live what a board recognises."""

import sys
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from tinygesture.cli.options import Seconds, chosen_port, json_option, port_option
from tinygesture.cli.output import Output
from tinygesture.cli.running import Interrupted
from tinygesture.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tinygesture.cli.capturing.keys import Keys
    from tinygesture.cli.connection import Connection
    from tinygesture.cli.monitor import Gesture, Monitor
    from tinygesture.link.messages import Message

SILENCE_S = 3.0


@click.command()
@port_option
@click.option("--seconds", type=Seconds(0.1), help="By the board's clock.  [until q or Ctrl-C]")
@json_option
def command(port: str | None, seconds: float | None, as_json: bool) -> None:
    """Show live what a board recognises: probabilities, events, rate, losses, inference time.

    A board without a model shows its signals. With --json: one line per recognised gesture.

    \b
    Example:
      tinygesture watch --port /dev/ttyACM0
    """
    from tinygesture.cli.capturing.keys import keys_of
    from tinygesture.cli.connection import Connection
    from tinygesture.cli.monitor import HOW_TO_GET_A_MODEL, Monitor
    from tinygesture.link.messages import Error

    out = Output(as_json)
    watched = out.on_terminal and sys.stdin.isatty()
    ended = "Done"
    with Connection(chosen_port(port), watched) as board:
        monitor = Monitor(board.info)
        if not board.info.model_id and not out.on_terminal:
            out.say(HOW_TO_GET_A_MODEL)
        try:
            with (
                keys_of(watched) as keys,
                _screen(out, board, monitor, "q ends" if watched else "Ctrl-C ends"),
            ):
                for message in _messages(out, board, monitor, keys):
                    if isinstance(message, Error) and not out.on_terminal:
                        out.say(f"The board reports trouble: {message.text}.")
                    if gesture := monitor.take(message):
                        _report(out, gesture)
                    if monitor.gap:
                        board.useful()
                        _notice(out, monitor, monitor.gap.sentence)
                    if monitor.silence.seconds > SILENCE_S:
                        why = f" ({monitor.trouble})" if monitor.trouble else ""
                        ended = f"No samples have come for {SILENCE_S:g} s{why}"
                        break
                    if keys.pressed() == "q":
                        break
                    if seconds is not None and monitor.elapsed_s >= seconds:
                        break
        except KeyboardInterrupt:
            raise Interrupted(f"Stopped; {_seen(monitor)}") from None
        except UserError as error:
            raise UserError(f"{error} ({_seen(monitor)})") from error
    out.say(f"{ended}: {_seen(monitor)}")


def _messages(
    out: Output, board: "Connection", monitor: "Monitor", keys: "Keys"
) -> "Iterator[Message]":
    """All that the board says, on over every loss of the link, until somebody quits instead."""
    from tinygesture.cli.monitor import STREAMS
    from tinygesture.link import LinkLost

    while True:
        try:
            board.session.stream(STREAMS)
            yield from board.session.lasting_messages()
        except LinkLost as lost:
            if not board.make_anew(lost, partial(_notice, out, monitor), keys):
                return
            yield board.info


def _screen(
    out: Output, board: "Connection", monitor: "Monitor", how_to_end: str
) -> AbstractContextManager[Any]:
    if not out.on_terminal:
        return nullcontext()
    from rich.live import Live

    from tinygesture.cli.watch_view import WatchView

    return Live(
        WatchView(board, monitor, how_to_end),
        console=out.console(),
        refresh_per_second=12,
        screen=True,
        redirect_stdout=False,
    )


def _report(out: Output, gesture: "Gesture") -> None:
    out.emit(asdict(gesture))
    if not out.on_terminal:
        out.say(f"{gesture.end_s:8.2f} s  {gesture.label}  {gesture.confidence:.2f}")


def _notice(out: Output, monitor: "Monitor", sentence: str) -> None:
    monitor.notice = sentence
    if not out.on_terminal:
        out.say(sentence)


def _seen(monitor: "Monitor") -> str:
    seen = len(monitor.gestures)
    return (
        f"{seen} gesture{'' if seen == 1 else 's'} in {monitor.elapsed_s:.1f} s at "
        f"{monitor.rate.hz:.1f} Hz, {monitor.lost} samples lost."
    )
