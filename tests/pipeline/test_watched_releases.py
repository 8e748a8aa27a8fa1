"""F25, F26 and F29 for watched tables: the same notice again and again, the same figures in other
bytes, revised before unrevised, a correction of an old year, figures that vanish or jump.

One pipeline lives through all of it (watched.py says with which tables): every test makes its
change and looks at what that added to the topics.
"""

import contextlib
import csv
import datetime
import re
import signal

import pytest
from conftest import ROOT
from fake_ssb import FakeSsb
from watched import FIVE, INCOME, Watched, scenario

TABLE = "12362"
MEMBERS = ["0301", "3205", "3220", "3222", "3224"]
KINDERGARTEN = {"KOKfunksjon0000": "FGK7", "KOKart0000": "AGD2"}
POPULATION = ROOT / "data" / "population" / "population.csv"


@contextlib.contextmanager
def living(folder):
    made = Watched(folder)
    try:
        made.pipeline.ready()
        made.await_commits(1)
        yield made
    finally:
        made.clean_up()
    assert not made.pipeline.sanitizer_reports()


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    with living(tmp_path_factory.mktemp("watched")) as made:
        yield made


@pytest.fixture
def fresh(tmp_path):
    with living(tmp_path) as made:
        yield made


def inhabitants(code, year):
    """At the end of the year: those of 1 January after it."""
    with POPULATION.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if (row["municipality"], row["year"]) == (code, str(year + 1)):
                return int(row["folkemengde"])
    raise AssertionError(f"{POPULATION} has no {code} of {year + 1}")


def spend(watched, code, year, value):
    """Another expenditure on kindergartens, in 1000 kr."""
    where = {"KOKkommuneregion0000": code, "Tid": str(year), **KINDERGARTEN}
    watched.ssb.change(TABLE, "set", where=where, value=value, touch=True)


def kr(thousands, code, year):
    """Per inhabitant."""
    return pytest.approx(thousands * 1000 / inhabitants(code, year), rel=1e-12)


def spent(topics, code, year):
    """kr per inhabitant on the topic."""
    return topics.figures(FIVE, "resource-use", "netExpenditureKrPerCapita")[
        f"{year}/{code}/barnehage"
    ]


def follows(before, after, panels):
    """One release came, of these panels, and all are whole; its id."""
    after.check()
    assert after.releases[:-1] == before.releases
    assert after.panels(after.releases[-1]) == panels
    return after.releases[-1]


# --- F25: again and again ----------------------------------------------------------------------


def test_a_hundred_notices_without_a_new_figure_are_no_release(watched):
    before, since = watched.topics(), len(watched.log())
    for _ in range(100):
        watched.ssb.change(TABLE, "touch")
    watched.await_log(f"vintage-stored table={TABLE} .* added=same", since)
    spend(watched, "3222", 2024, 600000)
    after = watched.await_release(before)
    follows(before, after, [(FIVE, 2024), (FIVE, 2025)])
    assert spent(after, "3222", 2024) == kr(600000, "3222", 2024)
    assert sorted(watched.ledger()) == sorted(after.releases)


def turned(table):
    """The same table with its dimensions and their codes the other way round."""
    dimensions = [dict(dimension) for dimension in reversed(table["dimensions"])]
    for dimension in dimensions:
        if dimension.get("role") != "time":
            dimension["codes"] = list(reversed(dimension["codes"]))
    return {**table, "dimensions": dimensions, "updated": "2026-06-20T05:00:00Z"}


def test_the_same_figures_in_other_bytes_are_no_release(fresh):
    """Another server in its place has the same figures, in tables that are turned round."""
    before = fresh.topics()
    described = scenario()
    described["tables"] = [turned(table) for table in described["tables"]]
    for step in described["story"]:
        step["updated"] = "2026-06-20T05:00:00Z"
    assert fresh.ssb.stop() == (0, "")
    fresh.ssb = FakeSsb(
        fresh.folder / "turned", described, day=fresh.day, port=fresh.ssb.port
    )
    for table in ("07459", "12134", "12362"):
        fresh.await_log(f"vintage-stored table={table} .* added=same")
    assert fresh.topics().records == before.records
    spend(fresh, "3222", 2024, 600000)
    follows(before, fresh.await_release(before), [(FIVE, 2024), (FIVE, 2025)])
    assert len(fresh.ledger()) == 2


