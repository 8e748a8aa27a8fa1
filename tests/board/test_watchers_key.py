"""Over tcp the board hears a stage with the key of a watcher, and with no other."""

import contextlib
import json
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import urllib.request

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "kafka"))

from line import binaries, wait_until  # noqa: E402

NOBODY = "127.0.0.1:1"


@pytest.fixture
def run_dir():
    """A short path, for sockets."""
    with tempfile.TemporaryDirectory(prefix="kf-", dir="/tmp") as folder:
        yield pathlib.Path(folder) / "run"


@pytest.fixture
def keys(tmp_path):
    """A folder with keys of every role, and a folder with those of strangers."""
    for name in ("keys", "strangers"):
        subprocess.run([binaries() / "kf", "keys", "new", tmp_path / name], check=True,
                       capture_output=True)
    return tmp_path


def free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


@contextlib.contextmanager
def running(log, program, *words):
    """A service while the block lasts."""
    with open(log, "w", encoding="utf-8") as file, subprocess.Popen(
            [binaries() / program, *map(str, words)], stdout=file, stderr=file) as process:
        try:
            yield process
        finally:
            process.terminate()


def page_of(run_dir, service, path):
    """What a page of the service answers; "" while it has none."""
    told = run_dir / f"{service}-0.http"
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{int(told.read_text())}{path}",
                                    timeout=20) as answer:
            return answer.read().decode()
    except (OSError, ValueError):
        return ""


def state_of_need(run_dir):
    """How the board sees need."""
    page = page_of(run_dir, "board", "/api/status")
    states = [stage["state"] for stage in json.loads(page)["stages"]
              if stage["service"] == "need"] if page else []
    return states[0] if states else None


def denied(run_dir):
    """How many peers need has turned away."""
    page = page_of(run_dir, "need", "/metrics")
    found = re.search(r"^kostraflow_peers_denied_total (\d+)", page, re.M)
    return int(found[1]) if found else 0


@contextlib.contextmanager
def need_and_board(run_dir, folder, boards_keys):
    """need with a status endpoint on tcp, and a board that listens there with these keys."""
    beats = f"tcp://127.0.0.1:{free_port()}"
    board = ["--run-dir", run_dir, "--keys", boards_keys, "--need-status", beats,
             "--bootstrap-servers", NOBODY, "--state-dir", folder,
             "--editions", ROOT / "editions"]
    with running(folder / "need.log", "kf-need", "--run-dir", run_dir, "--keys", folder / "keys",
                 "--status", beats), running(folder / "board.log", "kf-board", *board):
        yield


def test_with_the_watchers_key_it_hears_the_stage(run_dir, keys):
    with need_and_board(run_dir, keys, keys / "keys"):
        wait_until(lambda: state_of_need(run_dir) in ("ready", "waiting"), "need is heard")
        assert denied(run_dir) == 0


def line_of(peers, role):
    """The line of a role in a list of peers."""
    return re.search(rf"^{role}\b.*$", peers.read_text(encoding="utf-8"), re.M)[0]


def test_with_a_key_that_need_does_not_know_it_is_turned_away_and_counted(run_dir, keys):
    """The stranger knows need's public key; need has another watcher on its list."""
    peers = keys / "strangers" / "peers"
    text = peers.read_text(encoding="utf-8")
    peers.write_text(text.replace(line_of(peers, "need"),
                                  line_of(keys / "keys" / "peers", "need")), encoding="utf-8")
    with need_and_board(run_dir, keys, keys / "strangers"):
        wait_until(lambda: denied(run_dir) > 0, "turned away")
        assert state_of_need(run_dir) in (None, "unknown", "gone")


def test_without_keys_tcp_is_refused(run_dir, keys):
    done = subprocess.run(
        [binaries() / "kf-board", "--run-dir", run_dir, "--need-status", "tcp://127.0.0.1:7001",
         "--editions", ROOT / "editions", "--state-dir", keys, "--check-config"],
        capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "a tcp endpoint without keys is open to whoever reaches it" in done.stderr
