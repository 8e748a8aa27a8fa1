"""Figures of the whole country: what does not fit is told with its reason and what to do."""

import re
import subprocess

import pytest
from conftest import DEADLINE_S, ROOT, binaries, environment, read_topic

POPULATION = ROOT / "data" / "population" / "population.csv"


@pytest.fixture(name="years_of_the_country")
def fixture_years_of_the_country(tmp_path):
    """Writes the country's population of some years to a file."""

    def write(*years):
        lines = POPULATION.read_text(encoding="utf-8").splitlines(keepends=True)
        file = tmp_path / "population.csv"
        kept = [line for line in lines[1:] if int(line.split(",")[1]) in years]
        file.write_text(lines[0] + "".join(kept), encoding="utf-8")
        return file

    return write


def releases(pipeline, *words):
    command = [binaries() / "kf", "releases", *words, "--state-dir", pipeline.state]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=DEADLINE_S, check=True, env=environment()
    ).stdout


def test_a_release_too_large_to_be_held_says_so_in_the_ledger_and_what_to_raise(
    pipelines, years_of_the_country
):
    pipeline = pipelines("--hold-bytes-max", "1M").ready()
    pipeline.feed(years_of_the_country(2025, 2026))
    closed = pipeline.await_log("publish-0", r"release-rejected release=(\w+).* reason=\"(.*)\"")
    pipeline.await_log("ingest-0", rf"release-rejected .*{closed[1]}.*hold-bytes-max")
    shown = releases(pipeline, "show", closed[1])
    reason = re.search(r"^  reason +(.*)$", shown, re.MULTILINE)[1]
    assert re.search(r"\bpublish: the release takes more than the 1048576 bytes", reason), shown
    assert "kf up --hold-bytes-max" in reason
    assert "could be computed" not in shown


def test_a_release_of_which_the_broker_dropped_rows_is_shown_as_what_is_left_of_it(
    pipelines, years_of_the_country
):
    """The development broker keeps the newest 5 MiB of a topic: the first panels' rows are gone."""
    pipeline = pipelines().ready()
    pipeline.feed(years_of_the_country(2020, 2021, 2022, 2023, 2024, 2025, 2026))
    pipeline.await_log("ingest-0", r"release-committed ")
    left = pipeline.show(edition="need-2026-ages", year=2020, check=False)
    assert left.returncode == 1
    gone = re.search(
        r"^kf show: (\d+) of (\d+) rows of kostra\.need\.v1 are still on the topic$",
        left.stderr,
        re.MULTILINE,
    )
    assert gone, left.stderr
    counted = read_topic(pipeline.bootstrap, "kostra.need.v1")
    assert int(gone[1]) == len(counted) < int(gone[2])
    assert "keeps the newest 5 MiB of each topic" in left.stderr
    absent = pipeline.show(
        "--municipality", "9999", edition="need-2026-ages", year=2026, check=False
    )
    assert absent.returncode == 1
    assert "9999 is not among the " in absent.stderr
    assert "may be among those that are gone" in absent.stderr
