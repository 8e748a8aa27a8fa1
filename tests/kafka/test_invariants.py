"""The judge finds each kind of damage to a good history, and by the right invariant."""

import copy
import json

import pytest
from history import ALONG, LATE, History, load
from invariants import Violation, judge, report
from reader import digest

NAME = "kostra"
INDEX, NEED = f"{NAME}.index.v1", f"{NAME}.need.v1"
REJECTED, MANIFESTS = f"{NAME}.rejected.v1", f"{NAME}.release.v1"
PANEL = ("asss", 2010)
FIRST, SECOND, BROKEN = "a" * 32, "b" * 32, "c" * 32


def row(topic, offset, key, release, value):
    told = None if value is None else digest([(key, value)])
    return [topic, 0, offset, key, release, told, None]


def total(rows):
    return f"{sum(int(r[5], 16) for r in rows if r[5]) % 2**128:032x}"


def manifest(offset, release, rows, state="COMMITTED"):
    """The manifest of these rows; its panel is rejected when the release is."""
    topics = [
        {"topic": topic, "rows": str(sum(r[5] is not None for r in own)), "digest": total(own),
         "withdrawn": str(sum(r[5] is None for r in own))}
        for topic in (INDEX, NEED, REJECTED) for own in [[r for r in rows if r[0] == topic]]
    ]
    panel = {"edition": PANEL[0], "year": PANEL[1], "rejected": state == "REJECTED"}
    text = json.dumps({"release": release, "state": f"RELEASE_STATE_{state}", "topics": topics,
                       "panels": [panel]})
    return [MANIFESTS, 0, offset, release, release, digest([(release, text.encode())]), text]


def records():
    """Two releases of the same panel, the second without key 3, and a rejected one."""
    first = [row(INDEX, n, f"asss/2010/{n}", FIRST, b"one %d" % n) for n in range(4)]
    first += [row(NEED, n, f"asss/2010/{n}", FIRST, b"need %d" % n) for n in range(3)]
    second = [row(INDEX, 5 + n, f"asss/2010/{n}", SECOND, b"two %d" % n) for n in range(3)]
    second += [row(INDEX, 8, "asss/2010/3", SECOND, None)]
    second += [row(NEED, 4 + n, f"asss/2010/{n}", SECOND, b"need again %d" % n) for n in range(3)]
    letter = [row(REJECTED, 0, f"{BROKEN}/0", BROKEN, b"a negative population")]
    return [
        *first, manifest(0, FIRST, first),
        *second, manifest(2, SECOND, second),
        *letter, manifest(4, BROKEN, letter, "REJECTED"),
    ]


def good():
    """A history of one line in which all went well, with one long stop."""
    def event(t, what, **fields):
        return {"t": t, "what": what, **fields}

    seen = records()
    panels = [["asss", 2010, "d", 0]]
    releases = [
        {"number": 1, "id": FIRST, "state": "committed", "input": "1.csv", "panels": panels},
        {"number": 2, "id": SECOND, "state": "committed", "input": "2.csv", "panels": panels},
        {"number": 3, "id": BROKEN, "state": "rejected", "input": "3.csv", "panels": []},
    ]
    wanted = ["committed", "committed", "rejected"]
    age = {"oldest_unreceipted_release_age_seconds": 12.0}
    older = {"oldest_unreceipted_release_age_seconds": 32.0}
    ends = [[INDEX, 0, 5], [NEED, 0, 4], [REJECTED, 0, 0], [MANIFESTS, 0, 2]]
    return [
        event(0, "run", seed=1, bounds={"rss_mb": 100, "disk_mb": 10}),
        event(0, "start", line=NAME, service="need", armed=None),
        *(event(1, "input", line=NAME, name=f"{n + 1}.csv", digest=str(n), wanted=w)
          for n, w in enumerate(wanted)),
        event(2, "seen", line=NAME, reader=ALONG, records=seen[:10]),
        event(2, "ends", line=NAME, reader=ALONG, release=FIRST, ends=ends),
        event(3, "end", line=NAME, service="need", how="killed", code=-9),
        event(4, "start", line=NAME, service="need", armed=None),
        event(5, "pause", line=NAME, service="need"),
        event(10, "sample", line=NAME, service="need", ready=None, metrics={}, rss_mb=50),
        event(11, "sample", line=NAME, service="ingest", ready=200, metrics=age, rss_mb=50),
        event(31, "sample", line=NAME, service="ingest", ready=503, metrics=older, rss_mb=50),
        event(35, "resume", line=NAME, service="need"),
        event(36, "seen", line=NAME, reader=ALONG, records=seen[10:]),
        event(37, "disk", line=NAME, mb=3),
        event(38, "caught-up", line=NAME, reader=ALONG),
        event(38, "seen", line=NAME, reader=LATE, records=copy.deepcopy(seen)),
        event(38, "caught-up", line=NAME, reader=LATE),
        event(38, "ledger", line=NAME, releases=releases),
        event(39, "done", line=NAME, inbox=[]),
    ]


