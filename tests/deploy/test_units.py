"""The systemd units are sound, closed, and agree with the programs they start."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import pytest
import yaml
from conftest import DEPLOY, PROGRAMS, SERVICES, STAGES
from line import binaries

UNITS = DEPLOY / "systemd"
EXPOSURE_MAX = 2.0
SYSTEM_UNITS = pathlib.Path("/usr/lib/systemd/system")


def unit_of(service):
    return UNITS / f"kostraflow-{service}{'@' if service in STAGES else ''}.service"


def settings_of(service):
    """[(section, key, value)] of a unit, lines joined."""
    text = re.sub(r"\\\n\s*", "", unit_of(service).read_text(encoding="utf-8"))
    section, found = "", []
    for line in text.splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif "=" in line and not line.startswith("#"):
            found.append((section, *line.split("=", 1)))
    return found


def value_of(service, wanted):
    return [value for _, key, value in settings_of(service) if key == wanted]


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A root folder with the units of the system and ours, and a program behind each."""
    folder = tmp_path_factory.mktemp("root")
    units = folder / "usr" / "lib" / "systemd" / "system"
    shutil.copytree(SYSTEM_UNITS, units, symlinks=True)
    (folder / "lib").symlink_to("usr/lib")
    for path in [*UNITS.glob("*.service"), *UNITS.glob("*.target"), *UNITS.glob("*.slice")]:
        shutil.copy(path, units)
    for name in ["usr/bin", "bin", "etc/systemd/system"]:
        (folder / name).mkdir(parents=True)
    for service in PROGRAMS:
        os.symlink("/bin/true", folder / "usr" / "bin" / f"kf-{service}")
    shutil.copy("/bin/kill", folder / "bin" / "kill")
    return folder


def analyze(*words):
    command = ["systemd-analyze", "--no-pager", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def instance_of(service):
    return unit_of(service).name.replace("@.", "@0.")


@pytest.mark.parametrize("service", PROGRAMS)
def test_a_unit_is_closed(root, service):
    done = analyze("security", "--offline=true", f"--root={root}", instance_of(service))
    level = re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
    assert level, done.stdout + done.stderr
    assert float(level[1]) <= EXPOSURE_MAX, done.stdout


def test_systemd_finds_no_fault_in_the_units(root):
    shutil.copy("/bin/true", root / "bin" / "true")
    for service in PROGRAMS:
        program = root / "usr" / "bin" / f"kf-{service}"
        program.unlink(missing_ok=True)
        shutil.copy("/bin/true", program)
    names = ["kostraflow.target", "kostraflow.slice", *map(instance_of, PROGRAMS)]
    done = analyze("verify", "--man=no", f"--root={root}", *names)
    ours = [line for line in (done.stdout + done.stderr).splitlines() if "kostraflow" in line]
    assert not ours and done.returncode == 0, done.stderr


@pytest.mark.parametrize("service", PROGRAMS)
def test_what_makes_a_service_hard_to_break_stands_in_every_unit(service):
    def common(name):
        text = unit_of(name).read_text(encoding="utf-8")
        shared = text.split("# What is the same in every unit of kostraflow.\n")[1]
        return shared.split("[Install]")[0]

    assert common(service) == common("ingest")
    assert value_of(service, "Type") == ["notify"]
    assert value_of(service, "WatchdogSec") == ["30s"]
    assert value_of(service, "Restart") == ["always"]
    assert value_of(service, "RestartPreventExitStatus") == ["2"]
    assert value_of(service, "RuntimeDirectoryMode") == ["0700"]
    families = value_of(service, "RestrictAddressFamilies")[0].split()
    assert "AF_NETLINK" in families  # libzmq lists the interfaces to bind to a tcp address


@pytest.fixture
def short_folder():
    """Sockets have short paths."""
    with tempfile.TemporaryDirectory(prefix="kf-", dir="/tmp") as folder:
        yield folder


@pytest.mark.parametrize("service", PROGRAMS)
def test_the_program_takes_the_command_line_and_the_settings_of_its_unit(service, tmp_path,
                                                                         short_folder):
    (command,) = value_of(service, "ExecStart")
    places = {"%t": short_folder, "%S": tmp_path, "%E": tmp_path, "%d": tmp_path, "%i": "0"}
    shutil.copytree(DEPLOY / "etc", tmp_path / "kostraflow")
    shutil.copy(DEPLOY / "etc" / "kafka.conf", tmp_path)
    editions = DEPLOY.parent / "editions"
    for name in ("ingest", "board"):
        settings = tmp_path / "kostraflow" / f"{name}.yaml"
        text = settings.read_text(encoding="utf-8")
        assert "editions: /usr/share/kostraflow/editions\n" in text
        settings.write_text(text.replace("/usr/share/kostraflow/editions", str(editions)),
                            encoding="utf-8")
    for mark, place in places.items():
        command = command.replace(mark, str(place))
    words = command.split()
    words[0] = binaries() / pathlib.Path(words[0]).name
    clean = {name: value for name, value in os.environ.items() if not name.startswith("KF_")}
    done = subprocess.run([*words, "--check-config"], capture_output=True, text=True, check=False,
                          env=clean, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "sound" in done.stdout


def test_every_service_has_a_port_for_metrics_of_its_own():
    ports = [yaml.safe_load((DEPLOY / "etc" / f"{service}.yaml").read_text())["http-port"]
             for service in PROGRAMS]
    assert ports == list(range(9461, 9468))


def test_the_order_stops_the_source_first_and_the_publisher_last():
    for before, after in zip(SERVICES, SERVICES[1:], strict=False):
        assert instance_of(after) in " ".join(value_of(before, "After")).split()


def test_the_target_starts_every_service():
    text = (UNITS / "kostraflow.target").read_text(encoding="utf-8")
    wanted = " ".join(re.findall(r"^Wants=(.*)$", text, re.M)).split()
    assert sorted(wanted) == sorted(map(instance_of, SERVICES))


def test_the_board_sees_nothing_of_the_pipelines_state_and_is_started_by_nobody_else():
    assert value_of("board", "InaccessiblePaths") == ["-%S/kostraflow"]
    assert value_of("board", "StateDirectory") == ["kostraflow-board"]
    assert value_of("board", "StateDirectoryMode") == ["0700"]
    assert "board" not in (UNITS / "kostraflow.target").read_text(encoding="utf-8")
    for service in SERVICES:
        assert "board" not in unit_of(service).read_text(encoding="utf-8")


def test_a_watchdog_of_the_units_allows_for_what_the_program_calls_a_stall():
    """Health turns red (stall-limit, 10 s) before the manager kills (WatchdogSec)."""
    reference = subprocess.run([binaries() / "kf-need", "--config-reference"], text=True,
                               capture_output=True, check=True).stdout
    assert "| `--stall-limit` | `KF_STALL_LIMIT` | `10s` |" in reference
    assert value_of("need", "WatchdogSec") == ["30s"]
