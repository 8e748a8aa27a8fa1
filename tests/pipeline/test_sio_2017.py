"""The state-funded care trial: what the edition computes, against what the report prints, table by
table (METHOD U, G). Nothing is expected here that is not printed, or the arithmetic of what is."""

import csv
import functools
from decimal import Decimal

import pytest
import yaml
from bundled import DATA, EDITIONS, close, compute, flags, told
from programs import kf

FIGURES = DATA / "sio-2017" / "sio-2017.csv"
GAINS = DATA / "sio-2017" / "published-gains.csv"
PUBLISHED = DATA / "sio-2017" / "published" / "published.csv"
CARE = DATA / "care-2017" / "care-2017.csv"
HOBOL, LILLESAND, OS, STJORDAL, STJORDAL_2018 = "0138", "0926", "1243", "1714", "5035"
YEARS = "2014-2018"
THRESHOLDS = {2016: 1.157, 2017: 1.235}
MILLION = 1e-9  # what the grid of million kr may move a figure by


@functools.cache
def rows(*inputs):
    found = []
    for year in range(2014, 2019):
        found += compute("sio-2017", year, *inputs)
    return found


@functools.cache
def measured(measure):
    """{(municipality, year, sector, indicator): value}, with the printed gains beside."""
    return told(rows(FIGURES, GAINS), measure)


@functools.cache
def printed(table):
    """{(municipality, year, sector, indicator, measure): value}."""
    with open(PUBLISHED, encoding="utf-8", newline="") as file:
        return {(r["municipality"], int(r["year"]), r["sector"], r["indicator"], r["measure"]):
                float(r["value"]) for r in csv.DictReader(file) if r["table"] == table}


def misses(table, *measures):
    """{(municipality, year, sector, indicator): computed − printed} of a table's measures."""
    return {key[:4]: measured(key[4])[key[:4]] - value for key, value in printed(table).items()
            if key[4] in measures and key[0]}


def exactly(*values):
    """The sum of numbers taken for the decimals that they are shown as."""
    return float(sum(Decimal(repr(value)) for value in values))


def within(differences, allowed):
    assert differences
    wrong = {key: miss for key, miss in differences.items() if abs(miss) > allowed + MILLION}
    assert wrong == {}


# ---- rates and cost groups ----


def edition():
    return yaml.safe_load((EDITIONS / "sio-2017.yaml").read_text("utf-8"))


def test_the_rates_are_those_of_annex_v1():
    written = {(service["id"], year): rate for service in edition()["unit_costs"]["services"]
               for year, rate in service["rates"].items()}
    assert written == {(key[3], key[1]): rate for key, rate in printed("V.1").items()}
    assert len(written) == 3 * 44 - 5


def test_rates_of_2017_are_those_of_2016_indexed_within_a_krone_but_one():
    rates = {(key[3], key[1]): rate for key, rate in printed("V.1").items()}
    growth = 1 + edition()["unit_costs"]["rate_growth"][2017] / 100
    off = {code for code, year in rates
           if year == 2017 and abs(rates[code, 2017] - growth * rates[code, 2016]) > 1}
    assert off == {"UK"}


def test_every_service_is_delivered_by_one_cost_group_and_counts_hours_or_days_by_its_rate():
    costs = edition()["unit_costs"]
    delivered = [d["id"] for group in costs["groups"] for d in group.get("services", [])]
    assert sorted(delivered) == sorted(service["id"] for service in costs["services"])
    for service in costs["services"]:
        assert service["unit"] == ("hours" if service["rates"][2017] < 1500 else "days")


# Volumes that nobody published: what a unit costs does not depend on how much of each there is.
@pytest.mark.parametrize("hours", [(1, 1, 1, 1, 1), (9000, 10, 700, 2500, 40)])
def test_the_five_printed_unit_costs_of_hobol_follow_from_their_ratio(tmp_path, hours):
    """537 · 1.228 is 659.4 and printed as 660: the ratio is 1.2282, which is printed as 1.228 and
    gives all five."""
    printed_costs = {key[3]: value for key, value in printed("V.2").items()
                     if key[4] == "unit_cost_kr"}
    ratios = {value for key, value in printed("V.2").items() if key[4] == "ratio"}
    rates = {key[3]: rate for key, rate in printed("V.1").items() if key[1] == 2017}
    assert ratios == {1.228} and len(printed_costs) == 5
    grant = sum(rates[code] * q for code, q in zip(printed_costs, hours, strict=True)) / 1000
    lines = ["municipality,year,variable,value,status",
             f"{HOBOL},2017,sio_netto_hjemmetjenester,{1.2282 * grant:.9f},"]
    lines += [f"{HOBOL},2017,sio_mengde_{code.lower()},{q},"
              for code, q in zip(printed_costs, hours, strict=True)]
    path = tmp_path / "volumes.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = compute("sio-2017", 2017, path)
    costs = {key[3]: cost for key, cost in told(found, "unit_cost_kr").items()
             if key[0] == HOBOL and key[2] == "hjemmetjenester" and cost is not None}
    assert {code: round(cost) for code, cost in costs.items()} == printed_costs
    assert all(close(costs[code], 1.2282 * rates[code]) for code in costs)
    assert {code for code in costs if round(1.228 * rates[code]) != printed_costs[code]} == {
        "HTBODK"}


