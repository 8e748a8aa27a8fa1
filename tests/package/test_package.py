"""The Debian package: what is in it, and that it installs, runs and goes away on a clean root."""

import os
import pathlib
import queue
import re
import shutil
import subprocess
import threading
import time
import urllib.request

import pytest
from clean_root import CleanRoot

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVICES = ["ingest", "need", "normalize", "aggregate", "efficiency", "publish"]
STAGES = SERVICES[1:-1]
INSTALLED = [*SERVICES, "board"]
DATA = ROOT / "data" / "asss-2010" / "asss-2010.csv"
CACHE = ROOT / "build" / "package"
WAIT_S = 90
PROGRAMS = {"kf", "kf-devbroker", *(f"kf-{service}" for service in INSTALLED)}


@pytest.fixture(scope="module")
def package():
    """The package under test: $KF_PACKAGE, a path; `./test --only package` builds it."""
    path = pathlib.Path(os.environ["KF_PACKAGE"])
    assert path.is_file()
    return path


def field(package, name):
    done = subprocess.run(["dpkg-deb", "--field", package, name], capture_output=True, text=True,
                          check=True)
    return done.stdout.strip()


@pytest.fixture(scope="module")
def contents(package):
    """{path: (mode, owner)} of the files in the package."""
    done = subprocess.run(["dpkg-deb", "--contents", package], capture_output=True, text=True,
                          check=True)
    rows = [line.split(None, 5) for line in done.stdout.splitlines()]
    return {row[5].removeprefix("."): (row[0], row[1]) for row in rows}


def test_the_programs_units_settings_and_editions_are_in_it_and_no_tools_of_tests(contents):
    programs = {path.removeprefix("/usr/bin/") for path in contents
                if path.startswith("/usr/bin/") and path != "/usr/bin/"}
    assert programs == PROGRAMS
    for unit in (ROOT / "deploy" / "systemd").glob("kostraflow*.*"):
        if unit.suffix in (".service", ".target", ".slice"):
            assert f"/usr/lib/systemd/system/{unit.name}" in contents
    for path in ["sysusers.d/kostraflow.conf", "tmpfiles.d/kostraflow.conf"]:
        assert f"/usr/lib/{path}" in contents
    for path in (ROOT / "deploy" / "grafana").rglob("*.*"):
        assert f"/usr/share/kostraflow/{path.relative_to(ROOT / 'deploy')}" in contents
    for edition in (ROOT / "editions").glob("*.yaml"):
        assert f"/usr/share/kostraflow/editions/{edition.name}" in contents
    assert {owner for _, owner in contents.values()} == {"root/root"}


def test_settings_are_conffiles_and_the_secret_one_is_closed(package, contents):
    done = subprocess.run(["dpkg-deb", "--info", package, "conffiles"], capture_output=True,
                          text=True, check=True)
    listed = set(done.stdout.split())
    assert listed == {path for path in contents if re.match("/etc/.*[^/]$", path)}
    assert listed == {f"/etc/kostraflow/{service}.yaml" for service in INSTALLED} | {
        "/etc/kostraflow/kafka.conf"}
    assert contents["/etc/kostraflow/kafka.conf"][0] == "-rw-------"
    assert contents["/etc/kostraflow/publish.yaml"][0] == "-rw-r--r--"


def test_it_depends_on_the_libraries_that_the_programs_link(package):
    depends = field(package, "Depends")
    for library in ["libc6", "libzmq5", "libprotobuf-c1", "librdkafka1", "libsqlite3-0",
                    "libmicrohttpd12", "libyaml-0-2", "libcurl4", "liblapacke"]:
        assert re.search(rf"(^|, ){re.escape(library)}\b", depends), f"{library} in {depends}"


