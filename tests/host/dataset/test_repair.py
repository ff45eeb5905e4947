"""A data set that was damaged is mended, and no recording is lost by it."""

import csv
import io
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_changes import agrees, continuous
from test_store import make_recording

from tinygesture.dataset import Dataset, Recording
from tinygesture.dataset.files import draft_of
from tinygesture.dataset.repair import repair
from tinygesture.errors import UserError

LABELS = "aabb"


def make(path: Path) -> Dataset:
    dataset = Dataset.create(path)
    dataset.add_all(make_recording(label, f"p{i}", seed=i) for i, label in enumerate(LABELS))
    dataset.add_continuous(*continuous())
    return dataset


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return make(tmp_path / "d")


def mend(dataset: Dataset, *expected: str) -> Dataset:
    """The mended data set, which says what was done, and that a second time there is nothing."""
    said = "\n".join(f"{file} {what}" for file, what in repair(dataset.path))
    for words in expected:
        assert words in said
    assert bool(said) == bool(expected)
    assert repair(dataset.path) == []
    return agrees(Dataset.open(dataset.path))


def lines_of(dataset: Dataset) -> list[str]:
    return (dataset.path / "index.csv").read_text("utf-8").split("\n")[:-1]


def write_lines(dataset: Dataset, lines: list[str]) -> None:
    (dataset.path / "index.csv").write_bytes("".join(f"{line}\n" for line in lines).encode())


def taken_out(dataset: Dataset) -> list[str]:
    return (dataset.path / "damaged" / "index.csv").read_text("utf-8").splitlines()[1:]


def test_nothing_to_repair(dataset: Dataset) -> None:
    before = {p: p.read_bytes() for p in dataset.path.rglob("*") if p.is_file()}
    mend(dataset)
    assert {p: p.read_bytes() for p in dataset.path.rglob("*") if p.is_file()} == before


def test_what_is_no_data_set_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").touch()
    with pytest.raises(UserError, match="is not a data set, nor what is left of one"):
        repair(tmp_path)
    assert len([*tmp_path.iterdir()]) == 1


def test_a_newer_format_is_left_alone(dataset: Dataset) -> None:
    (dataset.path / "dataset.json").write_text('{"format": 2, "id": "x"}')
    with pytest.raises(UserError, match="Update tinygesture"):
        repair(dataset.path)


