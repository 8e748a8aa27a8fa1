"""Cost keys of the editions against the printed ones (METHOD N1, N2)."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
TOTAL = "samlet_uten_administrasjon"


def printed(key="key-2011"):
    """Weights by sector and criterion; table A12 of 2011 stands under TOTAL."""
    keys = {}
    with open(ROOT / "data" / "cost-keys" / f"{key}.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            keys.setdefault(row["sector"], {})[row["criterion"]] = Decimal(row["weight"])
    return keys


def keys_of(edition):
    """Need weight and criteria of each sector that is no administration."""
    text = (ROOT / "editions" / f"{edition}.yaml").read_text("utf-8")
    keys = {}
    for sector in yaml.safe_load(text)["sectors"]:
        if not sector.get("administration"):
            need = sector["need"]
            weights = {c["id"]: Decimal(str(c["weight"])) for c in need["criteria"]}
            keys[sector["id"]] = (Decimal(str(need["weight"])), weights)
    return keys


def sector_weights(year):
    """Need weights of the sectors as bundled."""
    with open(ROOT / "data" / "cost-keys" / "sector-weights.csv", encoding="utf-8") as file:
        return {row["sector"]: Decimal(row["weight"]) for row in csv.DictReader(file)
                if row["year"] == str(year)}


@pytest.mark.parametrize("key", ["key-2004-proposal", "key-2011", "key-2025"])
def test_a_printed_key_sums_to_one(key):
    """Within .0001: that is what four decimals leave."""
    for sector, criteria in printed(key).items():
        assert abs(sum(criteria.values()) - 1) <= Decimal("1e-4"), sector


@pytest.mark.parametrize("edition", ["ks-2019", "need-2011"])
@pytest.mark.parametrize(
    "sector", ["barnehage", "kommunehelse", "pleie_omsorg", "sosial", "barnevern"]
)
def test_a_sectors_key_is_the_printed_one(edition, sector):
    assert keys_of(edition)[sector][1] == printed()[sector]


def test_the_keys_of_2026_are_the_printed_ones():
    keys = keys_of("need-2026")
    assert {sector: criteria for sector, (_, criteria) in keys.items()} == printed("key-2025")
    assert {sector: weight for sector, (weight, _) in keys.items()} == sector_weights(2026)


def test_the_keys_of_2025_are_those_of_2026_under_weights_of_their_own():
    text = (ROOT / "editions" / "need-2025.yaml").read_text("utf-8")
    edition = yaml.safe_load(text)
    assert edition["extends"] == "need-2026"
    assert all(set(sector) == {"id", "need"} and set(sector["need"]) == {"weight"}
               for sector in edition["sectors"])
    weights = {s["id"]: Decimal(str(s["need"]["weight"])) for s in edition["sectors"]}
    assert weights == sector_weights(2025)


def test_criteria_by_age_count_the_ages_that_they_are_called_after():
    text = (ROOT / "editions" / "need-2026.yaml").read_text("utf-8")
    for sector in yaml.safe_load(text)["sectors"]:
        for criterion in sector["need"]["criteria"]:
            called = criterion["id"].removeprefix("innb_")
            named = called.replace("_pluss", "+").replace("_", "-")
            assert (str(criterion.get("ages")) == named) == criterion["id"].startswith("innb_")


@pytest.mark.parametrize("edition", ["ks-2019", "need-2011"])
def test_the_sectors_keys_make_table_a12_together(edition):
    """W_j = Σ_s b_s w_sj; METHOD N2 allows 5e-5, half a unit of A12's last decimal."""
    keys = keys_of(edition)
    whole = sum(weight for weight, _ in keys.values())
    together = dict.fromkeys(printed()[TOTAL], Decimal(0))
    for weight, criteria in keys.values():
        closed = sum(criteria.values())
        for criterion, share in criteria.items():
            together[criterion] += weight / whole * share / closed
    assert together.keys() == printed()[TOTAL].keys()
    residuals = {c: together[c] - w for c, w in printed()[TOTAL].items()}
    assert max(map(abs, residuals.values())) <= Decimal("5e-5"), residuals
