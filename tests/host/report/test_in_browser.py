"""The report in a real browser: nothing fails, nothing is loaded, and it does what it promises."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Browser, program

from tinygesture.dataset import Dataset
from tinygesture.dataset.find import find

pytestmark = pytest.mark.skipif(
    program() is None, reason="no Chromium is installed, so the report was not opened in a browser"
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    browser = Browser(tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()


@pytest.fixture
def report(browser: Browser, page: Path) -> Browser:
    browser.open(page)
    browser.run(SETTLED)
    return browser


SETTLED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))"


def see(report: Browser, what: str) -> tuple[float, float]:
    """Scroll to what a selector finds; its middle."""
    report.run(
        f"document.querySelector('{what}').scrollIntoView({{block: 'center', behavior: 'instant'}})"
    )
    report.run("new Promise((done) => setTimeout(done, 100))")
    x, y = report.run(
        f"(() => {{ const r = document.querySelector('{what}').getBoundingClientRect();"
        " return [r.left + r.width / 2, r.top + r.height / 2] })()"
    )
    return x, y


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
    see(report, "#cards .plot")
    drawn = "document.querySelectorAll('#cards canvas').length"
    assert report.run(drawn) > 0
    colours = report.run(
        "new Set(new Uint32Array(document.querySelector('#cards canvas').getContext('2d')"
        ".getImageData(0, 0, 150, 100).data.buffer)).size"
    )
    assert colours > 10


def test_pointing_at_a_plot_shows_the_values_there(report: Browser, mixed: Dataset) -> None:
    x, y = see(report, "#cards .plot")
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
    see(report, "#cards .card")
    report.run("document.querySelector('#cards .card').focus({focusVisible: true})")
    before = report.run("values.innerText")
    report.press("ArrowRight", 39)
    assert report.run("values.innerText") not in ("", before)
    report.press("ArrowDown", 40)
    assert report.run("[...list.querySelectorAll('.card')].indexOf(document.activeElement)") == 1
    assert report.run("list.querySelectorAll('.card[tabindex=\"0\"]').length") == 1


def test_a_click_opens_it_large_and_keys_leaf_through(report: Browser) -> None:
    report.point(*see(report, "#cards .plot"), click=True)
    title = "large.open && document.getElementById('large-title').textContent"
    first = report.run(title)
    assert first == report.run("document.querySelector('#cards .card').fact.name")
    assert report.run("large.querySelectorAll('canvas').length") == 2
    report.press("PageDown", 34)
    report.run(SETTLED)
    assert report.run(title) not in (False, first)
    report.press("Escape", 27)
    assert report.run("large.open") is False


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


def test_the_theme_changes(report: Browser) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    light = report.run(paper)
    report.run("themeButton.click()")
    assert report.run(paper) != light
    report.run("themeButton.click()")
    assert report.run(paper) == light


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
