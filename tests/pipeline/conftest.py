"""A pipeline of real processes for each test, on endpoints and ports of its own."""

import os
import pathlib
import queue
import re
import select
import shutil
import signal
import subprocess
import tempfile
import threading
import time

import pytest
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, TopicPartition

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT / "data" / "asss-2010" / "asss-2010.csv"
PUBLISHED = ROOT / "data" / "asss-2010" / "published" / "published.csv"
STAGES = ["ingest", "need", "normalize", "aggregate", "efficiency", "publish"]
SANITIZER = re.compile(r"ERROR: \w+Sanitizer|runtime error:")
DEADLINE_S = 90  # of everything that is waited for; a healthy machine needs a few seconds


def binaries():
    """The folder of the programs: $KF_BIN, else that of the build which is tested."""
    build = os.environ.get("KF_BUILD_DIR", ROOT / "build" / "asan")
    folder = pathlib.Path(os.environ.get("KF_BIN", pathlib.Path(build) / "bin"))
    return folder.parent if folder.name == "kf" and folder.is_file() else folder


def environment():
    """This process's environment without settings of ours that somebody may have exported."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("KF_") and name != "NO_COLOR"
    }


class Lines:
    """The lines a process writes, as they come."""

    def __init__(self, process):
        self.seen = []
        self._queue = queue.Queue()
        self._thread = threading.Thread(target=self._read, args=(process.stdout,), daemon=True)
        self._thread.start()

    def _read(self, stream):
        for line in stream:
            self._queue.put(line.rstrip("\n"))
        self._queue.put(None)

    def wait_for(self, pattern, deadline_s=DEADLINE_S):
        """The match of the first line not looked at yet that has the pattern in it."""
        end = time.monotonic() + deadline_s
        while True:
            try:
                line = self._queue.get(timeout=max(0.001, end - time.monotonic()))
            except queue.Empty:
                line = None
            if line is None:
                said = "\n".join(self.seen)
                pytest.fail(f"no line with {pattern!r} among:\n{said}", pytrace=True)
            self.seen.append(line)
            match = re.search(pattern, line)
            if match:
                return match

    def rest(self):
        """All lines up to the end of the process."""
        while (line := self._queue.get(timeout=DEADLINE_S)) is not None:
            self.seen.append(line)
        self._queue.put(None)
        return "\n".join(self.seen)


class Pipeline:
    """A running `kf up`; `settings` are environment variables, for the services' own options;
    `programs` is another folder of programs than that under test."""

    def __init__(
        self, folder, *options, broker=True, state=None, editions=ROOT / "editions", settings=None,
        programs=None,
    ):
        self.bin = programs or binaries()
        self.state = state or folder / "state"
        self.run_dir = pathlib.Path(tempfile.mkdtemp(prefix="kf-", dir="/tmp"))
        self.ready_file = folder / "ready"
        command = [
            self.bin / "kf",
            "up",
            "--plain",
            "--state-dir",
            self.state,
            "--run-dir",
            self.run_dir,
            "--ready-file",
            self.ready_file,
            "--editions",
            editions,
            *(["--broker-port", "0"] if broker else []),
            *options,
        ]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            bufsize=1,
            env={**environment(), **(settings or {})},
        )
        self.lines = Lines(self.process)

    # --- readiness ---

    def ready(self):
        self.lines.wait_for(r"^ready$")
        return self

    def facts(self):
        text = self.ready_file.read_text(encoding="utf-8")
        return dict(line.split("=", 1) for line in text.splitlines())

    @property
    def bootstrap(self):
        return self.facts()["bootstrap"]

    # --- processes ---

    def pids(self):
        """Process ids by name: need-0, devbroker."""
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        named = {}
        for pid in children.read_text(encoding="ascii").split():
            try:
                words = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
            except FileNotFoundError:
                continue
            program = pathlib.Path(words[0]).name.removeprefix("kf-")
            instance = f"-{words[words.index('--instance') + 1]}" if "--instance" in words else ""
            named[program + instance] = int(pid)
        return named

    def send(self, name, number):
        os.kill(self.pids()[name], number)

    def await_counts(self, stage, into, out):
        """Waits until the stage has shown these counters."""
        self.lines.wait_for(rf"^  {stage}\s.* {into} in +{out} out")

    def await_log(self, name, pattern, times=1):
        """Waits until the log of a process has so many lines with the pattern; the last match."""
        command = ["tail", "-n", "+1", "-F", self.state / "log" / f"{name}.log"]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as tail:
            try:
                lines = Lines(tail)
                return [lines.wait_for(pattern) for _ in range(times)][-1]
            finally:
                tail.kill()

    # --- figures ---

    def feed(self, source=DATA, name="figures.csv"):
        inbox = pathlib.Path(self.facts()["inbox"])
        shutil.copyfile(source, inbox / f"{name}.tmp")
        os.rename(inbox / f"{name}.tmp", inbox / name)

    def show(self, *options, check=True, wait_s=DEADLINE_S, edition="asss-2010", year=2010):
        command = [
            self.bin / "kf",
            "show",
            "--edition",
            edition,
            "--year",
            str(year),
            "--bootstrap-servers",
            self.bootstrap,
            "--editions",
            ROOT / "editions",
            "--wait",
            str(wait_s),
            *options,
        ]
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=2 * DEADLINE_S,
            check=False,
            env=environment(),
        )
        if check and done.returncode != 0:
            pytest.fail(f"kf show: {done.stderr}\n{self.logs()}")
        return done

    # --- the end ---

    def stop(self):
        """Stops it as Ctrl-C does. Returns the exit code and all that was said."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.ended()

    def ended(self):
        """Waits for its end. Returns the exit code and all that was said."""
        return self.process.wait(DEADLINE_S), self.lines.rest()

    def logs(self):
        parts = []
        for log in sorted((self.state / "log").glob("*.log")):
            text = log.read_text(encoding="utf-8", errors="replace")
            parts.append(f"--- {log.name}\n" + "\n".join(text.splitlines()[-15:]))
        return "\n".join(parts)

    def sanitizer_reports(self):
        return [
            log.name
            for log in (self.state / "log").glob("*.log")
            if SANITIZER.search(log.read_text(errors="replace"))
        ]

    def clean_up(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(DEADLINE_S)
        shutil.rmtree(self.run_dir, ignore_errors=True)


def programs_with(folder, name, script):
    """A folder with the programs under test, but a shell script in the place of `name` (None:
    nothing there)."""
    folder.mkdir(exist_ok=True)
    for program in binaries().iterdir():
        if program.name not in ("kf", name):
            (folder / program.name).symlink_to(program)
    shutil.copy(binaries() / "kf", folder / "kf")  # it looks for the others beside itself
    if script is not None:
        (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    return folder


@pytest.fixture
def pipelines(tmp_path):
    """Starts pipelines; ends them after the test, which fails when a sanitizer found something."""
    started = []

    def start(*options, **more):
        folder = tmp_path / str(len(started))
        folder.mkdir()
        started.append(Pipeline(folder, *options, **more))
        return started[-1]

    yield start
    reports = []
    for pipeline in started:
        pipeline.clean_up()
        reports += pipeline.sanitizer_reports()
    assert not reports


def await_ends(pids):
    """Waits for the end of these processes; returns them in the order in which they were seen to
    end, those seen at once as one set."""
    poll = select.poll()
    open_ = {}
    order = []
    for pid in pids:
        try:
            open_[os.pidfd_open(pid)] = pid
        except ProcessLookupError:
            order.append({pid})
    for descriptor in open_:
        poll.register(descriptor, select.POLLIN)
    end = time.monotonic() + DEADLINE_S
    while open_:
        left_ms = (end - time.monotonic()) * 1000
        events = poll.poll(max(0, left_ms))
        assert events, f"still running: {sorted(open_.values())}"
        order.append({open_[descriptor] for descriptor, _ in events})
        for descriptor, _ in events:
            poll.unregister(descriptor)
            os.close(descriptor)
            del open_[descriptor]
    return order


def read_topic(bootstrap, topic):
    """All records of a topic as (key, value), read_committed, from the beginning to the end."""
    return read_topics(bootstrap, [topic])[topic]


def read_topics(bootstrap, topics):
    """The same of several topics, by topic; one consumer takes half a second."""
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": "test",
            "enable.auto.commit": False,
            "isolation.level": "read_committed",
            "enable.partition.eof": True,
        }
    )
    records = {topic: [] for topic in topics}
    try:
        known = consumer.list_topics(timeout=DEADLINE_S).topics
        left = {(topic, number) for topic in topics for number in known[topic].partitions}
        consumer.assign([TopicPartition(*partition, OFFSET_BEGINNING) for partition in left])
        while left:
            message = consumer.poll(DEADLINE_S)
            assert message is not None, f"{left}: the broker is silent"
            if message.error() is None:
                records[message.topic()].append((message.key().decode(), message.value()))
            elif message.error().code() == KafkaError._PARTITION_EOF:
                left.discard((message.topic(), message.partition()))
            else:
                pytest.fail(str(message.error()))
    finally:
        consumer.close()
    return records
