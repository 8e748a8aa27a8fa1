#!/usr/bin/env python3
"""A real Apache Kafka, one node (KRaft, combined mode), for tests and benchmarks. No Docker.

    with Broker() as broker:
        broker.create_topics(["kostra.need.v1"])
        ... broker.bootstrap ...

or from a shell: `broker.py run` prints the bootstrap address and runs until SIGTERM.
Needs Java 17 and, the first time, Maven: the jars come from ./fetch. Standard library only.
"""

import argparse
import base64
import contextlib
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid

import wire

HERE = pathlib.Path(__file__).resolve().parent
HOST = "127.0.0.1"
POLL_S = 0.05
ASK_TIMEOUT_S = 5
BIND_TRIES_MAX = 5
LOG_TAIL_LINES = 25
LOG_OPTIONS = [
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSS",
]

# One of everything, no waiting for more; small buffers; a crashed broker is taken back within
# seconds (session) and a forgotten transaction aborted within seconds of its timeout.
SETTINGS = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "CLIENT",
    "listener.security.protocol.map": "CLIENT:PLAINTEXT,PROXY:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "num.partitions": "1",
    "default.replication.factor": "1",
    "min.insync.replicas": "1",
    "offsets.topic.num.partitions": "1",
    "offsets.topic.replication.factor": "1",
    "transaction.state.log.num.partitions": "1",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "group.initial.rebalance.delay.ms": "0",
    "broker.session.timeout.ms": "3000",
    "broker.heartbeat.interval.ms": "500",
    "transaction.abort.timed.out.transaction.cleanup.interval.ms": "1000",
    "log.cleaner.dedupe.buffer.size": "8388608",
}


# Kinds of kostraflow's topics: PREFIX.KIND.v1.
KEPT = ("release", "rejected")
LATEST = ("need", "resource-use", "demography", "indicator", "index", "efficiency", "unit-cost",
          "statistics", "publisher")


class BrokerError(Exception):
    """The broker did not do what was asked; the text ends with the end of its log."""


