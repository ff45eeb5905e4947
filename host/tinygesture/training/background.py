"""What goes on while nobody makes a gesture: hours of it by virtual people, so it is synthetic.

Nobody records background in earnest, and a model that has never met it takes everything for one of
its gestures.
"""

from collections.abc import Sequence
from functools import lru_cache

from tinygesture.contract import Int16
from tinygesture.synth import IMUS, Item, perform
from tinygesture.training.examples import Example, canonical
from tinygesture.training.processes import several

BACKGROUND = "background"
# Subjects of the virtual hand; nobody on two sides.
TRAINING_PEOPLE = range(1001, 1081)
VALIDATION_PEOPLE = range(1101, 1107)
DETECTOR_PEOPLE = range(1121, 1181)
TEST_PEOPLE = range(1201, 1213)
WORTH_PROCESSES = 20.0  # minutes of background, from which on several make it


@lru_cache(maxsize=8)  # a search and a benchmark ask for the same again and again
def background(minutes: float, people: range, seed: int) -> tuple[Int16, ...]:
    """Rest, fidgeting, walking, typing and travelling: int16[M, 6] at the canonical rate each.

    One stretch for each of the people, with the boards of both revisions in turn; `minutes` all
    together.
    """
    seconds = max(60 * minutes / len(people), 1.0)
    tasks = [(subject, seconds, seed, i) for i, subject in enumerate(people)]
    if minutes < WORTH_PROCESSES:
        made = [_of_one(*task) for task in tasks]
    else:
        made = several(_of_one, tasks)
    for counts in made:
        counts.flags.writeable = False  # they are everybody's who asks
    return tuple(made)


def _of_one(subject: int, seconds: float, seed: int, board: int) -> Int16:
    imu = sorted(IMUS)[board % len(IMUS)]
    made = perform([Item("background", seconds)], subject, seed, imu=imu)
    return canonical(made.t_us, made.counts)


def background_label(labels: Sequence[str]) -> int | None:
    """The index of a label `background` among these, in capitals or not."""
    return next((i for i, label in enumerate(labels) if label.lower() == BACKGROUND), None)


def with_background(labels: Sequence[str]) -> tuple[str, ...]:
    """The labels of a model for recordings with these labels: background last, if not there."""
    added = () if background_label(labels) is not None else (BACKGROUND,)
    return (*labels, *added)


def background_examples(
    minutes: float, people: range, seed: int, labels: Sequence[str]
) -> list[Example]:
    """`background` as examples; labels: those of `with_background`."""
    label = background_label(labels)
    assert label is not None
    return [Example(counts, label) for counts in background(minutes, people, seed)]
