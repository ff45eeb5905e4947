"""What `tinygesture explain` draws: an explanation, and several in a table."""

from collections.abc import Sequence
from itertools import groupby

import numpy as np
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from tinygesture.cli.chart import DIM, time_axis
from tinygesture.cli.plot import COLOURS
from tinygesture.cli.show_view import printable
from tinygesture.contract import CANONICAL_RATE_HZ, Float64
from tinygesture.explanation import Explanation
from tinygesture.explanation.explanation import NAMES

FOR, AGAINST = " ▁▂▃▄▅▆▇█", " ░▒▓"  # as much as the sample counts
FOR_COLOUR, AGAINST_COLOUR = "cyan", "yellow"
LEFT = 22  # columns of the names
MOST_COLUMNS = 120


def picture(title: str, made: Explanation, width: int) -> RenderableType:
    """A strip of time for each axis, coloured by what its samples add to the decision.

    width: of the terminal, in columns.
    """
    columns = max(min(width - LEFT - 1, MOST_COLUMNS, len(made.counts)), 8)
    starts = np.arange(columns) * len(made.counts) // columns
    strips = np.add.reduceat(made.attributions, starts)
    strips /= max(float(np.abs(strips).max()), 1e-9)
    lines = [Text(printable(title), "bold")]
    for channel, (name, share) in enumerate(zip(NAMES, made.shares, strict=True)):
        line = Text(no_wrap=True).append(f"{name:15}", COLOURS[channel % 3])
        lines.append(line.append(f"{share:4.0%}   ", DIM).append_text(_strip(strips[:, channel])))
    seconds = (np.arange(columns) + 0.5) * len(made.counts) / columns
    step = np.ceil((seconds - made.window) / made.hop).astype(int)
    of_label = made.probabilities[:, made.label][step.clip(0, len(made.probabilities) - 1)]
    lines.append(_row(f"{made.decided}, probability", np.where(step < 0, 0, of_label)))
    used = _at_samples(made)[seconds.astype(int)]
    lines.append(_row("used by the last step", used / max(float(used.max()), 1e-9)))
    first, last = -made.padding, len(made.counts) - made.padding
    axis = time_axis(first / CANONICAL_RATE_HZ, last / CANONICAL_RATE_HZ, columns)
    lines.append(Text(" " * LEFT + axis, DIM))
    key = Text(" " * LEFT).append(f"{FOR[1:]} for {printable(made.decided)}", FOR_COLOUR)
    lines.append(key.append(f"  {AGAINST[1:]} against", AGAINST_COLOUR))
    said = [Text(printable(made.sentence)), Text(made.memory_sentence)]
    return Group(*lines, *said, *(Text(printable(note), DIM) for note in made.notes))


def summary(of: Sequence[tuple[str, str, Explanation]]) -> Table:
    """One line for each (recording, model, explanation)."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style=DIM)
    for name in ("recording", "model", "decided", "known from", "memory", "accel.", "gyro."):
        table.add_column(name, justify="left" if name in ("recording", "model") else "right")
    for recording, model, made in of:
        table.add_row(
            printable(recording),
            printable(model),
            printable(f"{made.decided} {made.probability:.2f}"),
            f"{made.at_s(made.known):.2f} s",
            f"{made.memory_ms:.0f} ms",
            f"{made.shares[:3].sum():.0%}",
            f"{made.shares[3:].sum():.0%}",
        )
    return table


def _strip(values: Float64) -> Text:
    """Values float64[columns], -1..1, one character each."""
    text = Text(no_wrap=True)
    for positive, run in groupby(values.tolist(), key=lambda value: value >= 0):
        shades = FOR if positive else AGAINST
        characters = (shades[round(abs(value) * (len(shades) - 1))] for value in run)
        text.append("".join(characters), FOR_COLOUR if positive else AGAINST_COLOUR)
    return text


def _row(name: str, values: Float64) -> Text:
    """Values float64[columns], 0..1."""
    line = Text(f"{printable(name)[: LEFT - 1]:{LEFT}}", DIM, no_wrap=True)
    return line.append("".join(FOR[round(value * 8)] for value in values.tolist()), "default")


def _at_samples(made: Explanation) -> Float64:
    """float64[M]: what of the connectivity of the last step is each sample's block's."""
    end = made.window + (len(made.probabilities) - 1) * made.hop
    sample = np.arange(len(made.counts))
    back = (end - 1 - sample) // made.hop
    last: Float64 = np.where(back < 0, 0.0, made.used[-1][::-1][back.clip(0)])
    return last
