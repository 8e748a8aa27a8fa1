"""F30: new settings and editions are taken by SIGHUP when they are sound, and refused when not,
while a release is on its way on a real Kafka."""

import json
import re
import shutil
import signal
import subprocess
import sys

import pytest
from broker import Broker
from line import ROOT, SERVICES, Line
from reader import Follower, all_topics, check_release, manifests, read_all

PANELS = 6
EDITION = "nasjonal-syntetisk"
OURS = "min-indeks"
WAIT_S = 90


@pytest.fixture(scope="module")
def broker():
    with Broker() as running:
        running.prepare_transactions()
        yield running


@pytest.fixture(scope="module")
def national(tmp_path_factory):
    """A folder with `editions` of one index and `national.csv`: a release of PANELS panels."""
    folder = tmp_path_factory.mktemp("national")
    command = [sys.executable, ROOT / "tools" / "bench" / "national.py", "--municipalities", "20",
               "--editions", ROOT / "editions", "--output", folder, "--years", str(PANELS)]
    subprocess.run(command, check=True)
    return folder


class Configured(Line):
    """A line whose services have a settings file each, and an editions folder of their own."""

    def __init__(self, work, bootstrap, prefix, national):
        self.etc, self.editions = work / "etc", work / "editions"
        self.etc.mkdir()
        shutil.copytree(national / "editions", self.editions)
        options = {service: ["--config", self.etc / f"{service}.yaml"] for service in SERVICES}
        super().__init__(work, bootstrap, prefix, self.editions, options)
        for service in SERVICES:
            self.configure(service, "log-level: info\n")

    def configure(self, service, text):
        (self.etc / f"{service}.yaml").write_text(text, encoding="utf-8")

    def reload(self, *services):
        for service in services or SERVICES:
            self._processes[service].send_signal(signal.SIGHUP)

    def pid(self, service):
        return self._processes[service].pid

    def loaded(self, services=SERVICES):
        """When each of the services read the settings it works with."""
        return {name: self.await_figure(name, "config_last_loaded_timestamp_seconds")
                for name in services}

    def wait_loaded_after(self, before):
        for service in SERVICES:
            self.await_figure(service, "config_last_loaded_timestamp_seconds",
                              lambda at, service=service: at > before.get(service, 0))
            self.wait_ready(service)

    def log_of(self, service):
        return "".join(path.read_text() for path in sorted(self.work.glob(f"*-{service}.log")))


@pytest.fixture
def line(broker, national, tmp_path, request):
    prefix = f"r{abs(hash(request.node.name)) % 10**10}"
    with Configured(tmp_path, broker.bootstrap, prefix, national) as made:
        made.start()
        made.wait_ready("publish")  # before its handler is in place a signal would end it
        made.figures = national / "national.csv"
        yield made
        reports = [name for name in SERVICES
                   if re.search(r"Sanitizer|runtime error", made.log_of(name))]
        assert not reports, made.logs()


def records_when(line, count):
    """All records as soon as `count` manifests are there."""
    topics = all_topics(line._prefix)
    with Follower(line._bootstrap, topics) as follower:
        try:
            follower.wait_for(lambda seen: len(manifests(seen, line._prefix)) >= count, WAIT_S)
        except TimeoutError as error:
            raise AssertionError(f"{error}\n{line.logs()}") from error
    return read_all(line._bootstrap, topics)


def hold_release(line):
    """A release on its way that cannot come through: `efficiency` stands still."""
    line.pause("efficiency")
    line.drop(line.figures)
    line.await_figure("aggregate", "panels_in_total", lambda panels: panels > 0)


def test_faults_in_settings_and_editions_stop_nothing_and_mended_ones_are_taken(line):
    hold_release(line)
    pids = {service: line.pid(service) for service in SERVICES}
    for service in SERVICES:
        line.configure(service, "log-level: [info\n")
    line.configure("ingest", "log-level: info\n")
    own = line.editions / f"{OURS}.yaml"
    own.write_text(f"extends: {EDITION}\nid: {OURS}\nscale: [100\n", encoding="utf-8")
    line.reload()
    line.resume("efficiency")
    for service in SERVICES:
        line.await_figure(service, "config_reload_failed_total", lambda failed: failed == 1)
        log = line.log_of(service)
        assert "reload-refused" in log
        named = f"{OURS}.yaml" if service == "ingest" else f"{service}.yaml"
        assert re.search(rf"config-fault file=\S*{named}", log), log
    records = records_when(line, 1)
    (release, manifest), = manifests(records, line._prefix)
    assert manifest["state"] == "RELEASE_STATE_COMMITTED"
    assert len(check_release(records, line._prefix, release)["panels"]) == PANELS

    before = line.loaded()
    for service in SERVICES:
        line.configure(service, "log-level: debug\n")
    own.write_text(f"extends: {EDITION}\nid: {OURS}\n", encoding="utf-8")
    line.reload()
    line.wait_loaded_after(before)
    assert {service: line.exit_code(service) for service in SERVICES} == dict.fromkeys(SERVICES)
    assert {service: line.pid(service) for service in SERVICES} == pids
    line.await_figure("ingest", "config_reload_failed_total", lambda failed: failed == 0)
    line.drop(line.figures, "again.csv")
    records = records_when(line, 2)
    (first, _), (second, manifest) = manifests(records, line._prefix)
    assert first != second
    assert len(check_release(records, line._prefix, second)["panels"]) == 2 * PANELS
    editions = {json.loads(r.value)["edition"] for r in records if ".index." in r.topic and r.value}
    assert editions == {EDITION, OURS}


def test_no_panel_is_lost_by_reloads_in_the_middle_of_a_release(line):
    hold_release(line)
    before = line.loaded(name for name in SERVICES if name != "efficiency")  # which stands still
    line.reload()
    line.resume("efficiency")
    line.wait_loaded_after(before)
    line.reload("need", "publish", "efficiency")
    records = records_when(line, 1)
    (release, manifest), = manifests(records, line._prefix)
    assert manifest["state"] == "RELEASE_STATE_COMMITTED"
    assert len(check_release(records, line._prefix, release)["panels"]) == PANELS
    line.await_figure("ingest", "oldest_unreceipted_release_age_seconds", lambda age: age == 0)
    assert {service: line.exit_code(service) for service in SERVICES} == dict.fromkeys(SERVICES)
    assert set(line.stop().values()) == {0}
