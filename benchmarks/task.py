"""One question to all methods: learn from these recordings, and name those."""

from dataclasses import dataclass

from tinygesture.dataset import Dataset, Split
from tinygesture.training.examples import Example, load

Prediction = dict[str, list[int]]  # a row of the table -> the label of each test recording


@dataclass(frozen=True)
class Task:
    """One fold of a data set: recordings at the canonical rate, and where they come from."""

    dataset: Dataset
    split: Split
    labels: list[str]
    train: list[Example]
    validation: list[Example]
    test: list[Example]

    @classmethod
    def of(cls, dataset: Dataset, split: Split) -> "Task":
        """The labels are those to train on."""
        labels = sorted({entry.label for entry in split.train})
        parts = (split.train, split.validation, split.test)
        return cls(dataset, split, labels, *(load(dataset, part, labels) for part in parts))
