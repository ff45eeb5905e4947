"""Rotations as unit quaternions (..., 4), real part first, in right-handed frames."""

import numpy as np

from tinygesture.contract import Float64


def multiply(a: Float64, b: Float64) -> Float64:
    """The rotation b followed by a, as quaternions (..., 4)."""
    aw, ax, ay, az = np.moveaxis(a, -1, 0)
    bw, bx, by, bz = np.moveaxis(b, -1, 0)
    return np.stack(
        [
            aw * bw - ax * bx - ay * by - az * bz,
            aw * bx + ax * bw + ay * bz - az * by,
            aw * by - ax * bz + ay * bw + az * bx,
            aw * bz + ax * by - ay * bx + az * bw,
        ],
        axis=-1,
    )


def inverse(q: Float64) -> Float64:
    return np.concatenate([q[..., :1], -q[..., 1:]], axis=-1)


def rotate(q: Float64, v: Float64) -> Float64:
    """Vectors (..., 3) turned by quaternions (..., 4)."""
    axis = q[..., 1:]
    twice = 2 * np.cross(axis, v)
    return np.asarray(v + q[..., :1] * twice + np.cross(axis, twice))


def from_vector(v: Float64) -> Float64:
    """Rotation vectors (..., 3) in radians -> quaternions (..., 4)."""
    half = np.linalg.norm(v, axis=-1, keepdims=True) / 2
    return np.concatenate([np.cos(half), v / 2 * np.sinc(half / np.pi)], axis=-1)


def to_small_vector(q: Float64) -> Float64:
    """Quaternions (..., 4) of small rotations -> rotation vectors (..., 3) in radians."""
    sine = np.linalg.norm(q[..., 1:], axis=-1, keepdims=True)
    return np.asarray(2 * q[..., 1:] / np.sinc(np.arcsin(np.clip(sine, 0, 1)) / np.pi))


def from_angles(angles: Float64) -> Float64:
    """Roll, nose up and yaw (..., 3) in radians -> quaternions (..., 4).

    Axes: x forward, y left, z up. The board rolls first, then turns left (yaw), then its nose
    goes up: yaw sweeps a raised forearm from side to side in its own plane.
    """
    half = angles / 2
    zero = np.zeros_like(half[..., 0])
    c, s = np.cos(half), np.sin(half)
    roll = np.stack([c[..., 0], s[..., 0], zero, zero], axis=-1)
    raised = np.stack([c[..., 1], zero, -s[..., 1], zero], axis=-1)
    yaw = np.stack([c[..., 2], zero, zero, s[..., 2]], axis=-1)
    return multiply(multiply(raised, yaw), roll)
