"""tinygesture perform: into a data set, and live on the virtual boards."""

import signal
import time

import numpy as np
import pytest

from tinygesture.contract import to_units
from tinygesture.dataset import Dataset
from tinygesture.synth import parse_script, perform

SCRIPT = "circle, rest:1, punch x 2, walk:3"
LABELS = ["circle", "rest", "punch", "punch", "walk"]


def test_a_recording_with_its_intervals(clone, tmp_path):
    """Exactly those: the hand moves inside of a gesture's and holds still outside."""
    data = tmp_path / "d"
    script = tmp_path / "script.txt"
    script.write_text("# warm up\ncircle\nrest:1  # a breath\npunch x 2, walk:3\n")
    done = clone.run("tinygesture", "perform", str(script), "--data", str(data), "--json")
    assert done.status == 0, done.stderr
    dataset = Dataset.open(data)
    [entry] = dataset.continuous
    assert (entry.label, entry.subject, entry.session) == ("", "virtual-1", "1")
    assert entry.synthetic
    intervals = dataset.intervals(entry)
    assert [interval.label for interval in intervals] == LABELS
    recording = dataset.load(entry)
    made = perform(parse_script(SCRIPT), 1, 1)
    np.testing.assert_array_equal(recording.counts, made.counts)
    assert intervals == made.intervals
    rate = np.linalg.norm(to_units(recording.counts)[:, 3:], axis=1)
    outside = np.ones(len(rate), bool)
    for label, start, end in intervals:
        inside = (recording.t_us > start) & (recording.t_us < end)
        if label != "rest":
            assert rate[inside].max() > 30
            outside &= ~inside
    assert rate[outside].max() < 25
    [line] = done.json
    assert [one["label"] for one in line["intervals"]] == LABELS


def test_a_second_performance_is_added(clone, tmp_path):
    for subject in ("1", "2"):
        command = ("perform", "digit-3", "--data", str(tmp_path / "d"), "--subject", subject)
        done = clone.run("tinygesture", *command)
        assert done.status == 0, done.stderr
        assert "digit-3" in done.stdout
        assert "of synthetic data, saved as" in done.stdout
    assert len(Dataset.open(tmp_path / "d").every) == 2


def test_a_board_without_a_model_shows_what_is_performed(clone, board):
    done = clone.run("tinygesture", "perform", SCRIPT, "--port", clone.port(board))
    assert done.status == 0, done.stderr
    assert "This board has no model" in done.stdout
    shown = [line.split()[2] for line in done.stdout.splitlines() if " s  " in line]
    assert shown == LABELS
    assert "0 samples lost. All of it is synthetic." in done.stdout


def test_what_the_board_recognises_is_compared(clone, swing, board):
    port = clone.port(board, "swing")
    command = ("perform", "circle x 3, punch x 3, letter-a", "--subject", "2", "--json")
    done = clone.run("tinygesture", *command, "--port", port)
    assert done.status == 0, done.stderr
    *lines, result = done.json
    performed = [line for line in lines if "performed" in line]
    assert [line["performed"] for line in performed] == ["circle"] * 3 + ["punch"] * 3 + [
        "letter-a"
    ]
    assert [line["known"] for line in performed] == [True] * 6 + [False]
    assert result["gestures"] == 6
    assert result["recognised"] == sum(line["recognised"] is not None for line in performed) >= 4
    assert result["false"] == sum("false" in line for line in lines)
    assert result["lost"] == 0


def test_an_hour_is_fed_as_fast_as_the_board_takes_it_until_ctrl_c(clone):
    """In a second or two some minutes of it have passed; then it stops with a sentence."""
    port = clone.port("native", speed=0)
    with clone.start("tinygesture", "perform", "background:3600", "--port", port) as process:
        time.sleep(3)
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=20)
    assert process.returncode == 130
    assert stderr.startswith("Stopped; ")
    assert float(stderr.split()[1]) > 60
    assert "background begins" in stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["circle"], "Say where the performance goes"),
        (["circle", "--port", "sim://native", "--data", "d"], "Say where the performance goes"),
        (["circle", "--port", "/dev/ttyACM0"], "is no virtual board"),
        (["circle", "--port", "sim://native?seed=3"], "The port says seed= already"),
        (["circle", "--port", "sim://moon"], "There is no virtual board"),
        (["juggle", "--data", "d"], "cannot perform 'juggle'"),
        (["circle:::", "--data", "d"], "is no item of a script"),
        (["nowhere.txt", "--data", "d"], "There is no script nowhere.txt"),
        (["", "--data", "d"], "The script is empty"),
        (["circle", "--data", "d", "--imu", "mpu6050"], "no IMU 'mpu6050'"),
        (["background:20000", "--data", "d"], "The script lasts more than 4 hours"),
    ],
)
def test_what_cannot_be_is_a_sentence(clone, tmp_path, arguments, words):
    done = clone.run("tinygesture", "perform", *arguments)
    assert done.status == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not (clone.root / "d").exists()
