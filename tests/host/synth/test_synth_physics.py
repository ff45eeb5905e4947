"""The virtual IMU feels what the contract says an IMU feels."""

from dataclasses import replace

import numpy as np
import pytest
from frame import angle_between, carry, errors
from hypothesis import given
from hypothesis import strategies as st

from tinygesture.contract import Float64, to_units
from tinygesture.synth import LABELS, Item, perform
from tinygesture.synth.arm import Arm
from tinygesture.synth.background import BACKGROUND
from tinygesture.synth.gestures import GESTURES
from tinygesture.synth.person import Person
from tinygesture.synth.plan import Move, Plan
from tinygesture.synth.repertoire import draw
from tinygesture.synth.rotation import from_angles, from_vector, rotate
from tinygesture.synth.sensor import GRAVITY, Pose, feel
from tinygesture.synth.smooth import bump, plateau, ramp, ramp_integral
from tinygesture.synth.strokes import STROKES

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
    period = 1 / 1000
    values = feel(performing(label, subject=2), np.arange(0, 3, period))
    up = values[0, :3] / np.linalg.norm(values[0, :3])
    axes = np.eye(3)
    velocity = np.zeros(3)
    fastest = 0.0
    for i in range(1, len(values)):  # axes: the first moment's board axes, seen from the board
        axes = np.array([carry(axis, values[i - 1 : i + 1, 3:], period, +1) for axis in axes])
        velocity += (axes @ values[i, :3] - up) * GRAVITY * period
        fastest = max(fastest, float(np.linalg.norm(velocity)))
    assert np.linalg.norm(velocity) < 0.1
    assert fastest < 5  # m/s
    if label not in BACKGROUND:
        assert fastest > 0.4


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
    def test_no_jolts(self, label: str) -> None:
        """At 2 kHz no step of the force is over 0.06 g (120 g/s), nor of the rate over 8 °/s.

        Hands that meet are stopped, and a shake is as fast as an arm can.
        """
        most = {"clap": 50, "shake": 2}.get(label, 1)
        for subject in range(1, 7):
            felt = feel(performing(label, subject), np.arange(0, 3, 0.0005))
            steps = np.abs(np.diff(felt, axis=0)).max(axis=0)
            assert steps[:3].max() < 0.06 * most
            assert steps[3:].max() < 8 * most


@pytest.mark.parametrize("label", LABELS)
def test_a_motion_begins_and_ends_where_the_hand_is(label: str) -> None:
    """Zero outside of its time, and the same numbers whatever other moments are asked for."""
    for subject in range(1, 9):
        for _, motion in moves(label, subject):
            t = np.linspace(-0.1, motion.duration + 0.1, 400)
            inside = (t > 0) & (t < motion.duration)
            position, angles = motion.offsets(t[inside])
            ends = np.array([1e-9, motion.duration - 1e-9])
            for end in motion.offsets(ends):
                np.testing.assert_allclose(end, 0, atol=1e-6)
            reach = 15.0 if label in ("travel", "background") else 0.9  # metres
            assert np.abs(position).max() < reach
            assert np.abs(angles).max() < np.radians(160)
            one = motion.offsets(t[inside][100:101])
            np.testing.assert_allclose(one[0][0], position[100], atol=1e-12)
            np.testing.assert_allclose(one[1][0], angles[100], atol=1e-12)


def test_a_left_handed_persons_gesture_is_a_mirror_image() -> None:
    for label in (*GESTURES, *STROKES):
        right, left = (
            draw(label, replace(Person.of(1), left_handed=handed), np.random.default_rng(1))
            for handed in (False, True)
        )
        t = np.linspace(0, right.duration, 50)
        for one, other, sign in zip(
            right.offsets(t), left.offsets(t), ([1, -1, 1], [-1, 1, -1]), strict=True
        ):
            if label != "circle":  # clockwise for both
                np.testing.assert_allclose(one * sign, other, atol=1e-12)


def moves(label: str, subject: int) -> list[Move]:
    """What is planned for two seconds of a label."""
    plan = Plan([Item(label, 2.0)], Person.of(subject), np.random.default_rng(subject))
    return [entry for entry in plan if isinstance(entry, Move)]


def performing(label: str, subject: int) -> Pose:
    """A person who performs at once."""
    arm = Arm(Person.of(subject), np.random.default_rng(subject))
    for move in moves(label, subject):
        arm.plan(move)
    return arm.pose


def test_the_integral_of_the_ramp() -> None:
    u = np.linspace(-0.5, 2, 2501)
    sums = np.cumsum(ramp(u)) * (u[1] - u[0])
    np.testing.assert_allclose(ramp_integral(u), sums, atol=1e-3)


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
