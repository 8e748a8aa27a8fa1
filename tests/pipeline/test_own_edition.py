"""A controller's own edition: one file with own variables, one with figures, no folder touched."""

import csv
import io

import pytest
from programs import kf

INDEX = """\
id: egen-indeks
title: {nb: "Egen indeks", en: "Own index"}
source: "own figures"
years: [2017]
structure: data-year
scale: 100
population: egen_folketall
missing: minimum
group: {name: {nb: "Alle", en: "All"}, municipalities: all}
variables:
  - {id: egen_folketall, unit: persons, minimum: 1, name: {nb: "Folketall", en: "Inhabitants"}}
  - {id: "egen_{}", each: [timer, dager], unit: hours, minimum: 0, name: {nb: "{}", en: "{}"}}
sectors:
  - id: hjemme
    name: {nb: "Hjemme", en: "Home"}
    weight: 1
    indicators:
      - {id: timer, weight: 1, variable: egen_timer, per: none, name: {nb: "T", en: "H"}}
"""

COSTS = """\
id: egen-kostnad
title: {nb: "Egne enhetskostnader", en: "Own unit costs"}
source: "own figures"
years: [2016, 2017]
structure: data-year
scale: 100
missing: drop
group: {name: {nb: "Alle", en: "All"}, municipalities: all}
variables:
  - {id: egen_netto, unit: kr, minimum: 0, name: {nb: "Netto", en: "Net"}}
  - {id: egen_timer, unit: hours, minimum: 0, name: {nb: "Timer", en: "Hours"}}
unit_costs:
  services:
    - {id: HJ, name: {nb: "Hjemmehjelp", en: "Home help"}, unit: hours, rates: {2017: 724}}
  groups:
    - id: hjemme
      name: {nb: "Hjemme", en: "Home"}
      net: egen_netto
      services:
        - {id: HJ, quantity: egen_timer}
"""


def rows(*cells):
    lines = "".join(f"{code},2017,{variable},{value},\n" for code, variable, value in cells)
    return "municipality,year,variable,value,status\n" + lines


@pytest.fixture
def write(tmp_path):
    def writer(name, text):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return writer


def compute(edition, figures, year="2017"):
    return kf("compute", "--edition", edition, "--year", year, "--input", figures)


@pytest.fixture
def index(write):
    """Hours 1 and 2 of 100 and 300 inhabitants: the mean is 700/400."""
    figures = rows(
        ("0301", "egen_folketall", 100),
        ("0219", "egen_folketall", 300),
        ("0301", "egen_timer", 1),
        ("0219", "egen_timer", 2),
    )
    return write("egen-indeks.yaml", INDEX), write("figures.csv", figures)


def test_an_edition_in_a_file_is_computed_from_its_own_variables(index):
    answer = compute(*index)
    assert answer.returncode == 0, answer.stderr
    table = {
        row["municipality"]: row
        for row in csv.DictReader(io.StringIO(answer.stdout))
        if (row["topic"], row["sector"], row["measure"]) == ("index", "total", "index")
    }
    assert {row["edition"] for row in table.values()} == {"egen-indeks"}
    assert float(table["0301"]["value"]) == pytest.approx(100 * 1 / 1.75, rel=1e-12)
    assert float(table["0219"]["value"]) == pytest.approx(100 * 2 / 1.75, rel=1e-12)


def test_figures_are_checked_against_the_variables_of_the_editions_beside_them(index):
    edition, figures = index
    together = kf("check", edition, figures)
    assert together.returncode == 0, together.stderr
    assert f"{edition}: edition egen-indeks, sound" in together.stdout
    assert f"{figures}: 4 observations, sound" in together.stdout
    alone = kf("check", figures)
    assert alone.returncode == 2
    assert f'{figures}:4: 0301 egen_timer "egen_timer": this variable is not' in alone.stderr


def test_a_variable_of_the_register_cannot_be_defined_again(write):
    edition = write("egen-indeks.yaml", INDEX.replace("egen_folketall", "folkemengde"))
    for answer in (
        kf("check", edition),
        kf("compute", "--edition", edition, "--year", "2017", "--input", edition),
    ):
        assert answer.returncode == 2
        assert f'{edition}:11: id "folkemengde": is registered in ' in answer.stderr
        assert "variables.yaml on line " in answer.stderr
        assert answer.stderr.count("folkemengde") == 1


def test_an_heir_beside_the_file_knows_its_variables(index, write):
    _, figures = index
    heir = write(
        "arving.yaml", 'extends: egen-indeks\nid: arving\ntitle: {nb: "A", en: "A"}\nscale: 1\n'
    )
    answer = compute(heir, figures)
    assert answer.returncode == 0, answer.stderr
    assert "arving" in answer.stdout


def test_a_file_that_is_not_there_is_told(write):
    answer = compute("nowhere.yaml", write("figures.csv", rows(("0301", "barn", 1))))
    assert answer.returncode == 2
    assert "nowhere.yaml: cannot be opened" in answer.stderr


def test_unit_costs_need_no_population_and_say_what_lacks(write):
    edition = write("egen-kostnad.yaml", COSTS)
    figures = write("figures.csv", rows(("0301", "egen_netto", 1000000)))
    answer = compute(edition, figures)
    assert answer.returncode == 0, answer.stderr
    assert "no quantities of 1 cost group in 2017" in answer.stderr
    assert "give egen_timer with another --input" in answer.stderr
    answer = compute(edition, figures, "2016")
    assert answer.returncode == 2
    assert "it wants any of 2 figures of unit costs: egen_netto, egen_timer;" in answer.stderr
    assert "population" not in answer.stderr and "editions show" not in answer.stderr


def test_unit_costs_take_whoever_has_a_figure(write):
    edition = write("egen-kostnad.yaml", COSTS)
    figures = write("figures.csv", rows(("0301", "egen_netto", 1000000), ("1103", "egen_timer", 5)))
    inside = kf(
        "compute", "--edition", edition, "--year", "2017", "--input", figures,
        "--municipality", "0219",
    )  # fmt: skip
    assert inside.returncode == 2
    assert "0219: is no member" in inside.stderr
    assert "or the input holds no figure of it" in inside.stderr


def test_an_edition_outside_the_folder_is_shown_and_compared_by_its_file(write):
    path = write("another-name.yaml", COSTS)
    answer = kf("editions", "show", path)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.startswith("egen-kostnad: Own unit costs\n")
    assert "hjemme (Home): net egen_netto (kr), HJ: egen_timer" in answer.stdout
    changed = write("changed.yaml", COSTS.replace("2017: 724", "2017: 744"))
    answer = kf("editions", "diff", "sio-2017", changed)
    assert answer.returncode == 0 and "sio-2017 → egen-kostnad" in answer.stdout
    answer = kf("editions", "show", write("broken.yaml", COSTS.replace("net:", "nett:")))
    assert answer.returncode == 2 and "broken.yaml:" in answer.stderr


def test_lines_of_cost_groups_are_broken():
    answer = kf("editions", "show", "sio-2017")
    groups = answer.stdout.split("\nunit costs\n")[1].split("\n  time with users")[0]
    lines = groups.splitlines()
    assert max(map(len, lines)) <= 100
    assert "  cost group                     bpa (User-controlled personal assistance):" in lines
    assert " " * 33 + "BPADK: sio_mengde_bpadk, BPAN: sio_mengde_bpan" in lines
    assert not any(line.endswith(" ") for line in lines)
