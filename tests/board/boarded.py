"""A board beside a pipeline of real processes that has real figures on its topics.

    with Boarded(folder) as boarded:
        boarded.feed_all()
        boarded.get("/api/catalogue")
        boarded.line.kill("need")

Nothing is restarted by itself: a test says who dies and who comes back. The programs are those of
tests/kafka/line.py: in $KF_BIN, or in `bin` of $KF_BUILD_DIR.
"""

import contextlib
import csv
import gzip
import http.client
import io
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "kafka"))

import made  # noqa: E402  pylint: disable=wrong-import-position
from line import Line, binaries, wait_until  # noqa: E402  pylint: disable=wrong-import-position
from oracle import Oracle, compute  # noqa: E402  pylint: disable=wrong-import-position

DATA = ROOT / "data"
SHOWN_S = 90
ANSWER_S = 20
PUBLISHED = ("asss-2010", "care-2017", "need-2026", "demography-2026-mmmm",
             "resource-use-lorenskog", "sio-2017", "ks-2022")
BUILT_ON = ("need-2026-ages", "demography-national", "ks-2019")
TELEMARK = ("4001", "4003", "4005", "4010", "4012", "4014", "4016", "4018", "4020", "4022",
            "4024", "4026", "4028", "4030", "4032", "4034", "4036")
COUNTRY = "EAK"
YEARS = range(2020, 2030)  # of Telemark's people: observed until 2026, then projected
SANITIZER = ("ERROR: AddressSanitizer", "ERROR: LeakSanitizer", "runtime error:")


