"""Editions whose figures are nowhere published, computed on made-up ones: what must hold for any
figures, and single cells worked out by hand from the input."""

import collections
import csv
import io
import math

import pytest
import yaml
from programs import kf
from synthetic import COUNTRY, EDITIONS, Figures, codes_of

ASSS = {
    2019: "0301 1201 5001 1103 0219 1001 0106 1902 1102 0602".split(),
    2022: "0301 4601 5001 1103 3024 4204 3004 5401 1108 3005".split(),
}
SKOLE = yaml.safe_load((EDITIONS / "ks-2019.yaml").read_text("utf-8"))["corrections"][0]
YEARS = {"ks-2019": 2019, "ks-2022": 2022, "ks-2025": 2023, "tbu-2009": 2009}
KS = ["ks-2019", "ks-2022", "ks-2025"]
SCALES = {"tbu-2009": 100} | dict.fromkeys(KS, 1)
SIX = ["barnehage", "grunnskole", "kommunehelse", "pleie_omsorg", "sosial", "barnevern"]
FIVE = [s for s in SIX if s != "sosial"]

Computed = collections.namedtuple("Computed", "figures rows year scale")


def made(name):
    year = YEARS[name]
    if name == "tbu-2009":
        return Figures(codes_of(year)[::11], [year], country=False)
    members = ASSS[min(2022, year)]
    figures = Figures(members, [year - 1, year])
    return figures.others(sorted(set(codes_of(year)) - set(members))[::5],
                          [SKOLE["outcome"], *SKOLE["regressors"]])


@pytest.fixture(scope="module")
def computed(tmp_path_factory):
    """Computes an edition on its figures, once."""
    known = {}

    def compute(name):
        if name not in known:
            figures = made(name)
            path = figures.write(tmp_path_factory.mktemp("synthetic") / f"{name}.csv")
            answer = kf("compute", "--edition", name, "--year", YEARS[name], "--input", path)
            assert answer.returncode == 0, answer.stderr
            rows = {
                (r["topic"], r["sector"], r["indicator"], r["measure"], r["municipality"]):
                float(r["value"])
                for r in csv.DictReader(io.StringIO(answer.stdout)) if r["value"]
            }
            known[name] = Computed(figures, rows, YEARS[name], SCALES[name])
        return known[name]

    return compute


def column(case, topic, sector, indicator, measure):
    """Values by municipality."""
    return {key[4]: v for key, v in case.rows.items()
            if key[:4] == (topic, sector, indicator, measure)}


def columns(case, topic, measure):
    return {key[1:3] for key in case.rows if (key[0], key[3]) == (topic, measure)}


def group_mean(case, values):
    people = case.figures.column(case.year, "folkemengde")
    return (math.fsum(people[k] * v for k, v in values.items())
            / math.fsum(people[k] for k in values))


@pytest.mark.parametrize(("name", "sectors", "indicators"), [
    ("tbu-2009", 7, 25), ("ks-2019", 6, 39), ("ks-2022", 6, 38), ("ks-2025", 5, 35)])
def test_every_member_has_every_indicator_and_index(computed, name, sectors, indicators):
    case = computed(name)
    assert len(columns(case, "indicator", "normalized")) == indicators
    assert len(columns(case, "index", "index")) == sectors + 1
    for sector, indicator in columns(case, "indicator", "normalized"):
        values = column(case, "indicator", sector, indicator, "normalized")
        assert sorted(values) == case.figures.members


@pytest.mark.parametrize("name", ["tbu-2009", "ks-2019", "ks-2022"])
@pytest.mark.parametrize(("topic", "measure"), [
    ("indicator", "normalized"), ("index", "index"), ("efficiency", "expenditure_index"),
    ("efficiency", "efficiency")])
def test_the_groups_mean_is_the_scale(computed, name, topic, measure):
    case = computed(name)
    found = columns(case, topic, measure)
    assert found or name == "tbu-2009"
    for sector, indicator in found:
        values = column(case, topic, sector, indicator, measure)
        assert group_mean(case, values) == pytest.approx(case.scale, rel=1e-9)


