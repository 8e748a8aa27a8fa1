"""A full disk stops what needs room, is told, loses nothing, and is over when there is room."""

import errno
import subprocess

import pytest
from line import DATA, SERVICES, Line, binaries, wait_until
from reader import Follower, all_topics, check_release, manifests
from shim import Shim
from small_disk import SmallDisk


def published(broker, prefix, line, count=1):
    """Waits for so many releases; checks each, and that there is no other."""
    with Follower(broker.bootstrap, all_topics(prefix)) as follower:
        try:
            follower.wait_for(lambda records: len(manifests(records, prefix)) >= count, 90)
        except TimeoutError as error:
            raise AssertionError(f"{error}\n{line.logs()}") from error
        wait_until(lambda: line.committed() == count, f"the ledger closes them\n{line.logs()}")
        records = follower.catch_up()
    found = [release for release, _ in manifests(records, prefix)]
    assert len(found) == count
    for release in found:
        check_release(records, prefix, release)
    return found


def releases(line, *words):
    """What `kf releases` says."""
    command = [*line.within.get("ingest", []), binaries() / "kf", "releases", *words]
    return subprocess.run([*command, "--state-dir", line.inside], capture_output=True, text=True,
                          check=False)


def troubled(line, text):
    """Whether ingest says on its page that it waits, and why."""
    answer = line.get("ingest", "/readyz")
    return answer and answer[0] == 503 and text in answer[1]


class FullLine(Line):
    """A line whose ingest has its state on a small disk."""

    def __init__(self, disk, work, broker, prefix):
        super().__init__(work, broker.bootstrap, prefix)
        self.within["ingest"] = disk.command
        self.inside = disk.inside / "state"
        self.state = disk.path / "state"
        self.inbox, self.done = self.state / "inbox", self.state / "done"
        self.rejected = self.state / "rejected"

    def _arguments(self, service):
        return [self.inside if word == self.state else word for word in super()._arguments(service)]


@pytest.fixture
def small(broker, prefix, tmp_path):
    with SmallDisk() as disk, FullLine(disk, tmp_path, broker, prefix) as line:
        line.start()
        yield disk, line


def test_an_input_waits_in_the_inbox_while_the_disk_is_full(broker, prefix, small):
    disk, line = small
    hidden = line.inbox / ".figures.csv.part"
    hidden.write_bytes(DATA.read_bytes())
    disk.fill()
    hidden.rename(line.inbox / "figures.csv")
    wait_until(lambda: troubled(line, "full"), f"/readyz tells\n{line.logs()}")
    assert "reason=" in line.logs() and "inbox-trouble" in line.logs()
    assert (line.inbox / "figures.csv").exists() and line.exit_code("ingest") is None
    listed = releases(line)
    assert listed.returncode == 0, listed.stderr
    assert "committed" not in listed.stdout
    disk.make_room()
    published(broker, prefix, line)
    wait_until(lambda: line.ready("ingest"), "ready again")
    assert [p.name for p in line.done.iterdir()] == ["figures.csv"]
    assert not list(line.inbox.iterdir())


def test_the_disk_fills_up_while_a_release_is_on_its_way(broker, prefix, small):
    """Whether its receipt can be written down or not: nothing is lost, and nothing comes twice."""
    disk, line = small
    line.pause("publish")
    line.drop()
    wait_until(lambda: (line.done / DATA.name).exists(), "recorded")
    disk.fill()
    line.resume("publish")
    with Follower(broker.bootstrap, all_topics(prefix)) as follower:
        follower.wait_for(lambda records: manifests(records, prefix), 90)
    disk.make_room()
    published(broker, prefix, line)


def test_a_receipt_that_cannot_be_written_down_is_asked_for_again(broker, prefix, tmp_path):
    with Line(tmp_path, broker.bootstrap, prefix) as line:
        line.start(*[name for name in SERVICES if name != "ingest"])
        with Shim(tmp_path, "write sync", "/ledger.db") as shim:
            line.start("ingest", extra=shim.environment())
            line.pause("publish")
            line.drop()
            wait_until(lambda: 'state="sent"} 1' in line.text("ingest", "/metrics"), "sent")
            shim.fail_from_now(errno.ENOSPC)
            line.resume("publish")
            wait_until(lambda: troubled(line, "ledger.db"), f"/readyz tells\n{line.logs()}")
            assert shim.hits > 0 and 'state="sent"} 1' in line.page("ingest", "/metrics")[1]
            shim.mend()
            published(broker, prefix, line)
            wait_until(lambda: line.ready("ingest"), "ready again")


def test_a_service_started_on_a_full_disk_can_be_started_again(broker, prefix, tmp_path):
    """It ends with 1, which is what whoever watches over it starts again; never with 2."""
    with SmallDisk() as disk, FullLine(disk, tmp_path, broker, prefix) as line:
        disk.fill()
        line.start("ingest", wait=False)
        assert line.wait_exit("ingest") == 1, line.logs()
        assert "cannot-start" in line.logs()
        disk.make_room()
        line.start()
        line.drop()
        published(broker, prefix, line)


def test_ingest_killed_on_a_full_disk_goes_on_when_there_is_room(broker, prefix, small):
    disk, line = small
    line.kill("publish")
    line.drop()
    wait_until(lambda: (line.done / DATA.name).exists(), "recorded")
    disk.fill()
    line.kill("ingest")
    line.start("ingest", wait=False)
    wait_until(lambda: line.exit_code("ingest") is not None or troubled(line, ""), "it says so")
    assert line.exit_code("ingest") in (None, 1), line.logs()
    disk.make_room()
    if line.exit_code("ingest") is not None:
        line.start("ingest")
    line.start("publish")
    published(broker, prefix, line)


@pytest.mark.parametrize("kinds", ["write", "sync", "write sync truncate"])
def test_every_write_to_the_ledger_fails_for_a_while(broker, prefix, tmp_path, kinds):
    with Line(tmp_path, broker.bootstrap, prefix) as line:
        line.start(*[name for name in SERVICES if name != "ingest"])
        with Shim(tmp_path, kinds, "/ledger.db") as shim:
            line.start("ingest", extra=shim.environment())
            shim.fail_from_now(errno.ENOSPC)
            line.drop()
            wait_until(lambda: troubled(line, "ledger.db"), f"/readyz tells\n{line.logs()}")
            assert shim.hits > 0 and (line.inbox / DATA.name).exists()
            shim.mend()
            published(broker, prefix, line)
