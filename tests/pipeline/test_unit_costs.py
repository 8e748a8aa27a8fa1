"""Unit costs as a municipality's controller gets them: forms printed, filled in, computed, with
slips told, with groups of one's own, and through the whole pipeline. Every value is worked out by
hand; the rates are those of annex V.1 of Agenda Kaupang R9272-03."""

import csv
import io
import json
import os
import re
import shutil

import pytest
from conftest import ROOT, read_topic
from programs import kf

OSLO, HOBOL = "0301", "0138"
YEAR = 2017

# Net expenditure (1000 kr) and approved quantities. Care wage has one service, at 234 kr an hour;
# institutions have two here, at 2284 and 2368 kr a day, and nothing of the others.
FIGURES = {
    OSLO: {"sio_netto_omsorgslonn": "450", "sio_mengde_ol": "2000",
           "sio_netto_institusjon": "3294.6", "sio_mengde_loko": "1000", "sio_mengde_lokj": "500"},
    HOBOL: {"sio_netto_omsorgslonn": "240*", "sio_mengde_ol": "1000"},
}
INSTITUTIONS = ["ako", "akj", "tuko", "tukj", "trko", "trkj", "tako", "takj", "tanko", "tankj",
                "lsko", "lfko", "lskj", "lfkj", "uk"]
FIGURES[OSLO] |= {f"sio_mengde_{code}": "0" for code in INSTITUTIONS}

# Net wage cost of a year, kr, and age. The threshold of 2017 is 1 235 000 kr, below 67 years.
USERS = [(2_235_000, 34), (1_735_000, 66), (1_000_000, 50), (3_000_000, 67), (1_335_000, "")]


def template(*arguments):
    answer = kf("template", *arguments)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def filled(form, figures):
    """The form with the figures by municipality and variable; `*` behind one goes into status."""
    rows = list(csv.DictReader(io.StringIO(form)))
    for row in rows:
        figure = figures.get(row["municipality"], {}).get(row["variable"], "")
        row["value"], row["status"] = figure.rstrip("*"), "*" if figure.endswith("*") else ""
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@pytest.fixture(scope="module")
def forms():
    given = ("--edition", "sio-2017", "--year", YEAR, "--municipality", OSLO, HOBOL)
    return {name: template(name, *given) for name in ("accounts", "volumes")} | {
        "users": template("users", "--edition", "sio-2017")}


@pytest.fixture
def inputs(forms, tmp_path):
    """Folder of the three files, filled in."""
    for name in ("accounts", "volumes"):
        (tmp_path / f"{name}.csv").write_text(filled(forms[name], FIGURES), encoding="utf-8")
    users = "".join(f"{OSLO},{YEAR},{cost},{age}\n" for cost, age in USERS)
    (tmp_path / "users.csv").write_text(forms["users"] + users, encoding="utf-8")
    return tmp_path


def compute(*files, edition="sio-2017", editions=ROOT / "editions"):
    """Values and flags by municipality, sector, indicator and measure."""
    answer = kf("compute", "--edition", edition, "--year", YEAR, "--editions", editions, "--input",
                *files)
    assert answer.returncode == 0, answer.stderr
    rows = csv.DictReader(io.StringIO(answer.stdout))
    return {(r["municipality"], r["sector"], r["indicator"], r["measure"]):
            (float(r["value"]) if r["value"] else None, r["flags"]) for r in rows}


def near(value):
    return pytest.approx(value, rel=1e-8, abs=1e-8)


def expect(found, municipality, told):
    """`told`: (sector, indicator): {measure: value}."""
    for (sector, indicator), measures in told.items():
        for measure, value in measures.items():
            key = (municipality, sector, indicator, measure)
            assert found[key][0] == near(value), key


# ---- the story ----


def test_forms_are_in_units_of_the_register_and_blank(forms):
    rows = [row for name in ("accounts", "volumes")
            for row in csv.DictReader(io.StringIO(forms[name]))]
    assert list(rows[0]) == ["municipality", "year", "variable", "name", "unit", "value", "status"]
    assert not any(row["value"] or row["status"] for row in rows)
    units = {row["variable"]: row["unit"] for row in rows}
    assert units["sio_netto_omsorgslonn"] == "1000 kr" and units["sio_mengde_ol"] == "hours"
    assert forms["users"] == "municipality,year,net_wage_cost_kr,age\n"
    money = {row["unit"] for row in csv.DictReader(io.StringIO(forms["accounts"]))}
    assert money == {"1000 kr"}


