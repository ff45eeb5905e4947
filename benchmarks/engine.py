"""How fast and how small is the compiled engine? `make bench` asks, docs/performance.md answers.

Measures the models of tests/engine_models.py as `tinygesture benchmark` does, and writes what it
says to benchmarks/figures, which is the budget that the tests hold every change against. From
these and from benchmarks/peers, what others measured, it makes the tables of docs/performance.md.
"""

import json
import sys
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "tests"))

from engine_models import MODELS  # noqa: E402
from tinygesture.benchmark import benchmark  # noqa: E402
from tinygesture.cli.costs import values  # noqa: E402

FIGURES, PEERS = ROOT / "benchmarks" / "figures", ROOT / "benchmarks" / "peers"
DOCUMENT = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- tables: begin -->\n", "<!-- tables: end -->\n"
TITLES = {
    "gru_step": "GRU step",
    "conv1d": "Conv1D window",
    "conv1d_hop": "Conv1D hop of 8",
    "image": "image 32×32",
}
ROWS = {
    "instructions": "instructions_per_inference",
    "instructions as a plan": "instructions_as_plan",
    "multiply-accumulates": "macs",
    "words loaded": "loads",
    "words stored": "stores",
    "flash: code": "code",
    "flash: tables": "tables",
    "flash: weights": "weights",
    "flash of the program measured": "image_bytes",
    "RAM: arena and state": "ram_bytes",
    "stack": "stack_bytes",
}
TOLERANCE = 0.02


def main() -> None:
    models = ROOT / ".tinygesture" / "benchmark"
    for folder in (FIGURES, models):
        folder.mkdir(parents=True, exist_ok=True)
    for name in MODELS:
        (models / f"{name}.tflite").write_bytes(MODELS[name]().model)
        text = json.dumps(measure(name), indent=1) + "\n"
        (FIGURES / f"{name}.json").write_text(text, "utf-8")
    text = DOCUMENT.read_text("utf-8")
    DOCUMENT.write_text(with_tables(text, {name: budget(name) for name in MODELS}), "utf-8")
    click.echo(f"{DOCUMENT}\n{FIGURES}\nThe models themselves: {models}")


def measure(name: str) -> dict[str, Any]:
    given = MODELS[name]()
    generated = benchmark(given.model, given.state, given.hop)
    plan = benchmark(given.model, given.state, given.hop, plan=True)
    return {**values(generated), "instructions_as_plan": plan.counts.instructions}


def budget(name: str) -> dict[str, Any]:
    """What `measure` gave when `make bench` ran last."""
    found: dict[str, Any] = json.loads((FIGURES / f"{name}.json").read_text("utf-8"))
    return found


def peers(name: str) -> dict[str, dict[str, Any]]:
    """What others measured, by their names. None streams: each hop is a window to them."""
    paths = sorted(PEERS.glob(f"{name.removesuffix('_hop')}.*.json"))
    given = [json.loads(path.read_text("utf-8")) for path in paths]
    return {one["name"]: one for one in given}


def changes(now: dict[str, Any], limits: dict[str, Any]) -> tuple[list[str], list[str]]:
    """The figures that are worse than their limits by more than TOLERANCE, and those better."""
    worse, better = [], []
    for title, key in ROWS.items():
        value, limit = figure(now, key), figure(limits, key)
        text = f"{title}: {value:,}, and {limit:,} in the budget"
        if value > limit * (1 + TOLERANCE):
            worse.append(text)
        elif value < limit * (1 - TOLERANCE):
            better.append(text)
    return worse, better


def figure(found: dict[str, Any], key: str) -> int:
    return int({**found, **found["flash_bytes"]}[key])


def with_tables(text: str, found: dict[str, dict[str, Any]]) -> str:
    """The document with tables of these figures between its markers."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    parts = [totals(found), *(layers(name, found[name]) for name in found)]
    return before + BEGIN + "\n" + "\n".join(parts) + "\n" + END + after


def totals(found: dict[str, dict[str, Any]]) -> str:
    lines = [row("per inference", *(TITLES[name] for name in found)), "|---|" + "--:|" * len(found)]
    others = {name: peers(name) for name in found}
    known = dict.fromkeys(peer for measured in others.values() for peer in measured)
    for title, key in ROWS.items():
        ours = {name: figure(one, key) for name, one in found.items()}
        lines.append(row(title, *(f"{value:,}" for value in ours.values())))
        for peer in known:
            theirs = {name: others[name].get(peer, {}).get(key) for name in found}
            if any(theirs.values()):
                cells = (beside(ours[name], value) for name, value in theirs.items())
                lines.append(row(f"— {peer}", *cells))
    [compiler] = {one["compiler"] for one in found.values()}
    return "\n".join(
        [
            *lines,
            "",
            f"Bytes for flash, RAM and stack; in brackets, how many times ours; {compiler}, `-O2`.",
            "",
        ]
    )


def beside(ours: int, theirs: int | None) -> str:
    return f"{theirs:,} ({theirs / ours:.1f}×)" if theirs else ""


def layers(name: str, found: dict[str, Any]) -> str:
    lines = [
        row(TITLES[name], "MACs", "instructions", "loads", "stores", "instructions per MAC"),
        "|---|--:|--:|--:|--:|--:|",
    ]
    for layer in found["layers"]:
        macs, instructions = layer["macs"], layer["instructions"]
        counts = (macs, instructions, layer["loads"], layer["stores"])
        each = f"{instructions / macs:.2f}" if macs else ""
        lines.append(row(layer["name"], *(f"{n:,}" if n else "" for n in counts), each))
    return "\n".join([*lines, ""])


def row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()
