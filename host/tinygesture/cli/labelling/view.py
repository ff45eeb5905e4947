"""What `label` shows: the whole recording as a strip, a part of it as curves, and the keys."""

import numpy as np
from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from tinygesture.cli.chart import SENSORS, reduced, time_axis
from tinygesture.cli.labelling.marking import KEYS, Marking, Mode
from tinygesture.cli.plot import COLOURS, curves
from tinygesture.cli.sparkline import BLOCKS
from tinygesture.contract import CHANNELS, Float64, to_units
from tinygesture.dataset import Interval, Recording

OTHER_ROWS = 9  # all but the curves
STRONG_PERCENTILE = 99.5  # motion that is drawn at its full height
DIM = "bright_black"
PROPOSED, NAMED, CHOSEN = "yellow", "green", "bold reverse"
HELP = {
    Mode.CHOOSE: (
        "←→ choose   1-9 name it   space as the last   n another name   d delete",
        "b e beginning, end   i insert   , . look   + - zoom   u undo   q quit",
    ),
    Mode.BEGIN: ("←→ move the beginning   ↓↑ further   e the end   Enter done   u undo", ""),
    Mode.END: ("←→ move the end   ↓↑ further   b the beginning   Enter done   u undo", ""),
    Mode.NAME: ("type its label   Enter done   Esc leave it", ""),
    Mode.NOTHING: (
        "Nothing is named. Is all of it background?",
        "y yes   n no, quit   any other key: go on",
    ),
}


class View:
    """A screen of the terminal's size."""

    def __init__(self, title: str, recording: Recording, motion: Float64, marking: Marking) -> None:
        self._title = title
        self._seconds = recording.t_us / 1e6
        self._units = to_units(recording.counts)
        self._motion = motion[:, None]
        self._marking = marking

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width, height = options.max_width, options.max_height
        yield self._heading()
        yield from self._strip(width)
        rows = max((height - OTHER_ROWS) // len(SENSORS), 2)
        for unit, channels, step in SENSORS:
            yield from self._chart(unit, channels, step, (width, rows))
        begin, end = self._span()
        yield Text(time_axis(begin, end, width), DIM)
        yield self._bars(width)
        yield self._sentence()
        yield self._labels()
        for line in HELP.get(self._marking.mode, ()):
            yield Text(line, DIM, no_wrap=True, overflow="ellipsis", end="\n")

    def _span(self) -> tuple[float, float]:
        begin, length = self._marking.view
        return begin / 1e6, (begin + length) / 1e6

    def _heading(self) -> Text:
        marks = self._marking.marks
        open_ = sum(not one.label for one in marks)
        said = f"   {len(marks) - open_} named, {open_} more with motion"
        return Text.assemble((f" {self._title} ", "bold reverse"), said, no_wrap=True)

    def _strip(self, width: int) -> list[Text]:
        """Motion and marks of all of it; what is looked at is lit."""
        motion = self._motion[:, 0]
        strong = max(float(np.percentile(motion, STRONG_PERCENTILE)), 1.0)
        span = (0.0, max(self._marking.length_us / 1e6, 1e-6))
        heights = 8 * reduced(self._seconds, self._motion, span, width)[:, 0] / strong
        strip = Text("".join(BLOCKS[min(int(height), 7)] for height in heights), DIM, no_wrap=True)
        begin, end = (round(width * at / span[1]) for at in self._span())
        strip.stylize("bold cyan", begin, max(end, begin + 1))
        marks = Text(" " * width, no_wrap=True)
        line = [" "] * width
        for one in self._marking.marks:
            at, until = (min(int(width * us / 1e6 / span[1]), width - 1) for us in one[1:])
            style = CHOSEN if one is self._marking.current else NAMED if one.label else PROPOSED
            line[at : until + 1] = ("━" if one.label else "╌") * (until + 1 - at)
            marks.stylize(style, at, until + 1)
        marks.plain = "".join(line)
        return [strip, marks]

    def _chart(self, unit: str, channels: slice, step: float, size: tuple[int, int]) -> list[Text]:
        """Its title over the curves, in which the chosen interval is lit."""
        columns, rows = size
        begin, end = self._span()
        inside = slice(*np.searchsorted(self._seconds, (begin, end)).tolist())
        values = np.zeros((0, 3))
        if inside.start < inside.stop:
            values = reduced(
                self._seconds[inside], self._units[inside, channels], (begin, end), 2 * columns
            )
            last = int(2 * columns * (self._seconds[-1] - begin) / (end - begin)) + 1
            values = values[:last]
        peak = float(np.abs(values).max()) if len(values) else 0.0
        limit = step * max(1, int(np.ceil(peak / step)))
        title = Text(no_wrap=True)
        for name, colour in zip(CHANNELS[channels], COLOURS, strict=True):
            title.append(f"{name} ", colour)
        title.append(f"±{limit:g} {unit}", DIM)
        filled = len(values) / (2 * columns)
        lines = [*curves(values, (columns, rows - 1), limit, filled).split("\n")]
        if one := self._marking.current:
            at, until = self._columns(one, columns)
            edge = {Mode.BEGIN: at, Mode.END: until - 1}.get(self._marking.mode)
            for line in lines:
                line.stylize("on grey19", max(at, 0), max(until, 0))
                if edge is not None and 0 <= edge < columns:
                    line.stylize("reverse", edge, edge + 1)
        return [title, *lines]

    def _columns(self, one: Interval, columns: int) -> tuple[int, int]:
        """Where it is drawn, from the first column until before the second; may lie outside."""
        begin, length = self._marking.view
        at = int(columns * (one.start_us - begin) // length)
        return at, max(int(columns * (one.end_us - begin) // length), at + 1)

    def _bars(self, columns: int) -> Text:
        line = Text(" " * columns, no_wrap=True)
        drawn = [" "] * columns
        for one in self._marking.marks:
            at, until = self._columns(one, columns)
            if until <= 0 or at >= columns:
                continue
            room = until - at - 2
            bar = f"├{(one.label or '?').center(room, '─')[:room]}┤" if room >= 0 else "│"
            begin, end = max(at, 0), min(until, columns)
            drawn[begin:end] = bar[begin - at : end - at]
            style = CHOSEN if one is self._marking.current else NAMED if one.label else PROPOSED
            line.stylize(style, begin, end)
        line.plain = "".join(drawn)
        return line

    def _sentence(self) -> Text:
        marking = self._marking
        if marking.notice:
            return Text(marking.notice, "bold yellow", no_wrap=True)
        if marking.mode is Mode.NAME:
            return Text.assemble("its label: ", (f"{marking.typed}▏", "bold"), no_wrap=True)
        if (one := marking.current) is None:
            return Text("There is no motion. i makes an interval where you look.", no_wrap=True)
        start, end = one.start_us / 1e6, one.end_us / 1e6
        return Text.assemble(
            f"{marking.chosen + 1} of {len(marking.marks)}   ",
            (one.label or "no label yet", NAMED if one.label else PROPOSED),
            f"   {start:.2f} to {end:.2f} s   {end - start:.2f} s",
            no_wrap=True,
        )

    def _labels(self) -> Text:
        line = Text(no_wrap=True, overflow="ellipsis")
        for key, label in zip(KEYS, self._marking.labels, strict=False):
            line.append(key, "bold").append(f" {label} ×{self._marking.count(label)}   ")
        return line
