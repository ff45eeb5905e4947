"""Figures from the answers to the test recordings, each with its 95 % interval."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from tinygesture.evaluation.statistics import Proportion, proportion
from tinygesture.export.bundle import Bundle
from tinygesture.export.tested import FILE as TESTED


class Share(NamedTuple):
    """hits of `of`, as a proportion with its interval."""

    hits: int
    of: int
    proportion: Proportion


class Label(NamedTuple):
    """recall: of its recordings those that were recognised; precision: of the answers that name it
    those that are right. None where there is nothing to count.
    """

    name: str
    recall: Share | None
    precision: Share | None
    f1: float


class Row(NamedTuple):
    """cells: (count, its share of the row in tenths)."""

    label: str
    cells: list[tuple[int, int]]


def share(hits: int, of: int) -> Share | None:
    return Share(hits, of, proportion(hits, of)) if of else None


def read(bundle: Bundle) -> dict[str, Any] | None:
    """tested.json, where the bundle has it."""
    return json.loads(bundle.files[TESTED]) if TESTED in bundle.files else None


def all_right(metrics: Mapping[str, Any]) -> Share | None:
    confusion = metrics["confusion"]
    hits = sum(row[i] for i, row in enumerate(confusion))
    return share(hits, sum(map(sum, confusion)))


def seen(metrics: Mapping[str, Any]) -> list[int]:
    """Indices of the labels that were recorded or answered."""
    rows = metrics["confusion"]
    columns = list(zip(*rows, strict=True))
    return [i for i in range(len(rows)) if any(rows[i]) or any(columns[i])]


def confusion(metrics: Mapping[str, Any], labels: Sequence[str]) -> list[Row]:
    """One row for each label that was recorded or answered, and the same columns."""
    matrix, kept = metrics["confusion"], seen(metrics)
    return [
        Row(
            labels[i],
            [(matrix[i][j], -(-10 * matrix[i][j] // max(sum(matrix[i]), 1))) for j in kept],
        )
        for i in kept
    ]


def by_label(metrics: Mapping[str, Any], labels: Sequence[str]) -> list[Label]:
    matrix = metrics["confusion"]
    return [
        Label(
            labels[i],
            share(matrix[i][i], sum(matrix[i])),
            share(matrix[i][i], sum(row[i] for row in matrix)),
            metrics["labels"][labels[i]]["f1"],
        )
        for i in seen(metrics)
    ]


def by_person(tested: Mapping[str, Any] | None) -> list[tuple[str, Share]]:
    """Of each person in the test recordings, the worst first."""
    if tested is None:
        return []
    of: Counter[tuple[str, str]] = Counter()
    hits: Counter[tuple[str, str]] = Counter()
    for one in tested["recordings"]:
        person = one["dataset"], one["subject"]
        of[person] += 1
        hits[person] += one["int8"]["label"] == one["label"]
    sharing = Counter(subject for _, subject in of)
    rows = [
        (
            subject if sharing[subject] == 1 else f"{subject} ({dataset[:8]})",
            Share(
                hits[dataset, subject],
                of[dataset, subject],
                proportion(hits[dataset, subject], of[dataset, subject]),
            ),
        )
        for dataset, subject in sorted(of)
    ]
    return sorted(rows, key=lambda row: row[1].proportion.value)


def wrong(tested: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """The recordings that the int8 model gets wrong, the surest first."""
    if tested is None:
        return []
    found = [one for one in tested["recordings"] if one["int8"]["label"] != one["label"]]
    return sorted(found, key=lambda one: -one["int8"]["confidence"])
