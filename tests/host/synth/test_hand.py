"""Scripts and live performances: what is done, when, and the same again from the same seed."""

import time
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinygesture.contract import resample, to_units
from tinygesture.errors import UserError
from tinygesture.synth import IMUS, LABELS, Item, LiveHand, parse_script, perform, truth
from tinygesture.synth.person import Person

GESTURES = ("circle", "punch", "flex", "wave")


def activity(counts: np.ndarray) -> np.ndarray:
    """How much the board turns and is pushed: per sample, at rest well below 1."""
    units = to_units(counts)
    push = np.abs(np.linalg.norm(units[:, :3], axis=1) - 1) / 0.15
    return push + np.linalg.norm(units[:, 3:], axis=1) / 40


class TestPerform:
    def test_same_arguments_same_performance(self) -> None:
        one, two = (perform([("circle", 1.5), ("rest", 1)], 3, 5) for _ in range(2))
        np.testing.assert_array_equal(one.t_us, two.t_us)
        np.testing.assert_array_equal(one.counts, two.counts)
        assert one.intervals == two.intervals

    def test_subject_seed_and_imu_matter(self) -> None:
        made = [
            perform([("circle", 1.5)], subject, seed, imu).counts[:150].tobytes()
            for subject in (1, 2)
            for seed in (1, 2)
            for imu in IMUS
        ]
        assert len(set(made)) == len(made)

    @pytest.mark.parametrize("imu", IMUS)
    def test_shape(self, imu: str) -> None:
        made = perform([("punch", 1.5), ("rest", 0.5)], 1, 1, imu)
        assert made.t_us.dtype == np.int64
        assert made.counts.dtype == np.int16
        assert made.counts.shape == (len(made.t_us), 6)
        assert made.t_us[0] == 0
        assert (np.diff(made.t_us) > 0).all()
        rate = (len(made.t_us) - 1) / (made.t_us[-1] / 1e6)
        assert rate == pytest.approx(IMUS[imu].odr_hz, rel=0.05)
        assert rate > 100
        assert made.t_us[-1] == pytest.approx(2e6, abs=20_000)
        assert len(resample(made.t_us, made.counts)) == 1

    def test_intervals_tell_the_truth(self) -> None:
        script = [(label, 2.0) for label in GESTURES]
        for subject in range(1, 9):
            made = perform(script, subject, 1)
            busy = activity(made.counts)
            inside = np.zeros(len(busy), bool)
            for (label, start, end), begin in zip(made.intervals, range(0, 8, 2), strict=True):
                assert 150_000 <= start - begin * 1_000_000 <= 350_000
                assert 700_000 <= end - start <= 1_150_001
                during = (made.t_us > start) & (made.t_us < end)
                assert np.percentile(busy[during], 75) > 2, label
                inside |= during
            assert np.percentile(busy[~inside], 99) < 1
            assert [interval.label for interval in made.intervals] == list(GESTURES)

    @pytest.mark.parametrize("label", LABELS)
    def test_a_gesture_fits_into_a_recording(self, label: str) -> None:
        """Of 1.5 seconds, as `capture` makes it; a letter or digit of 2.5."""
        seconds = 2.5 if label.startswith(("letter", "digit")) else 1.5
        for subject in range(1, 30):
            [interval] = truth([Item(label, seconds)], subject, 4)
            assert interval.label == label
            assert interval.end_us <= seconds * 1e6 + 1

    def test_rest_is_rest_in_many_postures(self) -> None:
        tilts = []
        for seed in range(40):
            units = to_units(perform([("rest", 1.5)], seed % 5, seed, "bmi270").counts)
            norm = np.linalg.norm(units[:, :3], axis=1)
            assert abs(norm.mean() - 1) < 0.08  # the zero levels
            assert norm.std() < 0.03
            assert np.linalg.norm(units[:, 3:], axis=1).max() < 30
            assert units[:, 3:].std(axis=0).max() > 0.1  # tremor
            tilts.append(np.degrees(np.arccos(np.clip(units[:, 2].mean(), -1, 1))))
        assert np.percentile(tilts, 90) > 40
        assert np.percentile(tilts, 10) < 25

    def test_errors(self) -> None:
        with pytest.raises(UserError, match=r"cannot perform 'swipe'\. It knows circle, punch"):
            perform([("swipe", 1.5)], 1, 1)
        with pytest.raises(UserError, match=r"no IMU 'mpu6050' to simulate\. Use one of lsm9ds1"):
            perform([("rest", 1.5)], 1, 1, "mpu6050")


