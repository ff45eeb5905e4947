"""What a search chooses among: architectures with their parameters, and training choices."""

from collections.abc import Sequence
from dataclasses import asdict, replace

import optuna

from tinygesture.training.architectures import architecture
from tinygesture.training.architectures.base import Architecture
from tinygesture.training.augment import Augmentation
from tinygesture.training.fit import Settings


def suggest(
    trial: optuna.trial.BaseTrial, kinds: Sequence[str], settings: Settings
) -> tuple[Architecture, Settings]:
    """kinds: names of architectures; settings: what the search does not choose."""
    kind = trial.suggest_categorical("arch", list(kinds))
    parameters = SPACES[str(kind)](trial)
    strength = trial.suggest_float("augmentation", 0.5, 2.0, log=True)
    chosen = replace(
        settings,
        learning_rate=trial.suggest_float("learning_rate", 3e-3, 2e-2, log=True),
        label_smoothing=trial.suggest_float("label_smoothing", 0.0, 0.1),
        augmentation=_stronger(settings.augmentation, strength),
    )
    return architecture(str(kind), parameters), chosen


def _gru(trial: optuna.trial.BaseTrial) -> dict[str, object]:
    return {
        "units": trial.suggest_int("gru.units", 8, 56, step=4),
        "features": trial.suggest_int("gru.features", 8, 48, step=4),
        "patch": trial.suggest_categorical("gru.patch", [2, 4, 5, 8, 10]),
    }


def _conv1d(trial: optuna.trial.BaseTrial) -> dict[str, object]:
    filters = [trial.suggest_int(f"conv1d.filters{i}", 8, 40, step=4) for i in range(3)]
    return {
        "window": trial.suggest_int("conv1d.window", 80, 160, step=8),
        "filters": filters,
        "kernel": trial.suggest_categorical("conv1d.kernel", [3, 5, 7]),
    }


SPACES = {"gru": _gru, "conv1d": _conv1d}  # of every architecture in the registry


def _stronger(augmentation: Augmentation, factor: float) -> Augmentation:
    """Every strength times `factor`; what counts samples stays whole."""
    strengths = asdict(augmentation).items()
    return Augmentation(**{k: type(v)(round(v * factor, 6)) for k, v in strengths})
