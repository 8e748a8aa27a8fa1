"""Every crash point of the sources, and what has to happen so that it is passed.

A point is a line KF_CRASH_POINT("name") in C. `CASES` says which services pass it and what makes
them, in the matrix; `MIGRATING` are those of an older ledger, `WATCHED` those of the watch of
Statistics Norway, which days of publication in tests/pipeline pass, `WITHDRAWING` those of a
release that takes keys away, in tests/kafka. A point in none of them fails a test.
"""

import pathlib
import re
from typing import NamedTuple

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = ("common", "services", "tools")
POINT = re.compile(r'KF_CRASH_POINT\("([^"]+)"\)')
STAGES = ("need", "normalize", "aggregate", "efficiency")
PUBLICATION_DAY = ROOT / "tests" / "pipeline" / "test_publication_day.py"
WITHDRAWN = ROOT / "tests" / "kafka" / "test_withdrawn.py"
BOARD_STORE = ROOT / "tests" / "board" / "test_store.py"

# What is done to a line until the point is passed (matrix.py): an input that is published, one that
# is refused, a release of which a topic takes no record, one that is held and approved, one that is
# replayed, a refused one whose input is taken in anew.
PUBLISH, REFUSE, SPOIL = "publish", "refuse", "spoil"
APPROVE, REPLAY, RETRY = "approve", "replay", "retry"


class Case(NamedTuple):
    point: str
    service: str
    deed: str


def _cases(deed, service, *points):
    return [Case(point, service, deed) for point in points]


CASES = [
    *_cases(PUBLISH, "ingest", "ingest.taking", "ingest.read", "ingest.judged", "ingest.adding",
            "ingest.recording", "ingest.recorded", "ingest.renamed", "ingest.moved",
            "ingest.opening", "ingest.opened", "ingest.sending", "ingest.sent", "ingest.received",
            "ingest.receipt", "ingest.closing", "ingest.closed", "ingest.pruning"),
    *_cases(REFUSE, "ingest", "ingest.reporting", "ingest.reported"),
    *_cases(APPROVE, "ingest", "ingest.letting-go", "ingest.approved", "ingest.answered"),
    *_cases(REPLAY, "ingest", "ingest.replayed"),
    *_cases(RETRY, "ingest", "ingest.taken-back"),
    *(case for stage in STAGES for case in _cases(
        PUBLISH, stage, "stage.received", "stage.computing", "stage.computed", "stage.sending",
        "stage.sent")),
    *_cases(PUBLISH, "publish", "publish.received", "publish.held", "publish.telling",
            "publish.told", "publish.complete", "publish.opened", "publish.ensured",
            "publish.fencing", "publish.fenced", "publish.lease-shut-out",
            "publish.lease-produced", "publish.lease-written", "publish.learned",
            "publish.manifest",
            "publish.looked", "publish.begun", "publish.record", "publish.produced",
            "publish.before-commit", "publish.committed", "publish.closing", "publish.closed",
            "publish.receipting", "publish.receipted"),
    *_cases(REPLAY, "publish", "publish.known"),
    *_cases(SPOIL, "publish", "publish.aborting", "publish.aborted"),
]

# When a ledger of an older version is opened; test_crash.py.
MIGRATING = ("ingest.copying", "ingest.copied", "ingest.kept", "ingest.migrating",
             "ingest.migrated")

# By the days of publication in tests/pipeline, with ingest killed at these.
WATCHED = ("watch.stored", "watch.announced", "watch.recorded", "watch.noting", "watch.noted",
           "ingest.storing", "ingest.stored")

# When keys of an earlier release are withdrawn; test_withdrawn.py kills publish at these.
WITHDRAWING = ("publish.reading-keys", "publish.withdrawn")

# Of the board, which is no stage: tests/board/test_store.py kills it at these.
BOARD = ("board.taking", "board.settled", "board.committed")


def points_of_sources():
    """{name: file} of every crash point."""
    found = {}
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*.c")):
            for name in POINT.findall(path.read_text(encoding="utf-8")):
                found[name] = path.relative_to(ROOT)
    return found


def watched_points():
    """The points at which the tests of publication days kill ingest."""
    return _listed(PUBLICATION_DAY)


def withdrawing_points():
    """The points at which the tests of withdrawals kill publish."""
    return _listed(WITHDRAWN)


def board_points():
    """The points at which the test of the board's store kills it."""
    return _listed(BOARD_STORE)


def _listed(test):
    """The points in the list CRASHES of a test file."""
    text = test.read_text(encoding="utf-8")
    crashes = text[text.index("CRASHES = [") :]
    return set(re.findall(r'"([a-z]+\.[a-z-]+):', crashes[: crashes.index("\n]")]))
