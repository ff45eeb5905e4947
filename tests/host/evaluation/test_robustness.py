"""Each condition is the physics that it names, repeatable, and nothing at its neutral point."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinygesture.contract import COUNTS_PER_UNIT, Int16, to_counts
from tinygesture.evaluation.robustness import (
    BOARD_HZ,
    CONDITIONS,
    LONGEST_LOSS,
    changed,
    robustness,
)
from tinygesture.training.examples import Example

SECONDS = np.arange(200) / 100


def swing(hz: float = 1.0) -> Int16:
    """g and °/s that turn slowly enough for every rate here."""
    phase = 2 * np.pi * hz * SECONDS[:, None] + np.arange(6)
    return to_counts(np.sin(phase) * [1, 0.5, 1, 300, 200, 100])


def units(counts: Int16):
    return counts / COUNTS_PER_UNIT


def under(name: str, at: float, counts: Int16 | None = None, number: int = 0) -> Int16:
    return changed(swing() if counts is None else counts, CONDITIONS[name], at, number)


@pytest.mark.parametrize("name", CONDITIONS)
def test_every_point_gives_samples_again_and_the_same_ones(name: str) -> None:
    for at in CONDITIONS[name].points:
        one = under(name, at)
        assert one.dtype == np.int16 and one.shape[1] == 6 and len(one) >= 100
        assert (one == under(name, at)).all()
        assert (at == CONDITIONS[name].neutral) == np.array_equal(one, swing())


def test_points_rise_and_hold_the_neutral_one() -> None:
    for condition in CONDITIONS.values():
        assert list(condition.points) == sorted(set(condition.points))
        assert condition.neutral is None or condition.neutral in condition.points


def test_noise_has_the_strength_it_is_called() -> None:
    added = units(under("noise", 100, np.zeros((20_000, 6), np.int16)))
    assert added[:, :3].std() == pytest.approx(0.1, rel=0.02)
    assert added[:, 3:].std() == pytest.approx(50, rel=0.02)


@given(st.floats(0, 180), st.integers(0, 1000))
def test_a_tilt_turns_both_sensors_alike_and_by_its_angle(degrees: float, number: int) -> None:
    before = np.random.default_rng(0).normal(0, 5000, (40, 6)).round()
    after = under("tilt", degrees, before.astype(np.int16), number).astype(float)
    assert np.linalg.norm(after[:, :3], axis=1) == pytest.approx(
        np.linalg.norm(before[:, :3], axis=1), abs=2
    )
    matrix = np.linalg.lstsq(before[:, :3], after[:, :3], rcond=None)[0]
    assert before[:, 3:] @ matrix == pytest.approx(after[:, 3:], abs=4)
    assert np.trace(matrix) == pytest.approx(1 + 2 * np.cos(np.radians(degrees)), abs=0.01)


def test_what_is_faster_is_shorter_and_turns_faster() -> None:
    fast = under("speed", 1.6)
    assert len(fast) == pytest.approx(200 / 1.6, abs=1)
    expected = units(swing(1.6))[: len(fast)]
    assert units(fast)[:, 3:] == pytest.approx(1.6 * expected[:, 3:], abs=5)


def test_what_is_faster_is_harder_and_as_heavy() -> None:
    shaken = np.zeros((400, 6))
    shaken[:, 2] = 1 + 0.5 * np.sin(2 * np.pi * 4 * np.arange(400) / 100)
    fast = units(under("speed", 1.6, to_counts(shaken)))[40:-40, 2]
    assert fast.mean() == pytest.approx(1, abs=0.05)
    assert np.ptp(fast) == pytest.approx(1.6**2, abs=0.3)


def test_a_gain_scales_and_saturates() -> None:
    assert under("gain", 1.3, np.full((30, 6), 10_000, np.int16))[0, 0] == 13_000
    assert under("gain", 1.3, np.full((30, 6), -32_768, np.int16))[0, 0] == -32_768


@pytest.mark.parametrize("hz", CONDITIONS["rate"].points)
def test_slow_motion_survives_every_rate(hz: float) -> None:
    """Up to a phase of one period, as the grid begins at another moment."""
    seen = under("rate", hz)
    assert len(seen) >= 197
    worst = min(
        np.abs(units(seen) - units(swing(1.0))[i : i + len(seen)]).max()
        for i in range(200 - len(seen) + 1)
    )
    assert worst < 2 * np.pi * 300 / hz + 1


@given(st.sampled_from([5, 40, 100]), st.integers(0, 50))
def test_losses_never_make_the_board_begin_anew(percent: float, number: int) -> None:
    """Interpolated over all of its length: a restart would have left a part only."""
    seen = under("dropped", percent, number=number)
    assert 200 - LONGEST_LOSS - 2 <= len(seen) <= 200


def test_losses_are_as_many_as_they_are_called(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[int] = []
    monkeypatch.setattr(
        "tinygesture.evaluation.robustness.canonical",
        lambda t_us, counts: kept.append(len(t_us)) or counts,
    )
    under("dropped", 20, np.zeros((10_000, 6), np.int16))
    assert kept[0] / (100 * BOARD_HZ) == pytest.approx(0.8, abs=0.02)


def test_a_curve_counts_what_is_right() -> None:
    """Told apart by its sign, a motion survives everything but being turned over."""
    up = np.tile(to_counts([0, 0, 1, 0, 0, 0]), (100, 1))
    examples = [Example(up, 0), Example((-up).astype(np.int16), 1)] * 5
    stages = []
    figures = robustness(
        lambda counts: int(counts[:, 2].mean() < 0), examples, lambda *stage: stages.append(stage)
    )
    assert figures["recordings"] == 10 and set(figures["curves"]) == set(CONDITIONS)
    for curve in figures["curves"].values():
        for point in curve["points"]:
            assert point["value"] == 1 and point["high"] == 1 and 0.6 < point["low"] < 0.8
    assert stages[0][1] == 0 and stages[-1][1] == stages[-1][2] == len(stages) - 1


def test_a_curve_falls_where_the_model_is_wrong() -> None:
    still = np.zeros((100, 6), np.int16)
    figures = robustness(lambda counts: int(np.abs(counts).max() > 2000), [Example(still, 0)] * 3)
    noise = [point["value"] for point in figures["curves"]["noise"]["points"]]
    assert noise[0] == 1 and noise[-1] == 0
