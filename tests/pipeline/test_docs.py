"""What the documents say is what the programs do."""

import csv
import importlib.util
import io
import os
import re
import shutil
import subprocess
import sys

import pytest
from conftest import ROOT, binaries, environment
from programs import kf
from test_synthetic_editions import made


def text_of(*path):
    return ROOT.joinpath(*path).read_text(encoding="utf-8")


def test_the_configuration_in_every_services_readme_is_the_programs_own():
    script = ROOT / "tools" / "docs" / "configuration.py"
    subprocess.run([sys.executable, script, binaries(), "--check"], check=True)


def test_the_page_about_editions_is_the_schemas_own():
    script = ROOT / "tools" / "docs" / "editions.py"
    subprocess.run([sys.executable, script, "--check"], check=True)


def test_the_page_tells_a_ratio_from_an_amount_as_the_program_does():
    script = ROOT / "tools" / "docs" / "editions.py"
    spec = importlib.util.spec_from_file_location("docs_editions", script)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    source = text_of("common", "model", "variable.c")
    ratios = re.findall(r'\{"([^"]+)", KF_VARIABLE_RATIO', source)
    assert ratios and list(module.RATIO_UNITS) == ratios


# ---- the introduction ----


def section(page, heading):
    """The text below a heading of the second level."""
    return re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", page, re.M | re.S)[1]


def blocks(text, language):
    return re.findall(rf"```{language}\n(.*?)```", text, re.S)


def run(commands, folder):
    """The commands as a reader types them in `folder`, from where the program is found."""
    settings = environment() | {"PATH": f"{binaries()}:{os.environ['PATH']}"}
    return subprocess.run(["bash", "-ec", commands], cwd=folder, env=settings,
                          capture_output=True, text=True, check=False)


@pytest.fixture
def tree(tmp_path):
    """Where a reader stands: the shipped folders, to be written into."""
    shutil.copytree(ROOT / "editions", tmp_path / "editions")
    (tmp_path / "data").symlink_to(ROOT / "data")
    return tmp_path


def save_editions(page, folder):
    for name in ("min", "min-med-alle"):
        (block,) = [b for b in blocks(page, "yaml") if re.search(rf"^id: {name}$", b, re.M)]
        (folder / f"{name}.yaml").write_text(block, encoding="utf-8")


def test_the_introductions_edition_is_checked_and_computed_as_it_says(tree):
    page = text_of("docs", "EDITIONS.md")
    save_editions(page, tree / "editions")
    (commands,) = blocks(section(page, "Write your own edition in ten minutes"), "sh")
    answer = run(commands, tree)
    assert answer.returncode == 0, answer.stderr
    assert re.search(r"^index,min,2010,0301,total,,index,", answer.stdout, re.M)


def test_the_introductions_fault_is_told_as_it_says(tree):
    page = text_of("docs", "EDITIONS.md")
    save_editions(page, tree / "editions")
    path = tree / "editions" / "min.yaml"
    right = path.read_text("utf-8")
    path.write_text(right.replace("korr_oppholdstimer", "korr_oppholdstime"), encoding="utf-8")
    (told,) = re.findall(r"^(editions/min\.yaml:\d+: .*) …$", page, re.M)
    assert told in run("kf check", tree).stderr


def test_the_folder_of_ones_own_is_computed_from_nothing_as_it_says(tree):
    text = section(text_of("docs", "EDITIONS.md"), "A folder of your own")
    prepare, compute = blocks(text, "sh")
    assert run(prepare, tree).returncode == 0
    files = re.findall(r"^`([\w./-]+)`[^\n]*:\n\n```\w+\n(.*?)```", text, re.M | re.S)
    for name, content in files:
        (tree / name).write_text(content, encoding="utf-8")
    assert len([*(tree / "mine").iterdir(), tree / "figures.csv"]) == 5
    shutil.rmtree(tree / "editions")
    answer = run(compute, tree)
    assert answer.returncode == 0, answer.stderr
    (shown,) = re.findall(r"^```\n(index,.*?)```", text, re.M | re.S)
    told = [line for line in answer.stdout.splitlines() if ",total,,index," in line]
    assert told == shown.splitlines()