class Broker:
    """A broker with a data folder and two ports that are its own, over any number of starts.

    Not running when made: `start`, or use it as a context. Without `data` the folder is temporary
    and goes with `close`; with it, what was stored there before is served again. `settings` are
    properties of Kafka's that override SETTINGS. `advertise`: the address of a proxy, to which
    clients are referred that come to `behind`, where the proxy forwards. Start and stop may be
    called from any thread, but by one at a time. The broker never outlives the process that made
    it.
    """

    def __init__(
        self,
        port=None,
        data=None,
        auto_create_topics=False,
        settings=None,
        heap="512m",
        advertise=None,
    ):
        self._temporary = data is None
        self.data = pathlib.Path(data or tempfile.mkdtemp(prefix="kostraflow-kafka-")).resolve()
        self.data.mkdir(parents=True, exist_ok=True)
        self.log = self.data / "broker.log"
        self._wanted_port, self._port, self._controller_port = port, port, None
        self._settings = SETTINGS | {"auto.create.topics.enable": str(auto_create_topics).lower()}
        self._settings |= settings or {}
        self._heap = heap
        self._advertise, self._behind_port = advertise, None
        self._process = self._guard = None

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.close()
            raise

    def __exit__(self, *_):
        self.close()

    @property
    def bootstrap(self):
        """The address for clients, `127.0.0.1:port`. The same over every restart."""
        return f"{HOST}:{self._port}"

    @property
    def behind(self):
        """(host, port) for the proxy whose address is advertised."""
        return HOST, self._behind_port

    @property
    def pid(self):
        """Process id, None when not running."""
        return self._process and self._process.pid

    def start(self, timeout_s=120):
        """Starts the broker and returns it once it serves clients. Raises BrokerError."""
        if self._process:
            raise BrokerError("the broker is already started")
        deadline = time.monotonic() + timeout_s
        libs = _libs()
        first = self._controller_port is None
        for _ in range(BIND_TRIES_MAX if first else 1):
            if first:
                self._choose_ports()
            self._require_free_ports()
            self._write_properties()
            self._format(libs)
            self._launch(libs)
            if self._wait_until_ready(deadline):
                return self
        raise BrokerError(f"no free ports: {self._tail()}")

    def stop(self, timeout_s=60):
        """Stops the broker in its own orderly way (SIGTERM). Kills it when that takes too long."""
        self.resume()
        self._process.terminate()
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.kill()
            raise BrokerError(f"not stopped within {timeout_s} s: {self._tail()}") from None
        self._forget()

    def kill(self):
        """Ends the broker at once (SIGKILL). The data stay for the next `start`."""
        self._process.kill()
        self._process.wait()
        self._forget()

    def pause(self):
        """Stops the broker in its tracks (SIGSTOP): connections stay open, nobody answers."""
        self._process.send_signal(signal.SIGSTOP)

    def resume(self):
        """Lets a paused broker go on (SIGCONT)."""
        self._process.send_signal(signal.SIGCONT)

    def wait(self):
        """Returns never while the broker runs; raises BrokerError when it ends by itself."""
        self._process.wait()
        raise BrokerError(f"the broker ended by itself: {self._tail()}")

    def close(self):
        """Ends the broker if it runs, and removes the data folder if it is temporary."""
        if self._process:
            self.kill() if self._temporary else self.stop()
        if self._temporary:
            shutil.rmtree(self.data, ignore_errors=True)

    def create_topics(self, names, partitions=1, compacted=True, config=None, timeout_s=60):
        """Creates topics and returns when they can be written. `config`: more topic settings.

        The topics of kostraflow are set as it wants them, whatever `compacted` says.
        """
        address = (HOST, self._port)
        for settings, group in _by_settings(names, compacted):
            settings = settings | (config or {})
            wire.create_topics(address, group, partitions, settings, timeout_s)
        self._poll(lambda: not wire.leaderless(address, names, ASK_TIMEOUT_S), timeout_s)

    def prepare_transactions(self, timeout_s=60):
        """Has the log of transactions created, else the first producer waits a second for it."""
        address = (HOST, self._port)
        self._poll(lambda: wire.coordinates_transactions(address, ASK_TIMEOUT_S), timeout_s)

    def _poll(self, ready, timeout_s):
        deadline = time.monotonic() + timeout_s
        while not _now(ready):
            if time.monotonic() > deadline:
                raise BrokerError(f"not within {timeout_s} s: {self._tail()}")
            time.sleep(POLL_S)

    def _choose_ports(self):
        with contextlib.ExitStack() as held:
            self._port = self._wanted_port or free_port(held)
            self._controller_port = free_port(held)
            self._behind_port = free_port(held) if self._advertise else None

    def _require_free_ports(self):
        """Else whoever has our port would be taken for our broker."""
        for port in filter(None, (self._port, self._controller_port, self._behind_port)):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((HOST, port))
                except OSError as error:
                    raise BrokerError(f"port {port} cannot be had: {error.strerror}") from None

    def _write_properties(self):
        listeners = f"CLIENT://{self.bootstrap},CONTROLLER://{HOST}:{self._controller_port}"
        advertised = f"CLIENT://{self.bootstrap}"
        if self._advertise:
            listeners += f",PROXY://{HOST}:{self._behind_port}"
            advertised += f",PROXY://{self._advertise}"
        properties = self._settings | {
            "listeners": listeners,
            "advertised.listeners": advertised,
            "controller.quorum.voters": f"1@{HOST}:{self._controller_port}",
            "log.dirs": str(self.data / "log"),
        }
        lines = (f"{name}={value}\n" for name, value in properties.items())
        (self.data / "server.properties").write_text("".join(lines))

    def _format(self, libs):
        if (self.data / "log" / "meta.properties").exists():
            return
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        command = self._java(libs, "kafka.tools.StorageTool", "format", f"--cluster-id={cluster}")
        command += ["--config", self.data / "server.properties"]
        with self.log.open("ab") as log:
            if subprocess.run(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL).returncode:
                raise BrokerError(f"the storage could not be formatted: {self._tail()}")

    def _launch(self, libs):
        command = self._java(libs, "kafka.Kafka", self.data / "server.properties")
        self._log_start = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
            )
        self._guard = _guard(self._process.pid, self.data if self._temporary else None)

    def _java(self, libs, main, *arguments):
        options = [f"-Xmx{self._heap}", "-XX:+UseSerialGC", "-Djava.awt.headless=true"]
        return [_need("java"), *options, *LOG_OPTIONS, "-cp", f"{libs}/*", main, *arguments]

    def _wait_until_ready(self, deadline):
        """True when clients are served, False when another process has one of the ports."""
        while not self._ready():
            if self._process.poll() is not None:
                self._forget()
                if b"Address already in use" in self._log_of_this_start() and not self._wanted_port:
                    return False
                raise BrokerError(f"the broker ended instead of starting: {self._tail()}")
            if time.monotonic() > deadline:
                self.kill()
                raise BrokerError(f"the broker did not become ready in time: {self._tail()}")
            time.sleep(POLL_S)
        return True

    def _ready(self):
        try:
            return _now(lambda: bool(wire.brokers((HOST, self._port), ASK_TIMEOUT_S)))
        except wire.WireError:
            return False

    def _log_of_this_start(self):
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            return log.read()

    def _tail(self):
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return "\n".join([f"end of {self.log}:", *lines[-LOG_TAIL_LINES:]])

    def _forget(self):
        self._guard.kill()
        self._guard.communicate()
        self._process = self._guard = None


