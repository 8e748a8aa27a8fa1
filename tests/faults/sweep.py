#!/usr/bin/env python3
"""Fails the n-th call of a kind in one service, for many n, while a release goes its way.

    KF_BIN=build/dev/bin tests/faults/sweep.py --service ingest --kinds "write sync" --errors EIO
    KF_BIN=build/dev/bin tests/faults/sweep.py --list

Each case takes a fresh input from the inbox to a real Kafka. The service that is hit may go on, or
end with 1 and a reason, and is started again then, as `kf up` and systemd do. Asserted for each:
the release is committed once and whole, with the very bytes of a run in which nothing failed; the
ledger is sound and has closed it; the input is in done/ and nowhere else; no sanitizer found
anything.
"""

import argparse
import collections
import errno
import pathlib
import random
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "kafka"))

from broker import Broker  # noqa: E402
from line import DATA, SERVICES, Line, wait_until  # noqa: E402
from reader import Follower, all_topics, check_release, manifests  # noqa: E402
from shim import FILES, SHORT, Shim  # noqa: E402

CASE_S = 90
RESTARTS_MAX = 3
VARIANTS_A_SWEEP = 400
SANITIZER = re.compile(r"ERROR: \w+Sanitizer|runtime error:")
REASON = re.compile(r" ERROR .*reason=| ERROR ")
ABORTING = ("libzmq", "librdkafka")  # end the process themselves when they get no memory
ERRORS = {"EIO": errno.EIO, "ENOSPC": errno.ENOSPC, "EINTR": errno.EINTR, "EMFILE": errno.EMFILE,
          "ENOMEM": errno.ENOMEM, "SHORT": SHORT}
MEMORY_OF = ("libsqlite3", "libprotobuf-c", "libyaml", "libmicrohttpd", "libcurl", "libzmq",
             "librdkafka", "liblapacke", "libjansson")


def variant(number):
    """The sample with one figure changed: another release for each number."""
    lines = DATA.read_text(encoding="utf-8").splitlines()
    fields = lines[1].split(",")
    fields[3] = f"{float(fields[3]) + number / 1000:.3f}"
    return "\n".join([lines[0], ",".join(fields), *lines[2:]]) + "\n"


class Case(collections.namedtuple("Case", "service kinds path first error times")):
    """Which call fails how in whom."""

    def __str__(self):
        how = "short" if self.error == SHORT else errno.errorcode[self.error]
        often = "" if self.times == 1 else f" ×{self.times}"
        return f"{self.service}: {self.kinds} @{self.path} #{self.first} {how}{often}"


