"""Whatever a user does wrong: one clear sentence, exit status 2, nothing half-written."""

import resource
import shutil
from dataclasses import replace

import pytest
import serial
from clone import files_of

from fake_board import FakeBoard
from tinygesture.dataset import Dataset
from tinygesture.link import messages as m
from tinygesture.link.frame import encode_frame

VERIFY = ("tinygesture", "verify", "swing", "--port")


def refused(done, *said):
    """The command refused, in sentences that contain what is expected."""
    assert done.status == 2, (done.stdout, done.stderr)
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    for words in said:
        assert words in done.stderr
    assert 1 <= len(done.stderr.strip().splitlines()) <= 3, done.stderr


def files(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


# Ports and boards


@pytest.mark.parametrize(
    "command",
    [
        ("capture", "circle", "--data", "never"),
        ("tinygesture", "watch"),
        ("tinygesture", "watch", "--json"),
    ],
)
def test_a_port_that_is_not_there(clone, command):
    refused(clone.run(*command, "--port", "/dev/ttyNONE"), "no port /dev/ttyNONE", "boards")
    assert not (clone.root / "never").exists()


def test_no_port_and_no_board(clone):
    refused(clone.run("tinygesture", "watch"), "--port", "tinygesture boards")


@pytest.mark.parametrize(
    ("port", "said"),
    [
        ("sim://nano", "sim://native, sim://cm4"),
        ("sim://native?sped=2", "no parameter 'sped'"),
        ("sim://native?speed=fast", "speed="),
        ("sim://native?subject=one", "subject="),
        ("sim://native?imu=mpu6050", "mpu6050"),
        ("sim://native?perform=dance", "dance"),
        ("sim://native?play=nowhere.csv", "nowhere.csv"),
        ("sim://native?firmware=nowhere", "nowhere"),
    ],
)
def test_a_virtual_port_that_makes_no_sense(clone, port, said):
    refused(clone.run("tinygesture", "watch", "--port", port, "--seconds", "1"), said)


def test_a_port_in_use(clone):
    board = FakeBoard()
    with serial.Serial(board.port, exclusive=True):
        refused(clone.run("tinygesture", "watch", "--port", board.port), "in use")


def test_another_firmware(clone):
    board = FakeBoard(info=None, answer=lambda message: [b"READY\r\n\x00\xff\x12garbage\x00"])
    board.say(b"Hello from Blink 1.0\r\n" * 20)
    done = clone.run("capture", "circle", "--data", "never", "--port", board.port)
    refused(done, "does not answer as a tinygesture board", "tinygesture flash")
    assert not (clone.root / "never").exists()


@pytest.mark.parametrize(
    ("major", "remedy"), [(m.PROTOCOL_MAJOR + 1, "Update tinygesture"), (0, "Flash the board")]
)
def test_another_version_of_the_protocol(clone, major, remedy):
    board = FakeBoard(major=major)
    refused(clone.run("tinygesture", "watch", "--port", board.port), "version", remedy)


def test_a_board_whose_imu_is_in_trouble(clone):
    def answer(message):
        if isinstance(message, m.Streams):
            return [encode_frame(m.pack(m.Error(1, "the IMU does not answer")))]
        return []

    board = FakeBoard(answer=answer)
    done = clone.run("capture", "circle", "--data", "troubled", "--json", "--port", board.port)
    refused(done, "the IMU does not answer")


# Names and numbers


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("circle", "--count", "0"),
        ("circle", "--seconds", "nan"),
        ("circle", "--seconds", "0"),
        ("circle", "--countdown", "-1"),
        ("../circle",),
        ("circle", "--subject", ""),
        ("circle", "--session", "a/b"),
    ],
)
def test_arguments_that_make_no_sense(clone, arguments):
    done = clone.run("capture", *arguments, "--data", "never", "--port", clone.port("native"))
    assert done.status == 2
    assert "Traceback" not in done.stderr
    assert not (clone.root / "never").exists()


