"""`kf compare` and `kf editions diff` from outside."""

import csv
import io
import json
import math
import re
import shutil
import statistics

import pytest
from conftest import ROOT
from programs import kf

ASSS = ROOT / "data" / "asss-2010" / "asss-2010.csv"
A, B = "asss-2010", "asss-2010-quality-multiplied"


def compare(*options, a=A, b=B):
    return kf(
        "compare", "--edition", a, "--edition", b, "--year", 2010, "--input", ASSS, *options
    )


def indices(edition):
    """The indices that kf compute tells, by sector and municipality."""
    answer = kf("compute", "--edition", edition, "--year", 2010, "--input", ASSS)
    assert answer.returncode == 0, answer.stderr
    return {
        (r["sector"], r["municipality"]): float(r["value"])
        for r in csv.DictReader(io.StringIO(answer.stdout))
        if (r["topic"], r["measure"]) == ("index", "index")
    }


def population():
    with open(ASSS, encoding="utf-8", newline="") as file:
        return {
            r["municipality"]: float(r["value"])
            for r in csv.DictReader(file)
            if r["variable"] == "folkemengde"
        }


def test_values_ranks_and_correlations_are_those_of_the_two_indices():
    answer = compare("--format", "json", "--sector", "total", "barnehage")
    assert answer.returncode == 0, answer.stderr
    told = json.loads(answer.stdout)
    assert told["schema"] == "kf-compare/1" and not told["renormalized"]
    assert [sector["sector"] for sector in told["sectors"]] == ["total", "barnehage"]
    left, right = indices(A), indices(B)
    for sector in told["sectors"]:
        codes = [row["municipality"] for row in sector["municipalities"]]
        a = [left[sector["sector"], code] for code in codes]
        b = [right[sector["sector"], code] for code in codes]
        assert codes == sorted(codes) and sector["count"] == 10
        assert [row["a"] for row in sector["municipalities"]] == a
        assert [row["b"] for row in sector["municipalities"]] == b
        for row, x, y in zip(sector["municipalities"], a, b):
            assert row["rankA"] == 1 + sum(v > x for v in a)
            assert row["rankB"] == 1 + sum(v > y for v in b)
            assert row["rankShift"] == row["rankA"] - row["rankB"]
        ranks = [[1 + sum(v > x for v in column) for x in column] for column in (a, b)]
        assert math.isclose(sector["pearson"], statistics.correlation(a, b), rel_tol=1e-9)
        assert math.isclose(sector["spearman"], statistics.correlation(*ranks), rel_tol=1e-9)
        distance = statistics.fmean(abs(y - x) for x, y in zip(a, b))
        assert math.isclose(sector["meanAbsoluteDifference"], distance, rel_tol=1e-9)


def test_renormalised_columns_have_the_scale_as_their_mean():
    answer = compare("--renormalize", "--format", "csv", "--sector", "total", "sosial")
    assert answer.returncode == 0, answer.stderr
    rows = list(csv.DictReader(io.StringIO(answer.stdout)))
    people = population()
    assert len(rows) == 20
    for sector in ("total", "sosial"):
        for column in "ab":
            values = {r["municipality"]: float(r[column]) for r in rows if r["sector"] == sector}
            weighted = sum(people[k] * v for k, v in values.items())
            assert math.isclose(weighted, 100 * sum(people.values()), rel_tol=1e-12)


def test_an_edition_beside_itself_is_the_same():
    answer = compare("--format", "json", b=A)
    sector = json.loads(answer.stdout)["sectors"][0]
    assert sector["pearson"] == pytest.approx(1) and sector["meanAbsoluteDifference"] == 0
    assert all(row["rankShift"] == 0 for row in sector["municipalities"])


def test_the_table_names_municipalities_and_ends_with_the_correlations():
    lines = compare().stdout.splitlines()
    assert lines[0] == f"total, A {A} 2010, B {B} 2010"
    assert any("Bærum" in line for line in lines)
    assert "(Pearson)" in lines[-1] and "mean absolute difference" in lines[-1]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--sector", "skole"], "has no index of skole"),
        (["--format", "xml"], "--format xml"),
        (["--year-b", "20x0"], "20x0 is no year"),
        (["--edition", "tbu-2009"], "give two, A and B, not 3"),
    ],
)
def test_what_cannot_be_compared_is_told(options, says):
    answer = compare(*options)
    assert answer.returncode == 2 and answer.stdout == "" and says in answer.stderr


# --- kf editions diff ---


def diff(*words):
    return kf("editions", "diff", *words)