def test_blank_forms_are_told_to_be_blank_by_check_and_compute(forms, tmp_path):
    files = [tmp_path / "accounts.csv", tmp_path / "volumes.csv"]
    lines = [len(forms[path.stem].splitlines()) - 1 for path in files]
    for path in files:
        path.write_text(forms[path.stem], encoding="utf-8")
    answer = kf("check", *files)
    assert answer.returncode == 0
    assert answer.stdout.splitlines()[2:] == [  # below editions and maps
        f"{path}: nothing is filled in: {count} lines left blank"
        for path, count in zip(files, lines, strict=True)]
    answer = kf("compute", "--edition", "sio-2017", "--year", YEAR, "--input", *files)
    assert answer.returncode == 2 and answer.stdout == ""
    assert f"nothing is filled in: all {sum(lines)} lines are left blank" in answer.stderr


def test_results_as_published_are_left_out_of_the_forms_unless_asked_for(forms):
    given = ("template", "accounts", "--edition", "sio-2017", "--year", YEAR, "--municipality",
             OSLO, HOBOL)
    results = {"sio_gevinst_enhetskostnad", "sio_gevinst_ressurskrevende", "sio_gevinst_demografi",
               "sio_gevinst_i_alt", "sio_tilskudd_i_alt"}
    shown = {row["variable"] for row in csv.DictReader(io.StringIO(forms["accounts"]))}
    assert "5 variables are left out: results" in kf(*given).stderr
    answer = kf(*given, "--all")
    every = {row["variable"] for row in csv.DictReader(io.StringIO(answer.stdout))}
    assert every - shown == results and shown < every
    assert "left out" not in answer.stderr


def test_what_was_filled_in_becomes_unit_costs_and_gains(inputs):
    found = compute(*sorted(inputs.glob("*.csv")))
    expect(found, OSLO, {
        # 450 000 kr for 2000 hours; at the rate 468 000
        ("omsorgslonn", "OL"): {"quantity": 2000, "unit_cost_kr": 225, "deviation_kr": 9},
        ("omsorgslonn", ""): {"net_expenditure_million_kr": .45, "grant_million_kr": .468,
                              "gain_million_kr": .018, "gain_percent": 100 * .018 / .468,
                              "ratio": 450 / 468},
        # 1000 · 2284 + 500 · 2368 = 3 468 000; 3 294 600 is .95 of it
        ("institusjon", "LOKO"): {"unit_cost_kr": .95 * 2284, "deviation_kr": .05 * 2284,
                                  "calculated_grant_million_kr": 2.284},
        ("institusjon", "LOKJ"): {"unit_cost_kr": .95 * 2368},
        ("institusjon", ""): {"ratio": .95, "gain_million_kr": .1734, "gain_percent": 5},
        ("services", ""): {"gain_million_kr": .1914},
        # 240 000 kr for 1000 hours there, 690 000 for 3000 in both
        ("services", "OL"): {"unit_cost_kr": 225, "unit_cost_others_kr": 240},
        # 2 235 000 and 1 735 000 below 67, 1 335 000 of no age: 1 600 000 above, 5 305 000 in all
        ("resource_intensive", ""): {
            "users": 3, "net_expenditure_million_kr": 5.305, "net_above_threshold_million_kr": 1.6,
            "own_share_threshold_million_kr": 3.705, "own_share_above_million_kr": .32,
            "own_share_million_kr": 4.025, "refund_million_kr": 1.28},
    })
    expect(found, HOBOL, {("omsorgslonn", "OL"): {"unit_cost_kr": 240, "deviation_kr": -6},
                          ("services", "OL"): {"unit_cost_others_kr": 225}})
    assert found["", "services", "OL", "unit_cost_kr"][0] == near(230)
    assert found[HOBOL, "institusjon", "LOKO", "unit_cost_kr"] == (None, "missing")


