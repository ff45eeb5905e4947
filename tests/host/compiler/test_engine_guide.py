"""docs/engine.md: its numbers are right, and its guide makes an operator that passes the tests."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "engine.md").read_text("utf-8")
EXAMPLE, GUIDE = TEXT.split("## A worked example")[1].split("## Add an operator")
NEW_FILE = re.compile(r"^`([\w./]+)`:\n\n```\w+\n(.*?)^```", re.MULTILINE | re.DOTALL)
CHANGE = re.compile(r"^```diff\n--- (\S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
PARTS = ("firmware/lib", "firmware/platforms/cm4", "host/tinygesture", "tests/host/compiler")


def test_the_worked_example() -> None:
    blocks = re.findall(r"```python\n(.*?)```", EXAMPLE, re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        exec(block, {})


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources with all that the guide says."""
    root = tmp_path_factory.mktemp("guide")
    for part in PARTS:
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (ROOT / "pyproject.toml", *(ROOT / "tests").glob("*.py")):
        shutil.copy(path, root / path.relative_to(ROOT))
    for name, text in NEW_FILE.findall(GUIDE):
        (root / name).write_text(text, "utf-8")
    for name, change in CHANGE.findall(GUIDE):
        (root / name).write_text(applied((root / name).read_text("utf-8"), change), "utf-8")
    return root


def applied(text: str, change: str) -> str:
    for hunk in change.split("@@\n")[1:]:
        lines = hunk.splitlines(keepends=True)
        before = "".join(line[1:] for line in lines if line[0] in " -")
        after = "".join(line[1:] for line in lines if line[0] in " +")
        assert text.count(before) == 1, f"the guide's {before!r} is not there once"
        text = text.replace(before, after)
    return text


def run(root: Path, *command: str | Path) -> None:
    chosen = {"TINYGESTURE_RANDOM_KINDS": "MAXIMUM", "PYTHONPATH": str(root / "host")}
    environment = os.environ | chosen
    result = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_operator_of_the_guide_passes_the_tests(changed: Path) -> None:
    pytest.importorskip(
        "tflite_micro", reason="TensorFlow Lite Micro, the arbiter, has no wheel here"
    )
    tests = [f"tests/host/compiler/{name}.py" for name in ("test_compiler_kernels", "test_plan")]
    chosen = "exact or computes or number"
    run(changed, sys.executable, "-m", "pytest", *tests, "-k", chosen, "-p", "no:cacheprovider")


def test_the_guide_keeps_the_style(changed: Path) -> None:
    sources = [name for name, _ in (*NEW_FILE.findall(GUIDE), *CHANGE.findall(GUIDE))]
    assert len(sources) == 9
    python = [name for name in sources if name.endswith(".py")]
    for check in (["check"], ["format", "--check"]):
        run(changed, Path(sys.executable).with_name("ruff"), *check, "--no-cache", *python)