class TestLiveHand:
    @given(st.lists(st.integers(1, 300), min_size=1, max_size=30))
    def test_blocks_of_any_size_give_the_same_stream(self, sizes: list[int]) -> None:
        script = parse_script("punch,walk:2,letter-b,background:10")
        whole = LiveHand(1, 2, script=script).next(sum(sizes))
        hand = LiveHand(1, 2, script=script)
        blocks = [hand.next(size) for size in sizes]
        assert [len(t_us) for t_us, _ in blocks] == sizes
        np.testing.assert_array_equal(np.concatenate([t for t, _ in blocks]), whole[0])
        np.testing.assert_array_equal(np.concatenate([c for _, c in blocks]), whole[1])
        assert whole[0].dtype == np.int64
        assert whole[1].dtype == np.int16

    def test_cues_are_followed_after_a_human_reaction_time(self) -> None:
        hand = LiveHand(subject=4, seed=1)
        blocks = [hand.next(250)]
        cues, intervals = [], []
        for label in GESTURES:
            intervals.append(hand.cue(label))
            cues.append(blocks[-1][0][-1])
            blocks += [hand.next(10) for _ in range(24)]
        t_us = np.concatenate([t for t, _ in blocks])
        busy = activity(np.concatenate([c for _, c in blocks]))
        assert (np.diff(t_us) > 0).all()
        inside = np.zeros(len(busy), bool)
        for cue, (_, start, end) in zip(cues, intervals, strict=True):
            assert 140_000 < start - cue < 370_000
            during = (t_us > start) & (t_us < end)
            assert np.percentile(busy[during], 75) > 2
            inside |= during
        assert np.percentile(busy[~inside], 99) < 1
        assert [interval.label for interval in intervals] == list(GESTURES)

    def test_cues_in_haste_are_followed_one_after_the_other(self) -> None:
        hand = LiveHand(subject=4, seed=1)
        intervals = []
        for _ in range(5):
            intervals.append(hand.cue("punch"))
            hand.next(5)
        assert all(second.start_us > first.end_us for first, second in pairwise(intervals))

    @pytest.mark.parametrize("label", ["walk", "type", "travel", "random", "background", "rest"])
    def test_a_background_goes_on_until_the_next_cue(self, label: str) -> None:
        """Ten seconds later it is broken off without a jolt; a gesture comes when it is cued."""
        hand = LiveHand(subject=3, seed=2, imu="ideal")
        before = hand.next(200)
        began = hand.cue(label)
        during = hand.next(2000)
        gesture = hand.cue("circle")
        after = hand.next(600)
        if label == "walk":
            for begin in range(200, 2000, 400):
                assert activity(during[1])[begin : begin + 400].max() > 1
        assert began.start_us - before[0][-1] < 400_000
        assert 140_000 < gesture.start_us - during[0][-1] < 370_000
        steps = np.diff(np.concatenate([during[1][-2:], after[1][:10]]).astype(int), axis=0)
        assert np.abs(steps[:, :3]).max() < 0.15 * 8192
        assert activity(after[1])[-60:].max() < 1

    def test_who_is_told_to_rest_finishes_a_gesture_but_no_walk(self) -> None:
        hand, same = LiveHand(subject=3, seed=2), LiveHand(subject=3, seed=2)
        for one in (hand, same):
            one.cue("circle")
        first = hand.next(60)[1], same.next(60)[1]
        hand.rest()
        np.testing.assert_array_equal(hand.next(200)[1], same.next(200)[1])
        np.testing.assert_array_equal(*first)
        hand.cue("walk")
        hand.next(500)
        hand.rest()
        assert activity(hand.next(500)[1])[100:].max() < 1

    def test_the_same_cues_give_the_same_stream(self) -> None:
        def stream() -> bytes:
            hand = LiveHand(subject=2, seed=7, imu="bmi270")
            parts = []
            for label in LABELS:
                parts.append(hand.next(77)[1].tobytes())
                hand.cue(label)
                parts.append(hand.next(333)[1].tobytes())
            return b"".join(parts)

        assert stream() == stream()

    def test_a_cue_joins_without_a_jolt(self) -> None:
        """The samples computed ahead are computed anew, and go on where the others ended."""
        hand = LiveHand(subject=2, seed=7, imu="ideal")
        before = hand.next(100)[1]
        hand.cue("punch")
        after = hand.next(20)[1]
        steps = np.abs(np.diff(np.concatenate([before, after]).astype(int), axis=0))
        assert steps[:, :3].max() < 0.01 * 8192

    def test_script(self) -> None:
        script = parse_script("circle,rest,punch")
        hand = LiveHand(1, 1, script=script)
        intervals = list(truth(script, 1, 1))
        assert [interval.label for interval in intervals] == ["circle", "rest", "punch"]
        t_us, counts = hand.next(1500)
        for label, start, end in intervals:
            during = (t_us > start) & (t_us < end)
            moves = np.percentile(activity(counts[during]), 75) > 2
            assert moves == (label != "rest")
        assert hand.odr_hz == 119

    def test_live_and_recorded_are_the_same(self) -> None:
        script = parse_script("circle,rest:1,walk:3,punch:2")
        made = perform(script, 3, 5, "bmi270", session=2)
        t_us, counts = LiveHand(3, 5, "bmi270", script, session=2).next(len(made.t_us))
        np.testing.assert_array_equal(made.t_us, t_us - t_us[0])
        np.testing.assert_array_equal(made.counts, counts)
        assert made.intervals == list(truth(script, 3, 5, session=2))

    def test_errors(self) -> None:
        with pytest.raises(UserError, match="cannot perform 'swipe'"):
            LiveHand(1, 1, script=[Item("swipe")]).next(1)
        with pytest.raises(UserError, match="no IMU 'x'"):
            LiveHand(1, 1, imu="x")
        hand = LiveHand(1, 1)
        with pytest.raises(UserError, match="cannot perform 'swipe'"):
            hand.cue("swipe")
        hand.next(10)

    def test_ten_boards_at_once(self) -> None:
        """Ten at 200 Hz in real time need 2,000 samples a second; it gives 15 times that."""
        hand = LiveHand(1, 1, imu="bmi270", script=parse_script("circle x 5"))
        begin = time.process_time()
        for _ in range(2000):
            hand.next(10)
        assert 20_000 / (time.process_time() - begin) > 30_000


