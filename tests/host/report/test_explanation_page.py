"""The page of explanations, in a real browser."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from browser import SETTLED, Browser
from explained import HOP, LOUD, PADDING, SAMPLES, WINDOW, told
from hostile import HOSTILE

from tinygesture.report import write_explanations

LEFT = 104  # pixels of the names


@pytest.fixture(scope="module")
def made() -> list[dict[str, object]]:
    return [told("circle/3", "mine"), told(HOSTILE, "other", labels=(HOSTILE, "punch", "rest"))]


@pytest.fixture(scope="module")
def page(made, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("explained") / "explanation.html"
    size = write_explanations(made, path)
    assert size == path.stat().st_size
    return path


def test_hostile_words_are_text_and_what_is_synthetic_is_called_so(page):
    text = page.read_text(encoding="utf-8")
    assert HOSTILE not in text and text.count("<script") == 2
    assert "A virtual hand performed what is explained here, and no person." in re.sub(
        r"\s+", " ", text
    )
    policy = re.search(r'Content-Security-Policy" content="([^"]+)', text)[1]
    assert policy.startswith("default-src &#39;none&#39;") and "unsafe" not in policy


@pytest.fixture
def shown(browser: Browser, page: Path) -> Browser:
    browser.open(page)
    browser.run(SETTLED)
    return browser


def box(shown: Browser, what: str) -> tuple[float, float, float, float]:
    """Left, top, width and height of what a selector finds, scrolled into sight."""
    shown.run(
        f"document.querySelector('{what}').scrollIntoView({{block: 'center', behavior: 'instant'}})"
    )
    shown.run("new Promise((done) => setTimeout(done, 100))")
    left, top, width, height = shown.run(
        f"(() => {{ const r = document.querySelector('{what}').getBoundingClientRect();"
        " return [r.left, r.top, r.width, r.height] })()"
    )
    return left, top, width, height


def said(shown: Browser) -> str:
    return str(shown.run("values.hidden ? '' : values.innerText"))


def readout(shown: Browser) -> str:
    return str(shown.run("document.querySelector('.readout').textContent"))


def minus(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".replace("-", "−")


def test_nothing_fails_and_nothing_is_loaded(shown: Browser, page: Path) -> None:
    assert shown.problems == []
    assert shown.requests == [page.resolve().as_uri()]
    assert shown.run("document.title") == f"circle/3, {HOSTILE}, decided by mine, other"
    assert shown.run("document.querySelectorAll('img, script[src], link, iframe').length") == 0
    assert shown.run("document.querySelectorAll('.explanation').length") == 2
    assert shown.run("document.querySelectorAll('.explanation:first-of-type canvas').length") == 4


def test_pointing_at_a_sample_shows_its_values_and_the_past_of_its_step(shown, made):
    before = readout(shown)
    left, top, width, _ = box(shown, ".signals")
    i = LOUD.start + 3
    shown.point(left + LEFT + (i + 0.5) / SAMPLES * (width - LEFT), top + 100)
    words = said(shown)
    assert words.split("\n")[0] == f"{(i - PADDING) / 100:.2f} s"
    assert minus(made[0]["units"][i][0], 2) in words
    assert "+0.080" in words and "circle" in words
    step = int(np.ceil((i + 0.5 - WINDOW) / HOP))
    end = (WINDOW + step * HOP - PADDING) / 100
    assert readout(shown).startswith(f"The step at {end:.2f} s says circle ")
    assert readout(shown) != before
    assert shown.run("document.querySelectorAll('.explanation .cursor:not([hidden])').length") == 2
    shown.point(2, 2)
    assert said(shown) == ""
    assert shown.run("document.querySelectorAll('.explanation .cursor:not([hidden])').length") == 0


def test_pointing_at_the_matrix_says_what_of_the_past_is_used(shown, made):
    left, top, width, height = box(shown, ".matrix")
    used = made[0]["used"]
    step, block = 8, 4
    shown.point(
        left + 40 + (block + 0.5) / len(used[0]) * (width - 40),
        top + (step + 0.5) / len(used) * (height - 22),
    )
    words = said(shown)
    begin = (block * HOP - PADDING) / 100
    assert words.startswith(f"The step at {(WINDOW + step * HOP - PADDING) / 100:.2f} s")
    assert f"uses of {begin:.2f} to {begin + HOP / 100:.2f} s" in words
    assert f"{100 * used[step][block]:.1f}%" in words


def test_pointing_at_the_past_says_how_much_of_it_is_used(shown, made):
    left, top, width, _ = box(shown, ".past")
    shown.point(left + LEFT + 0.999 * (width - LEFT), top + 20)
    assert f"{100 * made[0]['used'][-1][-1]:.1f}%" in said(shown)


def test_keys_move_through_time(shown):
    box(shown, ".signals")
    shown.run("document.querySelector('.signals').focus({focusVisible: true})")
    shown.press("ArrowLeft", 37)
    before = (readout(shown), said(shown))
    shown.press("ArrowLeft", 37)
    assert all(before) and readout(shown) != before[0] and said(shown) not in ("", before[1])


def test_the_memory_is_what_python_says(shown, made):
    """The page computes how far back a step reaches by itself; the mean of them is given."""
    used = np.array(made[0]["used"])[-1][::-1]
    reached = np.append(0, np.cumsum(used))
    depth = np.interp(0.9 * reached[-1], reached, np.arange(len(reached))) * HOP / 100
    assert f"is from the last {depth:.2f} s." in readout(shown)
    assert made[0]["memory_sentence"] in shown.run("document.querySelector('.sums').innerText")


def test_dark_and_paper(shown: Browser) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    light = shown.run(paper)
    shown.run("themeButton.click()")
    assert shown.run(paper) != light
    shown.run("dispatchEvent(new Event('beforeprint'))")
    assert shown.run("document.querySelectorAll('.plot:not(:has(canvas))').length") == 0
    assert shown.run(paper) == "rgb(255, 255, 255)"


def test_on_a_phone_nothing_is_wider_than_the_screen(shown: Browser) -> None:
    shown.call(
        "Emulation.setDeviceMetricsOverride",
        width=390, height=800, deviceScaleFactor=2, mobile=True,
    )  # fmt: skip
    shown.run(SETTLED)
    assert shown.run("document.documentElement.scrollWidth") <= 390
    shown.call("Emulation.clearDeviceMetricsOverride")


def test_every_word_stands_out(page):
    """The contrast of what is drawn for and against with the paper and the panel (WCAG 2)."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    text = page.read_text(encoding="utf-8")
    found = dict(re.findall(r"--(for|against|panel): light-dark\((#\w+, #\w+)\)", text))
    for theme in (0, 1):
        of = {name: luminance(colours.split(", ")[theme]) for name, colours in found.items()}
        for name in ("for", "against"):
            low, high = sorted((of[name], of["panel"]))
            assert (high + 0.05) / (low + 0.05) >= 4.5


def test_the_page_holds_what_was_computed(page, made):
    text = page.read_text(encoding="utf-8")
    assert json.loads(re.search(r'id="data">(.*?)</script>', text, re.S)[1]) == made
