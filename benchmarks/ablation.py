"""What does each part of the training contribute?"""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from common import Asked, Table, command, described, recorded
from methods import Method, Prediction, Run, Task, by_seed, runs, spread
from networks import trained
from within_person import SOURCES

from tinygesture.dataset.folds import FOLDS, consecutive_folds
from tinygesture.evaluation.metrics import recording_label
from tinygesture.training.augment import Augmentation
from tinygesture.training.fit import Settings
from tinygesture.training.predict import predict

ARCH = "gru"
DEFAULTS = Settings()
STRENGTHS = {  # of the kinds of augmentation that are off
    "tilt_degrees": 5.0,
    "warp": 0.05,
    "jitter": 0.1,
    "bias": 40.0,
    "dropped": 0.02,
    "mirrored": 0.5,
}


def augmented(**changes: Any) -> Settings:
    return replace(DEFAULTS, augmentation=replace(DEFAULTS.augmentation, **changes))


def variants() -> Mapping[str, Settings]:
    """The defaults, and each switch of theirs thrown alone."""
    kinds = [field.name for field in fields(Augmentation)]
    on = {kind: 0 for kind in kinds if getattr(DEFAULTS.augmentation, kind)}
    off = {kind: STRENGTHS[kind] for kind in kinds if kind not in on}
    return {
        "as it is": DEFAULTS,
        **{f"without {kind.removesuffix('_degrees')}": augmented(**{kind: 0}) for kind in on},
        **{
            f"with {kind.removesuffix('_degrees')} of {strength:g}": augmented(**{kind: strength})
            for kind, strength in off.items()
        },
        "with every kind at once": augmented(**{**off, "mirrored": 0}),
        "without any augmentation": augmented(**dict.fromkeys(kinds, 0)),
        "without label smoothing": replace(DEFAULTS, label_smoothing=0.0),
        "without warm-up": replace(DEFAULTS, warm_up=0.0),
        "without the mean of the weights": replace(DEFAULTS, average=0.0),
        "without early stopping": replace(DEFAULTS, patience=0),
        "labels as often as they were recorded": replace(DEFAULTS, balance=0.0),
        "without weight decay": replace(DEFAULTS, weight_decay=0.0),
        "a reset every second chunk": replace(DEFAULTS, chunks=2),
        "almost no background": replace(DEFAULTS, background_minutes=0.3),
        "without looking for hard background": replace(DEFAULTS, mining=0),
    }


def switched(task: Task, seed: int, title: str, settings: Settings) -> Prediction:
    fitted = trained(task, seed, ARCH, settings)
    rows = predict(fitted, [example.counts for example in task.test])
    return {title: [recording_label(one, fitted.recorded) for one in rows]}


def ablation(asked: Asked) -> list[Table]:
    """Ablation: one part of the training switched at a time, within person.

    FOLDERS: data sets; without them, martinlindholdt's of $TINYGESTURE_DATA.
    """
    dataset = asked.dataset(lambda: recorded("martinlindholdt", SOURCES))
    methods = [
        Method(switched, {"title": title, "settings": settings})
        for title, settings in variants().items()
    ]
    found = runs(asked, dataset, consecutive_folds(dataset.entries), methods)
    protocol = (
        f"{described(dataset)} {ARCH}, float; {FOLDS} folds of consecutive recordings of each "
        f"label, and {len(asked.seeds)} seeds: accuracy of all folds together, as the mean over "
        "the seeds with the lowest and the highest. Differences of less than the seeds' spread are "
        "noise."
    )
    titles = list(variants())
    rows = [(title, spread(by_seed(found, title)), _difference(found, title)) for title in titles]
    columns = ("", "accuracy", "difference")
    return [Table(f"Ablation: {dataset.path.name}", protocol, columns, rows)]


def _difference(found: list[Run], title: str) -> str:
    own, whole = by_seed(found, title), by_seed(found, next(iter(variants())))
    points = [100 * (a - b) for a, b in zip(own, whole, strict=True)]
    return f"{sum(points) / len(points):+.1f}"


if __name__ == "__main__":
    command(ablation)
