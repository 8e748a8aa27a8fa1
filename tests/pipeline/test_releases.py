"""A release whose figures are wildly different is held; people approve, replay and compare.

The figures are those of ASSS 2010, changed in places that are worked out by hand."""

import csv
import io
import json
import re
import subprocess

import pytest
from conftest import DATA, DEADLINE_S, Pipeline, binaries, environment, read_topic
from programs import kf

HEAD, *ROWS = DATA.read_text(encoding="utf-8").splitlines()
MEMBERS = sorted({row.split(",")[0] for row in ROWS})
FIGURES = {tuple(row.split(",")[0:3:2]): row.split(",")[3] for row in ROWS}
JUMPS = "aktivitetstilskudd"
MOVES = "korr_oppholdstimer"
KEY = ("topic", "municipality", "sector", "indicator", "measure")


def tables(pipeline):
    """What `kf show` prints, without where the topics are."""
    return re.sub(r"127\.0\.0\.1:\d+", "", pipeline.show().stdout)


def write(path, change):
    """The sample, every row as `change(code, year, variable, value, status)` gives it back; None
    leaves it out."""
    rows = (change(*row.split(",")) for row in ROWS)
    path.write_text("\n".join([HEAD, *(",".join(r) for r in rows if r)]) + "\n", encoding="utf-8")
    return path


def thousandfold(code, year, variable, value, status):
    """Every figure of one variable a thousand times as large."""
    large = variable == JUMPS and value
    return code, year, variable, str(float(value) * 1000) if large else value, status


def nearly_empty(code, year, variable, value, status):
    """Inhabitants, and of everything else every twentieth figure."""
    number = ROWS.index(",".join((code, year, variable, value, status)))
    kept = variable == "folkemengde" or number % 20 == 0
    return (code, year, variable, value, status) if kept else None


def slightly(code, year, variable, value, status):
    """One figure is larger by ten."""
    larger = variable == MOVES and code == MEMBERS[0]
    return code, year, variable, str(float(value) + 10) if larger else value, status


def releases(pipeline, *arguments):
    command = [binaries() / "kf", "releases", *arguments, "--state-dir", pipeline.state]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment(),
        timeout=2 * DEADLINE_S,
    )


def taken(pipeline, name, outcome="input-recorded"):
    """Waits until ingest has taken the input; the release that became of it."""
    return pipeline.await_log("ingest-0", rf'{outcome} release=(\w+) input="?{name}\.csv')[1]


def committed(pipeline, release, times=1):
    """Waits until the release has been committed so many times, in ingest's eyes."""
    pipeline.await_log("ingest-0", rf"release-committed release={release}", times)
    assert f"release {release}: committed" in releases(pipeline, "show", release).stdout


def manifests(pipeline):
    """The releases on the manifest topic, one an entry, in their order."""
    records = read_topic(pipeline.bootstrap, "kostra.release.v1")
    return [json.loads(value)["release"] for _, value in records]


def give(pipeline, path, change, outcome="input-recorded"):
    pipeline.feed(write(path / f"{change.__name__}.csv", change), f"{change.__name__}.csv")
    return taken(pipeline, change.__name__, outcome)


@pytest.fixture
def published(pipelines, tmp_path):
    """A pipeline that has published the sample; its release."""
    pipeline = pipelines().ready()
    pipeline.feed()
    good = taken(pipeline, "figures")
    committed(pipeline, good)
    return pipeline, good


# --- held ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [thousandfold, nearly_empty])
def test_wildly_different_figures_are_held_and_the_last_good_release_stands(
    published, tmp_path, change
):
    pipeline, good = published
    before = tables(pipeline)
    held = give(pipeline, tmp_path, change, "input-held")
    shown = releases(pipeline, "show", held[:8]).stdout
    assert f"release {held}: held" in shown
    assert "sent      0 time(s)" in shown
    assert re.search(r"^  held +.*asss-2010 2010: \d+ of \d+ figures", shown, re.MULTILINE)
    report = (pipeline.state / "done" / f"{change.__name__}.csv.errors.txt").read_text("utf-8")
    assert f"release {held} is held" in report and "kf releases approve" in report
    assert manifests(pipeline) == [good]
    assert tables(pipeline) == before


