"""What does each part of the training contribute?"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from functools import partial
from itertools import chain
from typing import Any

import numpy as np
from common import ROOT, Asked, Table, command, described, recorded
from methods import Task, ids, percent
from networks import TITLES, trained
from quality import FIGURES, SUMMARY, figures_of
from scipy.stats import sem, t
from within_person import SOURCES

from tinygesture.contract import Float64
from tinygesture.dataset import Dataset, Split
from tinygesture.dataset.folds import FOLDS, consecutive_folds, leave_one_out
from tinygesture.evaluation.robustness import CONDITIONS
from tinygesture.evaluation.statistics import CONFIDENCE
from tinygesture.export.manifest import code_hash, data_hash
from tinygesture.training.augment import Augmentation
from tinygesture.training.fit import Settings

DEFAULTS = Settings()
OFF = {  # kinds of augmentation that are off, and what they could be; never the other hand
    "tilt_degrees": 5.0,
    "warp": 0.05,
    "jitter": 0.1,
    "bias": 40.0,
    "dropped": 0.02,
}

IN_PAIRS = {  # what stands in for each other is thrown twice: the other is on, and it is off
    "without scale, shift and noise on or off": (
        ("as it is", "without scale"),
        ("without shift and noise", "without scale, shift and noise"),
    ),
    "without shift, noise on or off": (
        ("as it is", "without shift"),
        ("without noise", "without shift and noise"),
    ),
    "without noise, shift on or off": (
        ("as it is", "without noise"),
        ("without shift", "without shift and noise"),
    ),
}


def augmented(**changes: Any) -> Settings:
    return replace(DEFAULTS, augmentation=replace(DEFAULTS.augmentation, **changes))


def of_gru() -> Mapping[str, Settings]:
    """The defaults, and each switch of theirs thrown alone."""
    kinds = [field.name for field in fields(Augmentation)]
    return {
        "as it is": DEFAULTS,
        **without(kind for kind in kinds if getattr(DEFAULTS.augmentation, kind)),
        "without scale, shift and noise": augmented(scale=0, shift=0, noise=0),
        "with every other kind, too": augmented(**OFF),
        "without any augmentation": augmented(**dict.fromkeys(kinds, 0)),
        "with label smoothing and early stopping": replace(
            DEFAULTS, label_smoothing=0.05, patience=15
        ),
        "without warm-up": replace(DEFAULTS, warm_up=0.0),
        "without the mean of the weights": replace(DEFAULTS, average=0.0),
        "labels as often as they were recorded": replace(DEFAULTS, balance=0.0),
        "without weight decay": replace(DEFAULTS, weight_decay=0.0),
        "almost no background": replace(DEFAULTS, background_minutes=0.3),
        "without looking for hard background": replace(DEFAULTS, mining=0),
    }


def of_conv1d() -> Mapping[str, Settings]:
    """The defaults, what shows nothing in a GRU, and what a GRU has not."""
    return {
        "as it is": DEFAULTS,
        **without(["scale", "shift", "noise"]),
        "without shift and noise": augmented(shift=0, noise=0),
        "without scale, shift and noise": augmented(scale=0, shift=0, noise=0),
        "without label smoothing, weight decay and early stopping": replace(
            DEFAULTS, label_smoothing=0.0, weight_decay=0.0, patience=0
        ),
    }


def without(kinds: Iterable[str]) -> Mapping[str, Settings]:
    """Each of these kinds of augmentation switched off alone."""
    return {f"without {kind.removesuffix('_degrees')}": augmented(**{kind: 0}) for kind in kinds}


def ablation(asked: Asked) -> list[Table]:
    """Ablation: one part of the training switched at a time, within person and for new people.

    FOLDERS: data sets; without them, martinlindholdt's of $TINYGESTURE_DATA, and the synthetic
    people of data/.
    """
    dataset = asked.dataset(partial(recorded, "martinlindholdt", SOURCES))
    others = [] if asked.folders else [Dataset.open(ROOT / "data")]
    found = [_tables(asked, one, "gru", of_gru()) for one in (dataset, *others)]
    return [*chain(*found), *_tables(asked, dataset, "conv1d", of_conv1d())]


def _tables(
    asked: Asked, dataset: Dataset, arch: str, variants: Mapping[str, Settings]
) -> list[Table]:
    folds = folds_of(dataset)
    found = with_pairs(measured(asked, dataset, folds, arch, variants))
    protocol = (
        f"{described(dataset)} {TITLES[arch]}, float; {_division(folds)}; number of seeds: "
        f"{len(asked.seeds)}. Accuracy: recordings named rightly. Disturbed: the same under "
        "noise, tilts, other tempos, gains and rates, and losses, as `tinygesture evaluate "
        "--robustness` changes them: the mean of these six. Heard: recordings in which the "
        "gesture is at one step likelier than what an hour of synthetic background, by people "
        "who are in nothing else, is taken for in its surest second. Loss: the cross-entropy of "
        "the recordings. Of each other row, the difference from the first one in the same fold "
        "with the same seed, in points: its mean, with a 95 % interval; bold where that has no 0 "
        "in it. One in twenty would be bold by chance."
    )
    if not found.keys().isdisjoint(IN_PAIRS):
        protocol += (
            " On or off: the mean of two differences, one where the others are on and one where "
            "they are off."
        )
    apart = (
        "The accuracy of the disturbed recordings above, at all strengths of each disturbance, and "
        "its differences."
    )
    of = f"{TITLES[arch]}, {dataset.path.name}"
    return [
        _table(f"Ablation: {of}", protocol, found, SUMMARY),
        _table(f"Ablation by disturbance: {of}", apart, found, CONDITIONS),
    ]


def _table(
    title: str, protocol: str, found: Mapping[str, Float64], figures: Collection[str]
) -> Table:
    """The first variant's figures, and by how much each other one's differ."""
    at = {figure: FIGURES.index(figure) for figure in figures}
    (usual, its), *others = found.items()
    rows = [[usual, *(_value(figure, its[:, i].mean()) for figure, i in at.items())]]
    for variant, own in others:
        by = own - its
        rows.append([variant, *(_difference(figure, by[:, i]) for figure, i in at.items())])
    return Table(title, protocol, ("", *figures), rows)


def folds_of(dataset: Dataset) -> list[Split]:
    """Within person, where there is one; of several, each is once all that is learned from.

    Many errors are left then, to tell variants by.
    """
    if len({entry.person for entry in dataset.entries}) == 1:
        return consecutive_folds(dataset.entries)
    folds = leave_one_out(dataset.entries)
    return [replace(fold, train=fold.test, test=fold.train) for fold in folds]


def _division(folds: Sequence[Split]) -> str:
    """In words, what `folds_of` gave."""
    if folds[0].by == "block":
        return f"{FOLDS} folds of consecutive recordings of each label"
    return (
        f"each of {len(folds)} people is once the only one that a model learns from, and tested "
        "are the others, but for those that are its validation"
    )


def measured(
    asked: Asked,
    dataset: Dataset,
    folds: Sequence[Split],
    arch: str,
    variants: Mapping[str, Settings],
) -> dict[str, Float64]:
    """Of each variant FIGURES, float64[seeds * folds, figures]."""
    data, code = data_hash(dataset), code_hash()
    wanted = [
        (title, settings, seed, fold)
        for seed in asked.seeds
        for fold in folds
        for title, settings in variants.items()
    ]

    def answer(title: str, settings: Settings, seed: int, fold: Split) -> list[dict[str, Any]]:
        task = Task.of(dataset, fold)
        figures = figures_of(trained(task, seed, arch, settings), task)
        return [{"variant": title, "seed": seed, "fold": fold.description, **figures}]

    def question(title: str, settings: Settings, seed: int, fold: Split) -> list[Any]:
        divided = ids(fold.train, fold.test)
        return [FIGURES, data, code, arch, repr(settings), seed, divided]

    found: dict[str, list[list[float]]] = {}
    for (title, *_), one in zip(wanted, asked.each(wanted, question, answer), strict=True):
        found.setdefault(title, []).append([one[figure] for figure in FIGURES])
    return {title: np.array(own) for title, own in found.items()}


def with_pairs(found: Mapping[str, Float64]) -> dict[str, Float64]:
    """And IN_PAIRS of it: the first variant's figures, changed by the mean of both differences."""
    its = next(iter(found.values()))
    pairs = {
        title: its + sum(found[off] - found[on] for on, off in both) / len(both)
        for title, both in IN_PAIRS.items()
        if found.keys() >= {*chain(*both)}
    }
    return {**found, **pairs}


def _value(figure: str, value: float) -> str:
    return f"{value:.3f}" if figure == "loss" else percent(value)


def _difference(figure: str, by: Float64) -> str:
    points, digits = (1, 3) if figure == "loss" else (100, 1)
    middle, width = mean(points * by)
    said = f"{middle:+.{digits}f} ± {width:.{digits}f}"
    return f"**{said}**" if abs(middle) > width else said


def mean(values: Float64) -> tuple[float, float]:
    """The mean of independent values, and what is to be added and subtracted for the interval that
    holds the true one (Student's t, 95 %); nan of a single value."""
    width = sem(values) * t.ppf((1 + CONFIDENCE) / 2, len(values) - 1)
    return float(values.mean()), float(width)


if __name__ == "__main__":
    command(ablation)
