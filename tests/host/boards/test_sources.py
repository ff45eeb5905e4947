"""sim:// addresses and what feeds a virtual board."""

import numpy as np
import pytest

from tinygesture.boards.simulation import Address
from tinygesture.boards.sources import PAUSE_US, HandSource, RecordingSource, make_source
from tinygesture.contract import MAX_GAP_US
from tinygesture.errors import UserError
from tinygesture.link.messages import CueKind


def test_an_address_with_everything(tmp_path):
    url = f"sim://cm4?perform=circle,rest&subject=3&seed=5&imu=bmi270&speed=2.5&firmware={tmp_path}"
    address = Address.parse(url)
    assert (address.board.name, address.speed, address.firmware) == ("cm4", 2.5, tmp_path)
    assert (address.source.imu, address.source.odr_hz) == ("virtual bmi270", 200)


@pytest.mark.parametrize(
    "url, words",
    [
        ("sim://moon", "There is no virtual board"),
        ("sim://native?sped=2", "no parameter 'sped'"),
        ("sim://native?speed=fast", "speed= is a factor"),
        ("sim://native?speed=nan", "speed= is a factor"),
        ("sim://native?speed=-1", "speed= is a factor"),
        ("sim://native?subject=ann", "subject= is a whole number"),
        ("sim://native?seed=-3", "seed= is a whole number"),
        ("sim://native?imu=mpu6050", "mpu6050"),
        ("sim://native?perform=circle,juggle", "juggle"),
        ("sim://native?play=/nowhere", "/nowhere"),
    ],
)
def test_a_bad_address_is_a_sentence(url, words):
    with pytest.raises(UserError, match=words):
        Address.parse(url)


def test_recordings_are_played_whole_with_a_pause_between():
    def recording(n: int, value: int):
        return np.arange(n) * 8_000 + 123, np.full((n, 6), value, np.int16)

    source = RecordingSource([recording(70, 1), recording(3, 2), recording(50, 3)], 125.0, "x")
    blocks = []
    while len((block := source.next(32))[0]):
        assert len(block[0]) <= 32
        assert (np.diff(block[0]) == 8_000).all()  # no message spans a pause
        blocks.append(block)
    t_us = np.concatenate([t for t, _ in blocks])
    counts = np.concatenate([c for _, c in blocks])
    assert counts[:, 0].tolist() == [1] * 70 + [2] * 3 + [3] * 50
    assert np.unique(np.diff(t_us)).tolist() == [8_000, PAUSE_US]
    assert PAUSE_US > MAX_GAP_US


def test_a_virtual_person_follows_cues_they_know():
    def motion(label: str) -> float:
        hand = HandSource(subject=2, seed=1, imu="ideal")
        hand.next(50)
        hand.see(CueKind.READY, label)
        hand.see(CueKind.GO, label)
        return float(hand.next(300)[1][:, 3:].astype(float).std())

    assert motion("wave") > 20 * motion("juggling")


@pytest.mark.parametrize("label", ["juggling", "Rest", "idle"])
def test_only_a_gesture_that_the_virtual_hand_does_not_know_is_told(label, caplog):
    HandSource(subject=2, seed=1, imu="ideal").see(CueKind.GO, label)
    unknown = "The virtual hand does not know 'juggling': docs/synthetic.md lists what it does."
    assert caplog.messages == ([unknown] if label == "juggling" else [])


def test_the_same_address_gives_the_same_samples():
    def samples() -> tuple[list, list]:
        source = make_source({"perform": "punch,flex", "seed": "4"})
        t_us, counts = source.next(400)
        return t_us.tolist(), counts.tolist()

    assert samples() == samples()
