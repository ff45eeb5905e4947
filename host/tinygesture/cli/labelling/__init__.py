"""Saying what happened when in a continuous recording."""
