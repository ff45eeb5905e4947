"""Running PlatformIO, in the clone, for one environment of platformio.ini."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tinygesture import project
from tinygesture.boards.kinds import TFLM

# Runs a command in a process group that ends with it, or as soon as the host is gone: the host
# sends a line when the command has said all, and only lets go of standard input when it dies.
GUARD = '"$@" </dev/null & exec >/dev/null 2>&1; read -r _ || kill -KILL 0; wait $!'


DRAFT = "trial-"  # begins the name of a folder in which a model is tried


def build_folder(bundle: Path | None, env: str) -> Path:
    """One for each engine: PlatformIO empties a folder whose last build had other settings.

    A draft's lies beside it and goes with it: others may be drafting a model of the same name.
    """
    name = bundle.name if bundle else "no-model"
    suffix = f".{TFLM}" if env.endswith(f"_{TFLM}") else ""
    if bundle and bundle.parent.name.startswith(DRAFT):
        return bundle.parent / f"build{suffix}"
    return project.root() / ".tinygesture" / "build" / f"{name}{suffix}"


def run(
    env: str, bundle: Path | None, report: Callable[[str], None], *options: str
) -> tuple[list[str], int]:
    """`pio run -e ENV OPTIONS` with the model of a bundle, or without one.

    One at a time in a folder. Returns what it said and its exit status; report takes each line.
    """
    from platformio.package.lockfile import LockFile

    folder = build_folder(bundle, env)
    folder.mkdir(parents=True, exist_ok=True)
    environment = project.platformio_environment(str(bundle) if bundle else "")
    environment["PLATFORMIO_BUILD_DIR"] = str(folder)
    if env.endswith(f"_{TFLM}"):  # all models share what takes minutes to compile
        environment["PLATFORMIO_BUILD_CACHE_DIR"] = str(folder.parent / ".cache")
    command = [sys.executable, "-m", "platformio", "run", "-e", env, *options]
    if os.name == "posix":
        command = ["/bin/sh", "-c", GUARD, "build", *command]
    with LockFile(str(folder)):  # its file is beside the folder, which PlatformIO empties
        return _communicate(command, environment, report)


def _communicate(
    command: list[str], environment: dict[str, str], report: Callable[[str], None]
) -> tuple[list[str], int]:
    lines: list[str] = []
    with subprocess.Popen(
        command,
        cwd=project.root(),
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    ) as process:
        assert process.stdout is not None and process.stdin is not None
        try:
            for line in process.stdout:
                lines.append(line.rstrip())
                report(lines[-1])
            with suppress(BrokenPipeError):
                process.stdin.write("done\n")
                process.stdin.close()
        except BaseException:
            process.stdin.close()
            if os.name != "posix":
                process.terminate()
            raise
    return lines, process.returncode
