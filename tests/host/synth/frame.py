"""Checks the sign of the frame: the gyroscope carries gravity from one quiet moment to another."""

import numpy as np

from tinygesture.contract import Float64


def carry(gravity: Float64, rates: Float64, period: float, sign: int) -> Float64:
    """A vector at rest in the room, seen from the board after turning: dv/dt = sign · ω × v.

    gravity: [3]; rates: °/s [N, 3], `period` seconds apart.
    """
    for turn in np.radians((rates[1:] + rates[:-1]) / 2) * period * sign:
        angle = np.linalg.norm(turn)
        if angle > 0:
            axis = turn / angle
            gravity = (
                gravity * np.cos(angle)
                + np.cross(axis, gravity) * np.sin(angle)
                + axis * (axis @ gravity) * (1 - np.cos(angle))
            )
    return gravity


def angle_between(a: Float64, b: Float64) -> float:
    """Degrees."""
    cosine = a @ b / np.linalg.norm(a) / np.linalg.norm(b)
    return float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))


def quiet_pairs(values: Float64, period: float, at_least: float = 20.0) -> list[tuple[int, int]]:
    """Pairs of moments within 0.75 s at which the accelerometer shows little but gravity.

    values: g and °/s [N, 6]. Only pairs between which gravity's direction changed, by at_least
    degrees: the others say nothing about the sign.
    """
    force, rate = values[:, :3], values[:, 3:]
    steady = np.array([force[max(0, i - 2) : i + 3].std(axis=0).max() for i in range(len(force))])
    quiet = (np.abs(np.linalg.norm(force, axis=1) - 1) < 0.05) & (steady < 0.05)
    moments = np.flatnonzero(quiet & (np.linalg.norm(rate, axis=1) < 60))
    return [
        (i, j)
        for i in moments[::3]
        for j in moments[(moments > i + 6) & (moments < i + 0.75 / period)][::6]
        if angle_between(force[i], force[j]) > at_least
    ]


def errors(recordings: list[Float64], period: float, sign: int, factor: float = 1.0) -> Float64:
    """Degrees by which carried and measured gravity differ, for every quiet pair."""
    return np.array(
        [
            angle_between(
                carry(values[i, :3], values[i : j + 1, 3:] * factor, period, sign), values[j, :3]
            )
            for values in recordings
            for i, j in quiet_pairs(values, period)
        ]
    )