class TestTheIndex:
    def test_a_line_is_lost(self, dataset: Dataset) -> None:
        lines = lines_of(dataset)
        write_lines(dataset, lines[:2] + lines[3:])
        again = mend(dataset, "was not in the index (nobody knows whose)")
        assert [entry.subject for entry in again.entries] == ["p0", "p2", "p3", "unknown"]
        assert again.entries[-1].id == dataset.entries[1].id
        assert again.entries[-1].dataset == dataset.id

    def test_the_index_is_lost(self, dataset: Dataset) -> None:
        (dataset.path / "index.csv").unlink()
        again = mend(dataset, "index.csv was missing")
        assert [(e.label, e.id) for e in again.entries] == [
            (e.label, e.id) for e in dataset.entries
        ]
        assert again.intervals(again.continuous[0]) == continuous()[1]

    @pytest.mark.parametrize("about", ["Synthetic: nobody moved.", ""])
    def test_synthetic_recordings_stay_synthetic(self, tmp_path: Path, about: str) -> None:
        dataset = Dataset.create(tmp_path / "d", about=about)
        made = [make_recording("a", "s1", seed=seed) for seed in range(3)]
        dataset.add_all(replace(one, meta=replace(one.meta, synthetic=True)) for one in made)
        write_lines(dataset, lines_of(dataset)[:2] if not about else [])
        again = mend(dataset, "was not in the index (nobody knows whose)")
        assert [entry.synthetic for entry in again.entries] == [True] * 3

    def test_whether_they_are_synthetic_is_not_known(self, dataset: Dataset) -> None:
        (dataset.path / "index.csv").unlink()
        mend(dataset, "(nobody knows whose, and whether it is synthetic cannot be known)")

    def test_a_recording_that_is_known_from_the_trash(self, dataset: Dataset) -> None:
        gone = dataset.entries[0]
        copy = shutil.copy(dataset.path / gone.file, dataset.path / "copy")
        dataset.remove([gone])
        shutil.move(copy, dataset.path / gone.file)
        again = mend(dataset, "was not in the index (by p0)")
        assert again.entries[-1] == gone

    @pytest.mark.parametrize("cut", [1, 5, 40])
    def test_the_last_line_is_torn(self, dataset: Dataset, cut: int) -> None:
        file = dataset.path / "index.csv"
        dataset.remove(dataset.continuous)
        file.write_bytes(file.read_bytes()[:-cut])
        again = mend(dataset, "the last line was cut off")
        assert [entry.subject for entry in again.entries] == ["p0", "p1", "p2", "p3"]
        assert len(again.entries[-1].id) == 12

    def test_a_damaged_line_keeps_what_can_be_read(self, dataset: Dataset) -> None:
        lines = lines_of(dataset)
        damaged = lines[2].replace(",p1,", ",p 1,")
        write_lines(dataset, [*lines[:2], damaged, *lines[3:]])
        again = mend(dataset, "line 3 was damaged ('p 1' cannot be the name of a subject")
        [entry] = [entry for entry in again.entries if entry.id == dataset.entries[1].id]
        assert entry == replace(dataset.entries[1], subject="unknown")
        assert taken_out(dataset) == [damaged]

    def test_a_line_named_twice(self, dataset: Dataset) -> None:
        lines = lines_of(dataset)
        other = lines[1].replace("p0", "anna")
        write_lines(dataset, [*lines, lines[2], other])
        with pytest.raises(UserError, match=r"named twice.*tinygesture data repair"):
            Dataset.open(dataset.path)
        assert mend(dataset, "was named twice").every == dataset.every
        assert taken_out(dataset) == [lines[2], other]

    def test_a_conflict_of_git(self, dataset: Dataset) -> None:
        lines = lines_of(dataset)
        marked = ["<<<<<<< HEAD", lines[3], "=======", *lines[4:], ">>>>>>> theirs"]
        write_lines(dataset, [*lines[:3], *marked])
        assert mend(dataset, "line 4 was a conflict of git: both").every == dataset.every

    @pytest.mark.parametrize("end", [b"\r\n", b"\r"])
    def test_line_ends(self, dataset: Dataset, end: bytes) -> None:
        file = dataset.path / "index.csv"
        before = file.read_bytes()
        file.write_bytes(b"\xef\xbb\xbf" + before.replace(b"\n", end))
        mend(dataset, "the line ends or the encoding were not those of an index")
        assert file.read_bytes() == before

    def test_columns_in_another_order(self, dataset: Dataset) -> None:
        rows = [[*reversed(row)] for row in csv.reader(lines_of(dataset))]
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        (dataset.path / "index.csv").write_text(text.getvalue())
        again = mend(dataset, "the header was not that of an index")
        assert {entry.id: entry for entry in again.every} == {e.id: e for e in dataset.every}

    def test_surplus_columns_of_a_spreadsheet(self, dataset: Dataset) -> None:
        lines = lines_of(dataset)
        write_lines(dataset, [lines[0], *(line + ",," for line in lines[1:])])
        again = mend(dataset, "line 2 was damaged (18 fields are needed, not 20)")
        assert {entry.id: entry for entry in again.every} == {e.id: e for e in dataset.every}

    def test_samples_and_rate_that_are_not_those_of_the_file(self, dataset: Dataset) -> None:
        lines = lines_of(dataset)
        lines[1] = lines[1].replace(",30,", ",31,")
        lines[2] = lines[2].replace(",119.048,", ",119.148,")
        write_lines(dataset, lines)
        again = mend(dataset, "where the index said 31 at 119.048 Hz", "at 119.148 Hz")
        assert again.every == dataset.every