@pytest.mark.parametrize("name", list(YEARS))
def test_weights_add_up_to_1_on_both_levels(computed, name):
    weights = collections.defaultdict(list)
    for key, value in computed(name).rows.items():
        if key[3] == "weight":
            weights[key[1] if key[2] else "total"].append(value)
            assert value > 0
    assert len(weights) == 1 + len(columns(computed(name), "index", "index")) - 1
    for sector, values in weights.items():
        assert math.fsum(values) == pytest.approx(1, abs=1e-12), sector


@pytest.mark.parametrize(("name", "sectors"), [("ks-2019", SIX), ("ks-2022", SIX),
                                               ("ks-2025", FIVE)])
def test_sectors_weigh_what_they_spend(computed, name, sectors):
    """METHOD W7."""
    case = computed(name)
    spent = {s: sum(case.figures.column(case.year, f"bdu_{s}").values()) for s in sectors}
    for sector in sectors:
        told = case.rows["statistics", sector, "", "weight", ""]
        assert told == pytest.approx(spent[sector] / sum(spent.values()), rel=1e-12)


def test_care_of_2025_has_the_printed_weights(computed):
    printed = {
        "liggedogn_korttid": 0.0511, "liggedogn_langtid": 0.2707, "legetimer_inst": 0.0201,
        "fysioterapitimer_inst": 0.0201, "enerom": 0.0402, "praktisk_bistand": 0.2981,
        "hjemmesykepleie": 0.2222, "omsorgslonn": 0.0276, "dagsenter": 0.0367,
        "stottekontakt": 0.0132,
    }
    rows = computed("ks-2025").rows
    for indicator, weight in printed.items():
        told = rows["statistics", "pleie_omsorg", indicator, "weight", ""]
        assert told == pytest.approx(weight, abs=1e-12)


def test_care_is_weighed_by_accounts_days_and_judgement(computed):
    """METHOD W1, W4, W5: institutions' share x .8 x days, x .2 x 10/20 for single rooms."""
    case = computed("ks-2019")
    total = {v: sum(case.figures.column(2019, v).values()) for v in [
        "bdu_f253", "bdu_f261", "bdu_f254", "bdu_f234",
        "liggedogn_korttid_antall", "liggedogn_langtid_antall"]}
    institutions = total["bdu_f253"] + total["bdu_f261"]
    share = institutions / (institutions + total["bdu_f254"] + total["bdu_f234"])
    days = total["liggedogn_korttid_antall"] + total["liggedogn_langtid_antall"]
    expected = {
        "liggedogn_korttid": 0.8 * share * total["liggedogn_korttid_antall"] / days,
        "enerom": 0.2 * share * 10 / 20,
        "legetimer_inst": 0.2 * share * 5 / 20,
    }
    for indicator, weight in expected.items():
        told = case.rows["statistics", "pleie_omsorg", indicator, "weight", ""]
        assert told == pytest.approx(weight, rel=1e-12)


def raw(case, sector, indicator):
    return column(case, "indicator", sector, indicator, "raw")


@pytest.mark.parametrize("name", KS)
def test_hours_of_the_youngest_count_1_6_times(computed, name):
    """METHOD I1, per need-corrected inhabitant."""
    case = computed(name)
    served = column(case, "need", "barnehage", "", "need_population")
    for k, value in raw(case, "barnehage", "korr_oppholdstimer").items():
        hours = {v: case.figures[k, case.year, f"oppholdstimer_{v}"]
                 for v in ["0_2_kommunal", "0_2_privat", "3_5_kommunal", "3_5_privat"]}
        sum_ = (1.6 * (hours["0_2_kommunal"] + hours["0_2_privat"])
                + hours["3_5_kommunal"] + hours["3_5_privat"])
        assert value == pytest.approx(sum_ / served[k], rel=1e-12)


@pytest.mark.parametrize("name", KS)
def test_what_is_concluded_in_time_is_what_is_left(computed, name):
    """METHOD I8."""
    case = computed(name)
    for k, value in raw(case, "barnevern", "behandlingstid").items():
        late = case.figures[k, case.year, "undersokelser_over_3_mnd"]
        whole = case.figures[k, case.year, "undersokelser_avsluttet"]
        assert value == pytest.approx(1 - late / whole, abs=1e-12)


