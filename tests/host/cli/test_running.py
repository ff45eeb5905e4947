"""How a command ends, whatever happens to it."""

import subprocess
import sys
from pathlib import Path

import pytest

IN_A_DESTRUCTOR = """
import time
class Interrupted:
    def __del__(self):
        raise KeyboardInterrupt
def work():
    Interrupted()
    time.sleep(20)
"""
IN_A_CALLBACK = """
import time, weakref
def interrupt(reference):
    raise KeyboardInterrupt
def work():
    reference = weakref.ref(kept := type("Kept", (), {})(), interrupt)
    del kept
    time.sleep(20)
"""
ON_A_FULL_DISK = """
import errno
def work():
    raise OSError(errno.ENOSPC, "No space left on device")
"""
RUN = """
import click
from tinygesture.cli.running import run
run(lambda: click.Command("work", callback=work), "work")
"""


def ended(work: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    program = tmp_path / "work.py"
    program.write_text(work + RUN, "utf-8")
    return subprocess.run([sys.executable, program], capture_output=True, text=True, timeout=15)


@pytest.mark.parametrize("work", [IN_A_DESTRUCTOR, IN_A_CALLBACK])
def test_an_interrupt_is_not_lost_where_python_drops_what_is_raised(
    work: str, tmp_path: Path
) -> None:
    done = ended(work, tmp_path)
    assert (done.returncode, done.stderr.strip()) == (130, "Stopped.")


def test_a_full_disk_is_a_sentence(tmp_path: Path) -> None:
    done = ended(ON_A_FULL_DISK, tmp_path)
    assert done.returncode == 2
    assert done.stderr == "The disk is full. Free some space, and repeat the command.\n"
