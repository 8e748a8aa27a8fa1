"""Days of publication, lived through with a fast clock: exactly the right releases, no more.

05.00 dots, 08.00 a part, 08.07 all of it, 11.30 to 11.45 nobody answers, a correction the next
week, revised figures in June. The same day with ingest killed, with other time zones and on the
night the clocks change gives the same releases.
"""

import collections
import contextlib
import csv
import json
import random
import re
import signal
import subprocess
import sys
import threading

import conftest
import publication
import pytest
from conftest import ROOT, binaries, environment
from fake_ssb import FakeSsb
from programs import kf

sys.path[:0] = [str(ROOT / "tests" / "kafka"), str(ROOT / "tools" / "bench")]

import national_tables  # noqa: E402
from reader import check_release, read_all  # noqa: E402

SPEED = 1800  # half an hour a second
ALL_TOPICS = ["need", "resource-use", "indicator", "index", "efficiency", "statistics",
              "demography", "unit-cost", "rejected", "release"]
DAY = [
    *publication.dots("2026-03-16T05:00:00+01:00"),
    *publication.partial("2026-03-16T08:00:00+01:00"),
    *publication.complete("2026-03-16T08:07:00+01:00"),
    *publication.outage("2026-03-16T11:30:00+01:00", "2026-03-16T11:45:00+01:00"),
]
NEXT_WEEK = publication.correction("2026-03-23T09:00:00+01:00")
JUNE = publication.revised("2026-06-15T08:00:00+02:00")


@contextlib.contextmanager
def devbroker():
    """A broker that outlives the pipelines; yields its address."""
    with subprocess.Popen(
        [binaries() / "kf-devbroker"], stdout=subprocess.PIPE, text=True, env=environment()
    ) as broker:
        try:
            yield broker.stdout.readline().strip()
        finally:
            broker.terminate()


class Life:
    """One state folder and one broker through several stretches of time."""

    def __init__(self, folder, pipelines, bootstrap, editions, story):
        self.folder, self.pipelines, self.bootstrap = folder, pipelines, bootstrap
        self.editions = editions
        self.scenario = story if isinstance(story, dict) else publication.before(folder, story)
        self.state = folder / "state"
        self.questions, self.stretches = [], 0
        self.pipeline = self.ssb = None

    @contextlib.contextmanager
    def stretch(self, start, speed=SPEED, options=()):
        """The server and the pipeline from `start` on; both are stopped at the end."""
        self.stretches += 1
        day = publication.day_from(start, speed)
        self.ssb = FakeSsb(self.folder / f"ssb-{self.stretches}", self.scenario, day=day)
        try:
            self.pipeline = self.pipelines(
                "--bootstrap-servers", self.bootstrap, "--ssb", self.ssb.url, "--day", day,
                *options, broker=False, state=self.state, editions=self.editions)
            yield self.pipeline.ready()
            assert self.pipeline.stop()[0] == 0
            self.questions += self.ssb.log()
        finally:
            self.ssb.clean_up()

    def committed(self, count):
        """Waits until so many releases are committed; their ids in order."""
        return publication.wait_until(
            lambda: (ids := self.in_state("committed"))[count - 1:] and ids,
            lambda: f"not {count} committed: {self.releases()}\n{self.pipeline.logs()}")

    def releases(self):
        """What `kf releases` lists, oldest first."""
        done = kf("releases", "--state-dir", self.state)
        lines = re.findall(r"^(\w{32}) (\w+) .* (Statistics .*)$", done.stdout, re.MULTILINE)
        return [dict(zip(("release", "state", "input"), line)) for line in reversed(lines)]

    def in_state(self, state):
        return [r["release"] for r in self.releases() if r["state"] == state]

    def asked_after(self, moment):
        """Waits for a question that was answered after this moment of the day."""
        publication.wait_until(
            lambda: any(q["day"] > moment and q["status"] == 200 for q in self.ssb.log()),
            lambda: f"nothing asked after {moment}: {self.ssb.log()[-3:]}")


@pytest.fixture
def life(tmp_path, pipelines):
    """Makes a life with a story; the broker ends with the test."""
    with contextlib.ExitStack() as stack:

        def make(story, calendar=None, name="life"):
            editions = publication.write_editions(tmp_path / name / "editions", calendar)
            bootstrap = stack.enter_context(devbroker())
            return Life(tmp_path / name, pipelines, bootstrap, editions, story)

        yield make


# --- the day, the week after and June ------------------------------------------------------------


