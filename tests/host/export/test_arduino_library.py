"""The library for the Arduino IDE: its form, its bytes, and that it computes what boards do."""

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import numpy as np
import pytest

from cortex_m4 import COMPILER, compile_object
from tinygesture import project
from tinygesture.detector import Detector, DetectorConfig
from tinygesture.export.arduino import library, zipped
from tinygesture.export.arduino.library import _functions
from tinygesture.export.bundle import Bundle

CORE = Path(__file__).parents[2] / "arduino_core"
EAGER = DetectorConfig(smoothing=1, minimum=1, refractory=1, background=0, thresholds=(0,) * 16)
OF_ARDUINO = {
    *("Arduino.h", "Wire.h", "mbed.h", "FlashIAP.h", "USB/PluggableUSBSerial.h"),
    *("Arduino_LSM9DS1.h", "Arduino_BMI270_BMM150.h"),
}
OF_CPP = {"stddef.h", "stdint.h", "stdio.h", "stdarg.h", "string.h", "atomic", "new"}
CMAKE = """\
cmake_minimum_required(VERSION 3.10)
project(golden CXX)
add_compile_options(-Wall -Wextra -Werror)
add_subdirectory(TinyGesture)
add_executable(golden golden.cpp)
target_link_libraries(golden tinygesture)
"""


@pytest.fixture(scope="module")
def bundle(exported) -> Bundle:
    return exported.result.bundle


@pytest.fixture(scope="module")
def files(bundle: Bundle) -> dict[str, bytes]:
    return library(bundle, project.root())


@pytest.fixture(scope="module")
def unpacked(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("libraries")
    with zipfile.ZipFile(io.BytesIO(zipped(files))) as archive:
        archive.extractall(folder)
    return folder / "TinyGesture"


def test_the_ide_finds_what_its_specification_asks_for(unpacked: Path, bundle: Bundle) -> None:
    lines = (unpacked / "library.properties").read_text("utf-8").splitlines()
    properties = dict(line.split("=", 1) for line in lines)
    assert set(properties) == {
        *("name", "version", "author", "maintainer", "sentence", "paragraph", "category", "url"),
        *("architectures", "includes", "depends"),
    }
    assert all(properties.values())
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 _.-]{0,62}", properties["name"])
    assert not properties["name"].lower().startswith("arduino")
    assert re.fullmatch(r"\d+\.\d+\.\d+", properties["version"])
    assert properties["category"] in {"Sensors", "Data Processing", "Other"}
    assert properties["depends"] == "Arduino_LSM9DS1,Arduino_BMI270_BMM150"
    assert (unpacked / "src" / properties["includes"]).is_file()
    assert bundle.model_id in properties["paragraph"]
    assert unpacked.name == properties["name"]
    for example in (unpacked / "examples").iterdir():
        assert [path.name for path in example.iterdir()] == [f"{example.name}.ino"]
    for line in (unpacked / "keywords.txt").read_text().splitlines():
        assert re.fullmatch(r"\w+\t(KEYWORD1|KEYWORD2)", line)


def test_every_include_is_found_with_only_src_on_the_path(unpacked: Path) -> None:
    for path in [*unpacked.rglob("*.h"), *unpacked.rglob("*.cpp")]:
        for quoted, angled in re.findall(r'#include (?:"(.+)"|<(.+)>)', path.read_text("utf-8")):
            if quoted:
                assert (path.parent / quoted).is_file(), f"{path.name} includes {quoted}"
            else:
                assert angled in OF_CPP | OF_ARDUINO, f"{path.name} includes {angled}"
                assert angled in OF_CPP or path.name == "board.cpp"


def test_the_same_bytes_on_every_computer(
    files: dict[str, bytes], bundle: Bundle, tmp_path: Path
) -> None:
    """Also where git writes lines as Windows does, and folders list in another order."""
    shutil.copytree(project.root() / "firmware", tmp_path / "firmware")
    shutil.copy(project.root() / "LICENSE", tmp_path)
    for path in sorted(tmp_path.rglob("*.*"), reverse=True):
        if path.is_file():
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    again = library(bundle, tmp_path)
    assert list(again) == list(files)
    assert zipped(again) == zipped(files)