@pytest.mark.parametrize("name", ["ks-2022", "ks-2025"])
def test_the_schools_contribution_stands_on_the_countrys_mean(computed, name):
    """METHOD I10."""
    case = computed(name)
    for k, value in raw(case, "grunnskole", "skolebidrag_8_10").items():
        mean = case.figures[COUNTRY, case.year, "eksamen_snitt"]
        own = case.figures[k, case.year, "skolebidrag_8_10"]
        assert value == pytest.approx(mean + own, rel=1e-12)


@pytest.mark.parametrize("name", KS)
def test_the_learning_environment_is_six_to_four(computed, name):
    case = computed(name)
    for k, value in raw(case, "grunnskole", "laeringsmiljo").items():
        seventh = case.figures[k, case.year, "laeringsmiljo_7_trinn"]
        tenth = case.figures[k, case.year, "laeringsmiljo_10_trinn"]
        assert value == pytest.approx(0.6 * seventh + 0.4 * tenth, rel=1e-12)


def test_results_of_2019_are_corrected_by_one_regression_in_proportion(computed):
    """METHOD I4: tests and exam move by the percentage of grunnskolepoeng."""
    case = computed("ks-2019")
    moved = {
        indicator: {
            k: column(case, "indicator", "grunnskole", indicator, "corrected")[k] / value
            for k, value in raw(case, "grunnskole", indicator).items()
        }
        for indicator in ["grunnskolepoeng", "eksamen", "nasj_prover_5", "nasj_prover_8"]
    }
    assert len(set(moved["grunnskolepoeng"].values())) == 10
    for other in moved.values():
        assert other == pytest.approx(moved["grunnskolepoeng"], rel=1e-12)
    observations = len([1 for key in case.figures.cells if key[0] != COUNTRY
                        and key[1:] == (2019, SKOLE["outcome"])])
    assert case.rows["statistics", "skole", "", "observations", ""] == observations


def test_the_country_is_1_in_2025(computed):
    """An indicator is divided by the country's figure, and the members have any mean."""
    case = computed("ks-2025")
    country = {v: case.figures[COUNTRY, 2023, v]
               for v in ["enerom_institusjon", "institusjonsplasser"]}
    level = country["enerom_institusjon"] / country["institusjonsplasser"]
    normalized = column(case, "indicator", "pleie_omsorg", "enerom", "normalized")
    for k, value in raw(case, "pleie_omsorg", "enerom").items():
        assert normalized[k] == pytest.approx(value / level, rel=1e-12)
    assert abs(group_mean(case, normalized) - 1) > 1e-4


@pytest.mark.parametrize("name", KS)
def test_efficiency_is_production_relative_to_expenditure(computed, name):
    """METHOD E3, by sector, for the whole, and with administration (E4)."""
    case = computed(name)
    wholes = {("total", ""), ("total_with_administration", "")}
    found = columns(case, "efficiency", "efficiency_percent")
    assert found == wholes | {(s, "") for s in (FIVE if name == "ks-2025" else SIX)}
    for sector, _ in found:
        index = column(case, "index", "total" if sector.startswith("total") else sector, "",
                       "index")
        spent = column(case, "efficiency", sector, "", "expenditure_index")
        for k, value in column(case, "efficiency", sector, "", "efficiency_percent").items():
            assert value == pytest.approx(100 * (index[k] / spent[k] - 1), abs=1e-9)


@pytest.mark.parametrize(("name", "wages", "prices"), [("ks-2019", 3.5, 2.4),
                                                       ("ks-2022", 3.8, 10.4)])
def test_changes_are_computed_at_prices_between_those_of_wages_and_goods(
    computed, name, wages, prices
):
    case = computed(name)
    for sector in SIX:
        told = case.rows["efficiency", sector, "", "deflator_percent", ""]
        assert min(wages, prices) < told < max(wages, prices)
    for measure in ["production_change_percent", "expenditure_change_percent",
                    "need_change_percent", "production_beyond_need_percent"]:
        assert sorted(column(case, "efficiency", "total", "", measure)) == case.figures.members


def test_no_change_over_time_is_told_of_2025(computed):
    assert not [key for key in computed("ks-2025").rows if "change" in key[3]]
