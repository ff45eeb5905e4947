"""Fitting: quick, repeatable, and it learns."""

import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from test_streams import gesture, still

from tinygesture.evaluation.metrics import recording_label
from tinygesture.training.architectures import ARCHITECTURES, architecture
from tinygesture.training.architectures.gru import Gru
from tinygesture.training.fit import Settings, fit
from tinygesture.training.predict import predict

LABELS = ["up", "down", "rest"]
BRIEF = Settings(epochs=1, passes=1, background_minutes=1)


def example(label: int, seed: int):
    """Two gestures that differ in the direction of their motion, and rest."""
    base = still(0) if label == 2 else gesture(0, centre=60 + seed)
    sign = -1 if label == 1 else 1
    return type(base)((sign * base.counts).astype(np.int16), label)


@pytest.fixture(scope="module")
def examples():
    return [example(label, seed) for seed in range(6) for label in range(3)]


@pytest.mark.parametrize("arch", list(ARCHITECTURES))
def test_an_easy_task_is_learned(arch, examples):
    stages = []
    settings = Settings(epochs=4, background_minutes=1)
    fitted = fit(
        examples[3:],
        examples[:3],
        LABELS,
        architecture(arch),
        0,
        settings,
        lambda *s: stages.append(s),
    )
    rows = predict(fitted, [e.counts for e in examples])
    right = [
        recording_label(row, len(LABELS)) == e.label for row, e in zip(rows, examples, strict=True)
    ]
    assert np.mean(right) > 0.9
    assert stages == [("training", epoch, 4) for epoch in range(5)]
    assert len(fitted.history["val_loss"]) == 4


def test_early_stopping_waits_for_so_many_epochs_without_a_better_one(examples, monkeypatch):
    losses = iter([3.0, 2.0, 2.5, 1.0, 1.5, 1.2, 0.5])

    def run(batch, learn):
        return (0.0, 0.0) if learn else (next(losses), 0.0)

    monkeypatch.setattr("tinygesture.training.fit.loop", lambda *_: SimpleNamespace(run=run))
    brief = replace(BRIEF, epochs=7, patience=2, average=0.0)
    fitted = fit(examples[3:], examples[:3], LABELS, Gru(), 0, brief)
    assert fitted.history["val_loss"] == [3.0, 2.0, 2.5, 1.0, 1.5, 1.2]


def test_the_learning_rate_falls_over_the_whole_training(examples, monkeypatch):
    used, batches = [], []

    def loop(arch, model, chunk, optimizer, *_):
        used.append(optimizer)
        return SimpleNamespace(run=run)

    def run(batch, learn):
        batches.extend([batch] if learn else [])
        return 0.0, 0.0

    monkeypatch.setattr("tinygesture.training.fit.loop", loop)
    brief = replace(BRIEF, epochs=4, average=0.0)
    fit(examples[3:], examples[:3], LABELS, Gru(), 0, brief)
    steps, rate = len(batches) * brief.chunks, used[0]._learning_rate
    assert float(rate(steps // 2)) == pytest.approx(brief.learning_rate / 2, rel=0.2)
    assert float(rate(steps)) == pytest.approx(brief.learning_rate / 100, rel=0.01)


def test_the_same_seed_gives_the_same_weights(examples):
    def weights(seed: int):
        fitted = fit(examples[3:], examples[:3], LABELS, Gru(), seed, BRIEF)
        return np.concatenate([w.ravel() for w in fitted.model.get_weights()])

    first = weights(1)
    assert (weights(1) == first).all()
    assert (weights(2) != first).any()


def test_answers_do_not_depend_on_the_company(examples):
    """Recordings of different lengths are padded into one batch, and cut again."""
    fitted = fit(examples[3:], examples[:3], LABELS, Gru(), 0, BRIEF)
    short, long = examples[0].counts[:97], examples[1].counts
    together = predict(fitted, [short, long])
    assert [len(rows) for rows in together] == [97 // 8, len(long) // 8]
    assert together[0] == pytest.approx(predict(fitted, [short])[0], abs=1e-6)
    assert predict(fitted, []) == []


NATIVE = """
import os
from tinygesture.training.backend import quiet
with quiet():
    os.write(2, b"chatter")
try:
    with quiet():
        os.write(2, b"the cause")
        raise OSError
except OSError:
    pass
"""


def test_native_chatter_is_shown_only_with_an_error():
    done = subprocess.run([sys.executable, "-c", NATIVE], capture_output=True, text=True)
    assert done.stderr == "the cause"


def test_tensorflow_loads_quietly():
    code = "from tinygesture.training.backend import tensorflow; tensorflow().constant(1)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_training_code_loads_without_tensorflow():
    code = (
        "import sys, tinygesture.training.fit, tinygesture.evaluation.host; "
        "assert 'tensorflow' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
