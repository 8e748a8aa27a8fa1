"""F28: a table changes its codes and units. What no longer fits its map is not taken; the finding
names the map's line, the variable and the editions hit, in the log and in `kf sources check` alike;
other tables go on; and when the map is corrected the release comes.
"""

import re
import signal

import pytest
from watched import FIVE, INCOME, Watched

TABLE = "12134"
TABLE_OF_FIVE = "12362"
CONTENTS = "ContentsCode"


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    made = Watched(tmp_path_factory.mktemp("drift"))
    made.pipeline.ready()
    made.await_commits(1)
    yield made
    made.clean_up()
    assert not made.pipeline.sanitizer_reports()


def correct(watched, table, **more):
    """A figure of the table becomes another."""
    where = {"KOKkommuneregion0000": "0301", "Tid": "2025"}
    watched.ssb.change(table, "scale", value=1.01, where={**where, **more}, touch=True)


def the_map(watched, table=TABLE):
    return watched.editions / "sources" / f"{table}.yaml"


def line_of(path, text):
    """The number of the line that the text stands in."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def check(watched, table=TABLE):
    """What `kf sources check` says of the table on the server."""
    done = watched.kf_alone(
        "sources", "check", table, "--ssb", watched.ssb.url, "--editions", watched.editions
    )
    return done.returncode, done.stdout + done.stderr


def drifts(watched, since, line, problem, edition=INCOME, table=TABLE):
    """The table is left for this reason, and nothing came; both ways of telling agree."""
    finding = watched.await_log(f"table-drifted table={table} .*{re.escape(problem)}", since)
    assert f"sources/{table}.yaml line={line} " in finding.string
    assert f"hits {edition}" in finding.string
    watched.await_log(f'table-not-taken table={table} trouble="drifted"', since)
    watched.await_metric('ssb_tables_in_trouble{trouble="drifted"}', 1)
    code, told = check(watched, table)
    assert code == 1
    assert f"{table}.yaml:{line}" in told and problem in told and edition in told
    return finding.string


def edit(watched, before, after, table=TABLE):
    path = the_map(watched, table)
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def restart_ingest(watched):
    """Afterwards it knows from its ledger when something last was committed."""
    since, last = len(watched.log()), watched.metric("last_success_timestamp_seconds")
    assert last > 0
    watched.pipeline.send("ingest-0", signal.SIGTERM)
    watched.await_log("watch-opened", since)
    watched.await_metric("last_success_timestamp_seconds", last)


def comes(watched, before, panels):
    after = watched.await_release(before)
    after.check()
    assert after.releases[:-1] == before.releases
    assert after.panels(after.releases[-1]) == panels
    assert check(watched)[0] == 0
    return after


def oslo(topics):
    """Free income of 2025."""
    return topics.figures(INCOME, "indicator", "raw")["2025/0301/inntekt/frie_inntekter"]


def others_go_on(watched, before):
    """A change of the other edition's table becomes its release, and nothing of this one does."""
    correct(watched, "12362", KOKfunksjon0000="FGK7", KOKart0000="AGD2")
    after = watched.await_release(before)
    after.check()
    assert after.panels(after.releases[-1]) == [(FIVE, 2025)]
    assert after.newest("indicator") == before.newest("indicator")
    return after


def test_a_renamed_code_is_told_and_comes_when_the_map_has_it(watched):
    before, since = watched.topics(), len(watched.log())
    correct(watched, TABLE)
    watched.ssb.change(
        TABLE, "rename", dimension=CONTENTS, code="KOSAG110000", to="KOSAG110001", touch=True
    )
    line = line_of(the_map(watched), "frie_inntekter_per_innbygger")
    problem = "the table has no code KOSAG110000 in ContentsCode any more"
    told = drifts(watched, since, line, problem)
    assert "variable=frie_inntekter_per_innbygger" in told and "is it KOSAG110001" in told
    between = others_go_on(watched, before)
    edit(watched, "KOSAG110000", "KOSAG110001")
    restart_ingest(watched)
    after = comes(watched, between, [(INCOME, 2025)])
    assert oslo(after) == pytest.approx(oslo(before) * 1.01, rel=1e-9)


def contents(watched):
    """The code that the map has now."""
    return re.search(r"KOSAG\d+", the_map(watched).read_text(encoding="utf-8"))[0]


def test_a_changed_unit_is_told_and_comes_when_it_is_what_the_map_says_again(watched):
    before, since = watched.topics(), len(watched.log())
    code = contents(watched)
    unit = {"dimension": CONTENTS, "code": code, "touch": True}
    correct(watched, TABLE)
    watched.ssb.change(TABLE, "unit", to="1000 kr", **unit)
    line = line_of(the_map(watched), "frie_inntekter_per_innbygger")
    drifts(watched, since, line, f"{code} is in 1000 kr, and the map says kr")
    between = others_go_on(watched, before)
    watched.ssb.change(TABLE, "unit", to="kr", **unit)
    after = comes(watched, between, [(INCOME, 2025)])
    assert oslo(after) == pytest.approx(oslo(before) * 1.01, rel=1e-9)


def test_a_removed_code_is_told(watched):
    """One of the four functions that a sum is made of: no sum of three is published."""
    before, since = watched.topics(), len(watched.log())
    watched.ssb.change(TABLE_OF_FIVE, "remove", dimension="KOKfunksjon0000", code="215", touch=True)
    line = line_of(the_map(watched, TABLE_OF_FIVE), "ndu_grunnskole_nokkeltall")
    problem = "the table has no code 215 in KOKfunksjon0000 any more"
    drifts(watched, since, line, problem, edition=FIVE, table=TABLE_OF_FIVE)
    correct(watched, TABLE)
    between = watched.await_release(before)
    assert between.panels(between.releases[-1]) == [(INCOME, 2025)]
    assert between.newest("resource-use") == before.newest("resource-use")
    since = len(watched.log())
    watched.ssb.change(TABLE_OF_FIVE, "show", where={"KOKfunksjon0000": "215"}, touch=True)
    watched.await_log(f"vintage-stored table={TABLE_OF_FIVE} .* added=same", since)
    assert watched.topics().records == between.records


def test_an_added_code_breaks_nothing(watched):
    before = watched.topics()
    watched.ssb.change(
        TABLE, "add", dimension=CONTENTS, code="KOSNY0000", to="Noe nytt", touch=True
    )
    correct(watched, TABLE)
    after = comes(watched, before, [(INCOME, 2025)])
    assert oslo(after) == pytest.approx(oslo(before) * 1.01, rel=1e-9)


def test_a_new_status_symbol_is_refused_until_the_map_tells_what_it_means(watched):
    """A cell whose symbol nobody knows is no figure, and not simply missing either."""
    before, since = watched.topics(), len(watched.log())
    where = {"KOKkommuneregion0000": "4601", "Tid": "2023", CONTENTS: contents(watched)}
    watched.ssb.change(TABLE, "status", symbol="c", where=where, touch=True)
    told = watched.await_log(f"table-not-taken table={TABLE} ", since).string
    assert "'c' is a symbol that nobody has told of" in told
    between = others_go_on(watched, before)
    edit(watched, "publication: kostra", "publication: kostra\nsymbols: {c: confidential}")
    restart_ingest(watched)
    after = comes(watched, between, [(INCOME, 2023)])
    assert b"suppressed" in after.newest("indicator")[f"{INCOME}/2023/4601/inntekt/frie_inntekter"]
