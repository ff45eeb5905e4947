"""Keys one at a time: on a pseudo-terminal, and on a console of Windows that the test plays."""

import importlib
import os
import sys
import termios
import threading
import types

import pytest

from tinygesture.cli.capturing import keys


@pytest.fixture
def terminal(monkeypatch):
    near, far = os.openpty()
    monkeypatch.setattr(sys, "stdin", types.SimpleNamespace(fileno=lambda: far))
    yield near, far
    os.close(near)
    os.close(far)


def pressed(source):
    found = []
    while key := source.pressed(0.05):
        found.append(key)
    return found


def test_keys_come_one_by_one_and_the_terminal_is_given_back(terminal):
    near, far = terminal
    before = termios.tcgetattr(far)
    with keys.TerminalKeys() as source:
        assert not termios.tcgetattr(far)[3] & (termios.ICANON | termios.ECHO)
        assert termios.tcgetattr(far)[3] & termios.ISIG  # Ctrl-C interrupts
        assert source.pressed() == ""
        os.write(near, b"rR \r\nq")
        assert pressed(source) == ["r", "r", " ", "\n", "\n", "q"]
    assert termios.tcgetattr(far) == before


def test_arrows_and_function_keys_are_no_letters(terminal):
    with keys.TerminalKeys() as source:
        for special in (b"\x1b[A", b"\x1b[1;5D", b"\x1bOP", b"\x1b[15~", b"\x1b"):
            os.write(terminal[0], special + b"r")
            assert source.pressed(0.05) == "r"
            assert source.pressed(0.05) == ""


def test_what_was_typed_ahead_is_forgotten(terminal):
    with keys.TerminalKeys() as source:
        os.write(terminal[0], b"ab")
        assert source.pressed(0.05) == "a"
        os.write(terminal[0], b"cd")
        source.forget()
        assert source.pressed(0.05) == ""


def test_the_terminal_is_given_back_after_an_error(terminal):
    before = termios.tcgetattr(terminal[1])
    with pytest.raises(KeyboardInterrupt), keys.TerminalKeys():
        raise KeyboardInterrupt
    assert termios.tcgetattr(terminal[1]) == before


@pytest.fixture
def console(monkeypatch):
    """The keys of a Windows console, and what is typed there."""
    typed = []
    fake = types.SimpleNamespace(kbhit=lambda: bool(typed), getwch=lambda: typed.pop(0))
    monkeypatch.setitem(sys.modules, "msvcrt", fake)
    with monkeypatch.context() as windows:
        windows.setattr(sys, "platform", "win32")
        importlib.reload(keys)
    yield keys.TerminalKeys(), typed
    importlib.reload(keys)


def test_the_console_of_windows(console):
    source, typed = console
    with source:
        typed.extend("R\r\xe0Hd")
        assert pressed(source) == ["r", "\n", "d"]
        typed.extend("abc")
        source.forget()
        assert source.pressed() == ""
        typed.append("\x03")
        with pytest.raises(KeyboardInterrupt):
            source.pressed()


def typed(source):
    found = []
    while key := source.typed(0.05):
        found.append(key)
    return found


def test_keys_as_they_are_typed(terminal):
    with keys.TerminalKeys() as source:
        os.write(terminal[0], b"aB\x1b[D\x1b[C\x1bOA\x1b[1;5B\x1b[3~\x7f\r")
        arrows = [keys.LEFT, keys.RIGHT, keys.UP, keys.DOWN]
        rest = [keys.SPECIAL, keys.BACKSPACE, keys.ENTER]
        assert typed(source) == ["a", "B", *arrows, *rest]
        os.write(terminal[0], b"\x1b")
        assert typed(source) == [keys.ESCAPE]


def test_a_key_that_comes_in_two_parts(terminal):
    with keys.TerminalKeys() as source:
        os.write(terminal[0], b"\x1b")
        threading.Timer(0.01, os.write, (terminal[0], b"[C")).start()
        assert source.typed(0.1) == keys.RIGHT
        letter = "ä".encode()
        os.write(terminal[0], letter[:1])
        threading.Timer(0.01, os.write, (terminal[0], letter[1:])).start()
        assert "ä" in (source.typed(0.2), source.typed(0.2))


def test_keys_of_windows_as_they_are_typed(console):
    source, waiting = console
    waiting.extend("aB\xe0K\xe0M\0H\xe0P\xe0S\b\r\x1b")
    arrows = [keys.LEFT, keys.RIGHT, keys.UP, keys.DOWN]
    rest = [keys.SPECIAL, keys.BACKSPACE, keys.ENTER, keys.ESCAPE]
    assert typed(source) == ["a", "B", *arrows, *rest]
