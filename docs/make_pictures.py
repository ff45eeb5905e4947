"""Makes docs/watch.svg and docs/recording.svg: the screens of `tinygesture watch` and `capture`.

A virtual hand moves an emulated board that runs a real model, so run `tinygesture demo` first:

    python docs/make_pictures.py
"""

import io
import re
from pathlib import Path

from rich.console import Console

from tinygesture import boards
from tinygesture.cli.capture_view import LiveView
from tinygesture.cli.monitor import STREAMS, Monitor
from tinygesture.cli.recorder import Recorder
from tinygesture.cli.watch_view import WatchView

FOLDER = Path(__file__).parent
WATCH = "sim://cm4?perform=punch,wave,circle,flex,punch,circle&subject=103&seed=7"
CAPTURE = "sim://cm4?subject=103&seed=7"
EVENTS, LONGEST_S = 6, 16.0


def main() -> None:
    save("watch", "tinygesture watch", watch())
    save("recording", "capture circle", recording())


def screen() -> Console:
    return Console(
        file=io.StringIO(), record=True, width=80, height=20, force_terminal=True,
        color_system="truecolor", highlight=False,
    )  # fmt: skip


def watch() -> Console:
    """The moment at which the board has recognised the script's last gesture."""
    console = screen()
    with boards.connect(WATCH) as board:
        monitor = Monitor(board.info)
        board.stream(STREAMS)
        for message in board.messages():
            monitor.take(message)
            if len(monitor.gestures) == EVENTS or monitor.elapsed_s > LONGEST_S:
                break
        console.print(WatchView(board, monitor))
    return console


def recording() -> Console:
    """The end of the second recording of a circle."""
    console = screen()
    with boards.connect(CAPTURE) as board:
        view = LiveView(console, f"anna, 2026-01-31, {board.info.board}", 20)
        recorder = Recorder(board, view.show)
        view.announce("circle", 1, 10)
        recorder.take("circle", 1.0, 1.5)
        console.print(view.picture())
    return console


def save(name: str, title: str, console: Console) -> None:
    svg = console.export_svg(title=title)
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)  # nothing from the network
    (FOLDER / f"{name}.svg").write_text(svg.replace("Fira Code, monospace", "monospace"))


if __name__ == "__main__":
    main()
