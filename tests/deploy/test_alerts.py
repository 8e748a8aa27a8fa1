"""The alert rules: sound, tested, about metrics that there are, each in the runbook."""

import re
import shutil
import subprocess

import pytest
import yaml
from conftest import DEPLOY, PROGRAMS, ROOT, SERVICES, assert_there_are

FOLDER = DEPLOY / "prometheus"
RULES = FOLDER / "kostraflow.rules.yml"
TESTS = FOLDER / "kostraflow.test.yml"
RUNBOOK = ROOT / "docs" / "OPERATIONS.md"


def rules():
    text = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    return [rule for group in text["groups"] for rule in group["rules"]]


ALERTS = [rule["alert"] for rule in rules()]


def promtool(*words, folder=FOLDER):
    return subprocess.run(["promtool", *words], capture_output=True, text=True, check=False,
                          cwd=folder, timeout=120)


def test_promtool_finds_the_rules_and_the_scrape_settings_sound():
    for words in (["check", "rules", RULES.name], ["check", "config", "prometheus.yml"]):
        done = promtool(*words)
        assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_fires_when_it_should_and_not_otherwise():
    done = promtool("test", "rules", TESTS.name)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("expression", ["vector(1)", "vector(0) > 1"])
def test_the_tests_notice_each_rule_that_always_or_never_fires(expression, tmp_path):
    text = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    for group in text["groups"]:
        for rule in group["rules"]:
            rule["expr"] = expression
            rule.pop("for", None)
    (tmp_path / RULES.name).write_text(yaml.safe_dump(text), encoding="utf-8")
    shutil.copy(TESTS, tmp_path)
    done = promtool("test", "rules", TESTS.name, folder=tmp_path)
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert [alert for alert in ALERTS if f'alertname=\\"{alert}\\"' not in said
            and f'alertname="{alert}"' not in said] == []


@pytest.mark.parametrize("rule", rules(), ids=ALERTS)
def test_a_rule_asks_for_metrics_and_labels_that_there_are(rule, pages):
    assert_there_are(rule["expr"], pages)


def test_the_scrape_settings_name_the_ports_of_the_services():
    text = yaml.safe_load((FOLDER / "prometheus.yml").read_text(encoding="utf-8"))
    (job,) = text["scrape_configs"]
    scraped = {part["labels"]["service"]: part["targets"] for part in job["static_configs"]}
    assert sorted(scraped) == sorted(PROGRAMS)
    for service in PROGRAMS:
        own = yaml.safe_load((DEPLOY / "etc" / f"{service}.yaml").read_text(encoding="utf-8"))
        assert scraped[service] == [f"127.0.0.1:{own['http-port']}"]


def test_the_memory_alert_is_five_sixths_of_what_the_units_allow():
    (rule,) = [rule for rule in rules() if rule["alert"] == "KostraflowMemoryHigh"]
    limits = {}
    for service in PROGRAMS:
        (unit,) = (DEPLOY / "systemd").glob(f"kostraflow-{service}*.service")
        limits[service] = re.search(r"^MemoryMax=(\d+)G$", unit.read_text(), re.M)[1]
    assert {limits["ingest"], limits["publish"]} == {"4"}
    assert {limits[service] for service in [*SERVICES[1:-1], "board"]} == {"2"}
    assert re.findall(r"> (\d) \* 1024\^3 \* 5 / 6", rule["expr"]) == ["4", "2"]


def paragraphs():
    """{alert: its paragraph} of the runbook."""
    text = RUNBOOK.read_text(encoding="utf-8")
    found = re.findall(r"^### (Kostraflow\w+)\n\n(.*?)(?=\n\n|\Z)", text, re.M | re.S)
    return dict(found)


def test_every_alert_has_one_paragraph_of_the_runbook_and_every_paragraph_an_alert():
    headings = re.findall(r"^### (Kostraflow\w+)$", RUNBOOK.read_text(encoding="utf-8"), re.M)
    assert sorted(headings) == sorted(ALERTS)


@pytest.mark.parametrize("alert", ALERTS)
def test_a_paragraph_says_what_it_means_how_to_look_and_what_to_do(alert):
    for part in ("**Means**", "**Look**", "**Do**"):
        assert part in paragraphs()[alert], part
