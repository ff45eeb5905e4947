"""Streams that are closed, files that are none, numbers that are none."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tinygesture.cli import group
from tinygesture.dataset.files import write_atomically
from tinygesture.errors import UserError


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("command, status", [(["synth"], 0), (["data", "list", "--data"], 2)])
def test_a_command_does_its_work_with_closed_streams(tmp_path, closed, command, status):
    program = Path(sys.executable).with_name("tinygesture")
    small = ["--subjects", "1", "--count", "1", "--labels", "circle"] if status == 0 else []
    line = ["sh", "-c", f'"$@" {closed}', "sh", program, *command, tmp_path / "d", *small]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == status
    assert "Traceback" not in done.stderr
    assert (tmp_path / "d" / "dataset.json").is_file() == (status == 0)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_device_or_a_pipe_is_not_replaced_by_a_file(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(UserError, match="a device or a pipe"):
        write_atomically(pipe, b"x")
    assert pipe.is_fifo()
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]


@pytest.mark.parametrize(
    "typed",
    [
        ["train-and-export", "d", "--arch", "gru", "--name", "x", "--false-per-hour", "nan"],
        ["import", ".", "--rate", "nan"],
        ["capture", "circle", "--seconds", "nan"],
    ],
)
def test_nan_is_no_number(typed):
    result = CliRunner().invoke(group, typed)
    assert result.exit_code == 2
    assert "'nan' is no finite number" in result.output