class Sweep:
    """A running pipeline; `run(case)` lives through one case."""

    def __init__(self, folder, broker, name, variants):
        self.folder, self.broker, self.name = pathlib.Path(folder), broker, name
        self.references = self._references(variants)
        self.prefix = f"{name}.swept"
        self._topics(self.prefix)
        self.number = 0
        self.outcomes = collections.Counter()
        self.line = Line(self.folder / "line", broker.bootstrap, self.prefix)
        self.follower = Follower(broker.bootstrap, all_topics(self.prefix))

    def __enter__(self):
        self.line.start()
        return self

    def __exit__(self, *_):
        self.line.__exit__()
        self.follower.close()

    def _topics(self, prefix):
        self.broker.create_topics(
            [t for t in all_topics(prefix) if "release" not in t and "rejected" not in t]
        )
        self.broker.create_topics(
            [f"{prefix}.release.v1", f"{prefix}.rejected.v1"], compacted=False
        )

    def _references(self, variants):
        """What becomes of each variant when nothing fails: {input's number: (release, rows)}."""
        prefix = f"{self.name}.reference"
        self._topics(prefix)
        with Line(self.folder / "reference", self.broker.bootstrap, prefix) as line:
            line.start()
            with Follower(self.broker.bootstrap, all_topics(prefix)) as follower:
                for number in range(variants):
                    line.drop(text=variant(number), name=f"v{number}.csv")
                try:
                    follower.wait_for(
                        lambda read: len(manifests(read, prefix)) == variants,
                        CASE_S + 10 * variants,
                    )
                except TimeoutError as error:
                    raise AssertionError(f"{error}\n{line.logs()}") from error
                records = follower.catch_up()
            said = "\n".join(p.read_text() for p in (self.folder / "reference").glob("*ingest.log"))
        ids = dict(re.findall(r'input-recorded release=(\w+) input="v(\d+)\.csv"', said))
        assert len(ids) == variants, said
        return {int(number): (release, rows_of(records, prefix, release))
                for release, number in ids.items()}

    # --- one case ---

    def run(self, case):
        """Lives through it; returns what the service did. AssertionError tells case and logs."""
        try:
            return self._run(case)
        except (AssertionError, TimeoutError, subprocess.TimeoutExpired) as error:
            raise AssertionError(f"{case}: {error}\n{self.line.logs()[-12000:]}") from error

    def _run(self, case):
        number, self.number = self.number, self.number + 1
        release, expected = self.references[number]
        self._stop(case.service)
        if case.service == "ingest":
            self._move_in(number)
        with Shim(self.folder, case.kinds, self._path(case)) as shim:
            shim.fail(case.first, case.error, case.times)
            self.line.start(case.service, wait=False, extra=shim.environment())
            self.line.drop(text=variant(number), name=f"v{number}.csv")
            outcome = self._live(case, release)
            hits = shim.hits
        outcome = outcome if hits else "not reached"
        records = of_release(self.follower.catch_up(), self.prefix, release)
        check_release(records, self.prefix, release)
        found = rows_of(records, self.prefix, release)
        assert found == expected, f"other bytes: {differences(found, expected)}"
        self._check_state(number)
        self.outcomes[outcome] += 1
        return outcome, hits

    def _path(self, case):
        if case.kinds == "memory":
            return case.path
        return {"state": self.line.state, "run": self.line.run}.get(case.path, case.path)

    def _move_in(self, number):
        """A state folder of its own."""
        line = self.line
        line.state = self.folder / f"state-{number}"
        line.inbox, line.done = line.state / "inbox", line.state / "done"
        line.rejected = line.state / "rejected"

    def _stop(self, service):
        code = self.line.exit_code(service)
        if code is None:
            code = self.line.stop(service)[service]
            assert code == 0, f"{service} ended with {code} when it was told to stop"

    def _live(self, case, release):
        """Until the release is committed and closed; starts the service again when it ends."""
        outcome, restarts = "went on", 0
        end = time.monotonic() + CASE_S
        while not self._closed(release):
            assert time.monotonic() < end, f"release {release} is not closed"
            code = self.line.exit_code(case.service)
            if code is not None:
                self._check_end(case, code)
                restarts += 1
                assert restarts <= RESTARTS_MAX, f"{restarts} restarts"
                outcome = "restarted" if code == 1 else f"restarted after signal {-code}"
                self.line.start(case.service, wait=False)
            time.sleep(0.05)
        return outcome

    def _closed(self, release):
        seen = any(key == release for key, _ in manifests(self.follower.records, self.prefix))
        if not seen:
            return False
        answer = self.line.get("ingest", "/metrics")
        return answer is not None and re.search(
            r'releases\{state="complete"\} 0\n(.*\n)*.*state="sent"\} 0', answer[1]
        )

    def _last_log(self, service):
        return sorted(self.line.work.glob(f"*-{service}.log"))[-1].read_text()

    def _check_end(self, case, code):
        said = self._last_log(case.service)
        if case.path in ABORTING and code == -signal.SIGABRT:
            return
        assert code == 1, f"{case.service} ended with {code}: {said[-2000:]}"
        assert re.search(r"reason=|no memory|kf-\w+: ", said), f"no reason given: {said[-2000:]}"

    def _check_state(self, number):
        line = self.line
        wait_until(lambda: (line.done / f"v{number}.csv").exists(), "the input is in done/")
        left = [p.name for p in line.inbox.iterdir()] + [p.name for p in line.rejected.iterdir()]
        assert not left, f"left behind: {left}"
        with sqlite3.connect(f"file:{line.state}/ledger.db?mode=ro", uri=True) as ledger:
            assert ledger.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        for log in line.work.glob("*.log"):
            text = log.read_text(errors="replace")
            assert not SANITIZER.search(text), f"{log.name}: {text[-6000:]}"

    # --- counting ---

    def count(self, service, kinds, path):
        """How many such calls there are until a release is closed, and before it is given."""
        number, self.number = self.number, self.number + 1
        self._stop(service)
        if service == "ingest":
            self._move_in(number)
        case = Case(service, kinds, path, 0, 0, 0)
        with Shim(self.folder, kinds, self._path(case)) as shim:
            self.line.start(service, extra=shim.environment())
            before = shim.calls
            self.line.drop(text=variant(number), name=f"v{number}.csv")
            release = self.references[number][0]
            wait_until(lambda: self._closed(release), "counted", CASE_S)
            return before, shim.calls