def test_an_unknown_command_and_an_unknown_board(clone):
    assert clone.run("tinygesture", "fly").status == 2
    assert clone.run("tinygesture", "flash", "--board", "uno").status == 2


# Data sets


def test_an_empty_data_set(clone, tmp_path):
    Dataset.create(tmp_path / "d")
    train = ("train-and-export", str(tmp_path / "d"), "--arch", "gru", "--name", "never")
    refused(clone.run(*train), "empty")
    refused(clone.run(*train[:1], str(tmp_path / "no"), *train[2:]), "no folder")
    (tmp_path / "other").mkdir()
    refused(clone.run(*train[:1], str(tmp_path / "other"), *train[2:]), "not a data set")
    assert not (clone.root / "models" / "never").exists()


def test_one_label_only(clone, synthetic, tmp_path):
    dataset = Dataset.open(synthetic)
    one = Dataset.create(tmp_path / "d")
    for entry in dataset.entries:
        if entry.label == "circle":
            one.add(dataset.load(entry))
    train = ("train-and-export", str(one.path), "--arch", "gru", "--name", "never")
    refused(clone.run(*train), "one label only (circle)")
    assert not (clone.root / "models" / "never").exists()


@pytest.mark.parametrize("damage", [b"", b"1,2,3\n", b"\xff\xfe\x00", b"0,0,0,1,0,zero,0\n"])
def test_a_corrupt_recording(clone, synthetic, tmp_path, damage):
    shutil.copytree(synthetic, tmp_path / "d")
    entry = Dataset.open(tmp_path / "d").entries[5]
    path = tmp_path / "d" / entry.file
    path.write_bytes(path.read_bytes()[:800] + damage if damage else b"")
    train = ("train-and-export", str(tmp_path / "d"), "--arch", "conv1d", "--name", "never")
    refused(clone.run(*train), entry.file, "line")
    assert not (clone.root / "models" / "never").exists()
    watch = ("tinygesture", "watch", "--port", clone.port("native", play=path))
    refused(clone.run(*watch), path.name, "line")


def test_a_corrupt_index(clone, synthetic, tmp_path):
    shutil.copytree(synthetic, tmp_path / "d")
    index = tmp_path / "d" / "index.csv"
    index.write_text(index.read_text().replace("True", "perhaps", 1))
    capture = ("capture", "circle", "--data", str(tmp_path / "d"))
    refused(clone.run(*capture, "--port", clone.port("native")), "index.csv, line 2")


def test_a_folder_with_something_else_in_it(clone, tmp_path):
    (tmp_path / "thesis.txt").write_text("precious")
    before = files(tmp_path)
    capture = ("capture", "circle", "--data", str(tmp_path))
    refused(clone.run(*capture, "--port", clone.port("native")), "thesis.txt")
    assert files(tmp_path) == before


def test_a_full_disk_keeps_what_was_saved(clone, tmp_path):
    """The index grows over the limit while each recording is below it."""

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    done = clone.run(
        *("capture", "circle", "--count", "30", "--seconds", "0.2", "--countdown", "0"),
        *("--data", str(tmp_path / "d"), "--json", "--port", clone.port("native")),
        preexec_fn=limit,
    )
    assert done.status == 2
    assert "disk is full" in done.stderr
    assert "Traceback" not in done.stderr
    saved = Dataset.open(tmp_path / "d")
    assert 3 <= len(saved.entries) < 30
    assert [entry.id for entry in saved.entries] == [line["id"] for line in done.json]
    for entry in saved.entries:
        saved.load(entry)
    assert files_of(saved.path) == {"dataset.json", "index.csv"} | {e.file for e in saved.entries}
    again = clone.run(
        *("capture", "circle", "--count", "30", "--seconds", "0.2", "--countdown", "0"),
        *("--data", str(saved.path), "--json", "--port", clone.port("native")),
    )
    assert again.status == 0, again.stderr
    assert len(again.json) == 30 - len(saved.entries)


