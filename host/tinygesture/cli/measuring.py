"""What a board measures of itself: inference time, sleep, stack and RAM."""

import time
from dataclasses import dataclass

from tinygesture.boards import VIRTUAL_BOARDS
from tinygesture.link import LinkLost, Session, Statistics, Stream

SINCE = (1, 1)  # the protocol's version
SILENCE_S = 10.0
MESSAGES = 4  # one at once, then one a second


@dataclass(frozen=True)
class Measured:
    """None: the board does not measure it. Inference in µs of the board's clock: the extremes since
    power-up, the median of the latest; active: of the processor's time while it recognises live.
    """

    inference_us_min: int | None
    inference_us_median: int | None
    inference_us_max: int | None
    active: float | None
    stack_bytes: int | None
    free_ram_bytes: int | None


def measure(board: Session) -> Measured:
    """Lets the board recognise what its own IMU feels for some seconds, and asks it.

    Raises LinkLost.
    """
    board.stream(Stream.EVENTS | Stream.STATISTICS)
    said: list[Statistics] = []
    told_at = time.monotonic()
    for message in board.messages():
        if isinstance(message, Statistics):
            said.append(message)
            told_at = time.monotonic()
        if len(said) == MESSAGES:
            break
        if time.monotonic() - told_at > SILENCE_S:
            raise LinkLost(
                f"{board.name} has told nothing of itself for {SILENCE_S:g} s; it probably hangs. "
                "Reset the board and repeat the command."
            )
    board.stream(Stream(0))
    return measured(said[0], said[-1])


def measured(first: Statistics, last: Statistics) -> Measured:
    """From two messages, some seconds apart; a firmware of version 1.0 says less in them."""
    inferred, complete = last.inference_us_max > 0, last.clock_us > 0
    passed = (last.clock_us - first.clock_us) % 2**32
    slept = (last.asleep_us - first.asleep_us) % 2**32
    return Measured(
        last.inference_us_min if inferred and complete else None,
        last.inference_us_median if inferred and complete else None,
        last.inference_us_max if inferred else None,
        round(max(0.0, 1 - slept / passed), 4) if last.asleep_us and passed else None,
        last.stack_bytes or None,
        last.free_ram_bytes or None,
    )


def sentences(board: Session, found: Measured) -> list[str]:
    """What was measured, for people."""
    lines = []
    if found.inference_us_median is not None:
        lines.append(
            f"Inference on the board: {found.inference_us_min:,} µs at least, "
            f"{found.inference_us_median:,} µs in the median, "
            f"{found.inference_us_max:,} µs at most."
        )
    elif found.inference_us_max is not None:
        lines.append(f"Inference on the board: {found.inference_us_max:,} µs at most.")
    if found.active is not None:
        lines.append(
            f"While it recognises live, the processor is active {found.active:.1%} of the time and "
            "sleeps between samples."
        )
    memory = [
        f"{what} {amount:,} bytes"
        for what, amount in (("stack", found.stack_bytes), ("free RAM", found.free_ram_bytes))
        if amount is not None
    ]
    if memory:
        lines.append(f"Memory: {', '.join(memory)}.")
    if board.info.board in VIRTUAL_BOARDS:
        lines.append("This board is virtual: its times are this computer's, not a Cortex-M4's.")
    if (board.info.major, board.info.minor) < SINCE:
        lines.append(
            "The board's firmware is older than this program and does not measure all of itself. "
            "Flash it again with `tinygesture flash`."
        )
    return lines
