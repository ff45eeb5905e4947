"""A bundle's answers to recordings, on the host: int8, exact, by TensorFlow Lite Micro."""

from collections.abc import Callable
from typing import Any

from tinygesture.contract import Int8, Int16
from tinygesture.dataset import Dataset, Entry
from tinygesture.evaluation.metrics import recording_label, score
from tinygesture.evaluation.robustness import robustness
from tinygesture.export.bundle import Bundle
from tinygesture.export.tflm import Tflm
from tinygesture.training.examples import Example, canonical, pad

Predict = Callable[[Int16], Int8]  # canonical samples from reset -> probabilities of each step


class HostModel:
    """One bundle in the interpreter."""

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._tflm = Tflm(bundle.model, bundle.state)

    def predict(
        self, counts: Int16, progress: Callable[[int], None] = lambda samples: None
    ) -> Int8:
        """Canonical samples int16[M, 6], from reset -> probabilities int8[steps, labels]."""
        x = self._bundle.quantisation.quantise(counts)
        return self._tflm.run(x, self._bundle.window, self._bundle.hop, progress)


def stimulus(dataset: Dataset, entry: Entry, window: int) -> Int16:
    """What a model is shown of a recording: int16[M, 6] at the canonical rate, M >= window.

    The longest stretch without a gap, its first sample held in front where it is too short. A
    board gets the same samples, 10 ms apart.
    """
    recording = dataset.load(entry)
    return pad(canonical(recording.t_us, recording.counts), window)


def evaluate(
    bundle: Bundle,
    dataset: Dataset,
    predict: Predict,
    progress: Callable[[str, int, int], None] = lambda stage, done, total: None,
) -> dict[str, Any]:
    """`score` of every recording of a data set whose label the model knows.

    Also "unknown_labels": recordings left out, by label.
    """
    entries = known(bundle, dataset)
    actual, predicted = [], []
    for done, entry in enumerate(entries):
        actual.append(bundle.labels.index(entry.label))
        rows = predict(stimulus(dataset, entry, bundle.window))
        predicted.append(recording_label(rows, len(bundle.recorded)))
        progress("evaluating", done + 1, len(entries))
    left_out = [entry.label for entry in dataset.entries if entry.label not in bundle.recorded]
    counted = {label: left_out.count(label) for label in sorted(set(left_out))}
    return {**score(actual, predicted, bundle.recorded), "unknown_labels": counted}


def evaluate_robustness(
    bundle: Bundle,
    dataset: Dataset,
    progress: Callable[[str, int, int], None] = lambda stage, done, total: None,
) -> dict[str, Any]:
    """`robustness` of the recordings of a data set whose label the model knows, on the host."""
    model = HostModel(bundle)
    examples = [
        Example(stimulus(dataset, entry, bundle.window), bundle.labels.index(entry.label))
        for entry in known(bundle, dataset)
    ]

    def answer(counts: Int16) -> int:
        return recording_label(model.predict(pad(counts, bundle.window)), len(bundle.recorded))

    return robustness(answer, examples, progress)


def known(bundle: Bundle, dataset: Dataset) -> list[Entry]:
    """The recordings of gestures that the model has a label for."""
    return [entry for entry in dataset.entries if entry.label in bundle.recorded]
