"""Chromium without a window, driven through its remote debugging pipe."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
SETTLED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))"
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--no-first-run")

# Becomes the program that its arguments name, which has these two pipes as its files 3 and 4.
AS_3_AND_4 = """
import os, sys
pipes = [os.dup(int(n)) for n in sys.argv[1].split(",") for _ in range(4)]  # beyond 3 and 4
os.dup2(pipes[3], 3)
os.dup2(pipes[7], 4)
os.execv(sys.argv[2], sys.argv[2:])
"""


def program() -> str | None:
    """The installed browser, where there is one that this can drive."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None) if os.name == "posix" else None


class Browser:
    """A browser with one page; `profile` is a folder for its files.

    problems: what the page reported, such as exceptions and what its policy forbade.
    """

    def __init__(self, profile: Path, size: tuple[int, int] = (1400, 900)) -> None:
        theirs_in, self._in = os.pipe()
        self._out, theirs_out = os.pipe()
        own = (f"--user-data-dir={profile}", f"--window-size={size[0]},{size[1]}")
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                AS_3_AND_4,
                f"{theirs_in},{theirs_out}",
                str(program()),
                *FLAGS,
                *own,
            ],
            pass_fds=(theirs_in, theirs_out),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._number = 0
        self._rest = b""
        self._session = ""
        self._events: list[dict[str, Any]] = []
        [target] = [
            target
            for target in self.call("Target.getTargets")["targetInfos"]
            if target["type"] == "page"
        ]
        attached = self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setFocusEmulationEnabled", enabled=True)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._in)
        os.close(self._out)

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._in, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return dict(answer["result"])
            self._events.append(answer)

    def open(self, page: Path) -> None:
        """Show a file and wait until it is loaded."""
        self._events.clear()
        self.call("Page.navigate", url=page.resolve().as_uri())
        while not any(event.get("method") == "Page.loadEventFired" for event in self._events):
            self._events.append(self._read())

    def run(self, script: str) -> Any:
        """The value of an expression; a promise is waited for."""
        done = self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in done, done["exceptionDetails"]
        return done["result"].get("value")

    def middle(self, what: str) -> tuple[float, float]:
        """Scroll to what a selector finds; its middle."""
        self.run(
            f"document.querySelector('{what}')"
            ".scrollIntoView({block: 'center', behavior: 'instant'})"
        )
        self.run("new Promise((done) => setTimeout(done, 100))")
        x, y = self.run(
            f"(() => {{ const r = document.querySelector('{what}').getBoundingClientRect();"
            " return [r.left + r.width / 2, r.top + r.height / 2] })()"
        )
        return x, y

    def press(self, key: str, code: int) -> None:
        for kind in ("rawKeyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code)

    def point(self, x: float, y: float, click: bool = False) -> None:
        kinds = ("mouseMoved", "mousePressed", "mouseReleased") if click else ("mouseMoved",)
        for kind in kinds:
            button = "none" if kind == "mouseMoved" else "left"
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button=button, clickCount=1)

    @property
    def problems(self) -> list[Any]:
        """Exceptions, forbidden scripts, and everything that the page logged."""
        bad = ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded")
        return [event["params"] for event in self._events if event.get("method") in bad]

    @property
    def requests(self) -> list[str]:
        """Every address that the page asked for."""
        return [
            event["params"]["request"]["url"]
            for event in self._events
            if event.get("method") == "Network.requestWillBeSent"
            and not event["params"]["documentURL"].startswith("chrome:")
        ]

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            data = os.read(self._out, 1 << 20)
            assert data, "the browser has ended"
            self._rest += data
        message, _, self._rest = self._rest.partition(b"\0")
        return dict(json.loads(message))
