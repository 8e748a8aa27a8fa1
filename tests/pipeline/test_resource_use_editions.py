"""Resource use of real municipalities against published figures and a recomputation from the input
files (METHOD R1, R7–R9, R13)."""

import math

import pytest
import yaml
from bundled import (
    COUNTRY,
    COUNTRY_2024,
    DATA,
    EDITIONS,
    NEED,
    NET,
    TOTALS_2015,
    close,
    compute,
    flags,
    long_figures,
    need_indices,
    read,
    told,
)

LORENSKOG, OSLO = "3222", "0301"
PEOPLE = "folkemengde_31_12"
INSIDE = {"barnehage": "ndu_barnehage", "grunnskole": "ndu_grunnskole_nokkeltall"}


@pytest.fixture(scope="module")
def lorenskog():
    return compute("resource-use-lorenskog", "2024", NEED, NET, COUNTRY_2024)


@pytest.fixture(scope="module")
def neighbours():
    return compute("resource-use-neighbours", "2020-2025", NEED, NET, COUNTRY_2024)


@pytest.fixture(scope="module")
def totals():
    return compute("resource-use-2015", "2015", TOTALS_2015)


@pytest.fixture(scope="module")
def net():
    return {**long_figures(NET), **long_figures(COUNTRY_2024)}


def published():
    """{sector: (need-adjusted kr per inhabitant, need index)} of Lørenskog 2024, and {sector: kr}
    of the country."""
    rows = [r for r in read(DATA / "resource-use" / "published" / "published.csv")
            if r["year"] == "2024"]
    value = "need_adjusted_expenditure_kr_per_capita"
    own = {r["sector"]: (float(r[value]), float(r["need_index"]))
           for r in rows if r["municipality"] == LORENSKOG}
    country = {r["sector"]: float(r[value]) for r in rows if r["municipality"] == COUNTRY}
    return own, country


# ---- Lørenskog 2024 ----


def test_need_adjusted_expenditure_of_lorenskog_is_the_published_one(lorenskog):
    """To the krone the source is rounded to; kindergartens are the sector that does not rest on the
    published figure itself."""
    values = told(lorenskog, "need_adjusted_expenditure_kr_per_capita")
    own, _ = published()
    assert len(own) == 7
    for sector, (kr, _) in own.items():
        allowed = 0.6 if sector == "barnehage" else 0.02
        assert abs(values[LORENSKOG, 2024, sector, ""] - kr) <= allowed, sector


def test_lorenskog_is_held_against_the_country_at_its_own_need(lorenskog):
    """a = K · (need-adjusted − the country's) kr per inhabitant, the source's krone apart."""
    deviation, percent = told(lorenskog, "deviation_kr_per_capita"), told(
        lorenskog, "deviation_percent")
    own, country = published()
    for sector, (kr, need) in own.items():
        key = (LORENSKOG, 2024, sector, "")
        assert abs(deviation[key] - need * (kr - country[sector])) < 1.6, sector
        assert abs(percent[key] - 100 * (kr / country[sector] - 1)) < 0.05, sector
    assert all(percent[LORENSKOG, 2024, sector, ""] < 0 for sector in own)  # below in all seven


def test_deviations_add_up_and_are_millions_at_lorenskogs_population(lorenskog):
    kr = told(lorenskog, "deviation_kr_per_capita")
    million = told(lorenskog, "deviation_million_kr")
    own, _ = published()
    inside = kr[LORENSKOG, 2024, "inside", ""]
    assert math.fsum(kr[LORENSKOG, 2024, sector, ""] for sector in own) == inside
    assert close(million[LORENSKOG, 2024, "inside", ""], inside * 50013 / 1e6)


def test_who_has_figures_of_kindergartens_only_has_nothing_else(lorenskog):
    values = told(lorenskog, "need_adjusted_expenditure_kr_per_capita")
    for code in ("0301", "3205", "3220", "3224"):
        assert values[code, 2024, "barnehage", ""]
        assert values[code, 2024, "grunnskole", ""] is None


