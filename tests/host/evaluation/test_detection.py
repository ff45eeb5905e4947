"""A detector is chosen and measured on streams whose gestures are known."""

from dataclasses import replace

import numpy as np
import pytest

from tinygesture.detector import AS_GIVEN
from tinygesture.detector.choice import pick
from tinygesture.evaluation.detection import ROUNDS, Scenes, Trial
from tinygesture.training.architectures.gru import Gru
from tinygesture.training.examples import Example

LABELS = ("up", "down", "background")
HOP = Gru().hop
LEVEL = 20_000  # of a gesture, which no background reaches


def predict(counts: np.ndarray) -> np.ndarray:
    """Sees a gesture by the sign of its level, at once."""
    ax = counts[HOP - 1 :: HOP, 0].astype(int)
    label = np.select([ax > LEVEL // 2, ax < -LEVEL // 2], [0, 1], 2)
    rows = np.full((len(ax), 3), -126, np.int8)
    rows[np.arange(len(ax)), label] = 122
    return rows


@pytest.fixture(scope="module")
def trial() -> Trial:
    examples = [
        Example(np.repeat([[0] * 6, [LEVEL * sign] * 6], [40, 80], axis=0).astype(np.int16), label)
        for label, sign in ((0, 1), (1, -1))
        for _ in range(4)
    ]
    scenes = Scenes.of(examples, LABELS, range(1301, 1303), 0.02, seed=1)
    return Trial.of(scenes, predict, LABELS, Gru())


def test_streams_hold_every_recording_in_every_round(trial):
    assert len(trial.streams) == ROUNDS
    for stream, probabilities in trial.streams:
        assert sorted(interval.label for interval in stream.intervals) == ["down"] * 4 + ["up"] * 4
        assert len(probabilities) == len(stream.counts) // HOP
    assert sum(map(len, trial.quiet)) * HOP == pytest.approx(0.02 * 360_000, abs=20)


def test_what_is_easy_is_recognised_whole(trial):
    config = pick(trial.choices(), 0.2).config
    assert config.background == 0b100
    found = trial.figures(config)
    assert found["gestures"] == found["recognised"] == found["events"] == 8 * ROUNDS
    assert found["f1"] == 1.0
    assert found["background"]["false"] == 0
    assert found["background"]["hours"] == pytest.approx(0.02, rel=0.01)
    assert found["background"]["false_per_hour_upper"] == pytest.approx(150, rel=0.01)


def test_events_in_background_alone_are_counted_apart(trial):
    config = pick(trial.choices(), 0.2).config
    shouting = Trial(trial.labels, HOP, HOP, trial.streams, [predict(np.full((400, 6), LEVEL))])
    found = shouting.figures(config)
    assert found["f1"] == 1.0
    assert found["background"]["false"] == 1


def test_a_model_that_says_too_little_is_believed_more(trial):
    """All of its events are right, though it gave them three in four."""
    shy = [(stream, np.clip(rows, -100, 64)) for stream, rows in trial.streams]
    unsure = Trial(trial.labels, HOP, HOP, shy, [np.clip(rows, -100, 64) for rows in trial.quiet])
    config = unsure.doubting(pick(unsure.choices(), 0.2).config)
    assert config.doubt < AS_GIVEN
    told = unsure.figures(config)["reliability"]
    plain = unsure.figures(replace(config, doubt=AS_GIVEN))["reliability"]
    assert plain["confidence"] < told["confidence"] < told["accuracy"] == 1