def test_the_registers_example_is_a_register(tree):
    page = text_of("docs", "EDITIONS.md")
    (example,) = blocks(section(page, "The variable register"), "yaml")
    folder = tree / "mine"
    folder.mkdir()
    (folder / "variables.yaml").write_text(example, encoding="utf-8")
    shutil.copy(ROOT / "editions" / "municipalities.csv", folder)
    answer = run("kf check --editions mine", tree)
    assert answer.returncode == 0, answer.stderr


# ---- the controller's story ----

# The pieces of the page in their order: commands, lines to fill into a file, what is printed, and
# tables of numbers.
STORY = re.compile(r"(?:In `([\w.-]+)`[^`]*:\n\n)?^```(sh|csv|)\n(.*?)^```|"
                   r"^(\| sector \|.*?)\n\n", re.M | re.S)


def fill_in(path, lines):
    """Puts each line in place of the form's, or at the end where the form has none."""
    form = path.read_text(encoding="utf-8").splitlines()
    blank = {line.rsplit(",", 2)[0]: number for number, line in enumerate(form)
             if line.endswith(",,")}
    for line in lines:
        key = line.rsplit(",", 2)[0]
        if key in blank:
            form[blank[key]] = line
        else:
            assert line.count(",") == form[0].count(",") == 3, line
            form.append(line)
    path.write_text("\n".join(form) + "\n", encoding="utf-8")


def expect_numbers(table, printed):
    """Every row of the table is among the rows printed, to the digits that it shows."""
    rows = {(r["sector"], r["indicator"], r["measure"]): r
            for r in csv.DictReader(io.StringIO(printed)) if r["municipality"] == "0138"}
    for line in table.splitlines()[2:]:
        sector, indicator, measure, value, flags = [c.strip() for c in line.strip("|").split("|")]
        row = rows[sector, indicator, measure]
        digits = len(value.partition(".")[2])
        assert f"{float(row['value']) + 0.0:.{digits}f}".replace("-0.000", "0.000") == value, line
        assert row["flags"] == flags, line


def test_the_controllers_story_goes_as_it_is_told(tree):
    answer, tables, forms, views = None, 0, 0, 0
    for name, kind, block, table in STORY.findall(text_of("docs", "UNIT-COSTS.md")):
        if kind == "sh":
            answer = run(block, tree)
            assert answer.returncode == 0, answer.stderr
        elif kind == "csv":
            fill_in(tree / name, block.splitlines())
            forms += 1
        elif table:
            expect_numbers(table, answer.stdout)
            tables += 1
        elif block.startswith("accounts.csv: "):
            assert block in answer.stdout
        elif block.startswith("Unit costs: "):
            assert answer.stdout.endswith(block)
            views += 1
    assert (forms, tables, views) == (5, 2, 1)


def test_the_controllers_slips_are_told_as_the_page_has_them(tree):
    page = text_of("docs", "UNIT-COSTS.md")
    (told,) = re.findall(r"^```\n(accounts\.csv:4: .*?)^```", page, re.M | re.S)
    (lines,) = re.findall(r"In `accounts.csv`[^`]*:\n\n```csv\n(.*?)```", page, re.S)
    right = lines.splitlines()[0]
    slips = [right.replace("1000 kr", "kr"), right.replace("4917", "4917x"), right + "..",
             right.replace("4917,", ",*")]
    assert run("kf template accounts --edition sio-2017 --year 2017 --municipality 0138 "
               "--output blank.csv", tree).returncode == 0
    for slip, line in zip(slips, told.splitlines(), strict=True):
        shutil.copy(tree / "blank.csv", tree / "accounts.csv")
        fill_in(tree / "accounts.csv", [right])
        text = (tree / "accounts.csv").read_text("utf-8")
        (tree / "accounts.csv").write_text(text.replace(right, slip), encoding="utf-8")
        answer = run("kf check accounts.csv", tree)
        assert answer.returncode == 2 and answer.stderr.splitlines() == [line]


