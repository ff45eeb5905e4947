"""Compares the virtual hand with recordings of people: the tables and the picture of synthetic.md.

    TINYGESTURE_DATA=FOLDER .venv/bin/python docs/compare_synthetic.py

writes them anew. The folder holds recordings in the format of
Arduino's gesture tutorial (aX,aY,aZ,gX,gY,gZ in g and °/s, made with Arduino's library), one file
per recorder and label.
"""

import io
import json
import os
import sys
import zipfile
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from recorded import RATE_HZ, read_tutorial_csv
from tinygesture.contract import Float64, to_units
from tinygesture.synth import perform

SAME = {
    "circle": ["martinlindholdt/circ"],
    "punch": ["martinlindholdt/punch", "chiahong95/punch", "adamclarkstandke/punch"],
    "flex": ["martinlindholdt/flex", "chiahong95/flex"],
    "up-down": ["martinlindholdt/vert"],
    "left-right": ["martinlindholdt/hori"],
}
SUBJECTS = range(1, 61)
PAGE = Path(__file__).with_name("synthetic.md")
ROWS = 119  # of a recording of the tutorial's sketch
TRIGGER_G = 2.5  # the tutorial's sketch begins to record where |aX| + |aY| + |aZ| reaches this
BANDS = (0.5, 3, 8, 15, 60)  # Hz
QUIET = 15  # samples at the end of a recording

Recordings = list[Float64]  # g and °/s, [119, 6] each


@cache
def people(data: Path, name: str) -> Recordings:
    """The whole recordings of a file."""
    return [v for v in read_tutorial_csv(data / "imu" / f"{name}.csv") if len(v) == ROWS]


@cache
def virtual(label: str) -> Recordings:
    """Of the virtual people, triggered as the tutorial's sketch does; some move too gently."""
    found = []
    for subject in SUBJECTS:
        values = to_units(perform([(label, 3.0)], subject, 1).counts)
        begins = np.flatnonzero(np.abs(values[:, :3]).sum(axis=1) >= TRIGGER_G)
        if len(begins) and begins[0] + ROWS <= len(values):
            found.append(values[begins[0] : begins[0] + ROWS])
    return found


def sets(data: Path) -> Iterator[tuple[str, str, Recordings]]:
    """Gesture, who, recordings."""
    for label, names in SAME.items():
        for name in names:
            yield label, name, people(data, name)
        yield label, "virtual hand", virtual(label)


def middle(values: Float64) -> str:
    low, median, high = np.percentile(values, [25, 50, 75])
    digits = 2 if high < 10 else 0
    return f"{median:.{digits}f} ({low:.{digits}f}-{high:.{digits}f})"


def ranges(values: Recordings) -> list[Float64]:
    """Greatest force in g, greatest rate in °/s, seconds with over a fifth of that rate."""
    force = np.array([np.linalg.norm(v[:, :3], axis=1) for v in values])
    rate = np.array([np.linalg.norm(v[:, 3:], axis=1) for v in values])
    busy = rate > rate.max(axis=1, keepdims=True) / 5
    first, last = busy.argmax(axis=1), busy.shape[1] - 1 - busy[:, ::-1].argmax(axis=1)
    return [force.max(axis=1), rate.max(axis=1), (last - first) / RATE_HZ]


def spectrum(values: Recordings) -> tuple[Float64, Float64]:
    """Hz [K], and the median power [K, 2] of force and rate, of each recording's sum 1."""
    stack = np.array(values)
    stack = (stack - stack.mean(axis=1, keepdims=True)) * np.hanning(ROWS)[:, None]
    power = np.abs(np.fft.rfft(stack, axis=1)) ** 2
    both = np.stack([power[:, :, :3].sum(axis=2), power[:, :, 3:].sum(axis=2)], axis=2)
    share = both / both.sum(axis=1, keepdims=True)
    return np.fft.rfftfreq(ROWS, 1 / RATE_HZ), np.median(share, axis=0)


def shares(values: Recordings) -> Float64:
    """Percent of the power in each of BANDS, [bands, 2] of force and rate."""
    hertz, power = spectrum(values)
    edges = np.searchsorted(hertz, BANDS)
    found = np.array([power[a:b].sum(axis=0) for a, b in pairwise(edges)])
    return 100 * found / found.sum(axis=0)


