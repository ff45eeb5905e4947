"""explained.json: what made the decisions on a few test recordings, for the report."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tinygesture.explanation import explain
from tinygesture.training.examples import Example
from tinygesture.training.fit import Fitted, Progress

FILE = "explained.json"
FORMAT = 1
WRONG, RIGHT = 2, 4  # recordings, at most
LONGEST = 400  # canonical samples: what a longer one takes to explain grows with its square


def explained(
    fitted: Fitted, tested: Mapping[str, Any], examples: Sequence[Example], progress: Progress
) -> dict[str, Any]:
    """Of the first examples of tested.json, wrong and right ones: `Explanation.to_json` of each,
    with the index of its "recording" there.

    examples: the test recordings.
    """
    chosen = [(i, int8) for i, int8 in _chosen(tested) if len(examples[i].counts) <= LONGEST]
    found = []
    for done, (i, int8) in enumerate(chosen, start=1):
        said = explain(fitted, examples[i].counts, np.array(int8, np.int8))
        found.append({**said.to_json(), "recording": i})
        progress("explaining", done, len(chosen))
    return {"format": FORMAT, "explanations": found}


def _chosen(tested: Mapping[str, Any]) -> list[tuple[int, Any]]:
    """(index of the recording, its int8 probabilities)."""
    right: list[tuple[int, Any]] = []
    wrong: list[tuple[int, Any]] = []
    for example in tested["examples"]:
        recording = tested["recordings"][example["recording"]]
        kind = right if recording["int8"]["label"] == recording["label"] else wrong
        kind.append((example["recording"], example["probabilities"]))
    return wrong[:WRONG] + right[:RIGHT]
