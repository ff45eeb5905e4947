"""Everything that the virtual hand can perform, by its label."""

import numpy as np

from tinygesture.errors import UserError
from tinygesture.synth.background import BACKGROUND
from tinygesture.synth.gestures import GESTURES
from tinygesture.synth.motion import Motion, mirrored, wobbling
from tinygesture.synth.person import Person
from tinygesture.synth.strokes import STROKES
from tinygesture.synth.writing import draw_sign

LABELS = (*GESTURES, *STROKES, *BACKGROUND)
BASIC = ("circle", "punch", "flex", "wave", "rest", "random")  # enough to train and try a model on


def check_label(label: str) -> str:
    """`label` if the virtual hand can perform it; UserError otherwise."""
    if label in LABELS:
        return label
    known = ", ".join([*GESTURES, "letter-a to letter-z", "digit-0 to digit-9", *BACKGROUND])
    raise UserError(
        f"The virtual hand cannot perform {label!r}. It knows {known}; use one of these, or play "
        "recordings."
    )


def draw(label: str, person: Person, rng: np.random.Generator) -> Motion:
    """One performance of a gesture or sign, `label`, by this person."""
    make = GESTURES.get(label)
    motion = make(person, rng) if make else draw_sign(label, person, rng)
    motion = wobbling(motion, person.tremor, rng)
    return mirrored(motion) if person.left_handed else motion
