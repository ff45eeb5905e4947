"""The page as a file: what is in it, read without a browser."""

import base64
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from hostile import HOSTILE, quiet

from tinygesture.contract import to_units
from tinygesture.dataset import Dataset
from tinygesture.dataset.find import find
from tinygesture.errors import UserError
from tinygesture.report import write_dataset_report

LOADING = {"src", "href", "srcset", "action", "data", "poster", "xlink:href"}


class Page(HTMLParser):
    """Elements with their attributes, and the text of those that have an id."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self._id = ""
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._id = dict(attrs).get("id") or tag

    def handle_data(self, data):
        self.texts[self._id] = self.texts.get(self._id, "") + data


@pytest.fixture(scope="module")
def parsed(page):
    return Page(page)


@pytest.fixture(scope="module")
def data(parsed):
    return json.loads(parsed.texts["data"])


def test_nothing_is_loaded_from_elsewhere(parsed, page):
    for tag, attributes in parsed.elements:
        for name in LOADING & attributes.keys():
            assert attributes[name].startswith("#"), (tag, attributes)
    style = parsed.texts["style"]
    assert "url(" not in style and "@import" not in style
    policy = next(a["content"] for _, a in parsed.elements if "http-equiv" in a)
    assert policy.startswith("default-src 'none'; style-src 'sha256-") and "unsafe" not in policy


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2) of #rgb or #rrggbb."""
    digits = colour.lstrip("#")
    digits = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", [0, 1])
def test_words_stand_out_from_what_is_behind_them(parsed, theme):
    pairs = re.findall(r"--(\w+): light-dark\((#\w+), (#\w+)\)", parsed.texts["style"])
    colours = {name: luminance(shades[theme]) for name, *shades in pairs}
    for name in ("ink", "soft", "accent", "mark", "x", "y", "z"):
        for behind in ("paper", "panel"):
            low, high = sorted((colours[name], colours[behind]))
            assert (high + 0.05) / (low + 0.05) >= 4.5, (name, behind)


def test_hostile_words_are_text(parsed, page):
    assert [tag for tag, _ in parsed.elements].count("script") == 3
    assert "img" not in [tag for tag, _ in parsed.elements]
    assert HOSTILE not in page.read_text(encoding="utf-8")


def test_every_recording_is_there_with_its_samples(parsed, data, mixed: Dataset):
    packed = base64.b64decode(parsed.texts["samples"])
    facts = {fact["id"]: fact for fact in data["gestures"] + data["continuous"]}
    assert facts.keys() == {entry.id for entry in mixed.every}
    for entry in mixed.entries:
        fact, recording = facts[entry.id], mixed.load(entry)
        part = packed[12 * fact["start"] : 12 * (fact["start"] + fact["rows"])]
        assert np.array_equal(np.frombuffer(part, "<i2").reshape(-1, 6), recording.counts)
        rows, ms = np.array(fact["knots"]).T
        times = np.interp(np.arange(fact["rows"]), rows, ms)
        jitter_ms = 5 * max(entry.jitter_us, 200) / 1000
        assert np.abs(times - recording.t_us / 1000).max() < jitter_ms
        assert fact["label"] == entry.label and fact["marks"] == entry.marks.split()


def test_hostile_words_survive_as_data(data):
    assert HOSTILE in {fact["board"] for fact in data["gestures"]}


def test_a_gap_and_clipping_are_said(data):
    [fact] = [fact for fact in data["gestures"] if fact["name"] == "circle/8"]
    assert fact["marks"] == ["drops", "clipped"]
    assert len(fact["faults"]) == 2
    assert len(fact["knots"]) == 4  # the gap has two ends


def test_the_mislabelled_one_comes_first(data):
    first = data["gestures"][data["suspects"][0]]
    assert first["name"] == "circle/7"
    assert first["reasons"][0] == "resembles punch more than circle"


def test_the_mean_of_a_label_is_that_of_its_recordings(data, mixed: Dataset):
    peak = {label: np.abs(mean["mean"]).max() for label, mean in data["means"].items()}
    assert peak["punch"] > 10 * peak["rest"]
    rest = [mixed.load(entry) for entry in mixed.entries if entry.label == "rest"]
    gravity = np.mean([to_units(one.counts)[:, 2].mean() for one in rest])
    assert np.mean(data["means"]["rest"]["mean"][2]) == pytest.approx(gravity, abs=0.02)


