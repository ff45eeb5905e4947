"""Recordings are found by every name that a person may use."""

from dataclasses import replace

import pytest

from tinygesture.dataset import Dataset
from tinygesture.dataset.find import find, name_of
from tinygesture.errors import UserError
from tinygesture.synth import make_dataset


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    return make_dataset(tmp_path_factory.mktemp("d") / "d", ["circle", "rest"], [1, 2], 2)


def test_names_are_short_and_lead_back(dataset):
    assert {name_of(e) for e in dataset.entries} == {
        f"{label}/{n}" for label in ("circle", "rest") for n in (1, 2, 3, 4)
    }
    for entry in dataset.entries:
        names = (name_of(entry), entry.id, entry.id[:6], entry.file, entry.file.replace("/", "\\"))
        assert [find(dataset, name) for name in names] == [[entry]] * 5


def test_zeros_before_the_number_do_not_matter(dataset):
    assert find(dataset, "circle/0003") == find(dataset, "circle/3")


def test_a_label_is_all_of_its_recordings(dataset):
    assert [entry.label for entry in find(dataset, "rest")] == ["rest"] * 4


@pytest.mark.parametrize(
    ("wanted", "hint"),
    [
        ("circel", "Did you mean circle"),
        ("circle/9", "circle/"),
        ("zzz", "labels are circle, rest"),
    ],
)
def test_what_is_not_there_is_answered_with_what_is(dataset, wanted, hint):
    with pytest.raises(UserError, match=hint):
        find(dataset, wanted)


def test_a_beginning_that_several_share_names_them(dataset):
    entry, other = dataset.entries[:2]
    alike = [entry, replace(other, id=entry.id[:5] + "0000000")]
    with pytest.raises(UserError, match=r"could be several.*circle/1.*Name one by its id"):
        find(Dataset(dataset.path, dataset.id, "", alike), entry.id[:5])


def test_an_empty_data_set_says_how_to_fill_it(tmp_path):
    with pytest.raises(UserError, match="capture"):
        find(Dataset.create(tmp_path / "d"), "circle")
