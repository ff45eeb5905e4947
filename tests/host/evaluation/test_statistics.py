"""Intervals: known figures, bounds that always hold, and how often they hold the truth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from tinygesture.evaluation.statistics import proportion, rate


@st.composite
def shares(draw: st.DrawFn) -> tuple[int, int]:
    of = draw(st.integers(1, 10_000))
    return draw(st.integers(0, of)), of


def test_known_figures() -> None:
    half = proportion(5, 10)  # Wilson by hand: (5 + z²/2 ± z sqrt(10/4 + z²/4)) / (10 + z²)
    assert (half.value, half.low, half.high) == pytest.approx((0.5, 0.23659, 0.76341), abs=1e-5)
    assert rate(0, 1).upper == pytest.approx(-np.log(0.05))  # P(nothing) = exp(-rate)
    assert rate(4, 10).upper == pytest.approx(0.91535, abs=1e-5)


@given(shares())
def test_a_proportion_lies_in_its_interval(share: tuple[int, int]) -> None:
    hits, of = share
    p = proportion(hits, of)
    assert 0 <= p.low <= p.value == hits / of <= p.high <= 1
    assert p.low < p.high
    misses = proportion(of - hits, of)
    assert (misses.low, misses.high) == pytest.approx((1 - p.high, 1 - p.low), abs=1e-9)


@given(shares(), st.integers(2, 10))
def test_more_recordings_narrow_the_interval(share: tuple[int, int], times: int) -> None:
    few, many = proportion(*share), proportion(share[0] * times, share[1] * times)
    assert many.high - many.low < few.high - few.low


@given(st.integers(0, 1000), st.floats(0.01, 1000))
def test_the_upper_bound_is_the_rate_at_which_so_few_are_rare(count: int, hours: float) -> None:
    r = rate(count, hours)
    assert r.value == count / hours < r.upper
    assert poisson.cdf(count, r.upper * hours) == pytest.approx(0.05)
    assert rate(count + 1, hours).upper > r.upper > rate(count, 2 * hours).upper


def test_the_interval_holds_the_truth_in_about_95_of_100_studies() -> None:
    rng = np.random.default_rng(0)
    drawn = rng.binomial(200, 0.9, 2000)
    held = [p.low <= 0.9 <= p.high for p in (proportion(int(hits), 200) for hits in drawn)]
    assert 0.93 < np.mean(held) < 0.97


@pytest.mark.parametrize(("hits", "of"), [(0, 0), (-1, 5), (6, 5)])
def test_what_is_no_proportion_is_refused(hits: int, of: int) -> None:
    with pytest.raises(ValueError, match="no proportion"):
        proportion(hits, of)


@pytest.mark.parametrize(("count", "hours"), [(-1, 1.0), (1, 0.0), (1, -1.0), (1, float("nan"))])
def test_what_is_no_rate_is_refused(count: int, hours: float) -> None:
    with pytest.raises(ValueError, match="no rate"):
        rate(count, hours)
