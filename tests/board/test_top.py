"""`kf top`: a stage that is killed or stopped shows within two seconds, its recovery too."""

import contextlib
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

import pytest
from terminal import CONTINUE, HIDE, INTERRUPT, LEAVE, SHOW, SUSPEND, Terminal

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "kafka"))

from keyed import free_ports, make_keys  # noqa: E402  pylint: disable=wrong-import-position
from line import Line, binaries, wait_until  # noqa: E402  pylint: disable=wrong-import-position

STAGES = ("ingest", "need", "normalize", "aggregate", "efficiency", "publish")
SHOWN_S = 2.0
# Held against the quickest of so many tries: other processes of the machine may delay one of them.
TRIES = 10
HEARD_S = 60


@pytest.fixture(scope="module", name="line")
def a_line():
    """The six services beside a development broker; each test leaves them running."""
    with contextlib.ExitStack() as stack:
        work = pathlib.Path(tempfile.mkdtemp(prefix="kf-top-"))  # short: sockets lie in it
        stack.callback(shutil.rmtree, work, ignore_errors=True)
        broker = subprocess.Popen(
            [binaries() / "kf-devbroker", "--port", "0", "--port-file", work / "broker"],
            stdout=subprocess.DEVNULL)
        stack.callback(broker.wait)
        stack.callback(broker.kill)
        wait_until((work / "broker").exists, "the broker's port")
        bootstrap = wait_until((work / "broker").read_text, "the broker's port").strip()
        bootstrap = bootstrap if ":" in bootstrap else f"127.0.0.1:{bootstrap}"
        line = stack.enter_context(Line(work, bootstrap, "kostra"))
        line.start()
        line.wait_ready("publish")
        yield line


@pytest.fixture(name="screen")
def a_screen(line):
    """`kf top` in a terminal, with every stage ready, as they are again after the test."""
    with Terminal([binaries() / "kf", "top", "--run-dir", line.run]) as terminal:
        terminal.wait_for(all_ready, "all stages ready")
        yield terminal
        terminal.resize(40, 120)
        for stage in STAGES:
            if line.exit_code(stage) is not None:
                line.start(stage)
            line.resume(stage)
        terminal.wait_for(all_ready, "all stages ready again")


def state_of(text, stage):
    """The state of a stage in the text that `kf top` shows."""
    found = re.search(rf"^{stage}-0 +(\w+)", text, re.MULTILINE)
    return found and found[1]


def all_ready(text):
    return all(state_of(text, stage) == "ready" for stage in STAGES)


def is_in(stage, state):
    return lambda text: state_of(text, stage) == state


def once(line, *arguments):
    return subprocess.run(
        [binaries() / "kf", "top", "--run-dir", str(line.run), *arguments],
        capture_output=True, text=True, check=False)


def once_when(line, good, *arguments):
    """The first single shot that is good: one listens for two seconds, in which a machine that is
    busy may let a service say nothing."""
    end = time.monotonic() + HEARD_S
    while not good(done := once(line, *arguments)):
        assert time.monotonic() < end, done.stdout + done.stderr
    return done


def status_when(line, good):
    """The status of the first single shot of which it is good."""
    return json.loads(once_when(line, lambda done: good(json.loads(done.stdout)),
                                "--format", "json").stdout)


def quickest(attempt):
    """The least of what at most TRIES attempts took to show an end and the recovery from it."""
    ends, recoveries = [], []
    while len(ends) < TRIES and (not ends or max(min(ends), min(recoveries)) > SHOWN_S):
        end, recovery = attempt()
        ends.append(end)
        recoveries.append(recovery)
    return min(ends), min(recoveries)


# ---- dead and alive ----


@pytest.mark.parametrize("stage", ["aggregate", "publish"])
def test_a_killed_stage_is_gone_within_two_seconds_and_its_recovery_shows(line, screen, stage):
    def kill_and_start():
        line.kill(stage)
        end = screen.wait_for(is_in(stage, "gone"), f"{stage} gone")
        screen.wait_for(lambda text: "5 of 6 alive" in text, "the others alive")
        assert "its connection has ended" in screen.text()
        line.start(stage)
        line.wait_ready(stage)
        return end, screen.wait_for(is_in(stage, "ready"), f"{stage} ready")

    assert max(quickest(kill_and_start)) < SHOWN_S


