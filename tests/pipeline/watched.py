"""A pipeline that watches kf-fake-ssb: what Statistics Norway does to its tables, and what becomes
of it on the topics.

The day begins on 20 June 2026, when all events of the year's calendar are over, and an hour of it
is a second: whatever changes is a correction. Two editions are live, of different tables:

    five          12362 and 07459 with the figures of ./demo --live, which are real, for the five
                  municipalities that have any
    free-income   12134 and a file with inhabitants (made up): free income per inhabitant; Oslo's,
                  Bergen's and Trondheim's of 2024 as recorded, those of 2023 and 2025 made up
"""

import collections
import json
import math
import os
import pathlib
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request

import yaml
from conftest import DEADLINE_S, ROOT, Pipeline, binaries, environment, read_topics
from fake_ssb import FakeSsb

LIVE = ROOT / "tools" / "demo" / "live.yaml"
SPEED = 3600
POLL_S = 0.05  # between looks at what runs
TOPICS = ["need", "resource-use", "indicator", "index", "statistics", "release", "rejected"]
PUBLISHED = "2026-06-15T06:00:00Z"
AFTER_ALL_EVENTS = "2026-06-20T06:00:00Z"
REGISTERS = [
    "municipalities.csv",
    "municipality_changes.csv",
    "kostra_groups.csv",
    "variables.yaml",
    "resource-use-neighbours.yaml",
]
FIVE = "five"
FIVE_EDITION = """\
extends: resource-use-neighbours
id: five
group:
  name: {nb: "Fem kommuner", en: "Five municipalities"}
  municipalities: ["0301", "3205", "3220", "3222", "3224"]
sources:
  tables: ["07459", "12362"]
  files: [../data/need/need-indices.csv]
"""
INCOME = "free-income"
INCOME_EDITION = """\
id: free-income
title: {nb: "Frie inntekter", en: "Free income"}
source: "table 12134"
years: {from: 2023, to: 2025}
structure: data-year
scale: 1
population: innbyggere
missing: minimum
group: {name: {nb: "Tre byer", en: "Three cities"}, municipalities: ["0301", "4601", "5001"]}
variables:
  - {id: innbyggere, unit: persons, minimum: 1, name: {nb: "Innbyggere", en: "Inhabitants"}}
sectors:
  - id: inntekt
    name: {nb: "Inntekt", en: "Income"}
    weight: 1
    indicators:
      - id: frie_inntekter
        weight: 1
        variable: frie_inntekter_per_innbygger
        per: none
        name: {nb: "Frie inntekter", en: "Free income"}
sources:
  tables: ["12134"]
  files: [inhabitants.csv]
"""
CITIES = ["0301", "4601", "5001"]


# --- the server's tables -----------------------------------------------------------------------


def neighbours_tables():
    """The tables of the demonstration, all years of them out since 15 June, and what is hidden
    there or not known set as there."""
    described = yaml.safe_load(LIVE.read_text(encoding="utf-8"))
    for table in described["tables"]:
        for figures in table["figures"]:
            figures["file"] = str((LIVE.parent / figures["file"]).resolve())
    described["tables"][1]["updated"] = PUBLISHED
    begin = [step for step in described["story"] if step["change"] == "set"][:1]
    begin[0]["updated"] = PUBLISHED
    return json.loads(json.dumps([described["tables"], begin], default=lambda at: at.isoformat()))


def income_figures():
    """Free income by city and year."""
    recorded = ROOT / "data/api/ssb_v2_12134_data_3kommuner_2024.json"
    values = json.loads(recorded.read_text(encoding="utf-8"))["value"]
    return {
        (city, year): value + 1000 * (year - 2024)
        for city, value in zip(CITIES, values, strict=True)
        for year in (2023, 2024, 2025)
    }


