"""A history: what was done to a pipeline and what its readers saw, as JSON lines.

    with History("run.jsonl", seed=7, bounds={"rss_mb": 900}) as history:
        line = RecordedLine(history, work, bootstrap, "kostra")   # a Line that notes its deeds
        with Witness(history, bootstrap, "kostra") as witness:    # reads along, read_committed
            ...
            witness.finish()
        note_late(history, bootstrap, "kostra")                   # a reader that starts afterwards
        note_ledger(history, line)

`invariants.py` judges it afterwards, from the file alone. One event is one line: `t` seconds since
the beginning, `what`, and

    run      seed, bounds, …                         first of all
    start    line, service, armed                    armed: "point:n" or null
    end      line, service, how, code, armed         how: killed, crashed at the point, stopped,
                                                     ended by itself, which is a fault
    pause    line, service                           SIGSTOP; resume: SIGCONT
    broker   did                                     killed, stopped, started, paused, resumed
    input    line, name, digest, wanted              wanted: committed, rejected, known
    seen     line, reader, records                   in the order seen; see `Seen`
    ends     line, reader, release, ends             where each partition ended, open transactions
                                                     included, once the release's manifest was seen
    caught-up line, reader                           it has read all that there is
    ledger   line, releases                          number, id, state, input, panels
    sample   line, service, ready, metrics, rss_mb   what a scraper sees; ready: HTTP status or null
    disk     line, mb
    fault    line, text                              the test could not go on
    done     line, inbox                             nothing more happens; names left in the inbox

A line is named after the prefix of its topics.
"""

import contextlib
import gzip
import hashlib
import json
import os
import pathlib
import re
import signal
import sqlite3
import threading
import time
from typing import NamedTuple

import confluent_kafka
import line as lines
import reader as readers

ALONG, LATE = "along", "late"
SAMPLE_EVERY_S = 2.0
ENDS_TIMEOUT_S = 2
BATCH_MAX = 2000
METRIC = re.compile(r"^kostraflow_(\w+(?:\{[^}]*\})?) (\S+)$", re.M)
SAMPLED = ("oldest_unreceipted_release_age_seconds", "panels_in_flight", "panels_held",
           "panels_redelivered_total")


class Seen(NamedTuple):
    """A record as a reader saw it. `digest` is that of key and value, None of a tombstone; `text`
    is the value of a manifest, else None."""

    topic: str
    partition: int
    offset: int
    key: str
    release: str
    digest: str | None
    text: str | None


class History:
    """Writes events; any thread may. A name that ends with .gz is compressed. `kills` counts."""

    def __init__(self, path, **run):
        self.path = pathlib.Path(path)
        opened = gzip.open if self.path.suffix == ".gz" else open
        self._file = opened(self.path, "wt", encoding="utf-8")
        self._lock, self._begun = threading.Lock(), time.monotonic()
        self.kills = 0
        self.note("run", **run)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def note(self, what, **fields):
        """Writes one event; what is written is on the disk at once."""
        with self._lock:
            if self._file.closed:
                return
            event = {"t": round(time.monotonic() - self._begun, 3), "what": what, **fields}
            self.kills += what == "end" and fields["how"] in ("killed", "crashed")
            self._file.write(json.dumps(event, ensure_ascii=False, separators=(",", ":")) + "\n")
            self._file.flush()

    def close(self):
        with self._lock:
            self._file.close()


def load(path):
    """The events of a file. A last line that was cut is left out."""
    opened = gzip.open if str(path).endswith(".gz") else open
    events = []
    with opened(path, "rt", encoding="utf-8") as file, contextlib.suppress(EOFError):
        for text in file:
            try:
                events.append(json.loads(text))
            except ValueError:
                break
    return events


# What readers saw


def seen_of(record):
    """The `Seen` of a record of reader.py."""
    digest = None if record.value is None else readers.digest([(record.key, record.value)])
    manifest = ".release." in record.topic and record.value is not None
    text = record.value.decode() if manifest else None
    return Seen(record.topic, record.partition, record.offset, record.key, _release_of(record),
                digest, text)


