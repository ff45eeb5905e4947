"""Wrong labels are found, and what is alone is not doubted."""

import numpy as np
import pytest

from tinygesture.report.likeness import STEP_S, compare, half_span, mean, shape
from tinygesture.synth import make_dataset


def quiet(done, total):
    """Progress that nobody watches."""


@pytest.fixture(scope="module")
def shapes(tmp_path_factory):
    """100 shapes and their labels."""
    dataset = make_dataset(
        tmp_path_factory.mktemp("d") / "d", ["circle", "punch", "flex", "rest"], range(1, 6), 5
    )
    half_s = half_span(dataset.entries)
    recordings = [dataset.load(entry) for entry in dataset.entries]
    made = [shape(one.t_us, one.counts, half_s)[0] for one in recordings]
    return np.array(made), [entry.label for entry in dataset.entries]


@pytest.mark.parametrize("seed", range(5))
def test_wrong_labels_come_first(shapes, seed):
    made, labels = shapes
    rng = np.random.default_rng(seed)
    wrong = rng.choice(len(labels), 2, replace=False).tolist()
    given = [*labels]
    for i in wrong:
        given[i] = rng.choice(sorted({*labels} - {labels[i]}))
    found = compare(made, given, quiet)
    doubt = [alike.doubt for alike in found]
    assert {*np.argsort(doubt)[-2:].tolist()} == {*wrong}
    assert [found[i].nearest for i in wrong] == [labels[i] for i in wrong]


def test_a_shape_is_around_the_middle_of_the_motion():
    t_us = np.arange(200, dtype=np.int64) * 10_000
    for at in (60, 140):
        counts = np.zeros((200, 6), np.int16)
        counts[at - 5 : at + 6, 0] = 8192
        made, middle_s = shape(t_us, counts, 0.5)
        assert middle_s == pytest.approx(at / 100)
        assert made.shape == (round(1.0 / STEP_S) + 1, 6)
        assert made[25, 0] == pytest.approx(1.0) and made[0, 0] == 0


def test_a_single_recording_and_a_single_label_are_not_doubted(shapes):
    made, labels = shapes
    [alone] = compare(made[:1], labels[:1], quiet)
    assert (alone.distance, alone.doubt, alone.nearest) == (1.0, 0.0, "")
    circles = made[[label == "circle" for label in labels]]
    found = compare(circles, ["circle"] * len(circles), quiet)
    assert np.median([alike.distance for alike in found]) == pytest.approx(1.0)
    assert max(alike.doubt for alike in found) == 0


def test_equal_recordings_are_as_near_as_can_be(shapes):
    made, _ = shapes
    found = compare(np.repeat(made[:1], 6, axis=0), ["a"] * 3 + ["b"] * 3, quiet)
    assert all(np.isfinite([alike.distance, alike.doubt]).all() for alike in found)


@pytest.mark.parametrize("slips", [1, 2])
def test_a_label_by_mistake_is_found_and_attracts_nothing(shapes, slips):
    made, labels = shapes
    for own in ("circle", "punch", "flex", "rest"):
        wrong = [i for i, label in enumerate(labels) if label == own][7 : 7 + slips]
        given = ["wave" if i in wrong else label for i, label in enumerate(labels)]
        found = compare(made, given, quiet)
        assert [i for i, alike in enumerate(found) if alike.doubt > 1] == wrong
        assert {found[i].nearest for i in wrong} == {own}
        assert "wave" not in {alike.nearest for alike in found}


def test_a_new_label_with_one_recording_is_not_doubted(shapes):
    made, labels = shapes
    for own in ("circle", "punch", "flex"):
        last = len(labels) - 1 - labels[::-1].index(own)
        some = [i for i, label in enumerate(labels) if label != own or i == last]
        found = compare(made[some], [labels[i] for i in some], quiet)
        assert found[some.index(last)].doubt < 1


def test_a_mean_is_of_samples_only():
    """Two recordings end 0.1 s after their middle, one goes on: after that there is no mean."""
    t_us = np.arange(101, dtype=np.int64) * 10_000
    counts = np.zeros((101, 6), np.int16)
    counts[48:53] = 8192
    short = slice(0, 61)
    parts = [(t_us, counts), (t_us[short], counts[short]), (t_us[short], counts[short])]
    shapes = np.array([shape(*part, 1.0)[0] for part in parts])
    found = mean(shapes, 1.0)
    assert found.seconds[0] == pytest.approx(-0.5) and found.seconds[-1] == pytest.approx(0.1)
    assert np.isfinite(found.mean).all() and np.isfinite(found.spread).all()
    assert mean(shapes[:2], 1.0).seconds[-1] == pytest.approx(0.5)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_shape_of_hardly_any_samples_has_a_middle(count):
    t_us = np.arange(count, dtype=np.int64) * 3000
    counts = np.full((count, 6), 100, np.int16)
    counts[-1] = 4000
    made, _ = shape(t_us, counts, 0.5)
    assert np.isfinite(made[25]).all()
    assert len(mean(made[None], 0.5).seconds) >= 1
