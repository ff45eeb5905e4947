"""The IMUs do to what is felt what their data sheets say (docs/synthetic.md lists the figures)."""

import numpy as np
import pytest

from tinygesture.contract import Float64, to_units
from tinygesture.synth.sensor import GRAVITY, IMUS, OVERSAMPLING, Part, Pose, low_pass, make_part

LEVEL = np.array([0, 0, 1.0, 0, 0, 0])
REAL = ["lsm9ds1", "bmi270"]


def parts(imu: str, count: int = 60) -> list[Part]:
    return [Part(IMUS[imu], np.random.default_rng(seed)) for seed in range(count)]


def answer(part: Part, felt: Float64, seed: int = 1) -> Float64:
    return to_units(part.counts(felt, np.random.default_rng(seed)))


@pytest.mark.parametrize("imu", IMUS)
def test_saturation(imu: str) -> None:
    felt = np.array([[6.0, -6, 1, 3000, -3000, 0]])
    counts = parts(imu)[0].counts(felt, np.random.default_rng(1))
    assert counts[0, :2].tolist() == [32767, -32768]
    assert counts[0, 3:5].tolist() == [32767, -32768]


def test_the_lsm9ds1s_gyroscope_has_steps_of_70_mdps() -> None:
    felt = np.zeros((2000, 6))
    felt[:, 3:] = np.linspace(-1900, 1900, 2000)[:, None]
    part = parts("lsm9ds1")[0]
    counts = part.counts(felt, np.random.default_rng(1))[:, 3:]
    raw = np.arange(-32768, 32768)
    possible = (raw * 37581 + 16384) >> 15
    assert np.isin(counts, possible).all()
    assert not np.isin(np.arange(1000), possible).all()


def test_ideal_is_exact() -> None:
    felt = np.array([[0.5, -0.25, 1, 100, -200, 300.0]])
    np.testing.assert_allclose(answer(parts("ideal")[0], felt), felt, atol=0.04)


@pytest.mark.parametrize("imu", REAL)
def test_noise(imu: str) -> None:
    """Of 5000 values of each axis, whose RMS is known to 1 %; how they fall on steps adds some."""
    model = IMUS[imu]
    step = 0.07 if imu == "lsm9ds1" else 2000 / 32768  # rounding adds step²/12 to the variance
    for part in parts(imu, 10):
        rms = answer(part, np.tile(LEVEL, (5000, 1))).std(axis=0)
        assert rms[:3] == pytest.approx(model.accel.noise, rel=0.05)
        assert rms[3:] == pytest.approx(np.hypot(model.gyro.noise, step / 12**0.5), rel=0.08)


@pytest.mark.parametrize("imu", REAL)
def test_noise_is_white(imu: str) -> None:
    values = answer(parts(imu)[0], np.tile(LEVEL, (5000, 1)))
    values = values - values.mean(axis=0)
    next_to = (values[1:] * values[:-1]).mean(axis=0) / values.var(axis=0)
    assert np.abs(next_to).max() < 0.07  # five standard deviations


@pytest.mark.parametrize("imu", REAL)
def test_bias_and_gain_differ_from_part_to_part(imu: str) -> None:
    """From 180 values each, whose deviation is known to 5 %."""
    model = IMUS[imu]
    biases, gains = [], []
    for part in parts(imu):
        zero = answer(part, np.zeros((400, 6))).mean(axis=0)
        full = answer(part, np.tile(np.repeat([2.0, 1000.0], 3), (400, 1))).mean(axis=0)
        biases.append(zero)
        gains.append((full - zero) / np.repeat([2.0, 1000.0], 3) - 1)
    for of, triad in ((slice(0, 3), model.accel), (slice(3, 6), model.gyro)):
        assert np.array(biases)[:, of].std() == pytest.approx(triad.bias, rel=0.2)
        assert np.array(gains)[:, of].std() == pytest.approx(triad.gain_error, rel=0.2)


