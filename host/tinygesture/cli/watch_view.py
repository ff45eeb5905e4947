"""What `watch` shows on a terminal."""

from rich.bar import Bar
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from tinygesture.cli.connection import Connection
from tinygesture.cli.monitor import HOW_TO_GET_A_MODEL, Monitor
from tinygesture.cli.plot import signals

NOTICE_ROWS = 4  # at most
LIT_S = 0.8  # how long a recognised gesture stays lit


class WatchView:
    """A screen of the terminal's size: probabilities, events, the health of the link."""

    def __init__(self, board: Connection, monitor: Monitor, how_to_end: str) -> None:
        self._board = board
        self._monitor = monitor
        self._how_to_end = how_to_end

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width, height = options.max_width, options.max_height
        info = self._monitor.info
        model = f"model {info.model} ({info.arch}), " if info.model_id else ""
        yield Text.assemble(
            (f" {self._board.port.partition('?')[0]} ", "bold reverse"),
            f"  {model}{info.board}, {info.imu}, firmware {info.firmware}",
            no_wrap=True,
            overflow="ellipsis",
        )
        yield self._health()
        yield Text(self._how_to_end, "bright_black")
        if self._monitor.notice:
            notice = Text(self._monitor.notice, "yellow").wrap(console, width)[:NOTICE_ROWS]
            height -= len(notice)
            yield from notice
        if info.model_id:
            yield self._bars(width)
            yield Text("")
            yield self._events(height - len(info.labels) - 6)
        else:
            yield Text(HOW_TO_GET_A_MODEL, "yellow")
            yield Text("")
            yield signals(self._monitor.signal, (width, height - 8))

    def _health(self) -> Text:
        monitor = self._monitor
        lost, damaged = monitor.lost, self._board.session.crc_errors
        parts = [
            f"{monitor.elapsed_s:6.1f} s",
            f"{monitor.rate.hz:5.1f} Hz",
            f"{lost} lost",
            f"{damaged} damaged",
        ]
        if (statistics := monitor.statistics) and monitor.info.model_id:
            parts.append(
                f"inference {statistics.inference_us} µs (longest {statistics.inference_us_max})"
            )
        health = Text("   ".join(parts), "red" if lost or damaged else "green", no_wrap=True)
        return health.append(f"   {monitor.trouble}", "bold red") if monitor.trouble else health

    def _bars(self, width: int) -> Table:
        monitor = self._monitor
        table = Table.grid(padding=(0, 1, 0, 0))
        latest = monitor.gestures[-1] if monitor.gestures else None
        lit = latest.label if latest and abs(monitor.now_us / 1e6 - latest.end_s) < LIT_S else None
        longest = max(map(len, monitor.info.labels))
        for label, probability in zip(monitor.info.labels, monitor.probabilities, strict=True):
            colour = "green" if label == lit else "cyan"
            table.add_row(
                Text(f"{label:{longest}}", "bold green" if label == lit else ""),
                Bar(1.0, 0.0, float(probability), width=width - longest - 8, color=colour),
                f"{probability:.2f}",
            )
        return table

    def _events(self, rows: int) -> Table:
        """The latest gestures, the newest first."""
        table = Table.grid(padding=(0, 2, 0, 0))
        gestures = list(self._monitor.gestures)[::-1]
        if not gestures:
            table.add_row(Text("no gesture yet", "bright_black"))
        for gesture in gestures[: max(rows, 0)]:
            table.add_row(
                f"{gesture.end_s:8.2f} s",
                Text(gesture.label, "bold"),
                f"{gesture.confidence:.2f}",
                Text(f"began at {gesture.start_s:.2f} s", "bright_black"),
            )
        return table
