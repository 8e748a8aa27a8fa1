"""A publication day for tests: three tables of real figures, the edition that lives on them, the
story that the server lives through, and what must come of it, computed without the pipeline.

Every table holds one sector's expenditure of five municipalities and the country; population is
table 07459. Figures are data/resource-use and data/population, the tables' numbers are made up.
"""

import csv
import datetime
import json
import os
import pathlib
import re
import shutil
import time

import yaml
from conftest import DEADLINE_S, ROOT, read_topic
from programs import kf

LIVE = ROOT / "tools" / "demo" / "live.yaml"
EDITION = "publication-day"
YEARS = range(2020, 2026)
MEMBERS = ["0301", "3205", "3220", "3222", "3224"]
REGION, FUNCTION, TYPE = "KOKkommuneregion0000", "KOKfunksjon0000", "KOKart0000"
# table: variable, function
SECTORS = {
    "90010": ("ndu_barnehage", "FGK7"),
    "90020": ("ndu_grunnskole_nokkeltall", "202"),
    "90030": ("ndu_kultur", "FGK2"),
}
POPULATION = "07459"
STANDING = ROOT / "data" / "need" / "need-indices.csv"
REGISTERS = ["municipalities.csv", "municipality_changes.csv", "kostra_groups.csv",
             "variables.yaml", "resource-use-neighbours.yaml"]


# --- the editions folder -------------------------------------------------------------------------


def table_map(table, publication="kostra"):
    variable, function = SECTORS[table]
    return {
        "table": table,
        "title": {"nb": f"Tabell {table}", "en": f"Table {table}"},
        "publication": publication,
        "region": REGION,
        "time": "Tid",
        "country": "EAK",
        "select": {TYPE: "AGD2", "ContentsCode": "KOSbelop0000"},
        "unit": "1000 kr",
        "figures": [{"variable": variable, "select": {FUNCTION: function}, "note": "a test's"}],
    }


def write_editions(folder, calendar=None):
    """An editions folder with one edition, live on the tables here; `calendar` replaces its own."""
    folder.mkdir(parents=True)
    for name in REGISTERS:
        shutil.copy(ROOT / "editions" / name, folder)
    sources = folder / "sources"
    sources.mkdir()
    for name in [f"{POPULATION}.yaml", "calendar.yaml"]:
        shutil.copy(ROOT / "editions" / "sources" / name, sources)
    for table in SECTORS:
        text = json.dumps(table_map(table), ensure_ascii=False)
        (sources / f"{table}.yaml").write_text(text, encoding="utf-8")
    if calendar:
        (sources / "calendar.yaml").write_text(json.dumps(calendar), encoding="utf-8")
    edition = {
        "extends": "resource-use-neighbours",
        "id": EDITION,
        "title": {"nb": "En publiseringsdag", "en": "A publication day"},
        "sources": {"tables": [POPULATION, *SECTORS], "files": [f"../data/need/{STANDING.name}"]},
    }
    (folder / f"{EDITION}.yaml").write_text(json.dumps(edition), encoding="utf-8")
    os.symlink(ROOT / "data", folder.parent / "data")
    return folder


# --- the server ----------------------------------------------------------------------------------


def table(number):
    """One sector's table with the figures of all its years."""
    variable, function = SECTORS[number]
    cell = {"name": variable, "at": {FUNCTION: function, TYPE: "AGD2"}}
    files = ["net-expenditure.csv"] + ["country-2024.csv"] * (variable == "ndu_barnehage")
    regions = [{"code": code, "label": code} for code in [*MEMBERS, "EAK"]]
    contents = {"code": "KOSbelop0000", "label": "Beløp (1000 kr)", "unit": "1000 kr"}
    return {
        "id": number,
        "label": f"{number}: En tabell",
        "subject": {"code": "os", "label": "Offentlig sektor"},
        "updated": "2025-06-16T06:00:00Z",
        "dimensions": [
            {"id": REGION, "label": "region", "role": "geo", "codes": regions},
            {"id": FUNCTION, "label": "funksjon", "codes": [{"code": function, "label": "F"}]},
            {"id": TYPE, "label": "art", "codes": [{"code": "AGD2", "label": "Netto"}]},
            {"id": "ContentsCode", "label": "statistikkvariabel", "role": "metric",
             "codes": [contents]},
            {"id": "Tid", "label": "år", "role": "time", "codes": [{"years": [2020, 2025]}]},
        ],
        "figures": [
            {"file": str(ROOT / "data" / "resource-use" / file), "region": REGION, "time": "Tid",
             "variables": [cell]} for file in files
        ],
    }