class TestDatasetJson:
    @pytest.mark.parametrize("text", [None, "", "[]", '{"format": 1}'])
    def test_it_is_missing_or_damaged(self, dataset: Dataset, text: str | None) -> None:
        file = dataset.path / "dataset.json"
        file.unlink() if text is None else file.write_text(text)
        with pytest.raises(UserError, match=r"dataset\.json.*tinygesture data repair"):
            Dataset.open(dataset.path)
        assert mend(dataset, "the data set has the id").id == dataset.id
        assert (dataset.path / "damaged" / "dataset.json").exists() == (text is not None)

    def test_nothing_is_left_but_the_recordings(self, dataset: Dataset) -> None:
        (dataset.path / "dataset.json").unlink()
        (dataset.path / "index.csv").unlink()
        again = mend(dataset, "was written anew")
        assert again.id != dataset.id
        assert len(again.every) == 5


class TestFiles:
    def test_a_file_is_lost_and_comes_back(self, dataset: Dataset, tmp_path: Path) -> None:
        entry = dataset.entries[1]
        line = lines_of(dataset)[2]
        shutil.move(dataset.path / entry.file, tmp_path / "away")
        again = mend(dataset, f"{entry.file} is missing, and its line was taken out")
        assert len(again.entries) == 3
        assert taken_out(dataset) == [line]
        shutil.move(tmp_path / "away", dataset.path / entry.file)
        assert mend(dataset, "was not in the index (by p1)").entries[-1] == entry

    def test_a_file_was_moved_to_another_label(self, dataset: Dataset) -> None:
        entry = dataset.entries[0]
        (dataset.path / "recordings" / "new").mkdir()
        new = "recordings/new/" + Path(entry.file).name
        (dataset.path / entry.file).rename(dataset.path / new)
        again = mend(dataset, f"{new} was {entry.file} in the index: the label is new now")
        assert again.entries[-1] == replace(entry, label="new", file=new)

    def test_a_file_with_a_name_of_its_own_was_moved(self, dataset: Dataset) -> None:
        file = dataset.path / dataset.entries[0].file
        file.rename(file.with_name("mine.csv"))
        named = mend(dataset, "mine.csv").entries[-1]
        shutil.move(dataset.path / named.file, dataset.path / "recordings" / "b")
        again = mend(dataset, "the label is b now")
        assert again.entries[-1] == replace(named, label="b", file="recordings/b/mine.csv")

    def test_a_file_was_copied(self, dataset: Dataset) -> None:
        entry = dataset.entries[0]
        copy = "recordings/b/" + Path(entry.file).name
        shutil.copy(dataset.path / entry.file, dataset.path / copy)
        again = mend(dataset, f"{copy} had the id of {entry.file}")
        assert again.entries[-1].subject == "p0"
        assert len({entry.id for entry in again.every}) == 6

    def test_a_file_was_copied_beside_itself(self, dataset: Dataset) -> None:
        file = dataset.path / dataset.entries[0].file
        shutil.copy(file, file.with_name(f"{file.stem} (copy).csv"))
        again = mend(dataset, "had the id of")
        assert again.entries[-1].subject == "p0"

    def test_files_of_one_name_in_two_data_sets_are_two_recordings(
        self, dataset: Dataset, tmp_path: Path
    ) -> None:
        other = make(tmp_path / "other")
        for one in (dataset, other):
            file = one.path / one.entries[0].file
            file.rename(file.with_name("mine.csv"))
            repair(one.path)
        ids = [Dataset.open(one.path).entries[-1].id for one in (dataset, other)]
        assert ids[0] != ids[1]

    @pytest.mark.parametrize("folder", ["two words", "größe", "CON", "-x", "A", "x" * 30, "", "ä"])
    def test_a_folder_that_is_no_label(self, dataset: Dataset, folder: str) -> None:
        path = dataset.path / "recordings" / folder / "mine.csv"
        path.parent.mkdir(exist_ok=True)
        (dataset.path / dataset.entries[0].file).rename(path)
        again = mend(dataset, "was in no folder of a label, and is now recordings/")
        assert len(again.entries) == 4

    @pytest.mark.parametrize("name", ["a  b.csv", 'a"b.csv', "a\\b.csv", "ü,x.csv", "x.y.csv"])
    def test_names_of_files(self, dataset: Dataset, name: str) -> None:
        file = dataset.path / dataset.entries[0].file
        file.rename(file.with_name(name))
        assert len(mend(dataset, "").entries) == 4

    def test_the_last_row_is_cut_off(self, dataset: Dataset) -> None:
        entry = dataset.entries[0]
        file = dataset.path / entry.file
        data = file.read_bytes()
        file.write_bytes(data[:-9])
        counts = dataset.load(dataset.entries[1]).counts
        again = mend(dataset, "its 29 whole rows stay", "where the index said 30")
        assert again.load(again.entries[0]).counts.shape == (29, 6)
        assert (dataset.path / "damaged" / file.name).read_bytes() == data[:-9]
        np.testing.assert_array_equal(again.load(again.entries[1]).counts, counts)

    @pytest.mark.parametrize("data", [b"", b"t_us\n", b"\0" * 99])
    def test_a_damaged_file(self, dataset: Dataset, data: bytes) -> None:
        entry = dataset.entries[0]
        (dataset.path / entry.file).write_bytes(data)
        again = mend(dataset, f"{entry.file} is damaged, and is now damaged/")
        assert len(again.entries) == 3
        assert (dataset.path / "damaged" / Path(entry.file).name).read_bytes() == data

    def test_a_damaged_file_is_mended_once(self, dataset: Dataset) -> None:
        file = dataset.entries[0].file
        (dataset.path / file).write_bytes(b"")
        assert [mended.file for mended in repair(dataset.path)] == [file]

    def test_a_file_of_which_only_a_draft_is_left_is_missing(self, dataset: Dataset) -> None:
        file = dataset.path / dataset.entries[0].file
        file.unlink()
        file.with_name(f".{file.name}.tmp").write_bytes(b"t_us")
        mend(dataset, "a draft of it was left behind", "is missing, and its line was taken out")

    def test_a_damaged_row_in_the_middle(self, dataset: Dataset) -> None:
        file = dataset.path / dataset.entries[0].file
        lines = file.read_bytes().split(b"\n")
        file.write_bytes(b"\n".join([*lines[:5], b"what?", *lines[6:]]))
        assert len(mend(dataset, "is damaged, and is now damaged/").entries) == 3

    def test_drafts(self, dataset: Dataset) -> None:
        data = (dataset.path / dataset.entries[0].file).read_bytes()
        folder = dataset.path / "recordings" / "b"
        draft_of(folder / "0003-0123456789ab.csv").write_bytes(data)
        draft_of(folder / "0004-0123456789ac.csv").write_bytes(data[:100])
        draft_of(dataset.path / "index.csv").write_bytes(b"x")
        again = mend(
            dataset,
            "0003-0123456789ab.csv was whole and had no name yet",
            "0004-0123456789ac.csv a draft of it was left behind, and is now damaged/",
            "index.csv an unfinished copy of it was removed",
        )
        assert len(again.entries) == 5
        assert not [*dataset.path.rglob("*.tmp")]

    def test_the_trash_is_mended_too(self, dataset: Dataset) -> None:
        dataset.remove(dataset.entries[:2])
        (dataset.path / "trash" / "index.csv").unlink()
        (dataset.path / "trash" / "dataset.json").unlink()
        mend(dataset, "trash/index.csv was missing", "trash/dataset.json was written anew")
        trash = dataset.trash
        assert trash is not None
        assert (trash.id, len(trash.entries)) == (dataset.id, 2)


