"""The dashboard for Grafana: what Grafana takes, about metrics that there are."""

import copy
import enum
import json
import re
import subprocess
import typing

import pytest
import yaml
from conftest import DEPLOY, assert_there_are
from grafana_foundation_sdk.cog import plugins
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard

FOLDER = DEPLOY / "grafana"
DASHBOARD = json.loads((FOLDER / "kostraflow.json").read_text(encoding="utf-8"))
COLUMNS = 24
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
ROWS = [panel["title"] for panel in DASHBOARD["panels"] if panel["type"] == "row"]
EXPRESSIONS = sorted({target["expr"] for panel in PANELS for target in panel["targets"]}
                     | {note["expr"] for note in DASHBOARD["annotations"]["list"]})

plugins.register_default_plugins()


def lost(given, taken, path=""):
    """Paths of what Grafana's own types did not keep of what they were given."""
    if isinstance(given, dict) and isinstance(taken, dict):
        return [found for key, value in given.items()
                for found in ([f"{path}/{key}"] if key not in taken
                              else lost(value, taken[key], f"{path}/{key}"))]
    if isinstance(given, list) and isinstance(taken, list) and len(given) == len(taken):
        return [found for number, (mine, theirs) in enumerate(zip(given, taken, strict=True))
                for found in lost(mine, theirs, f"{path}/{number}")]
    return [] if given == taken else [path]


def choices(hint):
    """The values that a type allows: those of an enumeration or of literals; else nothing."""
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return {member.value for member in hint}
    if typing.get_origin(hint) is typing.Literal:
        return set(typing.get_args(hint))
    inner = [choices(part) for part in typing.get_args(hint) if part is not type(None)]
    return set().union(*inner) if inner and all(inner) else set()


def unknown_values(thing):
    """Values that Grafana's types do not allow where they stand."""
    if isinstance(thing, list):
        return [found for part in thing for found in unknown_values(part)]
    if not hasattr(type(thing), "from_json"):
        return []
    hints, found = typing.get_type_hints(type(thing)), []
    for name, value in vars(thing).items():
        allowed = choices(hints.get(name))
        plain_value = value.value if isinstance(value, enum.Enum) else value
        if allowed and value is not None and plain_value not in allowed:
            found.append(plain_value)
        found += unknown_values(value)
    return found


def through_grafana(dashboard):
    """The dashboard read and written by the types that Grafana publishes."""
    return json.loads(JSONEncoder().encode(Dashboard.from_json(copy.deepcopy(dashboard))))


def test_grafanas_own_types_know_every_key_and_value_in_it():
    assert lost(DASHBOARD, through_grafana(DASHBOARD)) == []
    assert unknown_values(Dashboard.from_json(copy.deepcopy(DASHBOARD))) == []


def test_those_types_notice_a_misspelled_key_and_a_value_that_there_is_not():
    wrong = copy.deepcopy(DASHBOARD)
    target = wrong["panels"][1]["targets"][0]
    target["legendFromat"] = target.pop("legendFormat")
    assert lost(wrong, through_grafana(wrong)) == ["/panels/1/targets/0/legendFromat"]
    series = next(panel for panel in wrong["panels"] if panel["type"] == "timeseries")
    series["fieldConfig"]["defaults"]["custom"]["drawStyle"] = "lines"
    assert unknown_values(Dashboard.from_json(wrong)) == ["lines"]


def test_promtool_takes_every_expression(tmp_path):
    rules = [{"record": f"panel:{number}", "expr": plain(expression)}
             for number, expression in enumerate(EXPRESSIONS)]
    path = tmp_path / "rules.yml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": rules}]}),
                    encoding="utf-8")
    done = subprocess.run(["promtool", "check", "rules", path], capture_output=True, text=True,
                          check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def plain(expression):
    """The expression with Grafana's variables filled in."""
    return expression.replace("$__rate_interval", "5m").replace("$service", ".*")


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_a_panel_asks_for_metrics_and_labels_that_there_are(expression, pages):
    assert_there_are(plain(expression), pages)


def test_what_a_legend_names_is_a_label_that_remains():
    for panel in PANELS:
        for target in panel["targets"]:
            labels = set(re.findall(r"\{\{(\w+)\}\}", target.get("legendFormat", "")))
            kept = re.search(r"by \(([^)]*)\)", target["expr"])
            summed = re.match(r"(sum|count)\b", target["expr"])
            if kept:
                assert labels <= set(re.findall(r"\w+", kept[1])), panel["title"]
            elif summed:
                assert not labels, panel["title"]


def test_there_is_a_row_for_each_thing_to_watch():
    assert ROWS == ["Stages", "Panels and rates", "Releases", "Latency", "Kafka",
                    "Statistics Norway", "Board"]


def test_every_panel_has_a_place_of_its_own_and_says_what_it_shows():
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(set(ids)) == len(ids)
    taken = {}
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        assert 0 <= place["x"] and place["x"] + place["w"] <= COLUMNS, panel["title"]
        for cell in [(x, y) for x in range(place["x"], place["x"] + place["w"])
                     for y in range(place["y"], place["y"] + place["h"])]:
            assert cell not in taken, (panel["title"], taken.get(cell))
            taken[cell] = panel["title"]
    for panel in PANELS:
        assert panel["title"] and panel["description"].endswith("."), panel["title"]


def test_it_asks_the_prometheus_that_the_reader_chooses_and_no_other():
    chosen = {"type": "prometheus", "uid": "${datasource}"}
    variables = {variable["name"]: variable for variable in DASHBOARD["templating"]["list"]}
    assert variables["datasource"]["type"] == "datasource"
    assert variables["datasource"]["query"] == "prometheus"
    asked = [variables["service"]["datasource"], *(note["datasource"] for note
                                                   in DASHBOARD["annotations"]["list"])]
    for panel in PANELS:
        asked += [panel["datasource"], *(target["datasource"] for target in panel["targets"])]
    assert all(source == chosen for source in asked)
    assert "http" not in json.dumps(DASHBOARD)


def test_grafana_is_told_where_the_package_puts_it():
    text = (FOLDER / "provisioning" / "kostraflow.yaml").read_text(encoding="utf-8")
    (provider,) = yaml.safe_load(text)["providers"]
    assert provider["type"] == "file"
    assert provider["options"] == {"path": "/usr/share/kostraflow/grafana"}
    package = (DEPLOY.parent / "cmake" / "kf_package.cmake").read_text(encoding="utf-8")
    assert re.search(r"\$\{deploy\}/grafana\s+DESTINATION "
                     r"\$\{CMAKE_INSTALL_DATADIR\}/kostraflow\)", package)
