"""The contract in Python and in C++: equal on every input, and right on inputs known by hand."""

import ctypes

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tinygesture.contract import (
    CANONICAL_PERIOD_US,
    MAX_GAP_US,
    Quantisation,
    Resampler,
    resample,
    to_counts,
    to_units,
)

counts_row = st.lists(st.integers(-32768, 32767), min_size=6, max_size=6)
usual_step = st.integers(3_000, 12_000)
odd_step = st.sampled_from([0, 1, 9_999, 10_000, 10_001, MAX_GAP_US, MAX_GAP_US + 1, 2**31, -5_000])
streams = st.tuples(
    st.integers(0, 2**32 - 1),
    st.lists(st.tuples(st.one_of(usual_step, odd_step), counts_row), min_size=1, max_size=40),
)


def in_cpp(twins: ctypes.CDLL, t_us: np.ndarray, counts: np.ndarray):
    """(gaps, [(restarted, times, canonical samples)]) of the firmware's resampler."""
    n = len(t_us)
    times = np.ascontiguousarray(t_us, np.uint32)
    raw = np.ascontiguousarray(counts, np.int16)
    restarted, produced = np.zeros(n, np.uint8), np.zeros(n, np.uint8)
    out_t, out = np.zeros(n * 6, np.uint32), np.zeros((n * 6, 6), np.int16)
    gaps = twins.twin_resample(
        times.ctypes, raw.ctypes, n, restarted.ctypes, produced.ctypes, out_t.ctypes, out.ctypes
    )
    ends = np.cumsum(produced.astype(int))
    begins = ends - produced
    pieces = [
        (bool(r), out_t[b:e], out[b:e]) for r, b, e in zip(restarted, begins, ends, strict=True)
    ]
    return gaps, pieces


@given(streams)
def test_streaming_resampler_equals_its_twin(twins, stream):
    start, steps = stream
    t_us = (start + np.cumsum([step for step, _ in steps])) & 0xFFFFFFFF
    counts = np.array([row for _, row in steps], np.int16)
    gaps, pieces = in_cpp(twins, t_us, counts)
    resampler = Resampler()
    for t, row, (restarted, _, canonical) in zip(t_us, counts, pieces, strict=True):
        python_restarted, python_canonical = resampler.push(int(t), row)
        assert python_restarted == restarted
        assert np.array_equal(np.array(python_canonical).reshape(-1, 6), canonical)
    assert resampler.gaps == gaps


@given(streams)
def test_resampling_a_recording_equals_the_stream(stream):
    _, steps = stream
    t_us = np.cumsum([step for step, _ in steps]).astype(np.int64)
    counts = np.array([row for _, row in steps], np.int16)
    resampler = Resampler()
    stretches: list[list] = []
    for t, row in zip(t_us, counts, strict=True):
        restarted, canonical = resampler.push(int(t) & 0xFFFFFFFF, row)
        if restarted:
            stretches.append([])
        stretches[-1] += canonical
    whole = resample(t_us, counts)
    assert len(whole) == len(stretches)
    for ours, streamed in zip(whole, stretches, strict=True):
        assert np.array_equal(ours, np.array(streamed))


@given(streams)
def test_canonical_samples_lie_on_the_grid_between_their_neighbours(twins, stream):
    start, steps = stream
    t_us = (start + np.cumsum([step for step, _ in steps])) & 0xFFFFFFFF
    counts = np.array([row for _, row in steps], np.int16)
    _, pieces = in_cpp(twins, t_us, counts)
    grid = 0
    for i, (restarted, times, canonical) in enumerate(pieces):
        if restarted:
            grid = int(t_us[i])
            assert np.array_equal(canonical[0], counts[i])
        for t, row in zip(times, canonical, strict=True):
            assert int(t) == grid
            grid = (grid + CANONICAL_PERIOD_US) & 0xFFFFFFFF
            low = np.minimum(counts[i], counts[max(i - 1, 0)])
            high = np.maximum(counts[i], counts[max(i - 1, 0)])
            assert restarted or ((low <= row) & (row <= high)).all()


def test_resampler_by_hand():
    # 8 ms apart; the grid point at 10 ms lies a quarter of the way from 100 to 201 and -100 to -201
    counts = np.array([[0] * 6, [100, -100, 0, 0, 0, 0], [201, -201, 0, 0, 0, 0]], np.int16)
    (canonical,) = resample(np.array([0, 8_000, 16_000]), counts)
    assert canonical[:, :2].tolist() == [[0, 0], [125, -125]]


def test_halves_round_up_on_both_sides_of_zero():
    counts = np.array([[0] * 6, [1, -1, 3, -3, 0, 0]], np.int16)
    (canonical,) = resample(np.array([0, 20_000]), counts)
    assert canonical[1, :4].tolist() == [1, 0, 2, -1]


@given(
    st.lists(st.integers(0, 32767), min_size=6, max_size=6),
    st.integers(1, 24),
    st.lists(counts_row, min_size=1, max_size=20),
)
def test_quantisation_equals_its_twin(twins, multipliers, shift, rows):
    counts = np.array(rows, np.int16)
    out = np.zeros(counts.shape, np.int8)
    raw = np.array(multipliers, np.int32)
    twins.twin_quantise(raw.ctypes, ctypes.c_uint8(shift), counts.ctypes, len(counts), out.ctypes)
    assert np.array_equal(Quantisation(tuple(multipliers), shift).quantise(counts), out)


def test_quantisation_saturates_and_rounds():
    quantisation = Quantisation((256,) * 6, 16)
    counts = np.array([[32767, -32768, 127, 128, -128, -129]], np.int16)
    assert quantisation.quantise(counts).tolist() == [[127, -128, 0, 1, 0, -1]]


def test_chosen_quantisation_fits_the_data():
    rng = np.random.default_rng(1)
    counts = np.clip(rng.normal(0, [6000] * 3 + [3000] * 3, (5000, 6)), -32768, 32767)
    quantised = Quantisation.choose(counts.astype(np.int16)).quantise(counts.astype(np.int16))
    peak = np.percentile(np.abs(quantised.astype(int)), 99.5)
    assert 90 <= peak <= 100


@given(counts_row)
def test_units_give_back_the_counts(row):
    assert to_counts(to_units(row)).tolist() == row


def test_units():
    units = to_units([8192, -32768, 0, 16384, 0, -32768])
    assert units.tolist() == [1.0, -4.0, 0.0, 1000.0, 0.0, -2000.0]
    assert to_counts([9, -9, 0, 9999, 0, 0]).tolist() == [32767, -32768, 0, 32767, 0, 0]