def test_a_good_history_has_no_violation():
    assert judge(good()) == []


def test_the_report_counts_what_was_done():
    told = report(good(), [Violation("I1", NAME, ""), Violation("LOST", NAME, "")])
    assert told[:8] == (1, 1, 0, 3, 1, 0, 1, 0)
    assert "1 kills, 1 stops" in str(told) and "3 releases, 1 losses" in str(told)


def test_a_history_is_read_as_it_was_written(tmp_path):
    for name in ("run.jsonl", "run.jsonl.gz"):
        with History(tmp_path / name, seed=3) as history:
            history.note("pause", line=NAME, service="ingest")
        run, pause = load(tmp_path / name)
        assert run["seed"] == 3 and pause["service"] == "ingest"


def test_a_history_that_was_cut_is_read_to_the_cut(tmp_path):
    (tmp_path / "cut.jsonl").write_text('{"t":0,"what":"run"}\n{"t":1,"wh')
    assert load(tmp_path / "cut.jsonl") == [{"t": 0, "what": "run"}]


# --- damage -------------------------------------------------------------------------------------


def seen(events, reader):
    """The lists of records of a reader."""
    return [e["records"] for e in events if e["what"] == "seen" and e["reader"] == reader]


def both(change):
    """Damage to what both readers saw: nothing gives it away but the invariant itself."""
    def damage(events):
        for reader in (ALONG, LATE):
            for part in seen(events, reader):
                change(part)
    return damage


def find(part, topic, offset):
    return next((n for n, r in enumerate(part) if r[0] == topic and r[2] == offset), None)


def drop(topic, offset):
    def change(part):
        if (at := find(part, topic, offset)) is not None:
            del part[at]
    return change


def double(part):
    """The last row of the first release once more, in the next place."""
    if (at := find(part, INDEX, 3)) is not None:
        again = copy.copy(part[at])
        again[2] = 4
        part.insert(at + 1, again)


def change_value(part):
    if (at := find(part, INDEX, 2)) is not None:
        part[at][5] = digest([("asss/2010/2", b"other")])


def tear(part):
    """The last row of the first release comes after the first of the second."""
    a, b = find(part, NEED, 2), find(part, NEED, 4)
    if a is not None:
        part[a][2] = 4.5
        torn.append(part.pop(a))
    if b is not None and torn:
        part.insert(b + 1, torn.pop())


torn = []


def tear_late(events):
    for part in seen(events, ALONG):
        tear(part)
    torn.clear()
    tear(*seen(events, LATE))


def reorder(part):
    """The manifests and rows of the two releases change places in the log, rows stay whole."""
    names = {FIRST: SECOND, SECOND: FIRST}
    for record in part:
        if record[4] in names:
            record[4] = names[record[4]]
            if record[6]:
                told = json.loads(record[6])
                told["release"] = record[3] = record[4]
                record[6] = json.dumps(told)


def older_key(part):
    """One key alone goes back: a row of the first release behind the second's."""
    if (at := find(part, INDEX, 8)) is not None:
        part.insert(at + 1, row(INDEX, 9, "asss/2010/0", FIRST, b"one 0"))


def withdraw(part):
    """The rejected release takes a key away that the last good one has."""
    if (at := find(part, REJECTED, 0)) is not None:
        part.insert(at, row(INDEX, 9, "asss/2010/1", BROKEN, None))


def without_manifest(part):
    if (at := find(part, REJECTED, 0)) is not None:
        part.insert(at, row(INDEX, 9, "asss/2010/1", "e" * 32, b"of an aborted transaction"))


def second_manifest(part):
    if (at := find(part, MANIFESTS, 2)) is not None:
        again = copy.copy(part[at])
        again[2] = 3
        part.insert(at + 1, again)


def backwards(events):
    part = seen(events, ALONG)[0]
    part[0], part[1] = part[1], part[0]


def one_reader_misses(events):
    """A whole release that the reader who came afterwards does not see."""
    (part,) = seen(events, LATE)
    part[:] = [r for r in part if r[4] != FIRST]


def seen_too_early(events):
    (ends,) = [e for e in events if e["what"] == "ends"]
    ends["ends"][0][2] = 3


