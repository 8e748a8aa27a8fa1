"""docs/FAILURES.md against the tests that it names: no row without a test that is there."""

import re

import pytest
from test_editions import ROOT

TABLE = ROOT / "docs" / "FAILURES.md"
ROW = re.compile(r"^\| (F\d\d(?:[–,] ?F?\d\d)*) \|(.*)\|$", re.M)
NAMED = re.compile(r"`(tests/[\w./-]+)(?:::(\w+))?`")


def rows():
    """{ids as written: the rest of the row}"""
    return dict(ROW.findall(TABLE.read_text("utf-8")))


def numbers(ids):
    """The failures that a row is about: F08–F10 are three."""
    first, *last = [int(number) for number in re.findall(r"\d\d", ids)]
    return set(range(first, (last[-1] if last else first) + 1))


def named():
    return [(ids, *name) for ids, row in rows().items() for name in NAMED.findall(row)]


def test_every_failure_has_its_row():
    assert set().union(*(numbers(ids) for ids in rows())) == set(range(1, 37))


def test_every_row_names_a_test():
    assert set(rows()) == {ids for ids, _, _ in named()}


@pytest.mark.parametrize("ids,path,name", named())
def test_a_test_that_is_named_is_there(ids, path, name):
    assert (ROOT / path).exists(), f"{ids}: {path} is not there"
    if name:
        found = re.search(rf"(?:def|class|static void) {name}\b", (ROOT / path).read_text("utf-8"))
        assert found, f"{ids}: no {name} in {path}"
