"""Parameters chosen on answers of which all is known."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tinygesture.detector import DetectorConfig
from tinygesture.detector.choice import Answers, _count, choices, pick
from tinygesture.detector.runs import events

HOP, WINDOW = 4, 4
BACKGROUND = 0b001  # label 0; 1 and 2 are gestures


def stream(seed: int, gestures: int, strength: float, flickers: int) -> Answers:
    """A gesture of 1.2 s every 8 s, each as sure as `strength` (0..1) says, give or take; between
    them background that is interrupted by `flickers` of half the strength."""
    rng = np.random.default_rng(seed)
    steps = np.full((gestures * 200, 3), -128, np.int16)
    labels = rng.integers(1, 3, gestures)

    def show(step: int, label: int, mean: float) -> None:
        share = np.clip(rng.normal(mean, 0.08), 0, 1)
        steps[step : step + 30, label] = round(255 * share) - 128

    for _ in range(flickers):
        show(int(rng.integers(0, gestures)) * 200 + 20, int(rng.integers(1, 3)), strength / 2)
    starts = np.arange(gestures) * 200 + 100
    for step, label in zip(starts, labels, strict=True):
        show(int(step), int(label), strength)
    steps[:, 0] = np.maximum(-128, 127 - (steps[:, 1] + 128) - (steps[:, 2] + 128))
    begin_us = starts * HOP * 10_000
    return Answers(steps.astype(np.int8), labels, begin_us, begin_us + 1_700_000)


def counted(config: DetectorConfig, answers: Answers) -> tuple[int, int]:
    """Gestures recognised, and events in all."""
    found = events(config, answers.probabilities, WINDOW, HOP)
    hits = 0
    for label, begin, due in zip(answers.labels, answers.from_us, answers.due_us, strict=True):
        hits += any(event.label == label and begin <= event.end_us <= due for event in found)
    return hits, len(found)


def test_gestures_and_background_that_differ_are_told_apart():
    known, other = stream(1, 40, 0.9, 10), stream(2, 40, 0.9, 10)
    quiet = stream(3, 400, 0.3, 0).probabilities
    choice = pick(choices([known], [quiet], BACKGROUND, WINDOW, HOP), 0.2)
    hits, told = counted(choice.config, other)
    assert 38 <= hits == told
    assert events(choice.config, stream(4, 400, 0.3, 0).probabilities, WINDOW, HOP) == []
    assert 0.85 < choice.f1 < 1
    assert choice.false_per_hour <= 0.2
    assert choice.config.background == BACKGROUND


def test_fewer_false_events_cost_gestures():
    """Where background looks like the weaker half of the gestures, one pays for the other."""
    known, quiet = stream(1, 60, 0.8, 20), stream(3, 400, 0.6, 0).probabilities
    found = choices([known], [quiet], BACKGROUND, WINDOW, HOP)
    picked = [pick(found, target) for target in (0.1, 1.0, 10.0, 100.0)]
    told = [len(events(choice.config, quiet, WINDOW, HOP)) for choice in picked]
    assert told == sorted(told)
    assert told[0] < told[-1]
    f1 = [choice.f1 for choice in picked]
    assert f1 == sorted(f1)
    assert f1[0] < f1[-1]


def test_each_label_gets_the_threshold_that_it_needs():
    """Only label 2 is ever on top in background."""
    quiet = stream(3, 200, 0.6, 0).probabilities.copy()
    quiet[:, 0] = np.maximum(quiet[:, 0], quiet[:, 1])
    quiet[:, 1] = -128
    choice = pick(choices([stream(1, 60, 0.8, 0)], [quiet], BACKGROUND, WINDOW, HOP), 1.0)
    assert choice.config.thresholds[1] < choice.config.thresholds[2]


def test_a_target_out_of_reach_gives_the_fewest():
    quiet = stream(3, 400, 1.0, 0).probabilities
    found = choices([stream(1, 20, 0.9, 0)], [quiet], BACKGROUND, WINDOW, HOP)
    assert pick(found, 1e-6).false_per_hour == min(one.false_per_hour for one in found) > 1e-6


def test_no_target_is_worth_most_gestures():
    known, quiet = stream(1, 60, 0.7, 20), stream(3, 400, 0.65, 0).probabilities
    found = choices([known], [quiet], BACKGROUND, WINDOW, HOP)
    best = max(choice.f1 for choice in found)
    strict, bounded = pick(found, 0.01), pick(found, 0.01, least=0.9)
    assert strict.f1 < 0.9 * best <= bounded.f1
    assert bounded.false_per_hour > strict.false_per_hour


def test_no_price_silences_a_label():
    """Background looks more like the gestures than they do, and they can still be heard."""
    quiet = stream(3, 400, 0.95, 0).probabilities
    known, other = stream(1, 60, 0.7, 0), stream(2, 60, 0.7, 0)
    for choice in choices([known], [quiet], BACKGROUND, WINDOW, HOP):
        assert counted(choice.config, other)[0] > 20


@given(
    st.integers(0, 2**32),
    st.sampled_from([(1, 0), (20, 12), (60, 44)]),
    st.integers(2, 6),
    st.lists(st.integers(1, 30), min_size=1, max_size=12),
    st.integers(1, 255),
)
def test_counting_scores_counts_events(seed, durations, labels, runs, threshold):
    """Where no refractory time is in the way, as many scores reach a threshold as there are
    events at it."""
    rng = np.random.default_rng(seed)
    favourites = np.repeat(rng.integers(0, labels, len(runs)), runs)
    steps = rng.integers(-128, -60, (len(favourites), labels))
    steps[np.arange(len(favourites)), favourites] = rng.integers(-128, 128, len(favourites))
    smoothing, minimum = durations
    config = DetectorConfig(smoothing, minimum, 0, BACKGROUND, (threshold,) * labels)
    counts = np.zeros((labels, 256))
    _count(config, steps.astype(np.int8), HOP, counts)
    found = [event.label for event in events(config, steps.astype(np.int8), WINDOW, HOP)]
    assert counts[:, threshold:].sum(axis=1).tolist() == [
        found.count(label) for label in range(labels)
    ]
