"""Services of this version beside those of the next, with a release on its way, on a real Kafka.

The next version is the programs of the build folder `next` (tests/kafka/next): another version
number, and messages with a field that this version does not know. Receipts and status beats have it
always; envelopes when KF_TEST_NEXT_FIELDS says so, as those of an edition that uses something new.
"""

import os
import re
import signal
import subprocess
import sys

import pytest
from broker import Broker
from line import ROOT, SERVICES, Line, binaries, wait_until
from reader import Follower, all_topics, check_release, manifests, read_all

PANELS = 12
NEXT_VERSION = "99.0.0"
FIRST_PANEL = "publish.held:1"
ENVELOPES = {"KF_TEST_NEXT_FIELDS": "Envelope,Receipt,StatusBeat"}


class Versions(Line):
    """A line whose services may be of the next version, each for itself."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.next = set()

    def program(self, service):
        folder = binaries().parent / "next" if service in self.next else binaries()
        return folder / f"kf-{service}"

    def exchange(self, service, to_next, stop_at=None):
        """Stops the service and starts it as the other version; if it stands still, it stops before
        it does anything else. It ends with 1 where it held what nobody took while the publisher
        stood still: that is sent again."""
        self._processes[service].send_signal(signal.SIGTERM)
        self.resume(service)
        assert self.wait_exit(service) in (0, 1), self.logs()
        (self.next.add if to_next else self.next.discard)(service)
        self.start(service, stop_at=stop_at)

    def version(self, service):
        """The version that the running service tells."""
        _, page = self.page(service, "/metrics")
        return re.search(r'build_info\{[^}]*version="([^"]+)"', page)[1]

    def count(self, service, metric):
        """A counter of the running service, all labels together."""
        _, page = self.get(service, "/metrics") or (0, "")
        return sum(
            float(value)
            for value in re.findall(rf"^kostraflow_{metric}(?:\{{.*\}})? (\S+)$", page, re.M)
        )


@pytest.fixture(scope="module")
def broker():
    with Broker() as running:
        running.prepare_transactions()
        yield running


@pytest.fixture(scope="module")
def figures(tmp_path_factory):
    """A release of twelve panels, more than the window lets travel: (editions, CSV file)."""
    folder = tmp_path_factory.mktemp("national")
    command = [sys.executable, ROOT / "tools" / "bench" / "national.py", "--municipalities", "10"]
    command += ["--editions", ROOT / "editions", "--output", folder, "--years", str(PANELS)]
    subprocess.run(command, check=True)
    return folder / "editions", folder / "national.csv"


@pytest.fixture
def line(broker, figures, request, tmp_path):
    prefix = f"v{abs(hash(request.node.name)) % 10**10}"
    broker.create_topics([t for t in all_topics(prefix) if t.split(".")[1] not in KEPT])
    broker.create_topics([f"{prefix}.{name}.v1" for name in KEPT], compacted=False)
    with Versions(tmp_path, broker.bootstrap, prefix, figures[0]) as made:
        made.prefix = prefix
        yield made


KEPT = ("release", "rejected")


def open_release(line, figures):
    """Starts all, drops the file, and lets the publisher stand still with panels in its hands."""
    line.start(stop_at=FIRST_PANEL)
    line.drop(figures[1])
    wait_until(lambda: line.is_stopped("publish"), "publish has a panel")


def whole_once(broker, line):
    """The one release there is, checked against all records; its manifest."""
    with Follower(broker.bootstrap, all_topics(line.prefix)) as follower:
        try:
            follower.wait_for(lambda records: manifests(records, line.prefix), 90)
        except TimeoutError as error:
            raise AssertionError(f"{error}\n{line.logs()}") from error
    wait_until(lambda: line.committed() == 1, "the ledger closes the release")
    records = read_all(broker.bootstrap, all_topics(line.prefix))
    found = manifests(records, line.prefix)
    assert len(found) == 1, f"{len(found)} manifests"
    manifest = check_release(records, line.prefix, found[0][0])
    assert manifest["state"] == "RELEASE_STATE_COMMITTED" and len(manifest["panels"]) == PANELS
    return manifest


def test_an_upgrade_from_publish_back_to_ingest_in_the_middle_of_a_release(
    broker, line, figures
):
    open_release(line, figures)
    for service in SERVICES:  # publish first, ingest last
        line.exchange(service, to_next=True, stop_at=FIRST_PANEL)
        if service == "publish":  # the release stays open until all are exchanged
            wait_until(lambda: line.is_stopped("publish"), "the new publish has a panel")
    line.resume("publish")
    manifest = whole_once(broker, line)
    assert {line.version(service) for service in SERVICES} == {NEXT_VERSION}
    assert manifest["program"] != NEXT_VERSION  # the panels are those that the old ingest recorded


def test_a_downgrade_from_ingest_on_to_publish_in_the_middle_of_a_release(broker, line, figures):
    line.next = set(SERVICES)
    open_release(line, figures)
    for service in reversed(SERVICES):  # ingest first, publish last
        line.exchange(service, to_next=False)
    manifest = whole_once(broker, line)
    assert NEXT_VERSION not in {line.version(service) for service in SERVICES}
    assert manifest["program"] == NEXT_VERSION


def test_a_panel_that_uses_what_a_stage_does_not_know_waits_until_the_stage_does(
    broker, line, figures, monkeypatch
):
    """The wrong order: ingest was upgraded first, and its edition uses something new."""
    monkeypatch.setattr(os, "environ", {**os.environ, **ENVELOPES})
    line.next = {"ingest"}
    line.start()
    line.drop(figures[1])
    wait_until(lambda: line.count("need", "frames_refused_total") >= 2, "need refuses, twice")
    assert "upgrade the services from publish back to ingest" in line.logs()
    assert line.count("need", "panels_out_total") == 0
    assert manifests(read_all(broker.bootstrap, all_topics(line.prefix)), line.prefix) == []
    for service in SERVICES:
        if service != "ingest":
            line.exchange(service, to_next=True)
    assert whole_once(broker, line)["program"] == NEXT_VERSION
