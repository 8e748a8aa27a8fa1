"""`kf explain` of unit costs and the trial with state funding, from outside."""

import json
import math

import jsonschema
import pytest
from conftest import ROOT
from explanations import Recomputed, assert_explained, explain, of, told

DATA = ROOT / "data" / "sio-2017"
TRIAL = (DATA / "sio-2017.csv", DATA / "published-gains.csv")


def test_unit_costs_and_the_trial_lead_to_their_cells():
    seen = {measure for _, measure in assert_explained("sio-2017", 2017, TRIAL, "0138")}
    assert seen >= {
        "net_expenditure_million_kr", "grant_million_kr", "gain_million_kr", "ratio",
        "gain_percent", "gain_without_preliminary_million_kr", "published_gain_million_kr",
        "deduction_million_kr", "users", "own_share_million_kr", "refund_million_kr",
        "net_above_threshold_million_kr", "real_growth_percent",
    }


@pytest.fixture
def users(tmp_path):
    """Users of Hobøl, made up: in 2017 two of three are above the threshold of 1,235,000 kr, in
    2015 one above 1,081,000 kr; a fourth is 67 years old."""
    cost, age = "ressurskrevende_kostnad_", "ressurskrevende_alder_"
    rows = [(2017, f"{cost}1", 2235111), (2017, f"{cost}2", 1535222), (2017, f"{cost}3", 1235000),
            (2017, f"{cost}4", 3000333), (2015, f"{cost}1", 1581444), (2015, f"{age}1", 38)]
    rows += [(2017, f"{age}{number}", years) for number, years in enumerate((40, 50, 66, 67), 1)]
    path = tmp_path / "users.csv"
    path.write_text("municipality,year,variable,value,status\n" + "".join(
        f"0138,{year},{variable},{value},\n" for year, variable, value in rows), "utf-8")
    return path


def test_what_single_users_cost_is_told_only_with_persons(users):
    question = [*of("0138", "gain_million_kr", "resource_intensive"), "--depth", "0"]
    more = {"edition": "sio-2017", "year": 2017, "source": (TRIAL[0], users)}
    own = 2 * 1.235 + 0.2 * (1.000111 + 0.300222)
    base = 1.081 + 0.2 * 0.500444
    gain = own - base * 1.016 * 1.00695
    single = ["2235111", "1535222", "1581444", "ressurskrevende_kostnad_1", str(users)]
    for form in ("tree", "json"):
        without = explain(*question, form=form, **more)
        every = explain(*question, "--persons", form=form, **more)
        assert without.returncode == every.returncode == 0, without.stderr + every.stderr
        assert not any(text in without.stdout for text in single)
        assert all(text in every.stdout for text in single)
        assert "2 of 3 users are above the threshold; left out by age: 1" in without.stdout
        assert "3000333" not in every.stdout  # counts nowhere
    number = told(*question, "--persons", **more)
    assert math.isclose(number["value"], gain, abs_tol=1e-8)
    assert math.isclose(Recomputed(number).value, gain, abs_tol=1e-8)
    assert number["flags"] == ["inferred"]
    jsonschema.validate(json.loads(explain(*question, **more).stdout),
                        json.loads((ROOT / "docs" / "explain.schema.json").read_text("utf-8")))


def test_users_are_told_in_norwegian(users):
    answer = explain(*of("0138", "users", "resource_intensive"), "--lang", "nb", form="tree",
                     edition="sio-2017", year=2017, source=(TRIAL[0], users))
    assert "2 av 3 brukere er over innslagspunktet; utelatt etter alder: 1" in answer.stdout
    assert "3 tall for enkeltpersoner: se --persons" in answer.stdout


def test_a_gain_by_demography_names_the_years_it_rests_on():
    """2016: growth of need in 2016 by a deduction of 2017 less a refund of 2016."""
    answer = explain(*of("0138", "gain_million_kr", "demography", "2016"), "--depth", "0",
                     form="tree", edition="sio-2017", year=2017, source=TRIAL)
    assert answer.returncode == 0, answer.stderr
    rows = answer.stdout.splitlines()
    assert any("sio_trekk" in row for row in rows)
    assert any("refund: refund million kr of resource_intensive, 2016" in row for row in rows)
    assert any("own growth: sio_vekst_behov" in row for row in rows)
    assert any("growth beyond" in row and ", 2016" in row for row in rows)


def test_a_cost_group_is_a_sector_and_a_service_an_indicator(tmp_path):
    """Made-up volumes: two services, whose unit costs are their rates times the ratio."""
    volumes = tmp_path / "volumes.csv"
    volumes.write_text("municipality,year,variable,value,status\n"
                       "0138,2017,sio_mengde_bpadk,10000,\n0138,2017,sio_mengde_bpan,2000,\n",
                       "utf-8")
    more = {"edition": "sio-2017", "year": 2017, "source": (TRIAL[0], volumes)}
    ratio = 7900000 / (10000 * 359 + 2000 * 440)
    number = told(*of("0138", "unit_cost_kr", "bpa", "BPAN"), **more)
    assert math.isclose(number["value"], 440 * ratio, rel_tol=1e-9) and number["method"] == "U2"
    assert math.isclose(Recomputed(number).value, 440 * ratio, rel_tol=1e-9)
    whole = told("--measure", "unit_cost_kr", "--sector", "services", "--indicator", "BPAN", **more)
    assert "municipality" not in whole and whole["value"] == number["value"]
    answer = explain(*of("0138", "unit_cost_kr", "bpa", "BPAM"), **more)
    assert answer.returncode == 2 and "--indicator can be: BPADK, BPAN" in answer.stderr
    answer = explain(*of("0138", "unit_cost_kr", "bpaa", "BPAN"), **more)
    assert answer.returncode == 2 and "did you mean bpa?" in answer.stderr
