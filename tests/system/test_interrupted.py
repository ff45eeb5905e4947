"""Ctrl-C, killed hosts, boards that vanish: no process and no half recording is left behind."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tinygesture.dataset import Dataset


def start_capture(clone, board, data):
    return clone.start(
        *("capture", "circle", "rest", "--count", "50", "--seconds", "0.5", "--countdown", "0.2"),
        *("--data", str(data), "--json", "--port", clone.port(board)),
    )


def check_whole(data, at_least):
    dataset = Dataset.open(data)
    assert len(dataset.entries) >= at_least
    for entry in dataset.entries:
        assert len(dataset.load(entry).t_us) == entry.samples
    there = {str(p.relative_to(data)) for p in data.rglob("*") if p.is_file()}
    assert there == {"dataset.json", "index.csv"} | {entry.file for entry in dataset.entries}
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
    assert said.strip().splitlines()[-1] == f"Stopped; {saved} recordings saved in {data}."
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


def test_ctrl_c_during_training(clone, synthetic):
    train = ("train-and-export", str(synthetic), "--arch", "gru", "--name", "never")
    with clone.start(*train) as process:
        deadline = time.monotonic() + 30
        while not list(clone.root.glob(".tinygesture/trial-*")) and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(1)
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said.strip().endswith("Stopped.")
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
    dataset = Dataset.open(data)
    assert len(dataset.entries) >= 2
    for entry in dataset.entries:
        dataset.load(entry)
    # Whatever the kill cut off does not stand in the way of the next sitting.
    again = clone.run(
        *("capture", "circle", "--count", "1", "--countdown", "0", "--data", str(data)),
        *("--port", clone.port(board)),
    )
    assert again.status == 0, again.stderr


def test_a_board_that_vanishes(clone, board, tmp_path):
    data = tmp_path / "d"
    with start_capture(clone, board, data) as process:
        for _ in range(2):
            process.stdout.readline()
        for line in clone.processes():
            if "virtual-board" not in line:
                os.kill(int(line.split()[0]), signal.SIGKILL)
        _, said = process.communicate(timeout=15)
    assert process.returncode == 2
    assert "The link to sim://" in said or "has sent nothing" in said
    assert "Traceback" not in said
    check_whole(data, 2)


def test_a_board_that_falls_silent(clone, tmp_path):
    """The IMU of a recording that has come to its end says nothing any more."""
    short = tmp_path / "short.csv"
    rows = [f"{i * 8000},0,0,1,0,0,0" for i in range(200)]
    short.write_text("\n".join(["t_us,aX,aY,aZ,gX,gY,gZ", *rows]) + "\n")
    done = clone.run(
        *("capture", "circle", "--seconds", "1", "--countdown", "0", "--json"),
        *("--data", str(tmp_path / "d"), "--port", clone.port("native", play=short)),
    )
    assert done.status == 2
    assert "has sent nothing for 3 s" in done.stderr
    assert check_whole(tmp_path / "d", 1) == 1
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
