"""The n-th call fails: of the system's on files, of those for memory, in every service.

A seeded sample of what tests/faults/sweep.py does at length, always the same; KF_FAULT_SEED=N takes
another, KF_FAULT_CASES=N a larger one.
"""

import errno
import os
import random
import subprocess

import pytest
from line import DATA, SERVICES, binaries
from shim import FILES, FOR_EVER, SHORT, Shim
from sweep import Case, Sweep

SEED = int(os.environ.get("KF_FAULT_SEED") or 1)
CASES = int(os.environ.get("KF_FAULT_CASES") or 8)
FILE_ERRORS = [errno.EIO, errno.ENOSPC, errno.EINTR, errno.EMFILE, SHORT]
STARTS_MAX = 100


def aims():
    """(service, kinds, path, errors) to take cases from."""
    found = [("ingest", FILES, "state", FILE_ERRORS)]
    for service in SERVICES:
        found.append((service, FILES, "run", FILE_ERRORS))
        found.append((service, "memory", f"kf-{service}", [errno.ENOMEM]))
    return found + [("ingest", "memory", "libsqlite3", [errno.ENOMEM])]


def sample(sweep, chance):
    """Cases drawn from all aims in turn; half of them from after the start."""
    choice = aims()
    first = [choice[0], choice[-1]]  # where most can go wrong
    rest = chance.sample(choice[1:-1], len(choice) - 2)
    counted = {}
    for number in range(CASES):
        aim = (first + rest)[number % len(choice)]
        service, kinds, path, errors = aim
        if aim[:3] not in counted:
            counted[aim[:3]] = sweep.count(service, kinds, path)
        before, after = counted[aim[:3]]
        late = after > before and (chance.random() < 0.5 or not before)
        call = chance.randint(before + 1, after) if late else chance.randint(1, max(1, before))
        yield Case(service, kinds, path, call, chance.choice(errors), 1)


def test_any_failing_call_ends_in_the_same_release(broker, tmp_path):
    print(f"KF_FAULT_SEED={SEED} KF_FAULT_CASES={CASES}")
    with Sweep(tmp_path, broker, "nth", 2 * CASES) as sweep:
        for case in sample(sweep, random.Random(SEED)):
            outcome, hits = sweep.run(case)
            print(f"{case}: {outcome}, {hits} hit")
        assert sum(sweep.outcomes.values()) == CASES
        reached = CASES - sweep.outcomes["not reached"]
        assert reached > CASES / 2, f"{sweep.outcomes}: the shim hits too little"


@pytest.fixture(scope="module")
def state(tmp_path_factory):
    """A state folder with a release in its ledger."""
    folder = tmp_path_factory.mktemp("ledger")
    (folder / "state" / "inbox").mkdir(parents=True)
    (folder / "state" / "inbox" / DATA.name).write_bytes(DATA.read_bytes())
    done = start(folder, {}, until=lambda: (folder / "state" / "done" / DATA.name).exists())
    assert done[0] == 0, done[1]
    return folder


INGEST = ["--settle", "0ms", "--drain-timeout", "0ms", "--state-dir"]


def start(folder, extra, until, service="ingest"):
    """Starts a service alone; stops it when `until()` is true. (Exit code, what it said.)"""
    command = [binaries() / f"kf-{service}", "--run-dir", folder / "run"]
    command += [*INGEST, folder / "state"] if service == "ingest" else []
    with subprocess.Popen(command, env={**os.environ, **extra}, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        while process.poll() is None and not until():
            try:
                process.wait(0.02)
            except subprocess.TimeoutExpired:
                pass
        process.terminate()
        return process.wait(60), process.stdout.read()


@pytest.mark.parametrize("kinds", ["read", "open map"])
def test_a_ledger_that_cannot_be_read_for_a_moment_is_not_taken_for_a_damaged_one(state, kinds):
    hits = 0
    for call in range(1, STARTS_MAX):
        with Shim(state, kinds, "/ledger.db") as shim:
            shim.fail(call, errno.EIO)
            port = state / "run" / "ingest-0.http"
            port.unlink(missing_ok=True)
            code, said = start(state, shim.environment(), until=port.exists)
            if not shim.hits:
                break
            hits += 1
            assert code in (0, 1), f"call {call} fails: ended with {code}: {said}"
            assert "is damaged" not in said, f"call {call} fails: {said}"
    assert 2 <= hits < STARTS_MAX - 1


@pytest.mark.parametrize("first", range(1, 7))
def test_a_ledger_on_a_disk_that_refuses_to_be_read_is_not_called_damaged(state, first):
    with Shim(state, "read", "/ledger.db") as shim:
        shim.fail(first, errno.EIO, FOR_EVER)
        code, said = start(state, shim.environment(), until=lambda: False)
    assert code == 1 and "is damaged" not in said, said
    assert "cannot be read" in said or "disk I/O error" in said, said


@pytest.mark.parametrize("service", ["need", "publish"])
def test_no_memory_at_the_start_is_no_fault_of_the_settings(service, tmp_path):
    """Else it would end with 2, and nobody would start it again."""
    port = tmp_path / "run" / f"{service}-0.http"
    for call in range(1, STARTS_MAX):
        with Shim(tmp_path, "memory", f"kf-{service}") as shim:
            shim.fail(call, errno.ENOMEM)
            port.unlink(missing_ok=True)
            code, said = start(tmp_path, shim.environment(), port.exists, service)
            if not shim.hits:
                break
        assert code in (0, 1), f"call {call} fails: ended with {code}: {said}"
        assert code == 0 or "no memory" in said, f"call {call} fails: {said}"
    assert 10 < call < STARTS_MAX - 1
