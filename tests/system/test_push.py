"""push: another model on a running board."""

import time


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