def test_an_uncertain_figure_keeps_its_value_and_flags_what_rests_on_it(inputs):
    found = compute(*sorted(inputs.glob("*.csv")))
    flagged = {key for key, (_, flags) in found.items() if "preliminary" in flags.split(";")}
    assert (HOBOL, "omsorgslonn", "", "net_expenditure_million_kr") in flagged
    assert (HOBOL, "omsorgslonn", "OL", "unit_cost_kr") in flagged
    assert found[HOBOL, "services", "", "gain_million_kr"][0] == near(-.006)
    assert (HOBOL, "services", "", "gain_million_kr") in flagged
    # quantities are certain, and Oslo's own figures; the others' unit cost is Hobøl's
    assert {key[1:] for key in flagged if key[0] == OSLO} == {
        ("services", "OL", "unit_cost_others_kr")}
    assert (HOBOL, "omsorgslonn", "OL", "quantity") not in flagged


def test_the_wide_form_says_the_same_of_uncertain_figures(inputs):
    long = compute(*sorted(inputs.glob("*.csv")))
    columns = sorted({name for figures in FIGURES.values() for name in figures})
    lines = [",".join(["municipality", "year", *columns])]
    for municipality, figures in FIGURES.items():
        lines.append(",".join([municipality, str(YEAR), *(figures.get(c, "") for c in columns)]))
    (inputs / "wide.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert compute(inputs / "wide.csv", inputs / "users.csv") == long


def test_users_one_by_one_are_what_their_sums_are(inputs, forms):
    """With nobody below the threshold and nobody too old, to the last bit."""
    costs = [2_235_000, 1_735_000, 1_335_000]
    users = inputs / "users.csv"
    users.write_text(forms["users"] + "".join(f"{OSLO},{YEAR},{cost},40\n" for cost in costs),
                     encoding="utf-8")
    sums = inputs / "sums.csv"
    sums.write_text("municipality,year,variable,value,status\n"
                    f"{OSLO},{YEAR},ressurskrevende_brukere,{len(costs)},\n"
                    f"{OSLO},{YEAR},ressurskrevende_netto,{sum(costs) // 1000},\n",
                    encoding="utf-8")
    accounts = inputs / "accounts.csv"
    assert compute(accounts, users) == compute(accounts, sums)


# ---- slips ----


def line_of(text, municipality, variable):
    (line,) = [number for number, line in enumerate(text.splitlines(), 1)
               if line.startswith(f"{municipality},{YEAR},{variable},")]
    return line


def edited(path, municipality, variable, change):
    """Changes fields of a line of the form. Returns the line's number."""
    text = path.read_text(encoding="utf-8")
    number = line_of(text, municipality, variable)
    lines = text.splitlines()
    header, row = csv.reader([lines[0], lines[number - 1]])
    for column, value in change.items():
        row[header.index(column)] = value
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(row)
    lines[number - 1] = out.getvalue()
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return number


SLIPS = {
    "another unit": ({"unit": "kr"},
                     '"kr": the unit of sio_netto_institusjon is 1000 kr; write 1000 kr'),
    "a decimal comma": ({"value": "3294,6"}, "use a point: 3294\\.6"),
    "two readings": ({"value": "3,294"}, "write 3294 or 3\\.294, whichever is meant"),
    "words": ({"value": "about 3300"}, "letters or signs stand beside it; write 3300 alone"),
    "a word behind": ({"value": "4917 kr"}, "letters or signs stand beside it; write 4917 alone"),
    "spaces": ({"value": "3 294.6"}, "spaces in a number are not read; write 3294\\.6"),
    "a mark beside a figure": ({"status": ".."}, "a value stands beside a status"),
    "a star alone": ({"value": "", "status": "*"}, "`\\*` says that a figure is preliminary"),
    "an unknown status": ({"status": "x"}, '"x": unknown status'),
    "an unknown variable": ({"variable": "sio_netto_institusjoner"},
                            "not in the register; did you mean sio_netto_institusjon\\?"),
    "a code without its zero": ({"municipality": "301"}, "0301\\?"),
    "too much": ({"value": "1e13"}, "above 1000000000"),
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_told_with_its_line(inputs, name):
    change, told = SLIPS[name]
    path = inputs / "accounts.csv"
    number = edited(path, OSLO, "sio_netto_institusjon", change)
    for answer in (kf("check", path), kf("compute", "--edition", "sio-2017", "--year", YEAR,
                                         "--input", path, inputs / "volumes.csv")):
        assert answer.returncode == 2
        assert re.search(rf"^{re.escape(str(path))}:{number}: .*({told})", answer.stderr, re.M), \
            answer.stderr
        assert answer.stderr.count(str(path) + ":") == 1
        assert not answer.stdout.startswith("topic")


def test_two_lines_for_one_cell_are_told_with_both(inputs):
    path = inputs / "accounts.csv"
    text = path.read_text(encoding="utf-8")
    first = line_of(text, OSLO, "sio_netto_institusjon")
    path.write_text(text + text.splitlines()[first - 1] + "\n", encoding="utf-8")
    answer = kf("check", path)
    assert answer.returncode == 2
    again = len(text.splitlines()) + 1
    assert f"{path}:{again}: {OSLO} sio_netto_institusjon" in answer.stderr
    assert f"given on line {first}" in answer.stderr


def test_slips_of_users_are_told_with_their_lines_all_at_once(inputs):
    path = inputs / "users.csv"
    path.write_text("municipality,year,net_wage_cost_kr,age\n"
                    f"{OSLO},{YEAR},1500000,34\n{OSLO},{YEAR},-5,30\n{OSLO},{YEAR},1500000,670\n"
                    f"{OSLO},{YEAR},,40\n{OSLO},{YEAR},many,40\n", encoding="utf-8")
    answer = kf("check", path)
    assert answer.returncode == 2
    told = answer.stderr.splitlines()
    assert [line.split(":")[1] for line in told] == ["3", "4", "5", "6"]
    assert all(text in line for text, line in zip(
        ["below 0", "above 120", "no cost", "no number"], told, strict=True))


def test_names_of_persons_are_not_repeated(inputs):
    path = inputs / "users.csv"
    path.write_text(f"municipality,year,net_wage_cost_kr,age\n{OSLO},{YEAR},Kari,1983\n",
                    encoding="utf-8")
    answer = kf("check", path)
    assert answer.returncode == 2 and "Kari" not in answer.stderr
    assert f'{path}:2: {OSLO} net_wage_cost_kr "…": this is no number' in answer.stderr
    assert f'{path}:2: {OSLO} age "1983": above 120' in answer.stderr
    assert "a birth year?" in answer.stderr


def test_users_of_a_year_in_two_files_are_told_to_be_put_into_one(inputs):
    more = inputs / "more.csv"
    more.write_text(f"municipality,year,net_wage_cost_kr,age\n{OSLO},{YEAR},1500000,34\n"
                    f"{OSLO},{YEAR},1600000,35\n", encoding="utf-8")
    answer = kf("compute", "--edition", "sio-2017", "--year", YEAR, "--input",
                *sorted(inputs.glob("*.csv")))
    assert answer.returncode == 2
    assert answer.stderr.count("put all persons of a municipality and year in one file") == 1
    assert "keep one of the two rows" not in answer.stderr


def test_names_of_persons_are_refused(inputs):
    path = inputs / "users.csv"
    path.write_text("municipality,year,net_wage_cost_kr,age,name\n"
                    f"{OSLO},{YEAR},1500000,34,Kari\n", encoding="utf-8")
    answer = kf("check", path)
    assert answer.returncode == 2
    assert f"{path}:1: unknown column name" in answer.stderr and "no names" in answer.stderr


WRONG = [
    (["accounts", "--edition", "sio-2016"], "there is no edition sio-2016, did you mean sio-2017"),
    (["accounts", "--edition", "sio-2017"], "give --year: edition sio-2017 is for 2014, 2015"),
    (["accounts", "--edition", "sio-2017", "--year", "2030"],
     "--year 2030: edition sio-2017 is for"),
    (["accounts", "--edition", "sio-2017", "--year", "2017"], "give --municipality CODE"),
    (["accounts", "--edition", "sio-2017", "--year", "2017", "--municipality", "Hobøl"],
     "did you mean 0138 Hobøl?"),
    (["accounts", "--edition", "sio-2017", "--year", "2017", "--municipality", "3024"],
     "since 2020, not in 2017; before that 0219 Bærum"),
    (["volumes", "--edition", "asss-2010", "--municipality", "0138"], "its members are 0106 Fred"),
    (["accounts", "--edition", "asss-2010"], "names no amount in kr; try `kf template volumes`"),
    (["users", "--edition", "asss-2010"], "takes no figures of each user"),
    (["--edition", "sio-2017"], "give one of accounts, volumes, users, edition"),
    (["edition", "--edition", "sio-2017", "--output", "Min.yaml"],
     "an edition's file is NAME.yaml"),
]


@pytest.mark.parametrize("arguments, told", WRONG, ids=[told for _, told in WRONG])
def test_what_cannot_be_printed_is_told_with_what_there_is(arguments, told):
    answer = kf("template", *arguments)
    assert answer.returncode == 2
    assert told in answer.stderr and answer.stdout == ""


def test_a_file_that_is_there_is_not_written_over(inputs):
    path = inputs / "accounts.csv"
    before = path.read_bytes()
    answer = kf("template", "accounts", "--edition", "sio-2017", "--year", YEAR, "--municipality",
                OSLO, "--output", path)
    assert answer.returncode == 2 and "is there already" in answer.stderr
    assert path.read_bytes() == before


def test_the_word_may_stand_behind_the_municipalities(forms):
    assert forms["volumes"] == template("--edition", "sio-2017", "--year", YEAR, "--municipality",
                                        OSLO, HOBOL, "volumes")


# ---- editions ----


def test_every_edition_has_an_edition_of_ones_own_that_is_sound(tmp_path):
    folder = tmp_path / "editions"
    shutil.copytree(ROOT / "editions", folder)
    ids = [line.split()[0] for line in kf("editions").stdout.splitlines()]
    for number, edition in enumerate(ids):
        template("edition", "--edition", edition, "--output", folder / f"own-{number}.yaml")
    answer = kf("check", "--editions", folder)
    assert answer.returncode == 0, answer.stderr
    assert f"editions: {2 * len(ids)}, sound" in answer.stdout


def test_an_edition_elsewhere_brings_its_variables_when_it_is_named(tmp_path):
    own = tmp_path / "min-omsorg.yaml"
    template("edition", "--edition", "sio-2017", "--municipality", OSLO, "--output", own)
    assert "may lie anywhere" in own.read_text(encoding="utf-8")
    form = template("accounts", "--edition", own, "--year", YEAR)
    path = tmp_path / "accounts.csv"
    path.write_text(filled(form, {OSLO: {"min_omsorg_netto_nord": "9086"}}), encoding="utf-8")
    answer = kf("check", path)
    assert answer.returncode == 2
    assert "or name the edition file that brings it: kf check FILE.csv EDITION.yaml" in (
        answer.stderr)
    assert kf("check", path, own).returncode == 0


def test_an_edition_elsewhere_is_called_after_its_id(tmp_path):
    own = tmp_path / "min-omsorg.yaml"
    template("edition", "--edition", "sio-2017", "--municipality", OSLO, "--output", own)
    assert kf("check", own).returncode == 0
    own.write_text(own.read_text(encoding="utf-8").replace("id: min-omsorg\n", "id: min-annen\n"),
                   encoding="utf-8")
    answer = kf("check", own)
    assert answer.returncode == 2
    assert (f'{own}: id "min-annen": the file is not called after its edition: min-annen.yaml; '
            "rename the file or change the id") in answer.stderr


def test_volumes_of_an_index_are_its_indicators_variables(tmp_path):
    form = template("volumes", "--edition", "asss-2010")
    shown = {row["variable"] for row in csv.DictReader(io.StringIO(form))}
    with open(ROOT / "data" / "asss-2010" / "asss-2010.csv", encoding="utf-8") as file:
        given = {row["variable"] for row in csv.DictReader(file)}
    assert given <= shown
    assert form.splitlines()[1].startswith("0106,2010,folkemengde,")


def test_an_edition_of_ones_own_has_ones_own_groups(tmp_path):
    """District north delivers 10 000 h at 724 and 1000 h at 1020 = 8 260 000 kr for 9 086 000, 1.1
    times as much; south got 3 700 000 for 5000 h at 724 and spent 3 515 000."""
    folder = tmp_path / "editions"
    shutil.copytree(ROOT / "editions", folder)
    path = folder / "min-omsorg.yaml"
    template("edition", "--edition", "sio-2017", "--municipality", OSLO, "--output", path)
    text = path.read_text(encoding="utf-8")
    text = text.replace("      net: min_omsorg_netto_sor\n",
                        "      net: min_omsorg_netto_sor\n      grant: min_omsorg_tilskudd_sor\n")
    text = text.replace("variables:\n", "variables:\n"
                        "  - {id: min_omsorg_tilskudd_sor, unit: kr, minimum: 0,\n"
                        '     name: {nb: "Tilskudd, sør", en: "Grant, south"}}\n')
    path.write_text(text, encoding="utf-8")
    own = ("--edition", "min-omsorg", "--year", YEAR, "--editions", folder)
    figures = {OSLO: {
        "min_omsorg_netto_nord": "9086", "min_omsorg_netto_sor": "3515",
        "min_omsorg_tilskudd_sor": "3700000", "min_omsorg_mengde_nord_htamdk": "10000",
        "min_omsorg_mengde_nord_htamn": "1000", "min_omsorg_mengde_sor_htamdk": "5000",
        "min_omsorg_mengde_sor_htamn": "0"}}
    for name in ("accounts", "volumes"):
        form = template(name, *own)
        (tmp_path / f"{name}.csv").write_text(filled(form, figures), encoding="utf-8")
    found = compute(tmp_path / "accounts.csv", tmp_path / "volumes.csv", edition="min-omsorg",
                    editions=folder)
    assert {key[1] for key in found} == {"nord", "sor", "services"}
    expect(found, OSLO, {
        ("nord", "HTAMDK"): {"unit_cost_kr": 796.4, "deviation_kr": -72.4},
        ("nord", "HTAMN"): {"unit_cost_kr": 1122, "deviation_kr": -102},
        ("nord", ""): {"gain_million_kr": -.826, "ratio": 1.1},
        ("sor", "HTAMDK"): {"unit_cost_kr": 703},
        ("sor", ""): {"grant_million_kr": 3.7, "calculated_grant_million_kr": 3.62,
                      "gain_million_kr": .185, "gain_percent": 5},
        ("services", ""): {"gain_million_kr": -.641},
        ("services", "HTAMDK"): {"quantity": 15000,
                                 "unit_cost_kr": (7_964_000 + 3_515_000) / 15000},
    })


# ---- through the pipeline ----


def camel(measure):
    first, *rest = measure.split("_")
    return first + "".join(word.capitalize() for word in rest)


def test_the_topic_holds_to_the_last_bit_what_is_computed_on_the_spot(pipelines, inputs):
    found = compute(*sorted(inputs.glob("*.csv")))
    pipeline = pipelines().ready()
    inbox = pipeline.state / "inbox"
    shutil.copytree(inputs, inbox / "mine.tmp", ignore=lambda _, names: [
        name for name in names if not name.endswith(".csv")])
    os.rename(inbox / "mine.tmp", inbox / "mine")
    pipeline.show(edition="sio-2017", year=YEAR)
    records = {}
    for _, text in read_topic(pipeline.bootstrap, "kostra.unit-cost.v1"):
        record = json.loads(text)
        if (record["edition"], record["year"]) == ("sio-2017", YEAR):
            records[record.get("municipality", ""), record["sector"],
                    record.get("indicator", "")] = record
    assert {key[:3] for key in found} == set(records)
    for (*key, measure), (value, _) in found.items():
        assert records[tuple(key)].get(camel(measure)) == value, (key, measure)
    assert records[HOBOL, "omsorgslonn", "OL"]["flags"] == ["preliminary"]