@pytest.mark.parametrize("imu", IMUS)
def test_rate_and_time_stamps(imu: str) -> None:
    model = IMUS[imu]
    rates = []
    for part in parts(imu):
        rates.append(1 / part.period)
        t_us = part.stamp(1000, 500, np.random.default_rng(1))
        assert (np.diff(t_us) > 0).all()
        late = t_us - np.arange(1000, 1500) * part.period * 1e6
        assert late.min() >= -0.5
        assert late.max() <= 2000.5
        assert np.sqrt((late**2).mean()) == pytest.approx(model.jitter_us, rel=0.2, abs=0.5)
    assert np.std(rates) == pytest.approx(model.rate_error * model.odr_hz, rel=0.3, abs=1e-6)
    assert min(rates) > 100


def shaken(hertz: float) -> Pose:
    """0.5 g to and fro along x, and 50 °/s about z."""
    omega = 2 * np.pi * hertz

    def pose(t: Float64) -> tuple[Float64, Float64]:
        position = np.zeros((len(t), 3))
        position[:, 0] = 0.5 * GRAVITY / omega**2 * np.sin(omega * t)
        half = np.radians(50) / omega * np.sin(omega * t) / 2
        rotation = np.stack([np.cos(half), 0 * t, 0 * t, np.sin(half)], axis=1)
        return position, rotation

    return pose


@pytest.mark.parametrize("imu", REAL)
@pytest.mark.parametrize("sensor", ["accel", "gyro"])
def test_the_chips_filter_is_3_db_down_at_its_bandwidth(imu: str, sensor: str) -> None:
    column = 0 if sensor == "accel" else 5
    bandwidth = getattr(IMUS[imu], sensor).bandwidth
    amplitude = 0.5 if sensor == "accel" else 50.0

    def passes(hertz: float) -> float:
        felt = parts(imu)[0].feel(shaken(hertz), 1000, 2000)[:, column]
        return float(felt.std() * 2**0.5 / amplitude)

    assert passes(2.0) == pytest.approx(1, abs=0.02)
    assert passes(10.0) > 0.95
    assert passes(bandwidth) == pytest.approx(0.5**0.5, abs=0.08)
    assert passes(2.2 * bandwidth) < 0.3


@pytest.mark.parametrize("cutoff", [0.05, 0.08, 0.11])
def test_the_filter_has_a_gain_of_one_and_ends(cutoff: float) -> None:
    response = low_pass(cutoff)
    assert response.sum() == pytest.approx(1)
    assert abs(response[-1]) < 1e-3 * response.max()
    assert len(response) < 16 * OVERSAMPLING


@pytest.mark.parametrize("imu", IMUS)
def test_samples_do_not_depend_on_how_many_are_asked_for(imu: str) -> None:
    part = parts(imu)[0]
    whole = part.feel(shaken(7.0), 500, 300)
    pieces = [part.feel(shaken(7.0), first, 100) for first in (500, 600, 700)]
    np.testing.assert_allclose(np.concatenate(pieces), whole, atol=1e-9)


def test_a_clap_saturates_and_returns() -> None:
    """Hands that meet exceed ±4 g for a sample or two; all else stays inside most of the time."""
    from tinygesture.synth import perform

    clipped = []
    for subject in range(1, 21):
        counts = perform([("clap", 1.5)], subject, 1).counts[:, :3].astype(int)
        clipped.append((np.abs(counts) >= 32767).any(axis=1).sum())
        assert np.abs(counts[-5:]).max() < 1.3 * 8192
    assert np.mean(np.array(clipped) > 0) > 0.4
    assert max(clipped) < 14


def test_a_subject_has_the_same_board_in_every_session() -> None:
    assert make_part("bmi270", 3, 7).period == make_part("bmi270", 3, 7).period
    assert make_part("bmi270", 3, 7).period != make_part("bmi270", 4, 7).period
