"""The wall clock jumps while releases go their way: an hour, a day, to 1970, a year ahead.

It is told to people and records only: time-outs and pauses go by the clock that never jumps. That
of the watch's calendar: tests/services/ingest/watch/test_detect.c, a_clock_that_jumps….
"""

import contextlib
import os
import random
import re
import threading
import time

import pytest
from line import SERVICES, wait_until
from reader import check_release
from shim import Shim
from sweep import Sweep, differences, of_release, rows_of, variant

HOUR, DAY, YEAR = 3600, 86400, 365 * 86400
SEED = int(os.environ.get("KF_FAULT_SEED") or 1)
JUMPS = {
    "an hour ahead": HOUR,
    "an hour back": -HOUR,
    "a day ahead": DAY,
    "a day back": -DAY,
    "a year ahead": YEAR,
    "to 1970": None,
}
JUMP_EVERY_S = 0.2
TOGETHER = 5


def seconds(name):
    return 60 - time.time() if JUMPS[name] is None else JUMPS[name]


@pytest.fixture(scope="module")
def jumping(broker, tmp_path_factory):
    """A pipeline whose services all have the shim's clock: (sweep, shim)."""
    folder = tmp_path_factory.mktemp("clock")
    with contextlib.ExitStack() as stack:
        sweep = stack.enter_context(Sweep(folder, broker, "clock", len(JUMPS) + 2 + TOGETHER))
        shim = stack.enter_context(Shim(folder))
        sweep.line.stop()
        sweep.line.start(extra=shim.environment())
        yield sweep, shim


def give(sweep):
    """A fresh input; its number."""
    number, sweep.number = sweep.number, sweep.number + 1
    sweep.line.drop(text=variant(number), name=f"v{number}.csv")
    return number


def is_published(sweep, number):
    """Waits until it is closed; its bytes are those of a run in which no clock jumped."""
    release, expected = sweep.references[number]
    try:
        sweep.follower.wait_for_release(sweep.prefix, release, 90)
    except TimeoutError as error:
        raise AssertionError(f"{error}\n{sweep.line.logs()}") from error
    wait_until(lambda: f"release-committed release={release}" in sweep._last_log("ingest"),
               "the ledger closes it")
    records = of_release(sweep.follower.catch_up(), sweep.prefix, release)
    check_release(records, sweep.prefix, release)
    found = rows_of(records, sweep.prefix, release)
    assert found == expected, differences(found, expected)


def ages(sweep, service):
    """What the service says of ages; none may be negative."""
    page = sweep.line.page(service, "/metrics")[1]
    return [float(value) for value in re.findall(r"^kostraflow_\w+_age_seconds (\S+)", page, re.M)]


@pytest.mark.parametrize("name", JUMPS)
def test_a_release_is_published_after_a_jump(jumping, name):
    sweep, shim = jumping
    began = time.time()
    shim.jump(seconds(name))
    number = give(sweep)
    is_published(sweep, number)
    told = sweep._last_log("ingest").splitlines()[-1]
    times = (at + seconds(name) for at in (began, time.time()))
    days = {time.strftime("%Y-%m-%d", time.gmtime(at)) for at in times}
    assert told[:10] in days, "the shim does not reach the clock: " + told
    for service in SERVICES:
        assert sweep.line.page(service, "/healthz")[0] == 200
        assert all(age >= 0 for age in ages(sweep, service)), service
    shim.jump(0)


def test_what_was_lost_goes_again_in_time_though_the_clock_went_back_a_day(jumping):
    sweep, shim = jumping
    shim.jump(0)
    sweep.line.pause("need")
    number = give(sweep)
    wait_until(lambda: (sweep.line.done / f"v{number}.csv").exists(), "recorded")
    shim.jump(-DAY)
    sweep.line.kill("need")
    begun = time.monotonic()
    sweep.line.start("need", extra=shim.environment())
    is_published(sweep, number)
    assert time.monotonic() - begun < 90


def test_a_publisher_that_is_started_again_in_another_year_goes_on(jumping):
    sweep, shim = jumping
    shim.jump(YEAR)
    sweep.line.kill("publish")
    number = give(sweep)
    shim.jump(seconds("to 1970"))
    sweep.line.start("publish", extra=shim.environment())
    is_published(sweep, number)


def test_releases_go_their_way_while_the_clock_jumps_about(jumping):
    sweep, shim = jumping
    print(f"KF_FAULT_SEED={SEED}")
    chance, leave = random.Random(SEED), threading.Event()

    def jump_about():
        while not leave.wait(JUMP_EVERY_S):
            shim.jump(seconds(chance.choice(list(JUMPS))))

    thread = threading.Thread(target=jump_about)
    thread.start()
    try:
        for number in [give(sweep) for _ in range(TOGETHER)]:
            is_published(sweep, number)
    finally:
        leave.set()
        thread.join()
    shim.jump(0)
    assert set(sweep.line.stop().values()) == {0}, sweep.line.logs()
