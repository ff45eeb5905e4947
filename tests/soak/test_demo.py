"""The demo from beginning to end, as `make demo` runs it."""

import re
import time

import pytest

from recorded import import_folder
from system.clone import Clone
from system.tflm_library import fetch_library
from tinygesture.synth import make_dataset

LAST = re.compile(
    r"demo: (\d+) of (\d+) gestures recognised, (\d+) false events; "
    r"(\d+) of (\d+) device outputs equal to the host"
)


def play(clone, *options):
    """(recognised, performed, false events, outputs, equal outputs)"""
    done = clone.run("tinygesture", "demo", *options, timeout=900)
    last = LAST.fullmatch(done.stdout.splitlines()[-1])
    assert last, done.stdout[-2000:] + done.stderr[-2000:]
    hits, performed, false, equal, outputs = map(int, last.groups())
    good = hits >= 0.9 * performed and false <= 1 and equal == outputs > 0
    assert done.status == (0 if good else 1)
    clone.wait_for_no_process()
    return hits, performed, false, outputs, equal


@pytest.fixture
def clone(tmp_path):
    return Clone(tmp_path)


@pytest.mark.timeout(1000)
@pytest.mark.parametrize("board", ["cm4", "native"])
def test_an_unseen_subject_is_recognised(clone, board):
    began = time.monotonic()
    hits, performed, false, outputs, equal = play(clone, "--board", board)
    assert 20 <= performed <= 24
    assert hits >= 0.9 * performed
    assert false <= 1
    assert outputs == equal
    assert time.monotonic() - began < 240


@pytest.mark.timeout(1000)
@pytest.mark.parametrize("arch", ["gru", "conv1d"])
def test_tensorflow_lite_micro_plays_it_too(clone, arch):
    fetch_library(clone)
    hits, performed, false, outputs, equal = play(clone, "--engine", "tflm", "--arch", arch)
    assert hits >= 0.9 * performed
    assert false <= 1
    assert outputs == equal


@pytest.mark.timeout(1000)
def test_a_data_set_instead_of_virtual_hands(clone, tmp_path):
    data = tmp_path / "recorded"
    make_dataset(data, ("circle", "punch", "wave", "rest"), subjects=range(1, 9), count=4)
    hits, performed, _, outputs, equal = play(clone, "--data", str(data))
    assert hits >= 0.8 * performed
    assert outputs == equal


@pytest.mark.timeout(1000)
def test_recordings_of_people(clone, tmp_path, recorded):
    data = tmp_path / "recorded"
    import_folder(recorded / "imu" / "martinlindholdt", data)
    hits, performed, _, outputs, equal = play(clone, "--data", str(data))
    assert hits >= 0.8 * performed
    assert outputs == equal
