"""The virtual IMU feels what the contract says an IMU feels."""

import numpy as np
import pytest
from frame import angle_between, carry, errors
from hypothesis import given
from hypothesis import strategies as st

from tinygesture.contract import Float64, to_units
from tinygesture.synth import LABELS, perform
from tinygesture.synth.hand import Arm
from tinygesture.synth.person import Person
from tinygesture.synth.rotation import from_angles, from_vector, rotate
from tinygesture.synth.sensor import GRAVITY, IMUS, Part, Pose, feel
from tinygesture.synth.smooth import bump, plateau, ramp

MIRROR = np.array([-1.0, 1.0, 1.0])  # a right-handed frame and the contract's left-handed one
LEVEL = np.array([1.0, 0.0, 0.0, 0.0])
angles = st.tuples(*[st.floats(-1.4, 1.4)] * 3).map(np.array)


def turning(begin: Float64, end: Float64) -> Pose:
    """At rest in one posture until 0.1 s and in another from 0.6 s on, displaced meanwhile."""

    def pose(t: Float64) -> tuple[Float64, Float64]:
        s = ramp((t - 0.1) / 0.5)[:, None]
        return s * np.array([0.2, -0.3, 0.1]), from_angles(begin + s * (end - begin))

    return pose


@given(angles, angles)
def test_gravity_is_carried_by_the_contracts_sign(begin: Float64, end: Float64) -> None:
    t = np.arange(0, 0.7, 0.001)
    felt = feel(turning(begin, end), t)
    assert angle_between(carry(felt[0, :3], felt[:, 3:], 0.001, +1), felt[-1, :3]) < 0.05


def test_and_not_by_the_other_sign() -> None:
    t = np.arange(0, 0.7, 0.001)
    wrong = []
    for seed in range(20):
        begin, end = np.random.default_rng(seed).uniform(-1.4, 1.4, (2, 3))
        felt = feel(turning(begin, end), t)
        wrong.append(angle_between(carry(felt[0, :3], felt[:, 3:], 0.001, -1), felt[-1, :3]))
    assert np.median(wrong) > 30


@given(angles)
def test_at_rest_there_is_gravity_alone(posture: Float64) -> None:
    felt = feel(turning(posture, posture), np.array([0.0, 0.05]))
    np.testing.assert_allclose(np.linalg.norm(felt[:, :3], axis=1), 1, atol=1e-9)
    np.testing.assert_allclose(felt[:, 3:], 0, atol=1e-6)


def test_a_level_board_feels_plus_one_g_on_z() -> None:
    felt = feel(lambda t: (np.zeros((len(t), 3)), np.tile(LEVEL, (len(t), 1))), np.array([1.0]))
    np.testing.assert_allclose(felt, [[0, 0, 1, 0, 0, 0]], atol=1e-9)


def test_on_a_turntable_the_force_is_centripetal() -> None:
    """Radius 0.2 m, 5 rad/s to the left: 5 m/s² to the left, where the centre is."""

    def pose(t: Float64) -> tuple[Float64, Float64]:
        position = 0.2 * np.stack([np.sin(5 * t), -np.cos(5 * t), 0 * t], axis=1)
        return position, from_vector(np.stack([0 * t, 0 * t, 5 * t], axis=1))

    felt = feel(pose, np.linspace(0, 1, 20))
    expected = np.array([0, 0.2 * 25 / GRAVITY, 1, 0, 0, np.degrees(5)])
    np.testing.assert_allclose(felt, np.tile(expected, (20, 1)), atol=1e-3)


@pytest.mark.parametrize("label", LABELS)
def test_integrating_the_force_gives_the_way_back(label: str) -> None:
    """Orientation from the gyroscope and position from the force lead back to where it began."""
    made = perform([(label, 1.5), ("rest", 0.2)], subject=2, seed=3, imu="ideal")
    values = to_units(made.counts)
    period = 1 / 200
    up = values[0, :3] / np.linalg.norm(values[0, :3])
    axes = np.eye(3)
    velocity = np.zeros(3)
    fastest = 0.0
    for i in range(1, len(values)):  # axes: the first moment's board axes, seen from the board
        axes = np.array([carry(axis, values[i - 1 : i + 1, 3:], period, +1) for axis in axes])
        velocity += (axes @ values[i, :3] - up) * GRAVITY * period
        fastest = max(fastest, float(np.linalg.norm(velocity)))
    assert np.linalg.norm(velocity) < 0.25
    if label not in ("rest", "random"):
        assert 0.4 < fastest < 4  # m/s


def test_random_motion_obeys_the_frame_at_its_quiet_moments() -> None:
    """The same check as for real recordings, with the noise and steps of the LSM9DS1."""
    made = [perform([("random", 2.0)], subject, 1) for subject in range(1, 13)]
    values = [to_units(performance.counts) for performance in made]
    right, wrong = (errors(values, 1 / 119, sign) for sign in (+1, -1))
    assert len(right) > 50
    assert np.median(right) < 8
    assert np.median(wrong) > 40


