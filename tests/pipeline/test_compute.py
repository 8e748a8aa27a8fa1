"""`kf compute` from outside: published tables; the same bytes whatever the order and the unit."""

import collections
import csv
import io
import json
import math
import random
import re

import pytest
from conftest import ROOT
from programs import kf

INPUT = ROOT / "data" / "asss-2010" / "asss-2010.csv"
PUBLISHED = ROOT / "data" / "asss-2010" / "published" / "published.csv"
HEADER = "topic,edition,year,municipality,sector,indicator,measure,value,unit,flags"


def compute(*inputs, form="csv"):
    """The output of `kf compute` for the ASSS index 2010."""
    answer = kf(
        "compute", "--edition", "asss-2010", "--year", "2010", "--format", form, "--input", *inputs
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def table(text):
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture(scope="module")
def rows():
    return table(compute(INPUT))


def test_the_header_is_the_contract(rows):
    assert ",".join(rows[0]) == HEADER


def test_the_published_tables_come_out(rows):
    topics = {"normalized": "indicator", "index": "index"}
    found = {
        (r["topic"], r["municipality"], r["sector"], r["indicator"], r["measure"]): r["value"]
        for r in rows
    }
    with open(PUBLISHED, encoding="utf-8", newline="") as file:
        printed = list(csv.DictReader(file))
    assert len(printed) == 570
    for row in printed:
        topic = topics.get(row["measure"], "efficiency")
        key = (topic, row["municipality"], row["sector"], row["indicator"], row["measure"])
        assert abs(float(found[key]) - float(row["value"])) <= 0.11, key


def test_exactly_three_cells_are_imputed(rows):
    imputed = {
        (r["municipality"], r["indicator"]) for r in rows if "imputed" in r["flags"].split(";")
    }
    assert imputed == {
        ("0219", "dagsenter"),
        ("0219", "kvalifiseringsstonad"),
        ("0219", "individuell_plan"),
    }
    assert sum("imputed" in r["flags"].split(";") for r in rows) == 3


def test_contributions_add_up_exactly_for_a_plain_reader(rows):
    parts, wholes = collections.defaultdict(list), {}
    for r in rows:
        key = (r["municipality"], r["sector"])
        if (r["topic"], r["measure"]) == ("indicator", "contribution"):
            parts[key].append(float(r["value"]))
        elif (r["topic"], r["measure"]) == ("index", "contribution"):
            parts[r["municipality"], "total"].append(float(r["value"]))
        elif (r["topic"], r["measure"]) == ("index", "index"):
            wholes[key] = float(r["value"])
    assert len(wholes) == 80 and set(wholes) == set(parts)
    for key, whole in wholes.items():
        assert sum(parts[key]) == whole
        assert sum(reversed(parts[key])) == whole


def test_statistics_are_those_of_the_method(rows):
    with open(INPUT, encoding="utf-8", newline="") as file:
        people = {
            r["municipality"]: float(r["value"])
            for r in csv.DictReader(file)
            if r["variable"] == "folkemengde"
        }
    columns = collections.defaultdict(dict)
    told = collections.defaultdict(dict)
    for r in rows:
        if r["measure"] in ("normalized", "index"):
            columns[r["sector"], r["indicator"]][r["municipality"]] = float(r["value"])
        elif r["topic"] == "statistics":
            assert r["municipality"] == ""
            told[r["sector"], r["indicator"]][r["measure"]] = float(r["value"])
    assert set(told) == set(columns) and len(told) == 52
    for key, column in columns.items():
        total = sum(people.values())
        mean = sum(people[k] * v for k, v in column.items()) / total
        spread = sum(people[k] * (v - mean) ** 2 for k, v in column.items()) / total
        plain = sum(column.values()) / len(column)
        expected = {
            "minimum": min(column.values()),
            "maximum": max(column.values()),
            "mean_weighted": mean,
            "sd_weighted": math.sqrt(len(column) / (len(column) - 1) * spread),
            "sd_unweighted": math.sqrt(
                sum((v - plain) ** 2 for v in column.values()) / len(column)
            ),
        }
        for measure, value in expected.items():
            assert told[key][measure] == pytest.approx(value, rel=1e-12), (key, measure)


def test_json_lines_say_the_same(rows):
    lines = [json.loads(line) for line in compute(INPUT, form="json").splitlines()]
    assert len(lines) == len(rows)
    for line, row in zip(lines, rows):
        value = line.pop("value")
        assert value == (float(row.pop("value") or "nan") if value is not None else None)
        assert {name: str(text) for name, text in line.items()} == {n: row[n] for n in line}


def written(cells, columns):
    """Cells as a CSV file with these columns."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(cells)
    return out.getvalue()


def test_the_order_of_rows_columns_and_files_leaves_no_trace(tmp_path):
    draw = random.Random(4)
    columns = ["municipality", "year", "variable", "value", "status"]
    cells = table(INPUT.read_text(encoding="utf-8"))
    draw.shuffle(cells)
    draw.shuffle(columns)
    first, second = tmp_path / "b.csv", tmp_path / "a.csv"
    first.write_text(written(cells[:200], columns), encoding="utf-8")
    second.write_bytes(
        b"\xef\xbb\xbf" + written(cells[200:], columns[::-1]).replace("\n", "\r\n").encode()
    )
    assert compute(first, second) == compute(INPUT)


@pytest.mark.parametrize("factor", ["1000", "0.001", "3.7", "1e-6", "7", "12345.678"])
def test_the_unit_of_a_column_leaves_no_trace_but_in_the_raw_rows(tmp_path, factor):
    from decimal import Decimal

    indicators = {r["indicator"] for r in table(compute(INPUT)) if r["measure"] == "raw"}
    cells = table(INPUT.read_text(encoding="utf-8"))
    for cell in cells:
        if cell["variable"] in indicators and cell["value"]:
            cell["value"] = str(Decimal(cell["value"]) * Decimal(factor))
    scaled = tmp_path / "scaled.csv"
    scaled.write_text(written(cells, list(cells[0])), encoding="utf-8")

    def kept(text):
        return [line for line in text.splitlines() if ",raw," not in line]

    assert kept(compute(scaled)) == kept(compute(INPUT))


def test_binary_noise_of_an_exporter_is_no_figure(tmp_path):
    """359.27000000000004 is how many programs write 97.1 × 3.7."""
    cells = table(INPUT.read_text(encoding="utf-8"))
    for cell in cells:
        if cell["variable"] == "korr_oppholdstimer":
            cell["value"] = repr(float(cell["value"]) * 3.7)
    noisy = tmp_path / "noisy.csv"
    noisy.write_text(written(cells, list(cells[0])), encoding="utf-8")
    assert any(len(cell["value"]) > 15 for cell in cells)
    expected = [line for line in compute(INPUT).splitlines() if ",raw," not in line]
    assert [line for line in compute(noisy).splitlines() if ",raw," not in line] == expected


def test_an_adjustment_that_the_edition_has_not_cannot_be_switched_off():
    answer = kf(
        "compute", "--edition", "asss-2010", "--year", "2010", "--input", INPUT,
        "--without", "pensjon",
    )
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert "--without pensjon: edition asss-2010 has no adjustments" in answer.stderr


POPULATION = ROOT / "data" / "population" / "population.csv"


def lines(*options):
    answer = kf("compute", *options)
    return answer.returncode, answer.stdout.splitlines(), answer.stderr


def test_a_filter_leaves_rows_out_and_changes_none():
    plain = ("--edition", "asss-2010", "--year", "2010", "--input", INPUT)
    _, everything, _ = lines(*plain)
    code, left, _ = lines(
        *plain, "--municipality", "0219", "0301", "--measure", "index", "--measure", "rank"
    )
    wanted = [
        line
        for line in everything[1:]
        if line.split(",")[3] in ("0219", "0301") and line.split(",")[6] in ("index", "rank")
    ]
    assert code == 0
    assert left == [everything[0], *wanted] and len(wanted) > 2


def test_topics_and_sectors_are_filtered_too():
    plain = ("--edition", "asss-2010", "--year", "2010", "--input", INPUT)
    _, everything, _ = lines(*plain)
    code, left, _ = lines(*plain, "--topic", "index", "--sector", "total")
    wanted = [
        line
        for line in everything[1:]
        if line.split(",")[0] == "index" and line.split(",")[4] == "total"
    ]
    assert code == 0
    assert left == [everything[0], *wanted] and len(wanted) > 2


def test_a_filter_that_leaves_nothing_is_told():
    plain = ("--edition", "asss-2010", "--year", "2010", "--input", INPUT)
    code, _, told = lines(*plain, "--topic", "demography")
    assert code == 2 and "no row is left" in told
    code, _, told = lines(*plain, "--municipality", "4003")
    assert code == 2 and "4003: is no member of edition asss-2010" in told


SIO = ("--edition", "sio-2017", "--year", "2017",
       "--input", ROOT / "data" / "sio-2017" / "sio-2017.csv")
THIN = "\u202f"


def sections(text):
    """Lines of a table's sections by the code in their titles; "" for the group's."""
    found = {}
    for line in text.splitlines():
        title = re.match(r"\w[\w ]*: (\d{4} .*|the group together)$", line)
        if title:
            code = title[1][:4] if title[1][0].isdigit() else ""
            lines = found.setdefault(code, [])
        elif found and line.startswith("  "):
            lines.append(line)
    return found


@pytest.mark.parametrize("plain", [
    SIO,
    ("--edition", "asss-2010", "--year", "2010", "--input", INPUT),
])
def test_every_value_of_the_rows_stands_in_the_tables(plain):
    code, rows, _ = lines(*plain)
    answer = kf("compute", *plain, "--format", "table")
    assert code == answer.returncode == 0
    values = {}
    for row in csv.DictReader(rows):
        if row["value"]:
            values.setdefault(row["municipality"], []).append(float(row["value"]))
    told = sections(answer.stdout)
    assert set(told) == set(values)
    for code, numbers in values.items():
        body = "\n".join(line for line in told[code] if not re.match(r"  (\S|\.\.) \w", line))
        cells = re.findall(rf"(?<=  )-?\d[\d{THIN}]*(?:\.\d+)?(?=[i*fu†‡]*(?: |$))", body, re.M)
        shown = [float(cell.replace(THIN, "")) for cell in cells]
        for number in numbers:
            near = max(.051, abs(number) * 1e-9) if abs(number) < 1000 else .51
            assert any(abs(number - other) <= near for other in shown), (code, number)


def test_a_table_is_in_the_language_asked_for():
    _, table, _ = lines(*SIO, "--format", "table", "--lang", "nb", "--municipality", "0138")
    assert "Enhetskostnader: 0138 Hobøl" in table
    assert any(line.startswith("  Omsorgslønn ") for line in table)
    code, _, told = lines(*SIO, "--format", "table", "--lang", "nn")
    assert code == 2 and "--lang nn: nb or en" in told
    code, _, told = lines(*SIO, "--format", "tabel")
    assert code == 2 and "--format tabel: give csv, json or table" in told


def test_a_table_is_filtered_as_rows_are():
    wanted = ("--municipality", "0138", "--sector", "services", "--measure", "gain_million_kr")
    code, table, _ = lines(*SIO, "--format", "table", *wanted)
    assert code == 0
    # tables 5.1, 5.2 and 5.4: 106.1 granted to the seven groups, 108.1 spent
    assert table[3:7] == ["Unit costs: 0138 Hobøl", "  Part                gain",
                          "                million kr", "  All services       -2.00*"]
    code, _, told = lines(*SIO, "--format", "table", "--municipality", "4003")
    assert code == 2 and "4003: is no member of edition sio-2017" in told


@pytest.mark.parametrize("sector", [
    "omsorgslonn", "services", "growth", "grants", "resource_intensive", "demography"])
def test_sectors_of_unit_costs_can_be_asked_for(sector):
    code, rows, told = lines(*SIO, "--sector", sector)
    assert code == 0, told
    assert len(rows) > 1 and all(row.split(",")[4] == sector for row in rows[1:])


def test_what_the_input_lacks_is_told_once():
    projection = ROOT / "data" / "demography" / "projection-2024-mmmm.csv"
    code, _, told = lines(
        *("--edition", "demography-2024-mmmm", "--year", "2024-2026"),
        *("--input", POPULATION, projection),
    )
    assert code == 0
    assert told.count("no demography costs") == 1 and "ndu_barnehage" in told


def test_a_year_without_the_projection_names_it():
    code, _, told = lines(
        *("--edition", "demography-2024-mmmm", "--year", "2040", "--input", POPULATION)
    )
    assert code == 2
    assert "its projection, framskriving_2024_mmmm_folkemengde, has no rows" in told


def test_a_year_without_inhabitants_names_the_population():
    country = ROOT / "data" / "resource-use" / "country-2024.csv"
    code, _, told = lines("--edition", "asss-2010", "--year", "2010", "--input", country)
    assert code == 2
    assert "the population, folkemengde, has no rows of that year; give the file" in told


def test_a_year_without_figures_names_the_first_that_are_wanted():
    code, _, told = lines("--edition", "asss-2010", "--year", "2010", "--input", POPULATION)
    assert code == 2
    assert "it wants any of 44 indicators: korr_oppholdstimer, utdanning_styrere" in told
