"""What watch makes of a board's messages."""

from dataclasses import replace

import numpy as np
import pytest

from tinygesture.cli.monitor import SIGNAL_SAMPLES, Monitor
from tinygesture.cli.rate import RateMeter
from tinygesture.link import Gap
from tinygesture.link import messages as m

INFO = m.Info(
    1, 0, "0.1.0", "native", "virtual", 119.0, 4, 2000, 10_000, "compiled", "01" * 8, "swing",
    "gru", 4, 4, ("circle", "rest"),
)  # fmt: skip


def samples(index, first_us, count=8, period_us=8000):
    t_us = (first_us + np.arange(count) * period_us) % 2**32
    return m.Samples(index, t_us, np.full((count, 6), index, np.int16))


def test_samples_are_counted_and_kept():
    monitor = Monitor(INFO)
    for i in range(100):
        monitor.take(samples(8 * i, 64_000 * i))
    assert monitor.rate.hz == pytest.approx(125)
    assert monitor.elapsed_s == pytest.approx(6.392)
    assert monitor.signal.shape == (SIGNAL_SAMPLES, 6)
    assert monitor.signal[-1, 0] == 792
    monitor.take(samples(900, 64_000 * 100))
    assert monitor.lost == 100


def test_an_event_on_the_clock_that_wraps():
    monitor = Monitor(INFO)
    begin = 2**32 - 40_000
    monitor.take(samples(0, begin))
    gesture = monitor.take(m.GestureEvent(0, 0, 230, begin - 200_000, (begin + 44_000) % 2**32))
    assert gesture.label == "circle"
    assert gesture.confidence == 0.898
    assert gesture.start_s == pytest.approx((begin - 200_000) / 1e6)
    assert gesture.end_s == pytest.approx((begin + 44_000) / 1e6)
    assert monitor.gestures[-1] == gesture


def test_probabilities_statistics_and_trouble():
    monitor = Monitor(INFO)
    monitor.take(m.Probabilities(0, 40_000, np.array([-128, 127], np.int8)))
    assert monitor.probabilities.tolist() == [0.0, 255 / 256]
    assert monitor.take(m.Error(3, "the IMU does not answer")) is None
    assert monitor.trouble == "the IMU does not answer"


@pytest.mark.parametrize("code, left", [(3, ""), (4, "it fails")])
def test_samples_end_the_trouble_of_the_imu_and_no_other(code, left):
    monitor = Monitor(INFO)
    monitor.take(m.Error(code, "it fails"))
    monitor.take(m.Samples(0, np.arange(8) * 8000, np.ones((8, 6), np.int16)))
    assert monitor.trouble == left


def test_without_a_model():
    assert Monitor(replace(INFO, labels=(), model_id="")).probabilities.shape == (0,)


def test_the_rate_begins_anew_after_a_gap():
    meter = RateMeter()
    for i in range(20):
        meter.push(np.arange(8) * 8000 + i * 64_000)
    meter.push(np.arange(8) * 8000 + 5_000_000)
    meter.push(np.arange(8) * 8000 + 5_064_000)
    assert meter.hz == pytest.approx(125)


def test_a_computer_that_slept_is_a_gap():
    monitor = Monitor(INFO)
    monitor.take(samples(0, 0))
    monitor.take(INFO)
    assert monitor.gap is None
    monitor.take(samples(1008, 8_064_000))
    assert monitor.gap == Gap(1000, 8.008, reset=False)
    assert monitor.lost == 1000 and monitor.elapsed_s == pytest.approx(8.12)
    monitor.take(samples(1016, 8_128_000))
    assert monitor.gap is None


def test_the_lives_of_a_board_that_is_reset_add_up():
    monitor = Monitor(INFO)
    monitor.take(samples(0, 0))
    monitor.take(samples(16, 128_000))
    monitor.take(replace(INFO, model_id="02" * 8, labels=("punch", "clap", "rest")))
    for i in range(20):
        monitor.take(samples(8 * i, 64_000 * i))
        assert monitor.gap == (Gap(0, 0.0, reset=True) if i == 0 else None)
    assert monitor.lost == 8
    assert monitor.elapsed_s == pytest.approx(0.184 + 19 * 0.064 + 0.056)
    assert monitor.rate.hz == pytest.approx(125)
    assert monitor.probabilities.shape == (3,)
    assert monitor.take(m.GestureEvent(0, 0, 230, 0, 1000)).label == "punch"
