"""./setup in a clone of its own, with stand-ins for uv, the compilers and apt-get."""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
INPUTS = ["requirements.lock", "pyproject.toml", "scripts/platformio_offline.py"]
ORDINARY = [
    "bash",
    "cat",
    "cksum",
    "dirname",
    "env",
    "flock",
    "head",
    "ln",
    "mkdir",
    "mv",
    "rm",
    "sed",
]

UV = """\
#!/bin/sh
[ "$1" = --version ] && exit
printf '%s\\n' "$1 $2" >>uv-calls
case "$1 $2" in
  "venv --quiet") mkdir -p .venv/bin && ln -s 'PYTHON' .venv/bin/python ;;
  "pip sync") test ! -e no-network ;;
esac
"""
ARM_GCC = """\
#!/bin/sh
echo "/arm/lib/${1#*=}"
"""


class Clone:
    def __init__(self, folder: Path, machine: Path) -> None:
        self.folder = folder
        self.machine = machine

    def setup(self, *packages: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.folder / "setup", *packages],
            env={"PATH": str(self.machine), "HOME": str(self.folder)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def uv_calls(self) -> list[str]:
        """What uv was asked for since the last look."""
        log = self.folder / "uv-calls"
        calls = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return calls

    def has(self, program: str, text: str = "#!/bin/sh\n") -> None:
        (self.machine / program).write_text(text)
        (self.machine / program).chmod(0o755)


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    machine = tmp_path / "bin"
    machine.mkdir()
    for program in ORDINARY:
        (machine / program).symlink_to(shutil.which(program) or pytest.fail(f"no {program}"))
    clone = Clone(tmp_path / "a clone", machine)
    for program in ["g++", "make", "qemu-system-arm", "arm-none-eabi-g++"]:
        clone.has(program)
    clone.has("arm-none-eabi-gcc", ARM_GCC)
    clone.has("uv", UV.replace("PYTHON", sys.executable))
    clone.has("id", "#!/bin/sh\necho 1000\n")

    (clone.folder / "scripts").mkdir(parents=True)
    shutil.copy(ROOT / "setup", clone.folder)
    for name in INPUTS:
        (clone.folder / name).touch()
    return clone


MADE_ANEW = ["venv --quiet", "pip sync", "pip install"]


def test_the_second_run_finds_everything_in_place(clone: Clone) -> None:
    assert clone.setup().returncode == 0
    assert clone.uv_calls() == MADE_ANEW
    started = time.monotonic()
    again = clone.setup()
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert time.monotonic() - started < 2
    assert clone.uv_calls() == []


@pytest.mark.parametrize("name", INPUTS)
def test_a_changed_input_is_installed_into_the_same_environment(clone: Clone, name: str) -> None:
    clone.setup()
    clone.uv_calls()
    (clone.folder / name).write_text("# changed\n")
    assert clone.setup().returncode == 0
    assert clone.uv_calls() == MADE_ANEW[1:]


def test_without_network_it_says_so_and_the_next_run_starts_anew(clone: Clone) -> None:
    (clone.folder / "no-network").touch()
    failed = clone.setup()
    assert failed.returncode == 2
    assert "The first set-up needs the network; then run ./setup again." in failed.stderr
    (clone.folder / "no-network").unlink()
    clone.uv_calls()
    assert clone.setup().returncode == 0
    assert clone.uv_calls() == MADE_ANEW


def test_where_there_is_no_uv_the_locked_one_comes_from_pypi_by_its_hashes(clone: Clone) -> None:
    shutil.copy(ROOT / "requirements.lock", clone.folder)
    (clone.machine / "uv").rename(clone.folder / "uv-on-pypi")
    clone.has(
        "python3",
        """#!/bin/sh
        [ "$3" = --version ] && exit
        mkdir -p .tools/uv.part/bin && mv uv-on-pypi .tools/uv.part/bin/uv
        """,
    )
    done = clone.setup()
    assert done.returncode == 0, done.stderr
    assert clone.uv_calls() == MADE_ANEW
    first, *hashes = (clone.folder / ".tools/uv.txt").read_text().splitlines()
    assert re.fullmatch(r"uv==[0-9.]+ \\", first)
    assert hashes
    assert all(re.fullmatch(r" +--hash=sha256:[0-9a-f]{64}( \\)?", line) for line in hashes)


def test_a_moved_clone_is_set_up_anew(clone: Clone) -> None:
    clone.setup()
    links = clone.folder / ".platformio/platforms"
    links.mkdir(parents=True)
    (links / "cm4.pio-link").touch()
    clone.folder = clone.folder.rename(clone.folder.with_name("moved"))
    clone.uv_calls()
    assert clone.setup().returncode == 0
    assert clone.uv_calls() == MADE_ANEW
    assert not (clone.folder / ".platformio/platforms/cm4.pio-link").exists()


def test_an_environment_whose_python_is_gone_is_made_anew(clone: Clone) -> None:
    clone.setup()
    clone.uv_calls()
    (clone.folder / ".venv/bin/python").unlink()
    assert clone.setup().returncode == 0
    assert clone.uv_calls() == MADE_ANEW


def test_missing_packages_are_named_where_the_user_may_not_install(clone: Clone) -> None:
    (clone.machine / "qemu-system-arm").unlink()
    clone.has("apt-get", "#!/bin/sh\ntouch apt-was-called\n")
    clone.has("sudo", "#!/bin/sh\nexit 1\n")
    for _ in range(2):
        done = clone.setup()
        assert done.returncode == 0
        assert "missing Debian packages: qemu-system-arm. Until" in done.stderr
        assert "the demo runs on sim://native" in done.stderr
    assert not (clone.folder / "apt-was-called").exists()


def test_missing_packages_are_installed_where_the_user_may(clone: Clone) -> None:
    (clone.machine / "qemu-system-arm").unlink()
    clone.has("id", "#!/bin/sh\necho 0\n")
    installed = f"ln -s '{shutil.which('true')}' '{clone.machine}/qemu-system-arm'"
    clone.has("apt-get", f"#!/bin/sh\n{installed}\n")
    done = clone.setup()
    assert done.returncode == 0
    assert "missing" not in done.stderr
    clone.uv_calls()
    assert clone.setup().stderr == ""


def test_a_failing_apt_get_is_reported_and_set_up_goes_on(clone: Clone) -> None:
    (clone.machine / "qemu-system-arm").unlink()
    clone.has("id", "#!/bin/sh\necho 0\n")
    clone.has("apt-get", "#!/bin/sh\necho no such package\nexit 100\n")
    done = clone.setup()
    assert done.returncode == 0
    assert "apt-get failed; .tools/apt.log says why" in done.stderr
    assert "no such package" in (clone.folder / ".tools/apt.log").read_text()
    assert clone.uv_calls() == MADE_ANEW
    assert "apt-get failed" not in clone.setup().stderr  # not tried again for nothing


def test_further_packages_are_installed_on_request(clone: Clone) -> None:
    clone.has("id", "#!/bin/sh\necho 0\n")
    clone.has("apt-get", "#!/bin/sh\necho asked for $*\n")
    assert clone.setup("chromium", "g++").returncode == 0
    log = (clone.folder / ".tools/apt.log").read_text()
    assert log.rstrip().endswith("chromium g++")
    clone.uv_calls()
    assert clone.setup().stderr == ""  # they are no part of the clone's own


@pytest.mark.parametrize("package", ["", "--help", "g++-", "a b", "a;b"])
def test_what_is_no_package_is_refused_before_anything_is_done(clone: Clone, package: str) -> None:
    done = clone.setup("chromium", package)
    assert done.returncode == 2
    assert f"'{package}' is no name of a Debian package. Usage: ./setup" in done.stderr
    assert not clone.uv_calls()


def test_two_at_once_make_one_environment(clone: Clone) -> None:
    clone.has("uv", UV.replace("PYTHON", sys.executable) + f"{shutil.which('sleep')} 0.3\n")
    environment = {"PATH": str(clone.machine), "HOME": str(clone.folder)}
    both = [
        subprocess.Popen([clone.folder / "setup"], env=environment, stderr=subprocess.DEVNULL)
        for _ in range(2)
    ]
    assert [process.wait(timeout=60) for process in both] == [0, 0]
    assert clone.uv_calls() == MADE_ANEW


@pytest.mark.parametrize("script", ["setup", ".ci/run"])
def test_scripts_are_executable_and_parse(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
    subprocess.run(["bash", "-n", ROOT / script], check=True)
