"""The detector of a model: chosen on validation streams, measured on test streams."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from tinygesture.contract import Int8, Int16
from tinygesture.detector import DetectorConfig
from tinygesture.evaluation.detection import Scenes, Trial
from tinygesture.export.tflm import Tflm
from tinygesture.training.background import DETECTOR_PEOPLE, TEST_PEOPLE
from tinygesture.training.examples import Example
from tinygesture.training.fit import Fitted, Progress

TARGETS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)  # false events per hour, of the trade-off
SEED = 0  # of the streams


@dataclass(frozen=True)
class Aim:
    """What a detector is chosen for, and on how many hours of background alone it is chosen and
    tested."""

    false_per_hour: float = 0.2
    choice_hours: float = 2.0
    test_hours: float = 1.0


@dataclass(frozen=True)
class Detection:
    """The detector and what the manifest says of it.

    events: on test streams. trade_off: on validation streams, for each of TARGETS what the detector
    would be and do that is chosen for it.
    """

    detector: DetectorConfig
    events: dict[str, Any]
    trade_off: dict[str, Any]


def detection(
    fitted: Fitted,
    tflm: Tflm,
    validation: Sequence[Example],
    test: Sequence[Example],
    aim: Aim,
    progress: Progress = lambda stage, done, total: None,
) -> Detection:
    """progress: ("choosing the detector", ...) and then ("testing the detector", streams done,
    streams)."""
    arch, labels = fitted.architecture, fitted.labels

    def predict(counts: Int16) -> Int8:
        return tflm.run(fitted.quantisation.quantise(counts), arch.window, arch.hop)

    def trial(stage: str, examples: Sequence[Example], people: range, hours: float) -> Trial:
        progress(stage, 0, 1)
        scenes = Scenes.of(examples, labels, people, hours, SEED)
        return Trial.of(scenes, predict, labels, arch, partial(progress, stage))

    known = trial("choosing the detector", validation, DETECTOR_PEOPLE, aim.choice_hours)
    chosen, *others = known.choose([aim.false_per_hour, *TARGETS])
    points = [
        {"target": target, "detector": asdict(config), **_point(known.figures(config))}
        for target, config in zip(TARGETS, others, strict=True)
    ]
    unknown = trial("testing the detector", test, TEST_PEOPLE, aim.test_hours)
    trade_off = {
        "target": aim.false_per_hour,
        "chosen": _point(known.figures(chosen)),
        "points": points,
    }
    return Detection(chosen, unknown.figures(chosen), trade_off)


def _point(figures: dict[str, Any]) -> dict[str, Any]:
    return {key: figures[key] for key in ("precision", "recall", "f1", "background")}
