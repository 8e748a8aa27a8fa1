"""The catalogue and the articles of the board are those computed anew from the same figures."""

import contextlib
import datetime
import sqlite3
import time

import pytest
from line import wait_until

CASES = [
    ("4003", "demography-2026-mmmm", 2026, {}),
    ("4003", "demography-2026-mmmm", 2029, {}),
    ("4003", "need-2026", 2026, {}),
    ("0301", "need-2026", 2026, {}),
    ("0301", "asss-2010", 2010, {}),
    ("3222", "resource-use-lorenskog", 2024, {}),
    ("1103", "asss-2010", 2010, {"need": ("care-2017", 2017)}),
    ("0138", "sio-2017", 2017, {"unit-cost": ("sio-2017", 2016)}),
    ("1108", "ks-2022", 2022, {}),
    ("1108", "income-test", 2022, {"need": ("ks-2022", 2022)}),
    ("5001", "need-2026", 2026, {}),
]


def query(code, edition, year, use):
    asked = f"/api/article?municipality={code}&edition={edition}&year={year}"
    return asked + "".join(f"&use={section}:{name}/{of}"
                           for section, (name, of) in use.items())


def by(items, *keys):
    """{key: item} of a list in which each key stands once."""
    found = {tuple(item.get(key, "") for key in keys): item for item in items}
    assert len(found) == len(items), "twice the same"
    return found


def comparable(part):
    """What is the same of a part whoever computed it, whatever the order."""
    return {
        "rows": by(part["rows"], "topic", "group", "sector", "indicator"),
        "spreads": {key: dict(zip(spread["codes"], spread["values"])) for key, spread
                    in by(part["spreads"], "topic", "sector", "measure").items()},
    }


@pytest.mark.parametrize("code, edition, year, use", CASES)
def test_an_article_has_every_number_of_kf_compute(boarded, oracle, code, edition, year, use):
    told = boarded.get(query(code, edition, year, use))
    wanted = oracle.article(code, edition, year, use)
    assert told["municipality"] == wanted["municipality"]
    assert told["asked"] == wanted["asked"]
    assert told["sections"] == wanted["sections"]
    assert told["titles"] == wanted["titles"]
    parts, expected = (by(a["parts"], "edition", "year") for a in (told, wanted))
    assert list(parts) == list(expected)
    for panel, part in parts.items():
        assert comparable(part) == comparable(expected[panel]), panel
    members, others = (by(a["catalogue"]["municipalities"], "code") for a in (told, wanted))
    assert members == others
    check_editions(told["catalogue"], wanted["catalogue"])


@pytest.mark.parametrize("code, edition, year", [
    ("1103", "", 0),  # asss-2010 has most figures about it, need-2026 is newer
    ("4003", "", 0),  # demography-2026-mmmm goes on to the 2030s
    ("4003", "demography-2026-mmmm", 0),
    ("3222", "", 0),
    ("3222", "resource-use-lorenskog", 0),
    ("1103", "", 2010),
    ("0138", "", 2015),
])
def test_what_was_left_open_is_the_newest_that_has_come(boarded, oracle, code, edition, year):
    newest_ms = max(release["publishedMs"] for release in boarded.get("/api/releases"))
    published = datetime.datetime.fromtimestamp(newest_ms / 1000, datetime.timezone.utc).year
    wanted = oracle.completed(code, edition, year, published)
    asked = f"/api/article?municipality={code}"
    asked += f"&edition={edition}" if edition else ""
    told = boarded.get(asked + (f"&year={year}" if year else ""))
    assert told["asked"] == {"edition": wanted[0], "year": wanted[1]}
    assert told["asked"]["year"] <= published
    assert told["sections"] == oracle.article(code, *wanted)["sections"]


def check_editions(told, wanted):
    """Names, sectors, indicators and years of the editions; ids of releases are the board's."""
    editions, expected = (by(c["editions"], "id") for c in (told, wanted))
    assert list(editions) == list(expected)
    for name, edition in editions.items():
        other = expected[name]
        for key in ("known", "title", "source", "scale", "reference", "sectors"):
            assert edition[key] == other[key], (name, key)
        missing = {i: n for i, n in other["names"].items() if edition["names"].get(i) != n}
        assert not missing, (name, missing)
        for year, expected_year in zip(edition["years"], other["years"], strict=True):
            for key in ("year", "municipalities", "rows"):
                assert year[key] == expected_year[key], (name, year["year"], key)


def test_the_catalogue_has_all_that_was_published(boarded, oracle):
    told, wanted = boarded.get("/api/catalogue"), oracle.catalogue()
    assert told["municipalities"] == wanted["municipalities"]
    check_editions(told, wanted)


def test_a_part_names_the_release_that_it_is_of(boarded):
    shown = boarded.shown()
    article = boarded.get(query("4003", "demography-2026-mmmm", 2026, {}))
    releases = {release["id"]: release for release in boarded.get("/api/releases")}
    for part in article["parts"]:
        assert part["release"] == shown[part["edition"], part["year"]]
        release = releases[part["release"]]
        assert part["publishedMs"] == release["publishedMs"]
        assert part["sources"] == release["sources"] and part["sources"]


@pytest.mark.parametrize("asked, status", [
    ("municipality=9999&edition=need-2026&year=2026", 404),
    ("municipality=40034", 400),
    ("municipality=4003&edition=../../etc&year=2026", 400),
    ("municipality=4003&year=20267", 400),
    ("municipality=4003&use=nothing:at/all", 400),
    ("", 400),
])
def test_what_cannot_be_answered_is_refused_with_the_reason(boarded, asked, status):
    told, headers, body = boarded.ask(f"/api/article?{asked}")
    assert told == status, body
    assert "json" in headers["Content-Type"] and len(body) > 10


# ---- a store that takes nothing in ----


def test_what_cannot_be_noted_is_tried_once_a_second_and_told_as_often(boarded):
    def tries():
        return boarded.board_log().count("doing=noting-phases")

    def alter(statement):
        with contextlib.closing(sqlite3.connect(boarded.store, timeout=60)) as base:
            base.execute(statement)
            base.commit()

    boarded.kill_board()
    alter("CREATE TRIGGER full BEFORE INSERT ON phases BEGIN SELECT RAISE(FAIL, 'full'); END")
    try:
        boarded.start_board()
        wait_until(tries, "the first try")
        began, first = time.monotonic(), tries()
        wait_until(lambda: tries() >= first + 3, "three more")
        assert time.monotonic() - began > 2
    finally:
        alter("DROP TRIGGER full")
    wait_until(lambda: boarded.ask("/readyz")[0] == 200, "the board ready")
