"""The bundled national figures and keys, read for recomputing; nothing of the program."""

import collections
import csv
import functools
import io
import math

import pytest
import yaml
from conftest import ROOT
from programs import kf

DATA = ROOT / "data"
EDITIONS = ROOT / "editions"
POPULATION = DATA / "population" / "population.csv"
NEED = DATA / "need" / "need-indices.csv"
COUNTRY_2024 = DATA / "resource-use" / "country-2024.csv"
NET = DATA / "resource-use" / "net-expenditure.csv"
TOTALS_2015 = DATA / "resource-use" / "totals-2015.csv"
COUNTRY = "EAK"
AGES = range(106)

# The register of changes: Ålesund (1507) was one from 2020 to 2023.
SPLIT = {"1508": 0.862125, "1580": 0.137875}


def compute(edition, years, *inputs):
    """Rows of `kf compute`, as dictionaries."""
    answer = kf("compute", "--edition", edition, "--year", years, "--input", *inputs)
    assert answer.returncode == 0, answer.stderr
    return list(csv.DictReader(io.StringIO(answer.stdout)))


def told(rows, measure):
    """{(municipality, year, sector, indicator): value} of a measure; None where it is missing."""
    return {
        (r["municipality"], int(r["year"]), r["sector"], r["indicator"]):
            float(r["value"]) if r["value"] else None
        for r in rows if r["measure"] == measure
    }


def flags(rows, measure):
    """{(municipality, year, sector, indicator): set of flags} of a measure."""
    return {
        (r["municipality"], int(r["year"]), r["sector"], r["indicator"]):
            set(filter(None, r["flags"].split(";")))
        for r in rows if r["measure"] == measure
    }


def close(value, expected):
    return value == pytest.approx(expected, rel=1e-9, abs=1e-9)


@functools.cache
def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def long_figures(path):
    """{(municipality, year, variable): value} of a file in long form."""
    return {(r["municipality"], int(r["year"]), r["variable"]): float(r["value"])
            for r in read(path) if r["value"]}


@functools.cache
def people_by_age():
    """{year: {municipality: [people by age]}} on the municipalities of 2024, EAK among them."""
    found = collections.defaultdict(dict)
    for row in read(POPULATION):
        found[int(row["year"])][row["municipality"]] = [int(row[f"alder_{a}"]) for a in AGES]
    for of in found.values():
        if "1507" in of:
            whole = of.pop("1507")
            of.update({code: [share * n for n in whole] for code, share in SPLIT.items()})
    return found


@functools.cache
def inhabitants():
    """{year: {municipality: people}}."""
    found = collections.defaultdict(dict)
    for row in read(POPULATION):
        found[int(row["year"])][row["municipality"]] = int(row["folkemengde"])
    for of in found.values():
        if "1507" in of:
            whole = of.pop("1507")
            of.update({code: share * whole for code, share in SPLIT.items()})
    return found


@functools.cache
def need_indices(year):
    """{municipality: {sector: index}}; "samlet" is the whole."""
    return {
        row["municipality"]: {name.removeprefix("dki_"): float(value) for name, value in row.items()
                              if name.startswith("dki_") and value != ".."}
        for row in read(NEED) if row["year"] == str(year)
    }


def span(ages):
    """First and last age of `0`, `6-12` or `90+`."""
    text = str(ages)
    if text.endswith("+"):
        return int(text[:-1]), AGES[-1]
    first, _, last = text.partition("-")
    return int(first), int(last or first)


def count(people, ages):
    first, last = span(ages)
    return math.fsum(people[first:last + 1])


@functools.cache
def age_keys():
    """{sector: (weight in the whole, [(ages, weight)])} of need-2026, ages alone, rescaled to 1."""
    edition = yaml.safe_load((EDITIONS / "need-2026.yaml").read_text("utf-8"))
    keys = {}
    for sector in edition["sectors"]:
        criteria = [(c["ages"], c["weight"]) for c in sector["need"]["criteria"] if "ages" in c]
        whole = math.fsum(weight for _, weight in criteria)
        keys[sector["id"]] = (sector["need"]["weight"], [(a, w / whole) for a, w in criteria])
    return keys


def need_by_age(people, inhabited):
    """{sector or "total": {municipality: index}} of one year (METHOD N3, N4)."""
    keys = age_keys()
    country, everybody = people[COUNTRY], inhabited[COUNTRY]
    members = [code for code in people if code != COUNTRY]
    need = {}
    for sector, (_, criteria) in keys.items():
        levels = {ages: count(country, ages) / everybody for ages, _ in criteria}
        need[sector] = {
            k: math.fsum(w * count(people[k], ages) / inhabited[k] / levels[ages]
                         for ages, w in criteria)
            for k in members
        }
    whole = math.fsum(weight for weight, _ in keys.values())
    need["total"] = {
        k: math.fsum(weight / whole * need[sector][k] for sector, (weight, _) in keys.items())
        for k in members
    }
    return need
