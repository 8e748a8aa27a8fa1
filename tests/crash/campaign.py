"""A campaign: matrix, long stops and chaos on one broker, recorded, judged, reported.

    outcome = Campaign(folder, seed=7, kills=1000).run()
    print(outcome.report); assert not outcome.violations
"""

import concurrent.futures
import pathlib
import sys
import threading
from typing import NamedTuple

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent),
                str(pathlib.Path(__file__).resolve().parents[1] / "kafka")]

from broker import Broker  # noqa: E402
from chaos import LONG_STOP_S, BrokerChaos, Chaos, LongStop  # noqa: E402
from crashline import CrashLine, hits_of, stops_of  # noqa: E402
from history import History, Sampler, load  # noqa: E402
from invariants import Report, Violation, judge, report  # noqa: E402
from matrix import LINES, Matrix  # noqa: E402
from points import CASES  # noqa: E402

__all__ = ["LONG_STOP_S", "SHORT", "Campaign", "Plan", "long_plan", "missed"]

# What a service under the sanitizers may take, and a line's folder with all its inputs.
BOUNDS = {"rss_mb": 800, "disk_mb": 64}
LONG_STOPS = ["publish.record", "publish.before-commit", "stage.computed", "ingest.recording"]
CHAOS_LINES = 3
MATRIX_SHARE = 2
LINES_AT_ONCE = 8
# A publisher that looks at its topics' settings first writes nothing to topics that take no record.
OPTIONS = {"matrix-spoilt": ["--check-topics", "off"]}


class Plan(NamedTuple):
    """How much of what. `most`: calls of the matrix; `kills` None: chaos ends with the rest;
    `rest_s`: how long chaos rests at most between two deeds."""

    kills: int | None
    most: int
    chaos: int
    stops: list
    broker: bool
    rest_s: float


SHORT = Plan(kills=None, most=1, chaos=1, stops=["publish.before-commit", "stage.computed"],
             broker=False, rest_s=2.0)


def long_plan(kills):
    return Plan(kills=kills, most=10**6, chaos=CHAOS_LINES, stops=LONG_STOPS, broker=True,
                rest_s=0.4)


class Outcome(NamedTuple):
    violations: list
    report: Report
    hits: dict  # (service, point): the highest call at which it died
    stops: list  # how long services stood still, in seconds
    history: pathlib.Path


class Campaign:
    """Runs a plan in `folder`, which takes the history and all logs. Several lines live at a time;
    the broker's deaths begin when the matrix has had its share of the kills."""

    def __init__(self, folder, seed, plan):
        self.folder, self.seed, self.plan = pathlib.Path(folder), seed, plan
        self.busy = set()
        self.lock = threading.Lock()
        self.calm = threading.Lock()  # held by who harms the broker, and by who reads at the end

    def run(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / "history.jsonl.gz"
        with Broker() as broker, History(path, seed=self.seed, bounds=BOUNDS) as history:
            broker.prepare_transactions()
            self.history, self.broker = history, broker
            reports = self.harm()
        events = load(path)
        violations = judge(events) + [Violation("SANITIZER", "", text) for text in reports]
        told = report(events, violations)
        return Outcome(violations, told, hits_of(events), stops_of(events), path)

    # --- who does what

    def harm(self):
        """Everything at once; returns what sanitizers reported."""
        jobs = [("chaos-0", self.chaos_of)]
        jobs += [(f"matrix-{name}", self.matrix_of(cases)) for name, cases in LINES.items()]
        jobs += [(f"stop-{point.replace('.', '-')}", self.stop_of(point))
                 for point in self.plan.stops]
        jobs += [(f"chaos-{n}", self.chaos_of) for n in range(1, self.plan.chaos)]
        self.busy = {name for name, _ in jobs if not name.startswith("chaos")}
        brokers = BrokerChaos(self.history, self.broker, self.calm, self.seed,
                              self.is_matrix_over, self.is_over)
        if self.plan.broker:
            brokers.start()
        with concurrent.futures.ThreadPoolExecutor(LINES_AT_ONCE) as pool:
            futures = [pool.submit(self.work, name, make) for name, make in jobs]
            reports = [text for future in futures for text in future.result()]
        if self.plan.broker:
            brokers.join()
            if brokers.failure:
                raise brokers.failure
        return reports

    def work(self, name, make):
        """One line from its first start to its last word. What fails here is the judge's to tell,
        with what else there is."""
        with CrashLine(self.history, self.folder / name, self.broker, name,
                       OPTIONS.get(name, ())) as line:
            with Sampler(self.history, [line]):
                for deed in (make(line).run, lambda: line.finish(self.calm)):
                    try:
                        deed()
                    except Exception as fault:
                        text = f"{type(fault).__name__}: {fault}"
                        self.history.note("fault", line=name, text=text)
                    finally:
                        self.leave(name)
            return line.sanitizer_reports()

    def leave(self, name):
        """The others' end: chaos without a number of kills ends with them."""
        with self.lock:
            self.busy.discard(name)

    def matrix_of(self, cases):
        return lambda line: Matrix(line, cases, self.plan.most, self.is_matrix_over)

    def stop_of(self, point):
        (case, *_) = [case for case in CASES if case.point == point]
        return lambda line: LongStop(line, case)

    def chaos_of(self, line):
        return Chaos(line, self.seed, self.is_over, self.plan.rest_s)

    def is_matrix_over(self):
        """The matrix has its share of the kills, chaos has the rest."""
        kills = self.plan.kills
        return kills is not None and self.history.kills >= kills / MATRIX_SHARE

    def is_over(self):
        with self.lock:
            rest = self.busy
        return not rest and (self.plan.kills is None or self.history.kills >= self.plan.kills)


def missed(hits):
    """The cases that were never hit."""
    return [case for case in CASES if (case.service, case.point) not in hits]
