"""Plans on the host, run by the firmware's own code with sanitisers."""

import struct
import subprocess
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from harness import KERNELS, LANGUAGE, SANITISERS, WARNINGS, Int8

from tinygesture.contract import Quantisation
from tinygesture.detector import DetectorConfig
from tinygesture.export.compiler.plan import Description

INFERENCE = KERNELS.parent / "inference"
DESCRIPTION = Description(
    "0123456789abcdef",
    "test",
    "gru",
    ("rest", "lift"),
    4,
    4,
    Quantisation((256,) * 6, 16),
    DetectorConfig(4, 8, 20, 1, (128, 128)),
)


def sealed(plan: bytes) -> bytes:
    """The plan with its size and CRC put right."""
    return plan[:8] + struct.pack("<2I", len(plan), zlib.crc32(plan[16:])) + plan[16:]


class PlanProgram:
    def __init__(self, kernels: Sequence[Path], folder: Path) -> None:
        self.path = folder / "plans"
        sources = [Path(__file__).with_name("plan_runner.cpp"), *INFERENCE.glob("plan*.cpp")]
        sources.remove(INFERENCE / "plan_engine.cpp")
        includes = [f"-I{KERNELS}", f"-I{INFERENCE}"]
        command = ["g++", "-O1", *LANGUAGE, *WARNINGS, *SANITISERS, *includes]
        subprocess.run([*command, *sources, *kernels, "-o", self.path], check=True)

    def run(self, plans: Sequence[tuple[bytes, Int8]]) -> list[Int8 | str]:
        """For each plan and its inputs (calls, ...) from reset: outputs (calls, output size), or
        why the plan was refused."""
        said = [self._said(plan, len(inputs), inputs.tobytes()) for plan, inputs in plans]
        answers: list[Int8 | str] = []
        for (_, inputs), (refused, answer) in zip(plans, self._answers(said), strict=True):
            rows = np.frombuffer(answer, np.int8)
            answers.append(answer.decode() if refused else rows.reshape(len(inputs), -1))
        return answers

    def survive(self, plans: Sequence[bytes], calls: int) -> list[str]:
        """Why each plan was refused; empty where it ran, on inputs that the program makes up."""
        said = [self._said(plan, -calls, b"") for plan in plans]
        return [answer.decode() if refused else "" for refused, answer in self._answers(said)]

    @staticmethod
    def _said(plan: bytes, calls: int, inputs: bytes) -> bytes:
        return struct.pack("<3i", len(plan), calls, len(inputs)) + plan + inputs

    def _answers(self, said: list[bytes]) -> Iterator[tuple[bool, bytes]]:
        result = subprocess.run([self.path], input=b"".join(said), capture_output=True)
        assert result.returncode == 0, result.stderr.decode()
        left = result.stdout
        while left:
            (size,) = struct.unpack("<i", left[:4])
            yield size < 0, left[4 : 4 + abs(size)]
            left = left[4 + abs(size) :]