# ---- tables 5.1, 5.2, 5.4: gains of cost groups ----


@pytest.mark.parametrize(("table", "municipality", "off"), [
    ("5.1", HOBOL, {"stottekontakt", "avlastning", "institusjon"}),
    ("5.2", LILLESAND, {"hjemmetjenester_hovag", "hovag_senter"}),
    ("5.4", STJORDAL, {"bpa", "omsorgslonn"})])
def test_gains_are_printed_within_a_tenth_and_seven_differ_by_it(table, municipality, off):
    """Grant and net expenditure have one decimal, and so does their difference, taken before."""
    differences = misses(table, "gain_million_kr")
    within(differences, 0.1)
    assert {key[0] for key in differences} == {municipality}
    assert {key[2] for key, miss in differences.items() if abs(miss) > 0.05} == off


@pytest.mark.parametrize("table", ["5.1", "5.2", "5.4"])
def test_ratios_are_printed_within_what_tenths_of_net_expenditure_and_grant_allow(table):
    checked = 0
    for key, ratio in printed(table).items():
        if key[4] == "ratio":
            cell = key[:4]
            net = measured("net_expenditure_million_kr")[cell]
            grant = measured("grant_million_kr")[cell]
            assert close(measured("ratio")[cell], net / grant)
            low, high = (net - 0.05) / (grant + 0.05), (net + 0.05) / (grant - 0.05)
            assert low - 0.005 <= ratio <= high + 0.005, cell
            checked += 1
    assert checked == {"5.1": 6, "5.2": 7, "5.4": 6}[table]


@pytest.mark.parametrize(("municipality", "table"), [(HOBOL, "5.1"), (LILLESAND, "5.2"),
                                                    (STJORDAL, "5.4")])
def test_gains_of_cost_groups_add_up_exactly(municipality, table):
    groups = {key[2] for key in printed(table)}
    gains = measured("gain_million_kr")
    total = exactly(*(gains[municipality, 2017, group, ""] for group in groups))
    assert total == gains[municipality, 2017, "services", ""]


def test_hobol_has_two_totals_with_and_without_the_uncertain_cell():
    """−2.1 is printed; what is printed beside each group adds up to −6.0."""
    cell = HOBOL, 2017, "services", ""
    gain, without = measured("gain_million_kr"), measured("gain_without_preliminary_million_kr")
    assert gain[cell] == pytest.approx(-2.1, abs=0.1 + MILLION)
    assert without[cell] == pytest.approx(-6.0, abs=0.1 + MILLION)
    uncertain = HOBOL, 2017, "dagaktivitet", ""
    assert exactly(gain[cell], -without[cell]) == gain[uncertain] == pytest.approx(3.9, abs=MILLION)
    marked = flags(rows(FIGURES, GAINS), "gain_million_kr")
    assert {key for key, of in marked.items() if "preliminary" in of and key[2] != "total"} == {
        cell, uncertain}
    assert flags(rows(FIGURES, GAINS), "gain_without_preliminary_million_kr")[cell] == set()


# ---- tables 3.1, 3.2: grants ----


def test_the_parts_of_the_grants_are_the_printed_total_within_a_tenth():
    parts = measured("grant_million_kr")
    beside = printed("3.1")
    totals = {key[:2]: value for key, value in beside.items() if key[3] == ""}
    assert len(totals) == 8
    for (municipality, year), total in totals.items():
        whole = parts[municipality, year, "grants", ""]
        assert whole == pytest.approx(total, abs=0.1 + MILLION)
        named = [parts[municipality, year, "grants", part]
                 for part in ("vedtak", "rundsum", "inntektstillegg")]
        assert exactly(*named) == whole
        cell = municipality, year, "grants", ""
        assert measured("published_grant_million_kr")[cell] == pytest.approx(total, abs=MILLION)


def test_what_the_grants_bring_is_the_parts_less_the_deduction():
    gains, checked = measured("gain_million_kr"), 0
    for key, deduction in printed("3.2").items():
        of = {k[3]: v for k, v in printed("3.1").items() if k[:2] == key[:2] and k[3]}
        assert gains[key[:4]] == pytest.approx(sum(of.values()) - deduction, abs=MILLION)
        checked += 1
    assert checked == 8


