"""A running kf-fake-ssb: Statistics Norway's API as a scenario says, on a port of its own."""

import datetime
import http.client
import json
import pathlib
import signal
import subprocess
import urllib.parse

from conftest import DEADLINE_S, ROOT, binaries, environment

API = "/api/pxwebapi/v2"
KLASS = "/api/klass/v1/classifications/131"


class Answer:
    """What came back, as it came."""

    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def text(self):
        return self.body.decode()


class FakeSsb:
    """Starts on `port`, 0 for any free one, and is ready when it is made.

    `scenario` is a path, or what a scenario file would hold as Python values (JSON is YAML);
    `day` is START[,SPEED[,ANCHOR]].
    """

    def __init__(self, folder, scenario, day="", editions=ROOT / "editions", port=0):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.log_file = self.folder / "questions.jsonl"
        self.process = subprocess.Popen(
            [
                binaries() / "kf-fake-ssb",
                "--scenario",
                self._file(scenario),
                "--editions",
                editions,
                "--log",
                self.log_file,
                "--port",
                str(port),
                *(["--day", day] if day else []),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
        )
        self.address = self.process.stdout.readline().strip()
        if not self.address:
            raise AssertionError(f"kf-fake-ssb did not start: {self.process.stderr.read()}")
        self.port = urllib.parse.urlsplit(self.address).port

    def _file(self, scenario):
        if isinstance(scenario, (str, pathlib.Path)):
            return scenario
        path = self.folder / "scenario.yaml"
        path.write_text(json.dumps(scenario, ensure_ascii=False), encoding="utf-8")
        return path

    @property
    def url(self):
        """For --ssb."""
        return self.address + API

    @property
    def klass_url(self):
        """For --klass."""
        return self.address + "/api/klass/v1"

    # --- questions ---

    def ask(self, path, body=None, headers=None, method=None, timeout_s=DEADLINE_S):
        """One question on a connection of its own; nothing is followed or undone."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout_s)
        try:
            content = json.dumps(body) if isinstance(body, (dict, list)) else body
            verb = method or ("POST" if body is not None else "GET")
            connection.request(verb, path, body=content, headers=headers or {})
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def api(self, path, **more):
        return self.ask(API + path, **more)

    def data(self, table, selection, **more):
        """POST …/data with {dimension: [codes]}."""
        items = [{"variableCode": d, "valueCodes": codes} for d, codes in selection.items()]
        return self.api(f"/tables/{table}/data", body={"selection": items}, **more)

    # --- control ---

    def command(self, **command):
        """Carried out when it returns."""
        answer = self.ask("/-/control", body=command)
        if answer.status != 200:
            raise AssertionError(answer.text)

    def change(self, table, change, **more):
        self.command(table=table, change=change, **more)

    def misbehave(self, mode, path="", calls=0, **more):
        self.command(misbehave=mode, path=path, calls=calls, **more)

    def behave(self):
        self.command(behave=True)

    def advance(self, when):
        """Moves the server's own day on to that time."""
        self.command(advance=when)

    def state(self):
        return self.ask("/-/state").json

    # --- what was asked ---

    def log(self, control=False):
        """The questions so far: ms, day, method, url, cells, status, bytes, mode."""
        text = self.log_file.read_text(encoding="utf-8")
        whole = text[: text.rfind("\n") + 1]  # one may be half written
        lines = [json.loads(line) for line in whole.splitlines()]
        return [line for line in lines if control or not line["url"].startswith("/-/")]

    def most_in_a_minute(self):
        """The most questions to the API that came within any 60 s of the day."""
        times = [_seconds(line["day"]) for line in self.log() if line["url"].startswith(API)]
        return max((sum(1 for t in times if s <= t < s + 60) for s in times), default=0)

    # --- the end ---

    def stop(self, number=signal.SIGTERM):
        """Returns the exit code and what it complained of."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        _, complaints = self.process.communicate(timeout=DEADLINE_S)
        return self.process.returncode, complaints

    def clean_up(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate(timeout=DEADLINE_S)


def _seconds(day):
    """Seconds since 1970 of 2026-03-16T07:00:00.123Z."""
    return datetime.datetime.fromisoformat(day.replace("Z", "+00:00")).timestamp()