# Models


def test_a_model_that_does_not_exist(clone):
    for command in (
        ("tinygesture", "flash", "nothing", "--board", "native"),
        ("tinygesture", "verify", "nothing", "--port", "sim://native"),
        ("tinygesture", "evaluate", "nothing", "data"),
        ("tinygesture", "flash", "../models", "--board", "native"),
    ):
        refused(clone.run(*command), "There is no model called")


def test_model_and_board_mismatch(clone, swing, synthetic, board):
    port = clone.port(board)
    remedy = "tinygesture flash swing"
    refused(clone.run(*VERIFY, port), "runs no model", remedy)
    refused(
        clone.run("tinygesture", "evaluate", "swing", str(synthetic), "--port", port, "--json"),
        "runs no model",
        remedy,
    )
    other = FakeBoard(model_id="0123456789abcdef", model="other", labels=("a", "b"))
    instead = f"tinygesture push swing --keep --port {other.port}"
    refused(clone.run(*VERIFY, other.port), "runs the model other (0123456789abcdef)", instead)


@pytest.mark.parametrize("file", ["model.tflite", "manifest.json", "golden.json", "model_config.h"])
@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_a_corrupt_bundle(clone, swing, synthetic, file, damage):
    broken = clone.root / "models" / "broken"
    shutil.copytree(clone.root / "models" / "swing", broken)
    try:
        if damage == "gone":
            (broken / file).unlink()
        else:
            content = (broken / file).read_bytes()
            (broken / file).write_bytes(content[:-400] + b"x" * 20 + content[-380:])
        before = files(clone.root / ".tinygesture" / "flash")
        for command in (
            ("tinygesture", "flash", "broken", "--board", "native"),
            ("tinygesture", "verify", "broken", "--port", clone.port("native", "swing")),
            ("tinygesture", "evaluate", "broken", str(synthetic)),
        ):
            refused(clone.run(*command), "broken")
        assert files(clone.root / ".tinygesture" / "flash") == before
    finally:
        shutil.rmtree(broken)


def test_a_data_set_the_model_knows_nothing_of(clone, swing, synthetic, tmp_path):
    dataset = Dataset.open(synthetic)
    other = Dataset.create(tmp_path / "d")
    recording = dataset.load(dataset.entries[0])
    other.add(replace(recording, meta=replace(recording.meta, label="dance")))
    evaluate = ("tinygesture", "evaluate", "swing", str(other.path), "--json")
    refused(clone.run(*evaluate), "dance")


def test_watch_tells_the_trouble_of_a_board_without_an_imu(clone):
    def answer(message):
        if isinstance(message, m.Hello):
            return [encode_frame(m.pack(m.Error(3, "no IMU answers, neither LSM9DS1 nor BMI270")))]
        return [encode_frame(m.pack(m.Statistics(*[0] * 10)))]  # to each keep-alive

    fake = FakeBoard(answer=answer)
    done = clone.run("tinygesture", "watch", "--port", fake.port, timeout=20)
    assert done.status == 0
    assert "The board reports trouble: no IMU answers, neither LSM9DS1 nor BMI270." in done.stdout
    last = done.stdout.splitlines()[-1]
    assert last.startswith("No samples have come for 3 s (no IMU answers, neither LSM9DS1 nor BMI")


@pytest.mark.parametrize("said", [m.Error(4, "odd"), m.Log("on"), m.Injected(1)])
def test_watch_of_a_board_that_never_sends_samples_ends(clone, said):
    fake = FakeBoard(answer=lambda _: [encode_frame(m.pack(said))])
    watch = ("tinygesture", "watch", "--port", fake.port, "--seconds", "1", "--json")
    done = clone.run(*watch, timeout=20)
    assert done.status == 0
    assert "No samples have come for 3 s" in done.stderr