def population_table(folder):
    """Table 07459 as in the demonstration, of the members and the country alone: the server is to
    start quickly, the day is running already."""
    described = yaml.safe_load(LIVE.read_text(encoding="utf-8"))
    (found,) = [t for t in described["tables"] if t["id"] == POPULATION]
    found["updated"] = "2026-02-24T07:00:00Z"
    found["dimensions"][0]["codes"] = [{"code": code, "label": code} for code in ["0", *MEMBERS]]
    header, *lines = (ROOT / "data" / "population" / "population.csv").read_text().splitlines(True)
    kept = [line for line in lines if line.split(",")[0] in [*MEMBERS, "EAK"]]
    (folder / "population.csv").write_text(header + "".join(kept))
    for figures in found["figures"]:
        figures["file"] = str(folder / "population.csv")
    return found


def before(folder, story=()):
    """The scenario: 2025 is not there yet, then the story. `folder` takes its figures."""
    hidden = [
        {"at": "2026-01-01", "table": t, "change": "hide", "where": {"Tid": "2025"},
         "updated": "2025-06-16T06:00:00Z"} for t in SECTORS
    ]
    tables = [population_table(folder), *map(table, SECTORS)]
    return {"rate": {"limit": 40, "window_s": 60}, "tables": tables, "story": hidden + list(story)}


def dots(at):
    """05.00: the new year shows, with dots."""
    where = {"Tid": "2025"}
    return [
        step for t in SECTORS for step in (
            {"at": at, "table": t, "change": "mask", "symbol": "..", "where": where},
            {"at": at, "table": t, "change": "show", "where": where, "touch": True},
        )
    ]


def partial(at):
    """08.00: one table whole, one with two of five municipalities, one not yet."""
    half = {REGION: MEMBERS[:2], "Tid": "2025"}
    return [
        {"at": at, "table": "90010", "change": "publish"},
        {"at": at, "table": "90020", "change": "unmask", "where": half, "touch": True},
    ]


def complete(at):
    """08.07: the others."""
    return [{"at": at, "table": t, "change": "publish"} for t in ("90020", "90030")]


def outage(at, until):
    return [{"at": at, "until": until, "misbehave": "unavailable"}]


def correction(at):
    """One kindergarten figure of an old year."""
    cell = {REGION: "3222", "Tid": "2024"}
    return [{"at": at, "table": "90010", "change": "set", "value": 600000, "where": cell,
             "touch": True}]


def revised(at):
    """All tables are updated; two have other figures of the newest year."""
    where = {"Tid": "2025"}
    return [
        {"at": at, "table": "90010", "change": "scale", "value": 1.5, "where": where,
         "touch": True},
        {"at": at, "table": "90020", "change": "set", "value": 1234567,
         "where": where | {REGION: "3205"}, "touch": True},
        {"at": at, "table": "90030", "change": "touch"},
    ]


# --- what must come of it ------------------------------------------------------------------------


