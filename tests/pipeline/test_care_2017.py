"""Care 2017, 416 real municipalities: every measure recomputed here from the input file, with the
formulas of the method and nothing of the program."""

import collections
import csv
import io
import json
import math

import pytest
from conftest import ROOT, read_topic
from programs import kf

INPUT = ROOT / "data" / "care-2017" / "care-2017.csv"
SECTOR = "pleie_omsorg"
UTSIRA = "1151"  # reported nothing

# The cost key of 2011 for care, its age criteria (SØF-rapport 06/11, table 2.8).
KEY = {"innb_0_66": 0.1188, "innb_67_79": 0.1142, "innb_80_89": 0.2044, "innb_90_pluss": 0.1433}
WEIGHTS = {
    "liggedogn_institusjon": 0.8 * 0.4301,
    "enerom": 0.2 * 0.4301,
    "timer_hjemmebasert_omsorg": 0.5699,
}


@pytest.fixture(scope="module")
def rows():
    answer = kf("compute", "--edition", "care-2017", "--year", "2017", "--input", INPUT)
    assert answer.returncode == 0, answer.stderr
    return list(csv.DictReader(io.StringIO(answer.stdout)))


@pytest.fixture(scope="module")
def figures():
    """Figures by municipality and variable; EAK is the country."""
    found = collections.defaultdict(dict)
    with open(INPUT, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["status"] == "":
                found[row["municipality"]][row["variable"]] = float(row["value"])
    return found


# --- the method ---


def mean(people, column):
    """Weighted by inhabitants, over those who have a value."""
    return (math.fsum(people[k] * v for k, v in column.items())
            / math.fsum(people[k] for k in column))


def scaled(people, column):
    level = mean(people, column)
    return {k: 100 * v / level for k, v in column.items()}


def descriptives(people, column):
    """METHOD S1."""
    n, middle = len(column), mean(people, column)
    whole = math.fsum(people[k] for k in column)
    variance = math.fsum(people[k] * (v - middle) ** 2 for k, v in column.items()) / whole
    plain = math.fsum(column.values()) / n
    return {
        "minimum": min(column.values()),
        "maximum": max(column.values()),
        "mean_weighted": middle,
        "sd_weighted": math.sqrt(n / (n - 1) * variance),
        "sd_unweighted": math.sqrt(math.fsum((v - plain) ** 2 for v in column.values()) / n),
    }


def ranks(column):
    return {k: 1 + sum(other > v for other in column.values()) for k, v in column.items()}


def need(figures, members):
    """Drivers (N9) and need index (N4), against the country."""
    country, closed = figures["EAK"], math.fsum(KEY.values())
    drivers = {}
    for criterion, weight in KEY.items():
        level = country[criterion] / country["folkemengde"]
        drivers[criterion] = {
            k: weight / closed
            * (figures[k][criterion] / figures[k]["folkemengde"] / level - 1)
            for k in members
        }
    return drivers, {k: 1 + math.fsum(d[k] for d in drivers.values()) for k in members}


def recomputed(figures):
    """(topic, municipality, sector, indicator, measure): value, for every row that has one."""
    members = sorted(set(figures) - {"EAK"})
    people = {k: figures[k]["folkemengde"] for k in members}
    reported = [k for k in members if k != UTSIRA]
    found = {}

    def tell(topic, sector, indicator, measure, column):
        for k, v in column.items():
            found[topic, k, sector, indicator, measure] = v

    def describe(sector, indicator, column):
        for measure, v in descriptives(people, column).items():
            found["statistics", "", sector, indicator, measure] = v

    drivers, index = need(figures, members)
    for criterion, column in drivers.items():
        tell("need", SECTOR, criterion, "driver", column)
    served = {k: people[k] * index[k] for k in members}
    tell("need", SECTOR, "", "need_population", served)
    for sector in (SECTOR, "total"):
        tell("need", sector, "", "need_index", index)

    def days(k):
        return figures[k]["liggedogn_institusjon"]

    raw = {
        "liggedogn_institusjon": {k: days(k) / served[k] for k in reported},
        "enerom": {k: figures[k]["enerom_institusjon"] / days(k) for k in reported},
        "timer_hjemmebasert_omsorg": {
            k: figures[k]["timer_hjemmebasert_omsorg"] / served[k] for k in reported
        },
    }
    production = dict.fromkeys(reported, 0.0)
    for indicator, column in raw.items():
        normalized = scaled(people, column)
        parts = {k: WEIGHTS[indicator] * v for k, v in normalized.items()}
        production = {k: production[k] + parts[k] for k in reported}
        tell("indicator", SECTOR, indicator, "raw", column)
        tell("indicator", SECTOR, indicator, "normalized", normalized)
        for measure in ("contribution", "contribution_to_total"):  # one sector is the whole
            tell("indicator", SECTOR, indicator, measure, parts)
        describe(SECTOR, indicator, normalized)
        found["statistics", "", SECTOR, indicator, "weight"] = WEIGHTS[indicator]
    found["statistics", "", SECTOR, "", "weight"] = 1
    tell("index", SECTOR, "", "contribution", production)

    spent = scaled(people, {
        k: (500 * figures[k]["pleie_arsverk_relevant_fagutd"]
            + 420 * figures[k]["pleie_arsverk_uten_relevant_fagutd"]
            + figures[k]["pleie_andre_driftsutgifter"]) / served[k]
        for k in reported
    })
    efficiency = scaled(people, {k: production[k] / spent[k] for k in reported})
    for sector in (SECTOR, "total"):
        for measure in ("index", "index_without_imputed"):  # nothing is imputed
            tell("index", sector, "", measure, production)
        tell("index", sector, "", "rank", ranks(production))
        describe(sector, "", production)
        tell("efficiency", sector, "", "expenditure_index", spent)
        tell("efficiency", sector, "", "efficiency", efficiency)
        tell("efficiency", sector, "", "efficiency_percent",
             {k: 100 * (production[k] / spent[k] - 1) for k in reported})
    tell("unit-cost", "institution", "", "institution_places", {k: days(k) / 365 for k in reported})
    return found


FIELDS = ("topic", "municipality", "sector", "indicator", "measure")


def test_every_value_of_every_municipality_is_recomputed(rows, figures):
    told = {tuple(r[f] for f in FIELDS): float(r["value"]) for r in rows if r["value"]}
    expected = recomputed(figures)
    assert set(told) == set(expected)
    assert len({key[1] for key in told if key[1]}) == 416
    for key, value in expected.items():
        assert told[key] == pytest.approx(value, rel=1e-9, abs=1e-9), key


def test_the_municipality_that_reported_nothing_has_need_and_nothing_else(rows):
    of_utsira = [r for r in rows if r["municipality"] == UTSIRA]
    assert {r["topic"] for r in of_utsira if r["value"]} == {"need"}
    assert {r["measure"] for r in of_utsira if not r["value"]} >= {"raw", "normalized", "index"}
    assert all(set(r["flags"].split(";")) & {"missing", "incomplete"}
               for r in of_utsira if not r["value"])
    assert not [r for r in rows if "imputed" in r["flags"].split(";")]


def test_no_other_municipality_lacks_an_index(rows):
    with_index = {r["municipality"] for r in rows
                  if (r["topic"], r["sector"], r["measure"]) == ("index", "total", "index")
                  and r["value"]}
    assert len(with_index) == 415


def column(rows, topic, measure):
    return {r["municipality"]: float(r["value"]) for r in rows
            if (r["topic"], r["sector"], r["measure"]) == (topic, "total", measure) and r["value"]}


def most(figures, ratio, count):
    """The municipalities with the highest ratios of raw figures."""
    ratios = {k: ratio(v) for k, v in figures.items() if k not in ("EAK", UTSIRA)}
    return set(sorted(ratios, key=ratios.get)[-count:])


def person_years(of):
    return of["pleie_arsverk_relevant_fagutd"] + of["pleie_arsverk_uten_relevant_fagutd"]


def hours(of):
    return of["timer_hjemmebasert_omsorg"]


def test_the_extremes_are_those_of_the_raw_figures(rows, figures):
    """Most hours for each inhabitant: the highest index. Most hours for each person-year, more than
    one can work: the highest efficiency."""
    index = column(rows, "index", "index")
    efficiency = column(rows, "efficiency", "efficiency")
    assert {max(index, key=index.get)} == most(figures, lambda of: hours(of) / of["folkemengde"], 1)
    assert set(sorted(efficiency, key=efficiency.get)[-2:]) == most(
        figures, lambda of: hours(of) / person_years(of), 2)


# --- through real processes ---

TOPICS = ["need", "indicator", "index", "efficiency", "unit-cost", "statistics"]


def camel(measure):
    """A measure's name in JSON."""
    first, *rest = measure.split("_")
    return first + "".join(word.capitalize() for word in rest)


def published(pipeline, measures):
    """(topic, municipality, sector, indicator, measure): value, read from the topics."""
    found = {}
    for topic in TOPICS:
        for _, text in read_topic(pipeline.bootstrap, f"kostra.{topic}.v1"):
            record = json.loads(text)
            for measure in measures:
                if camel(measure) in record:
                    key = (topic, record.get("municipality", ""), record["sector"],
                           record.get("indicator", ""), measure)
                    assert key not in found
                    found[key] = record[camel(measure)]
    return found


def test_the_topics_hold_to_the_last_bit_what_is_computed_on_the_spot(pipelines, rows):
    pipeline = pipelines().ready()
    pipeline.feed(INPUT, "care.csv")
    shown = pipeline.show(edition="care-2017", year=2017).stdout
    assert "Oslo" in shown
    told = {tuple(r[f] for f in FIELDS): float(r["value"]) for r in rows if r["value"]}
    assert published(pipeline, {key[4] for key in told}) == told