def test_what_is_held_is_told_with_column_shares_and_worst_cell(published, tmp_path):
    pipeline, _ = published
    held = give(pipeline, tmp_path, thousandfold, "input-held")
    largest = max(
        (r.split(",") for r in ROWS if f",{JUMPS}," in r), key=lambda row: float(row[3])
    )
    listed = releases(pipeline).stdout
    told = re.search(rf"^{held} held .*\n  held: (.*)$", listed, re.MULTILINE)[1]
    assert told.startswith(
        f"{JUMPS} {largest[0]}: asss-2010 2010: 10 of 10 figures are over 5 times"
    )
    assert "(100.0 %, at most 20 % may be)" in told
    assert f"{largest[3]} before" in told
    assert float(re.search(r"before, ([\d.]+) now", told)[1]) == float(largest[3]) * 1000


def test_without_the_breaker_the_same_figures_are_published(pipelines, tmp_path):
    pipeline = pipelines("--hold", "off").ready()
    pipeline.feed()
    good = taken(pipeline, "figures")
    wild = give(pipeline, tmp_path, thousandfold)
    committed(pipeline, wild)
    assert manifests(pipeline) == [good, wild]


# --- approved -----------------------------------------------------------------------------------


def test_a_held_release_is_approved_while_ingest_runs(published, tmp_path):
    pipeline, good = published
    held = give(pipeline, tmp_path, thousandfold, "input-held")
    answer = releases(pipeline, "approve", held[:6], "--by", "Kari", "--wait", "60s")
    assert answer.returncode == 0, answer.stderr
    assert "granted: it goes its way" in answer.stdout
    committed(pipeline, held)
    assert manifests(pipeline) == [good, held]
    shown = releases(pipeline, "show", held).stdout
    assert re.search(r"asked +to approve by Kari at .*: granted:", shown)
    again = releases(pipeline, "approve", held)
    assert again.returncode == 2
    assert "is committed: only a release that is held can be approved" in again.stderr


def test_a_held_release_is_approved_while_ingest_is_down(published, pipelines, tmp_path):
    pipeline, _ = published
    held = give(pipeline, tmp_path, thousandfold, "input-held")
    assert pipeline.stop()[0] == 0
    answer = releases(pipeline, "approve", held, "--wait", "0")
    assert answer.returncode == 0, answer.stderr
    assert "at its next start" in answer.stdout
    assert "not carried out yet" in releases(pipeline, "show", held).stdout
    assert f"release {held}: held" in releases(pipeline, "show", held).stdout
    again = pipelines(state=pipeline.state).ready()
    committed(again, held)
    assert manifests(again) == [held]


def test_nothing_older_is_published_after_something_newer(published, tmp_path):
    pipeline, good = published
    held = give(pipeline, tmp_path, thousandfold, "input-held")
    newer = give(pipeline, tmp_path, slightly)
    committed(pipeline, newer)
    for wish, release in (("approve", held), ("replay", good)):
        answer = releases(pipeline, wish, release, "--wait", "60s")
        assert answer.returncode == 1
        assert f"refused: release {release} stays as it is: {newer} came later" in answer.stderr
    assert manifests(pipeline) == [good, newer]
    assert f"release {held}: held" in releases(pipeline, "show", held).stdout


# --- replayed -----------------------------------------------------------------------------------


def test_a_replay_writes_nothing_twice(published):
    pipeline, good = published
    answer = releases(pipeline, "replay", good, "--wait", "60s")
    assert answer.returncode == 0, answer.stderr
    assert "granted: it is sent again" in answer.stdout
    committed(pipeline, good, times=2)
    assert manifests(pipeline) == [good]


def test_a_replay_fills_topics_that_were_lost(published, pipelines):
    pipeline, good = published
    before = tables(pipeline)
    assert pipeline.stop()[0] == 0
    again = pipelines(state=pipeline.state).ready()  # with a development broker that has nothing
    assert releases(again, "replay", good[:10], "--wait", "60s").returncode == 0
    committed(again, good, times=2)
    assert manifests(again) == [good]
    assert tables(again) == before


