"""Plans: the outputs of the generated code, for every kernel; and nothing that is not whole."""

import re
import struct
from pathlib import Path

import numpy as np
import pytest
from harness import KERNELS, HostProgram
from plan_program import DESCRIPTION, INFERENCE, PlanProgram, sealed
from planned_models import other_models, random_models

from tinygesture.export.compiler.plan import FORMAT
from tinygesture.export.compiler.plan import KERNELS as PLANNED


@pytest.fixture(scope="module")
def program(kernels: list[Path], tmp_path_factory: pytest.TempPathFactory) -> PlanProgram:
    return PlanProgram(kernels, tmp_path_factory.mktemp("plans"))


def some_plan() -> bytes:
    return random_models()[0][0].plan.serialised(DESCRIPTION)


def test_a_plan_computes_what_the_generated_code_computes(program, host_program) -> None:
    models = random_models() + other_models()
    generated: HostProgram = host_program([model for model, _ in models])
    plans = [(model.plan.serialised(DESCRIPTION), inputs) for model, inputs in models]
    for i, ((_, inputs), outputs) in enumerate(zip(plans, program.run(plans), strict=True)):
        assert not isinstance(outputs, str), outputs
        np.testing.assert_array_equal(outputs, generated.run(i, inputs), f"model {i}")


def test_every_kernel_has_its_number() -> None:
    """In the order of the table in C++, and none is missing of those that a model can call."""
    table = (INFERENCE / "plan_kernels.cpp").read_text()
    listed = re.findall(
        r"^    (?:one|two|three|with_scratch)<\w+, (\w+)>\(\),$", table, re.MULTILINE
    )
    assert tuple(name.removeprefix("any_") for name in listed) == PLANNED
    headers = "".join(path.read_text() for path in KERNELS.glob("*.h"))
    declared = re.findall(r"^void (?:any_)?(\w+)\(const \w+& layer,", headers, re.MULTILINE)
    assert sorted(declared) == sorted(PLANNED)


def refusal(program: PlanProgram, plan: bytes) -> str:
    [answer] = program.run([(plan, np.zeros((0, 1), np.int8))])
    assert isinstance(answer, str), "the plan was taken"
    return answer


def test_what_is_no_plan_is_refused(program) -> None:
    plan = some_plan()
    assert refusal(program, b"") == "this is no plan of a model"
    assert refusal(program, plan[:16]) == "this is no plan of a model"
    assert refusal(program, b"\0" + plan[1:]) == "this is no plan of a model"
    newer = plan[:4] + struct.pack("<I", FORMAT + 1) + plan[8:]
    assert "different versions" in refusal(program, newer)
    assert refusal(program, plan[:-4]) == "the plan is damaged"
    assert refusal(program, plan + bytes(4)) == "the plan is damaged"


def test_every_damaged_byte_is_noticed(program) -> None:
    plan = some_plan()
    none = np.zeros((0, 1), np.int8)
    damaged = [
        (plan[:at] + bytes([plan[at] ^ bit]) + plan[at + 1 :], none)
        for at in range(len(plan))
        for bit in (1, 128)
    ]
    assert all(isinstance(answer, str) for answer in program.run(damaged))


def test_a_plan_that_needs_too_much_memory_is_refused(program) -> None:
    plan = bytearray(some_plan())
    (begin,) = struct.unpack("<I", plan[16:20])
    plan[begin : begin + 4] = struct.pack("<i", 8193)
    assert "more memory" in refusal(program, sealed(bytes(plan)))
