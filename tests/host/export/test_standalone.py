"""`tinygesture compile`: a folder that builds by itself, alone and beside another."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import engine_models
from cortex_m4 import COMPILER, CORE
from tflite_builder import SAME, TfliteBuilder
from tinygesture.cli import group
from tinygesture.errors import UserError
from tinygesture.export.standalone import check_namespace, namespace_of

STRICT = ["-std=c++14", "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Werror"]


def image_model() -> bytes:
    """Two images in; their sum pooled and its halves out."""
    b = TfliteBuilder()
    x, y = (b.tensor([1, 4, 6, 2], 0.1, zero) for zero in (0, 5))
    total, pooled = b.tensor([1, 4, 6, 2], 0.2, -3), b.tensor([1, 2, 3, 2], 0.2, -3)
    halves = [b.tensor([1, 2, 3, 1], 0.2, -3) for _ in range(2)]
    b.operator("ADD", [x, y], total)
    window = {"Padding": SAME, "StrideH": 2, "StrideW": 2, "FilterHeight": 2, "FilterWidth": 2}
    b.operator("MAX_POOL_2D", [total], pooled, **window)
    b.operator("SPLIT", [b.integers(3), pooled], halves, NumSplits=2)
    return b.build([x, y], halves)


def compile_into(folder: Path, model: bytes, *options: str) -> Path:
    path = folder.parent / f"{folder.name}.tflite"
    path.write_bytes(model)
    arguments = ["compile", str(path), "-o", str(folder), *options]
    result = CliRunner().invoke(group, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    root = tmp_path_factory.mktemp("standalone")
    gru = engine_models.gru_step()
    (state,) = gru.state.items()
    return [
        compile_into(root / "gru", gru.model, "--state", "=".join(state)),
        compile_into(root / "two-images", image_model()),
    ]


@pytest.mark.parametrize("which", [0, 1])
def test_the_example_of_its_readme(which: int, folders: list[Path], tmp_path: Path) -> None:
    folder = Path(shutil.copytree(folders[which], tmp_path / "copy"))
    text = (folder / "README.md").read_text("utf-8")
    (folder / "example.cc").write_text(re.findall(r"```cpp\n(.*?)```", text, re.DOTALL)[0])
    (typed,) = re.findall(r"^    (c\+\+ .*)$", text, re.MULTILINE)
    build = typed.replace("-O2", " ".join(["-O2", *STRICT]))
    result = subprocess.run(build, shell=True, cwd=folder, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    numbers = [int(word) for word in result.stdout.split() if word != "thousandths"]
    assert len(numbers) == (5, 12)[which]
    assert which or abs(sum(numbers) - 1000) < 8  # probabilities


def test_two_models_in_one_program(folders: list[Path], tmp_path: Path) -> None:
    main = "".join(f'#include "{folder.name}/compiled_model.h"\n' for folder in folders)
    main += "int main() { gru::reset(); two_images::reset(); return two_images::kInput1Size; }\n"
    (tmp_path / "main.cpp").write_text(main)
    sources = [tmp_path / "main.cpp", *(path for f in folders for path in f.glob("*.cpp"))]
    program = tmp_path / "program"
    command = ["c++", *STRICT, f"-I{folders[0].parent}", *sources, "-o", program]
    subprocess.run(command, check=True)
    assert subprocess.run([program]).returncode == 48


@pytest.mark.skipif(not shutil.which(COMPILER), reason=f"{COMPILER} is not installed")
def test_it_builds_for_a_cortex_m4(folders: list[Path], tmp_path: Path) -> None:
    for source in (path for folder in folders for path in folder.glob("*.cpp")):
        language = ["-ffreestanding", "-fno-exceptions", "-fno-rtti"]
        command = [COMPILER, *CORE, *STRICT, *language, "-c", source, "-o", tmp_path / "out.o"]
        subprocess.run(command, check=True)


def test_only_the_kernels_that_it_calls(folders: list[Path]) -> None:
    names = {path.name for path in folders[1].iterdir()}
    assert {"README.md", "LICENSE", "pooling.cpp", "movement.cpp", "arithmetic.h"} <= names
    assert not {"matrix.h", "matrix.cpp", "reduction.cpp"} & names
    assert not [p for p in folders[1].iterdir() if "namespace tinygesture" in p.read_text("utf-8")]


def test_json_and_a_second_time(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = compile_into(tmp_path / "model", image_model())
    (folder / "reduction.cpp").write_text("left behind by an earlier model")
    arguments = ["compile", f"{folder}.tflite", "-o", str(folder), "--json"]
    group.main(arguments, standalone_mode=False)
    found = json.loads(capfd.readouterr().out)
    assert found["operators"] == {"ADD": 1, "MAX_POOL_2D": 1, "SPLIT": 1}
    assert found["namespace"] == "model"
    assert found["input_sizes"] == [48, 48] and found["output_sizes"] == [6, 6]
    assert found["files"] == sorted(path.name for path in folder.iterdir())


def test_a_hop_of_a_model_that_streams(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    model = tmp_path / "conv1d.tflite"
    model.write_bytes(engine_models.conv1d().model)
    options = ["-o", str(tmp_path / "out"), "--hop", "8", "--json"]
    group.main(["compile", str(model), *options], standalone_mode=False)
    said = capfd.readouterr()
    found = json.loads(said.out)
    assert (found["macs"], found["window_macs"]) == (3088, 41_264)
    assert found["input_sizes"] == [66]
    assert "window MACs" in said.err
    readme = (tmp_path / "out" / "README.md").read_text("utf-8")
    assert "It streams" in readme and "41,264" in readme
    header = (tmp_path / "out" / "compiled_model.h").read_text("utf-8")
    assert "kWindowSize = 714;" in header and "kWarmUpCalls = 14;" in header


def test_a_hop_of_a_model_that_cannot_be_streamed(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    model = tmp_path / "images.tflite"
    model.write_bytes(image_model())
    options = ["-o", str(tmp_path / "out"), "--hop", "1", "--json"]
    group.main(["compile", str(model), *options], standalone_mode=False)
    said = capfd.readouterr()
    assert "cannot be streamed" in said.err
    assert "window_macs" not in json.loads(said.out)


def test_nothing_is_written_where_it_fails(tmp_path: Path) -> None:
    b = TfliteBuilder()
    x, y = b.tensor([1, 4], 0.5), b.tensor([1, 4], 0.5)
    b.operator("HARD_SWISH", [x], y)
    (tmp_path / "model.tflite").write_bytes(b.build([x], [y]))
    arguments = ["compile", str(tmp_path / "model.tflite"), "-o", str(tmp_path / "out")]
    error = CliRunner().invoke(group, arguments).exception
    assert isinstance(error, UserError) and "HARD_SWISH" in str(error)
    assert [path.name for path in tmp_path.iterdir()] == ["model.tflite"]


def test_what_is_no_model_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "model.h5").write_bytes(b"\x89HDF\r\n\x1a\n")
    arguments = ["compile", str(tmp_path / "model.h5"), "-o", str(tmp_path / "out")]
    error = CliRunner().invoke(group, arguments).exception
    assert isinstance(error, UserError) and "not a TensorFlow Lite model" in str(error)


def test_a_name_that_is_no_namespace_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.tflite").write_bytes(image_model())
    arguments = ["compile", str(tmp_path / "model.tflite"), "-o", str(tmp_path / "out")]
    error = CliRunner().invoke(group, [*arguments, "--name", "a::b"]).exception
    assert isinstance(error, UserError) and "cannot be a namespace" in str(error)
    assert not (tmp_path / "out").exists()


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "model.tflite").write_bytes(image_model())
    (tmp_path / "thesis.tex").write_text("all my work")
    arguments = ["compile", str(tmp_path / "model.tflite"), "-o", str(tmp_path)]
    error = CliRunner().invoke(group, arguments).exception
    assert isinstance(error, UserError) and "name a folder that is new" in str(error)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.tflite", "thesis.tex"]


@given(st.text(st.characters(exclude_characters="/\0"), min_size=1))
def test_any_file_has_a_namespace(name: str) -> None:
    check_namespace(namespace_of(f"{name}.tflite"))


@pytest.mark.parametrize("name", ["", "2d", "class", "a-b", "a__b", "größe", "_x", "a::b"])
def test_what_cannot_be_a_namespace(name: str) -> None:
    with pytest.raises(UserError, match="cannot be a namespace"):
        check_namespace(name)


def test_names_of_the_c_library_are_taken() -> None:
    """Those that the folder's own headers and the README's example declare."""
    text = "".join(f"#include <{name}.h>\n" for name in ("stdint", "string", "stdio"))
    command = ["g++", "-std=c++14", "-E", "-P", "-x", "c++", "-"]
    declared = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    functions = set(re.findall(r"\b([a-z]\w*) *\(", declared.stdout))
    assert len(functions) > 50 and {"memcpy", "printf", "remove"} <= functions
    free = {name for name in functions if not namespace_of(name).startswith("model_")}
    assert not free


def test_names_of_files() -> None:
    assert namespace_of("models/My model-2.tflite") == "my_model_2"
    assert namespace_of("class.tflite") == "model_class"
    assert namespace_of("3.tflite") == "model_3"
    assert namespace_of("!.tflite") == "model"