def _release_of(record):
    """Whose record it is: a value says so itself, and the id of the event must agree."""
    told = record.headers.get("ce_id", "").split("/")[0]
    if record.value is None:
        return told
    named = json.loads(record.value).get("release", "")
    where = f"{record.topic} {record.key}"
    assert not told or told == named, f"{where}: {told} in ce_id, {named} inside"
    return named


def note_seen(history, name, reader, records):
    """Notes what `reader` saw on the topics of line `name`, in the order seen."""
    for first in range(0, len(records), BATCH_MAX):
        part = [list(seen_of(record)) for record in records[first : first + BATCH_MAX]]
        history.note("seen", line=name, reader=reader, records=part)


class Witness(readers.Follower):
    """A `read_committed` reader that was there all along, and notes all it sees.

    Keeps the manifests alone in memory: `records` are those.
    """

    def __init__(self, history, bootstrap, prefix, topics=None):
        self._history, self._prefix = history, prefix
        self._asker = None
        super().__init__(bootstrap, topics or readers.all_topics(prefix))

    def finish(self, timeout_s=60):
        """Reads to the end and says so in the history."""
        self.catch_up(timeout_s)
        self._history.note("caught-up", line=self._prefix, reader=ALONG)

    def _note(self, taken):
        records = [record for _, _, record in taken if record]
        note_seen(self._history, self._prefix, ALONG, records)
        manifest = readers.release_topic(self._prefix)
        super()._note([(where, position, record if record and record.topic == manifest else None)
                       for where, position, record in taken])
        for record in records:
            if record.topic == manifest:
                self._note_ends(record.key)

    def _note_ends(self, release):
        """Where all partitions end now, transactions that are still open included. A broker that
        is away at this moment is asked for the next release again."""
        self._asker = self._asker or confluent_kafka.Consumer({
            "bootstrap.servers": self._bootstrap, "group.id": "kostraflow-tests", "log_level": 2,
            "isolation.level": readers.READ_ALL})
        ends = []
        try:
            for topic, partition in sorted(self._assigned):
                where = confluent_kafka.TopicPartition(topic, partition)
                ends.append([topic, partition,
                             self._asker.get_watermark_offsets(where, ENDS_TIMEOUT_S)[1]])
        except confluent_kafka.KafkaException:
            return
        self._history.note("ends", line=self._prefix, reader=ALONG, release=release, ends=ends)

    def close(self):
        try:
            super().close()
        finally:
            if self._asker:
                self._asker.close()
                self._asker = None


def note_late(history, bootstrap, prefix, topics=None):
    """Notes what a reader sees that starts now, to the end; returns its records."""
    records = readers.read_all(bootstrap, topics or readers.all_topics(prefix))
    note_seen(history, prefix, LATE, records)
    history.note("caught-up", line=prefix, reader=LATE)
    return records


# What was done


