"""What a model will cost on the board, counted before it is trained."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from tinygesture.benchmark import benchmark
from tinygesture.contract import CANONICAL_RATE_HZ, Quantisation
from tinygesture.export.quantise import quantise
from tinygesture.training.architectures.base import Architecture
from tinygesture.training.backend import tensorflow
from tinygesture.training.examples import Example
from tinygesture.training.fit import Fitted


@dataclass(frozen=True)
class Cost:
    """Of the compiled engine. instructions: of a Cortex-M4F for a second of motion; flash, ram:
    bytes that the model adds to the firmware."""

    instructions: int
    flash: int
    ram: int


@dataclass(frozen=True)
class Budget:
    """The most that a model may cost; None: no limit."""

    instructions: int | None = None
    flash: int | None = None
    ram: int | None = None

    def exceeded(self, cost: Cost) -> str | None:
        """What is too much, in words; None where it fits."""
        limits = (
            (self.instructions, cost.instructions, "instructions a second"),
            (self.flash, cost.flash, "bytes of flash"),
            (self.ram, cost.ram, "bytes of RAM"),
        )
        over = [f"{used:,} {what}" for most, used, what in limits if most and used > most]
        return " and ".join(over) or None


@cache
def cost(arch: Architecture, labels: int) -> Cost:
    """Counted with random weights: it depends on the shapes alone, but for a few instructions.

    Raises UserError where a program that counting takes is missing.
    """
    tensorflow().keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    counts = rng.integers(-8192, 8192, (2 * arch.window, 6)).astype(np.int16)
    names = tuple(map(str, range(labels)))
    untrained = Fitted(
        arch, arch.build(labels), Quantisation.choose(counts), names, labels, history={}
    )
    model = quantise(untrained, [Example(counts, 0)])
    found = benchmark(model, arch.state, arch.hop)
    size = found.size
    return Cost(
        round(found.counts.instructions * CANONICAL_RATE_HZ / arch.hop),
        size.code + size.tables + size.weights,
        size.ram,
    )