def test_what_is_synthetic_is_called_so(page, mixed, tmp_path):
    text = re.sub(r"\s+", " ", page.read_text(encoding="utf-8"))
    assert "20 of 21 recordings were performed by a virtual hand" in text
    own = Dataset.create(tmp_path / "own")
    one = mixed.load(mixed.entries[-1])
    own.add(one)
    write_dataset_report(own, tmp_path / "own.html", quiet)
    assert "Synthetic." not in (tmp_path / "own.html").read_text(encoding="utf-8")


def test_one_recording_alone_and_a_single_sample_are_enough(mixed, tmp_path):
    small = Dataset.create(tmp_path / "small")
    one = mixed.load(mixed.entries[0])
    small.add(type(one)(one.t_us[:1], one.counts[:1], one.meta))
    write_dataset_report(small, tmp_path / "small.html", quiet)
    fact = json.loads(Page(tmp_path / "small.html").texts["data"])["gestures"][0]
    assert fact["rows"] == 1 and fact["distance"] == 1 and fact["reasons"] == []


def test_only_continuous_recordings_are_enough(mixed, tmp_path):
    long = Dataset.create(tmp_path / "long")
    long.adopt(mixed.continuous, mixed)
    write_dataset_report(long, tmp_path / "long.html", quiet)
    assert len(json.loads(Page(tmp_path / "long.html").texts["data"])["continuous"]) == 1


def test_an_empty_data_set_is_no_report(tmp_path):
    with pytest.raises(UserError, match="is empty"):
        write_dataset_report(Dataset.create(tmp_path / "d"), tmp_path / "r.html", quiet)
    assert not (tmp_path / "r.html").exists()


def test_a_damaged_recording_leaves_the_old_report(mixed, tmp_path):
    dataset = Dataset.create(tmp_path / "d")
    [entry] = dataset.adopt(mixed.entries[:1], mixed)
    (tmp_path / "r.html").write_text("old")
    (dataset.path / entry.file).write_text("nonsense")
    with pytest.raises(UserError, match="line 1"):
        write_dataset_report(dataset, tmp_path / "r.html", quiet)
    assert (tmp_path / "r.html").read_text() == "old"


def test_a_label_given_by_mistake_is_looked_at_first(mixed, tmp_path):
    dataset = Dataset.create(tmp_path / "d")
    right = [entry for entry in mixed.entries if entry.file != find(mixed, "circle/7")[0].file]
    entries = dataset.adopt(right, mixed)
    slip = next(entry for entry in entries if entry.label == "punch")
    dataset.relabel([slip], "wave")
    write_dataset_report(dataset, tmp_path / "r.html", quiet)
    data = json.loads(Page(tmp_path / "r.html").texts["data"])
    first = data["gestures"][data["suspects"][0]]
    assert first["name"] == "wave/1"
    assert first["reasons"] == ["resembles punch, and wave has only 1"]
    assert "resembles wave" not in str(data["gestures"])


def test_who_has_only_a_continuous_recording_is_counted(mixed, tmp_path):
    dataset = Dataset.create(tmp_path / "d")
    dataset.adopt(mixed.entries, mixed)
    [long] = mixed.continuous
    recording = mixed.load(long)
    dataset.add_continuous(replace(recording, meta=replace(recording.meta, subject="zoe")))
    write_dataset_report(dataset, tmp_path / "r.html", quiet)
    text = re.sub(r"\s+", " ", (tmp_path / "r.html").read_text(encoding="utf-8"))
    subjects = int(re.search(r"<dt>subjects</dt><dd>(\d+)", text)[1])
    sessions = int(re.search(r"<dt>sessions</dt><dd>(\d+)", text)[1])
    assert f"By subject <small>{subjects}</small>" in text
    assert f"By session <small>{sessions}</small>" in text
    assert '<th scope="row">zoe</th>' in text
    minutes = sum(mixed.load(e).t_us[-1] for e in mixed.entries) / 60e6
    assert f"<dt>gesture minutes</dt><dd>{minutes:.1f}</dd>" in text
    assert f"<dt>continuous minutes</dt><dd>{recording.t_us[-1] / 60e6:.1f}</dd>" in text