def ledger_says(**fields):
    def damage(events):
        (ledger,) = [e for e in events if e["what"] == "ledger"]
        ledger["releases"][1].update(fields)
    return damage


def forget_release(events):
    (ledger,) = [e for e in events if e["what"] == "ledger"]
    del ledger["releases"][1]


def one_input_two_releases(events):
    (ledger,) = [e for e in events if e["what"] == "ledger"]
    ledger["releases"][1]["input"] = "1.csv"


def another(field, value, **where):
    def damage(events):
        for event in events:
            if all(event.get(k) == v for k, v in where.items()):
                event[field] = value
    return damage


def without(**where):
    def damage(events):
        events[:] = [e for e in events if any(e.get(k) != v for k, v in where.items())]
    return damage


def last_stop(code):
    def damage(events):
        events.append({"t": 40, "what": "end", "line": NAME, "service": "need", "how": "stopped",
                       "code": code})
    return damage


def grows_no_older(events):
    samples = [e for e in events if e["what"] == "sample" and e["service"] == "ingest"]
    samples[1]["metrics"] = {"oldest_unreceipted_release_age_seconds": 5.0}


def another_line(events):
    """The same inputs on a second line, where one row has another value."""
    second = json.loads(json.dumps([e for e in events if "line" in e]).replace(NAME, "other"))
    (part,) = seen(second, LATE)
    part[find(part, "other.index.v1", 0)][5] = digest([("asss/2010/0", b"other")])
    events += second


def another_id(events):
    text = json.dumps([e for e in events if "line" in e])
    events += json.loads(text.replace(NAME, "other").replace(FIRST, "f" * 32))


DAMAGE = {
    "a row is lost": ("I1", both(drop(INDEX, 2))),
    "a manifest is lost": ("I1", both(drop(MANIFESTS, 0))),
    "a transaction is torn": ("I1", tear_late),
    "rows of an aborted transaction": ("I1", both(without_manifest)),
    "a partition is read backwards": ("I1", backwards),
    "one reader misses a release": ("I1", one_reader_misses),
    "a manifest is seen before its rows": ("I1", seen_too_early),
    "a row is doubled": ("I2", both(double)),
    "a manifest is doubled": ("I2", both(second_manifest)),
    "a value is another": ("I3", both(change_value)),
    "a tombstone is lost": ("I3", both(drop(INDEX, 8))),
    "releases are reordered": ("I4", both(reorder)),
    "one key goes back": ("I4", both(older_key)),
    "a rejected release withdraws": ("I5", both(withdraw)),
    "a stopped service says it is ready": ("I6", another("ready", 200, what="sample",
                                                         service="need")),
    "nobody looks at a stopped service": ("I6", without(what="sample", service="need")),
    "a waiting release grows no older": ("I6", grows_no_older),
    "two lines write other bytes": ("I7", another_line),
    "one input, two ids": ("I7", another_id),
    "memory beyond the bound": ("I8", another("rss_mb", 101, what="sample", service="need")),
    "disk beyond the bound": ("I8", another("mb", 11, what="disk")),
    "a release is never closed": ("LOST", ledger_says(state="sent")),
    "an input is not in the ledger": ("LOST", forget_release),
    "an input is left": ("LOST", another("inbox", ["4.csv"], what="done")),
    "a rejected input is committed": ("LOST", ledger_says(state="rejected")),
    "committed in the ledger alone": ("LOST", ledger_says(id="9" * 32)),
    "published from nowhere": ("TWICE", forget_release),
    "an input becomes two releases": ("TWICE", one_input_two_releases),
    "a service ends by itself": ("ENDED", another("how", "ended", what="end")),
    "somebody waits in vain": ("STUCK", lambda events: events.append(
        {"t": 40, "what": "fault", "line": NAME, "text": "not within 90 s: ready"})),
    "a stop is not clean": ("ENDED", last_stop(1)),
    "nobody read along": ("EMPTY", without(what="caught-up", reader=ALONG)),
    "nobody came afterwards": ("EMPTY", without(what="caught-up", reader=LATE)),
    "no ledger": ("EMPTY", without(what="ledger")),
    "it was cut": ("EMPTY", without(what="done")),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_found_by_its_invariant(name):
    invariant, damage = DAMAGE[name]
    events = good()
    damage(events)
    found = {violation.invariant for violation in judge(events)}
    assert invariant in found, f"found {sorted(found)}"


def test_an_empty_history_is_not_a_good_one():
    assert [v.invariant for v in judge([])] == ["EMPTY"]