def every_sample(path: Path) -> set[tuple[bytes, ...]]:
    """The rows of every whole CSV file in a folder, by file."""
    return {
        tuple(file.read_bytes().split(b"\n")[1:-1])
        for file in path.rglob("*.csv")
        if file.name != "index.csv" and not file.name.endswith(".labels.csv")
    }


def lose_line(dataset: Dataset, pick: Callable[[int], int]) -> None:
    file = dataset.path / "index.csv"
    lines = file.read_bytes().splitlines(keepends=True)
    number = pick(len(lines))
    file.write_bytes(b"".join([*lines[:number], *lines[number + 1 :]]))


def repeat_line(dataset: Dataset, pick: Callable[[int], int]) -> None:
    file = dataset.path / "index.csv"
    lines = file.read_bytes().splitlines(keepends=True)
    again = lines[pick(len(lines)) :][:1]
    file.write_bytes(b"".join([*lines, *again]))


def cut_index(dataset: Dataset, pick: Callable[[int], int]) -> None:
    file = dataset.path / "index.csv"
    data = file.read_bytes()
    file.write_bytes(data[: pick(len(data))])


def change_a_byte(dataset: Dataset, pick: Callable[[int], int]) -> None:
    file = dataset.path / "index.csv"
    data = file.read_bytes()
    where = pick(len(data))
    file.write_bytes(data[:where] + bytes([pick(256)]) + data[where + 1 :])


