"""The virtual hand: synthetic IMU streams of scripted gestures, by physics and from a seed."""

from tinygesture.synth.gestures import LABELS
from tinygesture.synth.hand import Interval, LiveHand, Performance, perform
from tinygesture.synth.make import make_dataset
from tinygesture.synth.sensor import IMUS

__all__ = [
    "IMUS",
    "LABELS",
    "Interval",
    "LiveHand",
    "Performance",
    "make_dataset",
    "perform",
]
