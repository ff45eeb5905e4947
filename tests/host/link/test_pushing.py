"""Pushing to a board that a test plays: frames are lost in either direction, or refused."""

from collections import deque
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinygesture.errors import UserError
from tinygesture.link import messages as m
from tinygesture.link import pushing
from tinygesture.link.session import LinkLost

PLAN = bytes(np.random.default_rng(0).integers(0, 256, 3001).astype(np.uint8))


@pytest.fixture(scope="module", autouse=True)
def a_board_that_answers_at_once():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pushing, "ANSWER_TIMEOUT_S", 0.002)
        patch.setattr(pushing, "END_TIMEOUT_S", 0.002)
        yield


def info(engine: str, minor: int = m.PROTOCOL_MINOR) -> m.Info:
    return m.Info(
        *(1, minor, "0", "fake", "fake", 119.0, 4, 2000, 10_000, engine, "0123456789abcdef"),
        *("model", "gru", 4, 4, ("rest", "lift")),
    )


class Board:
    """Takes a plan as the firmware does. lost: whether each frame in turn does not arrive."""

    name = "fake"

    def __init__(self, lost: list[bool], refusal: str = "") -> None:
        self.info = info("compiled")
        self.plan = b""
        self.kept = False
        self._lost = deque(lost)
        self._refusal = refusal
        self._said: deque[m.Message] = deque()

    def send(self, message: m.Message) -> None:
        if self._arrives():
            self._take(message)

    def _arrives(self) -> bool:
        return not (self._lost and self._lost.popleft())

    def _take(self, message: m.Message) -> None:
        match message:
            case m.PlanBegin():
                self.plan, self.kept = b"", bool(message.flags & m.PlanFlag.KEEP)
                self._say(m.PlanTaken(0))
            case m.PlanData():
                if message.offset == len(self.plan):
                    self.plan += message.data
                self._say(m.PlanTaken(len(self.plan)))
            case m.PlanEnd():
                self._say(m.Error(m.PLAN_ERROR, self._refusal) if self._refusal else info("plan"))
            case m.PlanRemove():
                self._say(info("compiled"))

    def _say(self, message: m.Message) -> None:
        if self._arrives():
            self._said.append(message)

    def receive(self, timeout: float) -> m.Message | None:
        return self._said.popleft() if self._said else None

    def redescribe(self, described: m.Info) -> None:
        self.info = described


@given(st.lists(st.booleans(), max_size=12).filter(lambda lost: sum(lost) < pushing.ATTEMPTS))
def test_a_plan_arrives_whole_whatever_is_lost_on_the_way(lost):
    board = Board(lost)
    taken: list[int] = []
    pushing.push(board, PLAN, keep=True, report=taken.append)
    assert board.plan == PLAN
    assert board.kept
    assert board.info.engine == "plan"
    assert taken[-1] == len(PLAN)
    assert taken == sorted(taken)


def test_a_link_that_loses_all_is_given_up():
    with pytest.raises(LinkLost, match="did not reach fake undamaged"):
        pushing.push(Board([True] * 1000), PLAN)


def test_a_refusal_is_told_in_the_boards_words():
    with pytest.raises(UserError, match="refused the model: it is too green"):
        pushing.push(Board([], refusal="it is too green"), PLAN)


def test_what_was_pushed_is_removed():
    board = Board([True, False])
    board.info = info("plan")
    pushing.remove(board)
    assert board.info.engine == "compiled"


def test_an_older_firmware_is_not_even_asked():
    board = SimpleNamespace(name="fake", info=info("compiled", minor=1))
    with pytest.raises(UserError, match=r"too old.*tinygesture flash"):
        pushing.push(board, PLAN)
