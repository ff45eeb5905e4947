"""How much memory TensorFlow Lite Micro needs for a model, found by trying.

An arena that is far too small can crash the interpreter, so the attempts run in a process of
their own: `python -m tinygesture.export.arena SIZE...` reads the model from stdin and prints the
sizes that work, up to the first that does not.
"""

import subprocess
import sys
from collections.abc import Sequence

from tinygesture.export.tflm import interpreter

LARGEST = 256 * 1024
STEP = 16  # bytes: the arena's alignment


def arena_bytes(model: bytes) -> int | None:
    """The smallest arena that works here, in bytes; None if LARGEST is not enough.

    Pointers have 8 bytes on the host and 4 on the board, which therefore needs less.
    """
    halvings = [LARGEST >> i for i in range(10)]
    fits = _smallest_working(model, halvings)
    if fits is None:
        return None
    return _smallest_working(model, range(fits, fits // 2, -STEP))


def _smallest_working(model: bytes, sizes: Sequence[int]) -> int | None:
    command = [sys.executable, "-m", "tinygesture.export.arena", *map(str, sizes)]
    answer = subprocess.run(command, input=model, capture_output=True, check=False).stdout.split()
    return int(answer[-1]) if answer else None


def _try(model: bytes, sizes: Sequence[int]) -> None:
    for size in sizes:
        try:
            interpreter(model, size).invoke()
        except RuntimeError:
            return
        sys.stdout.write(f"{size}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _try(sys.stdin.buffer.read(), [int(size) for size in sys.argv[1:]])
