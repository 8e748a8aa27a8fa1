"""Editions and registers against their JSON Schemas."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
import referencing
import yaml

ROOT = Path(__file__).resolve().parents[2]
EDITIONS = ROOT / "editions"
BROKEN = ROOT / "data" / "broken" / "editions"


SCHEMAS = {path.name: json.loads(path.read_text("utf-8"))
           for path in EDITIONS.glob("schema/*.json")}
REGISTRY = referencing.Registry().with_resources(
    (name, referencing.Resource.from_contents(schema)) for name, schema in SCHEMAS.items())


def check_by(schema):
    """A validator that finds what a schema refers to in the others."""
    return jsonschema.Draft202012Validator(schema, registry=REGISTRY)


def validator(name):
    return check_by(SCHEMAS[f"{name}.schema.json"])


def load(text):
    """What JSON makes of the YAML: keys that are years are texts."""
    return json.loads(json.dumps(yaml.safe_load(text)))


def read(path):
    return load(path.read_text("utf-8"))


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


def test_the_calendar_fits_the_schema():
    assert faults(EDITIONS / "sources" / "calendar.yaml", "calendar") == []


def test_the_register_of_variables_fits_the_schema():
    assert faults(EDITIONS / "variables.yaml", "variables") == []


BAD_FORM = ["unknown_key", "wrong_type", "index_and_indicators", "reserved_id",
            "sector_without_purpose", "unknown_rule", "weights_and_weight",
            "only_bad_code", "reserved_use", "rates_negative",
            "service_in_kr", "rate_of_zero", "rate_of_no_year", "reserved_group",
            "thirteen_months"]
SOUND_FORM = ["unknown_variable", "duplicate_indicator", "weights_do_not_close", "base",
              "administration_produces", "change_without_deflators", "complement_of_persons",
              "extends_circle", "extends_fault", "extends_unknown", "need_without_key",
              "nothing_inherited", "outcome_as_regressor", "outdated_member",
              "product_without_quantity",
              "removes_nothing", "units_differ", "unknown_correction", "unknown_sector",
              "weights_leave_out", "weights_mixed", "weights_unknown_item",
              "need_of_unknown", "net_of_persons", "adjustment_of_nothing",
              "adjustment_of_both", "payroll_without_wages", "income_without_sectors",
              "ages_upside_down", "care_weights_of_zero",
              "projected_without_projection", "projection_of_nobody",
              "projection_of_no_year", "cost_groups_overlap",
              "rates_of_unknown_group", "derived_of_unknown", "derived_without_year",
              "derived_without_ages", "derived_without_expenditure",
              "service_unknown", "service_twice", "quantity_twice", "net_twice",
              "quantity_of_days", "rate_twice",
              "group_without_grant", "share_without_whole", "approved_of_days",
              "growth_of_persons", "prices_without_year", "users_without_cost",
              "users_of_nobody", "own_share_with_gap", "deduction_of_nothing",
              "refund_without_users", "base_without_prices"]


def test_every_broken_edition_is_expected_to_have_a_form_or_not():
    names = {path.stem for path in BROKEN.glob("*.yaml")}
    assert names == {"bad_yaml", *BAD_FORM, *SOUND_FORM}


@pytest.mark.parametrize("name", BAD_FORM)
def test_a_broken_form_does_not_fit_the_schema(name):
    assert faults(BROKEN / f"{name}.yaml") != []


@pytest.mark.parametrize("name", SOUND_FORM)
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


# ---- the language ----

SCHEMA = SCHEMAS["edition.schema.json"]
OBJECTS = {"": SCHEMA, **{name: form for name, form in SCHEMA["$defs"].items()
                          if "properties" in form and not name.startswith("complete")}}
KEYS = [(name, key) for name, form in OBJECTS.items() for key in form["properties"]]


@pytest.mark.parametrize(("name", "key"), KEYS, ids=lambda part: part or "edition")
def test_every_key_is_told_with_an_example_and_a_default_of_its_own_form(name, key):
    form = OBJECTS[name]["properties"][key]
    assert form["title"] and form["description"].endswith(".") and form["examples"]
    one = check_by({**form, "$defs": SCHEMA["$defs"]})
    for value in [*form["examples"], *([form["default"]] if "default" in form else [])]:
        assert list(one.iter_errors(value)) == []


def test_the_reader_and_the_schema_know_the_same_keys():
    lists = re.compile(r"static const char \*const (\w*keys|variable_only)\[\] = \{(.*?)\};", re.S)
    read = set()
    for path in (ROOT / "common" / "model").glob("edition_*.c"):
        for _, words in lists.findall(path.read_text("utf-8")):
            read.update(re.findall(r'"(\w+)"', words))
    assert read | {"nb", "en", "remove"} == {key for _, key in KEYS}


def page_editions():
    page = (ROOT / "docs" / "EDITIONS.md").read_text("utf-8")
    blocks = [load(block) for block in re.findall(r"```yaml\n(.*?)```", page, re.S)
              if re.search(r"^id: min", block, re.M)]
    assert [block["id"] for block in blocks] == ["min", "min-med-alle"]
    return blocks


def test_the_editions_of_the_page_fit_the_schema():
    for edition in page_editions():
        assert list(validator("edition").iter_errors(edition)) == []


def test_need_resource_use_and_demography_of_the_page_are_one_edition():
    page = (ROOT / "docs" / "EDITIONS.md").read_text("utf-8")
    section = page.split("## What a municipality needs and spends")[1].split("\n## ")[0]
    edition = load("".join(re.findall(r"```yaml\n(.*?)```", section, re.S)))
    assert [*edition] == ["need", "sectors", "disposable_income", "demography"]
    whole = {**page_editions()[0], **edition}
    assert list(validator("edition").iter_errors(whole)) == []
    del whole["demography"]["costs"]["sectors"][1]["of"]
    assert list(validator("edition").iter_errors(whole)) != []


def test_demography_alone_needs_no_sectors():
    def alone(edition, _):
        del edition["sectors"]
        edition["demography"] = {"base": 2020, "groups": [
            {"id": "67+", "name": {"nb": "Eldre", "en": "Old"}, "ages": "67+"}]}

    assert fits(alone)
    assert not fits(lambda edition, _: edition.pop("sectors"))


def costs_of_the_page():
    """The page's edition of unit costs and a trial."""
    page = (ROOT / "docs" / "EDITIONS.md").read_text("utf-8")
    section = page.split("## What care costs")[1].split("\n## ")[0]
    return load("".join(re.findall(r"```yaml\n(.*?)```", section, re.S)))


