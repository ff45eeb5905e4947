"""The trigger: the beginning of a gesture is never lost, rest ends it, wherever blocks begin."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinygesture.cli.capturing.motion import Motion, threshold_above
from tinygesture.cli.capturing.trigger import QUIET_US, State, Trigger
from tinygesture.contract import to_counts
from tinygesture.synth import LiveHand

PERIOD_US = 8_400
PRE_ROLL_US = 300_000
LONGEST_US = 4_000_000
THRESHOLD = 20.0


def stream(*parts, seed=1):
    """Parts of (seconds, °/s of turning back and forth) -> t_us int64[n], counts int16[n, 6]."""
    rng = np.random.default_rng(seed)
    t_us, turning = [], []
    for seconds, dps in parts:
        n = round(seconds * 1e6 / PERIOD_US)
        turning.append(dps * np.sign(np.sin(np.arange(n) + 0.5)))
        t_us.append(n)
    n = sum(t_us)
    units = np.zeros((n, 6))
    units[:, 2] = 1.0
    units[:, 3] = np.concatenate(turning) + 7.0  # a gyroscope's bias
    units += rng.normal(0, [0.003] * 3 + [0.3] * 3, (n, 6))
    return 123_456 + np.arange(n, dtype=np.int64) * PERIOD_US, to_counts(units)


def run(t_us, counts, cuts=(), threshold=THRESHOLD, pre_roll_us=PRE_ROLL_US, longest=LONGEST_US):
    trigger = Trigger(threshold, pre_roll_us, longest)
    states = []
    for piece in np.split(np.arange(len(t_us)), sorted(cuts)):
        trigger.push(t_us[piece], counts[piece])
        states.append(trigger.state)
    return trigger, states


def test_the_pre_roll_is_exact_and_rest_ends_it():
    t_us, counts = stream((1.5, 0), (0.8, 200), (1.5, 0))
    trigger, _ = run(t_us, counts)
    assert trigger.state is State.DONE
    first = np.argmax(Motion().of(t_us, counts) >= THRESHOLD)
    assert first == round(1.5e6 / PERIOD_US)
    begin = np.argmax(t_us >= t_us[first] - PRE_ROLL_US)
    assert trigger.t_us[0] == t_us[begin]
    assert t_us[begin] - PERIOD_US < t_us[first] - PRE_ROLL_US
    last = round(2.3e6 / PERIOD_US) - 1  # that moved
    assert 0 <= trigger.t_us[-1] - t_us[last] - QUIET_US < 2 * PERIOD_US
    where = slice(begin, begin + len(trigger.t_us))
    assert np.array_equal(trigger.t_us, t_us[where])
    assert np.array_equal(trigger.counts, counts[where])


def test_motion_that_never_ends_is_cut_off():
    t_us, counts = stream((1, 0), (8, 200))
    trigger, _ = run(t_us, counts)
    assert trigger.state is State.DONE
    assert abs(trigger.t_us[-1] - trigger.t_us[0] - LONGEST_US) < PERIOD_US


def test_it_waits_for_rest_first():
    t_us, counts = stream((0.5, 200), (0.3, 0), (0.2, 200), (1, 0))
    assert run(t_us, counts)[0].state is State.WAITING
    t_us, counts = stream((0.5, 200), (0.3, 0), (0.2, 200), (1, 0), (0.5, 200), (1, 0))
    trigger, _ = run(t_us, counts)
    assert trigger.state is State.DONE
    assert trigger.t_us[0] > t_us[0] + 1.6e6


def test_a_board_at_rest_triggers_nothing():
    t_us, counts = stream((60, 0))
    trigger, _ = run(t_us, counts, range(0, len(t_us), 10))
    assert trigger.state is State.WAITING
    assert len(trigger.t_us) == 0
    assert len(trigger._t_us) <= QUIET_US / PERIOD_US + 1  # what it keeps does not grow


def test_a_long_pre_roll_is_whole():
    t_us, counts = stream((3, 0), (0.5, 200), (1, 0))
    trigger, states = run(t_us, counts, range(len(t_us)), pre_roll_us=2_000_000)
    assert trigger.state is State.DONE
    assert states.index(State.WAITING) >= 2_000_000 / PERIOD_US
    first = t_us[np.argmax(Motion().of(t_us, counts) >= THRESHOLD)]
    assert trigger.t_us[0] - PERIOD_US < first - 2_000_000 <= trigger.t_us[0]


@given(
    st.lists(st.tuples(st.floats(0.05, 1.5), st.sampled_from([0, 5, 30, 300])), min_size=1),
    st.lists(st.integers(0, 600), max_size=30),
    st.integers(0, 5),
)
def test_it_does_not_matter_where_the_stream_is_cut(parts, cuts, seed):
    t_us, counts = stream(*parts, seed=seed)
    whole, _ = run(t_us, counts)
    cut, _ = run(t_us, counts, [cut for cut in cuts if cut < len(t_us)])
    assert cut.state is whole.state
    if whole.state in (State.RUNNING, State.DONE):
        assert np.array_equal(cut.t_us, whole.t_us)
        assert np.array_equal(cut.counts, whole.counts)
        started = np.argmax(t_us > whole.t_us[0] + PRE_ROLL_US - PERIOD_US)
        assert Motion().of(t_us, counts)[started] >= THRESHOLD
        assert t_us[started] - whole.t_us[0] <= PRE_ROLL_US


def test_motion_has_one_unit():
    """50 °/s of turning, or half a g of acceleration."""
    t_us = np.arange(200, dtype=np.int64) * PERIOD_US
    units = np.zeros((200, 6))
    units[:, 2] = 1.0
    units[:, 4] = 12.0
    turned, pushed = units.copy(), units.copy()
    turned[150, 4] += 50
    pushed[150, 0] += 0.5
    for values in (turned, pushed):
        motion = Motion().of(t_us, to_counts(values))
        assert motion[150] == pytest.approx(50, rel=0.01)
        assert motion[:150].max() == 0


def test_the_threshold_is_above_the_room():
    assert threshold_above(1.0) == 20.0
    assert threshold_above(15.0) == 45.0


def test_every_real_gesture_is_above_the_threshold_of_a_hand_at_rest(recorded, tmp_path):
    from recorded import import_folder

    weakest = []
    for name in ("martinlindholdt", "adamclarkstandke", "chiahong95", "ranjith-ms"):
        dataset = import_folder(recorded / "imu" / name, tmp_path / name)
        for entry in dataset.entries:
            recording = dataset.load(entry)
            weakest.append(Motion().of(recording.t_us, recording.counts).max())
    assert len(weakest) == 395
    assert min(weakest) > 4 * threshold_above(0.0)


def test_the_virtual_hand_at_rest_is_far_below_the_threshold():
    for imu in ("lsm9ds1", "bmi270"):
        for subject in range(1, 13):
            t_us, counts = LiveHand(subject, 1, imu).next(1200)
            assert Motion().of(t_us, counts).max() < 8.0
