"""What ingest keeps was damaged, taken away, or is not its own: it is refused or mended, with a
reason that names the file and what to do, and no figure is lost or changed.

(Flipped bytes of the ledger: tests/services/ingest/ledger/test_ledger_flips.c.)
"""

import contextlib
import errno
import itertools
import os
import re
import shutil
import sqlite3
import subprocess

import pytest
from line import DATA, ROOT, SERVICES, Line, binaries, wait_until
from reader import Follower, all_topics, check_release, manifests


@pytest.fixture
def line(broker, prefix, tmp_path):
    with Line(tmp_path, broker.bootstrap, prefix) as made:
        yield made


@pytest.fixture
def recorded(line):
    """A line whose ingest has recorded a release and was stopped before it was published."""
    line.start("ingest", wait=False)
    line.drop()
    wait_until(lambda: (line.done / DATA.name).exists(), f"recorded\n{line.logs()}")
    line.stop("ingest")
    return line


def published(broker, prefix, line, count=1):
    """Waits for so many releases and checks each."""
    with Follower(broker.bootstrap, all_topics(prefix)) as follower:
        try:
            follower.wait_for(lambda records: len(manifests(records, prefix)) >= count, 90)
        except TimeoutError as error:
            raise AssertionError(f"{error}\n{line.logs()}") from error
        records = follower.catch_up()
    found = manifests(records, prefix)
    assert len(found) == count
    for release, manifest in found:
        check_release(records, prefix, release)
        assert manifest["state"] == "RELEASE_STATE_COMMITTED"


def refusal(line):
    """Starts ingest, which must refuse with 2; what it says."""
    line.start("ingest", wait=False)
    assert line.wait_exit("ingest") == 2, line.logs()
    said = sorted(line.work.glob("*-ingest.log"))[-1].read_text()
    return re.search(r'cannot-start .*reason="(.*)"', said)[1]


# --- the ledger ---------------------------------------------------------------------------------


