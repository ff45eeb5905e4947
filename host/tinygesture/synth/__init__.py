"""The virtual hand: synthetic IMU streams of scripted gestures, by physics and from a seed."""

from tinygesture.synth.hand import LiveHand, Performance, perform, truth
from tinygesture.synth.make import continuous_recording, make_dataset
from tinygesture.synth.repertoire import BASIC, LABELS, check_label
from tinygesture.synth.script import Item, Script, format_script, parse_script
from tinygesture.synth.sensor import IMUS

__all__ = [
    "BASIC",
    "IMUS",
    "LABELS",
    "Item",
    "LiveHand",
    "Performance",
    "Script",
    "check_label",
    "continuous_recording",
    "format_script",
    "make_dataset",
    "parse_script",
    "perform",
    "truth",
]
