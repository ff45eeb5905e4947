"""Figures by hand, and against scikit-learn's definitions written out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinygesture.evaluation.metrics import confusion_matrix, recording_label, score


def test_a_recording_has_the_label_of_the_largest_mean():
    assert recording_label([[5, 0], [0, 2], [0, 2]], 2) == 0
    assert recording_label([[0, 1, 0]], 3) == 1
    assert recording_label([[0, 1, 7]], recorded=2) == 1
    assert recording_label(np.array([[-128, 127]], np.int8), 2) == 1
    with pytest.raises(ValueError, match="one step"):
        recording_label(np.zeros((0, 3)), 3)


def test_figures_by_hand():
    figures = score([0, 0, 1, 1, 1], [0, 1, 1, 1, 0], ["a", "b", "never"])
    assert figures["accuracy"] == pytest.approx(0.6)
    assert figures["confusion"] == [[1, 1, 0], [1, 2, 0], [0, 0, 0]]
    assert figures["labels"]["a"] == {"precision": 0.5, "recall": 0.5, "f1": 0.5, "support": 2}
    assert figures["labels"]["b"]["f1"] == pytest.approx(2 / 3)
    assert figures["macro_f1"] == pytest.approx((0.5 + 2 / 3) / 2)


def test_a_label_without_a_recording_is_no_part_of_the_mean():
    figures = score([0, 0, 1], [0, 2, 1], ["a", "b", "only predicted"])
    assert figures["labels"]["only predicted"]["f1"] == 0
    assert figures["macro_f1"] == pytest.approx((2 / 3 + 1) / 2)
    assert score([], [], ["a"])["macro_f1"] == 0


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1))
def test_figures_agree_with_their_definitions(pairs):
    actual, predicted = zip(*pairs, strict=True)
    figures = score(actual, predicted, list("abcd"))
    matrix = confusion_matrix(actual, predicted, 4)
    assert figures["accuracy"] == pytest.approx(np.mean(np.equal(actual, predicted)))
    assert matrix.sum() == len(pairs) == figures["recordings"]
    for i, label in enumerate("abcd"):
        hits = sum(a == p == i for a, p in pairs)
        precision = hits / max(predicted.count(i), 1)
        recall = hits / max(actual.count(i), 1)
        f1 = 2 * precision * recall / (precision + recall) if hits else 0
        assert figures["labels"][label]["f1"] == pytest.approx(f1)