def income_table(figures):
    country = {("EAK", year): 82000 for _, year in figures}
    regions = [{"code": code, "label": code} for code in [*CITIES, "EAK"]]
    table = {
        "id": "12134",
        "label": "12134: Utvalgte nøkkeltall, etter region, statistikkvariabel og år",
        "updated": PUBLISHED,
        "dimensions": [
            {"id": "KOKkommuneregion0000", "label": "region", "role": "geo", "codes": regions},
            {
                "id": "ContentsCode",
                "role": "metric",
                "codes": [{"code": "KOSAG110000", "unit": "kr"}],
            },
            {"id": "Tid", "label": "år", "role": "time", "codes": [{"years": [2023, 2025]}]},
        ],
        "generated": {"seed": 1, "low": 60000, "high": 90000},
    }
    story = [
        {
            "at": "2026-01-01",
            "table": "12134",
            "change": "set",
            "where": {"KOKkommuneregion0000": city, "Tid": str(year)},
            "value": value,
            "updated": PUBLISHED,
        }
        for (city, year), value in {**figures, **country}.items()
    ]
    return table, story


def scenario(income=None):
    """What the server has; `income`: free income by city and year, when it is to be another."""
    tables, story = neighbours_tables()
    table, more = income_table(income or income_figures())
    return {"rate": {"limit": 0}, "tables": [*tables, table], "story": [*story, *more]}


# --- the editions ------------------------------------------------------------------------------


def make_editions(folder):
    """An editions folder in which two editions are live."""
    folder.mkdir(parents=True)
    for name in REGISTERS:
        shutil.copy(ROOT / "editions" / name, folder)
    shutil.copytree(ROOT / "editions" / "sources", folder / "sources")
    (folder / f"{FIVE}.yaml").write_text(FIVE_EDITION, encoding="utf-8")
    (folder / f"{INCOME}.yaml").write_text(INCOME_EDITION, encoding="utf-8")
    rows = [f"{code},{year},innbyggere,{people},\n" for year in (2022, 2023, 2024, 2025)
            for code, people in zip(CITIES, (700000, 290000, 210000), strict=True)]
    (folder / "inhabitants.csv").write_text(
        "municipality,year,variable,value,status\n" + "".join(rows), encoding="utf-8")
    os.symlink(ROOT / "data", folder.parent / "data")
    return folder


# --- what runs ---------------------------------------------------------------------------------


