"""Editions and registers against their JSON Schemas."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
EDITIONS = ROOT / "editions"
BROKEN = ROOT / "data" / "broken" / "editions"


def validator(name):
    schema = json.loads((EDITIONS / "schema" / f"{name}.schema.json").read_text("utf-8"))
    return jsonschema.Draft202012Validator(schema)


def read(path):
    return yaml.safe_load(path.read_text("utf-8"))


def faults(path, schema="edition"):
    return [error.message for error in validator(schema).iter_errors(read(path))]


EDITION_FILES = sorted(p for p in EDITIONS.glob("*.yaml") if p.name != "variables.yaml")


@pytest.mark.parametrize("path", sorted(EDITIONS.glob("schema/*.json")), ids=lambda p: p.name)
def test_a_schema_is_a_schema(path):
    jsonschema.Draft202012Validator.check_schema(json.loads(path.read_text("utf-8")))


def test_there_are_editions():
    assert EDITION_FILES


@pytest.mark.parametrize("path", EDITION_FILES, ids=lambda p: p.stem)
def test_an_edition_fits_the_schema(path):
    assert faults(path) == []


@pytest.mark.parametrize("path", EDITION_FILES, ids=lambda p: p.stem)
def test_an_edition_is_named_as_its_file(path):
    assert read(path)["id"] == path.stem


def test_the_register_of_variables_fits_the_schema():
    assert faults(EDITIONS / "variables.yaml", "variables") == []


@pytest.mark.parametrize("name", ["unknown_key", "wrong_type"])
def test_a_broken_form_does_not_fit_the_schema(name):
    assert faults(BROKEN / f"{name}.yaml") != []


@pytest.mark.parametrize("name", ["unknown_variable", "duplicate_indicator",
                                  "weights_do_not_close"])
def test_what_no_schema_can_express_fits_it(name):
    assert faults(BROKEN / f"{name}.yaml") == []


def test_a_file_that_is_no_yaml_is_not_read():
    with pytest.raises(yaml.YAMLError):
        read(BROKEN / "bad_yaml.yaml")


def remove(edition, *keys):
    for key in keys[:-1]:
        edition = edition[key]
    del edition[keys[-1]]


@pytest.mark.parametrize("keys", [("id",), ("scale",), ("group",), ("sectors",),
                                  ("sectors", 0, "indicators", 0, "weight"),
                                  ("sectors", 0, "indicators", 0, "variable"),
                                  ("sectors", 0, "name", "nb")], ids=str)
def test_the_schema_misses_what_is_taken_away(keys):
    edition = read(EDITIONS / "asss-2010.yaml")
    remove(edition, *keys)
    assert list(validator("edition").iter_errors(edition))
