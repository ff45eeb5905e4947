"""The report in a real browser: nothing fails, nothing is loaded, and it does what it promises."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from browser import SETTLED, Browser
from hostile import quiet

from tinygesture.dataset import Dataset, Recording
from tinygesture.dataset.find import find
from tinygesture.report import write_dataset_report


@pytest.fixture
def report(browser: Browser, page: Path) -> Browser:
    browser.open(page)
    browser.run(SETTLED)
    return browser


def test_nothing_fails_and_nothing_is_loaded(report: Browser, page: Path) -> None:
    assert report.problems == []
    assert report.requests == [page.resolve().as_uri()]
    assert "owned" not in report.run("document.title")
    assert report.run("document.querySelectorAll('img, script[src], link, iframe').length") == 0


def test_every_recording_has_a_card_and_plots_in_sight_are_drawn(
    report: Browser, mixed: Dataset
) -> None:
    names = report.run("[...document.querySelectorAll('#cards .card')].map((c) => c.fact.id)")
    assert sorted(names) == sorted(entry.id for entry in mixed.entries)
    report.middle("#cards .plot")
    drawn = "document.querySelectorAll('#cards canvas').length"
    assert report.run(drawn) > 0
    colours = report.run(
        "new Set(new Uint32Array(document.querySelector('#cards canvas').getContext('2d')"
        ".getImageData(0, 0, 150, 100).data.buffer)).size"
    )
    assert colours > 10


def test_pointing_at_a_plot_shows_the_values_there(report: Browser, mixed: Dataset) -> None:
    x, y = report.middle("#cards .plot")
    report.point(x, y)
    said = report.run("values.hidden ? '' : values.innerText")
    [entry] = find(mixed, report.run("document.querySelector('#cards .card').fact.id"))
    recording = mixed.load(entry)
    row = abs(recording.t_us - recording.t_us[-1] / 2).argmin()
    g = [f"{value / 8192:.2f}".replace("-", "−") for value in recording.counts[row, :3]]
    assert said.split("\n")[0] == f"{recording.t_us[row] / 1e6:.3f} s"
    assert all(value in said for value in g)
    report.point(2, 2)
    assert report.run("values.hidden")


def test_keys_reach_every_recording(report: Browser) -> None:
    report.middle("#cards .card")
    report.run("document.querySelector('#cards .card').focus({focusVisible: true})")
    before = report.run("values.innerText")
    middle = report.run("list.querySelector('.card').fact.middle_s")
    assert abs(float(before.split()[0]) - middle) < 0.01
    report.press("ArrowRight", 39)
    assert report.run("values.innerText") not in ("", before)
    report.press("ArrowDown", 40)
    assert report.run("[...list.querySelectorAll('.card')].indexOf(document.activeElement)") == 1
    assert report.run("list.querySelectorAll('.card[tabindex=\"0\"]').length") == 1


def test_a_click_opens_it_large_and_keys_leaf_through(report: Browser) -> None:
    report.point(*report.middle("#cards .plot"), click=True)
    title = "large.open && document.getElementById('large-title').textContent"
    first = report.run(title)
    assert first == report.run("document.querySelector('#cards .card').fact.name")
    assert report.run("large.querySelectorAll('canvas').length") == 2
    report.press("PageDown", 34)
    report.run(SETTLED)
    assert report.run(title) not in (False, first)
    report.run(
        "[...large.querySelectorAll('button')].find((b) => b.textContent === 'Next').click()"
    )
    report.press("PageUp", 33)
    report.press("PageUp", 33)
    assert report.run(title) == first
    report.press("Escape", 27)
    assert report.run("large.open") is False


def test_large_has_the_commands_that_correct_it(report: Browser, mixed: Dataset) -> None:
    report.run("open(data.gestures[data.suspects[0]], data.gestures)")
    said = report.run("large.querySelector('pre').innerText").split("\n")
    end = f"--data {mixed.path.as_posix()}"
    assert said[0] == f"tinygesture data relabel circle/7 --label punch {end}"
    assert said[2] == f"tinygesture data delete circle/7 {end}"
    report.run("show(data.continuous[0])")
    assert report.run("large.querySelector('pre').innerText").startswith(
        "tinygesture data cut continuous/1 --from 0 --to "
    )


def test_filters_and_order(report: Browser) -> None:
    def choose(**fields: str) -> list[str]:
        values = ";".join(f"filters.elements.{k}.value = {v!r}" for k, v in fields.items())
        report.run(f"filters.reset(); {values}; filters.dispatchEvent(new Event('input'))")
        return list(report.run("[...list.querySelectorAll('.card')].map((c) => c.fact.name)"))

    assert len(choose(label="punch")) == 6
    assert choose(mark="drops") == ["circle/8"]
    assert len(choose(subject="s2", label="rest")) == 2
    assert choose(text="nobody") == []
    assert choose(order="doubt")[0] == "circle/7"
    assert len(choose(text="circle 1")) > 0
    assert len(choose()) == 20


def test_on_paper_everything_is_drawn_and_light(report: Browser) -> None:
    report.run("style.colorScheme = 'dark', themeChanged()")
    pdf = report.call("Page.printToPDF")["data"]
    assert len(pdf) > 20_000
    assert report.run("style.colorScheme") == "dark"
    report.run("dispatchEvent(new Event('beforeprint'))")
    assert report.run("document.querySelectorAll('.plot:not(:has(canvas))').length") == 0
    assert report.run("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_the_theme_changes(report: Browser) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    light = report.run(paper)
    report.run("themeButton.click()")
    assert report.run(paper) != light
    report.run("themeButton.click()")
    assert report.run(paper) == light


def test_a_thousand_recordings_are_there_within_three_seconds(
    browser: Browser, mixed: Dataset, tmp_path: Path
) -> None:
    rng = np.random.default_rng(1)
    known = [mixed.load(entry) for entry in mixed.entries]

    def another(k: int) -> Recording:
        one = known[k % len(known)]
        counts = one.counts + rng.integers(-50, 50, one.counts.shape)
        meta = replace(one.meta, subject=f"s{k % 40}")
        return Recording(one.t_us, counts.clip(-32768, 32767).astype(np.int16), meta)

    many = Dataset.create(tmp_path / "many")
    many.add_all(another(k) for k in range(1000))
    write_dataset_report(many, tmp_path / "many.html", quiet)

    def milliseconds() -> float:
        """From when the page is asked for until it is painted."""
        browser.open(tmp_path / "many.html")
        browser.run(SETTLED)
        return float(browser.run("performance.now()"))

    assert min(milliseconds() for _ in range(2)) < 3000
    assert browser.problems == []
    assert browser.run("document.querySelectorAll('#overlays .plot').length") == 18
    assert browser.run("shown.length") == 1000
    filtered = "(() => { const t = performance.now(); choose(); return performance.now() - t })()"
    assert browser.run(filtered) < 500


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
