"""Rotations as unit quaternions (..., 4), real part first, in right-handed frames."""

import numpy as np

from tinygesture.contract import Float64


def multiply(a: Float64, b: Float64) -> Float64:
    """The rotation b followed by a, as quaternions (..., 4)."""
    aw, ax, ay, az = _parts(a)
    bw, bx, by, bz = _parts(b)
    return _joined(
        aw * bw - ax * bx - ay * by - az * bz,
        aw * bx + ax * bw + ay * bz - az * by,
        aw * by - ax * bz + ay * bw + az * bx,
        aw * bz + ax * by - ay * bx + az * bw,
    )


def _parts(of: Float64) -> list[Float64]:
    return [of[..., i] for i in range(of.shape[-1])]


def _joined(*parts: Float64) -> Float64:
    joined = np.empty((*parts[0].shape, len(parts)))
    for i, part in enumerate(parts):
        joined[..., i] = part
    return joined


def inverse(q: Float64) -> Float64:
    return np.concatenate([q[..., :1], -q[..., 1:]], axis=-1)


def rotate(q: Float64, v: Float64) -> Float64:
    """Vectors (..., 3) turned by quaternions (..., 4)."""
    axis = q[..., 1:]
    twice = 2 * _cross(axis, v)
    return np.asarray(v + q[..., :1] * twice + _cross(axis, twice))


def _cross(a: Float64, b: Float64) -> Float64:
    ax, ay, az = _parts(a)
    bx, by, bz = _parts(b)
    return _joined(ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx)


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
    roll_c, pitch_c, yaw_c = _parts(np.cos(half))
    roll_s, pitch_s, yaw_s = _parts(np.sin(half))
    w, x, y, z = pitch_c * yaw_c, -pitch_s * yaw_s, -pitch_s * yaw_c, pitch_c * yaw_s
    return _joined(
        w * roll_c - x * roll_s,
        w * roll_s + x * roll_c,
        y * roll_c + z * roll_s,
        z * roll_c - y * roll_s,
    )
