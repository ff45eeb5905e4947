"""The expected calibration error: known figures, bounds, and what a true confidence scores."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinygesture.dataset import Interval
from tinygesture.evaluation.matching import Reported, match
from tinygesture.evaluation.reliability import BINS, of_events, of_steps, reliability
from tinygesture.training.calibration import Outputs

answers = st.lists(st.tuples(st.floats(0, 1), st.booleans(), st.floats(0.1, 5)), min_size=1)


def test_known_figures() -> None:
    of = reliability([0.9, 0.9, 0.9, 0.9, 0.5, 0.5], [1, 1, 1, 0, 1, 0])
    assert of["ece"] == pytest.approx(4 / 6 * 0.15)
    assert of["accuracy"] == pytest.approx(4 / 6)
    assert [one["accuracy"] for one in of["bins"]] == [0.5, 0.75]
    assert [one["share"] for one in of["bins"]] == pytest.approx([2 / 6, 4 / 6])


@given(answers)
def test_the_error_is_bounded_and_explains_the_difference(given_answers) -> None:
    confidence, right, weights = zip(*given_answers, strict=True)
    of = reliability(confidence, right, weights)
    assert abs(of["confidence"] - of["accuracy"]) - 1e-9 <= of["ece"] <= 1
    assert sum(one["share"] for one in of["bins"]) == pytest.approx(1)
    assert len(of["bins"]) <= BINS
    for one in of["bins"]:
        assert one["low"] - 1e-9 <= one["confidence"] <= one["high"] + 1e-9


@given(answers, st.integers(2, 4))
def test_a_weight_is_a_repetition(given_answers, times: int) -> None:
    confidence, right, _ = zip(*given_answers, strict=True)
    weighted = reliability(confidence, right, [times, *[1] * (len(right) - 1)])
    repeated = reliability(
        [confidence[0]] * times + list(confidence[1:]), [right[0]] * times + list(right[1:])
    )
    assert weighted["ece"] == pytest.approx(repeated["ece"])


def test_a_confidence_that_is_the_chance_to_be_right_has_next_to_no_error() -> None:
    rng = np.random.default_rng(0)
    confidence = rng.uniform(0.3, 1, 100_000)
    right = rng.random(100_000) < confidence
    assert reliability(confidence, right)["ece"] < 0.01
    assert reliability(confidence, rng.random(100_000) < confidence**2)["ece"] > 0.1


def test_steps_are_judged_by_their_likeliest_label_and_each_label_by_itself() -> None:
    p = np.array([[0.7, 0.3], [0.7, 0.3], [0.7, 0.3], [0.2, 0.8]])
    of = of_steps(Outputs(p, np.array([0, 0, 1, 1]), np.ones(4)), ["up", "down"])
    assert of["accuracy"] == 0.75
    assert of["ece"] == pytest.approx(0.75 * (0.7 - 2 / 3) + 0.25 * 0.2)
    assert of["labels"]["up"] == pytest.approx(of["labels"]["down"])


def test_nothing_has_no_reliability() -> None:
    with pytest.raises(ValueError, match="no answer"):
        reliability([], [])


def event(label: str, confidence: float, at_s: float) -> Reported:
    return Reported(label, confidence, int(at_s * 1e6) - 100_000, int(at_s * 1e6))


def test_events_are_right_where_they_recognise_a_gesture() -> None:
    performed = [Interval("circle", 0, 1_000_000), Interval("punch", 5_000_000, 6_000_000)]
    events = [
        event("circle", 0.9, 0.8),
        event("circle", 0.95, 1.2),  # once more: it was right already
        event("circle", 0.6, 5.8),  # of a punch
        event("punch", 0.7, 9.0),  # of nothing
    ]
    of = of_events([match(performed, events, ["circle", "punch"])])
    assert of["events"] == 3
    assert of["accuracy"] == pytest.approx(1 / 3)
    assert of["confidence"] == pytest.approx((0.9 + 0.6 + 0.7) / 3)
    assert of["ece"] == pytest.approx((0.1 + 0.6 + 0.7) / 3)


def test_a_model_that_reports_nothing_has_no_confidence_to_judge() -> None:
    assert of_events([match([Interval("circle", 0, 1)], [], ["circle"])]) == {"events": 0}
