"""Hours of what is no gesture: bounded, in constant memory and linear time, as long as asked."""

import time
import tracemalloc

import numpy as np
import pytest

from tinygesture.contract import to_units
from tinygesture.synth import LiveHand, parse_script, perform, truth
from tinygesture.synth.background import BACKGROUND, KINDS, bouts
from tinygesture.synth.person import Person


def values(script: str, subject: int = 1, imu: str = "bmi270") -> np.ndarray:
    return to_units(perform(parse_script(script), subject, 1, imu).counts)


@pytest.mark.parametrize("label", BACKGROUND)
def test_bouts_fill_the_time_one_after_the_other(label: str) -> None:
    for seconds in (0.3, 1.0, 1.7, 60.0, 300.0):
        rng = np.random.default_rng(7)
        end = 0.0
        for start, motion in bouts(label, seconds, Person.of(3), rng):
            assert start >= end - 1e-9
            end = start + motion.duration
        assert end <= seconds + 1e-9
        assert end > seconds - 2


@pytest.mark.parametrize("label", BACKGROUND)
def test_an_interval_is_as_long_as_asked(label: str) -> None:
    [first, second] = truth(parse_script(f"{label}:20 x 2"), 1, 1)
    assert second.end_us == pytest.approx(40e6, abs=1)
    assert first.end_us == pytest.approx(20e6, abs=1)
    assert second.start_us - first.end_us < 400_000


@pytest.mark.parametrize("label", BACKGROUND)
def test_it_is_bounded_and_has_gravity_in_it(label: str) -> None:
    for subject in (1, 2):
        made = values(f"{label}:90", subject)
        force = np.linalg.norm(made[:, :3], axis=1)
        assert force.mean() == pytest.approx(1, abs=0.08)
        assert np.mean(np.abs(made[:, :3]) > 3.9) < 0.002
        assert np.abs(made[:, 3:]).max() < 1500
        assert np.abs(made[:, 3:].mean(axis=0)).max() < 8  # °/s: turns lead back


def test_what_makes_each_of_them() -> None:
    """Steps at about 2 Hz; keystrokes as small knocks; a vehicle's vibration over 5 Hz."""

    def powers(label: str) -> tuple[np.ndarray, np.ndarray]:
        made = np.concatenate([values(f"{label}:60", subject) for subject in range(1, 7)])
        force = np.linalg.norm(made[: len(made) // 1000 * 1000, :3], axis=1).reshape(-1, 1000)
        windows = (force - force.mean(axis=1, keepdims=True)) * np.hanning(1000)
        power = (np.abs(np.fft.rfft(windows, axis=1)) ** 2).mean(axis=0)
        return np.fft.rfftfreq(1000, 1 / 200), power

    hertz, walk = powers("walk")
    hertz, kind = powers("type")
    hertz, travel = powers("travel")
    hertz, rest = powers("rest")
    assert 1.3 < hertz[walk.argmax()] < 2.7
    fast = hertz > 5
    assert travel[fast].sum() > 20 * rest[fast].sum()
    assert kind[fast].sum() > 3 * rest[fast].sum()
    assert walk.sum() > travel.sum() > kind.sum() > rest.sum()


def test_a_mixed_background_is_made_of_all_kinds() -> None:
    person, rng = Person.of(1), np.random.default_rng(1)
    starts = [start for start, _ in bouts("background", 1200.0, person, rng)]
    assert len(starts) > 60
    made = values("background:600")
    seconds = made[: len(made) // 200 * 200].reshape(-1, 200, 6).std(axis=1)
    restless = seconds[:, :3].mean(axis=1)
    assert (restless < 0.02).any()
    assert (restless > 0.15).any()
    assert set(KINDS) == {"rest", "random", "walk", "type", "travel"}


def test_half_an_hour_needs_less_memory_than_its_samples() -> None:
    """Though the script goes on for years."""
    hand = LiveHand(1, 1, script=parse_script("background:86400 x 100000, circle"))
    hand.next(512)
    tracemalloc.start()
    bytes_given = 0
    for _ in range(400):
        t_us, counts = hand.next(476)
        bytes_given += t_us.nbytes + counts.nbytes
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2_000_000 < 0.6 * bytes_given


def test_the_second_hour_takes_as_long_as_the_first() -> None:
    hand = LiveHand(1, 1, script=parse_script("circle x 3,background:80000"))

    def minutes(count: int) -> float:
        begin = time.process_time()
        for _ in range(count):
            hand.next(7140)
        return time.process_time() - begin

    first = min(minutes(3) for _ in range(3))
    minutes(40)
    second = min(minutes(3) for _ in range(3))
    assert second < 3 * first
