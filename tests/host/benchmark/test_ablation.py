"""The ablation: every switch alone, and a table that compares it with the defaults."""

from dataclasses import fields, replace
from pathlib import Path

import ablation
import common
import numpy as np
import pytest
import quality
from common import Asked
from methods import Task

from tinygesture.cli.output import Output
from tinygesture.synth import make_dataset
from tinygesture.training.augment import Augmentation
from tinygesture.training.fit import Settings


def test_every_kind_of_augmentation_is_switched_off_or_on() -> None:
    defaults, *others = ablation.of_gru().values()
    assert defaults == Settings()
    assert all(other != defaults for other in others)
    kinds = {field.name for field in fields(Augmentation)}
    on = {kind for kind in kinds if getattr(defaults.augmentation, kind)}
    for kind in on:
        off = Settings(augmentation=replace(defaults.augmentation, **{kind: 0}))
        assert others.count(off) == 1, kind
    assert on | ablation.OFF.keys() == kinds - {"mirrored"}


def test_the_table_compares_with_the_defaults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    brief = Settings(epochs=1)
    variants = {"as it is": brief, "the same": replace(brief), "slow": replace(brief, epochs=2)}
    monkeypatch.setattr(common, "SCRATCH", tmp_path)
    monkeypatch.setattr(ablation, "of_gru", lambda: variants)
    monkeypatch.setattr(ablation, "of_conv1d", lambda: {"as it is": brief})
    monkeypatch.setattr(ablation, "trained", lambda task, seed, arch, settings: settings)
    monkeypatch.setattr(ablation, "figures_of", figures_of)
    make_dataset(tmp_path / "data", ["circle", "punch"], [1, 2], 5)
    asked = Asked("ablation", (tmp_path / "data",), range(1), Output(True), lambda *_: None)
    table, apart, conv1d, _ = ablation.ablation(asked)
    usual, same, slow = table.rows
    assert usual == ["as it is", "60.0 %", "60.0 %", "60.0 %", "0.600"]
    assert same == ["the same", *["+0.0 ± 0.0"] * 3, "+0.000 ± 0.000"]
    # 20 points more with the one person, 10 with the other: t(1, 0.975) * 5 = 63.5
    assert slow == ["slow", *["+15.0 ± 63.5"] * 3, "+0.150 ± 0.635"]
    assert apart.columns == ("", "noise", "tilt", "speed", "gain", "rate", "dropped")
    assert apart.rows[2] == ["slow", *["+15.0 ± 63.5"] * 6]
    assert len(conv1d.rows) == 1 and "Conv1D, float" in conv1d.protocol
    assert "20 of them synthetic" in table.protocol
    assert "each of 2 people is once the only one that a model learns from" in table.protocol


def figures_of(settings: Settings, task: Task) -> dict[str, float]:
    """A training of two epochs is better in every figure, and twice as much with one person."""
    [learned] = {entry.subject for entry in task.split.train}
    more = (settings.epochs - 1) * (0.2 if learned == "s1" else 0.1)
    return dict.fromkeys(quality.FIGURES, 0.6 + more)


def test_one_person_is_divided_in_time_and_of_several_one_is_learned_from(tmp_path: Path) -> None:
    one = make_dataset(tmp_path / "one", ["circle", "punch"], [1], 5)
    folds = ablation.folds_of(one)
    assert [len(fold.test) for fold in folds] == [2] * 5
    three = make_dataset(tmp_path / "three", ["circle", "punch"], [1, 2, 3], 5)
    for fold in ablation.folds_of(three):
        [learned] = {entry.person for entry in fold.train}
        assert learned not in {entry.person for entry in (*fold.test, *fold.validation)}


def test_the_interval_of_a_difference_is_student_s() -> None:
    by, width = ablation.mean(np.array([1.0, 2.0, 3.0]))
    assert by == 2
    assert width == pytest.approx(4.302653 / 3**0.5)


def test_of_what_stands_in_for_each_other_both_differences_count() -> None:
    figures = {
        "as it is": 0.9,
        "without shift": 0.8,
        "without noise": 0.9,
        "without shift and noise": 0.5,
    }
    found = ablation.with_pairs({title: np.full((3, 2), own) for title, own in figures.items()})
    assert [*found][4:] == ["without shift, noise on or off", "without noise, shift on or off"]
    assert np.allclose(found["without shift, noise on or off"], 0.9 - (0.1 + 0.4) / 2)
    assert np.allclose(found["without noise, shift on or off"], 0.9 - (0.0 + 0.3) / 2)
