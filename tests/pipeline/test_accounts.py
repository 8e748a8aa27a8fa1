"""Lines of accounts through `kf compute`, against a walk of Statistics Norway's hierarchies that is
written anew here: every concept of arts, many groups of functions, own accounts and the group."""

import csv
import io
import shutil

import pytest
import yaml
from conftest import ROOT
from programs import kf

ACCOUNTS = ROOT / "editions" / "accounts"
LINES = ROOT / "data" / "accounts" / "accounts.csv"
YEARS = ("2015", "2016")
MEMBERS = ("0101", "0301")
OFFSET = 50_000_000  # makes every sum positive, as an indicator has to be
FUNCTIONS = (
    ["FG4"], ["FGK8", "213"], ["FGK1a", "FGK1b", "180", "190"], ["FGK2"], ["FGK6"], ["100"],
)
ARTS = (
    "AGD1", "AGD2", "AGD3", "AGD4", "AGD9", "AGD10", "AGD45", "AGD46", "AGD48", "AGD51", "AGD62",
    "AGD63", "AG18", "AG39", "380", "LONN",
)
SCOPES = ("kasse", "konsern")


def rows_of(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Walk:
    """The amounts of one year, added up line by line along the hierarchies."""

    def __init__(self, year):
        self.tables = {
            path.stem: [
                (row["to"], row["from"], 1 if row["sign"] == "+" else -1)
                for row in rows_of(path)
                if row["year"] == year
            ]
            for path in ACCOUNTS.glob("*.csv")
        }
        self.lines = [row for row in rows_of(LINES) if row["year"] == year]

    def leaves(self, table, name):
        """Every code below `name`, with sign, as often as it is reached."""
        parts = [(part, sign) for to, part, sign in self.tables[table] if to == name]
        if not parts:
            return [(name, 1)]
        return [
            (leaf, sign * below)
            for part, sign in parts
            for leaf, below in self.leaves(table, part)
        ]

    def netting(self, table, name):
        found = []
        for to, part, sign in self.tables[table]:
            if to == name and part == "COPY":
                found += [
                    (leaf, s * below)
                    for concept, p, s in self.tables["arts"]
                    if concept == name
                    for leaf, below in self.netting(table, p)
                ]
            elif to == name:
                found += [(leaf, sign * below) for leaf, below in self.leaves("arts", part)]
        return found

    def amount(self, municipality, functions, art, scope):
        wanted = [leaf for name in functions for leaf in self.leaves("functions", name)]
        arts = {"": self.leaves("arts", art), "saerbedrift": []}
        if scope == "konsern":
            arts["saerbedrift"] = arts[""] + self.netting("netting_undertakings", art)
            arts[""] = arts[""] + self.netting("netting_treasury", art)
        return sum(
            int(line["amount"]) * f_sign * a_sign
            for line in self.lines
            if line["municipality"] == municipality and line["account"] == "D"
            for function, f_sign in wanted
            if function == line["function"]
            for code, a_sign in arts[line["scope"]]
            if code == line["art"]
        )


def definitions():
    cells = [(f, a, s) for f in FUNCTIONS for a in ARTS for s in SCOPES]
    return {f"konto_{i}": cell for i, cell in enumerate(cells)}


def variable(name, functions, art, scope):
    return {
        "id": name, "unit": "1000 kr", "minimum": -1e9, "name": {"nb": name, "en": name},
        "account": {"class": "D", "scope": scope, "functions": list(functions), "arts": [art]},
    }


def indicator(name):
    return {
        "id": name, "name": {"nb": name, "en": name},
        "sum": [name, "bdu"], "per": "none",
    }


@pytest.fixture(scope="module")
def editions(tmp_path_factory):
    """The bundled folder, with a variable and an indicator for every definition."""
    folder = tmp_path_factory.mktemp("accounts") / "editions"
    shutil.copytree(ROOT / "editions", folder)
    register = yaml.safe_load((folder / "variables.yaml").read_text("utf-8"))
    register["variables"] += [variable(name, *cell) for name, cell in definitions().items()]
    (folder / "variables.yaml").write_text(yaml.safe_dump(register, allow_unicode=True), "utf-8")
    edition = {
        "id": "konto", "title": {"nb": "Konto", "en": "Accounts"}, "source": "test",
        "years": [2015, 2016], "structure": "data-year", "scale": 100, "population": "folkemengde",
        "missing": "drop",
        "group": {"name": {"nb": "To", "en": "Two"}, "municipalities": list(MEMBERS)},
        "sectors": [{
            "id": "alt", "name": {"nb": "Alt", "en": "All"}, "weight": 1,
            "indicators": [
                {**indicator(name), "weight": 1 / len(definitions())} for name in definitions()
            ],
        }],
    }
    (folder / "konto.yaml").write_text(yaml.safe_dump(edition, sort_keys=False), "utf-8")
    return folder


def test_every_concept_is_what_a_walk_of_the_hierarchies_adds_up(editions, tmp_path):
    (tmp_path / "rest.csv").write_text(
        "municipality,year,folkemengde,bdu\n"
        + "".join(f"{code},{year},1,{OFFSET}\n" for code in MEMBERS for year in YEARS)
    )
    answer = kf("compute", "--editions", editions, "--edition", "konto", "--year", "2015-2016",
                "--input", LINES, "--input", tmp_path / "rest.csv")
    assert answer.returncode == 0, answer.stderr
    found = {
        (row["year"], row["municipality"], row["indicator"]): float(row["value"]) - OFFSET
        for row in csv.DictReader(io.StringIO(answer.stdout))
        if row["measure"] == "raw"
    }
    walks = {year: Walk(year) for year in YEARS}
    expected = {
        (year, code, name): walks[year].amount(code, *cell)
        for year in YEARS for code in MEMBERS for name, cell in definitions().items()
    }
    assert found == expected
    assert sum(value != 0 for value in expected.values()) > 150
    assert any(
        expected[year, "0301", a] != expected[year, "0301", b]
        for year in YEARS for (a, x), (b, y) in zip(
            list(definitions().items())[::2], list(definitions().items())[1::2])
        if x[1] == y[1] == "AGD10"
    )


@pytest.mark.parametrize(("entry", "told"), [
    ({"functions": ["FGK99"], "arts": ["AGD2"]}, "FGK99"),
    ({"functions": ["FGK8"], "arts": ["AGD99"]}, "AGD99"),
    ({"functions": ["FGK8", "202"], "arts": ["AGD2"]}, "more than once"),
])
def test_kf_check_tells_of_accounts_that_do_not_exist(editions, tmp_path, entry, told):
    folder = tmp_path / "editions"
    shutil.copytree(editions, folder)
    (folder / "konto.yaml").unlink()
    register = yaml.safe_load((folder / "variables.yaml").read_text("utf-8"))
    wrong = {**variable("feil", ["FGK8"], "AGD2", "kasse"), "account": {"class": "D", **entry}}
    register["variables"].append(wrong)
    (folder / "variables.yaml").write_text(yaml.safe_dump(register, allow_unicode=True), "utf-8")
    answer = kf("check", "--editions", folder)
    assert answer.returncode == 2
    assert "variables.yaml:" in answer.stderr and "feil" in answer.stderr and told in answer.stderr
