"""200 Hz for ten minutes from each virtual board, and from ten at once: nothing is lost."""

import resource
import threading
from pathlib import Path

import pytest

from tinygesture.boards import VIRTUAL_BOARDS, build, connect
from tinygesture.cli.trial import missing_tools
from tinygesture.link import Samples, SampleTracker, Statistics, Stream

DEVICE_S = 600
SPEED = 3
BOARDS = 10
TOGETHER_S = 60


def memory_kib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


@pytest.fixture(params=list(VIRTUAL_BOARDS))
def board(request: pytest.FixtureRequest) -> tuple[str, Path]:
    """Name and firmware of every virtual board in turn, as far as it runs here."""
    kind = VIRTUAL_BOARDS[request.param]
    if missing := missing_tools(kind):
        pytest.skip(f"sim://{kind.name} needs {' and '.join(missing)}")
    return kind.name, build(kind).program


def listen(board: tuple[str, Path], device_s: float, speed: float, seed: int = 1) -> int:
    """200 Hz for device_s; KiB by which memory grew after the first tenth."""
    name, firmware = board
    tracker = SampleTracker()
    warm_kib = 0
    statistics = None
    port = f"sim://{name}?imu=bmi270&speed={speed}&seed={seed}&firmware={firmware}"
    with connect(port) as session:
        session.stream(Stream.SAMPLES | Stream.STATISTICS)
        first_us, elapsed_s = None, 0.0
        for message in session.messages(silence=10):
            if isinstance(message, Statistics):
                statistics = message
            if not isinstance(message, Samples):
                continue
            t_us = tracker.unwrap(message)
            first_us = first_us if first_us is not None else int(t_us[0])
            elapsed_s = (int(t_us[-1]) - first_us) / 1e6
            if not warm_kib and elapsed_s > device_s / 10:
                warm_kib = memory_kib()
            if elapsed_s > device_s:
                break
        grown_kib = memory_kib() - warm_kib
        assert tracker.lost == 0
        assert session.crc_errors == 0
        assert statistics is not None
        assert (statistics.ring_dropped, statistics.frames_dropped) == (0, 0)
        assert tracker.received / elapsed_s > 190
    return grown_kib


@pytest.mark.timeout(1800)
def test_ten_minutes_without_a_loss(board: tuple[str, Path]) -> None:
    assert listen(board, DEVICE_S, SPEED) < 4096


@pytest.mark.timeout(600)
def test_ten_boards_at_once(board: tuple[str, Path]) -> None:
    whole: list[int] = []

    def one(seed: int) -> None:
        listen(board, TOGETHER_S, speed=1, seed=seed)
        whole.append(seed)

    threads = [threading.Thread(target=one, args=[seed]) for seed in range(BOARDS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=300)
    assert sorted(whole) == list(range(BOARDS))
