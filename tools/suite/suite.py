#!/usr/bin/env python3
"""Runs the steps of ./test, one after the other, and sums them up."""

import argparse
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from count import Count  # noqa: E402
from steps import LOGS, STEPS, Context, Step, StepError, crash_run  # noqa: E402

TAIL_LINES = 40
FAILURES_SHOWN_MAX = 20


@dataclass
class Row:
    """A line of the summary; no count means that the step was not run, `note` says why."""

    step: Step
    count: Count | None
    seconds: float = 0.0
    note: str = ""


def parse(arguments: list[str]) -> argparse.Namespace:
    names = [step.name for step in STEPS]
    parser = argparse.ArgumentParser(prog="./test", add_help=False)
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--only", action="append", choices=names, metavar="NAME")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--crash", type=int, metavar="N")
    parser.add_argument("--seed", type=int, metavar="S")
    options = parser.parse_args(arguments)
    if options.crash is not None and options.crash < 1:
        parser.error("--crash is the number of kills, from 1")
    if options.seed is not None and options.crash is None:
        parser.error("--seed goes with --crash")
    return options


def jobs() -> int:
    text = os.environ.get("KF_JOBS") or str(len(os.sched_getaffinity(0)))
    if not text.isdigit() or int(text) < 1:
        print(f"./test: KF_JOBS is \"{text}\"; give a number from 1", file=sys.stderr)
        sys.exit(2)
    return int(text)


def left_out(step: Step, options: argparse.Namespace) -> str:
    """Why a step is not to be run, or nothing."""
    if options.only:
        return "" if step.name in options.only else "not asked for"
    if step.by_name:
        return f"by name: ./test --only {step.name}"
    return "left out by --fast" if options.fast and not step.fast else ""


def run_step(step: Step, context: Context) -> Row:
    print(f"{step.name:9} {step.about} …", flush=True)
    context.log.write_bytes(b"")
    begun = time.monotonic()
    try:
        count = step.run(context)
    except StepError as error:
        context.say(f"{step.name}: {error}")
        count = Count(0, [f"{step.name}: {error}"])
    row = Row(step, count, time.monotonic() - begun)
    print(f"{'':9} {count.passed} passed, {count.failed} failed, {row.seconds:.1f} s", flush=True)
    if count.failed:
        show_failure(context, count)
    return row


def show_failure(context: Context, count: Count) -> None:
    lines = context.log.read_text(encoding="utf-8", errors="replace").splitlines()
    print(f"---- the end of {context.log.relative_to(LOGS.parents[1])}")
    print("\n".join(lines[-TAIL_LINES:]))
    print("----")
    for name in count.failures[:FAILURES_SHOWN_MAX]:
        print(f"  FAILED {name}")
    if count.failed > FAILURES_SHOWN_MAX:
        print(f"  and {count.failed - FAILURES_SHOWN_MAX} more")
    sys.stdout.flush()


def summary(rows: list[Row]) -> str:
    lines = [f"{'step':10}{'passed':>8}{'failed':>8}{'seconds':>9}"]
    for row in rows:
        if row.count is None:
            lines.append(f"{row.step.name:10}{'–':>8}{'–':>8}{'–':>9}  {row.note}")
        else:
            lines.append(f"{row.step.name:10}{row.count.passed:8}{row.count.failed:8}"
                         f"{row.seconds:9.1f}")
    passed = sum(row.count.passed for row in rows if row.count)
    failed = sum(row.count.failed for row in rows if row.count)
    return "\n".join([*lines, "", f"{passed} passed, {failed} failed"])


def crash(context: Context, options: argparse.Namespace) -> int:
    """So many kills instead of the steps; what they came to is shown as it comes."""
    context.log.write_bytes(b"")
    try:
        return crash_run(context, options.crash, options.seed)
    except StepError as error:
        context.say(f"crash: {error}")
        print(f"./test: {error}, see {context.log.relative_to(LOGS.parents[1])}", file=sys.stderr)
        return 2


def main() -> int:
    options = parse(sys.argv[1:])
    number = jobs()
    if options.list:
        for step in STEPS:
            when = " (also with --fast)" if step.fast else " (by --only)" if step.by_name else ""
            print(f"{step.name:10}{step.about}{when}")
        return 0
    LOGS.mkdir(parents=True, exist_ok=True)
    if options.crash:
        return crash(Context("crash", number), options)
    built: dict[str, str] = {}
    rows = []
    for step in STEPS:
        note = left_out(step, options)
        context = Context(step.name, number, built)
        rows.append(Row(step, None, note=note) if note else run_step(step, context))
    print("\n" + summary(rows), flush=True)
    return 1 if any(row.count and row.count.failed for row in rows) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("\n./test: interrupted", file=sys.stderr)
        sys.exit(2)
