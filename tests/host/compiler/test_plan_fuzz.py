"""Plans that are hostile: with a right CRC, but any contents. None makes the firmware's code touch
a byte that is not its own, overflow, shift too far or run for long."""

import struct
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from plan_program import DESCRIPTION, PlanProgram, sealed
from planned_models import other_models, random_models

PLANS = 6000
CALLS = 3
EDGES = (0, 1, -1, 2, 4, 127, 128, -128, 255, 256, 511, 512, 2**15, 2**20, 2**31 - 1, -(2**31))


@pytest.fixture(scope="module")
def program(kernels: list[Path], tmp_path_factory: pytest.TempPathFactory) -> PlanProgram:
    return PlanProgram(kernels, tmp_path_factory.mktemp("plans"))


def valid_plans() -> list[bytes]:
    models = random_models() + other_models()
    return [model.plan.serialised(DESCRIPTION) for model, _ in models]


def another_word(rng: np.random.Generator, plan: bytearray, begin: int) -> None:
    at = int(rng.integers(begin // 4, len(plan) // 4)) * 4
    (old,) = struct.unpack("<i", plan[at : at + 4])
    near = old + int(rng.choice([-4, -1, 1, 4, 8]))
    new = near if rng.random() < 0.5 else int(rng.choice(EDGES))
    plan[at : at + 4] = struct.pack("<I", new & 0xFFFFFFFF)


def another_byte(rng: np.random.Generator, plan: bytearray, begin: int) -> None:
    plan[int(rng.integers(16, len(plan)))] = int(rng.integers(0, 256))


def another_word_of_an_array(rng: np.random.Generator, plan: bytearray, begin: int) -> None:
    at = int(rng.integers(5, begin // 4)) * 4
    plan[at : at + 4] = struct.pack("<I", int(rng.choice(EDGES)) & 0xFFFFFFFF)


def other_arrays(rng: np.random.Generator, plan: bytearray, begin: int) -> None:
    """Weights, biases, factors and tables at random."""
    plan[20:begin] = rng.bytes(begin - 20)


def swapped_words(rng: np.random.Generator, plan: bytearray, begin: int) -> None:
    a, b = (int(at) * 4 for at in rng.integers(begin // 4, len(plan) // 4, 2))
    plan[a : a + 4], plan[b : b + 4] = plan[b : b + 4], plan[a : a + 4]


CHANGES: Sequence[Callable[[np.random.Generator, bytearray, int], None]] = (
    another_word,
    another_word,
    another_word_of_an_array,
    another_byte,
    other_arrays,
    swapped_words,
)


def mutated(rng: np.random.Generator, plan: bytes) -> bytes:
    changed = bytearray(plan)
    (begin,) = struct.unpack("<I", plan[16:20])  # of its words
    for _ in range(int(rng.integers(1, 4))):
        CHANGES[int(rng.integers(len(CHANGES)))](rng, changed, begin)
    return sealed(bytes(changed))


def test_mutated_plans(program: PlanProgram) -> None:
    rng = np.random.default_rng(0)
    seeds = valid_plans()
    plans = [mutated(rng, seeds[int(rng.integers(len(seeds)))]) for _ in range(PLANS)]
    outcomes = program.survive(plans, CALLS)
    ran = sum(not outcome for outcome in outcomes)
    assert PLANS // 10 < ran < PLANS * 9 // 10, f"{ran} of {PLANS} plans ran"


def test_random_words(program: PlanProgram) -> None:
    """Behind a right header: words that are near to what a plan says, or anything."""
    rng = np.random.default_rng(1)
    [head] = {plan[:8] for plan in valid_plans()}
    plans = []
    for _ in range(PLANS):
        words = rng.choice(np.array([*EDGES, 20, 24, 40], np.int64), int(rng.integers(1, 80)))
        body = struct.pack("<I", 20) + (words & 0xFFFFFFFF).astype("<u4").tobytes()
        plans.append(sealed(head + bytes(8) + body))
    program.survive(plans, CALLS)
