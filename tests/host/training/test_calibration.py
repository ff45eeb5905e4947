"""One temperature: found where it is known, harmless to the answers, free of cost."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_streams import gesture, still

from tinygesture.contract import Quantisation
from tinygesture.training import calibration
from tinygesture.training.architectures import ARCHITECTURES, architecture
from tinygesture.training.augment import Augmentation
from tinygesture.training.background import VALIDATION_PEOPLE, background_examples
from tinygesture.training.calibration import (
    HIGHEST,
    LOWEST,
    Outputs,
    calibrate,
    folded,
    likelihood_loss,
    outputs,
    scaled,
    stream_outputs,
    temperature,
)
from tinygesture.training.examples import Example
from tinygesture.training.fit import Fitted
from tinygesture.training.predict import predict

LABELS = ("up", "down", "rest", "background")


def drawn(true_temperature: float, seed: int = 0, count: int = 20_000) -> Outputs:
    """Labels drawn from probabilities, and what a model says that is so much too sure."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 2, (count, 4))
    honest = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    labels = (honest.cumsum(axis=1) < rng.random((count, 1))).sum(axis=1).clip(max=3)
    return scaled(Outputs(honest, labels, np.ones(count)), 1 / true_temperature)


@settings(max_examples=10, deadline=None)
@given(st.floats(0.3, 2.5), st.integers(0, 100))
def test_a_temperature_is_found_again(true: float, seed: int) -> None:
    """At higher ones the least probabilities are no longer told from 0: it comes out too low."""
    assert temperature(drawn(true, seed)) == pytest.approx(true, rel=0.05)


@settings(max_examples=20, deadline=None)
@given(st.floats(0.3, 4), st.floats(0.11, 9))
def test_no_other_temperature_fits_better(true: float, other: float) -> None:
    of = drawn(true, count=500)
    best = likelihood_loss(scaled(of, temperature(of)))
    assert best <= likelihood_loss(scaled(of, other)) + 1e-6
    assert best <= likelihood_loss(of) + 1e-6


def test_steps_of_no_weight_say_nothing() -> None:
    of, wrong = drawn(2.0, count=2000), drawn(0.3, seed=1, count=2000)
    both = Outputs(
        np.concatenate([of.probabilities, wrong.probabilities]),
        np.concatenate([of.labels, wrong.labels]),
        np.concatenate([of.weights, 0 * wrong.weights]),
    )
    assert temperature(both) == pytest.approx(temperature(of), abs=1e-4)


@given(st.floats(0.1, 10))
def test_no_temperature_changes_an_answer(at: float) -> None:
    of = drawn(1.0, count=100)
    changed = scaled(of, at).probabilities
    assert changed.sum(axis=1) == pytest.approx(1)
    picked = np.take_along_axis(changed, of.probabilities.argmax(axis=1)[:, None], 1)[:, 0]
    assert picked == pytest.approx(changed.max(axis=1))


@pytest.fixture(params=list(ARCHITECTURES))
def untrained(request: pytest.FixtureRequest) -> Fitted:
    chosen = architecture(request.param)
    quantisation = Quantisation((400,) * 6, 16)
    return Fitted(chosen, chosen.build(len(LABELS)), quantisation, LABELS, len(LABELS), {})


LONG_AFTER = np.repeat(gesture(1).counts, [1] * (len(gesture(1).counts) - 1) + [200], axis=0)
EXAMPLES = [gesture(0, centre=70), Example(LONG_AFTER, 1), still(2)]


def test_the_fold_is_the_scaling(untrained: Fitted) -> None:
    counts = [example.counts for example in EXAMPLES]
    before, after = predict(untrained, counts), predict(folded(untrained, 0.4), counts)
    again = predict(untrained, counts)
    for rows, changed, same in zip(before, after, again, strict=True):
        zeros = np.zeros(len(rows), int)
        expected = scaled(Outputs(rows.astype(float), zeros, np.ones(len(rows))), 0.4)
        assert changed == pytest.approx(expected.probabilities, abs=1e-4)
        assert (rows == same).all()  # the model given is as it was


def test_calibration_lowers_the_loss_of_streams_of_the_same_recordings(untrained: Fitted) -> None:
    stages = []
    calibrated, found = calibrate(untrained, EXAMPLES, lambda *stage: stages.append(stage))
    quiet = background_examples(1, VALIDATION_PEOPLE, 1, LABELS)

    def loss(of: Fitted) -> float:
        streams = stream_outputs(of, [*EXAMPLES, *quiet], Augmentation(), seed=2)
        return likelihood_loss(streams)

    assert stages == [("calibrating", 0, 1), ("calibrating", 1, 1)]
    assert LOWEST < found < HIGHEST
    assert loss(calibrated) <= loss(untrained) + 0.01


@pytest.mark.parametrize(
    ("best", "flattering", "expected"), [(0.5, False, 0.5), (0.5, True, 1.0), (2.0, True, 2.0)]
)
def test_flattering_recordings_make_no_probability_surer(
    untrained: Fitted,
    monkeypatch: pytest.MonkeyPatch,
    best: float,
    flattering: bool,
    expected: float,
) -> None:
    monkeypatch.setattr(calibration, "temperature", lambda of: best)
    calibrated, found = calibrate(untrained, EXAMPLES, flattering=flattering)
    (row,) = predict(calibrated, [EXAMPLES[0].counts])
    (scaled_row,) = predict(folded(untrained, expected), [EXAMPLES[0].counts])
    assert found == expected
    assert (row == scaled_row).all()


def test_outputs_are_the_steps_at_which_a_label_holds(untrained: Fitted) -> None:
    rows = predict(untrained, [example.counts for example in EXAMPLES])
    of = outputs(rows, EXAMPLES, untrained.architecture, LABELS)
    assert of.probabilities.shape == (len(of.labels), 4) and len(of.weights) == len(of.labels)
    assert 0 < len(of.labels) < sum(map(len, rows))
    assert set(of.labels) == {0, 1, 2} and (of.weights > 0).all()
