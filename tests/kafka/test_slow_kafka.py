"""A slow Kafka holds the line back: memory stays flat, nothing is dropped, all of it comes."""

import contextlib
import os
import pathlib
import re
import threading
import time

import pytest
import small
from broker import Broker
from line import SERVICES, Line, wait_until
from proxy import Proxy
from reader import Follower, all_topics, check_release, manifests

RELEASES = int(os.environ.get("KF_SLOW_RELEASES", "8"))
PEOPLE = {"0301": 700000, "1101": 15000, "1103": 140000}
SLOW_S = 0.12  # one way, for every packet
SLOW_FOR_S = 12
STALLED_S = 30  # publish says so after ten
RELEASES_S = 120 + 10 * RELEASES
GROWTH_MAX_MB = 24
PREFIX = "slow"


@pytest.fixture(scope="module")
def broker():
    with contextlib.ExitStack() as stack:
        proxy = stack.enter_context(Proxy(kafka=True))
        running = stack.enter_context(Broker(advertise=proxy.address))
        proxy.upstream = running.behind
        running.prepare_transactions()
        running.create_topics(all_topics(PREFIX))
        yield running, proxy


class Memory:
    """Samples the resident memory of every service until it is closed."""

    def __init__(self, line):
        self.line, self.samples = line, {name: [] for name in SERVICES}
        self._leave = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        with contextlib.suppress(FileNotFoundError):  # the line is stopped
            while not self._leave.wait(0.25):
                for name in SERVICES:
                    self.samples[name].append(self._megabytes(self.line.pid(name)))

    @staticmethod
    def _megabytes(pid):
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) / 1024

    def close(self):
        self._leave.set()
        self._thread.join()

    def growth(self):
        """MB between the first quarter's most and the last quarter's most, by service."""
        quarter = {name: max(1, len(found) // 4) for name, found in self.samples.items()}
        return {
            name: max(found[-quarter[name] :]) - max(found[: quarter[name]])
            for name, found in self.samples.items()
        }


def figures(number=0):
    return small.figures(PEOPLE, years=(2018, 2019), shift=number)


def test_a_slow_kafka_holds_the_line_back_and_loses_nothing(broker, tmp_path, monkeypatch):
    running, proxy = broker
    # What was freed is given back, so that what is resident is what is held.
    sanitizer = f"quarantine_size_mb=1:{os.environ.get('ASAN_OPTIONS', '')}"
    monkeypatch.setenv("ASAN_OPTIONS", sanitizer)
    folder = small.edition(tmp_path / "editions")
    options = {"ingest": ["--hold", "off"]}
    with Line(tmp_path / "line", proxy.address, PREFIX, folder, options) as line:
        line.start()
        with Follower(running.bootstrap, all_topics(PREFIX)) as follower:
            line.drop(name="000.csv", text=figures())
            follower.wait_for(lambda records: len(manifests(records, PREFIX)) == 1, RELEASES_S)
            proxy.delay(up=SLOW_S, down=SLOW_S)
            for number in range(1, RELEASES):
                line.drop(name=f"{number:03}.csv", text=figures(number))
            wait_until(lambda: len(list(line.done.glob("*.csv"))) == RELEASES, "all are recorded")
            memory = Memory(line)
            time.sleep(SLOW_FOR_S)
            assert held_back(line) > 2, "Kafka is not slow enough for this test"
            assert line.await_figure("publish", "held_panels") <= 2  # of one release
            proxy.stall()
            wait_until(
                lambda: "writing release" in line.text("publish", "/readyz"),
                "publish says that it waits",
                STALLED_S,
            )
            assert line.page("publish", "/readyz")[0] == 503
            assert line.page("publish", "/healthz")[0] == 200
            proxy.calm()
            follower.wait_for(
                lambda records: len(manifests(records, PREFIX)) == RELEASES, RELEASES_S
            )
            memory.close()
            records = follower.catch_up()
        wait_until(lambda: line.ready("publish"), "publish is ready again")
        assert line.await_figure("publish", "releases_dropped_total") == 0
        growth = memory.growth()
        print({name: f"{mb:.1f} MB" for name, mb in growth.items()})
        assert max(growth.values()) < GROWTH_MAX_MB, growth
        assert set(line.stop().values()) == {0}, line.logs()
    in_order(records)


def held_back(line):
    """How many releases the ledger has that are not committed."""
    states = ("discovered", "complete", "sent")
    names = [f'ledger_releases{{state="{state}"}}' for state in states]
    return sum(line.await_figure("ingest", name) for name in names)


def in_order(records):
    """Each release whole, once, after the one whose figures came before."""
    found = manifests(records, PREFIX)
    assert len(found) == len({key for key, _ in found}) == RELEASES
    previous = ""
    for number, (key, manifest) in enumerate(found):
        check_release(records, PREFIX, key)
        assert manifest.get("previousRelease", "") == previous
        assert manifest["sources"][0]["name"] == f"{number:03}.csv"
        previous = key
