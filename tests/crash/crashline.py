"""A line for crash tests: it gives itself inputs, and knows when all of them are done with.

Inputs are the figures of ten municipalities (data/asss-2010) with some changed, so that each is a
release of its own. Their names ascend, as ingest takes them in the order of their names.
"""

import contextlib
import csv
import io
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "kafka"))

import confluent_kafka.admin  # noqa: E402
from history import RecordedLine, Witness, note_late, note_ledger  # noqa: E402
from line import DATA, SERVICES, binaries, wait_until  # noqa: E402

BROKEN = ROOT / "data" / "broken" / "negative_population.csv"
CHANGED = ("aktivitetstilskudd", "grunnskolepoeng", "sfo")
SETTLE_S = 240
STOPPED_S = 60
# A stopped publisher's transaction is given up while it stands; few panels are kept for replay.
OPTIONS = {
    "publish": ["--transaction-timeout", "10s", "--retry-backoff", "50ms"],
    "ingest": ["--keep-releases", "3"],
}


def figures(number, times=1):
    """The figures of release `number`: three columns are a little more, the first `times` that."""
    rows = list(csv.reader(DATA.read_text(encoding="utf-8").splitlines()))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in rows:
        if row[2] in CHANGED:
            factor = times if row[2] == CHANGED[0] else 1
            row[3] = f"{float(row[3]) * factor + number / 1000:.4f}"
        writer.writerow(row)
    return out.getvalue()


def broken(number):
    """Figures with a negative population: refused, each a rejection of its own."""
    return BROKEN.read_text(encoding="utf-8").replace("-111213", f"-{111213 + number}")


