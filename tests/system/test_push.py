"""push: another model on a running board."""

import os
import shutil
import signal
import struct
import time
import zlib

from tinygesture.boards import connect
from tinygesture.link import messages as m
from tinygesture.link import push
from tinygesture.link.fields import MAX_PLAN_DATA


def test_push_gives_a_board_without_a_model_one_in_under_5_seconds(clone, trained, board):
    began = time.monotonic()
    done = clone.run("tinygesture", "push", "swing", "--port", clone.port(board), "--json")
    took = time.monotonic() - began
    assert done.status == 0, done.stderr
    [said] = done.json
    assert (said["model"], said["model_id"]) == ("swing", trained.json[0]["model_id"])
    assert (said["board"], said["kept"]) == (board, False)
    assert said["vectors"] == said["equal"] > 10
    assert said["plan_bytes"] == (clone.root / "models/swing/plan.bin").stat().st_size
    assert said["seconds"] <= took < 5
    assert "--keep" in done.stderr


def test_push_replaces_the_model_that_was_built_in(clone, swing, board):
    port = clone.port(board, "swing")
    done = clone.run("tinygesture", "push", "swing", "--port", port)
    assert done.status == 0, done.stderr
    assert "are equal to the host's" in done.stdout
    removed = clone.run("tinygesture", "push", "--remove", "--port", port, "--json")
    assert removed.status == 0, removed.stderr
    assert removed.json[0]["model"] == "swing"
    assert "built in" in removed.stderr


def test_push_explains_itself(clone, trained):
    nothing = clone.run("tinygesture", "push")
    assert nothing.status == 2
    assert "Name a model" in nothing.stderr
    unknown = clone.run("tinygesture", "push", "nothing", "--port", clone.port("native"))
    assert unknown.status == 2
    assert "There are: swing" in unknown.stderr


def sealed(plan: bytes) -> bytes:
    """The plan with its CRC put right."""
    return plan[:12] + struct.pack("<I", zlib.crc32(plan[16:])) + plan[16:]


def model_of(port: str) -> str:
    """What the firmware at a port says that it runs."""
    with connect(port) as board:
        return board.info.model


def test_a_kept_model_runs_until_it_is_removed(clone, trained, board):
    port = clone.port(board)
    keep = clone.run("tinygesture", "push", "swing", "--keep", "--port", port, "--json")
    assert keep.status == 0, keep.stderr
    assert keep.json[0]["kept"] is True
    try:
        verified = clone.run("tinygesture", "verify", "swing", "--port", port, "--json")
        assert verified.status == 0, verified.stderr
        assert verified.json[0]["vectors"] == verified.json[0]["equal"] > 250
        assert model_of(port) == "swing"
    finally:
        removed = clone.run("tinygesture", "push", "--remove", "--port", port, "--json")
    assert removed.json == [{"model": None, "model_id": None, "port": port}]
    assert model_of(port) == ""


def test_a_board_killed_while_it_keeps_a_model_has_the_old_or_the_new(clone, trained, tmp_path):
    """As if its power were lost at any moment; and it takes the model the next time."""
    image = tmp_path / "program"
    shutil.copy2(clone.images["native", ""], image)
    port = f"sim://native?firmware={image}"
    plan = (clone.root / "models/swing/plan.bin").read_bytes()
    other = sealed(plan.replace(b"swing\0", b"other\0"))
    with connect(port) as board:
        push(board, plan, keep=True)
    found = set()
    for attempt in range(30):
        board = connect(port)
        before = board.info.model
        offered = other if before == "swing" else plan
        board.send(m.PlanBegin(len(offered), m.PlanFlag.KEEP))
        for at in range(0, len(offered), MAX_PLAN_DATA):
            board.send(m.PlanData(at, offered[at : at + MAX_PLAN_DATA]))
        board.send(m.PlanEnd())
        time.sleep(attempt * 0.0002)
        os.killpg(board.port._simulation._process.pid, signal.SIGKILL)
        board.close()
        now = model_of(port)
        assert now in ("swing", "other")
        found.add(now == before)
    assert found == {True, False}, "no moment was in the middle of it"
