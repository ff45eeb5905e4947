"""What --set makes of NAME=VALUE."""

from dataclasses import fields
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinygesture.cli.training_settings import AUGMENTATION, LIMITS, TRAINING, changed, changes
from tinygesture.training.architectures import ARCHITECTURES
from tinygesture.training.augment import Augmentation
from tinygesture.training.fit import Settings

DOCUMENT = Path(__file__).parents[3] / "docs" / "training.md"


def read(text: str) -> tuple[str, float]:
    (change,) = changes(None, None, [text])
    return change


def test_every_setting_can_be_set_and_has_a_name_of_its_own():
    assert set(AUGMENTATION) == {field.name for field in fields(Augmentation)}
    assert {*TRAINING, "augmentation"} == {field.name for field in fields(Settings)}
    assert len(LIMITS) == len(TRAINING) + len(AUGMENTATION)


@pytest.mark.parametrize(("name", "limits"), LIMITS.items())
def test_the_help_s_document_has_its_default_and_limits(name, limits):
    default = getattr(Settings().augmentation if name in AUGMENTATION else Settings(), name)
    usual = "–" if default is None else f"{default:g}"
    row = f"| `{name}` | {usual} | {limits.min:g} to {limits.max:g} | "
    assert row in DOCUMENT.read_text("utf-8")


@pytest.mark.parametrize("name", list(LIMITS))
def test_the_default_is_within_the_limits_and_0_is_where_it_switches_off(name):
    default = getattr(Settings().augmentation if name in AUGMENTATION else Settings(), name)
    if default is not None:
        assert read(f"{name}={default}") == (name, default)
        assert changed([(name, default)]) == Settings()
    never_off = ("epochs", "passes", "repeats", "batch", "chunks", "learning_rate")
    if name not in (*never_off, "background_minutes"):
        assert read(f"{name}=0") == (name, 0)


def test_the_last_change_of_a_setting_holds():
    settings = changed([("mirrored", 0.5), ("epochs", 3), ("mirrored", 0.25), ("mining", 0)])
    assert (settings.epochs, settings.mining, settings.augmentation.mirrored) == (3, 0, 0.25)
    assert settings.label_smoothing == Settings().label_smoothing


@pytest.mark.parametrize("arch", ARCHITECTURES.values())
def test_what_is_set_goes_before_what_the_architecture_has(arch):
    given = Settings(mining=1, patience=0).complete(arch())
    assert (given.mining, given.patience) == (1, 0)
    assert given.label_smoothing == arch.usual.label_smoothing
    assert given.weight_decay == arch.usual.weight_decay


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("mirrored", "'mirrored' is no NAME=VALUE, such as mirrored=0.5."),
        ("mirored=1", "There is no setting 'mirored'. Did you mean mirrored?"),
        ("=1", "There is no setting ''. There are epochs, passes,"),
        ("mirrored=", "mirrored takes a number from 0 to 1, not ''."),
        ("mirrored=nan", "mirrored takes a number from 0 to 1, not 'nan'."),
        ("mirrored=1.5", "mirrored takes a number from 0 to 1, not '1.5'."),
        ("mirrored=0,5", "mirrored takes a number from 0 to 1, not '0,5'."),
        ("epochs=2.5", "epochs takes a whole number from 1 to 1000, not '2.5'."),
        ("epochs=0", "epochs takes a whole number from 1 to 1000, not '0'."),
    ],
)
def test_what_cannot_be_set_is_said(text, said):
    with pytest.raises(click.BadParameter) as refused:
        read(text)
    assert said in refused.value.message


@given(st.text())
def test_any_text_is_a_setting_or_refused(text):
    try:
        name, value = read(text)
    except click.BadParameter:
        return
    assert name in LIMITS
    assert value >= 0