# ---- command lines ----

NEEDS_MORE = re.compile(r"kf (up|show|releases|top|report)\b|--ssb on")


def typed(page):
    """The command lines of a page's blocks, without what is said beside them."""
    shown = [text for kind, text in re.findall(r"^```(\w*)\n(.*?)^```", page, re.M | re.S)
             if kind in ("", "sh")]
    text = re.sub(r"\\\n\s*", " ", "".join(shown))
    return [line.split("   ")[0] for line in text.splitlines() if line.startswith("kf ")]


def options_of(name):
    """The options that the help of `kf NAME` has."""
    answer = run(f"kf {name} --help", ROOT)
    assert answer.returncode == 0, name
    return set(re.findall(r"^  (--[\w-]+)", answer.stdout, re.M))


@pytest.mark.parametrize("name", ["README.md", "docs/SOURCES.md"])
def test_every_command_line_has_options_that_the_command_has(name):
    lines = typed(text_of(*name.split("/")))
    assert lines
    for line in lines:
        given = set(re.findall(r"(?<=\s)(--[\w-]+)", line))
        assert given <= options_of(line.split()[1]), line


def test_every_command_of_the_readme_that_needs_no_kafka_works(tree):
    commands = [c for c in typed(text_of("README.md")) if not NEEDS_MORE.search(c)]
    assert len(commands) >= 12
    for command in commands:
        answer = run(command, tree)
        expected = 2 if "data/broken/" in command else 0
        assert answer.returncode == expected, (command, answer.stderr)


# ---- the page of results ----


def told_measures():
    """What docs/RESULTS.md says of each measure: unit, for whom, formulas, by topic and name."""
    told = {}
    for topic, table in re.findall(r"^## Topic `([\w-]+)`\n(.*?)(?=^## )", text_of(
            "docs", "RESULTS.md"), re.M | re.S):
        for row in re.findall(r"^\| `(\w+)` \|(.*)\|$", table, re.M):
            cells = [cell.strip() for cell in row[1].split("|")]
            assert (topic, row[0]) not in told
            assert len(cells) == 5 and all(cells), row
            told[topic, row[0]] = cells[1:4]
    return told


def source_measures():
    """The units of the table in topic.c, by topic and name, in its order."""
    source = text_of("common", "model", "topic.c")
    names = dict(re.findall(r'\[(KF_TOPIC_\w+)\] = "([\w-]*)"', source))
    return {(names[topic], name): unit for topic, name, unit in
            re.findall(r'\{(KF_TOPIC_\w+), "(\w+)", "([^"]*)"\}', source)}


def test_every_measure_of_the_source_has_its_row_among_the_results_and_no_other():
    assert list(told_measures()) == list(source_measures())


def test_the_units_of_the_results_are_the_sources():
    told = told_measures()
    for key, unit in source_measures().items():
        if unit:
            assert told[key][0] == unit, key


def test_every_formula_of_the_results_stands_in_the_method():
    known = set(re.findall(r"\b[A-Z]\d+\b", text_of("docs", "METHOD.md")))
    for key, (_, _, formulas) in told_measures().items():
        named = re.findall(r"[A-Z]\d+", formulas)
        assert named and set(named) <= known | {"I2", "W1", "W8"}, key


def test_every_flag_of_the_source_has_its_row_among_the_results_and_no_other():
    page = text_of("docs", "RESULTS.md")
    told = re.findall(r"^\| `(\w+)` \|", page[page.index("## Flags"):], re.M)
    source = text_of("common", "model", "cell.c").split("marks[]")[0]
    assert told == re.findall(r'"(\w+)"\}', source)


