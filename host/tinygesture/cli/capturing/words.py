"""What is said of recordings, in whatever view."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from tinygesture.cli.capturing.moment import Moment
from tinygesture.cli.capturing.script import Script
from tinygesture.cli.capturing.who import Who
from tinygesture.cli.sparkline import sparkline
from tinygesture.contract import Int16
from tinygesture.dataset import Recording


class Progress(NamedTuple):
    """One label of the list."""

    words: str
    current: bool
    complete: bool


@dataclass(frozen=True, eq=False)
class Review:
    """A recording that was made: counts int16[n, 6], its faults, and the keys that decide."""

    title: str
    counts: Int16
    figures: str
    faults: Sequence[str]
    keys: str = ""


class View(Protocol):
    """Somebody who tells the person what to do, and what became of it."""

    def announce(self, title: str, progress: Sequence[Progress]) -> None: ...
    def show(self, moment: Moment | None) -> None: ...
    def ask(self, review: Review | None) -> None: ...
    def saved(self, review: Review) -> None: ...
    def say(self, sentence: str) -> None: ...
    def warn(self, sentence: str) -> None: ...
    def bell(self) -> None: ...


class Job(Protocol):
    """Recording, guided, triggered or continuous."""

    @property
    def saved(self) -> int:
        """How many recordings were added to the data set."""

    @property
    def missing(self) -> int:
        """How many are still to be made."""

    def run(self) -> None: ...


def figures(recording: Recording) -> str:
    """A recording in one line: its motion, its length, how well it was sampled."""
    seconds = float(recording.t_us[-1]) / 1e6
    meta = recording.meta
    line = f"{sparkline(recording.counts)} {seconds:.1f} s"
    return f"{line}, {meta.rate_hz:.1f} Hz, jitter {meta.jitter_us:.0f} µs"


def several(count: int, what: str = "recording") -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def beginning(script: Script, who: Who) -> str:
    """What a session begins with, or goes on with."""
    there = [f"{n} of {script.count} {label}" for label, n in script.kept.items() if n]
    if not there:
        return f"{who.subject}, session {who.session}: {several(script.missing)} to make."
    said = f"{who.subject} has made {', '.join(there)} in session {who.session} already."
    if script.missing:
        return said
    return f"{said} Nothing is missing: for more, raise --count or name another --session."


def ending(job: Job, data: Path) -> str:
    """What a session leaves behind."""
    said = f"{several(job.saved)} saved in {data}."
    if job.missing:
        verb = "is" if job.missing == 1 else "are"
        said += f" The same command goes on with the {job.missing} that {verb} missing."
    return said
