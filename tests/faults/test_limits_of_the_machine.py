"""Few descriptors, little memory, a stage that sleeps, ten times the data, ten thousand small
tables: memory stays bounded, and what does not fit is told and published when there is room."""

import csv
import os
import pathlib
import re
import resource
import signal
import subprocess
import sys
import time

import pytest
from line import DATA, ROOT, SERVICES, Line, binaries, wait_until
from reader import Follower, all_topics, check_release, manifests
from sweep import variant

QUEUE = 60  # releases that wait behind a sleeping stage
SQUEEZED = 6  # releases
TOLD = r" (?:error|fatal) .*memory"
# Where a C++ library would throw and abort, the sanitizer ends the process itself.
THROWN = re.compile(r"SUMMARY: AddressSanitizer: out-of-memory .* in operator new")
OPEN_MAX = 100  # releases that the ledger takes; more wait in the inbox
FLAT_MB = 24  # how much memory may grow meanwhile, allocator's slack included
YEARS = int(os.environ.get("KF_FAULT_YEARS") or 2)
MANY = int(os.environ.get("KF_FAULT_TABLES") or 1000)


def published(broker, prefix, line, count, timeout_s=120):
    with Follower(broker.bootstrap, all_topics(prefix)) as follower:
        try:
            follower.wait_for(lambda read: len(manifests(read, prefix)) >= count, timeout_s)
        except TimeoutError as error:
            raise AssertionError(f"{error}\n{line.logs()[-8000:]}") from error
        records = follower.catch_up()
    found = manifests(records, prefix)
    assert len(found) == count
    return records, found


def memory_mb(line, service):
    """What the service has in memory."""
    status = pathlib.Path(f"/proc/{line._processes[service].pid}/status").read_text()
    return int(re.search(r"^VmRSS:\s+(\d+)", status, re.M)[1]) / 1024


def is_sanitized():
    said = subprocess.run(["ldd", binaries() / "kf-need"], capture_output=True, text=True)
    return "libasan" in said.stdout


@pytest.fixture
def small_quarantine(monkeypatch):
    """The sanitizer keeps what was freed, and that counts as memory, too."""
    options = os.environ.get("ASAN_OPTIONS", "")
    monkeypatch.setenv("ASAN_OPTIONS", f"{options}:quarantine_size_mb=1".lstrip(":"))


def test_memory_is_flat_behind_a_stage_that_sleeps(broker, prefix, tmp_path, small_quarantine):
    """Every stage takes no more than its queue; the rest waits in the ledger, whose open releases
    are bounded, and behind it in the inbox. So a sleep of minutes holds what one of seconds does:
    all that can be inside is inside as soon as nothing moves."""
    with Line(tmp_path, broker.bootstrap, prefix) as line:
        line.start()
        line.drop(text=variant(0), name="first.csv")
        published(broker, prefix, line, 1)
        line.pause("aggregate")
        before = {service: memory_mb(line, service) for service in SERVICES}
        for number in range(1, QUEUE + 1):
            line.drop(text=variant(number), name=f"v{number:03d}.csv")
        wait_until(lambda: not list(line.inbox.glob("*.csv")), "all are recorded", 120)
        held = time.monotonic() + 10
        peak = dict(before)
        while time.monotonic() < held:
            for service in SERVICES:
                peak[service] = max(peak[service], memory_mb(line, service))
            time.sleep(0.1)
        grown = {service: round(peak[service] - before[service], 1) for service in SERVICES}
        print(f"grown by MB behind a sleeping aggregate, {QUEUE} releases waiting: {grown}")
        assert max(grown.values()) < FLAT_MB, grown
        assert line.page("ingest", "/readyz")[0] == 503, "the stall is told"
        line.resume("aggregate")
        records, found = published(broker, prefix, line, QUEUE + 1, 240)
    for release, _ in found[-3:]:
        check_release(of(records, prefix, release), prefix, release)


def of(records, prefix, release):
    return [r for r in records if r.headers.get("ce_id", "").startswith(f"{release}/")
            or (r.topic == f"{prefix}.release.v1" and r.key == release)]


