"""Ctrl-C, killed hosts, boards that vanish: no process and no half recording is left behind."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest
from clone import files_of

from tinygesture.dataset import Dataset


def start_capture(clone, board, data):
    return clone.start(
        *("capture", "circle", "rest", "--count", "50", "--seconds", "0.5", "--countdown", "0.2"),
        *("--data", str(data), "--json", "--port", clone.port(board)),
    )


def check_whole(data, at_least):
    """Every file of the data set is a whole recording in its index; how many there are."""
    dataset = Dataset.open(data)
    assert len(dataset.entries) >= at_least
    for entry in dataset.entries:
        assert len(dataset.load(entry).t_us) == entry.samples
    assert files_of(data) == {"dataset.json", "index.csv"} | {e.file for e in dataset.entries}
    return len(dataset.entries)


def test_ctrl_c_during_capture(clone, board, tmp_path):
    data = tmp_path / "d"
    with start_capture(clone, board, data) as process:
        lines = [process.stdout.readline() for _ in range(3)]
        os.killpg(process.pid, signal.SIGINT)
        rest, said = process.communicate(timeout=10)
    assert process.returncode == 130
    saved = len(lines) + len(rest.splitlines())
    assert check_whole(data, 3) == saved
    assert said.strip().splitlines()[-1] == (
        f"Stopped; {saved} recordings saved in {data}. The same command goes on with the "
        f"{100 - saved} that are missing."
    )
    assert "Traceback" not in said
    clone.wait_for_no_process()


def test_ctrl_c_during_watch(clone, board):
    with clone.start("tinygesture", "watch", "--port", clone.port(board)) as process:
        deadline = time.monotonic() + 10
        while not clone.processes() and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.5)
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=10)
    assert process.returncode == 130
    assert said.strip().startswith("Stopped")
    assert "Traceback" not in said
    clone.wait_for_no_process()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGHUP])
def test_a_training_that_is_stopped(clone, synthetic, how):
    train = ("train-and-export", str(synthetic), "--arch", "gru", "--name", "never")
    with clone.start(*train) as process:
        deadline = time.monotonic() + 30
        while not list(clone.root.glob(".tinygesture/trial-*")) and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(1)
        os.killpg(process.pid, how)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said.strip().endswith("Stopped: no model was written.")
    assert "Traceback" not in said
    assert not (clone.root / "models" / "never").exists()
    assert not list(clone.root.glob(".tinygesture/trial-*"))


def test_a_killed_host_leaves_nothing_behind(clone, board, tmp_path):
    data = tmp_path / "d"
    with start_capture(clone, board, data) as process:
        for _ in range(2):
            process.stdout.readline()
        assert clone.processes()
        process.kill()
        process.communicate(timeout=10)
    clone.wait_for_no_process()
    saved = len(Dataset.open(data).entries)
    assert saved >= 2
    # Whatever the kill cut off does not stand in the way of going on.
    again = clone.run(
        *("capture", "circle", "--count", f"{saved + 1}", "--countdown", "0", "--data", str(data)),
        *("--port", clone.port(board)),
    )
    assert again.status == 0, again.stderr
    assert f"virtual-1 has made {saved} of {saved + 1} circle" in again.stdout
    assert check_whole(data, 3) == saved + 1


def test_a_board_that_vanishes_and_comes_back(clone, board, tmp_path):
    """A virtual one does so at once: its port starts another."""
    data = tmp_path / "d"
    with start_capture(clone, board, data) as process:
        lines = [process.stdout.readline() for _ in range(2)]
        for line in clone.processes():
            if "virtual-board" not in line:
                os.kill(int(line.split()[0]), signal.SIGKILL)
        lines += [process.stdout.readline() for _ in range(3)]
        os.killpg(process.pid, signal.SIGINT)
        rest, said = process.communicate(timeout=15)
    assert process.returncode == 130
    assert said.count("Everything recorded is saved. Waiting for the board to come back") == 1
    assert said.count("The board is back.") == 1
    assert "Traceback" not in said
    assert check_whole(data, 5) == len(lines) + len(rest.splitlines())


def test_a_board_that_falls_silent(clone, tmp_path):
    """The IMU of a recording that has come to its end says nothing any more, again and again."""
    short = tmp_path / "short.csv"
    rows = [f"{i * 8000},0,0,1,0,0,0" for i in range(40)]
    short.write_text("\n".join(["t_us,aX,aY,aZ,gX,gY,gZ", *rows]) + "\n")
    done = clone.run(
        *("capture", "circle", "--seconds", "1", "--countdown", "0", "--json"),
        *("--data", str(tmp_path / "d"), "--port", clone.port("native", play=short)),
    )
    assert done.status == 2
    assert done.stderr.count("answers, and has sent nothing else for 3 s") == 3
    assert "0 recordings saved" in done.stderr
    assert check_whole(tmp_path / "d", 0) == 0
    watch = ("tinygesture", "watch", "--port", clone.port("native", play=short))
    done = clone.run(*watch, "--seconds", "60", "--json", timeout=20)
    assert done.status == 0
    assert "No samples have come for 3 s" in done.stderr


@pytest.mark.parametrize("kill", [signal.SIGTERM, signal.SIGKILL])
def test_a_killed_build_leaves_no_compiler_behind(clone, kill):
    def builders():
        found = []
        for entry in Path("/proc").glob("[0-9]*/environ"):
            with suppress(OSError):
                if f"PLATFORMIO_BUILD_DIR={clone.root}/".encode() in entry.read_bytes():
                    found.append(entry.parent.name)
        return found

    def wait_for(there):
        deadline = time.monotonic() + 10
        while bool(builders()) != there and time.monotonic() < deadline:
            time.sleep(0.05)
        return bool(builders())

    with clone.start("tinygesture", "flash", "--board", "native") as process:
        assert wait_for(True)
        process.send_signal(kill)
        process.communicate(timeout=10)
    assert not wait_for(False)
