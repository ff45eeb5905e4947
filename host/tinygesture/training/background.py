"""What goes on while nobody makes a gesture: hours of it by virtual people, so it is synthetic.

Nobody records background in earnest, and a model that has never met it takes everything for one of
its gestures.
"""

from collections.abc import Sequence

from tinygesture.contract import Int16
from tinygesture.synth import IMUS, Item, perform
from tinygesture.training.examples import Example, canonical

BACKGROUND = "background"
# Subjects of the virtual hand; nobody on two sides.
TRAINING_PEOPLE = range(1001, 1041)
VALIDATION_PEOPLE = range(1101, 1107)
DETECTOR_PEOPLE = range(1121, 1151)
TEST_PEOPLE = range(1201, 1213)


def background(minutes: float, people: range, seed: int) -> list[Int16]:
    """Rest, fidgeting, walking, typing and travelling: int16[M, 6] at the canonical rate each.

    One stretch for each of the people, with the boards of both revisions in turn; `minutes` all
    together.
    """
    script = [Item("background", max(60 * minutes / len(people), 1.0))]
    made = (
        perform(script, subject, seed, imu=sorted(IMUS)[i % len(IMUS)])
        for i, subject in enumerate(people)
    )
    return [canonical(one.t_us, one.counts) for one in made]


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
