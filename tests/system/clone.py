"""A clone to run the installed commands in."""

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tinygesture.boards import VIRTUAL_BOARDS
from tinygesture.cli.trial import missing_tools

ROOT = Path(__file__).resolve().parents[2]
SPEED = {"native": 6, "cm4": 4}


@dataclass(frozen=True)
class Done:
    """A command that has ended. json: the values of the lines on stdout."""

    status: int
    stdout: str
    stderr: str

    @property
    def json(self) -> list[Any]:
        return [json.loads(line) for line in self.stdout.splitlines()]


class Clone:
    """A project folder: the real sources, but models, builds and flash memory of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "firmware").symlink_to(ROOT / "firmware")
        shutil.copy(ROOT / "platformio.ini", root)
        shutil.copy(ROOT / "LICENSE", root)
        core = Path(os.environ.get("PLATFORMIO_CORE_DIR", ROOT / ".platformio"))
        if core.is_dir():  # but not its links, which name the folder of the in-tree platform
            shutil.copytree(core, root / ".platformio", ignore=shutil.ignore_patterns("*.pio-link"))
        self.environment = os.environ | {
            "PLATFORMIO_CORE_DIR": str(root / ".platformio"),
            "TINYGESTURE_HOME": str(root / "home"),
        }
        self.images: dict[tuple[str, str], Path] = {}  # (board, model) -> firmware

    def start(self, *command: str, **options: Any) -> "subprocess.Popen[str]":
        """The installed command, in a process group of its own, as a shell would start it."""
        program = Path(sys.executable).with_name(command[0])
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(
            [str(program), *command[1:]],
            cwd=self.root,
            text=True,
            **{"env": self.environment, "start_new_session": True, **pipes, **options},
        )

    def run(self, *command: str, timeout: float = 60, **options: Any) -> Done:
        with self.start(*command, **options) as process:
            try:
                stdout, stderr = process.communicate(timeout=timeout)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        return Done(process.returncode, stdout, stderr)

    def port(self, board: str, model: str = "", **parameters: object) -> str:
        """The URL of a virtual board with one of the clone's images."""
        image = self.images[board, model]
        query = {"firmware": image, "speed": SPEED[board], **parameters}
        return f"sim://{board}?{urlencode(query, safe='/,')}"

    def keep_image(self, board: str, model: str) -> None:
        """What is flashed now, for later."""
        flashed = self.root / ".tinygesture" / "flash" / board / VIRTUAL_BOARDS[board].program
        image = self.root / f"{board}-{model or 'no-model'}-{flashed.name}"
        shutil.copy2(flashed, image)
        self.images[board, model] = image

    def processes(self) -> list[str]:
        """Processes of virtual boards that run one of the clone's images."""
        found = []
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                command = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            mine = any(str(image) in command for image in self.images.values())
            if mine and "bin/python" not in command:
                found.append(f"{entry.parent.name} {command}")
        return found

    def wait_for_no_process(self, seconds: float = 5) -> None:
        deadline = time.monotonic() + seconds
        while (left := self.processes()) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not left


def files_of(data: Path) -> set[str]:
    """The files of a data set that a person sees, relative to its folder."""
    found = {path.relative_to(data) for path in data.rglob("*") if path.is_file()}
    return {str(path) for path in found if not path.name.startswith(".")}


def runnable() -> list[str]:
    return [name for name, kind in VIRTUAL_BOARDS.items() if not missing_tools(kind)]