def of_release(records, prefix, release):
    """The records that a release has brought, its manifest among them."""
    topic, begin = f"{prefix}.release.v1", f"{release}/"
    return [
        record for record in records
        if record.headers.get("ce_id", "").startswith(begin)
        or (record.topic == topic and record.key == release)
    ]


def rows_of(records, prefix, release):
    """{(topic, key): value} of a release, without its manifest."""
    return {
        (record.topic.removeprefix(prefix), record.key): record.value
        for record in of_release(records, prefix, release)
        if record.value is not None and record.topic != f"{prefix}.release.v1"
    }


def differences(found, expected):
    keys = [k for k in found.keys() | expected.keys() if found.get(k) != expected.get(k)]
    return [(k, found.get(k), expected.get(k)) for k in sorted(keys)[:3]]


# --- by command -----------------------------------------------------------------------------------


def plan(sweep, options):
    """The cases asked for."""
    for service in options.service:
        for path in options.path:
            before, after = sweep.count(service, options.kinds, path)
            print(f"{service}: {options.kinds} @{path}: {before} calls at its start, {after} until "
                  f"a release is closed", flush=True)
            calls = list(range(1, before + 1, options.every_before or options.every))
            calls += range(before + 1, after + 1, options.every)
            for error in options.errors:
                for first in calls:
                    yield Case(service, options.kinds, path, first, ERRORS[error], options.times)


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--service", nargs="+", choices=SERVICES, default=["ingest"])
    parser.add_argument("--kinds", default=FILES, help="of the shim, or memory")
    parser.add_argument("--path", nargs="+", default=["state", "run"],
                        help="state, run, part of a path; of memory: a program or library")
    parser.add_argument("--errors", nargs="+", choices=ERRORS, default=["EIO"])
    parser.add_argument("--times", type=int, default=1, help="how many calls in a row fail")
    parser.add_argument("--every", type=int, default=1, help="only each so many-th call")
    parser.add_argument("--every-before", type=int, help="the same, of those at the start")
    parser.add_argument("--cases", type=int, default=VARIANTS_A_SWEEP, help="at most so many")
    parser.add_argument("--seed", type=int, help="takes them in another order")
    return parser.parse_args()


def main():
    options = parse()
    failures = []
    with tempfile.TemporaryDirectory(prefix="kf-faults-") as folder, Broker() as broker:
        broker.prepare_transactions()
        spare = len(options.service) * len(options.path)
        with Sweep(folder, broker, "sweep", options.cases + spare) as sweep:
            cases = list(plan(sweep, options))
            if options.seed is not None:
                random.Random(options.seed).shuffle(cases)
            for case in cases[: options.cases]:
                begun = time.monotonic()
                try:
                    outcome, hits = sweep.run(case)
                    print(f"{case}: {outcome}, {hits} hit, {time.monotonic() - begun:.1f} s",
                          flush=True)
                except AssertionError as error:
                    failures.append(str(case))
                    print(f"FAILED {error}", flush=True)
                    sweep.line.kill(*SERVICES)
                    sweep.line.start()
            print(f"{sum(sweep.outcomes.values())} cases passed of {len(cases)} planned: "
                  f"{dict(sweep.outcomes)}; {len(failures)} failed: {failures}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
