"""Recordings and data sets on disk."""

from tinygesture.dataset.csv import read as read_csv
from tinygesture.dataset.index import Entry
from tinygesture.dataset.intervals import Interval
from tinygesture.dataset.recording import Meta, Recording, check_name, measure
from tinygesture.dataset.splits import Split, split
from tinygesture.dataset.store import Dataset

__all__ = [
    "Dataset",
    "Entry",
    "Interval",
    "Meta",
    "Recording",
    "Split",
    "check_name",
    "measure",
    "read_csv",
    "split",
]