def limited(**limits):
    """A command that runs a program under limits of prlimit: nofile=32, as=…"""
    return ["prlimit", *(f"--{name}={value}" for name, value in limits.items())]


@pytest.mark.parametrize("descriptors, service", [
    (12, "ingest"), (12, "publish"), (24, "publish"), (32, "publish"),
])
def test_too_few_descriptors_are_told_and_enough_suffice(
    broker, prefix, tmp_path, service, descriptors
):
    """It works, or ends with a reason, or says on its page why not; and never with 2, after which
    nobody would start it again. libzmq ends a process that gets no descriptor by itself."""
    with Line(tmp_path, broker.bootstrap, prefix) as line:
        line.within[service] = limited(nofile=descriptors)
        line.start(*[name for name in SERVICES if name != service])
        line.start(service, wait=False)
        line.drop()

        def told():
            return line.exit_code(service) is not None or (line.get(service, "/readyz") or [0])[0]

        wait_until(told, f"it starts or ends\n{line.logs()}")
        if line.exit_code(service) is None:
            wait_until(lambda: told() == 503 or told() is True or
                       line.committed() == 1,
                       f"it works or tells\n{line.logs()}")
        code = line.exit_code(service)
        said = sorted(line.work.glob(f"*-{service}.log"))[-1].read_text()
        aborted = code == -6 and "Too many open files" in said
        assert code in (None, 1) or aborted, f"{code}: {said}"
        assert code is None or aborted or "reason=" in said, said
        line.kill(service)
        del line.within[service]
        line.start(service)
        published(broker, prefix, line, 1)


def newest_log(line, service):
    return sorted(line.work.glob(f"*-{service}.log"))[-1].read_text()


def squeeze(line, service, rss_mb):
    """Starts the service with less memory than it has taken before: every further allocation fails
    for real, by the system, or by the sanitizer, whose own memory no limit of the system fits."""
    options = os.environ.get("ASAN_OPTIONS", "")
    own = f"{options}:allocator_may_return_null=1:soft_rss_limit_mb={int(rss_mb)}".lstrip(":")
    line.start(service, wait=False, extra={"ASAN_OPTIONS": own})
    if not is_sanitized():
        wait_until(lambda: line.ready(service) or line.exit_code(service) is not None, "it is up")
        status = pathlib.Path(f"/proc/{line.pid(service)}/status").read_text()
        size = int(re.search(r"^VmSize:\s+(\d+)", status, re.M)[1]) * 1024
        resource.prlimit(line.pid(service), resource.RLIMIT_AS, (size, size))


@pytest.mark.parametrize("service", ["ingest", "aggregate", "publish"])
def test_a_service_that_gets_no_memory_says_so_or_is_started_again(
    broker, prefix, tmp_path, service
):
    with Line(tmp_path, broker.bootstrap, prefix) as line:
        line.start()
        line.drop(text=variant(0), name="v0.csv")
        published(broker, prefix, line, 1)
        taken = memory_mb(line, service)
        line.stop(service)
        squeeze(line, service, taken - 1)
        for number in range(1, SQUEEZED):
            line.drop(text=variant(number), name=f"v{number}.csv")

        wait_until(lambda: re.search(TOLD, newest_log(line, service)) or
                   line.exit_code(service) is not None, f"it tells or ends\n{line.logs()}")
        code, said = line.exit_code(service), newest_log(line, service)
        print(f"{service} ({code}): {said[-300:]}")
        assert not is_sanitized() or "soft rss limit exhausted" in said, said
        assert re.search(TOLD, said) or code == -signal.SIGABRT or THROWN.search(said), said
        assert code in (None, 1, -signal.SIGABRT), f"{code}: {said}"
        line.kill(service)
        line.start(service)
        records, found = published(broker, prefix, line, SQUEEZED)
        assert len({release for release, _ in found}) == SQUEEZED
        for release, manifest in found:
            assert manifest["state"] == "RELEASE_STATE_COMMITTED"