def test_a_stopped_stage_is_silent_within_two_seconds_and_comes_back(line, screen):
    def stop_and_continue():
        line.pause("normalize")
        end = screen.wait_for(is_in("normalize", "silent"), "normalize silent")
        line.resume("normalize")
        return end, screen.wait_for(is_in("normalize", "ready"), "normalize ready")

    assert max(quickest(stop_and_continue)) < SHOWN_S


def test_a_stopped_stage_that_is_killed_is_gone(line, screen):
    line.pause("need")
    screen.wait_for(is_in("need", "silent"), "need silent")
    line.kill("need")
    screen.wait_for(is_in("need", "gone"), "need gone")


def test_a_service_that_stops_in_order_is_draining_or_gone_never_silent(line, screen):
    def states():
        seen = set()

        def gone(text):
            seen.add(state_of(text, "efficiency"))
            return state_of(text, "efficiency") == "gone"

        line.stop("efficiency")
        screen.wait_for(gone, "efficiency gone")
        line.start("efficiency")
        screen.wait_for(all_ready, "efficiency ready")
        return seen

    # One that the machine lets wait is silent, whatever it was about to do.
    assert any(states() <= {"ready", "draining", "gone"} for _ in range(TRIES))


# ---- what it tells ----


def test_a_release_shows_with_its_phases_and_its_commit(line, screen):
    line.drop()
    screen.wait_for(lambda text: re.search(r"computed .*published \d", text), "the release")
    assert re.search(r"^releases +newest first", screen.text(), re.MULTILINE)
    screen.wait_for(lambda text: "1 release, 583 rows since it started; last commit" in text,
                    "the commit")
    for shown in (
            r"^open +nothing: every release has its receipt",
            r"^next +\d{4}-\d\d-\d\d 08\.00: kostra, (un)?revised figures of \d{4} \(in ",
            r"^Kafka +connected: Kafka at 127\.0\.0\.1:"):
        screen.wait_for(lambda text, shown=shown: re.search(shown, text, re.MULTILINE), shown)


def test_once_prints_what_is_and_fails_when_a_stage_is_not_alive(line, screen):
    done = once_when(line, lambda done: all_ready(done.stdout))
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout
    line.kill("aggregate")
    screen.wait_for(is_in("aggregate", "gone"), "aggregate gone")
    done = once_when(line, lambda done: state_of(done.stdout, "need") == "ready")
    assert done.returncode == 1
    assert state_of(done.stdout, "aggregate") == "unknown"


