"""The bundled figures against what is published elsewhere, and against each other. Nothing of the
program runs here."""

import csv
import math
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / "data"
COUNTRY, OSLO, AALESUND = "EAK", "0301", "1507"
YEARS = range(2005, 2027)
AGES = range(106)


def read(*path):
    with open(DATA.joinpath(*path), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# ---- population ----

GROUPS = {
    "innb_0": (0, 0), "innb_1_5": (1, 5), "innb_6_12": (6, 12), "innb_13_15": (13, 15),
    "innb_16_19": (16, 19), "innb_20_44": (20, 44), "innb_45_66": (45, 66), "innb_67_79": (67, 79),
    "innb_80_89": (80, 89), "innb_90_pluss": (90, 105),
}

# Statistics Norway, table 07459, as printed with two independent extractions of it.
PRINTED = {
    (COUNTRY, 2017): 5258317, (COUNTRY, 2018): 5295619, (COUNTRY, 2020): 5367580,
    (COUNTRY, 2021): 5391369, (COUNTRY, 2024): 5550203, (COUNTRY, 2026): 5627400,
    (OSLO, 2020): 693494, (OSLO, 2024): 717710, (OSLO, 2026): 728714,
}


@pytest.fixture(scope="module")
def population():
    """{(municipality, year): [all, by age]}."""
    return {
        (row["municipality"], int(row["year"])):
            (int(row["folkemengde"]), [int(row[f"alder_{age}"]) for age in AGES])
        for row in read("population", "population.csv")
    }


@pytest.fixture(scope="module")
def published():
    return {(row["municipality"], int(row["year"])): row
            for row in read("population", "published", "published.csv")}


def members(population, year):
    return {code: people for (code, y), people in population.items()
            if y == year and code != COUNTRY}


@pytest.mark.parametrize("year", YEARS)
def test_the_country_has_as_many_inhabitants_as_published(population, published, year):
    assert population[COUNTRY, year][0] == int(published[COUNTRY, year]["folkemengde"])


@pytest.mark.parametrize("year", YEARS)
def test_the_country_has_as_many_of_each_age_as_published(population, published, year):
    """Within 4 of 5.4 million in the two years in which the source has Ålesund and Haram as two
    equal halves, each rounded."""
    allowed = 4 if year in (2022, 2023) else 0
    for group, (first, last) in GROUPS.items():
        people = sum(population[COUNTRY, year][1][first:last + 1])
        assert abs(people - int(published[COUNTRY, year][group])) <= allowed, group


@pytest.mark.parametrize("year", range(2005, 2022))
def test_oslo_has_as_many_inhabitants_as_on_the_codes_of_the_year(population, published, year):
    assert population[OSLO, year][0] == int(published[OSLO, year]["folkemengde"])


@pytest.mark.parametrize("year", range(2021, 2027))
@pytest.mark.parametrize("code", [COUNTRY, OSLO, "3205", "3220", "3222", "3224"])
def test_inhabitants_are_those_of_kostra_at_the_end_of_the_year_before(population, code, year):
    of_kostra = {(row["municipality"], int(row["year"])): int(row["value"])
                 for row in read("resource-use", "net-expenditure.csv")
                 if row["variable"] == "folkemengde_31_12"}
    if (code, year - 1) in of_kostra:
        assert population[code, year][0] == of_kostra[code, year - 1]
    else:
        assert code not in (COUNTRY, OSLO) and year < 2025


@pytest.mark.parametrize(("key", "people"), PRINTED.items(), ids=str)
def test_totals_are_those_printed(population, key, people):
    assert population[key][0] == people


@pytest.mark.parametrize("year", YEARS)
def test_municipalities_add_up_to_the_country(population, year):
    """Exactly from 2020 on. Before, the parts of Tysfjord and Snillfjord are rounded by age: 14 at
    most. In 2005 Vindafjord and Aure, put together a year later, are not in the source."""
    parts = members(population, year)
    difference = population[COUNTRY, year][0] - sum(people for people, _ in parts.values())
    if year == 2005:
        assert len(parts) == 355 and not {"1160", "1576"} & set(parts)
        later = sum(population[code, 2006][0] for code in ("1160", "1576"))
        assert difference == pytest.approx(later, rel=0.005)
    else:
        assert len(parts) == (356 if 2020 <= year <= 2023 else 357)
        assert abs(difference) <= (14 if year < 2020 else 0)


@pytest.mark.parametrize("year", YEARS)
def test_ages_add_up_to_all_inhabitants(population, year):
    """But those of Ålesund and the country in 2023: 4 more, from rounded halves."""
    differences = {code: sum(ages) - people for (code, y), (people, ages) in population.items()
                   if y == year and sum(ages) != people}
    assert differences == ({AALESUND: 4, COUNTRY: 4} if year == 2023 else {})


def test_aalesund_and_haram_are_whole_until_2019_together_until_2023_and_two_since(population):
    years = {code: [year for year in YEARS if (code, year) in population]
             for code in ("1507", "1508", "1580", "1504", "1534")}
    assert years == {"1507": [2020, 2021, 2022, 2023], "1504": [], "1534": [],
                     "1508": [*range(2005, 2020), 2024, 2025, 2026],
                     "1580": [*range(2005, 2020), 2024, 2025, 2026]}
    # The cohorts go on: those aged 20 in Haram in 2019 are about those aged 25 in 2024.
    for code in ("1508", "1580"):
        before, after = population[code, 2019][0], population[code, 2024][0]
        assert after == pytest.approx(before, rel=0.05)


# ---- projections ----

PROJECTIONS = sorted((DATA / "demography").glob("projection-*.csv"))
PARTS = ["innb_0", "innb_1_5", "innb_6_12", "innb_13_15", "innb_16_19", "innb_20_66", "innb_67_79",
         "innb_80_89", "innb_90_pluss"]
SPANS = GROUPS | {"innb_20_66": (20, 66)}


def test_there_are_thirteen_vintages_two_of_them_with_three_alternatives():
    names = [path.stem.split("-")[1:] for path in PROJECTIONS]
    assert [vintage for vintage, alternative in names if alternative == "mmmm"] == [
        "2005", "2008", "2009", "2010", "2011", "2012", "2014", "2016", "2018", "2020", "2022",
        "2024", "2026"]
    assert [name for name in names if name[1] != "mmmm"] == [
        ["2024", "hhmh"], ["2024", "llml"], ["2026", "hhmh"], ["2026", "llml"]]


@pytest.mark.parametrize("path", PROJECTIONS, ids=lambda path: path.stem)
def test_a_projection_begins_with_the_register_of_its_year(population, path):
    """Seventeen municipalities and the country, every group, to the person; the country of 2022
    within the rounding told above."""
    _, vintage, alternative = path.stem.split("-")
    prefix = f"framskriving_{vintage}_{alternative}_"
    rows = read("demography", path.name)
    first = [row for row in rows if row["year"] == vintage]
    assert len(first) == 18 and len(rows) % 18 == 0
    for row in first:
        people, ages = population[row["municipality"], int(vintage)]
        assert int(row[prefix + "folkemengde"]) == people
        for part in PARTS:
            low, high = SPANS[part]
            allowed = 4 if (row["municipality"], vintage) == (COUNTRY, "2022") else 0
            assert abs(int(row[prefix + part]) - sum(ages[low:high + 1])) <= allowed, part
    for row in rows:
        assert sum(int(row[prefix + part]) for part in PARTS) == int(row[prefix + "folkemengde"])


# ---- need indices ----

SECTORS = ["grunnskole", "barnehage", "pleie_omsorg", "kommunehelse", "barnevern", "sosial",
           "administrasjon"]
WITHOUT_SECTORS = {"3226", "4020", "4624", "5044", "5605"}
WITHOUT_TOTAL = {"1151", "4629"}


def weights(year):
    return {row["sector"]: float(row["weight"]) for row in read("cost-keys", "sector-weights.csv")
            if row["year"] == str(year)}


def indices(year):
    """{municipality: {sector or "samlet": index}}, what is missing left out."""
    return {
        row["municipality"]: {name.removeprefix("dki_"): float(value)
                              for name, value in row.items()
                              if name.startswith("dki_") and value != ".."}
        for row in read("need", "need-indices.csv") if row["year"] == str(year)
    }


@pytest.mark.parametrize("year", [2025, 2026])
def test_all_but_five_municipalities_have_the_indices_of_all_sectors(year):
    found = indices(year)
    assert len(found) == 357
    without = {code for code, of in found.items() if set(SECTORS) - set(of)}
    assert without == WITHOUT_SECTORS
    assert not any(set(SECTORS) & set(found[code]) for code in without)


def test_the_sectors_make_the_official_total_of_2025_everywhere():
    """Within .0003 for all of the 350 that have both, no exception. Folldal misses most: .00024."""
    found = {code: of for code, of in indices(2025).items() if len(of) == len(SECTORS) + 1}
    assert set(indices(2025)) - set(found) == WITHOUT_SECTORS | WITHOUT_TOTAL
    misses = {code: math.fsum(weights(2025)[s] * of[s] for s in SECTORS) - of["samlet"]
              for code, of in found.items()}
    worst = max(misses, key=lambda code: abs(misses[code]))
    assert worst == "3429" and abs(misses[worst]) < 0.00025


def test_the_sectors_make_the_published_total_of_lorenskog_2026():
    of = indices(2026)["3222"]
    assert round(math.fsum(weights(2026)[s] * of[s] for s in SECTORS), 4) == 0.9551


def mean_of(population, year, sector):
    """The mean of those who have an index, by inhabitants, and their share of the country."""
    having = {code: of[sector] for code, of in indices(year).items() if sector in of}
    people = math.fsum(population[code, year][0] for code in having)
    mean = math.fsum(population[code, year][0] * v for code, v in having.items()) / people
    return mean, people / population[COUNTRY, year][0]


@pytest.mark.parametrize("year", [2025, 2026])
@pytest.mark.parametrize("sector", SECTORS)
def test_the_country_needs_one_if_the_five_need_what_they_could(population, year, sector):
    """The mean of the 352 misses 1 by .0018 at most; so it must when the five, 1.2 percent of all
    inhabitants, need between .85 and 1.09."""
    mean, share = mean_of(population, year, sector)
    of_the_five = (1 - mean * share) / (1 - share)
    assert abs(mean - 1) < 0.0018
    assert 0.85 < of_the_five < 1.09


def test_what_the_five_must_need_is_what_they_officially_need(population):
    """In all sectors together 1.027, officially 1.019: the difference moves the country's mean by
    .00009, about as much as four decimals and half a year of population growth can."""
    share, implied = 0, 0
    for sector in SECTORS:
        mean, share = mean_of(population, 2025, sector)
        implied += weights(2025)[sector] * (1 - mean * share) / (1 - share)
    official = {code: indices(2025)[code]["samlet"] for code in WITHOUT_SECTORS}
    people = {code: population[code, 2025][0] for code in official}
    need = math.fsum(people[c] * v for c, v in official.items()) / sum(people.values())
    assert abs(implied - need) * (1 - share) < 1e-4


# ---- net expenditure ----


def expenditure():
    return {(row["municipality"], row["year"], row["variable"]): float(row["value"])
            for name in ["net-expenditure.csv", "country-2024.csv"]
            for row in read("resource-use", name)}


def test_kindergartens_of_the_key_figures_are_those_of_the_published_need_adjusted_ones():
    """Two sheets of one source: kr per child times children, and kr per inhabitant over need. The
    only sector that both have with the same content; 6 figures to the krone."""
    found, checked = expenditure(), 0
    for row in read("resource-use", "published", "published.csv"):
        if row["sector"] == "barnehage":
            key = (row["municipality"], row["year"])
            adjusted = (found[*key, "ndu_barnehage"] * 1000
                        / found[*key, "folkemengde_31_12"] / float(row["need_index"]))
            printed = float(row["need_adjusted_expenditure_kr_per_capita"])
            assert abs(adjusted - printed) <= 0.6, key
            checked += 1
    assert checked == 6


def test_amounts_of_march_are_preliminary_and_no_others_are():
    """2025 is of 16 March 2026; inhabitants are final."""
    for row in read("resource-use", "net-expenditure.csv"):
        unrevised = row["year"] == "2025" and row["variable"].startswith("ndu_")
        assert row["status"] == ("*" if unrevised else ""), row


def test_the_countrys_lines_that_rates_rest_on_stand_in_one_file_alone():
    """The two files go together as input, in which a cell comes once."""
    rows = read("resource-use", "country-2024.csv")
    assert len(rows) == 6
    assert {(row["municipality"], row["year"]) for row in rows} == {(COUNTRY, "2024")}
    every = [*rows, *read("resource-use", "net-expenditure.csv")]
    assert len(expenditure()) == len(every)


def test_the_totals_of_2015_lack_25_municipalities_that_the_country_holds():
    rows = read("resource-use", "totals-2015.csv")
    of = {(row["municipality"], row["variable"]): row for row in rows}
    codes = {row["municipality"] for row in rows} - {COUNTRY}
    unreported = {code for code in codes if of[code, "bdu"]["status"] == ".."}
    assert len(codes) == 428 and len(unreported) == 25
    assert unreported == {code for code in codes if of[code, "ndu_idrettsbygg"]["status"] == ".."}
    people = sum(int(of[code, "folkemengde_31_12"]["value"]) for code in codes)
    assert people == int(of[COUNTRY, "folkemengde_31_12"]["value"]) == 5213985
    reported = sum(int(of[code, "bdu"]["value"]) for code in codes - unreported)
    estimated = int(of[COUNTRY, "bdu"]["value"]) - reported
    share = sum(int(of[code, "folkemengde_31_12"]["value"]) for code in unreported) / people
    assert 0 < estimated / reported < 2 * share / (1 - share)
