"""The groups of commands: a slip of the finger is named."""

import pytest
from click.testing import CliRunner

from tinygesture.cli import group


@pytest.mark.parametrize(
    ("typed", "meant"),
    [(["captur"], "capture"), (["trian-and-export"], "train-and-export"),
     (["data", "relable", "x/1"], "relabel")],
)  # fmt: skip
def test_the_nearest_command_is_offered(typed: list[str], meant: str) -> None:
    result = CliRunner().invoke(group, typed)
    assert result.exit_code == 2
    assert f"Did you mean {meant}?" in result.output


def test_what_resembles_no_command_is_refused() -> None:
    result = CliRunner().invoke(group, ["xyzzy"])
    assert result.exit_code == 2
    assert "No such command 'xyzzy'" in result.output