def cut(path):
    os.truncate(path, os.path.getsize(path) // 2)


def nonsense(path):
    path.write_bytes(b"municipality;year\n" * 1000)


def newer(path):
    with contextlib.closing(sqlite3.connect(path)) as base:
        base.execute("PRAGMA user_version = 99")


def foreign(path):
    path.unlink()
    with contextlib.closing(sqlite3.connect(path)) as base:
        base.execute("CREATE TABLE notes(text)")


@pytest.mark.parametrize(
    "name, harm, told",
    [
        ("ledger.db", cut, "move it away and start with a new one"),
        ("ledger.db", nonsense, "move it away and start with a new one"),
        ("ledger.db", newer, "the ledger has version 99, written by kostraflow"),
        ("ledger.db", foreign, "is not a ledger of kostraflow"),
    ],
)
def test_a_damaged_or_foreign_ledger_is_refused_and_stays_as_it_is(recorded, name, harm, told):
    path = recorded.state / name
    harm(path)
    before = path.read_bytes()
    reason = refusal(recorded)
    assert str(path) in reason and told in reason
    assert path.read_bytes() == before


def test_a_ledger_moved_away_is_made_anew_and_the_input_given_again_is_published(
    broker, prefix, recorded
):
    nonsense(recorded.state / "ledger.db")
    assert "move it away" in refusal(recorded)
    (recorded.state / "ledger.db").rename(recorded.state / "ledger.damaged")
    recorded.start()
    recorded.drop()
    published(broker, prefix, recorded)


@pytest.mark.parametrize("harm", ["cut", "flipped", "gone"])
def test_a_torn_log_of_the_ledger_loses_no_recorded_release(broker, prefix, line, harm):
    """Killed with the release in the write-ahead log, which is then torn at its end. What was
    acknowledged by moving the input must be there, or the ledger must say that it is damaged."""
    line.start("ingest", wait=False)
    line.drop()
    wait_until(lambda: (line.done / DATA.name).exists(), f"recorded\n{line.logs()}")
    line.kill("ingest")
    log = line.state / "ledger.db-wal"
    assert log.stat().st_size > 0
    if harm == "cut":  # a frame that was being written when the power went
        with open(log, "ab") as file:
            file.write(os.urandom(2000))
    elif harm == "flipped":  # in the shared-memory index, which is only a cache
        index = line.state / "ledger.db-shm"
        content = bytearray(index.read_bytes())
        content[200] ^= 0xFF
        index.write_bytes(content)
    else:
        (line.state / "ledger.db-shm").unlink()
    line.start()
    published(broker, prefix, line)


@pytest.mark.parametrize("share", [0.1, 0.9])
def test_after_a_flipped_byte_in_the_log_the_input_given_again_is_published(
    broker, prefix, line, share
):
    """SQLite takes a frame whose checksum is wrong for the end of its log, and what follows for
    never written: the release may be gone from the ledger, as told by `kf releases`. The input is
    in done/ still, and giving it again is harmless in any case."""
    line.start("ingest", wait=False)
    line.drop()
    wait_until(lambda: (line.done / DATA.name).exists(), f"recorded\n{line.logs()}")
    line.kill("ingest")
    log = line.state / "ledger.db-wal"
    content = bytearray(log.read_bytes())
    content[int(len(content) * share)] ^= 0x10
    log.write_bytes(content)
    (line.state / "ledger.db-shm").unlink()
    line.start()
    line.drop()
    published(broker, prefix, line)


# --- locks, ports, folders ----------------------------------------------------------------------


def test_what_lock_and_port_files_hold_does_not_matter(broker, prefix, line):
    contents = itertools.cycle([b"", b"\xff" * 5000, b"-1\n", b"1\n", b"99999\n"])
    line.run.mkdir(mode=0o700, parents=True)
    for service in SERVICES:
        (line.run / f"{service}-0.lock").write_bytes(next(contents))
        (line.run / f"{service}-0.http").write_bytes(next(contents))
    line.state.mkdir(parents=True)
    (line.state / "ledger.db.lock").write_bytes(b"1\n")
    line.start()
    line.drop()
    published(broker, prefix, line)


@pytest.mark.parametrize("which", ["inbox", "done", "rejected"])
def test_a_folder_in_whose_place_stands_a_file_is_told(line, which):
    line.state.mkdir(parents=True)
    (line.state / which).write_text("a file")
    reason = refusal(line)
    assert str(line.state / which) in reason and "is not a folder" in reason


def troubled(line, text):
    answer = line.get("ingest", "/readyz")
    return answer and answer[0] == 503 and text in answer[1]


@pytest.mark.parametrize("which", ["inbox", "done"])
def test_a_folder_taken_away_while_it_runs_is_told_and_all_goes_on_when_it_is_back(
    broker, prefix, line, which
):
    line.start()
    folder = line.state / which
    away = line.state / "away"
    folder.rename(away)
    if which == "done":
        line.drop()
    wait_until(lambda: troubled(line, str(folder)) or not line.ready("ingest"),
               f"/readyz tells\n{line.logs()}")
    if which == "inbox":
        away.rename(folder)
        line.drop()
    else:
        away.rename(folder)
    published(broker, prefix, line)
    wait_until(lambda: (line.done / DATA.name).exists(), "in done/")
    wait_until(lambda: line.ready("ingest"), f"ready again\n{line.logs()}")


def as_nobody():
    """A command that runs a program without root's right to pass over permissions."""
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"]


@pytest.mark.parametrize("which", ["inbox", "done"])
def test_permissions_taken_away_while_it_runs_are_told_and_all_goes_on_when_they_are_back(
    broker, prefix, line, which
):
    if os.geteuid() == 0:
        line.within["ingest"] = as_nobody()
    line.start()
    folder = line.state / which
    hidden = line.inbox / f".{DATA.name}.part"
    shutil.copy(DATA, hidden)
    hidden.rename(line.inbox / "later.tmp")
    folder.chmod(0o000 if which == "inbox" else 0o500)
    if which == "done":
        (line.inbox / "later.tmp").rename(line.inbox / DATA.name)
    wait_until(lambda: troubled(line, "Permission denied"), f"/readyz tells\n{line.logs()}")
    assert line.exit_code("ingest") is None
    folder.chmod(0o700)
    if which == "inbox":
        (line.inbox / "later.tmp").rename(line.inbox / DATA.name)
    published(broker, prefix, line)
    wait_until(lambda: (line.done / DATA.name).exists(), "in done/")
    wait_until(lambda: line.ready("ingest"), f"ready again\n{line.logs()}")


def test_a_ledger_that_vanishes_under_its_service_is_told(line):
    """Its rows cannot be kept any more: going on would lose them at the next start."""
    line.start("ingest", wait=False)
    wait_until(lambda: line.get("ingest", "/healthz"), "up")
    for name in ("ledger.db", "ledger.db-wal", "ledger.db-shm"):
        (line.state / name).unlink(missing_ok=True)
    line.drop()
    assert line.wait_exit("ingest") == 1, line.logs()
    assert "removed or replaced while it was in use" in line.logs()
    assert (line.inbox / DATA.name).exists() and not (line.done / DATA.name).exists()


def test_a_missing_editions_folder_is_told(line, tmp_path):
    command = [binaries() / "kf-ingest", "--state-dir", tmp_path / "state", "--run-dir",
               tmp_path / "run", "--editions", tmp_path / "nowhere"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert str(tmp_path / "nowhere") in done.stdout + done.stderr
    assert os.strerror(errno.ENOENT) in done.stdout + done.stderr


@pytest.mark.parametrize("name", ["asss-2010.yaml", "variables.yaml", "municipalities.csv",
                                  "sources/calendar.yaml"])
def test_a_torn_file_of_the_editions_is_refused_by_name(line, tmp_path, name):
    editions = tmp_path / "editions"
    shutil.copytree(ROOT / "editions", editions)
    os.symlink(ROOT / "data", tmp_path / "data")
    path = editions / name
    text = path.read_text(encoding="utf-8")
    path.write_bytes(text[: len(text) // 2].encode() + b"\x00\xff{[")
    command = [binaries() / "kf-ingest", "--state-dir", tmp_path / "state", "--run-dir",
               tmp_path / "run", "--editions", editions, "--ssb", "http://127.0.0.1:9/"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert path.name in done.stdout + done.stderr
