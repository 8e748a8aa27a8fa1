"""Demography from outside: the population that was published, and `kf projections`, how right its
projections were. Expectations are computed here from the files, or published."""

import csv
import functools
import io

import pytest
from conftest import ROOT
from programs import kf

POPULATION = ROOT / "data" / "population" / "population.csv"
RATES = ROOT / "data" / "resource-use" / "country-2024.csv"
VINTAGE = ROOT / "data" / "demography" / "projection-2016-mmmm.csv"
EDITION = "demography-2016-mmmm"
PREFIX = "framskriving_2016_mmmm_"
ALL_AGES = ["0", "1_5", "6_12", "13_15", "16_19", "20_66", "67_79", "80_89", "90_pluss"]
GROUPS = {  # of the edition: ages, parts of the projection
    "": (range(106), ALL_AGES),
    "0-5": (range(6), ["0", "1_5"]),
    "6-15": (range(6, 16), ["6_12", "13_15"]),
    "67-79": (range(67, 80), ["67_79"]),
    "80+": (range(80, 106), ["80_89", "90_pluss"]),
}


def projections(*options):
    return kf("projections", "--input", POPULATION, RATES, VINTAGE, "--edition", EDITION, *options)


@functools.cache
def told(*options):
    answer = projections("--format", "csv", *options)
    assert answer.returncode == 0, answer.stderr
    return list(csv.DictReader(io.StringIO(answer.stdout)))


def rows_of(rows, measure, group, statistic):
    return {
        int(r["year"]): (float(r["value"]), r["municipality"])
        for r in rows
        if (r["measure"], r["group"], r["statistic"]) == (measure, group, statistic)
    }


@functools.cache
def wide(path):
    with open(path, encoding="utf-8", newline="") as file:
        return {(r["municipality"], int(r["year"])): r for r in csv.DictReader(file)}


def people(code, year, group):
    """Projected and observed people of a group."""
    ages, parts = GROUPS[group]
    observed, projected = wide(POPULATION)[code, year], wide(VINTAGE)[code, year]
    return (
        sum(float(projected[f"{PREFIX}innb_{part}"]) for part in parts),
        sum(float(observed[f"alder_{age}"]) for age in ages),
    )


def percent(pairs):
    projected, observed = map(sum, zip(*pairs))
    return 100 * (projected / observed - 1)


def members(year):
    return sorted(c for c, y in wide(VINTAGE) if y == year and c != "EAK")


@pytest.mark.parametrize("group", GROUPS)
def test_errors_of_a_municipality_are_those_of_the_two_files(group):
    found = rows_of(told("--municipality", 4001), "projection_error_percent", group, "value")
    assert sorted(found) == list(range(2017, 2027))
    for year, (value, code) in found.items():
        assert code == "4001"
        assert value == pytest.approx(percent([people("4001", year, group)]), abs=1e-9)


@pytest.mark.parametrize("group", GROUPS)
def test_mean_sum_and_worst_are_over_all_municipalities(group):
    measure = "projection_error_percent"
    means = rows_of(told(), measure, group, "mean_absolute")
    sums = rows_of(told(), measure, group, "of_sum")
    worst = rows_of(told(), measure, group, "worst")
    assert sorted(means) == list(range(2017, 2027))
    for year in means:
        pairs = {code: people(code, year, group) for code in members(year)}
        errors = {code: percent([pair]) for code, pair in pairs.items()}
        assert len(errors) == 17
        mean = sum(map(abs, errors.values())) / len(errors)
        assert means[year][0] == pytest.approx(mean, abs=1e-9)
        assert sums[year][0] == pytest.approx(percent(pairs.values()), abs=1e-9)
        largest = max(errors, key=lambda code: abs(errors[code]))
        assert worst[year] == (pytest.approx(errors[largest], abs=1e-9), largest)


