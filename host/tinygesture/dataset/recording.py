"""One recording: what the sensor said, and everything known about how it was made."""

import re
from dataclasses import dataclass, fields
from typing import TypedDict

import numpy as np

from tinygesture.contract import Int16, Int64
from tinygesture.errors import UserError

NAME_LENGTH = 24
UNKNOWN = "unknown"
_NAME = re.compile(rf"[A-Za-z0-9_][A-Za-z0-9_-]{{0,{NAME_LENGTH - 1}}}")
_OF_WINDOWS = re.compile("con|prn|aux|nul|com[0-9]|lpt[0-9]", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Meta:
    """What is known of a recording besides its samples.

    rate_hz and jitter_us are measured (see `measure`), drops counts samples lost on the way,
    clipped those at the end of the sensor's range; recorded_at is ISO 8601 in UTC.
    """

    label: str
    subject: str
    session: str
    board: str
    imu: str
    firmware: str
    rate_hz: float
    jitter_us: float
    drops: int
    crc_errors: int
    clipped: int
    synthetic: bool
    recorded_at: str

    @classmethod
    def unknown(cls, label: str) -> "Meta":
        """For samples of which only the label is known."""
        return cls(
            label=label,
            subject=UNKNOWN,
            session=UNKNOWN,
            board="",
            imu="",
            firmware="",
            rate_hz=0.0,
            jitter_us=0.0,
            drops=0,
            crc_errors=0,
            clipped=0,
            synthetic=False,
            recorded_at="",
        )


@dataclass(frozen=True, eq=False)
class Recording:
    """t_us: int64[N], microseconds from 0, strictly increasing; counts: int16[N, 6]; N >= 1."""

    t_us: Int64
    counts: Int16
    meta: Meta

    def __post_init__(self) -> None:
        if self.t_us.dtype != np.int64 or self.counts.dtype != np.int16:
            raise ValueError(f"need int64 and int16, not {self.t_us.dtype}, {self.counts.dtype}")
        if len(self.t_us) == 0 or self.counts.shape != (len(self.t_us), 6):
            raise ValueError(f"need N and N×6, not {self.t_us.shape} and {self.counts.shape}")
        if self.t_us[0] != 0 or np.any(np.diff(self.t_us) <= 0):
            raise ValueError("times must begin at 0 and increase")


class Measures(TypedDict):
    """The part of `Meta` that follows from the samples."""

    rate_hz: float
    jitter_us: float
    clipped: int


# What of `Meta` neither the samples tell nor the folder that a recording lies in.
ONLY_TOLD = {field.name for field in fields(Meta)} - {"label", *Measures.__annotations__}


def measure(t_us: Int64, counts: Int16) -> Measures:
    """Rate, jitter and clipping of t_us int64[N] and counts int16[N, 6].

    The rate is the mean over the steps without a lost sample (below 1.5 times the median step),
    the jitter their standard deviation; both are 0 for a single sample.
    """
    ends = (counts >= 32767) | (counts <= -32767)
    clipped = int(ends.any(axis=1).sum())
    steps = np.diff(t_us)
    if len(steps) == 0:
        return {"rate_hz": 0.0, "jitter_us": 0.0, "clipped": clipped}
    whole = steps[steps < 1.5 * np.median(steps)]
    return {
        "rate_hz": round(1e6 / float(whole.mean()), 3),
        "jitter_us": round(float(whole.std()), 1),
        "clipped": clipped,
    }


def is_name(name: str) -> bool:
    """Whether this can be the name of a label, subject or session."""
    return bool(_NAME.fullmatch(name)) and not _OF_WINDOWS.fullmatch(name)


def check_name(name: str, what: str) -> str:
    """`name` if it can be the name of a label, subject or session (`what` says which).

    Raises UserError otherwise: names become folders, options and text on the board.
    """
    if is_name(name):
        return name
    if _OF_WINDOWS.fullmatch(name):
        raise UserError(f"Windows allows no folder of the name {name!r}: choose another {what}.")
    raise UserError(
        f"{name!r} cannot be the name of a {what}: use 1 to {NAME_LENGTH} letters (a-z, A-Z), "
        "digits, - and _, and begin with no dash."
    )
