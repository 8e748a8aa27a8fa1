#!/usr/bin/env python3
"""Kills a pipeline on a real Apache Kafka so many times, and tells what came of it.

Needs the programs of a build with crash points (KF_BIN or KF_BUILD_DIR), Java and the Python
environment of the tests; `./test --crash N [--seed S]` sees to all of that.
"""

import argparse
import pathlib
import random
import shutil
import sys
import time

from campaign import Campaign, long_plan, missed

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHOWN_MAX = 20


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kills", type=int, help="how many kills")
    parser.add_argument("--seed", type=int, help="that of an earlier run, to run it again")
    parser.add_argument("--keep", action="store_true", help="keep the history of a good run, too")
    return parser.parse_args()


def tell(outcome, seed, kills):
    for violation in outcome.violations[:SHOWN_MAX]:
        print(f"  {violation}")
    left = missed(outcome.hits)
    points = len({point for _, point in outcome.hits})
    print(f"{sum(outcome.hits.values())} calls of {points} points hit, {len(left)} cases never")
    for case in left:
        print(f"  never hit: {case.service} {case.point}")
    print(f"seed {seed}: {outcome.report}")
    if outcome.violations or left:
        path = outcome.history.relative_to(ROOT)
        print(f"judge it again: build/venv/bin/python tests/kafka/invariants.py {path}\n"
              f"run it again:   ./test --crash {kills} --seed {seed}")


def main():
    options = parse()
    seed = options.seed if options.seed is not None else random.randrange(2**32)
    folder = ROOT / "build" / "crash" / f"{seed}-{time.strftime('%Y%m%dT%H%M%S')}"
    print(f"seed {seed}: {options.kills} kills, in {folder.relative_to(ROOT)}", flush=True)
    outcome = Campaign(folder, seed, long_plan(options.kills)).run()
    tell(outcome, seed, options.kills)
    if outcome.violations or missed(outcome.hits):
        return 1
    if not options.keep:
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
