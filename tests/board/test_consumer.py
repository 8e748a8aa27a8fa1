"""The consumer that docs/RESULTS.md prints finds on the topics what the board shows."""

import re
import subprocess
import sys

from boarded import ROOT

WITHIN_S = 90


def printed():
    """The program on the page."""
    page = (ROOT / "docs" / "RESULTS.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"^```python\n(.*?)^```", page, re.S | re.M)
    return program


def consumed(folder, boarded, program):
    """{(edition, year): what it says of it}."""
    path = folder / "consumer.py"
    path.write_text(program, encoding="utf-8")
    answer = subprocess.run([sys.executable, path, boarded.broker.bootstrap], capture_output=True,
                            text=True, timeout=WITHIN_S, check=False)
    assert answer.returncode == 0, answer.stderr
    lines = [line.split("\t") for line in answer.stdout.splitlines()]
    return {(edition, int(year)): word for edition, year, word in lines}


def test_the_printed_consumer_finds_every_edition_and_year_whole(boarded, tmp_path):
    assert consumed(tmp_path, boarded, printed()) == dict.fromkeys(boarded.shown(), "whole")


def test_the_printed_consumer_sees_a_changed_byte(boarded, tmp_path):
    """Of every edition and year: the last byte of each value is another when it is summed."""
    program = printed().replace("for part in (key, value)", "for part in (key, value[:-1] + b'!')")
    assert program != printed()
    assert consumed(tmp_path, boarded, program) == dict.fromkeys(boarded.shown(), "not whole")