@pytest.mark.parametrize(
    "words, told",
    [
        (("approve", "ffff"), "no release begins with ffff"),
        (("approve",), "give `list`"),
        (("approve", "", "--wait", "soon"), "--wait soon: give a whole number"),
        (("approve", "", "--by", ""), "--by: the value is empty"),
        (("replay", "", "--by", "x" * 64), "--by: a name"),
        (("diff", "", "--format", "xml"), "--format xml: give table, csv or json"),
        (("diff", "", "--lang", "sv"), "--lang sv: nb or en"),
        (("diff", "", "--limit", "many"), "--limit many: give a number"),
        (("diff", "", "--limit", "3", "--all"), "give --limit or --all"),
    ],
)
def test_what_cannot_be_asked_is_told(held_alone, words, told):
    answer = releases(held_alone, *words)
    assert answer.returncode == 2
    assert told in answer.stderr


@pytest.fixture(scope="module")
def held_alone(tmp_path_factory):
    """A pipeline that has run and stopped, with one release."""
    folder = tmp_path_factory.mktemp("held")
    pipeline = Pipeline(folder)
    try:
        pipeline.ready().feed()
        committed(pipeline, taken(pipeline, "figures"))
        assert pipeline.stop()[0] == 0
        yield pipeline
    finally:
        pipeline.clean_up()


# --- compared -----------------------------------------------------------------------------------


def moves(pipeline, *arguments):
    """The lines of `kf releases diff`, as dictionaries."""
    answer = releases(pipeline, "diff", *arguments, "--format", "csv")
    assert answer.returncode == 0, answer.stderr
    return list(csv.DictReader(io.StringIO(answer.stdout)))


def computed(path):
    """Every value that `kf compute` makes of a file, by what it is about."""
    answer = kf("compute", "--edition", "asss-2010", "--year", "2010", "--input", path)
    assert answer.returncode == 0, answer.stderr
    return {
        tuple(row[k] for k in KEY): row["value"]
        for row in csv.DictReader(io.StringIO(answer.stdout))
    }


def test_the_figures_of_a_release_compute_to_its_rows(held_alone, tmp_path):
    release = releases(held_alone, "list").stdout.splitlines()[1].split()[0]
    figures = tmp_path / "figures.csv"
    printed = releases(held_alone, "figures", release)
    assert printed.returncode == 0, printed.stderr
    figures.write_text(printed.stdout, encoding="utf-8")
    assert figures.read_text(encoding="utf-8") != DATA.read_text(encoding="utf-8")
    assert computed(figures) == computed(DATA)
    named = releases(held_alone, "figures", release, "asss-2010", "2010")
    assert named.stdout == printed.stdout


@pytest.mark.parametrize(
    "words, told",
    [
        (("asss-2010",), "give YEAR after EDITION"),
        (("asss-2010", "2011"), "has no such panel; it has asss-2010 2010"),
        (("asss-2010", "soon"), "soon is no year"),
    ],
)
def test_figures_of_what_is_not_there_are_told(held_alone, words, told):
    release = releases(held_alone, "list").stdout.splitlines()[1].split()[0]
    answer = releases(held_alone, "figures", release, *words)
    assert answer.returncode == 2
    assert told in answer.stderr


