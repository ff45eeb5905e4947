"""The detector of a model: chosen on validation streams, measured on test streams."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from tinygesture.detector import DetectorConfig
from tinygesture.detector.choice import pick
from tinygesture.evaluation.detection import Scenes, Trial
from tinygesture.export.exported import Exported
from tinygesture.training.background import DETECTOR_PEOPLE, TEST_PEOPLE
from tinygesture.training.examples import Example
from tinygesture.training.fit import Progress

TARGETS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)  # false events per hour, of the trade-off
LEAST = 0.9  # of the best F1: no target is worth more
SEED = 0  # of the streams


@dataclass(frozen=True)
class Aim:
    """What a detector is chosen for, and on how many hours of background alone it is chosen and
    tested."""

    false_per_hour: float = 0.5
    choice_hours: float = 8.0
    test_hours: float = 1.0


@dataclass(frozen=True)
class Detection:
    """The detector and what the manifest says of it.

    events: on test streams. trade_off: on validation streams, what is promised of the detector and
    what it does; and for each of TARGETS what would be chosen for it and do.
    """

    detector: DetectorConfig
    events: dict[str, Any]
    trade_off: dict[str, Any]


def detection(
    exported: Exported,
    validation: Sequence[Example],
    test: Sequence[Example],
    aim: Aim,
    progress: Progress = lambda stage, done, total: None,
) -> Detection:
    """progress: ("choosing the detector", ...) and then ("testing the detector", streams done,
    streams)."""
    arch, labels = exported.fitted.architecture, exported.fitted.labels

    def trial(stage: str, examples: Sequence[Example], people: range, hours: float) -> Trial:
        progress(stage, 0, 1)
        scenes = Scenes.of(examples, labels, people, hours, SEED)
        return Trial.of(scenes, exported.answer, labels, arch, partial(progress, stage))

    known = trial("choosing the detector", validation, DETECTOR_PEOPLE, aim.choice_hours)
    found = known.choices()
    choice = pick(found, aim.false_per_hour, LEAST)
    chosen = known.doubting(choice.config)
    others = [(target, known.doubting(pick(found, target, LEAST).config)) for target in TARGETS]
    points = [
        {"target": target, "detector": asdict(config), **_point(known.figures(config))}
        for target, config in others
    ]
    unknown = trial("testing the detector", test, TEST_PEOPLE, aim.test_hours)
    trade_off = {
        "target": aim.false_per_hour,
        "promised": {"f1": choice.f1, "false_per_hour": choice.false_per_hour},
        "chosen": _point(known.figures(chosen)),
        "points": points,
    }
    return Detection(chosen, unknown.figures(chosen), trade_off)


def _point(figures: dict[str, Any]) -> dict[str, Any]:
    return {key: figures[key] for key in ("precision", "recall", "f1", "background")}
