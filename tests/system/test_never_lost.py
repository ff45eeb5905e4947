"""Whatever happens at whatever moment: what was reported is on the disk, whole, and it goes on."""

import json
import os
import random
import resource
import signal
import time
from datetime import UTC, datetime

import numpy as np
import pytest
from bridge import Bridge
from clone import files_of

from tinygesture.dataset import Dataset
from tinygesture.dataset.journal import recover

KILLS = int(os.environ.get("TINYGESTURE_KILLS", 12))  # make soak: 100
FASTEST = 0  # as fast as the board takes samples


def start(clone, port, data, *more, **options):
    return clone.start(
        *("capture", "circle", "rest", "--count", "100", "--seconds", "0.3", "--countdown", "0"),
        *("--data", str(data), "--json", "--port", port, *more),
        **options,
    )


def check(data, reported):
    """The data set holds every recording that was reported, and nothing in part."""
    dataset = Dataset.open(data)
    recover(dataset)
    known = {entry.id: entry for entry in dataset.every}
    for line in reported:
        assert known[line["id"]].samples == line["samples"]
    beside = set()
    for entry in dataset.every:
        recording = dataset.load(entry)
        assert len(recording.t_us) == entry.samples
        if not entry.label:
            dataset.intervals(entry)
            beside.add(entry.file.replace(".csv", ".labels.csv"))
    there = {name for name in files_of(data) if not name.startswith((".unfinished", "trash"))}
    assert there <= {"dataset.json", "index.csv"} | {e.file for e in dataset.every} | beside
    return dataset


def kill_at_random_moments(clone, data, kills, seed):
    """Start capture again and again; kill each after its first line and a random time."""
    moment = random.Random(seed)
    reported = []
    for number in range(kills):
        session = ("--session", f"n{number}")
        port = clone.port("native", speed=FASTEST)
        with start(clone, port, data, *session) as process:
            line = process.stdout.readline()
            time.sleep(moment.uniform(0, 0.12))
            os.killpg(process.pid, signal.SIGKILL)
            rest, said = process.communicate(timeout=10)
        assert line, said
        lines = [line, *rest.splitlines(keepends=True)]
        reported += [json.loads(line) for line in lines if line.endswith("\n")]
        check(data, reported)
    return reported


def test_kill_9(clone, tmp_path):
    data = tmp_path / "d"
    reported = kill_at_random_moments(clone, data, KILLS, seed=3)
    clone.wait_for_no_process()
    left = len(Dataset.open(data).entries)
    assert left >= len(reported) > KILLS
    again = clone.run(
        *("capture", "circle", "rest", "--count", "1", "--seconds", "0.3", "--session", "after"),
        *("--data", str(data), "--json", "--port", clone.port("native")),
    )
    assert again.status == 0, again.stderr
    assert len(check(data, reported + again.json).entries) == left + 2
    assert not (data / ".unfinished").exists()


def test_kill_9_of_a_continuous_recording(clone, tmp_path):
    data = tmp_path / "d"
    moment = random.Random(4)
    for _ in range(3):
        with clone.start(
            *("capture", "circle", "--continuous", "--data", str(data), "--json"),
            *("--port", clone.port("native")),
        ) as process:
            while b"recording" not in os.read(process.stderr.fileno(), 4096):
                pass
            time.sleep(moment.uniform(0.3, 1))
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate(timeout=10)
    again = clone.run(
        *("capture", "circle", "--continuous", "--seconds", "1", "--data", str(data), "--json"),
        *("--port", clone.port("native")),
    )
    assert again.status == 0, again.stderr
    assert "A recording that was cut off is saved as continuous/" in again.stderr
    continuous = check(data, again.json).continuous
    assert len(continuous) == 4
    assert all(entry.samples > 100 for entry in continuous)


def test_a_pulled_cable(clone, tmp_path):
    """The port goes away for a while, at random moments; the session goes on by itself."""
    data = tmp_path / "d"
    moment = random.Random(5)
    link = tmp_path / "port"
    plugged = []

    def plug_in():
        plugged.append(Bridge(clone.port("native")))
        link.unlink(missing_ok=True)
        link.symlink_to(plugged[-1].port)

    def pull():
        link.unlink()
        plugged.pop().__exit__(None, None, None)

    plug_in()
    with start(clone, str(link), data, "--count", "20") as process:
        reported = [json.loads(process.stdout.readline())]
        for _ in range(3):
            time.sleep(moment.uniform(0, 0.3))
            pull()
            time.sleep(moment.uniform(0.2, 1))
            check(data, reported)
            plug_in()
            now = datetime.now(UTC).isoformat()
            while reported[-1]["recorded_at"] < now:
                reported.append(json.loads(process.stdout.readline()))
        rest, said = process.communicate(timeout=30)
    pull()
    assert process.returncode == 0, said
    reported += [json.loads(line) for line in rest.splitlines()]
    assert said.count("Waiting for the board to come back") == 3
    assert said.count("The board is back.") == 3
    assert len(check(data, reported).entries) == len(reported) == 40


@pytest.mark.parametrize("pause", [0.4, 3.5])
def test_a_computer_that_sleeps(clone, tmp_path, pause):
    """The board goes on meanwhile: a recording with a hole is marked, or made again."""
    data = tmp_path / "d"
    with (
        Bridge(clone.port("native")) as bridge,
        start(clone, bridge.port, data, "--count", "6", "--seconds", "1") as process,
    ):
        reported = [json.loads(process.stdout.readline())]
        time.sleep(0.1)
        os.killpg(process.pid, signal.SIGSTOP)
        time.sleep(pause)
        os.killpg(process.pid, signal.SIGCONT)
        rest, said = process.communicate(timeout=30)
    assert process.returncode == 0, said
    reported += [json.loads(line) for line in rest.splitlines()]
    dataset = check(data, reported)
    assert len(dataset.entries) == 12
    for entry in dataset.entries:
        recording = dataset.load(entry)
        whole = np.diff(recording.t_us).max() < 50_000 and recording.t_us[-1] > 0.98e6
        assert whole or "drops" in entry.marks.split()


def test_a_terminal_that_is_closed(clone, tmp_path):
    with start(clone, clone.port("native"), tmp_path / "d") as process:
        reported = [json.loads(process.stdout.readline())]
        os.killpg(process.pid, signal.SIGHUP)
        rest, said = process.communicate(timeout=10)
    assert process.returncode == 130, said
    assert "Stopped; " in said
    check(tmp_path / "d", reported + [json.loads(line) for line in rest.splitlines()])


def test_a_disk_that_fills_up_during_a_continuous_recording(clone, tmp_path):
    """What was sampled until then is a recording as soon as there is space again."""
    data = tmp_path / "d"

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    continuous = ("capture", "circle", "--continuous", "--data", str(data), "--json")
    port = ("--port", clone.port("native"))
    done = clone.run(*continuous, *port, preexec_fn=limit)
    assert done.status == 2
    assert "disk is full" in done.stderr and "Traceback" not in done.stderr
    assert "becomes a recording at the next capture" in done.stderr
    again = clone.run(*continuous, "--seconds", "1", *port)
    assert again.status == 0, again.stderr
    assert "A recording that was cut off is saved as continuous/" in again.stderr
    assert [entry.samples > 300 for entry in check(data, again.json).continuous] == [True, False]
