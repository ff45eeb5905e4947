"""What a model takes for a gesture while nobody makes one, to be shown to it more often.

Most background is easy, and a model soon learns nothing more from it; false events come from the
few seconds in an hour that look like a gesture (hard negatives: Sung and Poggio, 1998).
"""

from collections.abc import Sequence

import numpy as np

from tinygesture.contract import Float64, Quantisation
from tinygesture.training.architectures.base import Architecture, KerasModel
from tinygesture.training.examples import Example, Float32, inputs, pad
from tinygesture.training.streams import LONGEST_BACKGROUND

# In canonical samples.
PIECE = LONGEST_BACKGROUND
PART = 0.05  # of the background, kept as hard
SMOOTHING = 40  # a detector reports what is likely for so long, about


def mining_epochs(epochs: int, times: int, trained: bool) -> set[int]:
    """Before which of so many epochs it is looked for: at even distances; before the first one if
    the model has been trained before, and else not."""
    if not times:
        return set()
    spread = {epochs * i // (times + 1) for i in range(times + 1)}
    return spread if trained else spread - {0}


def hardest(
    model: KerasModel,
    arch: Architecture,
    quantisation: Quantisation,
    quiet: Sequence[Example],
    background: Sequence[int],
) -> list[Example]:
    """Of `quiet`, cut into pieces of PIECE samples, PART of them: where a gesture is likeliest.

    A piece int16[PIECE, 6] (or a whole shorter example) lies around the step where it is.
    background: the labels that are no gesture.
    """
    longest = max(arch.window, *(len(example.counts) for example in quiet))
    batch = np.stack([pad(example.counts, longest) for example in quiet])
    rows = model.predict(inputs(batch, quantisation), batch_size=len(batch), verbose=0)
    gestures = np.delete(rows, list(background), axis=-1)
    found = []
    for example, probabilities in zip(quiet, gestures, strict=True):
        likely = _smoothed(probabilities, max(SMOOTHING // arch.hop, 1)).max(axis=-1)
        padded = longest - len(example.counts)
        steps = max(PIECE // arch.hop, 1)
        for first in range(0, len(likely), steps):
            step = first + int(likely[first : first + steps].argmax())
            end = step * arch.hop + arch.window - padded
            begin = min(max(end - PIECE // 2, 0), max(len(example.counts) - PIECE, 0))
            piece = Example(example.counts[begin : begin + PIECE], example.label)
            found.append((float(likely[step]), piece))
    found.sort(key=lambda one: -one[0])
    return [piece for _, piece in found[: max(round(PART * len(found)), 1)]]


def _smoothed(rows: Float32, steps: int) -> Float64:
    """The mean of each of rows float32[S, labels] and of so many steps before it."""
    sums = np.cumsum(np.concatenate([np.zeros((steps, rows.shape[1])), rows]), axis=0)
    means: Float64 = (sums[steps:] - sums[:-steps]) / steps
    return means
