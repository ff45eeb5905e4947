"""Teach a board gestures, and prove that what runs on it is what you trained."""

__version__ = "0.1.0"
