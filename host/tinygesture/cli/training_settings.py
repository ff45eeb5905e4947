"""--set NAME=VALUE: what a user may change of a training."""

from collections.abc import Iterable
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import click
from click import IntRange

from tinygesture.cli.options import FiniteRange

if TYPE_CHECKING:
    from tinygesture.training.fit import Settings

AUGMENTATION: dict[str, IntRange | FiniteRange] = {
    "rotation_degrees": FiniteRange(0, 90),
    "tilt_degrees": FiniteRange(0, 90),
    "scale": FiniteRange(0, 1),
    "speed": FiniteRange(0, 0.5),
    "warp": FiniteRange(0, 0.5),
    "jitter": FiniteRange(0, 5),
    "shift": IntRange(0, 100),
    "noise": FiniteRange(0, 10_000),
    "bias": FiniteRange(0, 10_000),
    "dropped": FiniteRange(0, 0.5),
    "mirrored": FiniteRange(0, 1),
}
TRAINING: dict[str, IntRange | FiniteRange] = {
    "epochs": IntRange(1, 1000),
    "passes": IntRange(1, 1000),
    "repeats": IntRange(1, 100),
    "batch": IntRange(1, 256),
    "chunks": IntRange(1, 32),
    "learning_rate": FiniteRange(1e-6, 1),
    "warm_up": FiniteRange(0, 0.9),
    "label_smoothing": FiniteRange(0, 0.5),
    "weight_decay": FiniteRange(0, 1),
    "average": FiniteRange(0, 1),
    "balance": FiniteRange(0, 1),
    "background_minutes": FiniteRange(0.5, 1440),
    "mining": IntRange(0, 100),
    "patience": IntRange(0, 1000),
}
LIMITS = {**TRAINING, **AUGMENTATION}

Change = tuple[str, float]


def changes(
    ctx: click.Context | None, param: click.Parameter | None, values: Iterable[str]
) -> list[Change]:
    """A callback of click: "mirrored=0.5" -> ("mirrored", 0.5)."""
    return [_change(value, param, ctx) for value in values]


def _change(text: str, param: click.Parameter | None, ctx: click.Context | None) -> Change:
    def refused(why: str) -> click.BadParameter:
        return click.BadParameter(why, ctx, param)

    name, sign, value = text.partition("=")
    if not sign:
        raise refused(f"{text!r} is no NAME=VALUE, such as mirrored=0.5.")
    if name not in LIMITS:
        near = get_close_matches(name, LIMITS, n=1)
        others = f"Did you mean {near[0]}?" if near else f"There are {', '.join(LIMITS)}."
        raise refused(f"There is no setting {name!r}. {others}")
    limits = LIMITS[name]
    try:
        return name, limits(value, param, ctx)
    except click.BadParameter:
        number = "a whole number" if isinstance(limits, IntRange) else "a number"
        within = f"from {limits.min:g} to {limits.max:g}"
        raise refused(f"{name} takes {number} {within}, not {value!r}.") from None


def changed(changes: Iterable[Change]) -> "Settings":
    """The settings of a training, with these changes: the last one of a name holds."""
    from tinygesture.training.fit import Settings

    of: dict[str, Any] = dict(changes)
    augmentation = {name: of.pop(name) for name in AUGMENTATION if name in of}
    usual = Settings()
    return replace(usual, augmentation=replace(usual.augmentation, **augmentation), **of)
