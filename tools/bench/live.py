"""A national table from the server to the committed release, in one run: the time of each phase,
ingest's share of the whole, and ingest's peak memory.

A fake server (kf-fake-ssb) publishes a table of 357 municipalities × 60 functions × 10 years and
population; the pipeline watches it on a fast day. Phases are as ingest and publish tell them in
their logs. Nothing is waited for but the release.
"""

import argparse
import contextlib
import json
import pathlib
import re
import shutil
import subprocess
import sys
import time

import national_tables

ROOT = pathlib.Path(__file__).resolve().parents[2]
YEARS = range(2016, 2026)
SPEED = 3600
START = "2026-01-22T12:00:00+01:00"
DEADLINE_S = 120
PHASES = ["search", "metadata", "data", "again", "store", "read", "build", "record", "pipeline"]


@contextlib.contextmanager
def started(command: list, **more):
    process = subprocess.Popen([str(word) for word in command], **more)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


def await_line(log: pathlib.Path, pattern: str) -> re.Match:
    """The first line of the log that has the pattern."""
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline:
        text = log.read_text(encoding="utf-8") if log.exists() else ""
        if found := re.search(pattern, text):
            return found
        time.sleep(0.02)
    raise SystemExit(f"no {pattern} in {log} within {DEADLINE_S} s")


def number(line: str, name: str) -> int:
    found = re.search(rf"\b{name}=(\d+)", line)
    return int(found[1]) if found else 0


def peak_mb(pid: int) -> float:
    text = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+)", text)[1]) / 1024


def pid_of(name: str, parent: int) -> int:
    children = pathlib.Path(f"/proc/{parent}/task/{parent}/children").read_text("ascii").split()
    for pid in children:
        words = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        if words[0].decode().endswith(name):
            return int(pid)
    raise SystemExit(f"no {name} runs")


def search_ms(questions: pathlib.Path) -> int:
    """From the first question to the first of a table: the search and looking at each."""
    lines = [json.loads(line) for line in questions.read_text(encoding="utf-8").splitlines()]
    table = next(q["ms"] for q in lines if "/metadata" in q["url"])
    return table - lines[0]["ms"]


def phases_of(log: str, questions: pathlib.Path) -> dict[str, int]:
    """Milliseconds of each phase."""
    stored = re.findall(r"vintage-stored .*", log)
    recorded = re.search(r"release-recorded .*", log)[0]
    found = {"search": search_ms(questions)}
    for name in ("metadata", "data", "again", "store"):
        found[name] = sum(number(line, f"{name}_ms") for line in stored)
    for name in ("read", "build", "record"):
        found[name] = number(recorded, f"{name}_ms")
    found["pipeline"] = number(re.search(r"release-committed .*", log)[0], "ms")
    return found


def run(options) -> dict:
    work = options.work
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    scenario = national_tables.write(ROOT / "editions", work, YEARS)
    (work / "scenario.yaml").write_text(json.dumps(scenario), encoding="utf-8")
    day = f"{START},{SPEED},{int(time.time() * 1000)}"
    server = [options.binaries / "kf-fake-ssb", "--scenario", work / "scenario.yaml", "--editions",
              ROOT / "editions", "--day", day, "--log", work / "questions"]
    with started(server, stdout=subprocess.PIPE, text=True) as ssb:
        address = ssb.stdout.readline().strip()
        pipeline = [options.binaries / "kf", "up", "--plain", "--quiet", "--state-dir",
                    work / "state", "--run-dir", work / "run", "--editions", work / "editions",
                    "--broker-port", "0", "--ssb", f"{address}/api/pxwebapi/v2", "--day", day]
        with started(pipeline, stdout=subprocess.DEVNULL) as up:
            log = work / "state" / "log" / "ingest-0.log"
            committed = await_line(log, r"release-committed .*")[0]
            text = log.read_text(encoding="utf-8")
            return {
                "phases": phases_of(text, work / "questions"),
                "panels": number(committed, "panels"),
                "rows": number(committed, "rows"),
                "cells": sum(number(s, "cells") for s in re.findall("vintage-stored .*", text)),
                "memory_mb": peak_mb(pid_of("kf-ingest", up.pid)),
            }


def report(found: dict) -> None:
    phases = found["phases"]
    whole = sum(phases.values())
    ours = whole - phases["pipeline"]
    print(f"national table     {found['cells']} cells to {found['panels']} panels,", end=" ")
    print(f"{found['rows']} rows, from the server to the committed release")
    print("  ms by phase      " + ", ".join(f"{name} {phases[name]}" for name in PHASES))
    print(f"  ingest           {ours / 1000:8.2f} s of {whole / 1000:.2f} s,", end=" ")
    print(f"ratio {ours / whole:.2f}; peak memory {found['memory_mb']:.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binaries", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    report(run(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
