"""Weights by rule: worked out here from the edition's shares, against the printed ones and kf's."""

import csv
import io
import math
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
import yaml
from conftest import ROOT
from programs import kf

EDITIONS = ROOT / "editions"
INPUT = ROOT / "data" / "asss-2010" / "asss-2010.csv"
FOUR = Decimal("0.0001")


def edition(name):
    return yaml.safe_load((EDITIONS / f"{name}.yaml").read_text("utf-8"))


PRINTED = edition("asss-2010")
DERIVED = edition("asss-2010-derived")


# --- the rules of METHOD W1–W8, in exact fractions ---


def share(part):
    return Fraction(str(part["share"])) if isinstance(part, dict) and "share" in part else None


def children(part):
    """The parts below, with their shares of it."""
    if part["rule"] == "main":
        sides = [("main", Fraction(4, 5)), ("supplementary", Fraction(1, 5))]
        return [(below, weight / len(part[side]))
                for side, weight in sides for below in part[side]]
    if part["rule"] == "equal":
        return [(below, Fraction(1, len(part["parts"]))) for below in part["parts"]]
    shares = [share(below) for below in part["parts"]]
    if shares == [None]:
        return [(part["parts"][0], Fraction(1))]
    return [(below, own / sum(shares)) for below, own in zip(part["parts"], shares)]


def spread(part, whole=Fraction(1)):
    """Item: weight, in the order in which items stand."""
    if isinstance(part, str):
        return {part: whole}
    if "rule" not in part:
        return {part.get("indicator") or part["sector"]: whole}
    found = {}
    for below, weight in children(part):
        found |= spread(below, whole * weight)
    return found


def closed(weights, closure):
    """Weights rounded so that they add up to 1 (W8)."""
    unit = Fraction(1, 10 ** closure["decimals"])
    if closure["absorbs"] == "last":
        rounded = {item: math.floor(w / unit + Fraction(1, 2)) * unit
                   for item, w in weights.items()}
        last = list(rounded)[-1]
        return rounded | {last: 1 - sum(rounded.values()) + rounded[last]}
    rounded = {item: math.floor(w / unit) * unit for item, w in weights.items()}
    places = {item: place for place, item in enumerate(weights)}
    order = sorted(weights, key=lambda item: (rounded[item] - weights[item], -places[item]))
    for item in order[: int((1 - sum(rounded.values())) / unit)]:
        rounded[item] += unit
    return rounded


def worked_out(weighting):
    weights = spread(weighting)
    return closed(weights, weighting["closure"]) if "closure" in weighting else weights


def four_decimals(weight):
    return (Decimal(weight.numerator) / Decimal(weight.denominator)).quantize(
        FOUR, ROUND_HALF_UP)


SECTORS = [sector["id"] for sector in DERIVED["sectors"]]


def derived(sector):
    return worked_out(next(s for s in DERIVED["sectors"] if s["id"] == sector)["weights"])


def printed(sector):
    indicators = next(s for s in PRINTED["sectors"] if s["id"] == sector)["indicators"]
    return {i["id"]: Decimal(str(i["weight"])) for i in indicators}


# --- the edition against the report ---


@pytest.mark.parametrize("sector", SECTORS)
def test_the_rules_give_the_printed_weights_to_four_decimals(sector):
    assert {i: four_decimals(w) for i, w in derived(sector).items()} == {
        i: w.quantize(FOUR) for i, w in printed(sector).items()
    }


def test_the_sectors_weights_are_the_printed_ones():
    assert worked_out(DERIVED["weights"]) == {
        s["id"]: Fraction(str(s["weight"])) for s in PRINTED["sectors"]
    }
    assert SECTORS == [s["id"] for s in PRINTED["sectors"]]


def test_child_welfare_is_that_of_the_published_budget_shares():
    """METHOD W1, W2: .3309/.1559/.5132, each .8 and .2."""
    assert {i: str(four_decimals(w)) for i, w in derived("barnevern").items()} == {
        "undersokelser": "0.2647",
        "behandlingstid": "0.0662",
        "tiltak_opprinnelig_familie": "0.1247",
        "tiltak_utenfor_familie": "0.4106",
        "tiltaksplan": "0.1338",
    }


def test_without_closure_rounding_alone_would_miss_what_is_printed():
    """Seven parts of .2272 are .0325 each: 7 x .0325 is .0003 too much (METHOD W8)."""
    sector = next(s for s in DERIVED["sectors"] if s["id"] == "kommunehelse")
    rounded = [four_decimals(w) for w in spread(sector["weights"]).values()]
    assert sum(rounded) == Decimal("1.0003")
    assert Decimal("0.2272") / 7 == pytest.approx(Decimal("0.03245714"), abs=Decimal("1e-8"))
    assert (Decimal("0.2272") / 7).quantize(FOUR, ROUND_DOWN) == Decimal("0.0324")


# --- kf against both ---


def rows(name):
    answer = kf("compute", "--edition", name, "--year", "2010", "--input", INPUT)
    assert answer.returncode == 0, answer.stderr
    return list(csv.DictReader(io.StringIO(answer.stdout)))


@pytest.fixture(scope="module")
def computed():
    return rows("asss-2010-derived")


def test_kf_derives_the_same_weights(computed):
    told = {(r["sector"], r["indicator"]): float(r["value"])
            for r in computed if r["measure"] == "weight"}
    expected = {(s, ""): w for s, w in worked_out(DERIVED["weights"]).items()}
    for sector in SECTORS:
        expected |= {(sector, i): w for i, w in derived(sector).items()}
    assert set(told) == set(expected) and len(told) == 7 + 44
    for key, weight in expected.items():
        assert told[key] == pytest.approx(float(weight), abs=1e-12), key


def test_the_index_is_that_of_the_printed_weights_within_their_rounding(computed):
    """A weight is off by half of 1e-4 at most, so an index by 5e-5 x sum |n - 100| at most."""
    def indices(table):
        return {(r["municipality"], r["sector"]): float(r["value"]) for r in table
                if (r["topic"], r["measure"]) == ("index", "index")}

    distance = {}
    for r in computed:
        if (r["topic"], r["measure"]) == ("indicator", "normalized"):
            key = (r["municipality"], r["sector"])
            distance[key] = distance.get(key, 0) + abs(float(r["value"]) - 100)
    ours, theirs = indices(computed), indices(rows("asss-2010"))
    assert set(ours) == set(theirs) and len(ours) == 80
    for (municipality, sector), value in ours.items():
        bound = distance.get((municipality, sector)) or max(
            d for (k, _), d in distance.items() if k == municipality)
        assert abs(value - theirs[municipality, sector]) <= 5.0001e-5 * bound + 1e-9
