"""The detector in Python and in C++: equal on every input, and right on stories told by hand."""

import ctypes
from dataclasses import astuple, replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tinygesture.detector import Detector, DetectorConfig
from tinygesture.detector.runs import events

CONFIG = DetectorConfig(8, minimum=8, refractory=40, background=0b001, thresholds=(150,) * 3)
WINDOW = 24

configs = st.builds(
    DetectorConfig,
    st.integers(0, 600),
    st.integers(0, 60),
    st.integers(0, 200),
    st.integers(0, 0xFFFF),
    st.tuples(*[st.integers(0, 255)] * 16),
    st.integers(0, 255),
)
runs = st.lists(st.integers(1, 30), min_size=1, max_size=8)


def in_cpp(twins: ctypes.CDLL, config: DetectorConfig, hop: int, steps: np.ndarray) -> list:
    *numbers, thresholds, doubt = astuple(config)
    fields = (ctypes.c_uint16 * 21)(*numbers, doubt, *thresholds)
    rows = (ctypes.c_uint32 * (5 * len(steps) + 1))()
    raw = np.ascontiguousarray(steps, np.int8)
    count = twins.twin_detect(
        fields, ctypes.c_uint8(steps.shape[1]), ctypes.c_uint16(hop), raw.ctypes, len(steps), rows
    )
    return [tuple(rows[5 * i : 5 * i + 5]) for i in range(count)]


def in_python(config: DetectorConfig, hop: int, steps: np.ndarray) -> list:
    detector = Detector(config, hop)
    events = []
    for i, row in enumerate(steps):
        event = detector.push(row, i * hop * 10_000)
        if event is not None:
            events.append((i, *astuple(event)))
    return events


@given(configs, st.sampled_from([1, 4, 8]), st.integers(2, 16), st.integers(0, 2**32), st.data())
def test_detector_equals_its_twin(twins, config, hop, labels, seed, data):
    steps = favouring(labels, seed, data.draw(runs))
    assert in_python(config, hop, steps) == in_cpp(twins, config, hop, steps)


@given(configs, st.sampled_from([1, 4, 8]), st.integers(2, 16), st.integers(0, 2**32), st.data())
def test_all_at_once_equals_step_by_step(config, hop, labels, seed, data):
    steps = favouring(labels, seed, data.draw(runs))
    first_us = (WINDOW - 1) * 10_000
    told = [
        (label, confidence, start_us + first_us, end_us + first_us)
        for _, label, confidence, start_us, end_us in in_python(config, hop, steps)
    ]
    assert [astuple(event) for event in events(config, steps, WINDOW, hop)] == told


def test_no_steps_are_no_events():
    assert events(CONFIG, np.zeros((0, 3), np.int8), WINDOW, 4) == []


def favouring(labels: int, seed: int, runs: list[int]) -> np.ndarray:
    """Probabilities int8[steps, labels] that favour one label for each run of so many steps."""
    rng = np.random.default_rng(seed)
    favourites = np.repeat(rng.integers(0, labels, len(runs)), runs)
    steps = rng.integers(-128, -60, (len(favourites), labels))
    steps[np.arange(len(favourites)), favourites] = rng.integers(-128, 128, len(favourites))
    return steps.astype(np.int8)


def story(*runs: tuple[int, int]) -> np.ndarray:
    """(label, steps) after each other, each with probability 250/256."""
    rows = np.full((sum(n for _, n in runs), 3), -127, np.int8)
    rows[np.arange(len(rows)), np.repeat([label for label, _ in runs], [n for _, n in runs])] = 122
    return rows


def test_one_gesture_is_one_event():
    (event,) = in_python(CONFIG, 4, story((0, 10), (1, 10), (0, 10)))
    assert event[1] == 1


def test_rest_is_no_event():
    assert in_python(CONFIG, 4, story((0, 50))) == []


def test_a_short_flicker_is_no_event():
    assert in_python(CONFIG, 4, story((0, 10), (1, 1), (0, 10))) == []


def test_a_label_that_wavers_on_top_is_one_event():
    steps = story((0, 10), (1, 8), (1, 8), (1, 8), (0, 10))
    steps[18:26, 1] = -10  # on top still, below its threshold
    assert len(in_python(CONFIG, 4, steps)) == 1


def test_each_label_has_its_own_threshold():
    steps = story((0, 10), (1, 10), (0, 10), (2, 10), (0, 10))
    strict = DetectorConfig(8, 8, 40, background=0b001, thresholds=(0, 251, 250))
    assert [event[1] for event in in_python(strict, 4, steps)] == [2]


def test_the_refractory_time_holds_a_second_event_back():
    together = in_python(CONFIG, 4, story((0, 10), (1, 6), (2, 3), (0, 10)))
    apart = in_python(CONFIG, 4, story((0, 10), (1, 6), (0, 10), (2, 6), (0, 10)))
    assert [event[1] for event in together] == [1]
    assert [event[1] for event in apart] == [1, 2]


@given(st.integers(0, 255), st.integers(0, 255))
def test_a_confidence_grows_with_the_probability_and_falls_with_doubt(probability, doubt):
    config = replace(CONFIG, doubt=doubt)
    assert 0 <= config.confidence(probability) <= 255
    assert config.confidence(probability) <= config.confidence(min(probability + 1, 255))
    assert config.confidence(probability) >= replace(CONFIG, doubt=255).confidence(probability)
    assert CONFIG.confidence(probability) == probability  # of a detector without a doubt of its own
    assert replace(CONFIG, doubt=0).confidence(probability) == 255


def test_half_the_doubt_leaves_half_as_much_room_for_error():
    assert replace(CONFIG, doubt=32).confidence(192) == 224
    assert replace(CONFIG, doubt=128).confidence(192) == 128
