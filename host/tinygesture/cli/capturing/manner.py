"""How recordings are made, as the command line says it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Triggering:
    """threshold_dps: see `motion.Motion`; None: measured first."""

    threshold_dps: float | None
    pre_roll_s: float


@dataclass(frozen=True)
class Manner:
    """How recordings are made.

    seconds: of a recording, or with a trigger at most; refuse: faulty ones are made again; review:
    somebody is asked what becomes of each.
    """

    countdown_s: float
    seconds: float
    trigger: Triggering | None
    refuse: bool
    review: bool
    bell: bool