# ---- tables 3.5, 3.6: growth ----


def test_growth_of_need_of_2016_and_2017_is_the_same_in_both_tables():
    need, beside = printed("3.5"), printed("3.6")
    both = set(need) & set(beside)
    assert len(both) == 8 and all(need[key] == beside[key] for key in both)


def test_the_mean_of_seven_years_of_growth_is_the_printed_one():
    for key, mean in printed("3.5").items():
        if key[3].startswith("mean"):
            years = [value for k, value in printed("3.5").items()
                     if k[3] == "arlig" and k[0] in (key[0], {STJORDAL_2018: STJORDAL}.get(key[0]))]
            assert len(years) == 7 and sum(years) / 7 == pytest.approx(mean, abs=0.05)


def test_real_growth_is_the_difference_in_percentage_points():
    """As printed, but for two of Stjørdal's: 3.7 − 4.4 is −.7 and printed as −.6, 3.2 − 2.5 is .7
    and printed as .8."""
    for measure in ("gross_growth_percent", "demographic_growth_percent"):
        within(misses("3.6", measure), 0)
    differences = misses("3.6", "real_growth_percent")
    assert len(differences) == 12
    within(differences, 0.1)
    off = {key: round(miss, 1) for key, miss in differences.items() if abs(miss) > 0.05}
    assert off == {(STJORDAL, 2016, "growth", "arlig"): -0.1,
                   (STJORDAL, 2015, "growth", "snitt_2010_2015"): -0.1}


# ---- table 3.7: resource-intensive users ----


def test_every_figure_of_resource_intensive_users_is_the_printed_one_within_a_tenth():
    measures = {key[4] for key in printed("3.7")}
    assert len(measures) == 7 and len(printed("3.7")) == 56
    for measure in measures:
        differences = misses("3.7", measure)
        assert len(differences) == 8
        within(differences, 0.1)


def test_own_share_and_refund_are_worked_out_from_users_and_net_expenditure():
    for key, users in printed("3.7").items():
        if key[4] == "users":
            net = printed("3.7")[*key[:4], "net_expenditure_million_kr"]
            below = users * THRESHOLDS[key[1]]
            excess = net - below
            own, refund = measured("own_share_million_kr"), measured("refund_million_kr")
            assert own[key[:4]] == pytest.approx(below + 0.2 * excess, abs=MILLION)
            assert refund[key[:4]] == pytest.approx(0.8 * excess, abs=MILLION)
            net_cost = measured("net_expenditure_million_kr")[key[:4]]
            assert exactly(own[key[:4]], refund[key[:4]]) == net_cost


def test_figures_of_2015_make_the_gain_from_resource_intensive_users(tmp_path):
    """Made-up users of 2015: the rule of METHOD G6, own share of 2017 less that of 2015 as it has
    grown. Without them the printed gain stands in."""
    path = tmp_path / "users.csv"
    path.write_text("municipality,year,ressurskrevende_brukere,ressurskrevende_netto\n"
                    f"{HOBOL},2015,14,28000\n", encoding="utf-8")
    base = 14 * 1.081 + 0.2 * (28 - 14 * 1.081)
    own = 15 * 1.235 + 0.2 * (32.5 - 15 * 1.235)
    found = compute("sio-2017", 2017, FIGURES, GAINS, path)
    gains, of = told(found, "gain_million_kr"), flags(found, "gain_million_kr")
    cell = HOBOL, 2017, "resource_intensive", ""
    assert gains[cell] == pytest.approx(own - base * 1.016 * 1.00695, abs=MILLION)
    assert of[cell] == {"inferred"}
    assert told(found, "published_gain_million_kr")[cell] == pytest.approx(3.3, abs=MILLION)
    other = LILLESAND, 2017, "resource_intensive", ""
    assert gains[other] == pytest.approx(7.7, abs=MILLION)
    assert "published" in of[other]


# ---- table 6.1 ----


def test_demographic_gains_are_printed_within_four_tenths_but_two_of_stjordals():
    """Growth in tenths of a percent alone moves a gain by up to .5. Stjørdal's 2017 and 2018 rest
    on its refund of 2015, for which that of 2016 stands here: .37 too much in eight months of 2016
    is .56 in the whole year that 2017 and 2018 contain."""
    differences = {key: miss for key, miss in misses("6.1", "gain_million_kr").items()
                   if key[2] == "demography"}
    assert len(differences) == 12
    off = {(STJORDAL, 2017): 0.56, (STJORDAL_2018, 2018): 0.73}
    found = {key[:2]: miss for key, miss in differences.items() if abs(miss) > 0.4}
    assert found == pytest.approx(off, abs=0.005)


