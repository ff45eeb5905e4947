"""The detector in Python and in C++: equal on every input, and right on stories told by hand."""

import ctypes

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tinygesture.detector import Detector, DetectorConfig

CONFIG = DetectorConfig(smoothing=8, minimum=8, refractory=40, threshold=150, background=0b001)

configs = st.builds(
    DetectorConfig,
    st.integers(0, 600),
    st.integers(0, 60),
    st.integers(0, 200),
    st.integers(0, 255),
    st.integers(0, 0xFFFF),
)


def in_cpp(twins: ctypes.CDLL, config: DetectorConfig, hop: int, steps: np.ndarray) -> list:
    fields = (ctypes.c_uint16 * 5)(*vars(config).values())
    rows = (ctypes.c_uint32 * (5 * len(steps) + 1))()
    raw = np.ascontiguousarray(steps, np.int8)
    count = twins.twin_detect(
        fields, ctypes.c_uint8(steps.shape[1]), ctypes.c_uint16(hop), raw.ctypes, len(steps), rows
    )
    return [tuple(rows[5 * i : 5 * i + 5]) for i in range(count)]


def in_python(config: DetectorConfig, hop: int, steps: np.ndarray) -> list:
    detector = Detector(config, steps.shape[1], hop)
    events = []
    for i, row in enumerate(steps):
        event = detector.push(row, i * hop * 10_000)
        if event is not None:
            events.append((i, event.label, event.confidence, event.start_us, event.end_us))
    return events


@given(configs, st.sampled_from([1, 4, 8]), st.integers(2, 16), st.integers(0, 2**32), st.data())
def test_detector_equals_its_twin(twins, config, hop, labels, seed, data):
    rng = np.random.default_rng(seed)
    runs = data.draw(st.lists(st.integers(1, 30), min_size=1, max_size=8))
    favourites = np.repeat(rng.integers(0, labels, len(runs)), runs)
    steps = rng.integers(-128, -60, (len(favourites), labels))
    steps[np.arange(len(favourites)), favourites] = rng.integers(-128, 128, len(favourites))
    assert in_python(config, hop, steps.astype(np.int8)) == in_cpp(twins, config, hop, steps)


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


def test_the_refractory_time_holds_a_second_event_back():
    together = in_python(CONFIG, 4, story((0, 10), (1, 6), (2, 3), (0, 10)))
    apart = in_python(CONFIG, 4, story((0, 10), (1, 6), (0, 10), (2, 6), (0, 10)))
    assert [event[1] for event in together] == [1]
    assert [event[1] for event in apart] == [1, 2]
