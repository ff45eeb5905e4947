"""What is known of one decision, and what it sums up to."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from tinygesture.contract import CANONICAL_RATE_HZ, CHANNELS, Float64, Int16, to_units

MOST = 0.9  # of the connectivity lies within the memory
HALF = 0.5  # of what an axis adds lies within the stretch that is named
SMALL = 0.1  # is the difference that motion makes: there is nothing that counted most
NAMES = tuple(f"{sensor} {axis}" for sensor in ("accelerometer", "gyroscope") for axis in "xyz")


class Stretch(NamedTuple):
    """channel: index into contract.CHANNELS; seconds from the recording's beginning."""

    channel: int
    from_s: float
    to_s: float


@dataclass(frozen=True)
class Explanation:
    """label: index of what the float model decided, by its mean probability over the steps
    (see `recording_label`); known: the step from which on it was high.

    counts: int16[M, 6] as the model was shown them, of which the first `padding` samples hold the
    recording's first. window, hop: the model's, in samples. probabilities: float64[steps, labels].
    baseline: int16[6], the pose without motion, for which the label has baseline_probability.
    attributions: float64[M, 6]; each is the part of the label's mean probability that comes from
    this sample's difference from the baseline. connectivity: float64[steps, blocks], the
    norm of the gradient of the label's probability with respect to each block of `hop` samples, per
    unit of the model's input. int8_label: what the int8 model decided, None if it was not asked.
    """

    labels: tuple[str, ...]
    label: int
    known: int
    counts: Int16
    padding: int
    window: int
    hop: int
    probabilities: Float64
    baseline: Int16
    baseline_probability: float
    attributions: Float64
    connectivity: Float64
    int8_label: int | None

    @property
    def decided(self) -> str:
        return self.labels[self.label]

    @property
    def probability(self) -> float:
        """Of the label: the mean over the steps that decide."""
        return float(self.probabilities[:, self.label].mean())

    @property
    def residue(self) -> float:
        """By how much the attributions fail to add up to the difference that they explain."""
        return float(self.probability - self.baseline_probability - self.attributions.sum())

    def at_s(self, step: int) -> float:
        """When the last sample of a step is there, in seconds from the recording's first sample."""
        return (self.window - 1 + step * self.hop - self.padding) / CANONICAL_RATE_HZ

    @property
    def shares(self) -> Float64:
        """float64[6]: what part of all attributions is each axis's, whether for or against."""
        of_axis = np.abs(self.attributions).sum(axis=0)
        share: Float64 = of_axis / max(float(of_axis.sum()), 1e-12)
        return share

    @property
    def counted_most(self) -> Stretch:
        """The axis with the largest share, and the shortest time that holds half of it."""
        channel = int(self.shares.argmax())
        size = np.abs(self.attributions[:, channel])
        held, own = size[: self.padding].sum(), size[self.padding :]
        first, last = shortest(own + np.eye(1, len(own))[0] * held, HALF)
        return Stretch(channel, first / CANONICAL_RATE_HZ, (last + 1) / CANONICAL_RATE_HZ)

    @property
    def used(self) -> Float64:
        """float64[steps, blocks]: of the connectivity of each step, the part of each block."""
        of_step = self.connectivity.sum(axis=1, keepdims=True)
        used: Float64 = self.connectivity / np.maximum(of_step, 1e-30)
        return used

    @property
    def memory(self) -> Float64:
        """float64[blocks]: how much a step uses of the newest block, of the one before, and so on.

        The mean over the second half of the steps, which have a past to use; it adds up to 1.
        """
        steps, blocks = self.connectivity.shape
        back = [
            np.pad(self.used[step, step + blocks - steps :: -1], (0, steps - 1 - step))
            for step in range(steps // 2, steps)
        ]
        mean: Float64 = np.mean(back, axis=0)
        return mean

    @property
    def memory_ms(self) -> float:
        """How far back MOST of what a step uses reaches."""
        reached = np.append(0.0, np.cumsum(self.memory))
        blocks = np.interp(MOST * reached[-1], reached, np.arange(len(reached)))
        return float(blocks * self.hop / CANONICAL_RATE_HZ * 1000)

    @property
    def sentence(self) -> str:
        known_s, (channel, from_s, to_s) = self.at_s(self.known), self.counted_most
        decided = f"{self._judgement}, known from {known_s:.2f} s on; "
        if abs(self.probability - self.baseline_probability) < SMALL:
            return f"{decided}the same pose, held still, gives {self.baseline_probability:.2f}."
        return f"{decided}what counted most: {NAMES[channel]}, {from_s:.2f} to {to_s:.2f} s."

    @property
    def _judgement(self) -> str:
        means = self.probabilities.mean(axis=0)
        likeliest = int(means.argmax())
        if likeliest == self.label:
            return f"Decided {self.decided} {self.probability:.2f}"
        return (
            f"Taken for {self.labels[likeliest]} {means[likeliest]:.2f}; of the gestures "
            f"{self.decided} is the likeliest {self.probability:.2f}"
        )

    @property
    def memory_sentence(self) -> str:
        return f"{MOST:.0%} of what a step uses is from the last {self.memory_ms:.0f} ms."

    @property
    def notes(self) -> list[str]:
        """What else has to be known to read it."""
        if self.int8_label is None:
            alike = "; the int8 one, which runs on the board, was not asked."
        elif self.int8_label == self.label:
            alike = "; the int8 one, which runs on the board, decides alike."
        else:
            other = self.labels[self.int8_label]
            alike = f", but the int8 one, which runs on the board, decides {other}."
        still, explained = self.baseline_probability, self.probability - self.baseline_probability
        return [
            f"Explained is the float model{alike}",
            f"The same pose, held still, gives {self.decided} {still:.2f}: what the samples add to "
            f"that is {explained:.2f}, with an error of {abs(self.residue):.3f}.",
        ]

    def to_json(self) -> dict[str, Any]:
        """Plain values, for JSON and for report/assets/explanation.js."""
        shares = dict(zip(CHANNELS, np.round(self.shares, 4).tolist(), strict=True))
        most = self.counted_most
        return {
            "sentence": self.sentence,
            "label": self.decided,
            "probability": round(self.probability, 4),
            "known_from_s": round(self.at_s(self.known), 3),
            "explained": "float",
            "int8_label": None if self.int8_label is None else self.labels[self.int8_label],
            "int8_agrees": None if self.int8_label is None else self.int8_label == self.label,
            "counted_most": {
                "channel": CHANNELS[most.channel],
                "from_s": round(most.from_s, 3),
                "to_s": round(most.to_s, 3),
            },
            "shares": shares,
            "accelerometer": round(float(self.shares[:3].sum()), 4),
            "gyroscope": round(float(self.shares[3:].sum()), 4),
            "memory_sentence": self.memory_sentence,
            "notes": self.notes,
            "memory_ms": round(self.memory_ms),
            "memory": np.round(self.memory, 4).tolist(),
            "baseline": np.round(to_units(self.baseline), 3).tolist(),
            "baseline_probability": round(self.baseline_probability, 4),
            "residue": round(self.residue, 5),
            "labels": list(self.labels),
            "probabilities": np.round(self.probabilities, 4).tolist(),
            "rate_hz": CANONICAL_RATE_HZ,
            "window": self.window,
            "hop": self.hop,
            "padding": self.padding,
            "units": np.round(to_units(self.counts), 3).tolist(),
            "attributions": np.round(self.attributions, 5).tolist(),
            "used": np.round(self.used, 4).tolist(),
        }


def shortest(values: Float64, part: float) -> tuple[int, int]:
    """[first, last] of the shortest run of values float64[n] >= 0 that holds this part of them."""
    reached = np.append(0.0, np.cumsum(values))
    ends = np.searchsorted(reached, reached[:-1] + part * reached[-1] * (1 - 1e-9))
    lengths = np.where(ends < len(reached), ends - np.arange(len(values)), len(values) + 1)
    first = int(lengths.argmin())
    return first, max(int(ends[first]) - 1, first)