def test_demographic_gains_are_worked_out_from_deduction_refund_and_growth():
    gains = measured("gain_million_kr")
    for municipality in {key[0] for key in printed("3.7")}:
        users = printed("3.7")[municipality, 2016, "resource_intensive", "", "users"]
        net = printed("3.7")[municipality, 2016, "resource_intensive", "",
                             "net_expenditure_million_kr"]
        deduction = printed("3.2")[municipality, 2017, "grants", "", "deduction_million_kr"]
        base = deduction - 0.8 * (net - users * THRESHOLDS[2016])
        growth = [printed("3.5")[*place, "growth", "arlig", "demographic_growth_percent"]
                  for place in ((municipality, 2016), (municipality, 2017),
                                ({STJORDAL: STJORDAL_2018}.get(municipality, municipality), 2018))]
        first = base / 1.025**2 * (growth[0] - 1.6) / 100
        second = base / 1.025 * (growth[1] - 0.695) / 100
        third = base * (growth[2] - 0.7) / 100
        code = {STJORDAL: STJORDAL_2018}.get(municipality, municipality)
        for cell, expected in [((municipality, 2016, "demography", ""), first * 8 / 12),
                               ((municipality, 2017, "demography", ""), first + second),
                               ((code, 2018, "demography", ""), first + second + third)]:
            assert gains[cell] == pytest.approx(expected, abs=MILLION), cell


@pytest.mark.parametrize("municipality", [HOBOL, LILLESAND, OS, STJORDAL])
def test_the_gain_in_all_is_the_sum_of_its_parts_and_the_printed_one(municipality):
    """Within what demography (.4, Stjørdal .6) and rounding of unit costs (.1) leave."""
    gains = measured("gain_million_kr")
    parts = [gains[municipality, 2017, part, ""]
             for part in ("demography", "resource_intensive", "services")]
    whole = gains[municipality, 2017, "total", ""]
    assert exactly(*parts) == whole
    allowed = 0.7 if municipality == STJORDAL else 0.4
    assert whole == pytest.approx(printed("6.1")[municipality, 2017, "total", "",
                                                 "gain_million_kr"], abs=allowed)
    told_flags = flags(rows(FIGURES, GAINS), "gain_million_kr")
    assert {"published", "inferred"} <= told_flags[municipality, 2017, "total", ""]
    assert ("published" in told_flags[municipality, 2017, "services", ""]) == (municipality == OS)


def test_without_the_printed_gains_nothing_printed_is_in_the_results():
    found = rows(FIGURES)
    gains = told(found, "gain_million_kr")
    assert not any("published" in of for of in flags(found, "gain_million_kr").values())
    assert told(found, "published_gain_million_kr") == {}
    assert gains[HOBOL, 2017, "services", ""] == measured("gain_million_kr")[
        HOBOL, 2017, "services", ""]
    assert all(value is None for key, value in gains.items() if key[2] == "total")


# ---- another municipality, and places of 2017 ----


def test_a_municipality_that_was_not_in_the_trial_gets_unit_costs_and_gain(tmp_path):
    """Two services, 1000 hours at 724 kr and 500 at 494: a grant of .971 million kr."""
    path = tmp_path / "own.csv"
    path.write_text("municipality,year,sio_netto_hjemmetjenester,sio_mengde_htamdk,"
                    "sio_mengde_pbamdk\n0301,2017,1068.1,1000,500\n", encoding="utf-8")
    found = compute("sio-2017", 2017, path)
    costs = told(found, "unit_cost_kr")
    assert close(costs["0301", 2017, "hjemmetjenester", "HTAMDK"], 724 * 1068.1 / 971)
    assert close(costs["0301", 2017, "hjemmetjenester", "PBAMDK"], 494 * 1068.1 / 971)
    gain = told(found, "gain_million_kr")["0301", 2017, "services", ""]
    assert gain == pytest.approx(0.971 - 1.0681, abs=MILLION)


def test_places_of_2017_are_the_days_of_every_municipality_divided_by_365():
    """39 686 places in use. Stavanger's are about the number of its residents (SOURCE.md)."""
    found = told(compute("care-2017", 2017, CARE), "institution_places")
    with open(CARE, encoding="utf-8", newline="") as file:
        days = {r["municipality"]: float(r["value"]) for r in csv.DictReader(file)
                if r["variable"] == "liggedogn_institusjon" and r["value"]}
    places = {key[0]: value for key, value in found.items() if value is not None}
    assert len(days) == 415
    assert places == pytest.approx({code: of / 365 for code, of in days.items()}, rel=1e-12)
    assert round(sum(places.values())) == 39686
    assert round(places["1103"]) == 1005


def test_the_figures_are_sound():
    answer = kf("check", FIGURES, GAINS)
    assert answer.returncode == 0, answer.stderr