def test_unit_costs_and_trial_of_the_page_are_one_edition():
    edition = costs_of_the_page()
    assert {"unit_costs", "trial"} <= {*edition}
    assert not {"population", "sectors", "demography"} & {*edition}
    assert list(validator("edition").iter_errors(edition)) == []


@pytest.mark.parametrize("keys", [
    ("unit_costs", "services", 0, "rates"), ("unit_costs", "groups", 0, "net"),
    ("unit_costs", "groups", 0, "services", 0, "quantity"), ("unit_costs", "prices"),
    ("unit_costs", "institution", "of"), ("unit_costs", "user_time", 0, "available"),
    ("unit_costs", "growth", 0, "demographic"), ("trial", "grants", 0, "amount"),
    ("trial", "deduction"), ("trial", "resource_intensive", "thresholds"),
    ("trial", "resource_intensive", "net"), ("trial", "resource_intensive", "growth"),
    ("trial", "demography", "growth")], ids=str)
def test_the_schema_misses_what_is_taken_from_unit_costs_and_a_trial(keys):
    edition = costs_of_the_page()
    remove(edition, *keys)
    assert list(validator("edition").iter_errors(edition))


def test_what_is_per_inhabitant_needs_a_population():
    edition = costs_of_the_page()
    edition["demography"] = {"base": 2020, "groups": [
        {"id": "67+", "name": {"nb": "Eldre", "en": "Old"}, "ages": "67+"}]}
    assert list(validator("edition").iter_errors(edition))
    edition["population"] = "folkemengde"
    assert list(validator("edition").iter_errors(edition)) == []


def test_variables_of_an_edition_are_written_as_in_the_register():
    edition = costs_of_the_page()
    edition["variables"] = [{"id": "egne", "unit": "kr", "minimum": 0,
                             "name": {"nb": "Egne", "en": "Own"}}]
    assert list(validator("edition").iter_errors(edition)) == []
    edition["variables"][0]["unit"] = "kroner"
    assert list(validator("edition").iter_errors(edition))


def fits(change):
    """Whether the page's edition fits the schema after `change`."""
    edition = page_editions()[0]
    change(edition, edition["sectors"][0])
    return not list(validator("edition").iter_errors(edition))


def without_weights(sector):
    for indicator in sector["indicators"]:
        del indicator["weight"]


def test_weights_stand_in_one_place():
    def derived(_, sector):
        without_weights(sector)
        sector["weights"] = {"rule": "main", "main": ["oppholdstimer"], "supplementary": "areal"}

    def both(_, sector):
        sector["weights"] = {"rule": "equal", "parts": ["oppholdstimer", "areal"]}

    def neither(_, sector):
        without_weights(sector)

    assert fits(lambda edition, sector: None)
    assert fits(derived)
    assert not fits(both)
    assert not fits(neither)


def test_what_an_edition_inherits_it_need_not_say():
    assert fits(lambda edition, sector: [edition.pop("scale"), edition.update(extends="base")])
    assert not fits(lambda edition, sector: edition.pop("scale"))


def words(form):
    """Every key and word that the schema allows."""
    if isinstance(form, list):
        return set().union(*map(words, form))
    if not isinstance(form, dict):
        return set()
    own = set(form.get("properties", {})) | {form.get("const")} | set(form.get("enum", []))
    return {word for word in own if isinstance(word, str)}.union(*map(words, form.values()))


def test_the_reader_knows_every_word_of_the_language():
    source = (ROOT / "common" / "model" / "yaml.c").read_text("utf-8")
    table = re.search(r"language\[\] =(.*?);", source, re.S)[1]
    reserved = {"total_with_administration", "inside", "residual"}
    assert set(re.findall(r"[^\s\"]+", table)) == words(SCHEMA) - reserved