def _now(answers):
    """What the broker answers; False while it does not, as one that has just begun."""
    try:
        return answers()
    except OSError:
        return False


def _by_settings(names, compacted):
    """[(topic settings, names)] of the names, those of kostraflow's own topics by their kind."""
    groups = {}
    for name in names:
        kind = name.removesuffix(".v1").rpartition(".")[2] if name.endswith(".v1") else ""
        latest = kind in LATEST or (compacted and kind not in KEPT)
        groups.setdefault((kind in KEPT, latest), []).append(name)
    policies = {True: {"cleanup.policy": "compact"}, False: {"cleanup.policy": "delete"}}
    forever = {"retention.ms": "-1", "retention.bytes": "-1"}
    return [(policies[latest] | (forever if kept else {}), group)
            for (kept, latest), group in groups.items()]


def _guard(pid, folder):
    """A process that kills `pid` when we are gone, however we went: our end of its pipe closes.

    Removes `folder` then, unless that is None.
    """
    script = 'read -r _; kill -9 "$1"; [ -z "$2" ] || rm -rf -- "$2"'
    command = ["sh", "-c", script, "guard", str(pid), str(folder or "")]
    return subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)


def free_port(held):
    """A free port below those that outgoing connections get.

    From the ephemeral range, a client that keeps connecting while the broker is down would sooner
    or later be given the broker's own port, connect to itself, and keep the broker from returning.
    """
    limits = pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()
    below = int(limits[0])
    candidates = range(10000, below) if below > 11000 else [0]
    for port in random.sample(candidates, min(100, len(candidates))):
        probe = held.enter_context(socket.socket())
        with contextlib.suppress(OSError):
            probe.bind((HOST, port))
            return probe.getsockname()[1]
    raise BrokerError("no free port found")


def _libs():
    fetch = subprocess.run([HERE / "fetch"], stdout=subprocess.PIPE, text=True)
    if fetch.returncode:
        raise BrokerError("the jars of Kafka could not be fetched: see above")
    return fetch.stdout.strip()


def _need(program):
    if path := shutil.which(program):
        return path
    raise BrokerError(f"{program} is missing; apt-get install openjdk-17-jre-headless (Debian 12)")


def _run(options):
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    with Broker(options.port, options.data, options.auto_create_topics) as broker:
        broker.prepare_transactions()
        if options.topics:
            broker.create_topics(options.topics.split(","))
        print(broker.bootstrap, flush=True)
        broker.wait()


def main():
    parser = argparse.ArgumentParser(description="A real Apache Kafka for tests and benchmarks.")
    commands = parser.add_subparsers(required=True)
    run = commands.add_parser("run", help="print the bootstrap address, run until SIGTERM")
    run.add_argument("--port", type=int, help="port for clients (default: any free one)")
    run.add_argument("--data", help="folder of the data, kept (default: temporary)")
    run.add_argument("--topics", help="create these compacted topics first: NAME,NAME…")
    run.add_argument("--auto-create-topics", action="store_true")
    try:
        _run(parser.parse_args())
    except (BrokerError, wire.WireError) as error:
        sys.exit(f"broker: {error}")


if __name__ == "__main__":
    main()