def test_cost_of_the_error_is_at_the_rates_that_are_published_with_it():
    answer = kf("compute", "--edition", EDITION, "--year", 2026,
                "--input", POPULATION, RATES, VINTAGE)  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    rates = {
        r["indicator"]: float(r["value"])
        for r in csv.DictReader(io.StringIO(answer.stdout))
        if r["measure"] == "rate_kr" and r["sector"] == "total"
    }
    groups = {
        "0": (0, 0),
        "1-5": (1, 5),
        "6-12": (6, 12),
        "13-15": (13, 15),
        "16-19": (16, 19),
        "20-66": (20, 66),
        "67-79": (67, 79),
        "80-89": (80, 89),
        "90+": (90, 105),
    }
    assert set(rates) == set(groups)
    observed, projected = wide(POPULATION)["4001", 2026], wide(VINTAGE)["4001", 2026]
    error = 0
    for (group, (first, last)), part in zip(groups.items(), ALL_AGES):
        came = sum(float(observed[f"alder_{age}"]) for age in range(first, last + 1))
        error += rates[group] * (float(projected[f"{PREFIX}innb_{part}"]) - came)
    rows = told("--municipality", 4001)
    million = rows_of(rows, "cost_error_million_kr", "", "value")[2026][0]
    head = rows_of(rows, "cost_error_kr_per_capita", "", "value")[2026][0]
    assert million == pytest.approx(error / 1e6, abs=1e-6)
    assert head == pytest.approx(error / people("4001", 2026, "")[1], abs=1e-3)


def test_text_has_a_row_for_the_projection_and_a_column_for_each_year_ahead():
    answer = projections("--municipality", 4001)
    assert answer.returncode == 0, answer.stderr
    first = answer.stdout.split("\n\n")
    assert first[0].startswith("4001 Porsgrunn:") and first[1] == "Population, percent"
    heading, *_, row = first[2].splitlines()
    assert heading.split()[-10:] == [f"+{n}" for n in range(1, 11)]
    expected = [f"{percent([people('4001', y, '')]):.1f}" for y in range(2017, 2027)]
    assert row.split()[-10:] == [x.replace("-0.0", "0.0") for x in expected]


def test_one_year_is_told_alone():
    rows = told("--year", 2020)
    assert {(r["year"], r["years_ahead"]) for r in rows} == {("2020", "4")}


@pytest.mark.parametrize(
    ("options", "what"),
    [
        (["--edition", "demography-national"], "has no projection"),
        (["--municipality", "0301"], "none of the editions"),
        (["--year", "2040"], "both projected and observed"),
        (["--format", "xml"], "give text or csv"),
        (["--edition", "demography-2016-mmm"], "did you mean demography-2016-mmmm"),
    ],
)
def test_what_cannot_be_told_is_refused_with_a_remedy(options, what):
    answer = projections(*options)
    assert answer.returncode == 2 and what in answer.stderr and answer.stdout == ""


def test_help_teaches():
    answer = kf("projections", "--help")
    assert answer.returncode == 0
    for text in ("above 0, fewer came", "mean_absolute", "kf projections --municipality 4001"):
        assert text in answer.stdout


# Published by Statistics Norway.
@pytest.mark.parametrize(
    ("year", "oslo", "country"),
    [(2020, 693494, None), (2024, 717710, 5550203), (2026, 728714, 5627400)],
)
def test_population_is_as_published(year, oslo, country):
    answer = kf("compute", "--edition", "demography-national", "--year", year,
                "--input", POPULATION, RATES)  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    found = {
        r["municipality"]: float(r["value"])
        for r in csv.DictReader(io.StringIO(answer.stdout))
        if (r["sector"], r["indicator"], r["measure"]) == ("total", "", "population")
    }
    assert len(found) == 357 and found["0301"] == oslo
    assert country is None or sum(found.values()) == country


def test_groups_and_measures_are_a_selection_of_all_errors():
    everything = told()
    for options, wanted in (
        (("--group", "67-79", "80+"), lambda r: r["group"] in ("67-79", "80+")),
        (("--group", "total"), lambda r: r["group"] == ""),
        (("--measure", "cost"), lambda r: r["measure"].startswith("cost_error")),
        (("--group", "total", "--measure", "population"),
         lambda r: r["measure"] == "projection_error_percent" and r["group"] == ""),
    ):  # fmt: skip
        left = [row for row in everything if wanted(row)]
        assert left and told(*options) == left


def test_what_cannot_be_selected_is_told():
    for options, remedy in (
        (("--group", "67-78"), "did you mean 67-79"),
        (("--measure", "people"), "give population or cost"),
        (("--group", "80+", "--measure", "cost"), "no error is left"),
        (("--municipality", "Porsgrunn"), "did you mean 4001 Porsgrunn?"),
    ):
        answer = projections(*options)
        assert answer.returncode == 2 and remedy in answer.stderr


def test_tables_of_costs_say_whose_rates():
    answer = projections("--measure", "cost")
    assert "Demography cost, million kr at the rates of 2024: mean" in answer.stdout
    assert "Population" not in answer.stdout
