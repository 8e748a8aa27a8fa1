"""Maps of tables against their JSON Schema, and against what is told of them elsewhere."""

import re

import pytest
import yaml
from test_editions import EDITIONS, ROOT, faults, validator

MAPS = sorted(p for p in EDITIONS.glob("sources/*.yaml") if p.name != "calendar.yaml")


def read(path):
    return yaml.safe_load(path.read_text("utf-8"))


def test_there_are_maps():
    assert {"07459", "12134", "12209", "12255", "12362", "12367", "13502", "14288"} <= {
        path.stem for path in MAPS}


@pytest.mark.parametrize("path", MAPS, ids=lambda p: p.stem)
def test_a_map_fits_the_schema(path):
    assert faults(path, "source") == []


@pytest.mark.parametrize("path", MAPS, ids=lambda p: p.stem)
def test_a_map_is_named_as_its_file_and_has_its_row_in_the_documentation(path):
    assert read(path)["table"] == path.stem
    assert re.search(rf"^\| `{path.stem}` \|", (ROOT / "docs" / "SOURCES.md").read_text("utf-8"),
                     re.M)


def test_a_live_edition_names_tables_with_maps_and_files_that_are_there():
    live = 0
    for path in EDITIONS.glob("*.yaml"):
        sources = (read(path) or {}).get("sources") or {}
        live += bool(sources)
        assert set(sources.get("tables", [])) <= {p.stem for p in MAPS}
        assert all((path.parent / name).is_file() for name in sources.get("files", []))
    assert live >= 3


GOOD = {"table": "99999", "title": {"nb": "a", "en": "b"}, "publication": "kostra", "region": "R",
        "time": "T", "figures": [{"variable": "bdu", "select": {"C": "X"}, "verified": True}]}


def test_the_smallest_map_fits():
    assert not list(validator("source").iter_errors(GOOD))


@pytest.mark.parametrize("change", [
    {"table": 99999}, {"title": {"nb": "a"}}, {"publication": "Å"}, {"unknown": 1},
    {"figures": []}, {"figures": [{"variable": "bdu", "select": {"C": "X"}}]},
    {"figures": [{"variable": "bdu", "family": "x_", "verified": True}]},
    {"figures": [{"family": "x_", "dimension": "A", "verified": True}]},
    {"figures": [{"variable": "bdu", "verified": False}]},
    {"figures": [{"variable": "bdu", "verified": True, "factor": 0}]},
    {"figures": [{"variable": "bdu", "verified": True, "year_offset": 9}]},
    {"symbols": {"x": "funny"}}, {"select": {}}, {"estimates": ["A", "A"]},
], ids=str)
def test_what_the_program_refuses_the_schema_refuses(change):
    assert list(validator("source").iter_errors({**GOOD, **change}))
