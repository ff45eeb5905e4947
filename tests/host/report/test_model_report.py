"""A model's report as a file: what is in it, read without a browser."""

import html
import json
import re
from dataclasses import replace
from pathlib import Path

import a_model
import pytest
from hostile import HOSTILE

from tinygesture.evaluation.statistics import proportion
from tinygesture.export.bundle import Bundle
from tinygesture.report.charts import training
from tinygesture.report.model import model_report, with_report
from tinygesture.report.words import fine_tuning


@pytest.fixture(scope="module")
def text(model_page: Path) -> str:
    return model_page.read_text("utf-8")


def sections(page: str) -> list[str]:
    return re.findall(r'<section id="(\w+)">', page)


def test_words_of_the_data_stay_words(text: str) -> None:
    assert HOSTILE not in text
    assert str(html.escape(HOSTILE, quote=False).split("&lt;img")[0][:40]) in text
    assert text.count("<script>") == text.count("</script>") - 2 == 1  # and the data, the samples


def test_the_same_bundle_gives_the_same_bytes() -> None:
    assert model_report(a_model.bundle()) == model_report(a_model.bundle())


def test_the_summary_says_how_sure_its_figure_is(text: str) -> None:
    confusion = a_model.bundle().manifest["metrics"]["int8"]["confusion"]
    hits, of = sum(row[i] for i, row in enumerate(confusion)), sum(map(sum, confusion))
    share = proportion(hits, of)
    assert f"{hits} of {of}; 95 %: {100 * share.low:.0f}–{100 * share.high:.0f}\u202f%" in text
    assert f"Of {of} recordings that training had not seen, the int8 model" in text


def test_an_aim_that_was_out_of_reach_is_told(text: str) -> None:
    assert "That would have cost too many gestures: about 4.9 are to be expected." in text


def test_people_who_share_a_name_are_told_apart(text: str) -> None:
    for person in ("ada (a1)", "ada (b2)"):
        assert f'<th scope="row">{person}</th>' in text


def test_every_file_and_hash_is_listed(text: str) -> None:
    manifest = a_model.bundle().manifest
    known = [manifest["model_id"], manifest["code_sha256"], manifest["configuration_sha256"]]
    for value in (*known, manifest["data"]["sha256"], *manifest["files"].values()):
        assert value in text


@pytest.mark.parametrize(
    ("key", "section"),
    [("events", "stream"), ("calibration", "confidence"), ("robustness", "robustness")],
)
def test_a_section_without_data_is_left_out(text: str, key: str, section: str) -> None:
    bundle = a_model.bundle()
    without = {name: value for name, value in bundle.manifest.items() if name != key}
    page = model_report(replace(bundle, manifest=without)).decode()
    assert sections(page) == [name for name in sections(text) if name != section]
    assert f'href="#{section}"' not in page


def test_the_oldest_bundle_has_a_report_too() -> None:
    bundle = a_model.bundle()
    found_later = (
        *("background", "detector", "events", "trade_off", "calibration", "adaptation", "golden"),
        "fine_tuning",
        *("robustness", "history", "benchmark"),
    )
    oldest = {name: value for name, value in bundle.manifest.items() if name not in found_later}
    page = model_report(replace(bundle, manifest=oldest, files={"model.tflite": b""})).decode()
    assert sections(page) == ["accuracy", "training", "cost", "origin"]
    shown = page[page.index("<body>") : page.index('<script type="application/json"')]
    assert "undefined" not in shown and "None" not in shown


def test_an_explanation_that_this_version_does_not_draw_is_left_out() -> None:
    bundle = a_model.bundle()
    files = {**bundle.files, "explained.json": b'{"format": 0, "explanations": [{}]}'}
    assert "decisions" not in sections(model_report(replace(bundle, files=files)).decode())


@pytest.mark.parametrize(
    ("tuned", "said"),
    [
        (None, "95\u202f% as int8."),
        (0.975, "95\u202f% as int8; fine-tuned for int8, 97.5\u202f%."),
        (
            0.925,
            "95\u202f% as int8; fine-tuning for int8 did not help (92.5\u202f%), and was dropped.",
        ),
    ],
)
def test_it_tells_what_fine_tuning_gave(tuned: float | None, said: str) -> None:
    manifest = {"fine_tuning": {"float": 0.975, "int8": 0.95, "fine_tuned": tuned}}
    assert fine_tuning(manifest).endswith(said)


def test_what_is_not_finite_is_not_drawn() -> None:
    drawn = training({"loss": [1.0, float("nan"), 0.5], "val_loss": [float("nan")] * 3})
    assert [one["points"] for one in drawn[0]["lines"]] == [[[1, 1], [3, 0.5]]]


def test_the_report_is_a_file_of_the_bundle(tmp_path: Path) -> None:
    written = with_report(a_model.bundle(), tmp_path, {"found": 1})
    assert written.manifest["found"] == 1
    assert (tmp_path / "swing" / "report.html").read_bytes() == written.files["report.html"]
    assert "report.html" in json.loads((tmp_path / "swing" / "manifest.json").read_bytes())["files"]
    again: Bundle = with_report(written, tmp_path)
    assert again.files == written.files and again.manifest == written.manifest