def test_need_is_that_of_2026(lorenskog):
    values = told(lorenskog, "need_index")
    for sector, (_, need) in published()[0].items():
        assert values[LORENSKOG, 2024, sector, ""] == need


# ---- Oslo and Lørenskog's neighbours ----


def expected(net, code, year, sector):
    """Net expenditure, what need says, and the deviation, kr per inhabitant."""
    variable = INSIDE.get(sector, "ndu_kultur")
    people, everybody = net[code, year, PEOPLE], net[COUNTRY, year, PEOPLE]
    spent = net[code, year, variable] * 1000 / people
    need = need_indices(2026)[code][sector] if sector in INSIDE else 1
    level = net[COUNTRY, year, variable] * 1000 / everybody
    return spent, level * need, spent - level * need


def test_every_deviation_is_recomputed(neighbours, net):
    spent = told(neighbours, "net_expenditure_kr_per_capita")
    kr = told(neighbours, "deviation_kr_per_capita")
    percent = told(neighbours, "deviation_percent")
    members = {key[:2] for key in net if key[0] != COUNTRY}
    assert len(members) == 6 + 4 * 2
    for code, year in members:
        for sector in [*INSIDE, "kultur"]:
            uses, needs, deviation = expected(net, code, year, sector)
            key = (code, year, sector, "")
            assert close(spent[key], uses)
            assert kr[key] == pytest.approx(deviation, abs=1e-6)
            assert percent[key] == pytest.approx(100 * deviation / needs, abs=1e-9)


def test_change_of_deviations_is_the_difference_of_two_years(neighbours, net):
    """METHOD R13; the neighbours' first year has none."""
    change = told(neighbours, "deviation_change_kr_per_capita")
    for year in range(2021, 2026):
        for sector in [*INSIDE, "kultur"]:
            difference = (expected(net, OSLO, year, sector)[2]
                          - expected(net, OSLO, year - 1, sector)[2])
            assert change[OSLO, year, sector, ""] == pytest.approx(difference, abs=1e-6)
    assert change.get((LORENSKOG, 2024, "barnehage", "")) is None


def test_culture_stands_outside_and_adds_up(neighbours):
    """METHOD R7. Nothing is known of interest, repayment and net operating result, so there is no
    disposable income to take apart."""
    kr = told(neighbours, "deviation_kr_per_capita")
    for code, year in {key[:2] for key in kr}:
        def at(sector):
            return kr[code, year, sector, ""]
        assert at("inside") == math.fsum([at("barnehage"), at("grunnskole")])
        assert at("outside") == at("kultur")
    assert "disposable_income" not in {key[2] for key in kr}


# ---- all municipalities 2015 ----


def test_totals_of_403_municipalities_are_recomputed_and_25_are_missing(totals):
    figures = long_figures(TOTALS_2015)
    values = told(totals, "deviation_kr_per_capita")
    marks = flags(totals, "deviation_kr_per_capita")
    codes = {key[0] for key in figures} - {COUNTRY}
    compared = 0
    for code in codes:
        for sector, variable in (("i_alt", "bdu"), ("idrettsbygg", "ndu_idrettsbygg")):
            key = (code, 2015, sector, "")
            if (code, 2015, variable) not in figures:
                assert values[key] is None and "missing" in marks[key]
                continue
            own, level = (figures[who, 2015, variable] * 1000 / figures[who, 2015, PEOPLE]
                          for who in (code, COUNTRY))
            assert values[key] == pytest.approx(own - level, rel=1e-9, abs=1e-6)
            compared += 1
    assert len(codes) == 428 and compared == 2 * 403


def test_the_edition_says_that_gross_is_not_net():
    text = (EDITIONS / "resource-use-2015.yaml").read_text("utf-8")
    title = yaml.safe_load(text)["title"]
    assert "GROSS IS NOT NET" in text
    assert "brutto" in title["nb"] and "gross" in title["en"]