def test_a_diff_tells_what_moved_by_hand(published, tmp_path):
    """One figure of ten is larger by ten. Normalised it is the figure over the mean weighted by
    inhabitants, so all ten move: that one up, the others down."""
    pipeline, good = published
    newer = give(pipeline, tmp_path, slightly)
    committed(pipeline, newer)
    lines = moves(pipeline, newer)
    first = MEMBERS[0]
    old = float(FIGURES[first, MOVES])
    (figure,) = [line for line in lines if line["what"] == "figure"]
    assert (figure["move"], figure["variable"], figure["municipality"]) == ("changed", MOVES, first)
    assert (float(figure["before"]), float(figure["after"])) == (old, old + 10)
    assert float(figure["percent"]) == pytest.approx(1000 / old)

    people = {m: float(FIGURES[m, "folkemengde"]) for m in MEMBERS}
    mean = sum(people[m] * float(FIGURES[m, MOVES]) for m in MEMBERS) / sum(people.values())
    raised = mean + 10 * people[first] / sum(people.values())
    normalized = {
        line["municipality"]: line for line in lines
        if (line["indicator"], line["measure"]) == (MOVES, "normalized")
    }
    assert sorted(normalized) == MEMBERS
    for member, line in normalized.items():
        value = float(FIGURES[member, MOVES])
        now = value + 10 * (member == first)
        assert float(line["before"]) == pytest.approx(100 * value / mean)
        assert float(line["after"]) == pytest.approx(100 * now / raised)

    expected = computed(tmp_path / "slightly.csv")
    was = computed(DATA)
    moved = {k for k in expected if expected[k] != was[k]}
    rows = {tuple(line[k] for k in KEY): line for line in lines if line["what"] == "row"}
    assert {k for k, line in rows.items() if line["move"] != "marked"} == moved
    assert all(rows[k]["before"] == was[k] and rows[k]["after"] == expected[k] for k in moved)
    ranks = {k for k in moved if k[-1] == "rank"}
    told = releases(pipeline, "diff", newer, "--all").stdout
    assert ranks and f"Ranks that changed ({len(ranks)})" in told


def test_a_diff_for_people_has_the_largest_first_and_names(published, tmp_path):
    pipeline, good = published
    held = give(pipeline, tmp_path, thousandfold, "input-held")
    answer = releases(pipeline, "diff", held[:8], "--limit", "3")
    assert answer.returncode == 0, answer.stderr
    text = answer.stdout
    assert f"== asss-2010 2010: {held[:8]} (held) against {good[:8]} (committed" in text
    assert re.search(r"^Figures: 10 of \d+ moved$", text, re.MULTILINE)
    assert re.search(rf"^  {JUMPS} +10 +10$", text, re.MULTILINE)
    assert "Figures that changed, the largest first (10)" in text
    table = text[text.index("Figures that changed") :]
    largest = sorted(MEMBERS, key=lambda m: -float(FIGURES[m, JUMPS]))
    found = re.findall(rf"^  {JUMPS} +2010 +(\d{{4}}) (\w+) .* \+99900\.0$", table, re.MULTILINE)
    assert [code for code, _ in found] == largest[:3]
    assert dict(found).get("0301", "Oslo") == "Oslo"
    assert "… and 7 more" in table
    assert "Ranks that changed" not in text  # a thousand times as much for all is the same index
    norsk = releases(pipeline, "diff", held, good, "--lang", "nb").stdout
    assert "Tall som er endret, de største først (10)" in norsk
    lines = releases(pipeline, "diff", held, "--format", "json").stdout.splitlines()
    assert len(lines) == len(moves(pipeline, held, good))
    assert {json.loads(line)["what"] for line in lines} == {"figure", "row"}


def test_a_diff_tells_what_vanished_and_what_is_new(published, tmp_path):
    pipeline, good = published
    held = give(pipeline, tmp_path, nearly_empty, "input-held")
    there = len([r for r in ROWS if r.split(",")[3]])
    kept = [r for r in (nearly_empty(*r.split(",")) for r in ROWS) if r and r[3]]
    figures = [line for line in moves(pipeline, held) if line["what"] == "figure"]
    gone = [line for line in figures if line["move"] == "vanished"]
    assert len(gone) == len([line for line in figures]) == there - len(kept)
    assert all(line["after"] == "" and line["flags_after"] == "missing" for line in gone)
    back = [line for line in moves(pipeline, good, held) if line["what"] == "figure"]
    assert {line["move"] for line in back} == {"new"} and len(back) == len(gone)


def test_the_first_release_has_nothing_before_it(held_alone):
    answer = releases(held_alone, "diff", "")
    assert answer.returncode == 0
    assert "asss-2010 2010: no earlier release has it: all of it is new" in answer.stdout
