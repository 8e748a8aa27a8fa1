"""Figures that must not pass: each is refused with its reason, and nothing else is touched."""

import json
import os
import re
import subprocess

from conftest import DATA, DEADLINE_S, binaries, environment, read_topic

HEADER = "municipality,year,variable,value,status"
MEMBERS = ["0106", "0219", "0301", "0602", "1001", "1102", "1103", "1201", "1601", "1902"]


def table():
    """The bundled figures: value and status by municipality, year and variable."""
    rows = [line.split(",") for line in DATA.read_text(encoding="utf-8").splitlines()[1:]]
    return {tuple(row[:3]): (row[3], row[4]) for row in rows}


def text_of(cells, more=()):
    lines = [",".join([*key, *cell]) for key, cell in cells.items()]
    return "\n".join([HEADER, *lines, *more]) + "\n"


def one(variable, value, municipality="0301"):
    """The figures with one cell changed."""
    return text_of(table() | {(municipality, "2010", variable): (value, "")})


def all_members(variable, value, status=""):
    """The figures with the whole column changed."""
    column = {(code, "2010", variable): (value, status) for code in MEMBERS}
    return text_of(table() | column)


# Name: the file, and what the reason says.
REFUSED_AS_INPUT = {
    "nan": (one("folkemengde", "NaN"), 'folkemengde "NaN": not a number'),
    "infinity": (one("areal", "inf"), 'areal "inf": not a number and infinity'),
    "overflow": (one("areal", "1e999"), 'areal "1e999": this is no number'),
    "negative": (one("folkemengde", "-586860"), "below 0, the least that folkemengde can be"),
    "absurd": (one("folkemengde", "586860000"), "above 10000000, the most that folkemengde"),
    "duplicate": (text_of(table(), ["0301,2010,folkemengde,586860,"]), "is given on line 104"),
    "clash": (text_of(table(), ["0301,2010,folkemengde,586861,"]), "is given on line 104"),
    "formula": (one("areal", "#DIV/0!"), "error of a spreadsheet's formula"),
}
REFUSED_AS_PANEL = {
    "nobody": (one("folkemengde", "0"), "a member's population must be positive"),
    "zeros": (all_members("areal", "0"), "areal has a group mean that is not above 0"),
    "denominator": (all_members("korrigert_utgift", "0"), "has a group mean that is not above 0"),
    "missing": (all_members("areal", "", ".."), "areal has no value at all"),
    "uncounted": (all_members("folkemengde", "", ".."), "the member has no population"),
}


def releases(pipeline, *words):
    command = [binaries() / "kf", "releases", *words, "--state-dir", pipeline.state]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=DEADLINE_S, check=True, env=environment()
    ).stdout


def give(pipeline, tmp_path, name, text):
    """Gives the text or bytes as NAME.csv and returns its release."""
    file = tmp_path / f"{name}.source"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    pipeline.feed(file, f"{name}.csv")
    said = pipeline.await_log("ingest-0", rf"input=\"?{name}\.csv\"? .*|.* input=\"?{name}\.csv")
    return re.search(r"release=(\w+)", said.string)[1]


def said_in(letter):
    """The reason of a dead letter and the problems of its findings."""
    rejection = json.loads(letter)["rejection"]
    return "\n".join(
        [rejection["reason"], *(finding["problem"] for finding in rejection.get("findings", []))]
    )


def topic(pipeline, name):
    return [value for _, value in read_topic(pipeline.bootstrap, f"kostra.{name}.v1")]


def values(pipeline):
    """What is shown: without the release's id, of which the table may speak."""
    return pipeline.show("--municipality", "0301").stdout


def test_poison_is_refused_with_its_reason_and_the_last_good_release_stands(pipelines, tmp_path):
    pipeline = pipelines().ready()
    refused = {}
    for name, (text, reason) in REFUSED_AS_PANEL.items():
        refused[give(pipeline, tmp_path, name, text)] = (name, reason)
    for release in refused:
        pipeline.await_log("ingest-0", rf"release-rejected .*{release}")
    good = give(pipeline, tmp_path, "good", DATA.read_bytes())
    pipeline.await_log("ingest-0", rf"release-committed .*{good}")
    before = values(pipeline)
    for name, (text, reason) in REFUSED_AS_INPUT.items():
        refused[give(pipeline, tmp_path, name, text)] = (name, reason)
    for release in refused:
        pipeline.await_log("ingest-0", rf"release-rejected .*{release}")
    assert len(refused) == len(REFUSED_AS_PANEL) + len(REFUSED_AS_INPUT)
    letters = [letter.decode() for letter in topic(pipeline, "rejected")]
    for release, (name, reason) in refused.items():
        shown = releases(pipeline, "show", release)
        assert "rejected" in shown and reason in shown, (name, shown)
        of_it = [letter for letter in letters if release in letter]
        assert len(of_it) == 1, name
        assert reason.split(": ")[-1] in said_in(of_it[0]), (name, of_it)
    assert values(pipeline) == before
    published = topic(pipeline, "index")
    assert published and all(good in value.decode() for value in published)
    # nothing is stuck behind them
    newer = give(pipeline, tmp_path, "newer", one("areal", "7.7"))
    pipeline.await_log("ingest-0", rf"release-committed .*{newer}")
    assert len(releases(pipeline, "list").splitlines()) >= len(refused) + 2
    code, said = pipeline.stop()
    assert code == 0, said


