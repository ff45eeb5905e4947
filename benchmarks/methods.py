"""Ways to learn gestures, put to the same folds, and how often each is right."""

import inspect
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import fmean
from typing import Any

from common import Asked

from tinygesture.dataset import Dataset, Split
from tinygesture.dataset.index import Entry
from tinygesture.evaluation.statistics import proportion
from tinygesture.export.manifest import CODE, code_hash, data_hash
from tinygesture.training.examples import Example, load

Prediction = dict[str, list[int]]  # a row of the table -> the label of each test recording
PEER = ("contract.py", "dataset/csv.py", "training/examples.py")  # what a peer depends on


@dataclass(frozen=True)
class Task:
    """One fold of a data set, its recordings at the canonical rate; labels: those to train on."""

    dataset: Dataset
    split: Split
    labels: list[str]
    train: list[Example]
    validation: list[Example]
    test: list[Example]

    @classmethod
    def of(cls, dataset: Dataset, split: Split) -> "Task":
        labels = sorted({entry.label for entry in split.train})
        parts = (split.train, split.validation, split.test)
        return cls(dataset, split, labels, *(load(dataset, part, labels) for part in parts))


@dataclass(frozen=True)
class Method:
    """function(task, seed, **options) answers; it depends on these parts of the package."""

    function: Callable[..., Prediction]
    options: Mapping[str, Any] = field(default_factory=dict)
    code: Sequence[str] = CODE


@dataclass(frozen=True)
class Run:
    """How many of the test recordings of a fold one row of the table named rightly."""

    row: str
    fold: str
    seed: int
    hits: int
    of: int
    seconds: float


def runs(
    asked: Asked, dataset: Dataset, folds: Sequence[Split], methods: Sequence[Method]
) -> list[Run]:
    """Every method on every fold with every seed."""
    data = data_hash(dataset)
    tasks = [Task.of(dataset, fold) for fold in folds]
    wanted = [(task, method, seed) for task in tasks for method in methods for seed in asked.seeds]

    def question(task: Task, method: Method, seed: int) -> list[Any]:
        parts = (task.split.train, task.split.validation, task.split.test)
        return [data, ids(*parts), _identity(method), seed]

    return [Run(**one) for one in asked.each(wanted, question, _run)]


def ids(*parts: Sequence[Entry]) -> list[list[str]]:
    """The recordings of each part of a split, for a question whose answer depends on them."""
    return [[entry.id for entry in part] for part in parts]


def _identity(method: Method) -> list[str]:
    """Equal for methods that give the same answers."""
    source = inspect.getsource(inspect.getmodule(method.function))
    return [method.function.__name__, repr(method.options), source, code_hash(method.code)]


def _run(task: Task, method: Method, seed: int) -> list[dict[str, Any]]:
    began = time.monotonic()
    answers = method.function(task, seed, **method.options)
    seconds = round(time.monotonic() - began, 1)
    actual = [example.label for example in task.test]
    return [
        asdict(Run(row, task.split.description, seed, hits(actual, given), len(actual), seconds))
        for row, given in answers.items()
    ]


def hits(actual: Sequence[int], given: Sequence[int]) -> int:
    return sum(a == b for a, b in zip(actual, given, strict=True))


COLUMNS = ("", "accuracy", "95 % interval", "lowest and highest seed", "worst fold")
COLUMNS_MEAN = (
    "Accuracy: recordings named rightly, of all folds together, as the mean over the seeds. The "
    "interval is what so many recordings allow to be said (Wilson)."
)


def rows(found: Sequence[Run]) -> list[tuple[str, ...]]:
    """COLUMNS of each row that the runs have."""
    return [_row(row, [one for one in found if one.row == row]) for row in _values(found, "row")]


def _row(row: str, own: Sequence[Run]) -> tuple[str, ...]:
    seeds = by_seed(own, row)
    folds = [_accuracy(own, fold=fold) for fold in _values(own, "fold")]
    tested = sum(one.of for one in own) // len(seeds)
    interval = proportion(round(fmean(seeds) * tested), tested)
    return (
        row,
        percent(fmean(seeds)),
        f"{percent(interval.low)} – {percent(interval.high)}",
        f"{percent(min(seeds))} – {percent(max(seeds))}",
        percent(min(folds)),
    )


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def spread(shares: Sequence[float]) -> str:
    """The mean over the seeds, the lowest and the highest."""
    return f"{percent(fmean(shares))} ({percent(min(shares))} – {percent(max(shares))})"


def by_seed(found: Sequence[Run], row: str) -> list[float]:
    """The accuracy of a row in all folds together, seed by seed."""
    own = [one for one in found if one.row == row]
    return [_accuracy(own, seed=seed) for seed in _values(own, "seed")]


def _values(found: Sequence[Run], name: str) -> list[Any]:
    return [*dict.fromkeys(getattr(one, name) for one in found)]


def _accuracy(found: Sequence[Run], **which: Any) -> float:
    chosen = [one for one in found if all(getattr(one, key) == which[key] for key in which)]
    return sum(one.hits for one in chosen) / sum(one.of for one in chosen)
