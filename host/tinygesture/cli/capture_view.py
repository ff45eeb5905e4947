"""What `capture` shows on a terminal: what to do now, the signal, and what was saved."""

from types import TracebackType
from typing import Self

import numpy as np
from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from tinygesture.cli.plot import signals
from tinygesture.cli.recorder import Moment
from tinygesture.link import CueKind

CHART_ROWS = 9
PROMPTS = {CueKind.READY: ("get ready", "bold yellow"), CueKind.GO: ("GO", "bold green")}


class LiveView:
    """The prompt and the signal at the bottom of a terminal; what is saved scrolls above."""

    def __init__(self, console: Console, heading: str, total: int) -> None:
        self.console = console
        self._heading = heading
        self._total = total
        self._saved = 0
        self._title = ""
        self._moment: Moment | None = None
        self._last = np.zeros((0, 6), np.int16)
        self._live = Live(
            console=console,
            get_renderable=self.picture,
            refresh_per_second=12,
            transient=True,
            redirect_stdout=False,
        )

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.stop()

    def announce(self, label: str, number: int, count: int) -> None:
        self._title = f"{label}  {number} of {count}"

    def show(self, moment: Moment) -> None:
        self._moment = moment
        if moment.cue.kind == CueKind.GO:
            self._last = moment.counts

    def saved(self, title: str, figures: str) -> None:
        self._saved += 1
        self.console.print(f"{title:18} {figures}", markup=False)

    def warn(self, sentence: str) -> None:
        self.console.print(sentence, style="yellow")

    def picture(self) -> Group:
        """The live part of the screen."""
        width = self.console.width
        heading = Table.grid(expand=True)
        heading.add_column()
        heading.add_column(justify="right")
        heading.add_row(
            Text(self._title, "bold"), Text(f"{self._saved} of {self._total} saved", "bright_black")
        )
        if (moment := self._moment) is None:
            return Group(heading, Text(self._heading, "bright_black"))
        words, style = PROMPTS[moment.cue.kind]
        part = moment.elapsed_s / moment.length_s if moment.length_s else 1.0
        prompt = Table.grid(padding=(0, 2, 0, 0))
        prompt.add_row(
            Text(f"{words:9}", style),
            ProgressBar(
                total=1.0, completed=part, width=width - 22, complete_style=style.split()[1]
            ),
            f"{moment.length_s - moment.elapsed_s:4.1f} s",
        )
        state = f"{moment.rate_hz:.1f} Hz   {moment.drops} lost   {moment.crc_errors} damaged   "
        filled = part if moment.cue.kind == CueKind.GO else 1.0
        return Group(
            heading,
            prompt,
            Text(state + self._heading, "bright_black", no_wrap=True, overflow="ellipsis"),
            signals(self._last, (width, CHART_ROWS), filled),
        )
