"""Makes docs/watch.svg, recording.svg, show.svg, label.svg and explain.svg: what they show.

A virtual hand moves an emulated board that runs a real model, and two others are explained. First:

    tinygesture demo
    train-and-export data --arch gru --name swing
    train-and-export data --arch conv1d --name swing-conv1d
    python docs/make_pictures.py
"""

import io
import re
from pathlib import Path

from rich.console import Console

from tinygesture import boards, project
from tinygesture.cli import explain_view, show_view
from tinygesture.cli.capturing.listener import Listener
from tinygesture.cli.capturing.recorder import Recorder
from tinygesture.cli.capturing.sitting import QUESTION
from tinygesture.cli.capturing.view import LiveView
from tinygesture.cli.capturing.who import Who
from tinygesture.cli.capturing.words import Progress, Review, figures
from tinygesture.cli.connection import Connection
from tinygesture.cli.labelling.marking import Marking
from tinygesture.cli.labelling.proposals import motion, spans
from tinygesture.cli.labelling.view import View
from tinygesture.cli.monitor import STREAMS, Monitor
from tinygesture.cli.watch_view import WatchView
from tinygesture.dataset import Dataset, Meta, Recording
from tinygesture.dataset.find import find
from tinygesture.evaluation.host import HostModel, stimulus
from tinygesture.explanation import explain
from tinygesture.export.bundle import Bundle
from tinygesture.export.restore import restore
from tinygesture.report.facts import facts
from tinygesture.synth import parse_script, perform
from tinygesture.training.examples import pad

FOLDER = Path(__file__).parent
WATCH = "sim://cm4?perform=punch,wave,circle,flex,punch,circle&subject=103&seed=7"
CAPTURE = "sim://cm4?subject=103&seed=7"
EVENTS, LONGEST_S = 6, 16.0
MODELS = ("swing", "swing-conv1d")


def main() -> None:
    save("watch", "tinygesture watch", watch())
    save("recording", "capture circle punch rest", recording())
    save("show", "tinygesture show circle/3 --data data", shown())
    title = f"tinygesture explain {MODELS[0]} circle/3 --beside {MODELS[1]} --data data"
    save("explain", title, explained())
    save("label", "tinygesture label continuous/1 circle punch wave", labelling())


def screen(height: int) -> Console:
    return Console(
        file=io.StringIO(), record=True, width=80, height=height, force_terminal=True,
        color_system="truecolor", highlight=False,
    )  # fmt: skip


def watch() -> Console:
    """The moment at which the board has recognised the script's last gesture."""
    console = screen(20)
    with Connection(WATCH, watched=False) as board:
        monitor = Monitor(board.info)
        board.session.stream(STREAMS)
        for message in board.session.messages():
            monitor.take(message)
            if len(monitor.gestures) == EVENTS or monitor.elapsed_s > LONGEST_S:
                break
        console.print(WatchView(board, monitor, "q ends"))
    return console


def recording() -> Console:
    """The third recording of a circle, as its maker is asked about it."""
    console = screen(24)
    with boards.connect(CAPTURE) as board:
        view = LiveView(console, f"anna, 2026-01-31, {board.info.board}", "")
        recorder = Recorder(Listener(board), view.show)
        who = Who("anna", "2026-01-31", "")
        for number in (1, 2, 3):
            made = recorder.guided("circle", 1.0, 1.5).recording(who.meta(board.info, "circle"))
            review = Review(f"circle {number} of 10", made.counts, figures(made), [], QUESTION)
            if number < 3:
                view.saved(review)
        view.announce(
            "",
            [
                Progress("circle 2/10", True, False),
                Progress("punch 0/10", False, False),
                Progress("rest 0/10", False, False),
            ],
        )
        view.ask(review)
        console.print(view.picture())
    return console


def shown() -> Console:
    """A recording of the sample data set."""
    console = screen(24)
    dataset = Dataset.open(FOLDER.parent / "data")
    [entry] = find(dataset, "circle/3")
    made = dataset.load(entry)
    console.print(show_view.recording(console, facts(entry, made, entry.subject), made, []))
    return console


def explained() -> Console:
    """What a GRU and a Conv1D used of the same recording of the sample data set."""
    console = screen(48)
    dataset = Dataset.open(FOLDER.parent / "data")
    [entry] = find(dataset, "circle/3")
    of = []
    for name in MODELS:
        bundle = Bundle.find(name, project.models())
        counts = stimulus(dataset, entry, 1)
        int8 = HostModel(bundle).predict(pad(counts, bundle.window))
        of.append(("circle/3", name, explain(restore(bundle), counts, int8)))
        title = f"circle/3, by {name} ({bundle.arch})"
        console.print(explain_view.picture(title, of[-1][2], console.width), "")
    console.print(explain_view.summary(of))
    return console


def labelling() -> Console:
    """A performance of the virtual hand, half of it marked."""
    console = screen(24)
    made = perform(parse_script("circle x 3, punch x 2, walk:6, wave x 3, circle, punch"), 3, 1)
    moved = motion(made.t_us, made.counts)
    length_us = int(made.t_us[-1])
    proposed = spans(made.t_us, moved)
    marking = Marking.begin(length_us, ["circle", "punch", "wave"], [], proposed)
    for key in "1112":
        marking.press(key)
    performed = Recording(made.t_us, made.counts, Meta.unknown(""))
    console.print(View(f"continuous/1   {length_us / 1e6:.1f} s", performed, moved, marking))
    return console


def save(name: str, title: str, console: Console) -> None:
    svg = console.export_svg(title=title)
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)  # nothing from the network
    (FOLDER / f"{name}.svg").write_text(svg.replace("Fira Code, monospace", "monospace"))


if __name__ == "__main__":
    main()
