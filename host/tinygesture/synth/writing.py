"""Letters and digits drawn in the air in front of the body."""

import numpy as np

from tinygesture.contract import Float64
from tinygesture.synth.motion import Motion
from tinygesture.synth.person import Person, varied
from tinygesture.synth.smooth import ramp
from tinygesture.synth.strokes import STROKES

HEIGHT, WIDTH = 0.22, 0.15  # metres, of the grid for an average person
LONGEST = 2.1  # seconds, so that reaction and sign fit into a recording of 2.5
OVERLAP = 0.45  # of a movement, that the next one begins before its end: it rounds the corners


def draw_sign(label: str, person: Person, rng: np.random.Generator) -> Motion:
    """A letter or digit of `STROKES`, and the way back to where it began.

    The hand goes from point to point with the least jerk; each movement begins before the last
    one has ended, and lasts as the square root of its length (longer ones are faster).
    """
    grid = np.array([[int(at[0]), int(at[1])] for at in STROKES[label].split()], np.float64)
    points = (grid - grid[0]) * [WIDTH / 4, HEIGHT / 6] * person.size * varied(rng, 0.1)
    points[1:] += rng.normal(0, 0.006, (len(points) - 1, 2))
    moves = np.diff(points, axis=0, append=np.zeros((1, 2)))
    takes = 0.14 + 0.65 * np.sqrt(np.linalg.norm(moves, axis=1))
    takes *= varied(rng, 0.07) / person.tempo
    begins = np.concatenate([[0], np.cumsum(takes[:-1] * (1 - OVERLAP))])
    hurry = min(1.0, LONGEST / float(np.max(begins + takes)))
    begins, takes = begins * hurry, takes * hurry
    slant = 0.15 * person.lean + rng.normal(0, 0.05)
    depth = 0.15 * person.lift + rng.normal(0, 0.08)
    turned = 3.2 * (1 + 0.25 * person.wrist) * varied(rng, 0.1)  # rad/m: the hand looks at its path
    rolled = 1.2 * person.twist + rng.normal(0, 0.5)

    def offsets(t: Float64) -> tuple[Float64, Float64]:
        right, up = (ramp((t[:, None] - begins) / takes) @ moves).T
        right = right + slant * up
        position = np.stack([-depth * up, -right, up], axis=1)
        return position, np.stack([rolled * right, turned * up, -turned * right], axis=1)

    return Motion(float(np.max(begins + takes)), offsets)
