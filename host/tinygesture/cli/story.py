"""The demo's two stories: virtual hands, or recordings that somebody made."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from tinygesture.boards.sources import PAUSE_US
from tinygesture.dataset import Dataset, Entry, Interval, split
from tinygesture.dataset.labels import is_background
from tinygesture.errors import UserError
from tinygesture.synth import parse_script, truth

GESTURES = ("circle", "punch", "flex", "wave")
SUBJECTS = range(1, 13)
COUNT = 2
UNSEEN_SUBJECT, UNSEEN_SEED = 103, 7
REPETITIONS = 6
SPEED = 4  # the emulated board takes samples at about five times real time
AFTER_S = 1.5  # the board is watched this long after the last gesture
HELD_OUT = 0.25
PLAYED_AT_MOST = 48


@dataclass(frozen=True)
class Story:
    """recording: what it is about the training data, and the commands that record it.

    performance: who performs, and the port at which it happens; performed: the truth about it.
    """

    recording: str
    captures: Sequence[Sequence[str]]
    performance: str
    port: str
    performed: Sequence[Interval]

    @property
    def seconds(self) -> float:
        """How long the board has to be watched."""
        return self.performed[-1].end_us / 1e6 + AFTER_S


def virtual(board: str, recordings: str) -> Story:
    """Several virtual people record, and one whom the model has never seen performs."""

    def port(**parameters: object) -> str:
        return f"sim://{board}?{urlencode({**parameters, 'speed': SPEED}, safe=',')}"

    captures = [
        [
            *("capture", *GESTURES, "rest", "--count", str(COUNT), "--countdown", "0.3"),
            *("--no-review", "--data", recordings),
            *("--port", port(subject=subject, seed=subject)),
        ]
        for subject in SUBJECTS
    ]
    script = list(GESTURES) * REPETITIONS
    random.Random(UNSEEN_SEED).shuffle(script)
    performed = truth(parse_script(",".join(script)), UNSEEN_SUBJECT, UNSEEN_SEED)
    return Story(
        f"{len(SUBJECTS)} virtual people record {', '.join(GESTURES)} and rest (synthetic data).",
        captures,
        f"A virtual person of whom the model has seen nothing performs {len(script)} gestures.",
        port(perform=",".join(script), subject=UNSEEN_SUBJECT, seed=UNSEEN_SEED),
        [*performed],
    )


def recorded(board: str, data: Path, recordings: Path, held_out: Path) -> Story:
    """A part of a data set is for training; the rest is played to the board.

    Writes the two parts. Raises UserError where the data set does not allow it.
    """
    dataset = Dataset.open(data)
    dataset.require_recordings()
    parts = split(dataset.entries, validation=0, test=HELD_OUT)
    _copy(dataset, parts.train, recordings)
    every = -(-len(parts.test) // PLAYED_AT_MOST)
    played = _copy(dataset, parts.test[::every], held_out)
    performed = []
    begin_us = 0
    for entry in played.entries:
        end_us = begin_us + int(played.load(entry).t_us[-1])
        if not is_background(entry.label):
            performed.append(Interval(entry.label, begin_us, end_us))
        begin_us = end_us + PAUSE_US
    if not performed:
        raise UserError(
            f"The part of {data} that was held out has no gestures in it, only rest. Record more "
            "gestures into it."
        )
    return Story(
        f"The recordings of {data} are divided: {parts.description}.",
        [],
        f"{len(played.entries)} recordings that the model has not seen are played.",
        f"sim://{board}?{urlencode({'play': held_out, 'speed': SPEED}, safe='/')}",
        performed,
    )


def _copy(dataset: Dataset, entries: Sequence[Entry], folder: Path) -> Dataset:
    copy = Dataset.create(folder)
    for entry in entries:
        copy.add(dataset.load(entry))
    return copy
