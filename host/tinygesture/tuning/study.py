"""A study: the trials of all processes that share its storage, and the best of them."""

import json
import math
import sys
import warnings
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import optuna
from optuna.samplers import BaseSampler, TPESampler
from optuna.storages import BaseStorage, JournalStorage, RDBStorage
from optuna.storages.journal import JournalFileBackend, JournalFileOpenLock
from optuna.trial import FrozenTrial, TrialState

from tinygesture.dataset.files import appended, clear_errors
from tinygesture.errors import UserError

optuna.logging.set_verbosity(optuna.logging.ERROR)
_RECORD = b'{"op_code"'  # so begins each line of Optuna's journal
STARTUP_TRIALS = 10  # chosen at random, before there is something to learn from


def _best(trials: int) -> int:
    """How many of so many are the best ones: as Optuna's TPE has it by default."""
    return min(math.ceil(0.1 * trials), 25)


class Seeded(BaseSampler):
    """Optuna's TPE, whose randomness depends on the seed and the trial's number: processes that
    share a study choose different points, and one process alone always the same.

    TPE compares what it calls the best of all trials with the rest. Where fewer have been measured
    than that, because most were over a budget, points are chosen at random still.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._inner = self._make(0, STARTUP_TRIALS)

    def _make(self, number: int, startup: int) -> TPESampler:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            return TPESampler(
                n_startup_trials=startup,
                multivariate=True,
                group=True,
                constant_liar=True,
                seed=(self._seed * 100_003 + number) % 2**32,
            )

    def before_trial(self, study: optuna.Study, trial: FrozenTrial) -> None:
        trials = study.get_trials(deepcopy=False)
        measured = sum(one.state == TrialState.COMPLETE for one in trials)
        enough = measured >= _best(len(trials))
        self._inner = self._make(trial.number, STARTUP_TRIALS if enough else sys.maxsize)

    def infer_relative_search_space(self, study: optuna.Study, trial: FrozenTrial) -> Any:
        return self._inner.infer_relative_search_space(study, trial)

    def sample_relative(self, study: optuna.Study, trial: FrozenTrial, search_space: Any) -> Any:
        return self._inner.sample_relative(study, trial, search_space)

    def sample_independent(
        self, study: optuna.Study, trial: FrozenTrial, param_name: str, param_distribution: Any
    ) -> Any:
        return self._inner.sample_independent(study, trial, param_name, param_distribution)


def open_storage(where: str) -> BaseStorage:
    """A database's URL, or the path of a file, which is made where there is none.

    Raises UserError where it cannot be opened.
    """
    if "://" not in where:
        return _journal(Path(where))
    from sqlalchemy.exc import SQLAlchemyError

    try:
        return RDBStorage(where)
    except (ImportError, SQLAlchemyError, RuntimeError) as error:
        first = str(error).split("\n")[0]
        raise UserError(
            f"The storage {where} cannot be opened: {first}. Name a file, or a URL such as "
            "sqlite:///study.db or postgresql://user@host/base (whose driver must be installed)."
        ) from error


def _journal(path: Path) -> JournalStorage:
    lock = JournalFileOpenLock(str(path))
    with clear_errors(path, "write"):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            lock.acquire()
            try:
                _mend(path)
            finally:
                lock.release()
        try:
            return JournalStorage(JournalFileBackend(str(path), lock))
        except (ValueError, LookupError, TypeError, AssertionError) as error:
            raise UserError(
                f"{path} is damaged: its lines contradict each other. Move it away, or name "
                "another --storage: the search begins anew then."
            ) from error


def _mend(path: Path) -> None:
    """Cut off the line that a killed process left torn, or the next one would be glued to it; of a
    journal alone. Raises UserError for any other file, which stays as it is."""
    content = path.read_bytes()
    if content.startswith(b"SQLite format 3"):
        raise UserError(f"{path} is a database: name it as sqlite:///{path}.")
    *lines, torn = content.split(b"\n")
    for number, line in enumerate(lines, 1):
        if not _is_record(line):
            raise UserError(
                f"Line {number} of {path} is no record of a study. If the others are, delete this "
                "line; if the file is none of tinygesture's, name another --storage."
            )
    if torn and not torn.startswith(_RECORD[: len(torn)]):
        raise UserError(f"{path} holds no study, and stays as it is. Name another --storage.")
    if torn:
        with appended(path, b""):
            pass


def _is_record(line: bytes) -> bool:
    if not line.startswith(_RECORD):
        return False
    with suppress(ValueError):
        return isinstance(json.loads(line), dict)
    return False


def open_study(
    storage: BaseStorage, name: str, searched: Mapping[str, Any], seed: int
) -> optuna.Study:
    """The study of that name, begun where there is none.

    searched: what all its trials have in common. Raises UserError where there are trials that have
    something else.
    """
    study = optuna.create_study(
        storage=storage,
        study_name=name,
        directions=["maximize", "minimize"],  # accuracy, instructions
        sampler=Seeded(seed),
        load_if_exists=True,
    )
    before = study.user_attrs.get("searched")
    if before is None or not study.get_trials(deepcopy=False):
        study.set_user_attr("searched", dict(searched))
    elif before != searched:
        other = [_was(key, before.get(key)) for key in searched if before.get(key) != searched[key]]
        raise UserError(
            f"There is a study {name!r} already, which searched with {' and '.join(other)}. Its "
            "trials cannot be compared with new ones: give the same recordings, --arch and --seed, "
            "or choose another --name."
        )
    return study


def _was(key: str, value: Any) -> str:
    """In words; a hash, which is a text, says nothing to a reader."""
    if isinstance(value, list):
        return f"{key} {', '.join(value)}"
    return f"{key} {value}" if isinstance(value, int) else f"other {key}"


def begun(where: str, name: str) -> Mapping[str, Any] | None:
    """What all trials of the study of that name have in common; None where there is no such study,
    and none is made."""
    if "://" not in where and not Path(where).exists():
        return None
    storage = open_storage(where)
    if name not in optuna.get_all_study_names(storage):
        return None
    study = optuna.load_study(study_name=name, storage=storage)
    return dict(study.user_attrs.get("searched", {}))


def completed(study: optuna.Study) -> list[FrozenTrial]:
    """The trials that were measured, of all processes."""
    return study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))


def front(trials: Sequence[FrozenTrial]) -> list[FrozenTrial]:
    """Those for which no other is as accurate for fewer instructions; the cheapest first."""
    best: list[FrozenTrial] = []
    for trial in sorted(trials, key=lambda trial: (trial.values[1], -trial.values[0])):
        if not best or trial.values[0] > best[-1].values[0]:
            best.append(trial)
    return best