def test_once_names_the_folder_in_which_nobody_is_heard(tmp_path):
    done = subprocess.run([binaries() / "kf", "top", "--once", "--run-dir", tmp_path],
                          capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert f"kf top: nobody is heard in {tmp_path}: do the services run" in done.stderr


def test_json_is_what_the_board_answers(line, screen):
    screen.wait_for(all_ready, "all stages ready")
    done = once_when(line, lambda done: all(stage["state"] == "ready" for stage
                                            in json.loads(done.stdout)["stages"]),
                     "--format", "json")
    assert done.returncode == 0, done.stderr
    status = json.loads(done.stdout)
    assert abs(status["nowMs"] / 1000 - time.time()) < 60
    assert [stage["service"] for stage in status["stages"]] == list(STAGES)
    for stage in status["stages"]:
        assert stage["pid"] == line.pid(stage["service"])
        assert stage["endpoint"] == f"ipc://{line.run}/{stage['service']}-0.status"
        assert stage["sinceMs"] <= stage["beatMs"] <= status["nowMs"]
    assert status["ingest"]["window"] == 8
    assert status["ingest"]["heldTotal"] == 0
    assert status["publish"]["kafka"] == "connected"


def test_a_held_release_is_told_with_its_reason(line):
    """Most figures of an input vanish against the one before: the breaker holds it."""
    rows = (ROOT / "data/asss-2010/asss-2010.csv").read_text(encoding="utf-8").splitlines()
    line.drop(name="whole.csv")
    status_when(line, lambda status: (status.get("publish") or {}).get("releases"))
    line.drop(name="less.csv", text="\n".join(rows[: len(rows) // 3]) + "\n")
    status = status_when(line, lambda status: (status.get("ingest") or {}).get("heldTotal"))
    held = status["ingest"]["held"][0]
    assert held["input"] == "less.csv"
    assert "figures are gone" in held["reason"]
    text = once_when(line, lambda done: state_of(done.stdout, "ingest") == "ready").stdout
    assert re.search(r"^held +for approval: 1 release ", text, re.MULTILINE)
    assert held["release"][:8] + " less.csv: " in text


# ---- the terminal ----


@pytest.mark.parametrize("leave", ["q", INTERRUPT])
def test_whoever_leaves_finds_the_terminal_as_it_was(line, leave):
    with Terminal([binaries() / "kf", "top", "--run-dir", line.run]) as terminal:
        terminal.wait_for(all_ready, "all stages ready")
        assert HIDE in terminal.written
        assert terminal.settings() != terminal.before
        terminal.type(leave)
        assert terminal.wait_exit() == 0
        assert terminal.written.rstrip().endswith(LEAVE)
        assert terminal.written.index(HIDE) < terminal.written.rindex(SHOW)
        assert terminal.settings() == terminal.before


def test_whoever_suspends_it_has_the_terminal_meanwhile(screen):
    own = screen.settings()
    screen.type(SUSPEND)
    screen.wait_written(LEAVE)
    wait_until(screen.stopped, "it stands still")
    assert screen.settings() == screen.before
    screen.written = ""
    screen.signal(CONTINUE)
    screen.wait_for(all_ready, "all stages ready")
    assert screen.settings() == own


def fits(text, rows, columns):
    """True for a frame that is as large as that at most."""
    lines = text.split("\n")
    return text and len(lines) <= rows and all(len(line) <= columns for line in lines)


@pytest.mark.parametrize("rows,columns", [(24, 80), (12, 40), (5, 22)])
def test_it_fits_a_terminal_of_any_size(screen, rows, columns):
    screen.resize(rows, columns)
    screen.wait_for(lambda text: fits(text, rows, columns), "a frame of that size")
    screen.written = ""
    screen.wait_for(lambda text: state_of(text, "ingest") == "ready", "the next frame")
    assert fits(screen.text(), rows, columns), screen.text()


def test_more_than_fits_is_told(screen):
    screen.resize(6, 80)
    screen.wait_for(lambda text: re.search(r"… \d+ more lines$", text), "that there is more")
    assert len(screen.screen()) <= 6


def test_nothing_is_cleared_between_frames(screen):
    screen.written = ""
    for _ in range(2):
        screen.wait_for(lambda text: text.strip(), "a frame")
    assert "\x1b[2J" not in screen.written


def test_colours_are_left_out_when_nobody_wants_them(line, screen):
    assert re.search(r"\x1b\[32mready\x1b\[0m", screen.frame())
    with Terminal([binaries() / "kf", "top", "--run-dir", line.run],
                  environment={"NO_COLOR": "1"}) as plain:
        plain.wait_for(all_ready, "all stages ready")
        assert not re.search(r"\x1b\[\d+m", plain.written)


# ---- over the network ----


def test_it_watches_over_tcp_with_the_watchers_key_and_with_no_other(tmp_path):
    keys, folder = make_keys(tmp_path / "keys"), pathlib.Path(tempfile.mkdtemp(prefix="kf-top-"))
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        endpoint = f"tcp://127.0.0.1:{free_ports(1)[0]}"
        need = subprocess.Popen(
            [binaries() / "kf-need", "--run-dir", folder, "--status", endpoint, "--keys", keys],
            stderr=subprocess.DEVNULL)
        stack.callback(need.wait)
        stack.callback(need.kill)

        def watched(*security):
            done = subprocess.run(
                [binaries() / "kf", "top", "--run-dir", folder, "--format", "json",
                 "--status-endpoints", f"need={endpoint}", *security],
                capture_output=True, text=True, check=False)
            stages = json.loads(done.stdout)["stages"] if done.stdout else [{}] * 2
            return stages[1].get("state"), done

        wait_until(lambda: watched("--keys", keys)[0] == "ready", "need ready over tcp")
        foreign = make_keys(tmp_path / "foreign")
        assert watched("--keys", foreign)[0] == "unknown"
        _, refused = watched()
        assert refused.returncode == 2
        assert "kf keys new" in refused.stderr


@pytest.mark.parametrize("arguments,says", [
    (["--format", "xml"], "give text or json"),
    (["--status-endpoints", "pea=ipc:///x"], "write SERVICE=ENDPOINT"),
    (["--status-endpoints", "need"], "write SERVICE=ENDPOINT"),
    (["--status-endpoints", "need=http://x"], "http://x"),
    (["--keys", "/nowhere"], "/nowhere"),
])
def test_mistakes_are_told_with_their_remedy(line, arguments, says):
    done = once(line, *arguments)
    assert done.returncode == 2
    assert says in done.stderr
