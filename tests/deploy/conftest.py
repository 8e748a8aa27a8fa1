"""What the tests of deploy/ share."""

import pathlib
import re
import subprocess
import sys
import urllib.request

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
SERVICES = ["ingest", "need", "normalize", "aggregate", "efficiency", "publish"]
STAGES = SERVICES[1:-1]
PROGRAMS = [*SERVICES, "board"]  # the board is no part of the line: it reads what the line makes

sys.path.insert(0, str(ROOT / "tests" / "kafka"))

from line import Line, binaries, wait_until  # noqa: E402

MADE_BY_PROMETHEUS = {"up", "ALERTS"}
NOBODY = "127.0.0.1:1"


def port_of(run_dir, process):
    """The port that a service tells while it listens, or None."""
    path = run_dir / f"{process}-0.http"
    return int(path.read_text()) if path.exists() and path.read_text() else None


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The real /metrics of every program, by service; the watch runs, nothing answers it."""
    work = tmp_path_factory.mktemp("line")
    options = {"ingest": ["--ssb", f"http://{NOBODY}", "--klass", f"http://{NOBODY}"]}
    board = [binaries() / "kf-board", "--run-dir", work / "run", "--bootstrap-servers", NOBODY,
             "--state-dir", work, "--editions", ROOT / "editions"]
    with Line(work, NOBODY, "kostra", options=options) as line:
        line.start(wait=False)
        with open(work / "board.log", "w", encoding="utf-8") as log, \
                subprocess.Popen(board, stdout=log, stderr=log) as process:
            try:
                port = wait_until(lambda: port_of(work / "run", "board"), "the board listens")
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics",
                                            timeout=60) as answer:
                    found = {"board": answer.read().decode()}
            finally:
                process.terminate()
        for service in SERVICES:
            found[service] = wait_until(lambda service=service: line.get(service, "/metrics"),
                                        f"metrics of {service}")[1]
        yield found


def names_in(expression):
    """The metrics that an expression asks for."""
    bare = re.sub(r'"[^"]*"|\{[^}]*\}|\b(?:by|without) \([^)]*\)', "", expression)
    return set(re.findall(r"\b(?:kostraflow|process)_\w+|\bup\b|\bALERTS\b", bare))


def assert_there_are(expression, pages):
    """Every metric of the expression, and every label value that it asks for, is on some page."""
    everything = "".join(pages.values())
    assert names_in(expression)
    for name in names_in(expression) - MADE_BY_PROMETHEUS:
        assert re.search(rf"^{name}(\{{.*\}})? \S+$", everything, re.M), name
    for name, labels in re.findall(r"(\w+)\{([^}]*)\}", expression):
        if name in MADE_BY_PROMETHEUS:
            continue
        for label, values in re.findall(r'(\w+)(?:=~?|!=|!~)"([^"]*)"', labels):
            for value in values.split("|") if label not in ("job", "service") else []:
                said = re.search(rf'^{name}\{{.*{label}="{value}"', everything, re.M)
                assert said, (label, value)
