"""A recording's motion in one line of text."""

import numpy as np

from tinygesture.contract import Float64, Int16, to_units

BLOCKS = "▁▂▃▄▅▆▇█"
STILL_G = 0.25  # motion below this is drawn small


def sparkline(counts: Int16, width: int = 24) -> str:
    """counts int16[n, 6] -> how far the acceleration is from its median, in `width` blocks."""
    acceleration = to_units(counts)[:, :3]
    motion = np.linalg.norm(acceleration - np.median(acceleration, axis=0), axis=1)
    return blocks(
        np.array([part.max() for part in np.array_split(motion, min(width, len(motion)))])
    )


def blocks(motion_g: Float64) -> str:
    """Motion float64[n] in g as n blocks."""
    heights = 8 * motion_g / max(float(motion_g.max()), STILL_G)
    return "".join(BLOCKS[min(int(height), 7)] for height in heights)
