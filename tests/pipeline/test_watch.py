"""Tables of Statistics Norway become releases: once, when they are whole, whatever dies meanwhile.

The server and the pipeline share a day that runs fast; the tables are those of ./demo --live.
"""

import json
import os
import re
import shutil
import time

import conftest
import pytest
import yaml
from conftest import ROOT, environment, read_topic
from fake_ssb import FakeSsb

LIVE = ROOT / "tools" / "demo" / "live.yaml"
EDITION = ROOT / "tools" / "demo" / "live-edition.yaml"
SPEED = 3600
BEFORE = "2026-03-10T06:00:00Z"
KINDERGARTEN = {
    "KOKkommuneregion0000": "3222",
    "KOKfunksjon0000": "FGK7",
    "KOKart0000": "AGD2",
    "Tid": "2024",
}
FILES = [
    "municipalities.csv",
    "municipality_changes.csv",
    "kostra_groups.csv",
    "variables.yaml",
    "resource-use-neighbours.yaml",
]
CRASH_POINTS = ["watch.stored", "watch.recorded", "watch.noted"]


def scenario():
    """The tables of the demonstration with paths from the root; nothing happens by itself."""
    described = yaml.safe_load(LIVE.read_text(encoding="utf-8"))
    for table in described["tables"]:
        for figures in table["figures"]:
            figures["file"] = str((LIVE.parent / figures["file"]).resolve())
    story = [step for step in described["story"] if str(step["at"]).startswith("2026-01-01")]
    described = {"rate": {"limit": 0}, "tables": described["tables"], "story": story}
    return json.loads(json.dumps(described, default=lambda time: time.isoformat()))


@pytest.fixture
def editions(tmp_path):
    """An editions folder in which one edition is live."""
    folder = tmp_path / "editions"
    folder.mkdir()
    for name in FILES:
        shutil.copy(ROOT / "editions" / name, folder)
    shutil.copytree(ROOT / "editions" / "sources", folder / "sources")
    shutil.copy(EDITION, folder / "live-neighbours.yaml")
    os.symlink(ROOT / "data", tmp_path / "data")
    return folder


@pytest.fixture
def day():
    return f"{BEFORE},{SPEED},{int(time.time() * 1000)}"


@pytest.fixture
def ssb(tmp_path, day):
    server = FakeSsb(tmp_path / "ssb", scenario(), day=day)
    yield server
    server.clean_up()


@pytest.fixture
def start(pipelines, editions, ssb, day):
    """Starts a pipeline that watches the server."""
    return lambda **more: pipelines("--ssb", ssb.url, "--day", day, editions=editions, **more)


def manifests(pipeline):
    records = read_topic(pipeline.bootstrap, "kostra.release.v1")
    return [json.loads(value)["release"] for _, value in records]


def correct(ssb, value):
    """Another figure of 2024."""
    ssb.change("12362", "set", where=KINDERGARTEN, value=value, touch=True)


def test_a_table_that_changes_becomes_a_release_and_only_what_moved(start, ssb):
    pipeline = start().ready()
    first = pipeline.await_log("ingest-0", r"release-committed release=(\w+) panels=6")[1]
    correct(ssb, 600000)
    recorded = r"release-recorded release=(\w+) vintage=(\w+) .*panels=(\d)"
    line = pipeline.await_log("ingest-0", recorded, 2)
    pipeline.await_log("ingest-0", rf"release-committed release={line[1]}")
    assert line[2] == "correction"
    # The year itself and the year after, whose change it is.
    assert line[3] == "2"
    assert manifests(pipeline) == [first, line[1]]


def test_the_same_notice_a_hundred_times_is_no_release(start, ssb):
    pipeline = start().ready()
    pipeline.await_log("ingest-0", "release-committed")
    for _ in range(100):
        ssb.change("12362", "touch")
    pipeline.await_log("ingest-0", "vintage-stored table=12362 .* added=same")
    correct(ssb, 600000)
    pipeline.await_log("ingest-0", "release-committed", 2)
    assert len(manifests(pipeline)) == 2


@pytest.mark.parametrize("point", CRASH_POINTS)
def test_a_crash_at_every_durable_step_leads_to_the_same_releases(start, ssb, point, monkeypatch):
    with_crash = {**environment(), "KF_CRASH_AT": f"{point}:1"}
    monkeypatch.setattr(conftest, "environment", lambda: with_crash)
    pipeline = start()
    monkeypatch.undo()
    pipeline.ready()
    pipeline.await_log("ingest-0", "release-committed")
    log = (pipeline.state / "log" / "ingest-0.log").read_text(encoding="utf-8")
    assert len(re.findall("watch-opened", log)) >= 2  # it was killed and came back
    assert len(manifests(pipeline)) == 1