class TestPeople:
    def test_a_subject_is_its_number(self) -> None:
        one, two = Person.of(5), Person.of(5)
        assert one.size == two.size
        np.testing.assert_array_equal(one.grip, two.grip)

    def test_subjects_differ(self) -> None:
        people = [Person.of(subject) for subject in range(200)]
        assert len({person.grip.tobytes() for person in people}) == 200
        sizes = np.log([person.size for person in people])
        assert 0.08 < sizes.std() < 0.2
        tempos = np.log([person.tempo for person in people])
        assert 0.06 < tempos.std() < 0.15
        assert 0.04 < np.mean([person.left_handed for person in people]) < 0.2

    def test_repetitions_differ_less_than_people_and_people_less_than_gestures(self) -> None:
        features = describe(range(1, 13), repetitions=4)  # [label, subject, repetition, feature]
        spread = features.reshape(-1, features.shape[-1]).std(axis=0)
        features = features / np.where(spread > 0, spread, 1)
        repetitions = features.var(axis=2).mean()
        people = features.mean(axis=2).var(axis=1).mean()
        gestures = features.mean(axis=(1, 2)).var(axis=0).mean()
        assert 0.01 < repetitions < people < gestures

    def test_gestures_of_unseen_people_are_recognised(self) -> None:
        """The nearest recording of other people has the same label nearly always."""
        known, unseen = describe(range(1, 9), 4), describe(range(9, 21), 3)
        size = known.shape[-1]
        spread = known.reshape(-1, size).std(axis=0)
        right = []
        for label in range(len(known)):
            for one in unseen[label].reshape(-1, size):
                away = np.abs((known - one) / spread).sum(axis=-1)
                right.append(np.unravel_index(away.argmin(), away.shape)[0] == label)
        assert np.mean(right) > 0.9


def describe(subjects: range, repetitions: int) -> np.ndarray:
    """Statistics of the four gestures: float64[label, subject, repetition, feature]."""
    return np.array(
        [
            [
                [statistics(perform([(label, 1.5)], subject, seed)) for seed in range(repetitions)]
                for subject in subjects
            ]
            for label in GESTURES
        ]
    )


def statistics(made) -> np.ndarray:  # type: ignore[no-untyped-def]
    values = to_units(resample(made.t_us, made.counts)[0][:148]) / np.repeat([1, 200], 3)
    away = values - np.median(values, axis=0)
    past = np.cumsum((away**2).sum(axis=1))
    bounds = np.searchsorted(past, np.linspace(0.02, 0.98, 7) * past[-1])
    course = [away[a : b + 1].mean(axis=0) for a, b in pairwise(bounds)]
    steps = np.abs(np.diff(values, axis=0)).mean(axis=0)
    return np.concatenate([values.std(axis=0), steps, *course])