class TestSmoothness:
    @pytest.mark.parametrize("shape", [ramp, bump, lambda u: plateau(u, 0.3)])
    def test_two_derivatives(self, shape) -> None:  # type: ignore[no-untyped-def]
        u = np.linspace(-0.2, 1.2, 140_001)
        second = np.diff(shape(u), 2) / (u[1] - u[0]) ** 2
        assert np.abs(np.diff(second)).max() < 0.02 * np.abs(second).max()

    @pytest.mark.parametrize("label", LABELS)
    @pytest.mark.parametrize("subject", range(1, 7))
    def test_no_jolts(self, label: str, subject: int) -> None:
        """At 2 kHz no step of the force is over 0.06 g (120 g/s), nor of the rate over 8 °/s."""
        from tinygesture.synth.gestures import draw

        rng = np.random.default_rng(subject)
        person = Person.of(subject)
        arm = Arm(person, rng)
        motion = draw(label, person, rng, None)
        arm.plan(0.2, motion)
        felt = feel(arm.pose, np.arange(0, 0.4 + motion.duration, 0.0005))
        steps = np.abs(np.diff(felt, axis=0)).max(axis=0)
        assert steps[:3].max() < 0.06
        assert steps[3:].max() < 8


class TestPart:
    """What the parts do to what is felt."""

    def part(self, imu: str, seed: int = 0) -> Part:
        return Part(IMUS[imu], np.random.default_rng(seed))

    @pytest.mark.parametrize("imu", IMUS)
    def test_saturation(self, imu: str) -> None:
        felt = np.array([[6.0, -6, 1, 3000, -3000, 0]])
        counts = self.part(imu).counts(felt, np.random.default_rng(1))
        assert counts[0, :2].tolist() == [32767, -32768]
        assert counts[0, 3:5].tolist() == [32767, -32768]

    def test_the_lsm9ds1s_gyroscope_has_steps_of_70_mdps(self) -> None:
        felt = np.zeros((2000, 6))
        felt[:, 3:] = np.linspace(-1900, 1900, 2000)[:, None]
        counts = self.part("lsm9ds1").counts(felt, np.random.default_rng(1))[:, 3:]
        raw = np.arange(-32768, 32768)
        possible = (raw * 37581 + 16384) >> 15
        assert np.isin(counts, possible).all()
        assert not np.isin(np.arange(1000), possible).all()
        np.testing.assert_allclose(counts / 16.384, felt[:, 3:], atol=10)

    def test_ideal_is_exact(self) -> None:
        felt = np.array([[0.5, -0.25, 1, 100, -200, 300.0]])
        counts = self.part("ideal").counts(felt, np.random.default_rng(1))
        np.testing.assert_allclose(to_units(counts), felt, atol=0.04)

    @pytest.mark.parametrize(
        ("imu", "accel", "gyro"), [("lsm9ds1", 0.0012, 0.15), ("bmi270", 0.0014, 0.063)]
    )
    def test_noise_and_bias(self, imu: str, accel: float, gyro: float) -> None:
        level = np.tile([0, 0, 1.0, 0, 0, 0], (5000, 1))
        biases = []
        for seed in range(40):
            rng = np.random.default_rng(seed)
            values = to_units(Part(IMUS[imu], rng).counts(level, rng))
            # Rounding to whole steps adds a twelfth of a squared step to the variance.
            np.testing.assert_allclose(values[:, :3].std(axis=0), accel, rtol=0.1)
            np.testing.assert_allclose(values[:, 3:].std(axis=0), gyro, rtol=0.15)
            biases.append(values.mean(axis=0) - level[0])
        rms = np.sqrt(np.mean(np.square(biases), axis=0))
        np.testing.assert_allclose(rms[:3], IMUS[imu].accel_bias, rtol=0.4)
        np.testing.assert_allclose(rms[3:], IMUS[imu].gyro_bias, rtol=0.4)

    @pytest.mark.parametrize("imu", IMUS)
    def test_rate_and_time_stamps(self, imu: str) -> None:
        model = IMUS[imu]
        rates = []
        for seed in range(30):
            rng = np.random.default_rng(seed)
            true, t_us = Part(model, rng).stamp(1000, 500, rng)
            rates.append(499 / (true[-1] - true[0]))
            assert (np.diff(t_us) > 0).all()
            late = t_us - true * 1e6
            assert late.min() >= -0.5
            assert late.max() <= 2000.5
            assert np.sqrt((late**2).mean()) == pytest.approx(model.jitter_us, rel=0.2, abs=0.5)
        assert np.std(rates) == pytest.approx(model.rate_error * model.odr_hz, rel=0.4, abs=1e-6)
        assert min(rates) > 100


def test_rotations() -> None:
    """Roll, nose up and yaw turn the axes as they say (x forward, y left, z up)."""
    quarter = np.pi / 2
    for turn, axis, goes_to in [
        ([quarter, 0, 0], [0, 1, 0], [0, 0, 1]),
        ([0, quarter, 0], [1, 0, 0], [0, 0, 1]),
        ([0, 0, quarter], [1, 0, 0], [0, 1, 0]),
    ]:
        turned = rotate(from_angles(np.array(turn)), np.array(axis, float))
        np.testing.assert_allclose(turned, goes_to, atol=1e-12)
