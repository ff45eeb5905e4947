"""Explanations of models whose answer is known point at it."""

import json
from dataclasses import replace

import numpy as np
import pytest
from toys import SAMPLES, bump, cue, learned, now

from tinygesture.evaluation.metrics import recording_label
from tinygesture.explanation import explain
from tinygesture.explanation.explain import known_from
from tinygesture.explanation.explanation import shortest


@pytest.fixture(scope="module", params=["gru", "conv1d"])
def bumps(request):
    return learned(request.param, bump, 6)


@pytest.fixture(scope="module")
def remembered():
    """A model that has to keep what it saw at first."""
    return learned("gru", cue, 8)


@pytest.fixture(scope="module")
def forgot():
    """The same model, which needs to keep nothing."""
    return learned("gru", now, 3)


def rng():
    return np.random.default_rng(9)


def test_attributions_point_to_the_axis_and_the_time_that_decide(bumps):
    made = explain(bumps, bump(rng(), True))
    assert made.decided == "on"
    size = np.abs(made.attributions)
    assert size[60:80, 4].sum() > 0.4 * size.sum()  # of 768 values, these are 20
    channel, from_s, to_s = made.counted_most
    assert channel == 4 and 0.55 <= from_s < to_s <= 0.85
    assert "gyroscope y" in made.sentence
    assert abs(made.residue) < 0.01


def test_what_counts_is_the_label_that_was_decided(bumps):
    made = explain(bumps, bump(rng(), False))
    assert made.decided == "off"
    assert made.label == recording_label(made.probabilities, len(made.labels))
    assert made.probability == pytest.approx(made.probabilities[:, 0].mean())


def test_what_another_label_outdoes_is_not_called_decided(bumps):
    made = explain(bumps, bump(rng(), True))
    rows = np.full_like(made.probabilities, 0.01)
    rows[:, made.label], rows[:, 0] = 0.04, 0.9
    taken = replace(made, probabilities=rows)
    assert taken.sentence.startswith(
        f"Taken for {made.labels[0]} 0.90; of the gestures on is the likeliest 0.04, known from"
    )


def test_connectivity_reaches_back_to_the_cue(remembered, forgot):
    made, other = explain(remembered, cue(rng(), True)), explain(forgot, now(rng(), True))
    assert made.decided == other.decided == "on"
    assert made.memory_ms > 1.5 * other.memory_ms
    last = made.used[-1]
    assert last[0] > 4 * np.median(last)
    size = np.abs(made.attributions)
    assert size[:16, 0].sum() > 0.3 * size.sum()  # of 768 values, these are 16


def test_memory_adds_up(remembered):
    made = explain(remembered, cue(rng(), False))
    assert made.memory.sum() == pytest.approx(1)
    assert made.used.sum(axis=1) == pytest.approx(1)
    assert 0 < made.memory_ms <= SAMPLES * 10


def test_a_short_recording_is_held_in_front(bumps):
    made = explain(bumps, bump(rng(), True)[40:90])
    window = bumps.architecture.window
    assert made.padding == max(window - 50, 0) and len(made.counts) == max(window, 50)
    assert (made.counts[: made.padding] == made.counts[made.padding]).all()
    assert made.counted_most.from_s >= 0
    assert made.at_s(len(made.probabilities) - 1) <= 0.5


def test_steps_are_those_of_whole_windows(bumps):
    """Convolutions may leave samples at a window's end unused, and so be a step ahead."""
    arch = bumps.architecture
    made = explain(bumps, bump(rng(), True)[:127])
    steps = arch.steps(127)
    assert made.probabilities.shape == (steps, 2)
    assert made.connectivity.shape == (steps, steps - 1 + arch.window // arch.hop)
    assert made.at_s(steps - 1) <= 1.27


def test_rest_is_explained_without_dividing_by_nothing(bumps):
    made = explain(bumps, np.zeros((40, 6), np.int16))
    assert not made.attributions.any() and not made.shares.any()
    assert made.baseline_probability == pytest.approx(made.probability)
    assert "the same pose, held still, gives" in made.sentence
    json.dumps(made.to_json(), allow_nan=False)


def test_the_int8_model_is_heard(forgot):
    made = explain(forgot, now(rng(), True), np.tile(np.int8([-128, 127]), (32, 1)))
    assert made.to_json()["int8_agrees"] is True
    told = replace(made, int8_label=0).to_json()
    assert told["int8_agrees"] is False and told["int8_label"] == "off"
    assert replace(made, int8_label=None).to_json()["int8_agrees"] is None


def test_json_has_every_step_and_sample(bumps):
    told = json.loads(json.dumps(explain(bumps, bump(rng(), True)).to_json(), allow_nan=False))
    steps = bumps.architecture.steps(SAMPLES)
    assert len(told["units"]) == len(told["attributions"]) == SAMPLES
    assert len(told["probabilities"]) == len(told["used"]) == steps
    assert sum(told["shares"].values()) == pytest.approx(1, abs=1e-3)
    assert told["accelerometer"] + told["gyroscope"] == pytest.approx(1, abs=1e-3)


def test_known_from():
    assert known_from(np.array([0.9, 0.1, 0.8, 0.9, 0.95, 0.9])) == 3
    assert known_from(np.array([0.9, 0.9, 0.9])) == 0
    assert known_from(np.array([0.3])) == 0


def test_shortest():
    assert shortest(np.array([0.0, 3, 0, 1, 2, 0]), 0.5) == (1, 1)
    assert shortest(np.array([1.0, 1, 1, 1]), 1.0) == (0, 3)
    assert shortest(np.array([2.0, 0, 0, 2]), 0.75) == (0, 3)
    assert shortest(np.zeros(1), 0.5) == (0, 0)
