"""`kf up --board`: a board beside the pipeline, which goes on whatever becomes of it."""

import re
import signal
import subprocess
import urllib.request

import pytest
from conftest import (
    DEADLINE_S,
    await_ends,
    binaries,
    environment,
    programs_with,
)
from publication import wait_until


def answer_of(page):
    """What the address answers."""
    with urllib.request.urlopen(page, timeout=DEADLINE_S) as answer:
        return answer.status, answer.headers, answer.read()


def assert_a_release_walks_through(pipeline):
    pipeline.feed()
    pipeline.show()


def test_the_address_is_told_when_all_are_ready_and_its_page_is_there(pipelines):
    pipeline = pipelines("--board", "0").ready()
    told = pipeline.lines.wait_for(r"^  board      (http://127\.0\.0\.1:\d+/)$")[1]
    assert pipeline.facts()["board"] == told
    status, headers, page = answer_of(told)
    assert status == 200
    assert headers["Content-Type"].startswith("text/html")
    assert b"<html" in page
    code, said = pipeline.stop()
    assert code == 0, said
    assert (pipeline.state / "board.db").exists()


def test_a_killed_board_is_started_again_at_the_same_address(pipelines):
    pipeline = pipelines("--board", "0").ready()
    page = pipeline.facts()["board"]
    pipeline.send("board-0", signal.SIGKILL)
    pipeline.lines.wait_for(r"^board-0 was killed by signal 9; started again$")
    assert pipeline.lines.wait_for(r"^board      (http://.*)$")[1] == page
    assert answer_of(page)[0] == 200
    assert_a_release_walks_through(pipeline)
    assert pipeline.stop()[0] == 0


def test_a_board_whose_store_was_deleted_is_started_again_and_shows_what_came(pipelines):
    pipeline = pipelines("--board", "0").ready()
    for file in pipeline.state.glob("board.db*"):
        file.unlink()
    pipeline.feed()
    pipeline.lines.wait_for(r"^board-0 exited with 1; started again$")
    pipeline.lines.wait_for(r"^board      http:")
    wait_until(
        lambda: b'"asss-2010"' in answer_of(pipeline.facts()["board"] + "api/releases")[2],
        lambda: "the board does not show the release",
    )


def test_it_is_stopped_after_the_stages_and_before_the_broker(pipelines):
    pipeline = pipelines("--board", "0").ready()
    pids = pipeline.pids()
    watched = [pids[name] for name in ("publish-0", "board-0", "devbroker")]
    pipeline.process.send_signal(signal.SIGTERM)
    order = [pid for ended in await_ends(watched) for pid in sorted(ended, key=watched.index)]
    assert order == watched
    assert pipeline.ended()[0] == 0


def test_without_the_option_there_is_none(pipelines):
    pipeline = pipelines().ready()
    assert "board-0" not in pipeline.pids()
    assert "board" not in pipeline.facts()


def test_a_port_that_somebody_else_has_is_told_and_the_pipeline_goes_on(pipelines):
    first = pipelines("--board", "0").ready()
    port = re.search(r":(\d+)/", first.facts()["board"])[1]
    second = pipelines("--board", port)
    second.lines.wait_for(r"^board-0 cannot work with its settings: the pipeline goes on without")
    second.lines.wait_for(rf"^    .*{port}")
    second.ready()
    assert "board" not in second.facts()
    assert_a_release_walks_through(second)
    code, said = second.stop()
    assert code == 2, said
    assert answer_of(first.facts()["board"])[0] == 200


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("exit 2", r"^board-0 cannot work with its settings: the pipeline goes on without it$"),
        (None, r"^board-0 cannot be started: the pipeline goes on without it$"),
        ("exit 1", r"^board-0 exited with 1, 4 times in a row; started again in 0\.5 s"),
    ],
)
def test_a_board_that_cannot_run_stops_nothing(pipelines, tmp_path, script, told):
    programs = programs_with(tmp_path / "bin", "kf-board", script)
    pipeline = pipelines("--board", "0", programs=programs)
    pipeline.lines.wait_for(told)
    if not any(line == "ready" for line in pipeline.lines.seen):
        pipeline.ready()
    assert "board" not in pipeline.facts()
    assert_a_release_walks_through(pipeline)
    assert len([name for name in pipeline.pids() if name.endswith("-0")]) >= 6
    pipeline.stop()


@pytest.mark.parametrize("port", ["-1", "65536", "http", "127.0.0.1:80"])
def test_what_is_no_port_starts_nothing(tmp_path, port):
    done = subprocess.run(
        [binaries() / "kf", "up", "--state-dir", tmp_path / "state", f"--board={port}"],
        capture_output=True, text=True, timeout=DEADLINE_S, check=False, env=environment())
    assert done.returncode == 2
    assert done.stderr.startswith(f"kf up: --board {port}: give a port, 0 to 65535")
    assert done.stdout == ""