# --- F26: the order of vintages ----------------------------------------------------------------


def test_an_older_vintage_after_a_newer_is_never_published(watched):
    first, since = watched.topics(), len(watched.log())
    spend(watched, "3222", 2024, 610000)
    before = watched.await_release(first)
    where = {"KOKkommuneregion0000": "3222", "Tid": "2024", **KINDERGARTEN}
    now = datetime.datetime.fromisoformat(
        watched.ssb.state()["tables"][TABLE]["updated"].replace("Z", "+00:00")
    )
    older = (now - datetime.timedelta(hours=1)).isoformat()
    stale = watched.metric("ssb_stale_answers_total")
    watched.ssb.change(TABLE, "set", where=where, value=555555, updated=older)
    watched.await_metric("ssb_stale_answers_total", stale + 1)
    watched.ssb.change("12134", "touch")
    watched.await_log("vintage-stored table=12134 .* added=same", since)
    assert watched.topics().records == before.records
    # Not after a restart either.
    since = len(watched.log())
    watched.pipeline.send("ingest-0", signal.SIGKILL)
    watched.await_log("watch-opened", since)
    watched.await_log("nothing-new", since)
    watched.await_metric("ssb_stale_answers_total", 1)
    assert watched.topics().records == before.records
    # A newer one counts again.
    watched.ssb.change(TABLE, "touch")
    after = watched.await_release(before)
    follows(before, after, [(FIVE, 2024), (FIVE, 2025)])
    assert spent(after, "3222", 2024) == kr(555555, "3222", 2024)


def test_the_correction_of_an_old_year_is_that_year_and_the_one_whose_change_it_is(watched):
    before = watched.topics()
    spend(watched, "0301", 2021, 7500000)
    after = watched.await_release(before)
    follows(before, after, [(FIVE, 2021), (FIVE, 2022)])
    assert spent(after, "0301", 2021) == kr(7500000, "0301", 2021)
    for year in (2020, 2022, 2023, 2024, 2025):
        assert spent(after, "0301", year) == spent(before, "0301", year)
    assert after.manifests[-1]["vintage"] == "correction"


def test_a_table_of_one_edition_brings_no_panel_of_another(watched):
    before = watched.topics()
    where = {"KOKkommuneregion0000": "0301", "Tid": "2025"}
    watched.ssb.change("12134", "set", where=where, value=80000, touch=True)
    follows(before, watched.await_release(before), [(INCOME, 2025)])


# --- F29: figures that vanish or jump ----------------------------------------------------------


def vanish(watched):
    """Of 2024 only Oslo's are left: 3 of 15."""
    watched.ssb.change(
        TABLE,
        "status",
        symbol="..",
        where={"KOKkommuneregion0000": ["3205", "3220", "3222", "3224"], "Tid": "2024"},
        touch=True,
    )


def vanish_nearly_all(watched):
    """95 % of all cells of 2020 to 2024."""
    watched.ssb.change(
        TABLE, "drop", value=0.95, seed=3, where={"Tid": "range(2020,2024)"}, touch=True
    )


def jump(watched, factor=10):
    """A slip of the decimal sign."""
    where = {"KOKkommuneregion0000": MEMBERS, "Tid": "2025"}
    watched.ssb.change(TABLE, "scale", value=factor, where=where, touch=True)


def is_held(watched, since):
    """Waits for it; its id."""
    held = watched.await_log(r"release-held release=(\w+)", since)[1]
    assert watched.ledger()[held] == "held"
    return held


def approve(watched, release):
    return watched.kf("releases", "approve", release[:8], "--by", "Kari", "--wait", "60s")