class RecordedLine(lines.Line):
    """A line whose starts, ends and inputs are written down."""

    def __init__(self, history, work, bootstrap, prefix, **line):
        super().__init__(work, bootstrap, prefix, **line)
        self.history, self.name = history, prefix
        self._armed, self._over = {}, set()

    def start(self, *services, crash_at=None, stop_at=None, wait=True):
        for service in services or lines.SERVICES:
            self._armed[service] = crash_at
            self._over.discard(service)
            self.history.note("start", line=self.name, service=service, armed=crash_at)
        super().start(*services, crash_at=crash_at, stop_at=stop_at, wait=wait)

    def kill(self, *services):
        super().kill(*services)
        for service in services or lines.SERVICES:
            self._note_end(service, "killed", -signal.SIGKILL)

    def is_over(self, service):
        """True when the end of its newest process is in the history."""
        return service in self._over

    def note_end(self, service):
        """Writes down an end that came by itself, at the point it was armed with or for no reason;
        returns the exit code."""
        code = self.exit_code(service)
        crashed = code == -signal.SIGKILL and self._armed.get(service)
        self._note_end(service, "crashed" if crashed else "ended", code)
        return code

    def _note_end(self, service, how, code):
        self._over.add(service)
        self.history.note("end", line=self.name, service=service, how=how, code=code,
                          armed=self._armed.get(service))

    def pause(self, service):
        super().pause(service)
        self.note_pause(service)

    def note_pause(self, service):
        """Writes down that it stands still."""
        self.history.note("pause", line=self.name, service=service)

    def resume(self, service):
        super().resume(service)
        self.history.note("resume", line=self.name, service=service)

    def stop(self, *services):
        codes = super().stop(*services)
        for service, code in codes.items():
            self._note_end(service, "stopped", code)
        return codes

    def drop(self, source=lines.DATA, name=None, text=None, wanted="committed"):
        """As Line's; `wanted` is what must become of it."""
        content = pathlib.Path(source).read_bytes() if text is None else text.encode()
        name = name or pathlib.Path(source).name
        self.history.note("input", line=self.name, name=name, wanted=wanted,
                          digest=hashlib.sha256(content).hexdigest())
        super().drop(source, name, text)


def ledger_of(state):
    """[{number, id, state, input, panels: [[edition, year, digest, rejected]]}] of a ledger, oldest
    first; readable while ingest runs, and when it was killed."""
    with contextlib.closing(sqlite3.connect(pathlib.Path(state) / "ledger.db", timeout=10)) as base:
        base.execute("PRAGMA query_only = 1")
        found = [
            {"number": number, "id": release, "state": name, "input": given, "panels": []}
            for number, release, name, given in base.execute(
                "SELECT number, id, state, input FROM releases ORDER BY number")
        ]
        numbered = {release["number"]: release for release in found}
        for number, *content in base.execute(
                "SELECT release, edition, year, digest, rejected FROM contents ORDER BY 1, place"):
            if number in numbered:
                numbered[number]["panels"].append(content)
    return found


def note_ledger(history, line):
    """Notes the ledger and what is left in the inbox: the line's last word."""
    history.note("ledger", line=line.name, releases=ledger_of(line.state))
    left = sorted(p.name for p in line.inbox.glob("*")) if line.inbox.is_dir() else []
    history.note("done", line=line.name, inbox=left)


# What a scraper sees


def sample(history, line, service):
    """One look at a service: its readiness, some metrics, its memory. A stopped process takes
    connections and never answers: as for a scraper, that is no answer."""
    ready = line.get(service, "/readyz")
    metrics = line.get(service, "/metrics") if ready else None
    told = {name: float(value) for name, value in METRIC.findall(metrics[1] if metrics else "")
            if name.startswith(SAMPLED)}
    history.note("sample", line=line.name, service=service, ready=ready and ready[0],
                 metrics=told, rss_mb=_rss_mb(line.pid(service)))


def _rss_mb(pid):
    try:
        text = pathlib.Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    found = re.search(r"^VmRSS:\s+(\d+) kB", text, re.M)
    return found and round(int(found[1]) / 1024, 1)


def disk_mb(folder):
    """What the files below a folder take on the disk."""
    total = 0
    for path, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(path, name)).st_blocks * 512
    return round(total / 2**20, 2)


class Sampler:
    """Looks at all services of some lines again and again, in a thread of its own."""

    def __init__(self, history, sampled, every_s=SAMPLE_EVERY_S):
        self._history, self._lines, self._every_s = history, list(sampled), every_s
        self._leave = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(one,), daemon=True)
                         for one in self._lines]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._leave.set()
        for thread in self._threads:
            thread.join()

    def _run(self, line):
        while not self._leave.wait(self._every_s):
            for service in lines.SERVICES:
                sample(self._history, line, service)
            self._history.note("disk", line=line.name, mb=disk_mb(line.state))