# --- the same notice again, in the same and in other bytes ----------------------------------------


def reordered(text):
    lines = text.splitlines()
    return "\n".join([lines[0], *reversed(lines[1:])]) + "\n"


def as_spreadsheet(text, separator=";"):
    """With Norwegian names, decimal commas and thousands in groups."""
    lines = ["kommune;år;variabel;verdi;status".replace(";", separator)]
    for line in text.splitlines()[1:]:
        code, year, variable, value, status = line.split(",")
        if "." not in value and len(value) > 3:
            value = f"{int(value):,}".replace(",", "\N{NO-BREAK SPACE}")
        cells = [code, year, variable, value.replace(".", ","), status, "", ""]
        lines.append(separator.join(cells))
    return "\r\n".join([*lines, separator * 6]) + "\r\n"


def other_bytes():
    """The bundled figures in other words; none has the bytes of another."""
    text = DATA.read_text(encoding="utf-8")
    return {
        "crlf": text.replace("\n", "\r\n").encode(),
        "bom": text.encode("utf-8-sig"),
        "reordered": reordered(text).encode(),
        "semicolons": as_spreadsheet(text).encode(),
        "tabs": as_spreadsheet(text, "\t").encode("utf-8-sig"),
        "windows": as_spreadsheet(text).encode("cp1252"),
        "excel": b"sep=;\r\n" + as_spreadsheet(text).encode("cp1252"),
    }


def give_folder(pipeline, tmp_path, name, files):
    """Renames a folder of these files into the inbox."""
    folder = tmp_path / f"{name}.source"
    folder.mkdir()
    for file, content in files.items():
        (folder / file).write_text(content, encoding="utf-8")
    os.rename(folder, pipeline.state / "inbox" / name)


def test_the_same_input_a_hundred_times_and_in_other_bytes_is_one_release(pipelines, tmp_path):
    pipeline = pipelines().ready()
    good = give(pipeline, tmp_path, "first", DATA.read_bytes())
    pipeline.await_log("ingest-0", rf"release-committed .*{good}")
    for number in range(100):
        pipeline.feed(DATA, f"again-{number:03}.csv")
    assert give(pipeline, tmp_path, "zz-last", DATA.read_bytes()) == good
    for name, content in other_bytes().items():
        assert content != DATA.read_bytes()
        assert give(pipeline, tmp_path, name, content) == good, name
    lines = DATA.read_text(encoding="utf-8").splitlines(keepends=True)
    halves = {"a.csv": "".join(lines[:200]), "b.csv": lines[0] + "".join(lines[200:])}
    give_folder(pipeline, tmp_path, "halves", halves)
    pipeline.await_log("ingest-0", rf"already-published release={good} input=\"?halves")
    done = {path.name for path in (pipeline.state / "done").iterdir()}
    assert {f"again-{number:03}.csv" for number in range(100)} <= done
    assert len(done) == 103 + len(other_bytes())
    assert not list((pipeline.state / "inbox").iterdir())
    manifests = [json.loads(value) for value in topic(pipeline, "release")]
    assert [manifest["release"] for manifest in manifests] == [good]
    rows = topic(pipeline, "indicator")
    assert rows and len(rows) == sum(
        int(topic["rows"]) for topic in manifests[0]["topics"] if "indicator" in topic["topic"]
    )
    code, said = pipeline.stop()
    assert code == 0, said


def test_a_folder_with_one_bad_file_applies_nothing_of_it(pipelines, tmp_path):
    pipeline = pipelines().ready()
    bad = f"{HEADER}\n0301,2009,folkemengde,-1,\n"
    files = {"a.csv": DATA.read_text(encoding="utf-8"), "b.csv": bad}
    give_folder(pipeline, tmp_path, "set", files)
    pipeline.await_log("ingest-0", r"release-rejected ")
    report = (pipeline.state / "rejected" / "set.errors.txt").read_text(encoding="utf-8")
    assert report.startswith("set/b.csv:2: 0301 folkemengde") and report.count("\n") == 1
    assert topic(pipeline, "index") == []
    code, said = pipeline.stop()
    assert code == 0, said


def test_older_figures_given_again_after_newer_ones_change_nothing(pipelines, tmp_path):
    pipeline = pipelines().ready()
    old = give(pipeline, tmp_path, "old", DATA.read_bytes())
    pipeline.await_log("ingest-0", rf"release-committed .*{old}")
    before = values(pipeline)
    new = give(pipeline, tmp_path, "new", one("areal", "7.7"))
    pipeline.await_log("ingest-0", rf"release-committed .*{new}")
    newer = values(pipeline)
    assert newer != before
    for name, content in {"same": DATA.read_bytes(), **other_bytes()}.items():
        assert give(pipeline, tmp_path, f"old-{name}", content) == old
    shown = values(pipeline)
    assert shown == newer
    manifests = [json.loads(value) for value in topic(pipeline, "release")]
    assert [manifest["release"] for manifest in manifests] == [old, new]
    code, said = pipeline.stop()
    assert code == 0, said