class Watched:
    """The server and the pipeline that watches it."""

    def __init__(
        self, folder, *options, start=AFTER_ALL_EVENTS, described=None, settings=None
    ):
        self.folder = pathlib.Path(folder)
        self.options = options
        self.settings = settings
        self.day = f"{start},{SPEED},{int(time.time() * 1000)}"
        self.editions = make_editions(self.folder / "work" / "editions")
        self.ssb = FakeSsb(self.folder / "ssb", described or scenario(), day=self.day)
        self.pipeline = self.new_pipeline()

    def new_pipeline(self):
        return Pipeline(self.folder, "--ssb", self.ssb.url, "--day", self.day, *self.options,
                        editions=self.editions, settings=self.settings)

    def clean_up(self):
        self.pipeline.clean_up()
        self.ssb.clean_up()

    # --- what ingest says ---

    def log(self):
        """The lines of ingest's log so far."""
        path = self.pipeline.state / "log" / "ingest-0.log"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def await_log(self, pattern, since=0):
        """The first match in a line of ingest's log after so many lines."""
        end = time.monotonic() + DEADLINE_S
        while True:
            for line in self.log()[since:]:
                if match := re.search(pattern, line):
                    return match
            assert time.monotonic() < end, f"no {pattern} in:\n{self.pipeline.logs()}"
            time.sleep(POLL_S)

    def http(self, path):
        """Status and body of ingest's /metrics, /healthz or /readyz as soon as it has any: one that
        was started anew has logged its first lines before it can be asked."""
        end = time.monotonic() + DEADLINE_S
        while True:
            try:
                return self._ask(path)
            except OSError:
                assert time.monotonic() < end, f"no {path}:\n{self.pipeline.logs()}"
                time.sleep(POLL_S)

    def _ask(self, path):
        port = (self.pipeline.run_dir / "ingest-0.http").read_text(encoding="ascii").strip()
        address = f"http://127.0.0.1:{port}"
        try:
            with urllib.request.urlopen(address + path, timeout=DEADLINE_S) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def metric(self, name):
        """Of "ssb_calls_total" or with labels: 'ssb_failures_total{cause="cut"}'."""
        for line in self.http("/metrics")[1].splitlines():
            if line.startswith(f"kostraflow_{name} "):
                return float(line.split()[1])
        raise AssertionError(f"no metric {name}")

    def await_metric(self, name, least, most=math.inf):
        end = time.monotonic() + DEADLINE_S
        while not least <= self.metric(name) <= most:
            assert time.monotonic() < end, f"{name} is not {least}:\n{self.pipeline.logs()}"
            time.sleep(POLL_S)

    # --- what came of it ---

    def kf(self, *arguments):
        """`kf ARGUMENTS…` of this pipeline's state."""
        return self.kf_alone(*arguments, "--state-dir", self.pipeline.state)

    def kf_alone(self, *arguments):
        command = [binaries() / "kf", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=False,
                              env=environment(), timeout=2 * DEADLINE_S)

    def await_commits(self, count):
        """Waits until ingest has that many receipts of releases."""
        end = time.monotonic() + DEADLINE_S
        while sum("release-committed" in line for line in self.log()) < count:
            assert time.monotonic() < end, self.pipeline.logs()
            time.sleep(POLL_S)

    def await_release(self, before):
        """Waits for one release more than there were; what is on the topics then."""
        self.await_commits(len(before.releases) + 1)
        return self.topics()

    def ledger(self):
        """States of the releases in the ledger by their ids."""
        listed = self.kf("releases").stdout
        return dict(re.findall(r"^([0-9a-f]{32}) (\w+)", listed, re.MULTILINE))

    def topics(self):
        """All that is on the topics now."""
        names = {f"kostra.{name}.v1": name for name in TOPICS}
        read = read_topics(self.pipeline.bootstrap, names)
        return Topics({names[topic]: records for topic, records in read.items()})


class Topics:
    """What stood on the topics when they were read, by topic: (key, value) in their order."""

    def __init__(self, records):
        self.records = records

    @property
    def manifests(self):
        return [json.loads(value) for _, value in self.records["release"]]

    @property
    def releases(self):
        return [manifest["release"] for manifest in self.manifests]

    def newest(self, topic):
        """The newest bytes of each key, without the release that they came with; none of a key that
        was withdrawn since."""
        found = dict(self.records[topic])
        return {
            key: re.sub(rb'"release":"\w+",', b"", value, count=1)
            for key, value in found.items()
            if value is not None
        }

    def figures(self, edition, topic, measure):
        """The newest of a measure of an edition, by the rest of the key."""
        return {
            key.removeprefix(f"{edition}/"): json.loads(value)[measure]
            for key, value in self.newest(topic).items()
            if key.startswith(f"{edition}/") and measure in json.loads(value)
        }

    def panels(self, release):
        """(edition, year) of a release."""
        manifest = self.manifests[self.releases.index(release)]
        return [(panel["edition"], panel["year"]) for panel in manifest["panels"]]

    def check(self):
        """Every release is there once and whole: what a manifest counts is there, no key twice, and
        nothing that no manifest counts."""
        assert len(set(self.releases)) == len(self.releases)
        for topic, records in self.records.items():
            if topic in ("release", "rejected"):
                continue
            rows = [(json.loads(value)["release"], key) for key, value in records if value]
            parts = [
                (manifest["release"], part)
                for manifest in self.manifests
                for part in manifest["topics"]
                if part["topic"] == f"kostra.{topic}.v1"
            ]
            found = collections.Counter(release for release, _ in rows)
            assert found == {release: int(part["rows"]) for release, part in parts}
            assert set(collections.Counter(rows).values()) <= {1}
            withdrawn = sum(int(part.get("withdrawn", 0)) for _, part in parts)
            assert len(records) - len(rows) == withdrawn
