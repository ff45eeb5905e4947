"""Several processes compute what one does, and none outlives whoever waits for them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tinygesture.errors import UserError
from tinygesture.training.processes import several

WAITING = """
import sys, time
from tinygesture.training.processes import several
print("ready", flush=True)
several(time.sleep, [(0.5,)] * 1000)
"""


def test_the_answers_come_in_order():
    assert several(pow, [(i, 2) for i in range(50)]) == [i**2 for i in range(50)]
    assert several(pow, []) == []


def test_a_process_that_is_killed_is_told():
    with pytest.raises(
        UserError, match="helping this command has ended, probably because the memory"
    ):
        several(os._exit, [(9,)] * 4)


def test_what_goes_wrong_in_a_process_is_raised_here():
    with pytest.raises(ZeroDivisionError):
        several(divmod, [(1, 1), (1, 0)])


def children(pid):
    return [*map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split())]


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("after_s", [0.0, 1.0])
def test_none_is_left_and_none_complains(sent, after_s):
    """At once they are still being loaded, where Python answers Ctrl-C with tracebacks."""
    process = subprocess.Popen(
        [sys.executable, "-c", WAITING],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    with process:
        assert process.stdout.readline() == "ready\n"
        deadline = time.monotonic() + 20
        while not (workers := children(process.pid)) and time.monotonic() < deadline:
            time.sleep(0.005)
        assert workers
        time.sleep(after_s)
        workers = children(process.pid)
        os.killpg(process.pid, sent)
        said = process.communicate(timeout=20)[1]
    assert process.returncode == -sent
    assert said.count("Traceback") == (sent == signal.SIGINT)  # of who waits, and is no command
    while any(map(alive, workers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(alive, workers))