class CrashLine(RecordedLine):
    """A line with its witness. All lines number their inputs from 1, so that many releases are made
    by several of them, and must be the same there."""

    def __init__(self, history, work, broker, prefix, publish=()):
        """`publish`: options of kf-publish beyond those of all lines."""
        options = OPTIONS | {"publish": [*OPTIONS["publish"], *publish]}
        super().__init__(history, work, broker.bootstrap, prefix, options=options,
                         redelivery="200ms")
        self.broker, self.next, self.given = broker, 1, {}
        self.run = pathlib.Path(tempfile.mkdtemp(prefix="kf-"))  # a socket's path is short
        self.witness = Witness(history, broker.bootstrap, prefix)

    def __exit__(self, *_):
        super().__exit__(*_)
        shutil.rmtree(self.run, ignore_errors=True)
        self.witness.close()

    # --- inputs

    def give(self, wanted="committed", times=1):
        """One more input; returns its name."""
        number, self.next = self.next, self.next + 1
        name = f"{number:05d}.csv"
        text = broken(number) if wanted == "rejected" and times == 1 else figures(number, times)
        self.given[name] = wanted
        self.drop(name=name, text=text, wanted=wanted)
        return name

    def give_again(self, draw):
        """The figures of some earlier input under a name of its own: it is known already."""
        sound = [name for name, wanted in self.given.items() if wanted == "committed"]
        if sound:
            number, self.next = self.next, self.next + 1
            earlier = int(draw.choice(sound).removesuffix(".csv"))
            name = f"{number:05d}.csv"
            self.given[name] = "known"
            self.drop(name=name, text=figures(earlier), wanted="known")

    def give_spoilt(self):
        """Sound figures of which the topics take nothing."""
        return self.give("rejected", times=1.01)

    def states(self):
        """{input: (release, state)} of the ledger, {} while there is none."""
        path = self.state / "ledger.db"
        if not path.exists():
            return {}
        with contextlib.closing(sqlite3.connect(path, timeout=10)) as base:
            try:
                found = base.execute("SELECT input, id, state FROM releases").fetchall()
            except sqlite3.OperationalError:
                return {}
        return {name: (release, state) for name, release, state in found}

    def open_inputs(self):
        """Names of inputs that are neither closed in the ledger nor held."""
        states = self.states()
        return [name for name, wanted in self.given.items() if wanted != "known"
                and states.get(name, ("", ""))[1] not in ("committed", "rejected", "held")]

    def is_settled(self):
        """True when nothing is on its way and the inbox is empty."""
        return not list(self.inbox.glob("*.csv")) and not self.open_inputs()

    def settle(self, timeout_s=SETTLE_S):
        """Waits until nothing is on its way."""
        try:
            wait_until(self.is_settled, "all inputs are done with", timeout_s)
        except AssertionError as error:
            raise AssertionError(f"{error}: {self.states()}\n{self.logs()}") from None

    def newest(self, state):
        """The newest release in this state, or None."""
        found = [release for release, now in self.states().values() if now == state]
        return found[-1] if found else None

    def wish(self, what, release):
        """kf releases approve or replay."""
        done = subprocess.run([binaries() / "kf", "releases", what, release, "--state-dir",
                               self.state], capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"kf releases {what} {release}: {done.stderr}"

    def has_no_wish(self):
        """True when ingest has answered all wishes."""
        with contextlib.closing(sqlite3.connect(self.state / "ledger.db", timeout=10)) as base:
            waiting = "SELECT count(*) FROM requests WHERE done_ms = 0"
            return base.execute(waiting).fetchone() == (0,)

    # --- the broker

    def limit_records(self, topic, size):
        """Has the topic refuse whatever is larger than `size` bytes."""
        admin = confluent_kafka.admin.AdminClient({"bootstrap.servers": self.broker.bootstrap})
        kind = confluent_kafka.admin.ResourceType.TOPIC
        entry = confluent_kafka.admin.ConfigEntry(
            "max.message.bytes", str(size),
            incremental_operation=confluent_kafka.admin.AlterConfigOpType.SET)
        resource = confluent_kafka.admin.ConfigResource(
            kind, f"{self.name}.{topic}.v1", incremental_configs=[entry])
        for future in admin.incremental_alter_configs([resource]).values():
            future.result(STOPPED_S)

    # --- ends

    def alive(self, service):
        return self.pid(service) is not None and self.exit_code(service) is None

    def crashed(self, service):
        """True, and noted, when it died."""
        if self.exit_code(service) is None:
            return False
        if not self.is_over(service):
            self.note_end(service)
        return True

    def end(self, service):
        """Kills the service if it lives."""
        if self.alive(service):
            self.kill(service)

    def replace(self, service, crash_at=None, stop_at=None):
        """Kills the service if it lives, and starts it."""
        self.end(service)
        self.start(service, crash_at=crash_at, stop_at=stop_at, wait=False)

    def finish(self, calm):
        """Starts what is dead, or armed still, lets all come to its end, stops, and notes what
        there is to judge; with the lock `calm` the broker stays while the last readers read.
        Nothing is raised here for what is lost: that is the judge's to find."""
        for service in SERVICES:
            if not self.alive(service) or self._armed.get(service):
                self.replace(service)
        with contextlib.suppress(AssertionError):
            self.settle()
            for service in SERVICES:  # one that has just begun is ended by the signal itself
                self.wait_begun(service)
        self.stop()
        with calm:
            self.witness.finish()
            note_late(self.history, self.broker.bootstrap, self.name)
        note_ledger(self.history, self)

    def wait_begun(self, service):
        """Waits until the service answers, and so takes signals in its own way."""
        wait_until(lambda: self.get(service, "/healthz"), f"{service} has begun")

    def sanitizer_reports(self):
        """Lines of the logs that a sanitizer wrote."""
        found = []
        for path in sorted(self.work.glob("*.log")):
            text = path.read_text(encoding="utf-8", errors="replace")
            found += [f"{path.name}: {line}" for line in text.splitlines()
                      if "Sanitizer" in line or "runtime error:" in line]
        return found


def hits_of(events):
    """{(service, point): the highest n at which it died there}."""
    found = {}
    for event in events:
        if event["what"] == "end" and event["how"] == "crashed" and event.get("armed"):
            point, n = event["armed"].rsplit(":", 1)
            key = event["service"], point
            found[key] = max(found.get(key, 0), int(n))
    return found


def stops_of(events):
    """How long each service stood still that was let go on, in seconds."""
    since, found = {}, []
    for event in events:
        if event["what"] == "pause":
            since[event["line"], event["service"]] = event["t"]
        elif event["what"] == "resume":
            found.append(event["t"] - since.pop((event["line"], event["service"])))
    return found
