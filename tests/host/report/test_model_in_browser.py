"""A model's report in a real browser: nothing fails, nothing is loaded, the figures are right."""

from pathlib import Path

import a_model
import numpy as np
import pytest
from browser import SETTLED, Browser


@pytest.fixture
def report(browser: Browser, model_page: Path) -> Browser:
    browser.open(model_page)
    browser.run(SETTLED)
    return browser


def test_nothing_fails_and_nothing_is_loaded(report: Browser, model_page: Path) -> None:
    assert report.problems == []
    assert report.requests == [model_page.resolve().as_uri()]
    assert "owned" not in report.run("document.title")
    assert report.run("document.querySelectorAll('img, script[src], link, iframe').length") == 0


def test_every_section_is_there_and_in_the_navigation(report: Browser) -> None:
    there = report.run("[...document.querySelectorAll('main section')].map((s) => s.id)")
    assert there == [
        *("accuracy", "mistakes", "stream", "confidence", "robustness", "decisions"),
        *("training", "cost", "origin"),
    ]
    linked = report.run("[...document.querySelectorAll('nav a')].map((a) => a.hash.slice(1))")
    assert linked == there
    boxes = "[...document.querySelectorAll('section, figure, ol, table')]"
    assert report.run(f"{boxes}.filter((box) => !box.textContent.trim()).length") == 0


def test_the_confusion_matrix_is_the_manifest_s(report: Browser) -> None:
    shown = report.run(
        "[...document.querySelectorAll('.confusion tbody tr')].map((row) =>"
        " [...row.querySelectorAll('td')].map((cell) => Number(cell.innerText.replace('·', '0'))))"
    )
    confusion = a_model.bundle().manifest["metrics"]["int8"]["confusion"]
    assert shown == [row[:3] for row in confusion[:3]]  # nothing is of wave, or was taken for it


def test_every_wrong_answer_is_drawn_the_surest_first(report: Browser) -> None:
    shown = report.run("data.examples.filter((e) => e.label !== e.answer).map((e) => e.id)")
    wrong = [r for r in a_model.tested()["recordings"] if r["label"] != r["int8"]["label"]]
    assert len(wrong) > 2
    assert sorted(shown) == sorted(one["id"] for one in wrong)
    assert report.run("document.querySelectorAll('#wrong .example').length") == len(wrong)
    report.middle("#wrong .plot")
    assert report.run("document.querySelectorAll('#wrong canvas').length") > 0


def test_pointing_at_an_example_shows_samples_and_answers(report: Browser) -> None:
    report.point(*report.middle("#wrong .plot"))
    said = report.run("values.hidden ? '' : values.innerText").split("\n")
    shown = report.run("data.examples.find((one) => one.label !== one.answer).id")
    at_s = float(said[0].split()[0])
    [own] = [
        one
        for one in a_model.tested()["examples"]
        if a_model.tested()["recordings"][one["recording"]]["id"] == shown
    ]
    row = own["counts"][round(at_s * 100)]
    assert said[1:4] == [f"{value / 8192:.2f}".replace("-", "−") for value in row[:3]]
    step = min(int((at_s * 100 - a_model.WINDOW) / a_model.HOP + 1), len(own["probabilities"]) - 1)
    shares = [(value + 128) / 256 for value in own["probabilities"][step]]
    most = max(range(4), key=lambda label: shares[label])
    assert a_model.LABELS[most] in said
    assert f"{100 * shares[most]:.0f} %" in said
    report.point(2, 2)
    assert report.run("values.hidden")


def test_pointing_at_a_chart_shows_the_values_there(report: Browser) -> None:
    report.point(*report.middle("[data-charts=robustness] .chart"))
    said = report.run("values.innerText")
    points = a_model.bundle().manifest["robustness"]["curves"]["tilt"]["points"]
    [point] = [one for one in points if f"tilt {one['at']} °" in said]
    assert f"{100 * point['value']:.0f} %".replace(".0", "") in said
    report.point(2, 2)
    assert report.run("values.hidden")


def test_the_trade_off_and_the_events_are_the_manifest_s(report: Browser) -> None:
    manifest = a_model.bundle().manifest
    rows = report.run(
        "[...document.querySelectorAll('.events tbody tr, .events tfoot tr')].map((row) =>"
        " [...row.children].map((cell) => cell.innerText))"
    )
    events = manifest["events"]
    for row, counted in zip(rows, [*events["labels"].values(), events], strict=True):
        names = ("gestures", "recognised", "false", "duplicates")
        assert row[1:5] == [str(counted[name]) for name in names]
        assert row[-1] == ("–" if counted["f1"] is None else f"{counted['f1']:.3f}")
        assert len(row) == (8 if counted["f1"] is None else 10)
    drawn = report.run("data.charts.stream[0].lines.map((line) => line.points)")
    for points, name in zip(drawn, ("recall", "precision", "f1"), strict=True):
        wanted = [[one["target"], 100 * one[name]] for one in manifest["trade_off"]["points"]]
        assert points == pytest.approx(np.array(wanted), abs=1e-4)
    report.point(*report.middle("[data-charts=stream] .chart"))
    assert report.run("values.innerText").startswith("aimed at")


def test_the_confidence_of_steps_and_events_is_the_manifest_s(report: Browser) -> None:
    manifest = a_model.bundle().manifest
    drawn = report.run("data.charts.confidence.map((chart) => chart.lines.at(-1).points)")
    measured = (manifest["calibration"]["int8"], manifest["events"]["reliability"])
    for points, of in zip(drawn, measured, strict=True):
        wanted = [[100 * one["confidence"], 100 * one["accuracy"]] for one in of["bins"]]
        assert points == pytest.approx(np.array(wanted), abs=1e-4)


def test_explanations_are_drawn_and_answer_to_the_pointer(report: Browser) -> None:
    assert report.run("document.querySelectorAll('#explanations .explanation').length") == 2
    report.point(*report.middle("#explanations .signals"))
    assert report.run("document.querySelectorAll('#explanations canvas').length") > 0
    assert " s" in report.run("values.innerText")
    assert report.problems == []


def test_keys_move_the_cursor(report: Browser) -> None:
    report.run("document.querySelector('[data-charts=training] .chart').focus()")
    report.press("ArrowRight", 39)
    assert report.run("values.innerText").startswith("epoch 2")
    report.run("document.querySelector('#wrong .plot').focus()")
    assert report.run("values.hidden")
    report.press("ArrowRight", 39)
    assert report.run("values.innerText") != ""


def test_on_paper_everything_is_drawn_and_light(report: Browser) -> None:
    report.run("style.colorScheme = 'dark', themeChanged()")
    assert len(report.call("Page.printToPDF")["data"]) > 20_000
    report.run("dispatchEvent(new Event('beforeprint'))")
    undrawn = "[...document.querySelectorAll('.plot:not(:has(canvas))')].length"
    assert report.run(undrawn) == 0
    assert report.run("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_on_a_phone_nothing_is_wider_than_the_screen(report: Browser) -> None:
    report.call(
        "Emulation.setDeviceMetricsOverride",
        width=390,
        height=800,
        deviceScaleFactor=2,
        mobile=True,
    )
    assert report.run("document.documentElement.scrollWidth") <= 390
    report.call("Emulation.clearDeviceMetricsOverride")
