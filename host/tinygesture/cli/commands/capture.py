"""Record gestures: countdown, record, save, next."""

from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import click

from tinygesture.cli.options import FOLDER, Seconds, chosen_port, json_option, port_option
from tinygesture.cli.output import Output
from tinygesture.cli.running import Interrupted
from tinygesture.errors import UserError
from tinygesture.link import Cue, CueKind, Info

if TYPE_CHECKING:
    from tinygesture.cli.recorder import Moment, Take
    from tinygesture.dataset import Entry, Recording

SLOW_HZ = 100.0


class View(Protocol):
    """Somebody who tells the person what to do, and what became of it."""

    def announce(self, label: str, number: int, count: int) -> None: ...
    def show(self, moment: "Moment") -> None: ...
    def saved(self, title: str, figures: str) -> None: ...
    def warn(self, sentence: str) -> None: ...


@click.command()
@click.argument("labels", nargs=-1, required=True, metavar="LABEL...")
@click.option(
    "--count", type=click.IntRange(1, 10_000), default=10, help="Recordings of each label.  [10]"
)
@click.option("--seconds", type=Seconds(0.2, 60), default=1.5, help="Of a recording.  [1.5]")
@click.option("--countdown", type=Seconds(0, 60), default=1.0, help="Seconds to get ready.  [1.0]")
@click.option("--subject", default="s1", help="Who makes the gestures.  [s1]")
@click.option("--session", help="The name of this sitting.  [the date]")
@click.option("--data", type=FOLDER, default="recordings", help="A data set.  [recordings]")
@port_option
@json_option
def command(
    labels: tuple[str, ...],
    count: int,
    seconds: float,
    countdown: float,
    subject: str,
    session: str | None,
    data: Path,
    port: str | None,
    as_json: bool,
) -> None:
    """Record gestures into a data set: countdown, record, save, next.

    Each recording is on the disk before the next one begins. Record rest as well, so that the
    model learns what is no gesture.

    \b
    Example:
      capture circle punch rest --subject anna --port /dev/ttyACM0
    """
    from tinygesture import boards
    from tinygesture.cli.recorder import Recorder
    from tinygesture.dataset import Dataset, check_name

    out = Output(as_json)
    session = session or date.today().isoformat()
    for what, names in (("label", labels), ("subject", [subject]), ("session", [session])):
        for name in names:
            check_name(name, what)
    saved = 0
    with boards.connect(chosen_port(port)) as board:
        dataset = Dataset.open_or_create(data)
        heading = f"{subject}, {session}, {board.info.board} with {board.info.imu}"
        try:
            with _view(out, heading, len(labels) * count) as view:
                recorder = Recorder(board, view.show)
                for label in labels:
                    for number in range(1, count + 1):
                        view.announce(label, number, count)
                        take = recorder.take(label, countdown, seconds)
                        entry = dataset.add(_recording(take, board.info, label, subject, session))
                        saved += 1
                        out.emit(asdict(entry))
                        view.saved(f"{label} {number} of {count}", _figures(take, entry))
                        if entry.rate_hz <= SLOW_HZ and saved == 1:
                            view.warn(_slow(entry.rate_hz))
        except KeyboardInterrupt:
            raise Interrupted(f"Stopped; {_kept(saved, data)}") from None
        except UserError as error:
            raise UserError(f"{error} ({_kept(saved, data)})") from error
    out.say(f"Done: {_kept(saved, data)}")
    out.say(f"Train a model on them with: train-and-export {data} --arch gru --name NAME")


def _view(out: Output, heading: str, total: int) -> AbstractContextManager[View]:
    if not out.on_terminal:
        return PlainView(out)
    from tinygesture.cli.capture_view import LiveView

    return LiveView(out.console(), heading, total)


class PlainView(AbstractContextManager["PlainView"]):
    """One line per recording, where there is no terminal."""

    def __init__(self, out: Output) -> None:
        self._out = out
        self._line_is_open = False
        self._cue: Cue | None = None

    def __exit__(self, *error: object) -> None:
        if self._line_is_open:
            self._out.say("")

    def announce(self, label: str, number: int, count: int) -> None:
        self._out.say(f"{label} {number} of {count}: get ready ... ", end="")
        self._line_is_open = True

    def show(self, moment: "Moment") -> None:
        if self._cue != moment.cue:
            self._cue = moment.cue
            self._out.say("go ... " if moment.cue.kind == CueKind.GO else "", end="")

    def saved(self, title: str, figures: str) -> None:
        self._out.say(figures)
        self._line_is_open = False

    def warn(self, sentence: str) -> None:
        self._out.say(sentence)


def _recording(take: "Take", info: Info, label: str, subject: str, session: str) -> "Recording":
    from tinygesture.dataset import Meta, Recording, measure

    meta = Meta(
        label=label,
        subject=subject,
        session=session,
        board=info.board,
        imu=info.imu,
        firmware=info.firmware,
        drops=take.drops,
        crc_errors=take.crc_errors,
        synthetic=info.imu.startswith("virtual"),
        recorded_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        **measure(take.t_us, take.counts),
    )
    return Recording(take.t_us, take.counts, meta)


def _figures(take: "Take", entry: "Entry") -> str:
    from tinygesture.cli.sparkline import sparkline

    line = f"{sparkline(take.counts)} {entry.rate_hz:.1f} Hz, jitter {entry.jitter_us:.0f} µs"
    counted = {"lost": entry.drops, "damaged": entry.crc_errors, "clipped": entry.clipped}
    return ", ".join([line, *(f"{n} {what}" for what, n in counted.items() if n)])


def _slow(rate_hz: float) -> str:
    return (
        f"Warning: the board samples at {rate_hz:.1f} Hz only; recordings should be above "
        f"{SLOW_HZ:g} Hz. Flash its firmware again with `tinygesture flash`."
    )


def _kept(saved: int, data: Path) -> str:
    return f"{saved} recording{'' if saved == 1 else 's'} saved in {data}."
