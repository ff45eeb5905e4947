"""One function in several processes, which end with the one that waits for them."""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import IO, Any, TypeVar

from tinygesture.errors import UserError

Answer = TypeVar("Answer")
_SERVE = f"from {__name__} import serve; serve()"


def several(function: Callable[..., Answer], tasks: Sequence[tuple[Any, ...]]) -> list[Answer]:
    """function(*task) of each task, in order; the tasks should take about equally long.

    function: of a module. Raises what it raises, and UserError where a process is killed.
    """
    count = min(os.cpu_count() or 1, len(tasks))
    found: list[Answer] = []
    try:
        with ExitStack() as stack:
            shares = [(function, tasks[i::count]) for i in range(count)]
            answers = [stack.enter_context(_process(share)) for share in shares]
            for i in range(len(tasks)):
                answer = pickle.load(answers[i % count])
                if isinstance(answer, Exception):
                    raise answer
                found.append(answer)
        return found
    except (EOFError, pickle.UnpicklingError, BrokenPipeError, MemoryError) as error:
        raise UserError(
            "A process that was helping this command has ended, probably because the memory is "
            "full. Close other programs, and repeat the command."
        ) from error


@contextmanager
def _process(share: tuple[Callable[..., Any], Sequence[tuple[Any, ...]]]) -> Iterator[IO[bytes]]:
    """Gives what the process writes: the pickled answers."""
    with subprocess.Popen(
        [sys.executable, "-P", "-c", _SERVE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for the process that waits, which then ends this one
    ) as process:
        assert process.stdin and process.stdout
        try:
            pickle.dump(share, process.stdin)
            process.stdin.flush()
            yield process.stdout
        finally:
            process.kill()


def serve() -> None:
    """What such a process does, until nobody waits any more."""
    answers = sys.stdout.buffer
    sys.stdout = sys.stderr
    try:
        function, tasks = pickle.load(sys.stdin.buffer)
        for task in tasks:
            pickle.dump(_answer(function, task), answers)
            answers.flush()
    except (EOFError, OSError):
        os._exit(1)


def _answer(function: Callable[..., Any], task: tuple[Any, ...]) -> Any:
    try:
        return function(*task)
    except Exception as error:
        return error
