"""Every crash point, long stops and random kills on one real Kafka, judged from what was recorded.

The seed is printed, and always the same; KF_CRASH_SEED gives another. `./test --crash N` is the
long form, each time with a new one.
"""

import contextlib
import os
import pathlib
import shutil
import signal
import sqlite3
import sys
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "crash"))

from campaign import LONG_STOP_S, SHORT, Campaign, missed  # noqa: E402
from history import ledger_of  # noqa: E402
from line import Line, wait_until  # noqa: E402
from points import (  # noqa: E402
    BOARD,
    CASES,
    MIGRATING,
    WATCHED,
    WITHDRAWING,
    board_points,
    points_of_sources,
    watched_points,
    withdrawing_points,
)

LEDGER_OF_2 = ROOT / "tests" / "services" / "ingest" / "ledger" / "golden" / "ledger.v2.sql"
SHOWN_MAX = 20
RELEASES_MIN = 24  # what the matrix and the stops are given; chaos makes more, as the machine can


def test_every_crash_point_of_the_sources_is_a_case():
    known = {case.point for case in CASES} | {*MIGRATING, *WATCHED, *WITHDRAWING, *BOARD}
    sources = points_of_sources()
    assert len(sources) > 50, sources
    unknown = {name: str(path) for name, path in sources.items() if name not in known}
    assert not unknown, f"name them in tests/crash/points.py: {unknown}"
    gone = known - set(sources)
    assert not gone, f"no longer in the sources: {gone}"


def test_the_board_is_killed_at_its_points():
    assert board_points() == set(BOARD)


def test_the_points_of_the_watch_are_passed_by_publication_days():
    assert watched_points() >= set(WATCHED)


def test_the_points_of_a_withdrawal_are_passed_by_its_tests():
    assert withdrawing_points() >= set(WITHDRAWING)


@pytest.mark.parametrize("point", MIGRATING)
def test_an_older_ledger_is_brought_up_to_date_whole_though_ingest_dies(tmp_path, point):
    with Line(tmp_path, "127.0.0.1:1", "none") as line:
        line.state.mkdir()
        ledger = line.state / "ledger.db"
        with contextlib.closing(sqlite3.connect(ledger)) as base:
            base.executescript(LEDGER_OF_2.read_text(encoding="utf-8"))
        before = ledger_of(line.state)
        line.start("ingest", crash_at=f"{point}:1", wait=False)
        assert line.wait_exit("ingest") == -signal.SIGKILL, line.logs()
        assert ledger_of(line.state) == before
        line.start("ingest", wait=False)
        wait_until(lambda: line.get("ingest", "/metrics"), "ingest has opened its ledger")
        assert ledger_of(line.state) == before
        copy = line.state / "ledger.db.v2.bak"
        versions = [version_of(ledger), version_of(copy)]
        assert versions[0] > 2 and versions[1] == 2, line.logs()


def version_of(path):
    with contextlib.closing(sqlite3.connect(path)) as base:
        return base.execute("PRAGMA user_version").fetchone()[0]


@pytest.fixture(scope="module")
def outcome():
    """A short campaign. What it leaves is kept when something is wrong."""
    seed = int(os.environ.get("KF_CRASH_SEED") or 1)
    print(f"seed {seed}")
    folder = ROOT / "build" / "crash" / f"short-{seed}-{time.strftime('%Y%m%dT%H%M%S')}"
    found = Campaign(folder, seed, SHORT).run()
    print(f"seed {seed}: {found.report}; again: KF_CRASH_SEED={seed}")
    if not found.violations and not missed(found.hits):
        shutil.rmtree(folder)
    return found


def test_nothing_is_lost_doubled_or_torn(outcome):
    told = "\n".join(map(str, outcome.violations[:SHOWN_MAX]))
    assert not outcome.violations, (
        f"{outcome.report}\n{told}\njudge it again: tests/kafka/invariants.py {outcome.history}")
    assert outcome.report.kills >= len(CASES) and outcome.report.releases > RELEASES_MIN


def test_every_case_of_the_matrix_was_hit(outcome):
    assert not missed(outcome.hits)


def test_services_that_stand_still_are_seen_and_go_on(outcome):
    long = [stop for stop in outcome.stops if stop >= LONG_STOP_S]
    assert len(long) >= len(SHORT.stops)
