"""Measuring how still a hand is, before motion can start recordings."""

from tinygesture.cli.capturing.motion import RESTLESS_DPS, threshold_above
from tinygesture.cli.capturing.recorder import Recorder
from tinygesture.cli.capturing.words import View
from tinygesture.errors import UserError

ATTEMPTS = 3


def measured_threshold(recorder: Recorder, view: View) -> float:
    """The threshold, °/s, above what a hand moves that is asked to keep still for 2 s.

    Raises LinkLost, and UserError where it does not.
    """
    for _ in range(ATTEMPTS):
        rest_dps = recorder.measure_room()
        if rest_dps < RESTLESS_DPS:
            threshold = threshold_above(rest_dps)
            view.say(
                f"At rest there is motion up to {rest_dps:.0f} °/s, so a recording starts at "
                f"{threshold:.0f} °/s (or {threshold / 100:.1f} g)."
            )
            return threshold
        view.warn(f"There was motion of {rest_dps:.0f} °/s. Keep still once more.")
    raise UserError(
        f"The board never kept still for 2 s ({rest_dps:.0f} °/s). Lay it down and repeat the "
        "command, or give a --threshold."
    )
