"""One trial after the other."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import optuna
from optuna.trial import FixedTrial, FrozenTrial, TrialState

from tinygesture.dataset import Dataset, split
from tinygesture.errors import UserError
from tinygesture.evaluation.metrics import recording_label
from tinygesture.export import limits
from tinygesture.export.detection import Aim
from tinygesture.export.manifest import code_hash, data_hash
from tinygesture.export.pipeline import TEST, VALIDATION, Result, noted, train_and_export
from tinygesture.training.architectures.base import Architecture
from tinygesture.training.background import with_background
from tinygesture.training.examples import Example, load
from tinygesture.training.fit import Progress, Settings, fit
from tinygesture.training.predict import predict
from tinygesture.tuning.cost import Budget, Cost, cost
from tinygesture.tuning.space import suggest
from tinygesture.tuning.study import completed

MAX_OVER = 60  # trials in a row over the budget, before the search gives up


@dataclass(frozen=True)
class Problem:
    """What is searched: `settings` are those that the search does not choose."""

    dataset: Dataset
    kinds: Sequence[str]
    seed: int
    settings: Settings = field(default_factory=Settings)

    def __post_init__(self) -> None:
        limits.check_data_set(self.dataset)

    @property
    def identity(self) -> dict[str, Any]:
        """What all trials of a study have in common."""
        return {
            "code of tinygesture": code_hash(),
            "recordings": data_hash(self.dataset),
            "architectures": list(self.kinds),
            "seed": self.seed,
        }

    def parts(self) -> tuple[list[Example], list[Example]]:
        """Training and validation as train_and_export divides them; the test is left alone."""
        parts = split(self.dataset.entries, validation=VALIDATION, test=TEST, seed=self.seed)
        train, validation = (
            load(self.dataset, part, self.dataset.labels)
            for part in (parts.train, parts.validation)
        )
        return train, validation


@dataclass(frozen=True)
class Point:
    """One trial. over: what of the budget it exceeds, if it was not trained for that."""

    number: int
    architecture: Architecture
    settings: Settings
    cost: Cost
    accuracy: float | None
    over: str | None = None

    def summary(self) -> dict[str, Any]:
        return {
            "trial": self.number,
            "accuracy": self.accuracy,
            **asdict(self.cost),
            "arch": self.architecture.name,
            "architecture": self.architecture.parameters(),
            "learning_rate": self.settings.learning_rate,
            "label_smoothing": self.settings.label_smoothing,
        }


def point(trial: FrozenTrial, problem: Problem) -> Point:
    """A completed trial."""
    arch, settings = suggest(FixedTrial(trial.params), problem.kinds, problem.settings)
    return Point(trial.number, arch, settings, Cost(**trial.user_attrs["cost"]), trial.values[0])


def within(study: optuna.Study, budget: Budget) -> list[FrozenTrial]:
    """The completed trials that fit a budget."""
    trials = completed(study)
    return [t for t in trials if not budget.exceeded(Cost(**t.user_attrs["cost"]))]


def try_one(
    study: optuna.Study,
    problem: Problem,
    budget: Budget,
    report: Callable[[str], None] = lambda line: None,
) -> Point:
    """One more trial. What is over the budget is counted and not trained.

    A trial that is interrupted, or fails, does not count. Raises UserError where nothing fits.
    """
    trial = study.ask()
    try:
        arch, settings = suggest(trial, problem.kinds, problem.settings)
        report("counting instructions")
        found = cost(arch, len(with_background(problem.dataset.labels)))
        trial.set_user_attr("cost", asdict(found))
        over = budget.exceeded(found)
        if over:
            study.tell(trial, state=TrialState.PRUNED)
            _give_up_if_nothing_fits(study)
            return Point(trial.number, arch, settings, found, None, over)
        accuracy = _accuracy(problem, arch, settings, report)
        study.tell(trial, [accuracy, found.instructions])
    except BaseException:
        if not study.trials[trial.number].state.is_finished():
            study.tell(trial, state=TrialState.FAIL)
        raise
    return Point(trial.number, arch, settings, found, accuracy)


def _accuracy(
    problem: Problem, arch: Architecture, settings: Settings, report: Callable[[str], None]
) -> float:
    """On the validation recordings, in float."""
    train, validation = problem.parts()
    labels = problem.dataset.labels

    def progress(stage: str, done: int, total: int) -> None:
        report(f"{stage} {done} of {total}")

    fitted = fit(train, validation, labels, arch, problem.seed, settings, progress)
    rows = predict(fitted, [example.counts for example in validation])
    answers = [recording_label(row, fitted.recorded) for row in rows]
    hits = sum(a == e.label for a, e in zip(answers, validation, strict=True))
    return hits / len(validation)


def _give_up_if_nothing_fits(study: optuna.Study) -> None:
    last = study.get_trials(deepcopy=False)[-MAX_OVER:]
    if len(last) == MAX_OVER and all(trial.state == TrialState.PRUNED for trial in last):
        costs = [Cost(**trial.user_attrs["cost"]) for trial in last]
        raise UserError(
            f"{MAX_OVER} trials in a row were over the budget. The smallest of them took "
            f"{min(c.instructions for c in costs):,} instructions a second, "
            f"{min(c.flash for c in costs):,} bytes of flash and {min(c.ram for c in costs):,} of "
            "RAM: raise the limits."
        )


def export_point(
    chosen: Point,
    problem: Problem,
    name: str,
    models_dir: Path,
    about: dict[str, Any],
    progress: Progress,
    aim: Aim | None = None,
) -> Result:
    """Train the chosen point as train_and_export does; `about` becomes the manifest's "tuning"."""
    result = train_and_export(
        problem.dataset,
        chosen.architecture,
        name,
        models_dir,
        problem.seed,
        progress,
        chosen.settings,
        aim,
    )
    return noted(result, models_dir, {"tuning": about})
