"""`kf explain` from outside: every number is computed again, from the leaves to the root, by the
operation that the JSON names, and the leaves are looked up in the files that they name."""

import csv
import json
import math
import re
import shutil

import jsonschema
import pytest
import yaml
from conftest import ROOT
from explanations import (
    ASSS,
    BAERUM,
    CARE,
    LEAVES,
    OPERATIONS,
    OSLO,
    Recomputed,
    assert_explained,
    explain,
    lines,
    of,
    told,
)
from programs import kf
from synthetic import Figures, codes_of


@pytest.mark.parametrize("edition", ["asss-2010", "asss-2010-derived", "asss-2010-standardized"])
def test_every_kind_of_number_is_what_its_parts_make(edition):
    seen = assert_explained(edition, 2010, ASSS, BAERUM)
    assert {m for t, m in seen if t == "index"} == {
        "index", "index_without_imputed", "rank", "contribution"
    }
    assert ("efficiency", "efficiency_change_percent") in seen and len(seen) >= 20


def test_numbers_of_a_group_of_416_lead_to_their_cells():
    with open(CARE, encoding="utf-8", newline="") as file:
        code = min(row["municipality"] for row in csv.DictReader(file))
    assert len(assert_explained("care-2017", 2017, CARE, code)) >= 10


DATA = ROOT / "data"
PEOPLE, NEED = DATA / "population" / "population.csv", DATA / "need" / "need-indices.csv"
SPENT = DATA / "resource-use" / "net-expenditure.csv"
COUNTRY = DATA / "resource-use" / "country-2024.csv"
PROJECTED = DATA / "demography" / "projection-2018-mmmm.csv"


@pytest.mark.parametrize(
    ("edition", "year", "source", "municipality", "measures"),
    [
        ("need-2026-ages", 2026, (NEED, PEOPLE), OSLO,
         {"driver", "published_need_index", "need_population", "r_squared", "correlation",
          "mean_absolute_difference"}),
        ("resource-use-neighbours", 2025, (NEED, SPENT, COUNTRY), "3222",
         {"need_kr_per_capita", "deviation_percent", "deviation_million_kr",
          "deviation_change_kr_per_capita", "need_adjusted_expenditure_kr_per_capita"}),
        ("demography-2018-mmmm", 2026, (PEOPLE, COUNTRY, PROJECTED), "4001",
         {"population", "population_index_others", "population_growth_percent", "cost_million_kr",
          "population_growth_persons", "cost_since_base_million_kr", "need_index", "rate_kr",
          "care_need_index", "projection_error_percent", "cost_error_million_kr"}),
    ],
)
def test_need_resource_use_and_demography_lead_to_their_cells(
    edition, year, source, municipality, measures
):
    seen = assert_explained(edition, year, source, municipality)
    assert measures <= {measure for _, measure in seen}


def test_need_of_one_year_by_indices_of_another_names_the_cells_year():
    """Need of Lørenskog in 2024 is the index that was published for 2026."""
    number = told(*of("3222", "need_index", "barnehage"), edition="resource-use-lorenskog",
                  year=2024, source=(NEED, SPENT, COUNTRY))
    cell = number["parts"][0]["of"]
    assert (number["year"], number["flags"]) == (2024, ["published"])
    assert (cell["year"], cell["variable"]) == (2026, "dki_barnehage")
    assert cell["value"] == number["value"] and number["operation"] == "same"


def test_two_topics_with_the_same_measure_are_told_apart():
    """In an observed year: a projected one has no need by age."""
    question = of("4001", "need_index")
    more = {"edition": "demography-2018-mmmm", "year": 2018,
            "source": (PEOPLE, COUNTRY, PROJECTED)}
    answer = explain(*question, **more)
    assert answer.returncode == 2 and "--topic can be: need, demography" in answer.stderr
    assert told(*question, "--topic", "demography", **more)["method"] == "D5"
    assert told(*question, "--topic", "need", **more)["method"] == "N4"