def table(header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def table_of_ranges(data: Path) -> str:
    rows = []
    for label, who, values in sets(data):
        rows.append([label, who, str(len(values)), *(middle(column) for column in ranges(values))])
    header = ["gesture", "who", "recordings", "greatest force, g", "greatest rate, °/s", "lasts, s"]
    return table(header, rows)


def table_of_spectra(data: Path) -> str:
    rows = []
    for label, who, values in sets(data):
        rows.append([label, who, *(f"{a:.1f} / {g:.1f}" for a, g in shares(values))])
    bands = [f"{a:g}-{b:g} Hz" for a, b in pairwise(BANDS)]
    return table(["gesture", "who", *bands], rows)


def table_of_rest(data: Path) -> str:
    """Deviations of an axis within 1.5 s, as the mean of three."""

    def row(what: str, who: str, windows: list[Float64]) -> list[str]:
        deviations = np.array([window.std(axis=0) for window in windows])
        force = 1000 * deviations[:, :3].mean(axis=1)
        rate = middle(deviations[:, 3:].mean(axis=1)) if deviations.shape[1] == 6 else "-"
        return [what, who, str(len(windows)), middle(force), rate]

    rest = [to_units(perform([("rest", 1.5)], subject, 1).counts) for subject in SUBJECTS]
    quiet = [v[-QUIET:] for names in SAME.values() for name in names for v in people(data, name)]
    ended = [v[-QUIET:] for label in SAME for v in virtual(label)]
    rows = [
        row("lying still", "ei_xiao, another board", list(edge_impulse(data, "idle"))),
        row("held still", "virtual hand", rest),
        row("after a gesture, 0.13 s", "all people above", quiet),
        row("after a gesture, 0.13 s", "virtual hand", ended),
    ]
    return table(["what", "who", "windows", "force, mg", "rate, °/s"], rows)


def edge_impulse(data: Path, label: str) -> Iterator[Float64]:
    """Windows of 1.5 s of an export of Edge Impulse: accelerometer only, g."""
    with zipfile.ZipFile(data / "imu" / "ei_xiao" / "imu-acc-export.zip") as export:
        for name in sorted(export.namelist()):
            if f"/{label}." in name:
                payload = json.load(io.BytesIO(export.read(name)))["payload"]
                values = np.array(payload["values"])
                size = round(1500 / payload["interval_ms"])
                yield from (values[i : i + size] for i in range(0, len(values) - size, size))


def table_of_the_chip(data: Path) -> str:
    """What the LSM9DS1 adds: at the calmest thousandth of all moments, of QUIET samples each.

    Noise is what is left in second differences, to which slow motion adds nothing.
    """
    rows = []
    recorders = sorted({name.split("/")[0] for names in SAME.values() for name in names})
    for who in [*recorders, "virtual hand"]:
        if who == "virtual hand":
            values = [v for label in SAME for v in virtual(label)]
        else:
            names = [n for names in SAME.values() for n in names if n.startswith(f"{who}/")]
            values = [v for name in names for v in people(data, name)]
        windows = (np.lib.stride_tricks.sliding_window_view(v, QUIET, axis=0) for v in values)
        moments = np.concatenate([*windows])  # [moments, 6, QUIET]
        deviations = moments.std(axis=2).reshape(-1, 2, 3).sum(axis=2)
        calm = deviations <= np.percentile(deviations, 0.1, axis=0)
        noise = np.diff(moments, 2, axis=2).std(axis=2) / np.sqrt(6)
        force = 1000 * np.median(noise[calm[:, 0], :3], axis=0)
        rate = np.median(noise[calm[:, 1], 3:], axis=0)
        level = np.median(np.abs(moments[calm[:, 1], 3:].mean(axis=2)), axis=0)
        columns = (
            f"{c.min():.{d}f}-{c.max():.{d}f}" for c, d in ((force, 1), (rate, 2), (level, 1))
        )
        rows.append([who, *columns])
    return table(["who", "noise, mg", "noise, °/s", "zero-rate level, °/s"], rows)


def picture(data: Path) -> str:
    """Spectra: one row per gesture, force and rate; people in grey, the virtual hand in blue."""
    wide, high, left, top = 330, 130, 90, 30
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + 2 * wide}" '
        f'height="{top + high * len(SAME) + 20}" font-family="sans-serif" font-size="11">',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    for column, title in enumerate(("force: share of the power per Hz", "rate")):
        parts.append(f'<text x="{left + column * wide}" y="18">{title}</text>')
    for row, label in enumerate(SAME):
        y = top + row * high
        parts.append(f'<text x="4" y="{y + high / 2}">{label}</text>')
        for column in (0, 1):
            x, across, down = left + column * wide, wide - 20, high - 26
            parts.append(f'<rect x="{x}" y="{y}" width="{across}" height="{down}" fill="#f4f4f4"/>')
            for hertz in (10, 20, 30, 40, 50):
                at = x + across * hertz / 60
                parts.append(f'<path d="M{at} {y}v{down}" stroke="#ddd"/>')
                parts.append(f'<text x="{at - 6}" y="{y + down + 11}" fill="#888">{hertz}</text>')
            for who, values in [(w, v) for one, w, v in sets(data) if one == label]:
                hertz, power = spectrum(values)
                level = np.log10(np.maximum(power[:, column], 1e-7)) / -7  # 1 to 1e-7
                line = " ".join(
                    f"{x + across * h / 60:.1f},{y + down * v:.1f}"
                    for h, v in zip(hertz, level, strict=True)
                )
                colour = "#1a6fd4" if who == "virtual hand" else "#999"
                parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}"/>')
    return "\n".join([*parts, "</svg>"]) + "\n"


TABLES = {
    "ranges": table_of_ranges,
    "spectra": table_of_spectra,
    "rest": table_of_rest,
    "chip": table_of_the_chip,
}


def main() -> None:
    data = Path(os.environ.get("TINYGESTURE_DATA", ""))
    if not (data / "imu").is_dir():
        sys.exit("Set TINYGESTURE_DATA to the folder of recordings.")
    text = PAGE.read_text(encoding="utf-8")
    for name, make in TABLES.items():
        begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
        before, _, after = text.partition(begin)
        text = f"{before}{begin}\n{make(data)}\n\n{end}{after.partition(end)[2]}"
    PAGE.write_text(text, encoding="utf-8", newline="\n")
    PAGE.with_suffix(".svg").write_text(picture(data), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
