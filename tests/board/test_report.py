"""`kf report`: the article as files, from the topics alone."""

import contextlib
import decimal
import pathlib
import re
import signal
import sqlite3
import subprocess
import sys

import pytest
from line import wait_until
from reports import Page, command, pdf_facts, pdf_text, report

SKIEN = ("--municipality", "4003", "--edition", "demography-2026-mmmm", "--year", "2026")


def deviation(index, language):
    """What is beyond 1, in percent with a sign and one decimal, as the language writes it."""
    percent = (decimal.Decimal(repr(index)) - 1) * 100
    shown = f"{percent.quantize(decimal.Decimal('0.1'), decimal.ROUND_HALF_UP):+}"
    return shown.replace("-", "\u2212").replace(".", "," if language == "nb" else ".")


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """$TMPDIR of the programs; must be empty when they have ended."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    yield folder
    assert not list(folder.iterdir())


@pytest.mark.parametrize("language", ["nb", "en"])
def test_html_is_one_file_with_the_boards_own_article(boarded, tmp_path, temporary, language):
    file = tmp_path / "skien.html"
    done = report(boarded, *SKIEN, "--lang", language, "--output", file)
    assert done.returncode == 0, done.stderr
    assert "1 report" in done.stdout and str(file) in done.stdout
    spent, reading = map(float, re.search(r"([\d.]+) s, ([\d.]+) of them reading", done.stdout)
                         .groups())
    assert 0 < reading <= spent
    page = Page(file)
    assert not page.elsewhere
    assert "default-src 'none'" in page.policy and "connect-src" not in page.policy
    assert page.language == language
    assert page.title.startswith("Skien")
    wanted = boarded.get("/api/article?municipality=4003&edition=demography-2026-mmmm&year=2026")
    told = dict(page.article)
    told["catalogue"] = told["catalogue"] | {"program": wanted["catalogue"]["program"]}
    assert told == wanted


def test_a_boards_database_gives_the_same_bytes_as_the_topics(boarded, tmp_path, temporary):
    files = tmp_path / "topics.html", tmp_path / "board.html"
    wait_until(lambda: all("committedMs" in release.get("phases", {})
                           for release in boarded.get("/api/releases")),
               "the board has noted what ingest tells of the last release")
    before = boarded.store.stat().st_mtime_ns
    for file, source in zip(files, (None, ("--board", boarded.store))):
        done = report(boarded, *SKIEN, "--output", file, source=source)
        assert done.returncode == 0, done.stderr
    assert files[0].read_bytes() == files[1].read_bytes()
    assert boarded.store.stat().st_mtime_ns == before


def test_a_section_takes_its_figures_from_where_it_is_told_to(boarded, tmp_path, temporary):
    file = tmp_path / "stavanger.html"
    done = report(boarded, "--municipality", "1103", "--edition", "asss-2010", "--year", "2010",
                  "--use", "need:care-2017/2017", "--group", "0301", "1001", "--output", file)
    assert done.returncode == 0, done.stderr
    page = Page(file)
    need, production = (page.article["sections"][name] for name in ("need", "production"))
    assert (need["edition"], need["year"]) == ("care-2017", 2017)
    assert (production["edition"], production["year"]) == ("asss-2010", 2010)
    assert 'data-group="0301,1001"' in page.text


def test_all_members_of_an_edition_get_a_file_each(boarded, tmp_path, temporary):
    folder = tmp_path / "reports"
    done = report(boarded, "--municipality", "all", "--edition", "asss-2010", "--year", "2010",
                  "--output", folder)
    assert done.returncode == 0, done.stderr
    files = {file.name: file for file in folder.iterdir()}
    assert len(files) == 10
    assert {"1103-Stavanger.html", "0301-Oslo.html"} <= set(files)
    for name, file in files.items():
        article = Page(file).article
        assert article["municipality"]["code"] == name[:4]
        assert article["sections"]["production"]["edition"] == "asss-2010"


def test_what_is_wrong_with_one_does_not_stop_the_others(boarded, tmp_path, temporary):
    folder = tmp_path / "reports"
    done = report(boarded, "--municipality", "4003", "porsgrunn", "Porsgrun", "3807", "0199",
                  "--output", folder)
    assert done.returncode == 1
    assert sorted(file.name for file in folder.iterdir()) == ["4001-Porsgrunn.html",
                                                              "4003-Skien.html"]
    assert "did you mean 4001 Porsgrunn?" in done.stderr
    assert "3807 Skien was a municipality until 2023" in done.stderr
    assert "since then 4003 Skien" in done.stderr
    assert "0199 was never a municipality code" in done.stderr
    assert "3 reports could not be written" in done.stderr


def test_a_file_that_cannot_be_written_is_told_and_the_others_are(boarded, tmp_path, temporary):
    folder = tmp_path / "reports"
    (folder / "4003-Skien.html").mkdir(parents=True)
    done = report(boarded, "--municipality", "4003", "4001", "--output", folder)
    assert done.returncode == 1
    assert "4003 Skien" in done.stderr and "is a folder" in done.stderr
    assert Page(folder / "4001-Porsgrunn.html").article["municipality"]["code"] == "4001"


@pytest.mark.parametrize("language, words", [("nb", "Tall fra Statistisk sentralbyrå"),
                                             ("en", "Figures of Statistics Norway")])
def test_a_pdf_opens_and_has_the_figures_of_kf_compute(boarded, oracle, tmp_path, temporary,
                                                       language, words):
    file = tmp_path / "skien.pdf"
    done = report(boarded, *SKIEN, "--use", "need:need-2026/2026", "--lang", language, "--output",
                  file)
    assert done.returncode == 0, done.stderr
    facts, text = pdf_facts(file), pdf_text(file)
    assert "(A4)" in facts["Page size"]
    assert facts["Tagged"] == "yes"
    assert facts["Title"].startswith("Skien")
    pages = int(facts["Pages"])
    assert f"{pages} {'av' if language == 'nb' else 'of'} {pages}" in text
    assert words in text and "Skien" in text
    needs = [record["measures"]["need_index"] for key, record
             in oracle.shown["need-2026", 2026].records.items()
             if key[:2] == ("need", "4003") and "need_index" in record["measures"]]
    assert len(needs) == 8
    lacking = [need for need in needs if deviation(need, language) not in text]
    assert not lacking, text


def test_ctrl_c_leaves_whole_files_and_nothing_else(boarded, tmp_path, temporary):
    folder = tmp_path / "reports"
    words = command(boarded, "--municipality", "all", "--edition", "need-2026", "--output", folder)
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as running:
        wait_until(lambda: folder.is_dir() and any(folder.glob("*.html")), "a first report")
        running.send_signal(signal.SIGINT)
        said = running.stderr.read()
        assert running.wait() == 1
    files = list(folder.iterdir())
    assert 0 < len(files) < 357
    assert "stopped" in said and f"{len(files)} of 357" in said
    for file in files:
        assert file.suffix == ".html"
        assert file.read_text(encoding="utf-8").rstrip().endswith("</html>")


@pytest.mark.parametrize("options, code, told", [
    (("--municipality", "4003", "--output", "x.txt"), 2, "FILE.html, FILE.pdf, or a folder"),
    (("--municipality", "4003", "4001", "--output", "x.pdf"), 2, "name a folder"),
    (("--municipality", "all", "--output", "x.html"), 2, "name a folder"),
    (("--municipality", "4003", "--output", "x.html", "--lang", "sv"), 2, "nb or en"),
    (("--municipality", "4003", "--output", "x.html", "--edition", "need-1814"), 2,
     "no figures of need-1814"),
    (("--municipality", "4003", "--output", "x.html", "--edition", "need-2026", "--year", "1990"),
     2, "there are:"),
    (("--municipality", "4003", "--output", "x.html", "--use", "ned:need-2026/2026"), 2,
     "did you mean need"),
    (("--municipality", "4003", "--output", "x.html", "--use", "need:need-2026"), 2,
     "SECTION:EDITION/YEAR"),
    (("--municipality", "4003", "--output", "x.html", "--group", "fylket"), 2, "county"),
    (("--municipality", "Atlantis", "--output", "x.html"), 2, "four digits"),
    (("--municipality", "4003", "--output", "no/such/x.html"), 1, "no/such/x.html"),
    (("--municipality", "4003", "--output", "x.pdf", "--browser", "mosaic"), 2, "mosaic"),
    (("--municipality", "4003", "--output", "x.pdf", "--browser", "/bin/false"), 1, "/bin/false"),
])
def test_what_cannot_be_done_is_told_with_the_remedy(boarded, tmp_path, temporary, options, code,
                                                     told):
    done = report(boarded, *options, source=("--board", boarded.store), folder=tmp_path)
    assert done.returncode == code, done.stderr
    assert told in done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"temporary"}


def test_without_a_browser_a_pdf_says_how_to_get_one(boarded, tmp_path, temporary):
    done = report(boarded, *SKIEN, "--output", "x.pdf", source=("--board", boarded.store),
                  environment={"PATH": str(tmp_path)}, folder=tmp_path)
    assert done.returncode == 2
    assert "Debian: apt install chromium" in done.stderr and "--browser" in done.stderr
    assert "Ubuntu" not in done.stderr  # its chromium is a snap, with a /tmp of its own
    assert not (tmp_path / "x.pdf").exists()


@pytest.mark.parametrize("source, code, told", [
    (("--bootstrap-servers", "127.0.0.1:1"), 1, "127.0.0.1:1"),
    (("--board", "no-such.db"), 2, "no-such.db"),
])
def test_figures_that_cannot_be_read_are_told(boarded, tmp_path, temporary, source, code, told):
    done = report(boarded, *SKIEN, "--output", "x.html", source=source, folder=tmp_path)
    assert done.returncode == code, done.stderr
    assert told in done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"temporary"}


BETWEEN = """#!/bin/sh
{python} - <<'END'
import sqlite3
base = sqlite3.connect({store!r}, timeout=60)
base.execute("DROP TABLE coverage")
base.commit()
END
exec {fake} "$@"
"""


def test_all_reports_of_a_run_are_of_what_the_board_showed_when_it_began(boarded, tmp_path,
                                                                         temporary):
    store, browser, folder = (tmp_path / name for name in ("copy.db", "browser", "reports"))
    with contextlib.closing(sqlite3.connect(boarded.store)) as live, \
            contextlib.closing(sqlite3.connect(store)) as copy:
        live.backup(copy)
        assert copy.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
    fake = pathlib.Path(__file__).resolve().parents[1] / "tools" / "kf" / "fake_browser.py"
    browser.write_text(BETWEEN.format(python=sys.executable, store=str(store), fake=fake))
    browser.chmod(0o755)
    done = report(boarded, "--municipality", "0301", "1103", "--edition", "asss-2010", "--year",
                  "2010", "--format", "pdf", "--browser", browser, "--output", folder,
                  source=("--board", store),
                  environment={"FAKE_BROWSER": "dies@Nothing",
                               "FAKE_BROWSER_COUNT": str(tmp_path / "count")})
    with contextlib.closing(sqlite3.connect(store)) as copy:  # it was another soon after
        assert not copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'coverage'").fetchall()
    assert done.returncode == 0, done.stderr
    assert len(list(folder.iterdir())) == 2


def test_a_browser_that_dies_at_every_page_is_given_up(boarded, tmp_path, temporary):
    fake = pathlib.Path(__file__).resolve().parents[1] / "tools" / "kf" / "fake_browser.py"
    folder = tmp_path / "reports"
    done = report(boarded, "--municipality", "all", "--edition", "asss-2010", "--output", folder,
                  "--format", "pdf", "--browser", fake, source=("--board", boarded.store),
                  environment={"FAKE_BROWSER": "dies@Page.navigate",
                               "FAKE_BROWSER_COUNT": str(tmp_path / "count")})
    assert done.returncode == 1
    assert "0 of 10 reports are written" in done.stderr
    assert not list(folder.iterdir())
    assert len((tmp_path / "count").read_text().splitlines()) < 10
