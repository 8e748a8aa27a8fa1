"""Counting single tests from what the runners leave behind."""

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Count:
    """Passed tests, and the names of the others. A skipped test did not show what it is there to
    show, so it counts as failed."""

    passed: int = 0
    failures: list[str] = field(default_factory=list)

    @property
    def failed(self) -> int:
        return len(self.failures)

    def add(self, other: "Count") -> None:
        self.passed += other.passed
        self.failures += other.failures


def of_cmocka(program: str, output: str, succeeded: bool) -> Count:
    """The tests of one cmocka program; any other program counts as one test."""
    passed = len(re.findall(r"^\[ +OK +\] ", output, re.MULTILINE))
    failed = re.findall(r"^\[ +FAILED +\] (?!\d+ test)(\S+)$", output, re.MULTILINE)
    skipped = re.findall(r"^\[ +SKIPPED +\] (?!\d+ test)(\S+)$", output, re.MULTILINE)
    names = list(dict.fromkeys(f"{program}: {name}" for name in failed))
    names += list(dict.fromkeys(f"{program}: {name} (skipped)" for name in skipped))
    if not succeeded and not failed:
        started = re.findall(r"^\[ +RUN +\] (\S+)$", output, re.MULTILINE)
        names.append(f"{program}: {started[-1]}" if started else program)
    if succeeded and not passed and not names:
        passed = 1
    return Count(passed, names)


def _cases(report: Path):
    try:
        return list(ElementTree.parse(report).getroot().iter("testcase"))
    except (OSError, ElementTree.ParseError):
        return []


def _is_good(case) -> bool:
    bad = any(case.find(tag) is not None for tag in ("failure", "error", "skipped"))
    return not bad and case.get("status", "run") == "run"


def of_ctest(report: Path) -> Count:
    """The tests of a JUnit report that ctest wrote."""
    count = Count()
    for case in _cases(report):
        output = case.findtext("system-out") or ""
        count.add(of_cmocka(case.get("name", "?"), output, _is_good(case)))
    return count


def of_pytest(report: Path) -> Count:
    """The tests of a JUnit report that pytest wrote."""
    count = Count()
    for case in _cases(report):
        name = f"{case.get('classname', '')}::{case.get('name', '?')}"
        if _is_good(case):
            count.passed += 1
        else:
            skipped = case.find("skipped")
            reason = f" (skipped: {skipped.get('message', '')})" if skipped is not None else ""
            count.failures.append(name + reason)
    return count


def of_tap(text: str) -> Count:
    """The tests of what node's runner prints as TAP: each line of a test, at the margin."""
    count = Count(len(re.findall(r"^ok \d+ - (?!.*# SKIP)", text, re.MULTILINE)))
    for match in re.finditer(r"^(not ok|ok) \d+ - (.*)$", text, re.MULTILINE):
        if match.group(1) == "not ok" or "# SKIP" in match.group(2):
            count.failures.append(match.group(2))
    return count