def cells(ssb, number, dimension_sums=()):
    """(region, year, other codes) → figure of a whole table, read by Python's own JSON."""
    metadata = ssb.api(f"/tables/{number}/metadata").json
    selection = {
        d: list(metadata["dimension"][d]["category"]["index"])
        for d in metadata["id"] if d not in dimension_sums
    }
    answer = ssb.data(number, selection).json
    ids, sizes = answer["id"], answer["size"]
    codes = [sorted(answer["dimension"][d]["category"]["index"].items(), key=lambda x: x[1])
             for d in ids]
    for position, value in enumerate(answer["value"]):
        rest, found = position, {}
        for d, size, names in reversed(list(zip(ids, sizes, codes))):
            found[d] = names[rest % size][0]
            rest //= size
        yield found, value


def observations(ssb):
    """Rows (municipality, year, variable, value) of what the server's tables say now."""
    for number, (variable, _) in SECTORS.items():
        for found, value in cells(ssb, number):
            if value is not None:
                yield found[REGION], int(found["Tid"]), variable, value
    people = {}
    for found, value in cells(ssb, POPULATION, ["Kjonn"]):
        key = {"0": "EAK"}.get(found["Region"], found["Region"]), int(found["Tid"])
        people[key] = people.get(key, 0) + (value or 0)
    for (code, year), value in people.items():
        if value:
            yield code, year - 1, "folkemengde_31_12", value


def expected(ssb, folder, editions):
    """{year: {(topic, municipality, sector, indicator, measure): text of the value}}: `kf compute`
    of the tables as they stand, written as CSV in an order of their own."""
    folder.mkdir(exist_ok=True)
    file = folder / "tables.csv"
    with open(file, "w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["municipality", "year", "variable", "value", "status"])
        writer.writerows([*row, ""] for row in sorted(observations(ssb), key=lambda r: r[::-1][1:]))
    done = kf("compute", "--edition", EDITION, "--editions", editions,
              "--year", f"{YEARS[0]}-{YEARS[-1]}", "--input", file, STANDING)
    assert done.returncode == 0, done.stderr
    return by_year(csv.DictReader(done.stdout.splitlines()))


def by_year(rows):
    years = {year: {} for year in YEARS}
    for r in rows:
        key = r["topic"], r["municipality"], r["sector"], r["indicator"], r["measure"]
        years[int(r["year"])][key] = r["value"]
    return years


def camel(name):
    head, *words = name.split("_")
    return head + "".join(w.capitalize() for w in words)


def newest(bootstrap, topics):
    """{year: {(topic, municipality, sector, indicator): newest record}}; numbers as they are
    written."""
    found = {year: {} for year in YEARS}
    for topic in topics:
        for _, value in read_topic(bootstrap, f"kostra.{topic}.v1"):
            record = json.loads(value, parse_float=str, parse_int=str)
            if record["edition"] == EDITION:
                key = (topic, record.get("municipality", ""), record.get("sector", ""),
                       record.get("indicator", ""))
                found[int(record["year"])][key] = record
    return found


def wall(text):
    """Seconds since 1970 of a time with its offset."""
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def most_in_a_minute(questions):
    """The most questions that came within any 60 s of the day."""
    times = sorted(wall(q["day"]) for q in questions)
    first, most = 0, 0
    for last, moment in enumerate(times):
        while times[first] <= moment - 60:
            first += 1
        most = max(most, last - first + 1)
    return most


def day_from(start, speed):
    """A day that starts now: for the server and for the pipeline."""
    return f"{start},{speed},{int(time.time() * 1000)}"


def wait_until(ready, what, deadline_s=DEADLINE_S):
    """The first true answer; there is nothing to wait on but a file that grows."""
    end = time.monotonic() + deadline_s
    while not (found := ready()):
        assert time.monotonic() < end, what()
        time.sleep(0.05)
    return found


def log_of(pipeline):
    file = pathlib.Path(pipeline.state) / "log" / "ingest-0.log"
    return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""


def recorded(pipeline):
    """[(release, vintage, complete)] as ingest's log tells them, in order."""
    return re.findall(r"release-(?:recorded|held) release=(\w+) vintage=(\w+) complete=(\w+)",
                      log_of(pipeline))
