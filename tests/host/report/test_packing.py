"""Thinned and packed samples keep what matters."""

import base64

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tinygesture.report.packing import MAX_ROWS, MIN_ROWS, ROWS, knots, pack, row_limit, thin

counts = st.integers(1, 400).flatmap(lambda n: arrays(np.int16, (n, 6)))
steps = st.lists(st.sampled_from([8000, 8400, 5000, 90_000]), max_size=300)


@given(st.lists(counts, min_size=1, max_size=5))
def test_each_recording_can_be_decoded_alone(parts):
    text, start = pack(parts), 0
    for part in parts:
        alone = base64.b64decode(text[16 * start : 16 * (start + len(part))])
        assert np.array_equal(np.frombuffer(alone, "<i2").reshape(-1, 6), part)
        start += len(part)


@given(counts, st.integers(4, 200))
def test_thinning_keeps_the_extremes_and_the_order_of_time(values, limit):
    t_us = np.arange(len(values), dtype=np.int64) * 8000
    times, thinned = thin(t_us, values, limit)
    assert len(times) == len(thinned) <= max(limit, 1)
    assert np.array_equal(thinned.max(axis=0), values.max(axis=0))
    assert np.array_equal(thinned.min(axis=0), values.min(axis=0))
    assert len(set(np.diff(times)[:-2].tolist())) <= 1  # even, so that no gap appears
    assert times[0] == 0 and np.all(np.diff(times) >= 0) and times[-1] <= t_us[-1]


@given(steps)
def test_times_come_back_from_their_knots(steps):
    t_us = np.concatenate([[0], np.cumsum(steps)]).astype(np.int64)
    rows, ms = np.array(knots(t_us)).T
    assert rows[0] == 0 and rows[-1] == len(t_us) - 1
    times = np.interp(np.arange(len(t_us)), rows, ms)
    gaps = np.flatnonzero(np.diff(t_us) > 80_000)
    if len(steps) and np.median(steps) < 10_000:
        assert np.allclose(times[gaps], t_us[gaps] / 1000, atol=0.06)
        assert np.allclose(times[gaps + 1], t_us[gaps + 1] / 1000, atol=0.06)


def test_the_page_stays_small_enough():
    assert row_limit(1) == MAX_ROWS
    assert row_limit(10_000) * 10_000 <= ROWS
    assert row_limit(10**6) == MIN_ROWS
