"""The virtual hand performs for a virtual board: live, and compared with what the board says."""

from collections.abc import Iterator
from dataclasses import asdict
from urllib.parse import parse_qsl, urlencode, urlsplit

from tinygesture import boards
from tinygesture.cli.monitor import HOW_TO_GET_A_MODEL, Gesture, Monitor
from tinygesture.cli.output import Output
from tinygesture.cli.running import Interrupted
from tinygesture.cli.score import Score
from tinygesture.dataset import Interval
from tinygesture.dataset.labels import is_background
from tinygesture.errors import UserError
from tinygesture.evaluation.matching import Outcome
from tinygesture.link import Stream
from tinygesture.synth import Script, format_script, truth

LONG_S = 60.0  # what lasts longer is announced; and after as long a silence there is a sign of life


def feed(
    out: Output, port: str, script: Script, subject: int, session: int, seed: int, imu: str
) -> None:
    """Shows what is performed and recognised until the script is over. Raises UserError."""
    url = _with_script(port, script, subject=subject, session=session, seed=seed, imu=imu)
    performed = truth(script, subject, seed, session)
    with boards.connect(url) as board:
        show = _Show(out, Monitor(board.info), performed)
        if not board.info.model_id:
            out.say(f"{HOW_TO_GET_A_MODEL} What is performed is only shown.")
        board.stream(Stream.SAMPLES | Stream.EVENTS | Stream.STATISTICS)
        try:
            for message in board.messages():
                show.advance(show.monitor.take(message))
                if show.score.over():
                    break
        except KeyboardInterrupt:
            raise Interrupted(f"Stopped; {show.result()}") from None
    monitor = show.monitor
    out.emit(show.score.figures() | {"seconds": monitor.elapsed_s, "lost": monitor.lost})
    out.say(f"Done: {show.result()}")


def _with_script(port: str, script: Script, **who: object) -> str:
    """The port's URL, with the performance in it."""
    if not port.startswith("sim://"):
        raise UserError(
            f"{port} is no virtual board: the virtual hand can feed sim://native and sim://cm4 "
            "only. With a real board perform yourself, while `tinygesture watch` looks on."
        )
    parts = urlsplit(port)
    parameters: dict[str, object] = dict(parse_qsl(parts.query, keep_blank_values=True))
    if taken := sorted(parameters.keys() & {"perform", "play", *who}):
        raise UserError(
            f"The port says {taken[0]}= already. Take it out there: the script and the options "
            "say what is performed, and by whom."
        )
    return parts._replace(
        query=urlencode(parameters | who | {"perform": format_script(script)})
    ).geturl()


class _Show:
    """A line for everything that was performed, and for every event that is false."""

    def __init__(self, out: Output, monitor: Monitor, performed: Iterator[Interval]) -> None:
        labels = (label for label in monitor.info.labels if not is_background(label))
        self.monitor = monitor
        self.score = Score(performed, frozenset(labels))
        self._out = out
        self._said_s = 0.0

    def advance(self, event: Gesture | None) -> None:
        """After each message: the event that it reported."""
        now_us = self.monitor.now_us
        for label, start_us, end_us in self.score.begun(now_us):
            if end_us - start_us > LONG_S * 1e6:
                self._say(start_us / 1e6, f"{label} begins")
        if event and (surplus := self.score.hear(event)):
            said = f"{event.label} {event.confidence:.2f}"
            if surplus.duplicate:
                self._out.emit({"duplicate": asdict(event)})
                self._say(event.end_s, f"a second event: {said}")
            else:
                self._out.emit({"false": asdict(event), "during": surplus.during})
                self._say(event.end_s, f"false event: {said} during {surplus.during}")
        for outcome in self.score.settled(now_us):
            self._settled(outcome)
        if now_us / 1e6 > self._said_s + LONG_S:
            self._say(now_us / 1e6, "...")

    def result(self) -> str:
        monitor, score = self.monitor, self.score
        streamed = f"{monitor.elapsed_s:.1f} s at {monitor.rate.hz:.1f} Hz"
        streamed = f"{streamed}, {monitor.lost} samples lost"
        if not monitor.info.model_id:
            return f"{streamed}. All of it is synthetic."
        false = sum(score.false.values())
        during = ", ".join(f"{count} during {what}" for what, count in score.false.most_common())
        hits = f"{score.recognised} of {score.gestures} gestures recognised, "
        twice = f", {score.duplicates} reported twice" if score.duplicates else ""
        return (
            f"{hits if score.gestures else ''}{false} false event{'' if false == 1 else 's'}"
            f"{f' ({during})' if during else ''}{twice}; {streamed}. All of it is synthetic: "
            "people may fare otherwise."
        )

    def _settled(self, outcome: Outcome[Gesture]) -> None:
        event = outcome.event
        start_s, end_s = outcome.performed.start_us / 1e6, outcome.performed.end_us / 1e6
        self._out.emit(
            {
                "performed": outcome.performed.label,
                "start_s": start_s,
                "end_s": end_s,
                "known": outcome.known,
                "recognised": asdict(event) if event else None,
            }
        )
        became = f"recognised {event.confidence:.2f}" if event else "missed"
        lasted = f"{end_s - start_s:.2f} s"
        label = outcome.performed.label
        self._say(start_s, f"{label:12} {became if outcome.known else lasted}")

    def _say(self, at_s: float, text: str) -> None:
        self._out.say(f"{at_s:9.2f} s  {text}")
        self._said_s = self.monitor.now_us / 1e6