def move_file(dataset: Dataset, pick: Callable[[int], int]) -> None:
    files = sorted((dataset.path / "recordings").rglob("*.csv"))
    folder = dataset.path / "recordings" / ["a", "b", "new", "no label"][pick(4)]
    folder.mkdir(exist_ok=True)
    file = files[pick(len(files))] if files else folder / "none.csv"
    if file.exists() and not (folder / file.name).exists():
        file.rename(folder / file.name)


def unname_file(dataset: Dataset, pick: Callable[[int], int]) -> None:
    files = sorted((dataset.path / "recordings").rglob("*.csv"))
    for file in files[pick(len(files)) :][:1]:
        file.rename(draft_of(file))


def lose_description(dataset: Dataset, pick: Callable[[int], int]) -> None:
    (dataset.path / "dataset.json").unlink(missing_ok=True)


def leave_draft(dataset: Dataset, pick: Callable[[int], int]) -> None:
    (dataset.path / "recordings" / "a").mkdir(exist_ok=True)
    data = b"t_us,aX,aY,aZ,gX,gY,gZ\n0,0.1"
    (dataset.path / "recordings" / "a" / f".{pick(9)}.csv.tmp").write_bytes(data[: pick(30)])


DAMAGES = [
    *(lose_line, repeat_line, cut_index, change_a_byte, move_file, unname_file),
    *(lose_description, leave_draft),
]


def remove(dataset: Dataset, pick: Callable[[int], int]) -> None:
    dataset.remove(dataset.every[pick(len(dataset.every)) :][:1])


def relabel(dataset: Dataset, pick: Callable[[int], int]) -> None:
    dataset.relabel(dataset.entries[: pick(3)], ["a", "b", "c"][pick(3)])


def add(dataset: Dataset, pick: Callable[[int], int]) -> None:
    recordings: list[Recording] = [make_recording("a", seed=pick(1000)) for _ in range(pick(3))]
    dataset.add_all(recordings)


def change(dataset: Dataset, pick: Callable[[int], int]) -> None:
    dataset.change(dataset.entries[: pick(5)], subject=f"p{pick(9)}")


OPERATIONS = [remove, relabel, add, change]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "d"
    make(path)
    return path


@settings(max_examples=40)
@given(data=st.data())
def test_any_sequence_of_operations_and_damage(
    made: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Afterwards it opens, agrees with its files, and has every row that was there."""
    path = tmp_path_factory.mktemp("damaged") / "d"
    shutil.copytree(made, path)
    dataset = Dataset.open(path)

    def pick(n: int) -> int:
        return data.draw(st.integers(0, n - 1)) if n > 1 else 0

    for operation in data.draw(st.lists(st.sampled_from(OPERATIONS), max_size=4)):
        operation(dataset, pick)
    before = every_sample(path)
    for damage in data.draw(st.lists(st.sampled_from(DAMAGES), min_size=1, max_size=4)):
        damage(dataset, pick)
    repair(path)
    assert repair(path) == []
    again = agrees(Dataset.open(path))
    assert every_sample(path) >= before
    assert len({entry.id for entry in again.every}) == len(again.every)
    inside = {tuple((path / e.file).read_bytes().split(b"\n")[1:-1]) for e in again.every}
    if again.trash:
        inside |= {
            tuple((path / "trash" / e.file).read_bytes().split(b"\n")[1:-1])
            for e in again.trash.every
        }
    assert inside >= before
    shutil.rmtree(path)