# Income and an adjustment, which no edition of the project has, from figures that are there.
WITH_INCOME = """
extends: resource-use-neighbours
id: with-income
title: {nb: "Med inntekt", en: "With income"}
source: "made up for a test"
sectors:
  - id: barnehage
    resources:
      adjustments: [{id: kultur, name: {nb: "Kultur", en: "Culture"}, amount: ndu_kultur}]
disposable_income:
  given: ndu_grunnskole_nokkeltall
  uses: [{id: kulturbruk, name: {nb: "Kultur", en: "Culture"}, amount: ndu_kultur}]
"""

# Volumes, time and spending of institutions, which nobody published.
VOLUMES = """municipality,year,sio_mengde_htamdk,sio_institusjonsdogn,bdu_f234,bdu_f253,bdu_f254,\
bdu_f261,sio_vedtakstid_bolig,sio_arbeidstid_bolig
0138,2017,1000,2000,1,2,3,4,60,100
1714,2017,3000,2000,1,2,3,4,60,100
"""


def runs(folder):
    """Editions, years and inputs that have every measure between them."""
    data, editions = ROOT / "data", folder / "editions"
    shutil.copytree(ROOT / "editions", editions)
    (editions / "with-income.yaml").write_text(WITH_INCOME, encoding="utf-8")
    population, country = data / "population/population.csv", data / "resource-use/country-2024.csv"
    net = data / "resource-use/net-expenditure.csv"
    indices = data / "need/need-indices.csv"
    projection = data / "demography/projection-2016-mmmm.csv"
    yield "ks-2019", 2019, [made("ks-2019").write(folder / "figures.csv")]
    yield "need-2026-ages", 2026, [population, indices]
    yield "with-income", 2024, [net, country, indices]
    yield "demography-2016-mmmm", 2020, [population, country, projection]
    (folder / "volumes.csv").write_text(VOLUMES, encoding="utf-8")
    trial = data / "sio-2017"
    yield "sio-2017", 2017, [trial / "sio-2017.csv", trial / "published-gains.csv",
                             folder / "volumes.csv"]


def test_the_results_say_who_a_row_is_about_and_in_which_unit(tmp_path):
    told, seen = told_measures(), set()
    for edition, year, inputs in runs(tmp_path):
        given = [part for path in inputs for part in ("--input", path)]
        answer = kf("compute", "--editions", tmp_path / "editions", "--edition", edition, "--year",
                    year, *given)
        assert answer.returncode == 0, answer.stderr
        for row in csv.DictReader(io.StringIO(answer.stdout)):
            key = row["topic"], row["measure"]
            unit, whom, _ = told[key]
            assert ("member" if row["municipality"] else "group") in whom.split(", "), key
            assert unit == row["unit"] or unit.startswith(("the ", "as ")), (key, row["unit"])
            seen.add(key)
    assert seen == set(told)


# ---- links ----


def anchors(page):
    """Where a link may lead in a page: its headings as forges name them, and its own anchors."""
    headings = re.findall(r"^#+ (.*)$", re.sub(r"```.*?```", "", page, flags=re.S), re.M)
    named = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return named | set(re.findall(r'<a id="([\w-]+)">', page))


@pytest.mark.parametrize("name", [
    "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "editions/README.md",
    *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))])
def test_links_of_the_documents_lead_somewhere(name):
    page = ROOT / name
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        if not link.startswith("http"):
            assert target.exists(), link
            assert not anchor or anchor in anchors(target.read_text(encoding="utf-8")), link


# ---- services ----


def test_every_service_has_a_readme_with_its_configuration():
    for main in ROOT.glob("services/*/main.c"):
        service = main.parent.name
        text = (main.parent / "README.md").read_text(encoding="utf-8")
        assert f"<!-- generated: kf-{service} --config-reference -->" in text


def test_help_of_every_program_ends_well_and_names_its_exit_codes():
    for program in sorted(binaries().glob("kf-*")):
        answer = subprocess.run([program, "--help"], check=True, capture_output=True, text=True)
        assert "Exit" in answer.stdout or "exit" in answer.stdout, program.name