def editions_folder(folder):
    """A copy of the editions folder in which only PUBLISHED are computed by the pipeline."""
    folder = pathlib.Path(folder)
    shutil.copytree(ROOT / "editions", folder, ignore=shutil.ignore_patterns("*.yaml"))
    shutil.copytree(ROOT / "editions" / "sources", folder / "sources", dirs_exist_ok=True)
    shutil.copy(ROOT / "editions" / "variables.yaml", folder)
    for name in (*PUBLISHED, *BUILT_ON):
        text = (ROOT / "editions" / f"{name}.yaml").read_text(encoding="utf-8")
        lines = [line for line in text.splitlines() if not line.startswith("publish:")]
        lines.append(f"publish: {'true' if name in PUBLISHED else 'false'}")
        (folder / f"{name}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / f"{made.INCOME_ID}.yaml").write_text(made.income_edition(), encoding="utf-8")
    data = folder.parent / "data"
    if not data.exists():
        data.symlink_to(DATA)
    return folder


def _cut(source, target, wanted):
    """Copies the rows of a table that are wanted."""
    with open(source, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    kept = [row for row in rows[1:] if wanted(row[0], int(row[1]))]
    with open(target, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([rows[0], *kept])


def national_figures(folder):
    """Need of all municipalities in 2026, Telemark's people 2020–2029, Lørenskog's spending."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True)
    _cut(DATA / "population" / "population.csv", folder / "population.csv",
         lambda code, year: year in (2024, 2026)
         or (code in (*TELEMARK, COUNTRY) and year in YEARS))
    _cut(DATA / "demography" / "projection-2026-mmmm.csv", folder / "projection.csv",
         lambda _, year: year in YEARS)
    for name in ("need/need-indices.csv", "resource-use/country-2024.csv"):
        shutil.copy(DATA / name, folder)
    _cut(DATA / "resource-use" / "net-expenditure.csv", folder / "net-expenditure.csv",
         lambda _, year: year == 2024)
    return folder


class Feeds:
    """Inputs for the inbox, and what each of them is computed to: {name: [(edition, years)]}."""

    def __init__(self, folder, editions):
        folder = pathlib.Path(folder)
        folder.mkdir(parents=True)
        self.inputs = {
            "asss": DATA / "asss-2010" / "asss-2010.csv",
            "care": DATA / "care-2017" / "care-2017.csv",
            "sio": DATA / "sio-2017" / "sio-2017.csv",
            "national": national_figures(folder / "national"),
            "made": made.figures(editions).write(folder / "made.csv"),
        }
        self.panels = {
            "asss": [("asss-2010", "2010")],
            "care": [("care-2017", "2017")],
            "sio": [("sio-2017", "2014-2018")],
            "national": [("need-2026", "2026"), ("resource-use-lorenskog", "2024"),
                         ("demography-2026-mmmm", f"{YEARS.start}-{YEARS.stop - 1}")],
            "made": [("ks-2022", "2022"), (made.INCOME_ID, "2021-2022")],
        }

    def files(self, name):
        """The files of an input."""
        path = self.inputs[name]
        return sorted(path.iterdir()) if path.is_dir() else [path]

    def rows(self, name, program, editions):
        """What `kf compute` makes of an input."""
        return [row for edition, years in self.panels[name]
                for row in compute(program, edition, years, self.files(name), editions)]


class Devbroker:
    """The small broker; `start` again serves the same port, with nothing of what was on it."""

    def __init__(self, folder):
        self._folder, self._port, self._process = pathlib.Path(folder), 0, None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.kill()

    @property
    def bootstrap(self):
        return f"127.0.0.1:{self._port}"

    def start(self):
        file = self._folder / "broker.port"
        file.unlink(missing_ok=True)
        with open(self._folder / "broker.log", "ab") as log:
            self._process = subprocess.Popen(
                [binaries() / "kf-devbroker", "--port", str(self._port), "--port-file", file],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self._port = int(wait_until(lambda: file.is_file() and file.read_text(), "the broker"))
        return self

    def kill(self):
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()


class Boarded:
    """Broker, six services and a board, in the folder `work`; ports and endpoints are its own.

    `broker`: one that runs, of tests/kafka/broker.py; without it a small one is started.
    """

    def __init__(self, work, broker=None, prefix="kostra", options=()):
        self.work = pathlib.Path(work)
        self.work.mkdir(parents=True, exist_ok=True)
        self.editions = editions_folder(self.work / "editions")
        self.feeds = Feeds(self.work / "feeds", self.editions)
        self.store = self.work / "board.db"
        self.line = self.broker = None
        self._given, self._prefix, self._options = broker, prefix, list(map(str, options))
        self._stack, self._board = contextlib.ExitStack(), None
        self._starts = self._revisions = 0

    def __enter__(self):
        try:
            return self._start()
        except BaseException:
            self._stack.close()
            raise

    def __exit__(self, *_):
        self._stack.close()
        reports = [log.name for log in self.work.rglob("*.log")
                   if any(mark in log.read_text(errors="replace") for mark in SANITIZER)]
        assert not reports, f"a sanitizer found something: {reports}"

    def _start(self):
        self.broker = self._given or self._stack.enter_context(Devbroker(self.work))
        # A name of its own: a socket's path must be short.
        self.run = pathlib.Path(tempfile.mkdtemp(prefix="kf-", dir="/tmp"))
        self._stack.callback(shutil.rmtree, self.run, True)
        self.line = Line(self.work / "line", self.broker.bootstrap, self._prefix, self.editions)
        self.line.run = self.run
        self._stack.enter_context(self.line)
        self._stack.callback(self.end_board)
        self.line.start()
        assert self.line.ready("ingest"), self.line.logs()
        self.start_board()
        return self

    # --- the board ------------------------------------------------------------------------------

    def start_board(self):
        """Starts it, maybe again, and waits until it answers; always on the same port."""
        self._starts += 1
        port_file = self.run / "board-0.http"
        port = getattr(self, "port", 0)
        port_file.unlink(missing_ok=True)
        command = [binaries() / "kf-board", "--run-dir", self.run, "--bootstrap-servers",
                   self.broker.bootstrap, "--topic-prefix", self._prefix, "--editions",
                   self.editions, "--store", self.store, "--http-port", str(port),
                   *self._options]
        with open(self.work / f"board-{self._starts}.log", "wb") as log:
            self._board = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log,
                                           stderr=log)
        wait_until(lambda: port_file.is_file() or self._board.poll() is not None, "the board")
        assert self._board.poll() is None, f"the board ended: {self.board_log()}"
        self.port = int(port_file.read_text())

    def board_log(self):
        """What the newest board said."""
        return (self.work / f"board-{self._starts}.log").read_text(errors="replace")[-4000:]

    def signal_board(self, number):
        self._board.send_signal(number)

    def kill_board(self):
        self._board.kill()
        self._board.wait()

    def end_board(self):
        """Ends it in its own orderly way; its exit code."""
        if self._board and self._board.poll() is None:
            self._board.send_signal(signal.SIGCONT)
            self._board.send_signal(signal.SIGTERM)
        return self._board and self._board.wait(SHOWN_S)

    # --- what it answers ------------------------------------------------------------------------

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    def ask(self, path, headers=None):
        """(status, headers, body) of a page; the body is unpacked."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_S)
        try:
            connection.request("GET", path, headers=headers or {})
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        if answer.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        return answer.status, answer.headers, body

    def get(self, path):
        """The JSON of a page that must be there."""
        status, _, body = self.ask(path)
        assert status == 200, f"{path}: {status} {body[:300]}"
        return json.loads(body)

    def shown(self):
        """{(edition, year): release} that the board shows."""
        return {(edition["id"], year["year"]): year["release"]
                for edition in self.get("/api/catalogue")["editions"]
                for year in edition["years"]}

    # --- figures --------------------------------------------------------------------------------

    def feed(self, name):
        """Drops an input and waits until the board shows all that it is computed to."""
        source, before = self.feeds.inputs[name], self.shown()
        wanted = set(_panels(self.feeds.panels[name]))
        self.drop(source, name)
        wait_until(lambda: all(self.shown().get(p) not in (None, before.get(p)) for p in wanted),
                   f"{name} on the board; {self.board_log()}\n{self.line.logs()}", SHOWN_S)

    def drop(self, source, name):
        """Puts a file, or a folder of files that belong together, into the inbox in one step."""
        self.line.inbox.mkdir(parents=True, exist_ok=True)
        source = pathlib.Path(source)
        hidden = self.line.inbox / f".{name}"
        if source.is_dir():
            shutil.copytree(source, hidden)
        else:
            shutil.copy(source, hidden)
        os.rename(hidden, self.line.inbox / f"{name}{source.suffix}")

    def drop_revised(self):
        """Drops the figures of the ten of 2010 with one changed, a little more each time."""
        self._revisions += 1
        lines = self.feeds.inputs["asss"].read_text(encoding="utf-8").splitlines()
        cells = lines[-1].split(",")
        cells[3] = f"{float(cells[3]) + self._revisions / 10:.1f}"
        path = self.work / "revised.csv"
        path.write_text("\n".join([*lines[:-1], ",".join(cells)]) + "\n", encoding="utf-8")
        self.drop(path, f"revised-{self._revisions}")

    def feed_all(self):
        for name in self.feeds.inputs:
            self.feed(name)
        return self

    def oracle(self, *names):
        """What the board should answer when these inputs were fed, or all."""
        oracle = Oracle(self.editions)
        for name in names or self.feeds.inputs:
            sources = [{"name": path.name} for path in self.feeds.files(name)]
            oracle.add(self.feeds.rows(name, binaries() / "kf", self.editions), sources)
        return oracle


def _panels(listed):
    for edition, years in listed:
        first, _, last = years.partition("-")
        for year in range(int(first), int(last or first) + 1):
            yield edition, year


def rows_of_csv(text):
    """The rows of a table that was downloaded."""
    return list(csv.reader(io.StringIO(text)))
