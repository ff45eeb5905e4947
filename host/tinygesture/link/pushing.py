"""A model to a running board, as a plan: no compiler, no upload."""

import time
from collections.abc import Callable

from tinygesture.errors import UserError
from tinygesture.link import messages as m
from tinygesture.link.fields import MAX_PLAN_DATA
from tinygesture.link.session import LinkLost, Session

FRAMES_UNDER_WAY = 4
ANSWER_TIMEOUT_S = 1.0
END_TIMEOUT_S = 6.0  # the board checks the plan, and may write it to its flash
ATTEMPTS = 5
SINCE_MINOR = 2
PUSHED = "plan"  # what a board calls the engine of a pushed model


def push(
    session: Session,
    plan: bytes,
    keep: bool = False,
    report: Callable[[int], None] = lambda taken: None,
) -> None:
    """The board runs this plan afterwards, and session.info describes it.

    keep: also after it was switched off. report: takes the bytes that the board has taken.
    Raises UserError where the board refuses the plan, in its own words; LinkLost.
    """
    _check_version(session)
    flags = m.PlanFlag.KEEP if keep else m.PlanFlag(0)
    _ask(session, m.PlanBegin(len(plan), flags), _begun, ANSWER_TIMEOUT_S)
    taken = attempts = 0
    while taken < len(plan):
        before, taken = taken, _send_some(session, plan, taken)
        attempts = 0 if taken > before else attempts + 1
        if attempts == ATTEMPTS:
            raise _damaged(session)
        report(taken)
    _ask(session, m.PlanEnd(), lambda answer: _describes(session, answer, True), END_TIMEOUT_S)


def remove(session: Session) -> None:
    """The board forgets what was pushed to it, and session.info describes what it runs then."""
    _check_version(session)
    _ask(session, m.PlanRemove(), lambda answer: _describes(session, answer, False), END_TIMEOUT_S)


def _send_some(session: Session, plan: bytes, taken: int) -> int:
    """Sends a few frames; returns the bytes that the board has taken after them."""
    end = taken
    for _ in range(FRAMES_UNDER_WAY):
        data = plan[end : end + MAX_PLAN_DATA]
        if data:
            session.send(m.PlanData(end, data))
        end += len(data)
    deadline = time.monotonic() + ANSWER_TIMEOUT_S
    while taken < end:
        answer = _answer(session, deadline)
        if answer is None:
            break
        if isinstance(answer, m.PlanTaken):
            taken = answer.total
    return taken


def _begun(answer: m.Message) -> bool:
    return isinstance(answer, m.PlanTaken) and answer.total == 0


def _describes(session: Session, answer: m.Message, pushed: bool) -> bool:
    if not isinstance(answer, m.Info) or (answer.engine == PUSHED) != pushed:
        return False
    session.redescribe(answer)
    return True


def _ask(
    session: Session, question: m.Message, fits: Callable[[m.Message], bool], timeout: float
) -> None:
    """Asks until an answer fits. Raises UserError, LinkLost."""
    for _ in range(ATTEMPTS):
        session.send(question)
        deadline = time.monotonic() + timeout
        while (answer := _answer(session, deadline)) is not None:
            if fits(answer):
                return
    raise _damaged(session)


def _answer(session: Session, deadline: float) -> m.Message | None:
    """The next answer that concerns a plan; None without any until then, by time.monotonic()."""
    while (left := deadline - time.monotonic()) > 0:
        message = session.receive(left)
        if isinstance(message, m.Error) and message.code == m.PLAN_ERROR:
            raise UserError(
                f"{session.name} refused the model: {message.text}. It runs what it keeps, or "
                "what was built in. Put the present firmware on it with `tinygesture flash`, once, "
                "if it is of another version.",
                see="The board refuses a pushed model",
            )
        if isinstance(message, m.PlanTaken | m.Info):
            return message
    return None


def _check_version(session: Session) -> None:
    if session.info.minor < SINCE_MINOR:
        raise UserError(
            f"The firmware on {session.name} is too old to take a model over the link. Put the "
            "present one on it with `tinygesture flash`, once."
        )


def _damaged(session: Session) -> LinkLost:
    return LinkLost(
        f"The model did not reach {session.name} undamaged in {ATTEMPTS} attempts. Try again; if "
        "it happens often, use another cable or USB port."
    )