def test_lintian_has_nothing_to_say(package):
    done = subprocess.run(["lintian", "--allow-root", "--fail-on", "error,warning", package],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


# ---- on a clean root ----

class Reader:
    """The lines that a process writes."""

    def __init__(self, process):
        self._lines = queue.Queue()
        self.seen = []
        threading.Thread(target=self._read, args=(process.stdout,), daemon=True).start()

    def _read(self, stream):
        for line in stream:
            self._lines.put(line)
        self._lines.put(None)

    def wait_for(self, text):
        """Waits for the line."""
        end = time.monotonic() + WAIT_S
        while True:
            line = self._lines.get(timeout=max(0.1, end - time.monotonic()))
            assert line is not None, "".join(self.seen)
            self.seen.append(line)
            if line.strip() == text:
                return


@pytest.fixture(scope="module")
def clean(package, tmp_path_factory):
    """A clean root with the package's dependencies, and what was there before the package."""
    if os.geteuid() != 0:
        pytest.skip("NOT PROVED: installing on a clean root needs root (debootstrap, chroot)")
    folder = tmp_path_factory.mktemp("root")
    folder.chmod(0o755)
    made = CleanRoot(folder, CACHE, field(package, "Depends"))
    made.before = made.files()
    shutil.copy(package, folder / "tmp" / "kostraflow.deb")
    made.enter("apt-get", "install", "-y", "--no-install-recommends", "/tmp/kostraflow.deb")
    yield made
    shutil.rmtree(folder, ignore_errors=True)


def test_installing_makes_the_user_and_the_folders(clean):
    assert clean.enter("id", "-un", "kostraflow").strip() == "kostraflow"
    said = clean.enter("stat", "-c", "%a %U %G", "/var/lib/kostraflow", "/var/lib/kostraflow/inbox")
    assert said.splitlines() == ["750 kostraflow kostraflow", "2770 kostraflow kostraflow"]


@pytest.mark.parametrize("service", INSTALLED)
def test_a_service_is_sound_as_it_is_installed(clean, service):
    said = clean.enter(f"/usr/bin/kf-{service}", "--config", f"/etc/kostraflow/{service}.yaml",
                       "--run-dir", "/run/kostraflow", "--check-config", user="kostraflow")
    assert "sound" in said


def test_a_computation_gives_what_the_build_gives(clean):
    words = ["compute", "--edition", "asss-2010", "--year", "2010", "--input"]
    shutil.copy(DATA, clean.path / "tmp" / "figures.csv")
    inside = clean.enter("kf", *words, "/tmp/figures.csv", user="kostraflow")
    built = ROOT / "build" / "release" / "bin" / "kf"
    ours = subprocess.run([built, *words, DATA], capture_output=True, text=True, check=True).stdout
    assert inside == ours and len(inside.splitlines()) > 500


def test_a_release_walks_through_the_installed_line(clean):
    state = "/var/lib/kostraflow"
    command = clean.command("kf", "up", "--plain", "--state-dir", state, "--run-dir", "/tmp/run",
                            "--broker-port", "0", "--board", "0", "--ready-file", "/tmp/ready",
                            user="kostraflow")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}) as line:
        try:
            said = Reader(line)
            said.wait_for("ready")
            inbox = clean.path / state.lstrip("/") / "inbox"
            shutil.copy(DATA, inbox / "figures.tmp")
            os.rename(inbox / "figures.tmp", inbox / "figures.csv")
            facts = dict(text.split("=", 1)
                         for text in (clean.path / "tmp" / "ready").read_text().splitlines())
            shown = clean.enter("kf", "show", "--edition", "asss-2010", "--year", "2010",
                                "--bootstrap-servers", facts["bootstrap"], "--wait", str(WAIT_S))
            assert "Bergen" in shown
            with urllib.request.urlopen(facts["board"], timeout=WAIT_S) as answer:
                assert answer.headers["Content-Type"].startswith("text/html")
        finally:
            children = subprocess.run(["pgrep", "-P", str(line.pid)], capture_output=True,
                                      text=True, check=False).stdout.split()
            for pid in children:
                os.kill(int(pid), 15)
            line.wait(WAIT_S)


def test_purging_leaves_nothing_but_state(clean):
    assert (clean.path / "var/lib/kostraflow/ledger.db").exists()
    clean.enter("apt-get", "purge", "-y", "kostraflow")
    assert clean.files() == clean.before
    assert (clean.path / "var/lib/kostraflow/ledger.db").exists()