class Telling:
    """What one life came to: releases, questions, and what the topics had to hold at each step."""

    def __init__(self, life):
        self.life = life
        self.ids, self.years, self.before = [], [], {year: {} for year in publication.YEARS}

    def step(self, count):
        """Waits for one more release and computes what all years must be now."""
        self.ids = self.life.committed(count)
        now = publication.expected(
            self.life.ssb, self.life.folder / f"expected-{count}", self.life.editions)
        self.years.append({y for y in publication.YEARS if now[y] != self.before[y]})
        self.before = now

    @property
    def records(self):
        topics = {key[0] for rows in self.before.values() for key in rows}
        return publication.newest(self.life.bootstrap, sorted(topics))


def live_through(life):
    """A day before, the day, the week after, June."""
    telling = Telling(life)
    with life.stretch("2026-03-13T12:00:00+01:00"):
        telling.step(1)
    with life.stretch("2026-03-16T03:30:00+01:00"):
        telling.step(2)
        life.asked_after("2026-03-16T10:50:00")
    for start, count in [("2026-03-23T08:30:00+01:00", 3), ("2026-06-15T07:00:00+02:00", 4)]:
        with life.stretch(start):
            telling.step(count)
            life.asked_after("2026-03-23T09:00:00" if count == 3 else "2026-06-15T07:30:00")
    return telling


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The whole story, lived once for the tests that only look at it."""
    folder = tmp_path_factory.mktemp("told")
    started = []

    def start(*options, **more):
        place = folder / f"run-{len(started)}"
        place.mkdir()
        started.append(conftest.Pipeline(place, *options, **more))
        return started[-1]

    with devbroker() as bootstrap:
        editions = publication.write_editions(folder / "life" / "editions")
        one = Life(folder / "life", start, bootstrap, editions, DAY + NEXT_WEEK + JUNE)
        try:
            yield live_through(one)
        finally:
            for pipeline in started:
                pipeline.clean_up()
        assert not [r for pipeline in started for r in pipeline.sanitizer_reports()]


def manifests_of(bootstrap, ids):
    """The manifests of these releases, which must be all, once their rows and digests were found to
    be those that were read."""
    records = read_all(bootstrap, [f"kostra.{name}.v1" for name in ALL_TOPICS])
    releases = [r.key for r in records if r.topic == "kostra.release.v1"]
    assert sorted(releases) == sorted(ids)
    return [check_release(records, "kostra", release) for release in ids]


def test_exactly_the_right_releases_and_no_more(told):
    vintages = [m["vintage"] for m in manifests_of(told.life.bootstrap, told.ids)]
    assert vintages == ["unspecified", "unrevised", "correction", "revised"]
    assert [r["state"] for r in told.life.releases()] == ["committed"] * 4


def test_each_release_has_the_years_whose_results_moved(told):
    found = [
        {(panel["edition"], int(panel["year"])) for panel in manifest["panels"]}
        for manifest in manifests_of(told.life.bootstrap, told.ids)
    ]
    assert found == [{(publication.EDITION, y) for y in years} for years in told.years]
    # The unrevised figures are the new year's; a correction of 2024 is the base of 2025's change.
    assert told.years[1] == {2025} and told.years[3] == {2025}


def test_the_newest_records_are_those_of_kf_compute_on_the_servers_tables(told):
    records, count = told.records, 0
    for year, rows in told.before.items():
        assert {key[:4] for key in rows} == set(records[year])
        for (*key, measure), value in rows.items():
            found = records[year][tuple(key)].get(publication.camel(measure))
            assert (found or "") == value, (year, key, measure)
            count += 1
    assert count > 500


def test_a_release_comes_when_all_is_there_and_quiet(told):
    at = {r["release"]: r["input"] for r in told.life.releases()}
    _, unrevised, corrected, revised = [at[release][-16:] for release in told.ids]
    assert "2026-03-16 08.09" <= unrevised < "2026-03-16 24"
    assert "2026-03-23 09.02" <= corrected < "2026-03-23 24"
    assert "2026-06-15 08.02" <= revised < "2026-06-15 24"


def test_no_table_is_taken_before_the_hour_nor_while_it_is_half(told):
    taken = [q for q in told.life.questions if q["url"].split("?")[0].endswith("/data")]
    early = [q for q in taken if "2026-03-15T23:00" <= q["day"] < "2026-03-16T07:00"]
    assert taken and not early


def test_it_asks_on_through_an_outage_and_politely(told):
    outage = [q for q in told.life.questions if q["mode"] == "unavailable"]
    assert outage
    assert all("2026-03-16T10:30" <= q["day"] < "2026-03-16T10:45" for q in outage)
    assert publication.most_in_a_minute(told.life.questions) <= 30
    assert not [q for q in told.life.questions if q["status"] == 429]


# --- the same day, and ingest dies ---------------------------------------------------------------


# Nothing is published then: a slow machine has the time to start, and to pass what there is.
DAYS_BEFORE = "2026-03-14T12:00:00+01:00"


def live_through_the_day(life, options=()):
    """The days before and the day itself up to noon; the ids of its releases."""
    with life.stretch(DAYS_BEFORE, speed=3 * SPEED, options=options):
        life.committed(2)
        life.asked_after("2026-03-16T10:50:00")
        return life.in_state("committed")


class Killer:
    """Kills ingest at seeded moments until it is told to stop."""

    def __init__(self, pipeline, seed):
        self.pipeline, self.draw = pipeline, random.Random(seed)
        self.kills, self.leave = 0, threading.Event()
        self.thread = threading.Thread(target=self.run)

    def run(self):
        while not self.leave.wait(self.draw.uniform(0.05, 2.5)):
            with contextlib.suppress(KeyError, ProcessLookupError, FileNotFoundError):
                self.pipeline.send("ingest-0", signal.SIGKILL)
                self.kills += 1

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.leave.set()
        self.thread.join()


@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_releases_come_of_a_day_on_which_ingest_is_killed(life, told, seed):
    one = life(DAY)
    with one.stretch(DAYS_BEFORE, speed=3 * SPEED) as pipeline:
        with Killer(pipeline, seed) as killer:
            one.committed(1)
            one.asked_after("2026-03-16T07:30:00")
        assert killer.kills >= 3
        ids = one.committed(2)
    assert ids == told.ids[:2]
    manifests_of(one.bootstrap, ids)


# The first day has four tables and one release; each of these is passed first then, and again at
# the event.
CRASHES = [
    *(f"watch.stored:{n}" for n in (1, 5)),
    "ingest.storing:5",
    "ingest.stored:5",
    "watch.announced:2",
    "watch.recorded:2",
    "watch.noting:2",
    "watch.noted:2",
]


@pytest.mark.parametrize("crash", CRASHES)
def test_the_same_releases_come_when_it_dies_at_a_durable_step(life, told, crash, monkeypatch):
    one = life(DAY)
    with_crash = {**environment(), "KF_CRASH_AT": crash}
    monkeypatch.setattr(conftest, "environment", lambda: with_crash)
    ids = live_through_the_day(one)
    monkeypatch.undo()
    assert len(publication.log_of(one.pipeline).split("watch-opened")) >= 3  # it died and came back
    assert ids == told.ids[:2]
    manifests_of(one.bootstrap, ids)


# --- clocks --------------------------------------------------------------------------------------

# The night from 28 to 29 March 2026: 02.00 is 03.00.
NIGHT = {
    "publications": [
        {"id": "kostra", "name": {"nb": "KOSTRA", "en": "KOSTRA"}, "dates": [
            {"vintage": "unrevised", "date": "2026-03-29", "time": "08:00", "data_year": 2025,
             "source": "made up"}]},
        {"id": "befolkning", "name": {"nb": "Folkemengde", "en": "Population"}},
    ]
}
MORNING_AFTER = [
    *publication.dots("2026-03-29T05:00:00+02:00"),
    *publication.partial("2026-03-29T08:00:00+02:00"),
    *publication.complete("2026-03-29T08:07:00+02:00"),
]


@pytest.mark.parametrize("zone", ["America/St_Johns", "Pacific/Kiritimati"])
def test_a_morning_on_which_the_clocks_changed_is_a_morning(life, told, zone, monkeypatch):
    one = life(MORNING_AFTER, calendar=NIGHT)
    elsewhere = {**environment(), "TZ": zone}
    monkeypatch.setattr(conftest, "environment", lambda: elsewhere)
    with one.stretch("2026-03-28T04:00:00+01:00", speed=2 * SPEED):
        monkeypatch.undo()
        one.committed(2)
        one.asked_after("2026-03-29T06:40:00")
        releases = one.releases()
    assert [r["release"] for r in releases] == told.ids[:2]
    assert "2026-03-29 08.09" <= releases[1]["input"][-16:] < "2026-03-29 24"
    early = [q["day"] for q in one.questions if "/data" in q["url"]
             and "2026-03-28T23:00" <= q["day"] < "2026-03-29T06:00"]
    assert not early


# --- many tables ---------------------------------------------------------------------------------


@pytest.fixture
def many(life, tmp_path):
    """A life on 47 small tables and population, all of which change at 08.00."""

    def make(rate):
        scenario = national_tables.write(
            ROOT / "editions", tmp_path / "national", range(2024, 2026), small=True)
        tables = [t["id"] for t in scenario["tables"] if t["id"] != national_tables.PEOPLE]
        newest = {"Tid": "2025"}
        hidden = [{"at": "2026-01-01", "table": t, "change": "hide", "where": newest,
                   "updated": national_tables.UPDATED} for t in tables]
        published = [{"at": "2026-03-16T08:00:00+01:00", "table": t, "change": "publish",
                      "where": newest} for t in tables]
        one = life(scenario | {"rate": rate, "story": hidden + published})
        one.editions = tmp_path / "national" / "editions"
        return one

    return make


@pytest.mark.parametrize("limit", [40, 12])
def test_many_tables_at_once_are_fetched_politely_and_are_one_release(many, limit):
    one = many({"limit": limit, "window_s": 60})
    with one.stretch("2026-03-15T14:00:00+01:00", speed=SPEED):
        one.committed(2)
        releases = one.releases()
    assert len(releases) == 2
    data = [q for q in one.questions if "/data" in q["url"] and q["day"] > "2026-03-16T07:00"]
    assert len(data) == 47
    # Three questions a table, at so many a minute.
    took_s = publication.wall(data[-1]["day"]) - publication.wall(data[0]["day"])
    assert took_s >= 60 * (46 * 3 // min(limit, 30))
    assert publication.most_in_a_minute(one.questions) <= min(limit, 30)
    assert not [q for q in one.questions if q["status"] == 429]


# --- the country ---------------------------------------------------------------------------------


def observations_of(ssb, variables):
    """Rows (municipality, year, variable, value) of the national tables, read by Python's JSON."""
    further = national_tables.FUNCTIONS - len(variables)
    names = {}
    for i, name in enumerate(variables, 1):
        for code in national_tables.codes_of(i, further, len(variables)):
            names[code] = name
    sums = {}
    for found, value in publication.cells(ssb, national_tables.BIG):
        key = found["Region"], int(found["Tid"]), names[found["Funksjon"]]
        sums[key] = sums.get(key, 0) + value
    for found, value in publication.cells(ssb, national_tables.PEOPLE):
        sums[found["Region"], int(found["Tid"]), "folkemengde"] = value
    return sums


