"""Programs of compiled models, all linked with the same kernels."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from harness import HostProgram, build_kernels

from tinygesture.export.compiler import CompiledModel


@pytest.fixture(scope="session")
def kernels(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return build_kernels(tmp_path_factory.mktemp("kernels"))


@pytest.fixture(scope="session")
def host_program(
    kernels: list[Path], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Sequence[CompiledModel]], HostProgram]:
    return lambda models: HostProgram(models, kernels, tmp_path_factory.mktemp("models"))
