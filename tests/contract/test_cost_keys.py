"""Cost keys of the editions against the printed ones (METHOD N1, N2)."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
TOTAL = "samlet_uten_administrasjon"


def printed():
    """Weights by sector and criterion; table A12 stands under TOTAL."""
    keys = {}
    with open(ROOT / "data" / "cost-keys" / "key-2011.csv", encoding="utf-8") as file:
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


@pytest.mark.parametrize(
    "sector", ["barnehage", "kommunehelse", "pleie_omsorg", "sosial", "barnevern"]
)
def test_a_sectors_key_is_the_printed_one(sector):
    assert keys_of("ks-2019")[sector][1] == printed()[sector]


def test_the_sectors_keys_make_table_a12_together():
    """W_j = Σ_s b_s w_sj; METHOD N2 allows 5e-5, half a unit of A12's last decimal."""
    keys = keys_of("ks-2019")
    whole = sum(weight for weight, _ in keys.values())
    together = dict.fromkeys(printed()[TOTAL], Decimal(0))
    for weight, criteria in keys.values():
        closed = sum(criteria.values())
        for criterion, share in criteria.items():
            together[criterion] += weight / whole * share / closed
    assert together.keys() == printed()[TOTAL].keys()
    residuals = {c: together[c] - w for c, w in printed()[TOTAL].items()}
    assert max(map(abs, residuals.values())) <= Decimal("5e-5"), residuals