def test_a_national_table_is_what_kf_compute_makes_of_the_same_figures(life, tmp_path):
    """357 municipalities × 60 functions × 10 years. The broker keeps the newest 5 MiB of a topic:
    of the rows that are gone only the number is compared."""
    years = range(2016, 2026)
    folder = tmp_path / "national"
    one = life(national_tables.write(ROOT / "editions", folder, years) | {"rate": {"limit": 0}})
    one.editions = folder / "editions"
    variables = national_tables.variables_of(ROOT / "editions", tmp_path / "other", years)
    with one.stretch("2026-01-22T12:00:00+01:00", speed=2 * SPEED):
        (release,) = one.committed(1)
        sums = observations_of(one.ssb, variables)
    assert len(sums) == 357 * 48 * 10
    file = tmp_path / "tables.csv"
    lines = [f"{m},{y},{v},{x},\n" for (m, y, v), x in sums.items()]
    random.Random(1).shuffle(lines)
    file.write_text("municipality,year,variable,value,status\n" + "".join(lines), encoding="utf-8")
    computed = kf("compute", "--edition", national_tables.national.EDITION,
                  "--editions", one.editions, "--year", f"{years[0]}-{years[-1]}", "--input", file)
    assert computed.returncode == 0, computed.stderr
    wanted = {}
    for row in csv.DictReader(computed.stdout.splitlines()):
        key = tuple(row[name] for name in ("topic", "year", "municipality", "sector", "indicator"))
        wanted.setdefault(key, {})[publication.camel(row["measure"])] = row["value"]
    records = read_all(one.bootstrap, [f"kostra.{name}.v1" for name in ALL_TOPICS])
    (manifest,) = [json.loads(r.value) for r in records if r.topic == "kostra.release.v1"]
    assert manifest["release"] == release and len(manifest["panels"]) == len(years)
    counts = collections.Counter(f"kostra.{key[0]}.v1" for key in wanted)
    told_rows = {t["topic"]: int(t.get("rows", 0)) for t in manifest["topics"]}
    assert {t: n for t, n in told_rows.items() if n} == dict(counts)
    compared = 0
    for record in records:
        if record.topic != "kostra.release.v1":
            row = json.loads(record.value, parse_float=str, parse_int=str)
            key = (record.topic.split(".")[1], row["year"], row.get("municipality", ""),
                   row.get("sector", ""), row.get("indicator", ""))
            assert {m: row.get(m) or "" for m in wanted[key]} == wanted[key]
            compared += 1
    assert compared > 20000
