"""The six services as separate processes, for tests that kill them one at a time.

    with Line(work, broker.bootstrap, "kostra") as line:
        line.start()
        line.drop(CSV)
        ...
        line.kill("need"); line.start("need")

Unlike `kf up` nothing is restarted by itself: a test says who dies and who comes back. The programs
are those in the folder KF_BIN, or in `bin` of the build folder KF_BUILD_DIR.
"""

import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVICES = ("publish", "efficiency", "aggregate", "normalize", "need", "ingest")
DATA = ROOT / "data" / "asss-2010" / "asss-2010.csv"
READY_S = 60
POLL_S = 0.02


def binaries():
    """The folder of the programs under test."""
    folder = os.environ.get("KF_BIN") or os.path.join(os.environ.get("KF_BUILD_DIR", ""), "bin")
    assert os.path.isdir(folder), "set KF_BUILD_DIR to a build folder, e.g. build/asan"
    return (ROOT / folder).resolve()


def wait_until(condition, what, timeout_s=READY_S):
    """Polls until `condition()` is true and returns it; an AssertionError names `what`."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        result = condition()
        if result:
            return result
        time.sleep(POLL_S)
    raise AssertionError(f"not within {timeout_s} s: {what}")


def revised():
    """The figures with one of them changed: a release of its own."""
    rows = DATA.read_text(encoding="utf-8").splitlines()
    cells = rows[-1].split(",")
    cells[3] = f"{float(cells[3]) + 0.1:.1f}"
    return "\n".join([*rows[:-1], ",".join(cells)]) + "\n"


class Line:
    """A pipeline in its own folder `work`."""

    def __init__(self, work, bootstrap, prefix, editions=None, options=None, redelivery="1s"):
        self.work, self._redelivery = pathlib.Path(work), redelivery
        self.state, self.run = self.work / "state", self.work / "run"
        self.inbox, self.done = self.state / "inbox", self.state / "done"
        self.rejected = self.state / "rejected"
        self._bootstrap, self._prefix = bootstrap, prefix
        self._editions = editions or ROOT / "editions"
        self._options = options or {}
        self.within = {}  # by service: a command that starts it elsewhere, as nsenter does
        self._processes = {}
        self._starts = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self._processes.values():
            if process.poll() is None:
                process.kill()
            process.wait()

    def _arguments(self, service):
        own = {
            "ingest": [
                "--state-dir",
                self.state,
                "--editions",
                self._editions,
                "--settle",
                "20ms",
                "--redelivery-timeout",
                self._redelivery,
            ],
            "publish": [
                "--bootstrap-servers",
                self._bootstrap,
                "--topic-prefix",
                self._prefix,
                "--transactional-id",
                f"test-{self._prefix}",
            ],
            "board": [
                "--state-dir",
                self.state,
                "--editions",
                self._editions,
                "--bootstrap-servers",
                self._bootstrap,
                "--topic-prefix",
                self._prefix,
            ],
        }
        return ["--run-dir", self.run, *own.get(service, []), *self._options.get(service, [])]

    def program(self, service):
        """The program that is started as `service`."""
        return binaries() / f"kf-{service}"

    def start(self, *services, crash_at=None, stop_at=None, wait=True, extra=None):
        """Starts the services named, or all; with `crash_at` they kill themselves there, with
        `stop_at` they stand still there until `resume`. `extra`: more of the environment."""
        wishes = {"KF_CRASH_AT": crash_at, "KF_STOP_AT": stop_at}
        environment = {k: v for k, v in os.environ.items() if k not in wishes}
        environment |= {name: point for name, point in wishes.items() if point} | (extra or {})
        self.work.mkdir(parents=True, exist_ok=True)
        for service in services or SERVICES:
            self._starts += 1
            log = open(self.work / f"{self._starts:03d}-{service}.log", "w", encoding="utf-8")
            self._processes[service] = subprocess.Popen(
                [
                    *self.within.get(service, []),
                    self.program(service),
                    *map(str, self._arguments(service)),
                ],
                stdout=log,
                stderr=log,
                env=environment,
            )
            log.close()
        if wait:
            for service in services or SERVICES:
                if service != "publish":
                    self.wait_ready(service)

    def wait_ready(self, service):
        wait_until(
            lambda: self.ready(service) or self.exit_code(service) is not None, f"{service} ready"
        )

    def get(self, service, path):
        """(status, body) of a page of the service's HTTP server; None while it has none, or does
        not answer within two seconds."""
        try:
            port = int((self.run / f"{service}-0.http").read_text())
            with socket.create_connection(("127.0.0.1", port), 2) as connection:
                connection.sendall(f"GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
                answer = b"".join(iter(lambda: connection.recv(65536), b""))
        except (OSError, ValueError):
            return None
        head, _, body = answer.partition(b"\r\n\r\n")
        return (int(head.split()[1]), body.decode()) if head else None

    def page(self, service, path):
        """The same as soon as it answers: a machine that is busy may let a service wait."""
        return wait_until(lambda: self.get(service, path), f"{service} answers {path}")

    def text(self, service, path):
        """The body of the page, "" while there is no answer."""
        return (self.get(service, path) or (0, ""))[1]

    def figure(self, service, name):
        """A metric, without the common prefix, its labels as they are printed; None while the
        service does not answer, or where it has none."""
        pattern = rf"^kostraflow_{re.escape(name)} (\S+)$"
        found = re.search(pattern, self.text(service, "/metrics"), re.M)
        return float(found[1]) if found else None

    def await_figure(self, service, name, condition=lambda value: True, timeout_s=READY_S):
        """The metric as soon as it is so."""
        found = []

        def holds():
            value = self.figure(service, name)
            found[:] = [value]
            return value is not None and condition(value)

        wait_until(holds, f"{service}: {name}", timeout_s)
        return found[0]

    def committed(self):
        """How many releases ingest's ledger has as committed; None while ingest does not answer."""
        return self.figure("ingest", 'ledger_releases{state="committed"}')

    def ready(self, service):
        answer = self.get(service, "/readyz")
        return answer is not None and answer[0] == 200

    def pid(self, service):
        """Process id of the newest process of the service, None when it was never started."""
        process = self._processes.get(service)
        return process and process.pid

    def exit_code(self, service):
        """None while it runs; negative: the signal that ended it."""
        return self._processes[service].poll()

    def wait_exit(self, service, timeout_s=READY_S):
        return self._processes[service].wait(timeout_s)

    def kill(self, *services):
        for service in services or SERVICES:
            self._processes[service].kill()
            self._processes[service].wait()

    def pause(self, service):
        self._processes[service].send_signal(signal.SIGSTOP)

    def is_stopped(self, service):
        """True while it stands still (SIGSTOP)."""
        text = pathlib.Path(f"/proc/{self.pid(service)}/stat").read_text()
        return text.rsplit(")", 1)[1].split()[0] == "T"

    def resume(self, service):
        self._processes[service].send_signal(signal.SIGCONT)

    def stop(self, *services):
        """Stops cleanly, first the source; returns the exit codes by service."""
        codes = {}
        for service in services or reversed(SERVICES):
            self._processes[service].send_signal(signal.SIGTERM)
            codes[service] = self._processes[service].wait(READY_S)
        return codes

    def drop(self, source=DATA, name=None, text=None):
        """Puts a file into the inbox in one step, as a careful sender does."""
        self.inbox.mkdir(parents=True, exist_ok=True)
        name = name or pathlib.Path(source).name
        hidden = self.inbox / f".{name}.part"
        if text is None:
            shutil.copy(source, hidden)
        else:
            hidden.write_text(text, encoding="utf-8")
        hidden.rename(self.inbox / name)

    def logs(self):
        """All logs, for messages."""
        return "\n".join(
            f"--- {path.name}\n{path.read_text()[-3000:]}"
            for path in sorted(self.work.glob("*.log"))
        )