def test_no_difference_is_said():
    answer = diff(A, A)
    assert (answer.returncode, answer.stdout) == (0, f"{A} → {A}\nno difference\n")


def test_a_variant_differs_by_its_rule_alone():
    answer = diff(A, "asss-2010-standardized")
    assert answer.returncode == 0
    assert "~ normalization: mean → standardized" in answer.stdout
    assert "indicators" not in answer.stdout and "sectors" not in answer.stdout


def test_json_says_the_same_as_the_text_and_the_way_back_is_the_mirror():
    there = json.loads(diff("ks-2022", "ks-2025", "--format", "json").stdout)
    back = json.loads(diff("ks-2025", "ks-2022", "--format", "json").stdout)
    text = diff("ks-2022", "ks-2025").stdout
    mirror = {"added": "removed", "removed": "added", "changed": "changed"}

    def key(difference, turned=False):
        ends = (difference.get("from"), difference.get("to"))
        change = mirror[difference["change"]] if turned else difference["change"]
        what = tuple(difference.get(k) for k in ("kind", "sector", "object", "attribute"))
        return (change, *what, *(ends[::-1] if turned else ends))

    assert {key(d) for d in there["differences"]} == {key(d, True) for d in back["differences"]}
    marks = sum(line[:4] in ("  − ", "  + ", "  ~ ") for line in text.splitlines())
    assert marks == len(there["differences"]) > 10
    assert {"change": "removed", "kind": "sector", "object": "sosial"}.items() <= next(
        d for d in there["differences"] if d.get("object") == "sosial"
    ).items()


KOSTRA = """extends: asss-2010
id: storbyer
years: {from: 2015, to: 2018}
group:
  name: {nb: "KOSTRA-gruppe 14", en: "KOSTRA group 14"}
  municipalities: {kostra_groups: ["14"]}
  except: ["1201"]
total: folkemengde
"""


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(ROOT / "editions", tmp_path / "editions")
    (tmp_path / "editions" / "storbyer.yaml").write_text(KOSTRA, encoding="utf-8")
    return tmp_path / "editions"


def test_show_tells_a_kostra_group_once_with_its_members_of_the_years(folder):
    told = kf("editions", "show", "storbyer", "--editions", folder).stdout
    assert told.count("KOSTRA group") == 1
    assert re.search(r"^members 2015 +1103 Stavanger, 1601 Trondheim$", told, re.M)
    assert re.search(r"^members 2017 +1103 Stavanger, 1601 Trondheim$", told, re.M)
    assert re.search(r"^left out +1201 Bergen$", told, re.M)


def test_show_says_that_weights_beside_a_given_total_are_not_used(folder):
    told = kf("editions", "show", "storbyer", "--editions", folder).stdout
    assert "18.28 % (not used: the total is given)  barnehage" in told
    assert "not used" not in kf("editions", "show", "asss-2010").stdout


def test_without_a_common_municipality_there_is_nothing_to_compare(folder):
    text = "extends: asss-2010\nid: {}\ngroup: {{municipalities: {}}}\n"
    for name, codes in (("en", '["0219", "0301"]'), ("to", '["1103", "1201"]')):
        (folder / f"{name}.yaml").write_text(text.format(name, codes), encoding="utf-8")
    answer = compare("--editions", folder, a="en", b="to")
    assert answer.returncode == 2 and answer.stdout == ""
    assert "no municipality has an index of total in both en 2010 and to 2010" in answer.stderr
    assert "structure: today" in answer.stderr


def test_the_help_tells_how_to_compare_two_years_of_one_edition():
    assert "--edition ks-2019 ks-2019 --year 2018 --year-b 2019" in kf("compare", "--help").stdout


def test_an_unknown_edition_is_told_with_the_nearest():
    answer = diff(A, "ks-2023")
    assert answer.returncode == 2 and "did you mean ks-2022" in answer.stderr


@pytest.mark.parametrize(
    ("edition", "says"),
    [
        ("ks-2022", ["1.6·", "need-corrected population of barnehage", "common percentage"]),
        ("ks-2019", ["correction skole", "deflator 2019", "skole"]),
        ("asss-2010-derived", ["budget 0.3251 · main 0.8", "largest remainders"]),
        ("asss-2010", ["missing         minimum", "18.28 %", "0219 Bærum"]),
        ("care-2017", ["care-2017"]),
        ("resource-use-national", ["fed from        07459, 12362, ", "need-indices.csv"]),
    ],
)
def test_show_tells_the_whole_edition(edition, says):
    answer = kf("editions", "show", edition)
    assert answer.returncode == 0
    for text in says:
        assert text in answer.stdout
