"""Ten minutes of 200 Hz from each virtual board: nothing lost, nothing damaged, flat memory."""

import resource

import pytest

from tinygesture.boards import VIRTUAL_BOARDS, connect, flash
from tinygesture.errors import UserError
from tinygesture.link import Samples, SampleTracker, Statistics, Stream

DEVICE_S = 600
SPEED = 3
WARM_UP_S = 60


def memory_kib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", VIRTUAL_BOARDS)
def test_ten_minutes_without_a_loss(name):
    board = VIRTUAL_BOARDS[name]
    firmware = flash(board).program
    try:
        board.check_runnable(firmware)
    except UserError as missing:
        pytest.skip(str(missing))
    tracker = SampleTracker()
    warm_kib = 0
    with connect(f"sim://{name}?imu=bmi270&speed={SPEED}&firmware={firmware}") as session:
        session.stream(Stream.SAMPLES | Stream.STATISTICS)
        first_us, device_s = None, 0.0
        statistics = None
        for message in session.messages():
            if isinstance(message, Statistics):
                statistics = message
            if not isinstance(message, Samples):
                continue
            t_us = tracker.unwrap(message)
            first_us = first_us if first_us is not None else int(t_us[0])
            device_s = (int(t_us[-1]) - first_us) / 1e6
            if not warm_kib and device_s > WARM_UP_S:
                warm_kib = memory_kib()
            if device_s > DEVICE_S:
                break
        assert tracker.lost == 0
        assert session.crc_errors == 0
        assert statistics is not None
        assert (statistics.ring_dropped, statistics.frames_dropped) == (0, 0)
        assert tracker.received / device_s > 190
        assert memory_kib() - warm_kib < 4096
