"""Figures from events: how many gestures were recognised, how soon, and what was false."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from tinygesture.evaluation.matching import TOLERANCE_US, Match, Outcome, Reported, Surplus
from tinygesture.evaluation.statistics import rate

MANY_FALSE, MANY_TIMES = 5, 5  # events, and times what was aimed at: both are no accident


def figures(
    matches: Sequence[Match[Reported]],
    labels: Sequence[str],
    hours: float,
    tolerance_us: int = TOLERANCE_US,
) -> dict[str, Any]:
    """What the matches of recordings that lasted `hours` in all say together.

    labels: those that are reported. {"gestures", "recognised", "events", "false", "duplicates",
    "precision", "recall", "f1", "hours", "false_per_hour", "false_per_hour_upper" (95 %),
    "false_during": {label: count}, "delay_ms": {"median", "p90"} from a gesture's beginning to its
    event, "gesture_ms": how long gestures last in the median, "tolerance_ms", "labels": {label:
    its gestures, recognised, false, duplicates, precision, recall, f1}}.

    precision: of all events, duplicates too, those that are recognitions. false_per_hour counts no
    duplicates. A figure with nothing to divide by is None.
    """
    outcomes = [one for match in matches for one in match.outcomes if one.known]
    surplus = [one for match in matches for one in match.surplus]
    recognised = [one for one in outcomes if one.event is not None]
    delays = [one.event.end_us - one.performed.start_us for one in recognised if one.event]
    lengths = [one.performed.end_us - one.performed.start_us for one in outcomes]
    counted = _counts(outcomes, surplus)
    false = rate(counted["false"], hours)
    during = Counter(one.during for one in surplus if not one.duplicate)
    return {
        **counted,
        "events": len(recognised) + len(surplus),
        "hours": hours,
        "false_per_hour": false.value,
        "false_per_hour_upper": false.upper,
        "false_during": dict(during.most_common()),
        "delay_ms": {"median": _ms(delays, 50), "p90": _ms(delays, 90)},
        "gesture_ms": _ms(lengths, 50),
        "tolerance_ms": tolerance_us // 1000,
        "labels": {
            label: _counts(
                [one for one in outcomes if one.performed.label == label],
                [one for one in surplus if one.event.label == label],
            )
            for label in labels
        },
    }


def faults(of: Mapping[str, Any], target: float) -> Iterator[str]:
    """In words, why nobody would like a model with these `figures`, and what to do about it.

    of["background"]: figures of hours in which nobody made a gesture. target: false events an hour
    that were aimed at; more of them than chance explains are a fault.
    """
    missed = ", ".join(
        f"{label} ({own['recognised']} of {own['gestures']})"
        for label, own in of["labels"].items()
        if 2 * own["recognised"] < own["gestures"]
    )
    if missed:
        yield (
            f"On a board it would hardly ever report {missed}. It learned from too few examples or "
            "for too short a time, or those who tested it are too different from those it learned "
            "from: record more, by more people and in more sessions, and train again."
        )
    quiet = of["background"]
    if quiet["false"] >= MANY_FALSE and quiet["false_per_hour"] > MANY_TIMES * target:
        yield (
            f"On a board it would report about {quiet['false_per_hour']:,.0f} gestures an hour "
            "that nobody makes. Record more of each gesture, and labels for what causes them, and "
            "train again."
        )


def _counts(
    outcomes: Sequence[Outcome[Reported]], surplus: Sequence[Surplus[Reported]]
) -> dict[str, Any]:
    gestures, recognised = len(outcomes), sum(one.event is not None for one in outcomes)
    duplicates, events = sum(one.duplicate for one in surplus), recognised + len(surplus)
    return {
        "gestures": gestures,
        "recognised": recognised,
        "false": len(surplus) - duplicates,
        "duplicates": duplicates,
        "precision": recognised / events if events else None,
        "recall": recognised / gestures if gestures else None,
        "f1": 2 * recognised / (gestures + events) if gestures else None,
    }


def _ms(times_us: Sequence[int], percentile: float) -> float | None:
    return round(float(np.percentile(times_us, percentile)) / 1000, 1) if times_us else None