def test_where_nobody_gives_the_country_it_is_the_members_that_have_the_figure(tmp_path):
    """Halden (0101) has no figure for 90 years and above, and counts in neither sum."""
    source = tmp_path / "care.csv"
    with open(CARE, encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    gone = ("0101", "innb_90_pluss")
    rows = [row for row in rows if row[0] != "EAK" and (row[0], row[2]) != gone]
    source.write_text("\n".join(",".join(row) for row in [header, *rows]) + "\n", "utf-8")
    people, old = (
        {row[0]: float(row[3]) for row in rows if row[2] == name and row[3]}
        for name in ("folkemengde", "innb_90_pluss")
    )
    level = sum(old.values()) / sum(people[code] for code in old)
    with open(ROOT / "editions" / "care-2017.yaml", encoding="utf-8") as file:
        criteria = yaml.safe_load(file)["sectors"][0]["need"]["criteria"]
    weight = next(c["weight"] for c in criteria if c["variable"] == "innb_90_pluss")
    weight /= math.fsum(c["weight"] for c in criteria)
    number = told(
        *of("0104", "driver", None, "innb_90_pluss"), edition="care-2017", year=2017, source=source
    )
    expected = weight * (old["0104"] / people["0104"] / level - 1)
    assert "0101" in people and "0101" not in old and len(old) == 415
    assert math.isclose(number["value"], expected, rel_tol=1e-9)
    assert math.isclose(math.prod(p["of"]["value"] for p in number["parts"]), expected,
                        rel_tol=1e-9)


@pytest.mark.parametrize(("edition", "year"), [("ks-2019", 2019), ("ks-2025", 2023)])
def test_need_accounts_changes_and_corrections_are_explained_on_made_up_figures(
    edition, year, tmp_path
):
    with open(ROOT / "editions" / "ks-2019.yaml", encoding="utf-8") as file:
        school = yaml.safe_load(file)["corrections"][0]
    members = (
        "0301 1201 5001 1103 0219 1001 0106 1902 1102 0602"
        if year == 2019
        else "0301 4601 5001 1103 3024 4204 3004 5401 1108 3005"
    ).split()
    figures = Figures(members, [year - 1, year]).others(
        sorted(set(codes_of(year)) - set(members))[::5], [school["outcome"], *school["regressors"]]
    )
    path = figures.write(tmp_path / "figures.csv")
    seen = assert_explained(edition, year, path, members[0])
    assert {("need", m) for m in ("need_index", "need_population", "driver")} <= seen
    assert ("efficiency", "expenditure_index") in seen
    if edition == "ks-2019":
        assert ("indicator", "corrected") in seen and ("statistics", "t_value") in seen
        assert {m for t, m in seen if t == "efficiency"} >= {
            "production_change_percent", "expenditure_change_percent", "deflator_percent",
            "efficiency_change_percent", "need_change_percent",
            "production_per_capita_change_percent", "production_beyond_need_percent",
            "production_change_mean_absolute",
        }


def test_the_total_of_oslo_adds_up_exactly_from_its_contributions():
    number = told(*of(OSLO, "index"))
    sectors = [part["of"] for part in number["parts"]]
    indicators = [part["of"] for sector in sectors for part in sector["parts"]]
    assert len(sectors) == 7 and len(indicators) == 44
    assert sum(s["value"] for s in sectors) == number["value"]
    assert sum(i["value"] for i in indicators) == number["value"]
    seen = Recomputed(number)
    assert seen.value == number["value"]
    assert seen.cells >= 44 * 10 - 3 + 10


def test_the_total_of_oslo_is_the_published_one():
    """Table 3.8 of the report: Oslo 97.9."""
    path = ROOT / "data" / "asss-2010" / "published" / "published.csv"
    with open(path, encoding="utf-8", newline="") as file:
        printed = next(
            float(row["value"])
            for row in csv.DictReader(file)
            if (row["municipality"], row["sector"], row["measure"]) == (OSLO, "total", "index")
        )
    assert abs(told(*of(OSLO, "index"))["value"] - printed) <= 0.11


@pytest.mark.parametrize(
    ("sector", "indicator"),
    [
        ("pleie_omsorg", "dagsenter"),
        ("sosial", "kvalifiseringsstonad"),
        ("sosial", "individuell_plan"),
    ],
)
def test_an_imputed_cell_is_the_lowest_of_the_other_nine(sector, indicator):
    number = told(*of(BAERUM, "normalized", sector, indicator))
    assert "imputed" in number["flags"] and number["method"] == "A1"
    imputed = next(p["of"] for p in number["parts"] if p["of"]["measure"] == "imputed")
    others = [part["of"] for part in imputed["parts"]]
    with open(ASSS, encoding="utf-8", newline="") as file:
        figures = [
            float(row["value"])
            for row in csv.DictReader(file)
            if row["variable"] == indicator and row["value"]
        ]
    assert imputed["method"] == "A2" and imputed["operation"] == "minimum"
    assert sorted(other["value"] for other in others) == sorted(figures) and len(others) == 9
    assert BAERUM not in {other["municipality"] for other in others}
    assert imputed["value"] == min(figures)
    Recomputed(number)


def test_a_rank_names_who_is_just_above_and_just_below():
    number = told(*of(BAERUM, "rank"))
    values = {p["of"]["municipality"]: p["of"]["value"] for p in number["parts"]}
    roles = {p["role"]: p["of"]["municipality"] for p in number["parts"] if p["role"]}
    order = sorted(values, key=values.get, reverse=True)
    place = order.index(BAERUM)
    assert number["value"] == place + 1
    assert roles["just above"] == order[place - 1]
    assert roles.get("just below") == (order[place + 1] if place < 9 else None)


def test_a_leaf_names_its_file_and_line():
    number = told(*of(OSLO, "raw", "barnehage", "areal"))
    cell = number["parts"][0]["of"]
    row = lines(cell["source"]["file"])[cell["source"]["line"] - 1]
    assert row[:3] == [OSLO, "2010", "areal"] and float(row[3]) == number["value"]


def test_json_is_the_same_every_time_and_full():
    first, second = explain(*of(OSLO, "index")), explain(*of(OSLO, "index"))
    assert first.stdout == second.stdout
    whole = json.loads(first.stdout)
    assert whole["schema"] == "kf-explain/1" and whole["notExplained"] == 0
    assert whole["edition"] == "asss-2010" and whole["year"] == 2010


@pytest.mark.parametrize(
    "question",
    [
        of(BAERUM, "index"),
        of(BAERUM, "normalized", "sosial", "individuell_plan"),
        [*of(OSLO, "efficiency"), "--depth", "2"],
        ["--measure", "weight", "--sector", "kultur"],
    ],
)
def test_json_is_what_its_schema_says(question):
    schema = json.loads((ROOT / "docs" / "explain.schema.json").read_text("utf-8"))
    operations = schema["$defs"]["node"]["properties"]["operation"]["oneOf"]
    jsonschema.validate(json.loads(explain(*question).stdout), schema)
    told_of = {operation["const"] for operation in operations}
    assert told_of == set(OPERATIONS) | LEAVES | {"rounded"}


# --- editions of the test's own ---


@pytest.fixture
def edition(tmp_path):
    """Writes an edition beside the bundled ones; returns the options that name it."""

    def write(id_, text):
        folder = tmp_path / "editions"
        shutil.copytree(ROOT / "editions", folder)
        head = f"id: {id_}\ntitle: {{nb: Prøve, en: Test}}\nsource: test\n"
        (folder / f"{id_}.yaml").write_text(head + text, encoding="utf-8")
        return ["--editions", folder, "--depth", "0"]

    return write


def test_a_merged_municipality_leads_to_the_rows_of_what_it_was(edition):
    """Kristiansand of 2020 is 1001, 1017 and 1018 of 2017: 619 + 34 + 62 single rooms."""
    options = edition(
        "merged",
        "extends: care-2017\nyears: [2017]\nstructure: 2020\n"
        "group:\n  municipalities: ['4204', '0301', '3024']\n",
    )
    number = told(
        *of("4204", "raw", None, "enerom"), *options,
        edition="merged", year=2017, source=CARE,
    )
    found = []

    def look(node):
        if node.get("variable") == "enerom_institusjon" and "parts" in node:
            found.append(node)
        for part in node.get("parts", []):
            look(part["of"])

    look(number)
    rooms = found[0]
    assert rooms["value"] == 619 + 34 + 62 and rooms["operation"] == "sum"
    parts = [part["of"] for part in rooms["parts"]]
    assert [part["municipality"] for part in parts] == ["1001", "1017", "1018"]
    assert all(part["source"]["line"] for part in parts)
    Recomputed(number)


def test_the_latest_earlier_value_is_told_with_its_year_and_line(edition, tmp_path):
    options = edition("looks-back", "extends: asss-2010\nmissing: latest\n")
    earlier = tmp_path / "earlier.csv"
    earlier.write_text(
        "municipality,year,variable,value,status\n"
        f"{BAERUM},2008,dagsenter,55,\n{BAERUM},2007,dagsenter,66,\n",
        encoding="utf-8",
    )
    number = told(
        *of(BAERUM, "normalized", "pleie_omsorg", "dagsenter"), *options, "--input", earlier,
        edition="looks-back",
    )
    imputed = number["parts"][1]["of"]
    cell = imputed["parts"][0]["of"]["parts"][0]["of"]
    assert imputed["value"] == 55 and imputed["operation"] == "same"
    assert (cell["year"], cell["source"]["line"]) == (2008, 2)
    assert cell["source"]["file"] == str(earlier)
    Recomputed(number)


# --- the tree ---


def test_the_tree_tells_formula_method_value_and_place():
    answer = explain(
        *of(BAERUM, "normalized", "pleie_omsorg", "dagsenter"), form="tree"
    )
    assert answer.returncode == 0, answer.stderr
    rows = answer.stdout.splitlines()
    assert any("scale × value ÷ mean (A1)" in row and "21.597" in row for row in rows)
    assert any("Stavanger" in row and "the lowest" in row for row in rows)
    assert any("data/asss-2010/asss-2010.csv:58" in row for row in rows)
    assert not any(row.endswith(" ") for row in rows)


def test_the_tree_speaks_norwegian():
    answer = explain(*of(OSLO, "index"), "--lang", "nb", form="tree")
    assert "summen av sektorenes bidrag (A5)" in answer.stdout
    assert "indeks for totalen, Oslo" in answer.stdout
    assert "sektorens vekt: vekt" in answer.stdout
    answer = explain(*of(BAERUM, "normalized", "pleie_omsorg", "dagsenter"), "--lang", "nb",
                     form="tree")
    for words in ["verdi for 1103 [imputert]", "10 av 10 medlemmer", "den laveste: rå verdi"]:
        assert words in answer.stdout
    told_twice = explain(*of(BAERUM, "rank"), "--lang", "nb", "--depth", "0", form="tree").stdout
    assert "↑ fortalt over" in told_twice and "rangering for totalen" in told_twice


# Where the walkers name measures, roles, units and numbers, as their sources have it.
NAMED = [
    r'kf_explain_number\(\s*walk,\s*"([^"]+)",\s*"([^"]*)"',
    r'kf_explain_add(?:_weighted)?\(\s*walk,\s*node,\s*"([^"]+)"',
    r'subtract\(\s*walk,\s*node,\s*"([^"]+)"',
    r'KF_TOPIC_NONE,\s*"([^"]+)"',
    r'(?:\.|->)(?:measure|role|unit) = "([^"]+)"',
    r'group_(?:node|mean)\(\s*walk,\s*&?\w+,\s*"([^"]+)"',
    r'\{KF_TOPIC_\w+, "([^"]+)", "([^"]*)"\}',
    r'(?:word\(self|kf_word\(),?\s*"([^"]+)"',
]


def test_editions_are_shown_in_norwegian():
    answer = kf("editions", "show", "asss-2010-derived", "--lang", "nb")
    assert answer.returncode == 0, answer.stderr
    rows = answer.stdout.splitlines()
    assert "år              2010" in rows
    assert any(row.startswith("skala           100, gruppens gjennomsnitt er") for row in rows)
    assert "  avrunding     3 desimaler, den siste tar opp resten" in rows
    assert any(row.split()[:3] == ["Prosent", "Indikator", "Formel"] for row in rows)


def test_whatever_an_explanation_says_has_a_norwegian_word():
    folder = ROOT / "tools" / "kf"
    words = re.findall(r'^    \{"(.+)", "(.+)"\},$', (folder / "words.c").read_text(), re.M)
    known = [english for english, _ in words]
    sources = [ROOT / "common" / "model" / "topic.c", *folder.glob("explain_*.c")]
    sources += folder.glob("editions_*.c")
    text = "".join(path.read_text() for path in sources)
    said = {name for named in NAMED for found in re.findall(named, text) for name in
            ([found] if isinstance(found, str) else found) if name}
    with open(ROOT / "editions" / "variables.yaml", encoding="utf-8") as file:
        said |= set(re.findall(r"unit: ([^,\n}]+)", file.read()))
    assert len(said) > 150
    assert said - set(known) == set()
    assert known == sorted(set(known), key=str.encode)


def test_a_figure_of_another_year_says_of_which_one():
    data = ROOT / "data"
    answer = kf("explain", "--edition", "resource-use-lorenskog", "--year", 2024, "--depth", 0,
                "--input", data / "need" / "need-indices.csv",
                "--input", data / "resource-use" / "net-expenditure.csv",
                "--input", data / "resource-use" / "country-2024.csv", "--municipality", "3222",
                "--sector", "pleie_omsorg", "--measure", "deviation_million_kr")
    assert answer.returncode == 0, answer.stderr
    assert "dki_pleie_omsorg, 2026 " in answer.stdout


def test_depth_leaves_out_and_says_so():
    shallow = told(*of(OSLO, "index"), "--depth", "1")
    assert all(part["of"]["cut"] for part in shallow["parts"])
    answer = explain(*of(OSLO, "index"), "--depth", "1", form="tree")
    assert len(answer.stdout.splitlines()) == 2 + 7
    assert answer.stdout.splitlines()[-1].endswith("…")


# --- questions that cannot be answered ---


@pytest.mark.parametrize(
    ("question", "says"),
    [
        (of("0302", "index"), ["0302 is no member", "did you mean 0301?", "0301 Oslo", "1902"]),
        (of(OSLO, "indx"), ["no measure indx", "did you mean index?", "efficiency_percent"]),
        (of(OSLO, "index", "barnehager"), ["no index of barnehager", "did you mean barnehage?"]),
        (
            of(OSLO, "raw", "barnehage", "arealer"),
            ["no raw of barnehage for indicator arealer", "did you mean areal?"],
        ),
        (of(OSLO, "raw"), ["no raw of total", "--sector can be: barnehage, grunnskole"]),
        (of(OSLO, "raw", "barnehage"), ["as a whole", "--indicator can be: korr_oppholdstimer"]),
        (["--measure", "index"], ["whose index", "--municipality can be: 0106 Fredrikstad"]),
        (of(OSLO, "index") + ["--depth", "x"], ["--depth x"]),
        (of(OSLO, "index") + ["--lang", "sv"], ["--lang sv"]),
    ],
)
def test_a_wrong_question_is_told_what_there_is(question, says):
    answer = explain(*question)
    assert answer.returncode == 2 and answer.stdout == ""
    for text in says:
        assert text in answer.stderr


def test_the_measure_alone_is_that_of_the_total():
    assert told(*of(OSLO, "index"))["sector"] == "total"


def test_an_indicator_alone_is_found_in_its_sector():
    number = told(*of(OSLO, "contribution", None, "areal"))
    assert (number["sector"], number["indicator"]) == ("barnehage", "areal")


def test_statistics_need_no_municipality():
    number = told("--measure", "sd_weighted", "--sector", "barnehage")
    assert "municipality" not in number
    assert len(number["parts"]) == 10
    Recomputed(number)


def test_help_teaches_with_an_example():
    answer = kf("explain", "--help")
    assert answer.returncode == 0
    assert "kf explain --edition asss-2010 --year 2010 --input" in answer.stdout


def test_a_name_where_a_code_is_wanted_is_answered_with_the_code():
    data = ROOT / "data"
    answer = kf(
        *("explain", "--edition", "need-2026", "--year", "2026", "--measure", "need_index"),
        *("--input", data / "need" / "need-indices.csv", data / "population" / "population.csv"),
        *("--municipality", "Skien"),
    )
    assert answer.returncode == 2
    assert "did you mean 4003 Skien?" in answer.stderr
    assert "Oslo" not in answer.stderr


def test_the_members_of_a_country_are_not_all_listed():
    data = ROOT / "data"
    answer = kf(
        *("explain", "--edition", "need-2026", "--year", "2026", "--measure", "need_index"),
        *("--input", data / "need" / "need-indices.csv", data / "population" / "population.csv"),
        *("--municipality", "9999"),
    )
    assert answer.returncode == 2
    assert "any of 357 members, 0301 Oslo" in answer.stderr
    assert "Skien" not in answer.stderr
