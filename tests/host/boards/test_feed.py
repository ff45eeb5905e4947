"""The feed holds back for a slow board, and a board ends with its host."""

import socket
import subprocess
import time

import numpy as np
import pytest

from tinygesture.boards.feed import FAST_UNDER_WAY, Feed
from tinygesture.boards.simulation import GUARD
from tinygesture.link import messages as m
from tinygesture.link.frame import FrameDecoder, encode_frame


class Counting:
    """An endless source of samples that are numbered."""

    odr_hz, imu = 200.0, "counting"

    def __init__(self) -> None:
        self.at = 0
        self.seen: list[tuple[m.CueKind, str]] = []

    def next(self, count: int):
        number = np.arange(self.at, self.at + count)
        self.at += count
        return number * 5_000, np.repeat(number[:, None] % 30_000, 6, axis=1).astype(np.int16)

    def see(self, kind: m.CueKind, label: str) -> None:
        self.seen.append((kind, label))


class SlowBoard:
    """The board's end of a feed."""

    def __init__(self, speed: float) -> None:
        self.source = Counting()
        self.socket, far_end = socket.socketpair()
        self.feed = Feed(far_end, self.source, speed)
        self.decoder = FrameDecoder()
        self.decoder.feed(b"\0")
        self.messages: list[m.Message] = []

    def listen(self, seconds: float) -> int:
        """How many samples have arrived by then, in all."""
        self.socket.settimeout(0.02)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                data = self.socket.recv(65536)
            except TimeoutError:
                continue
            self.messages += m.unpack_all(self.decoder.feed(data))[0]
        return sum(len(x.t_us) for x in self.messages if isinstance(x, m.Samples))

    def say(self, message: m.Message) -> None:
        self.socket.sendall(encode_frame(m.pack(message)))


@pytest.fixture
def fast_board():
    board = SlowBoard(speed=0)
    yield board
    board.feed.stop()


def test_the_feed_begins_with_what_it_is(fast_board):
    fast_board.listen(0.1)
    assert fast_board.messages[0] == m.FeedBegin(200.0, "counting")


def test_no_more_than_half_a_ring_is_under_way(fast_board):
    assert fast_board.listen(0.3) == FAST_UNDER_WAY
    fast_board.say(m.FeedTaken(40))
    assert FAST_UNDER_WAY < fast_board.listen(0.3) <= FAST_UNDER_WAY + 40
    fast_board.say(m.FeedTaken(FAST_UNDER_WAY))
    assert fast_board.listen(0.3) > FAST_UNDER_WAY + 40


def test_cues_reach_the_source(fast_board):
    fast_board.say(m.Cue(m.CueKind.GO, "circle"))
    fast_board.listen(0.2)
    assert fast_board.source.seen == [(m.CueKind.GO, "circle")]


def test_real_time_is_real_time():
    board = SlowBoard(speed=1)
    samples = board.listen(0.5)
    board.feed.stop()
    assert samples <= 0.5 * 200 + 4


def guarded(*command: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        ["/bin/sh", "-c", GUARD, "guard", *command], stdin=subprocess.PIPE, start_new_session=True
    )


def members(group: int) -> list[str]:
    listed = subprocess.run(["ps", "-eo", "pgid,stat,args"], capture_output=True, text=True).stdout
    rows = [row.split(None, 2) for row in listed.splitlines()]
    return [args for pgid, state, args in rows if pgid == str(group) and "Z" not in state]


def test_the_guard_ends_the_board_when_the_host_lets_go():
    guard = guarded("sleep", "60")
    time.sleep(0.2)
    assert "sleep 60" in members(guard.pid)
    assert guard.stdin is not None
    guard.stdin.close()
    guard.wait(timeout=5)
    time.sleep(0.2)
    assert members(guard.pid) == []


def test_the_guard_ends_with_the_board():
    guard = guarded("true")
    guard.wait(timeout=5)
    time.sleep(0.2)
    assert members(guard.pid) == []
