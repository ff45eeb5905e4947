"""The one error type that users meet, and what its sentences are made of."""

import shlex
from pathlib import Path


class UserError(Exception):
    """Something a user can mend. Commands exit with 2.

    text: what happened, why probably, what to do now. see: the heading in docs/troubleshooting.md
    that says more, where there is one.
    """

    def __init__(self, text: str, see: str = "") -> None:
        super().__init__(text)
        self.see = see

    def __str__(self) -> str:
        more = f' More: docs/troubleshooting.md, "{self.see}".' if self.see else ""
        return f"{self.args[0]}{more}"


def typed(path: Path) -> str:
    """A path as it is typed into a shell, in a command that somebody is told to run."""
    return shlex.quote(path.as_posix())