def test_a_corrected_table_replaces_what_is_held_and_the_held_can_no_longer_be_approved(watched):
    before, since = watched.topics(), len(watched.log())
    jump(watched)
    held = is_held(watched, since)
    jump(watched, 0.1)
    spend(watched, "3222", 2025, 650000)
    after = watched.await_release(before)
    follows(before, after, [(FIVE, 2025)])
    assert spent(after, "3222", 2025) == kr(650000, "3222", 2025)
    assert spent(after, "0301", 2025) == spent(before, "0301", 2025)
    refused = approve(watched, held)
    assert refused.returncode != 0
    assert watched.topics().records == after.records
    assert held not in watched.ledger()  # nobody is to approve what the table no longer says


def test_a_thousandfold_is_beyond_the_bounds_of_the_register_and_not_taken(watched):
    """Not even held: the country's amount would be more than there is."""
    before, since = watched.topics(), len(watched.log())
    watched.ssb.change(TABLE, "scale", value=1000, where={"Tid": "2020"}, touch=True)
    told = watched.await_log(f"table-refused table={TABLE} ", since).string
    assert f"{TABLE}.yaml" in told and "variable=ndu_barnehage" in told
    assert "outside the bounds of the register" in told
    watched.await_metric('ssb_tables_in_trouble{trouble="refused"}', 1)
    watched.await_log(f"table-not-taken table={TABLE} .* attempts=3", since)
    findings = [line for line in watched.log()[since:] if "table-refused" in line]
    assert len(findings) == len(set(line.split(" ", 1)[1] for line in findings))  # told once
    assert watched.topics().records == before.records
    watched.ssb.change(TABLE, "scale", value=0.001, where={"Tid": "2020"}, touch=True)
    spend(watched, "0301", 2020, 7000000)
    follows(before, watched.await_release(before), [(FIVE, 2020), (FIVE, 2021)])


@pytest.mark.parametrize("change", [jump, vanish, vanish_nearly_all])
def test_figures_that_vanish_or_jump_are_held_until_somebody_approves(watched, change):
    before, since = watched.topics(), len(watched.log())
    waiting = watched.metric('ledger_releases{state="held"}')
    change(watched)
    held = is_held(watched, since)
    watched.await_metric('ledger_releases{state="held"}', waiting + 1, most=waiting + 1)
    listed = watched.kf("releases").stdout
    reason = re.search(rf"^{held} held .*\n +held: (.*)", listed, re.MULTILINE)[1]
    assert FIVE in reason and "figures" in reason
    assert watched.topics().records == before.records
    approved = approve(watched, held)
    assert approved.returncode == 0, approved.stderr
    after = watched.await_release(before)
    after.check()
    assert after.releases == [*before.releases, held]
    assert {edition for edition, _ in after.panels(held)} == {FIVE}


# --- F29: what is not so yet -------------------------------------------------------------------


def test_what_comes_after_what_is_held_waits_with_it_and_takes_its_place(fresh):
    """A release has all that differs from the topics, what is held among it: one approval, of the
    newest, lets all of it go; the one before is not to be approved any more."""
    before, since = fresh.topics(), len(fresh.log())
    jump(fresh)
    held = is_held(fresh, since)
    since = len(fresh.log())
    where = {"KOKkommuneregion0000": "0301", "Tid": "2025"}
    fresh.ssb.change("12134", "scale", where=where, value=1.01, touch=True)
    newer = is_held(fresh, since)
    assert newer != held
    assert approve(fresh, held).returncode != 0
    assert fresh.topics().releases == before.releases
    assert approve(fresh, newer).returncode == 0
    fresh.await_release(before)


def test_a_table_that_is_put_right_again_leaves_nothing_to_approve(fresh):
    """The last good release is what the table says again: nothing is to come, and what is held is
    wrong for good."""
    since = len(fresh.log())
    jump(fresh)
    held = is_held(fresh, since)
    jump(fresh, 0.1)
    fresh.await_log("nothing-new", since)
    assert approve(fresh, held).returncode != 0
