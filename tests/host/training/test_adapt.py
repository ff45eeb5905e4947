"""Adapting: quick, repeatable, and it learns what is new."""

import numpy as np
import pytest
from test_streams import gesture

from tinygesture.evaluation.metrics import recording_label
from tinygesture.training.adapt import Adaptation, adapt
from tinygesture.training.architectures import ARCHITECTURES, architecture
from tinygesture.training.examples import Example
from tinygesture.training.fit import Settings, fit
from tinygesture.training.predict import predict

LABELS = ["up", "down"]


def examples(sign: int) -> list[Example]:
    """Two gestures that differ in the direction of their motion; sign -1: the other way round."""
    made = [(gesture(label, centre=60 + i), label) for i in range(6) for label in (0, 1)]
    return [
        Example((sign * (-1) ** label * one.counts).astype(np.int16), label) for one, label in made
    ]


def accuracy(fitted, recordings) -> float:
    rows = predict(fitted, [example.counts for example in recordings])
    answers = [recording_label(row, fitted.recorded) for row in rows]
    return float(np.mean([a == e.label for a, e in zip(answers, recordings, strict=True)]))


@pytest.mark.parametrize("arch", ARCHITECTURES)
def test_somebody_who_does_the_opposite_is_learned(arch):
    usual, opposite = examples(1), examples(-1)
    settings = Settings(epochs=3, passes=1, background_minutes=0.5)
    base = fit(usual, usual[:2], LABELS, architecture(arch), 0, settings)
    before = base.model.get_weights()
    stages: list[tuple[str, int, int]] = []
    brief = Adaptation(epochs=20, streams=64, batch=16, background_minutes=0.5)
    adapted = adapt(base, opposite[:4], 0, brief, lambda *stage: stages.append(stage))
    assert accuracy(base, opposite) < 0.5
    assert accuracy(adapted, opposite) > 0.9
    assert all((a == b).all() for a, b in zip(before, base.model.get_weights(), strict=True))
    kept = (adapted.architecture, adapted.labels, adapted.quantisation, adapted.recorded)
    assert kept == (base.architecture, base.labels, base.quantisation, base.recorded)
    assert stages == [("adapting", epoch, 20) for epoch in range(21)]
    again = adapt(base, opposite[:4], 0, brief)
    weights = zip(adapted.model.get_weights(), again.model.get_weights(), strict=True)
    assert all((a == b).all() for a, b in weights)
