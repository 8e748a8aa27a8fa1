"""Lines that are harmed at random, from a seed: killed, stopped, armed, restarted in any order.

The seed decides what is done to which line in which order; when it happens is up to the machine, so
a seed repeats the deeds and not the moments. What must come of it is the same in any case.
"""

import contextlib
import random
import threading
import time

from crashline import SETTLE_S
from line import SERVICES, wait_until
from points import CASES, PUBLISH

LONG_STOP_S = 30
SHORT_STOP_S = (0.1, 3.0)
ARMED_CALLS_MAX = 9
BREAK_EVERY = 12
OPEN_MAX = 6
BROKER_PAUSE_S = (1.0, 12.0)
BROKER_EVERY_S = (15, 40)
STOPPED_S = 60
ARMABLE = [case for case in CASES if case.deed == PUBLISH]
DEEDS = {"give": 30, "give_broken": 4, "give_known": 3, "kill": 25, "kill_some": 6, "kill_all": 3,
         "arm": 20, "stop": 6, "restart": 3}


class Chaos:
    """Harms one line until `until()`, with a rest of at most `rest_s` between two deeds."""

    def __init__(self, line, seed, until, rest_s):
        self.line, self.until, self.rest_s = line, until, rest_s
        self.draw = random.Random(f"{seed}/{line.name}")

    def run(self):
        self.line.start(wait=False)
        done = 0
        while not self.until():
            deed = self.draw.choices(list(DEEDS), DEEDS.values())[0]
            getattr(self, deed)()
            self.revive()
            time.sleep(self.draw.uniform(0, self.rest_s))
            done += 1
            if done % BREAK_EVERY == 0:
                self.catch_breath()

    def revive(self):
        """Starts what is dead, in any order; some of them armed again."""
        dead = [s for s in SERVICES if not self.line.alive(s)]
        self.draw.shuffle(dead)
        for service in dead:
            self.line.crashed(service)
            self.line.start(service, wait=False)

    def catch_breath(self):
        """All that was given comes to its end now and then."""
        deadline = time.monotonic() + STOPPED_S
        while not self.line.is_settled() and time.monotonic() < deadline and not self.until():
            self.revive()
            time.sleep(0.1)

    def give(self, wanted="committed"):
        if len(self.line.open_inputs()) < OPEN_MAX:
            self.line.give(wanted)

    def give_broken(self):
        self.give("rejected")

    def give_known(self):
        """The figures of an earlier release once more: nothing comes of it."""
        self.line.give_again(self.draw)

    def kill(self):
        self.line.end(self.draw.choice(SERVICES))

    def kill_some(self):
        for service in self.draw.sample(SERVICES, self.draw.randint(2, 4)):
            self.line.end(service)

    def kill_all(self):
        for service in self.draw.sample(SERVICES, len(SERVICES)):
            self.line.end(service)

    def arm(self):
        case = self.draw.choice(ARMABLE)
        n = self.draw.randint(1, ARMED_CALLS_MAX)
        self.line.replace(case.service, crash_at=f"{case.point}:{n}")
        self.give()

    def stop(self):
        service = self.draw.choice(SERVICES)
        if self.line.alive(service):
            self.line.pause(service)
            time.sleep(self.draw.uniform(*SHORT_STOP_S))
            self.line.resume(service)

    def restart(self):
        """An orderly stop, which gives back what it holds."""
        service = self.draw.choice(SERVICES)
        if self.line.alive(service):
            with contextlib.suppress(ProcessLookupError):
                self.line.stop(service)
            self.line.start(service, wait=False)


class LongStop:
    """Has a service stop at a point, in the middle of what it does, and go on `LONG_STOP_S` later:
    a publisher finds its transaction aborted by then, and whoever waits has to say so."""

    def __init__(self, line, case):
        self.line, self.case = line, case

    def run(self):
        self.line.start()
        self.line.give()
        self.line.settle()
        service = self.case.service
        self.line.replace(service, stop_at=f"{self.case.point}:2")
        for _ in range(3):
            self.line.give()
        wait_until(lambda: self.line.is_stopped(service), f"{service} stops at {self.case.point}",
                   SETTLE_S)
        self.line.note_pause(service)
        time.sleep(LONG_STOP_S)
        self.line.resume(service)
        self.line.settle()


class BrokerChaos(threading.Thread):
    """Kills, stops and starts the broker now and then, in a thread of its own, from when `may()`
    until `until()`; holds the lock `calm` while it does."""

    def __init__(self, history, broker, calm, seed, may, until):
        super().__init__(daemon=True)
        self.history, self.broker, self.calm = history, broker, calm
        self.may, self.until = may, until
        self.draw = random.Random(f"{seed}/broker")
        self.failure = None

    def run(self):
        try:
            while not self.may() and self.rest(1):
                pass
            while self.rest(self.draw.uniform(*BROKER_EVERY_S)):
                with self.calm:
                    self.draw.choice([self.kill, self.kill, self.stop, self.pause])()
        except Exception as failure:  # told by whoever waits for this thread
            self.failure = failure

    def rest(self, seconds):
        """False when it is time to leave."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not self.until():
            time.sleep(0.1)
        return not self.until()

    def note(self, did):
        self.history.note("broker", did=did)

    def kill(self):
        self.note("killed")
        self.broker.kill()
        self.come_back()

    def stop(self):
        self.note("stopped")
        self.broker.stop()
        self.come_back()

    def come_back(self):
        time.sleep(self.draw.uniform(0, 3))
        self.broker.start()
        self.note("started")

    def pause(self):
        self.note("paused")
        self.broker.pause()
        time.sleep(self.draw.uniform(*BROKER_PAUSE_S))
        self.broker.resume()
        self.note("resumed")
