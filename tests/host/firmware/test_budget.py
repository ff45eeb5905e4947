"""What the firmware's own objects take on a Cortex-M4, within tests/firmware/budget.toml."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from budget import BUDGET, check
from cortex_m4 import COMPILER, INCLUDES, LIBRARIES, Size, compile_object, largest_frame, size

pytestmark = pytest.mark.skipif(not shutil.which(COMPILER), reason=f"{COMPILER} is not installed")

SKETCH = LIBRARIES.parent / "src" / "main.cpp"
BOARD = LIBRARIES.parent / "boards" / "nano33ble" / "board.cpp"
ARDUINO_CORE = Path(__file__).parents[2] / "arduino_core"
HEAP = re.compile(r"\b(?:malloc|calloc|realloc|free|_Zn[aw]\w+|_Zd[al]\w+)\b")
DRIVERS = Path(__file__).with_name("every_driver.cpp")


@pytest.fixture(scope="module")
def objects(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Path]]:
    """The objects of each part."""
    sources = {folder.name: sorted(folder.glob("*.cpp")) for folder in LIBRARIES.iterdir()}
    sources.pop("tflm", None)  # needs TensorFlow Lite Micro itself
    sources["sketch"] = [SKETCH]
    sources["imu"] = [s for s in sources["imu"] if s.stem != "fed_imu"] + [DRIVERS]
    built = {}
    for part, files in sorted(sources.items()):
        folder = tmp_path_factory.mktemp(part)
        built[part] = [compile_object(source, folder) for source in files]
    return built


def test_flash_and_ram_of_every_part(objects: dict[str, list[Path]]) -> None:
    check(BUDGET["parts"], {part: size(files) for part, files in objects.items()})


def test_no_function_takes_much_of_the_stack(objects: dict[str, list[Path]]) -> None:
    largest = {part: largest_frame(files) for part, files in objects.items()}
    assert max(largest.values()) <= BUDGET["stack"]["frame"], largest


def test_nothing_asks_for_heap(objects: dict[str, list[Path]], tmp_path: Path) -> None:
    """Also not by printing floats, for which the C library allocates."""
    board = compile_object(BOARD, tmp_path, [*INCLUDES, f"-isystem{ARDUINO_CORE}"])
    for path in [board, *(path for files in objects.values() for path in files)]:
        command = ["arm-none-eabi-nm", "--undefined-only", str(path)]
        named = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert not HEAP.findall(named), path.name
    for source in LIBRARIES.rglob("*.cpp"):
        assert not re.search(r"%[\d.]*[aefg]", source.read_text("utf-8")), source.name


def test_a_part_over_its_limit_is_named_in_a_table() -> None:
    with pytest.raises(AssertionError, match=r"over budget: link\n") as failure:
        check({"link": {"flash": 100, "ram": 8}}, {"link": Size(101, 8)})
    assert "link             101     100       8       8  OVER" in str(failure.value)


def test_a_part_without_a_limit_is_refused() -> None:
    with pytest.raises(AssertionError, match="other parts"):
        check({}, {"link": Size(1, 1)})
