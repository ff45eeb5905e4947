"""Make a synthetic data set with the virtual hand."""

from tinygesture.synth.command import synth as command

__all__ = ["command"]