def test_ten_times_the_data(broker, prefix, tmp_path):
    """The whole country, years of it in one release (KF_FAULT_YEARS=20 is ten times the two that a
    publication has): published whole, and no service holds more than a few panels."""
    subprocess.run(
        [sys.executable, ROOT / "tools" / "bench" / "national.py", "--municipalities", "357",
         "--editions", ROOT / "editions", "--output", tmp_path / "big", "--years", str(YEARS)],
        check=True,
    )
    with Line(tmp_path / "line", broker.bootstrap, prefix, tmp_path / "big" / "editions") as line:
        line.start()
        line.drop(tmp_path / "big" / "national.csv")
        records, found = published(broker, prefix, line, 1, 240)
        peaks = {service: round(memory_mb(line, service)) for service in SERVICES}
    print(f"{len(records)} records of {YEARS} years; MB in memory: {peaks}")
    release, manifest = found[0]
    assert manifest["state"] == "RELEASE_STATE_COMMITTED"
    check_release(records, prefix, release)


def split_table(folder):
    """The sample as a file for each figure, and as many more of another year as are wanted."""
    folder.mkdir()
    with open(DATA, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    head, rows = rows[0], rows[1:]
    for number in range(MANY):
        fields = list(rows[number % len(rows)])
        fields[1] = str(int(fields[1]) - number // len(rows))
        text = "\n".join([",".join(head), ",".join(fields)]) + "\n"
        (folder / f"t{number:05d}.csv").write_text(text, encoding="utf-8")


def test_thousands_of_small_tables_in_one_input(broker, prefix, tmp_path):
    """One folder of them is one release, read with few descriptors."""
    with Line(tmp_path / "line", broker.bootstrap, prefix) as line:
        line.within["ingest"] = limited(nofile=64)
        line.start()
        split_table(tmp_path / "many")
        begun = time.monotonic()
        os.rename(tmp_path / "many", line.inbox / "many")
        wait_until(
            lambda: list(line.done.glob("many*")) + list(line.rejected.glob("many*")), "taken", 120
        )
        print(f"{MANY} files in {time.monotonic() - begun:.1f} s, "
              f"{memory_mb(line, 'ingest'):.0f} MB")
        reports = list(line.rejected.glob("*.errors.txt"))
        if reports:
            assert re.search(r"at most|limit|more than", reports[0].read_text()), "it is told"
            return
        records, found = published(broker, prefix, line, 1)
        assert found[0][1]["state"] == "RELEASE_STATE_COMMITTED"
        check_release(records, prefix, found[0][0])


def give_many(inbox):
    """Copies of one input, and after them by name more new ones than the ledger takes."""
    first = variant(0)
    texts = {f"v{number:05d}": first for number in range(MANY)}
    texts |= {f"w{number:03d}": variant(number) for number in range(1, OPEN_MAX + 50)}
    for name, text in texts.items():
        (inbox / f".{name}").write_text(text, encoding="utf-8")
    for name in texts:
        (inbox / f".{name}").rename(inbox / f"{name}.csv")
    return len(texts)


def test_thousands_of_inputs_in_the_inbox_wait_their_turn(tmp_path, small_quarantine):
    """Nothing is forgotten, the ledger's open releases are bounded, memory is flat. Nobody takes
    what ingest sends."""
    with Line(tmp_path, "127.0.0.1:1", "kostra") as line:
        line.start("ingest", wait=False)
        wait_until(lambda: line.inbox.is_dir() and line.get("ingest", "/healthz"), "up")
        before = memory_mb(line, "ingest")
        begun = time.monotonic()
        given = give_many(line.inbox)
        taken = re.compile(r'state="(?:complete|sent)"\} (\d+)')

        def open_releases():
            answer = line.get("ingest", "/metrics")
            return sum(map(int, taken.findall(answer[1]))) if answer else 0

        wait_until(lambda: open_releases() >= OPEN_MAX, "the ledger is full", 300)
        grown = memory_mb(line, "ingest") - before
        line.stop("ingest")
        left, gone = len(list(line.inbox.glob("*.csv"))), len(list(line.done.glob("*.csv")))
        print(f"{gone} inputs taken in {time.monotonic() - begun:.1f} s, {left} wait; ingest grew "
              f"by {grown:.1f} MB")
    assert (left, gone) == (50, given - 50)
    assert grown < FLAT_MB, grown