@pytest.mark.skipif(not shutil.which(COMPILER), reason=f"{COMPILER} is not installed")
def test_everything_compiles_for_the_board_without_a_warning(
    unpacked: Path, tmp_path: Path
) -> None:
    """Against our own declarations of what the sources name of Arduino's core."""
    options = [f"-I{unpacked / 'src'}", f"-isystem{CORE}"]
    for source in unpacked.rglob("*.cpp"):
        compile_object(source, tmp_path, options)
    for sketch in unpacked.rglob("*.ino"):
        compile_object(sketch, tmp_path, [*options, "-xc++", "-include", "Arduino.h"])


def test_golden_vectors_without_arduino(unpacked: Path, bundle: Bundle, tmp_path: Path) -> None:
    program = build(unpacked, tmp_path)
    for sequence in bundle.golden:
        counts = np.array(sequence["counts"], np.int16)
        said = subprocess.run([program], input=counts.tobytes(), capture_output=True, check=True)
        outputs, gestures = said.stdout.decode().split("gestures\n")
        probabilities = [[int(p) for p in line.split()] for line in outputs.splitlines()]
        assert probabilities == sequence["probabilities"]
        *told, own = gestures.splitlines()
        assert told == events_of(bundle, np.array(probabilities, np.int8))
        assert int(own) == len(told) > 0


def test_two_labels_that_look_alike_get_two_functions() -> None:
    class Labels:
        labels = ("rest", "a-b", "a_b", "a__", "a--", "up")
        detector = DetectorConfig(1, 1, 1, background=0b0001, thresholds=(1,) * 6)

    names = _functions(Labels())
    assert names["a-b"] == "on_a_b" and names["up"] == "on_up"
    assert len(set(names.values())) == len(names) == 5


def build(unpacked: Path, folder: Path) -> Path:
    """The program golden.cpp with the library: by its CMake project, where there is CMake.

    Its detector is EAGER, so that a model that has learnt little reports gestures as well.
    """
    shutil.copytree(unpacked, folder / "TinyGesture")
    config = folder / "TinyGesture/src/tinygesture/model_config.h"
    eager, found = re.subn(
        r"\{[^{}]*\{[^{}]*\}, \d+\},\n\};",
        f"{{1, 1, 1, 0, {{}}, {EAGER.doubt}}},\n}};",
        config.read_text(),
    )
    assert found == 1
    config.write_text(eager)
    golden = shutil.copy(Path(__file__).with_name("golden.cpp"), folder)
    if shutil.which("cmake"):
        (folder / "CMakeLists.txt").write_text(CMAKE)
        out = folder / "build"
        for step in (["-S", str(folder), "-B", str(out)], ["--build", str(out)]):
            subprocess.run(["cmake", *step], check=True, stdout=subprocess.DEVNULL)
        return out / "golden"
    sources = (folder / "TinyGesture/src/tinygesture").glob("*.cpp")
    command = ["g++", "-std=c++14", "-Wall", "-Wextra", "-Werror", f"-I{folder}/TinyGesture/src"]
    command += [golden, *(str(source) for source in sources if source.name != "board.cpp")]
    subprocess.run([*command, "-o", str(folder / "golden")], check=True)
    return folder / "golden"


def events_of(bundle: Bundle, probabilities: np.ndarray) -> list[str]:
    """What the detector's twin in Python makes of them, as golden.cpp prints it."""
    detector = Detector(EAGER, bundle.hop)
    lines = []
    for step, row in enumerate(probabilities):
        event = detector.push(row, (bundle.window - 1 + step * bundle.hop) * 10_000)
        if event is not None:
            label = bundle.labels[event.label]
            lines.append(f"{label} {event.confidence} {event.start_us} {event.end_us}")
    return lines
