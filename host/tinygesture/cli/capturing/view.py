"""What `capture` shows on a terminal: what to do now, the signal, and what was recorded."""

from collections.abc import Sequence
from types import TracebackType
from typing import Self

import numpy as np
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from tinygesture.cli.capturing.moment import Moment, Phase
from tinygesture.cli.capturing.words import Progress, Review
from tinygesture.cli.plot import signals
from tinygesture.contract import Int16

STYLES = {
    Phase.READY: "yellow",
    Phase.GO: "green",
    Phase.STILL: "yellow",
    Phase.MOVE: "green",
    Phase.MOVING: "green",
    Phase.ROLLING: "green",
}
OTHER_ROWS = 15  # of the screen: all but the charts, and some of what scrolled
CHART_ROWS = range(3, 15)
NOTHING = np.zeros((0, 6), np.int16)


class _Screen(Live):
    """Of a terminal that may become narrower, where lines that were drawn wrap."""

    _drawn_width = 0

    def refresh(self) -> None:
        if self.console.width < self._drawn_width:
            self.console.clear()
        self._drawn_width = self.console.width
        super().refresh()


class LiveView:
    """The prompt and the signal at the bottom of a terminal; what is saved scrolls above."""

    def __init__(self, console: Console, heading: str, keys: str) -> None:
        """keys: those that somebody may press while nothing is asked."""
        self.console = console
        self._heading = heading
        self._keys = keys
        self._title = ""
        self._progress: Sequence[Progress] = ()
        self._moment: Moment | None = None
        self._review: Review | None = None
        self._live = _Screen(
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

    def announce(self, title: str, progress: Sequence[Progress]) -> None:
        self._title, self._progress = title, progress

    def show(self, moment: Moment | None) -> None:
        self._moment = moment

    def ask(self, review: Review | None) -> None:
        self._review = review
        self._live.refresh()

    def saved(self, review: Review) -> None:
        self.console.print(f"{review.title:18} {review.figures}", markup=False)
        for fault in review.faults:
            self.warn(f"  {fault}")

    def say(self, sentence: str) -> None:
        self.console.print(sentence, markup=False)

    def warn(self, sentence: str) -> None:
        self.console.print(sentence, style="yellow", markup=False)

    def bell(self) -> None:
        self.console.bell()

    def picture(self) -> Group:
        """The live part of the screen."""
        heading = Table.grid(expand=True)
        heading.add_column(no_wrap=True, overflow="ellipsis")
        heading.add_column(justify="right", no_wrap=True, overflow="ellipsis")
        title = self._review.title if self._review else self._title
        heading.add_row(Text(title, "bold"), Text(self._heading, "bright_black"))
        body = self._question(self._review) if self._review else self._live_part()
        return Group(heading, _progress(self._progress), *body)

    def _live_part(self) -> list[RenderableType]:
        if (moment := self._moment) is None:
            return []
        width = self.console.width
        style = STYLES[moment.phase]
        prompt = Table.grid(padding=(0, 2, 0, 0))
        words = Text(f"{moment.phase:11}", f"bold {style}")
        filled = 1.0
        if moment.length_s:
            part = moment.elapsed_s / moment.length_s
            bar = ProgressBar(1.0, part, width=max(width - 24, 4), complete_style=style)
            prompt.add_row(words, bar, f"{moment.length_s - moment.elapsed_s:4.1f} s")
            filled = part if moment.phase in (Phase.GO, Phase.MOVING) else 1.0
        elif moment.elapsed_s:
            prompt.add_row(words, f"{moment.elapsed_s:.1f} s")
        else:
            prompt.add_row(words)
        state = Text(no_wrap=True, overflow="ellipsis")
        state.append(f"{moment.rate_hz:.1f} Hz", "bright_black")
        state.append(f"   {moment.lost} lost", "yellow" if moment.lost else "bright_black")
        state.append(f"   {moment.damaged} damaged", "yellow" if moment.damaged else "bright_black")
        state.append(*("   CLIPS", "bold red") if moment.clips else ("   in range", "bright_black"))
        keys = Text(self._keys, "bright_black")
        if state.cell_len + 3 + keys.cell_len > width:
            return [prompt, keys, state, self._charts(moment.counts, filled)]
        return [prompt, state.append("   ").append_text(keys), self._charts(moment.counts, filled)]

    def _question(self, review: Review) -> list[RenderableType]:
        figures = Text(review.figures, no_wrap=True, overflow="ellipsis")
        faults = [Text(fault, "bold yellow") for fault in review.faults]
        return [figures, *faults, Text(review.keys, "bold"), self._charts(review.counts, 1.0)]

    def _charts(self, counts: Int16, filled: float) -> Table:
        rows = min(max(self.console.height - OTHER_ROWS, CHART_ROWS[0]), CHART_ROWS[-1])
        return signals(counts, (self.console.width, rows), filled)


def _progress(progress: Sequence[Progress]) -> Text:
    line = Text(no_wrap=True, overflow="ellipsis")
    for part in progress:
        style = "bold" if part.current else "green" if part.complete else "bright_black"
        line.append(f"{part.words}   ", style)
    return line
