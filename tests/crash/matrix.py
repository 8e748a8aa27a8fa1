"""The crash matrix: every case of points.py, at the n-th call for n = 1, 2, … as long as it comes.

Each deed has a line of its own (see LINES), all on one broker and several at a time. A case starts
the service anew, armed, and gives the line inputs until it is dead; the next case starts it again,
with what the dead one left behind. So recoveries are killed as well.
"""

import time

from line import SERVICES
from points import APPROVE, CASES, PUBLISH, REFUSE, REPLAY, RETRY, SPOIL, STAGES

# A scenario is so many deeds for one process; a point that it does not pass is passed no more.
SCENARIO = {PUBLISH: 3, REFUSE: 2, APPROVE: 2, REPLAY: 2, RETRY: 2, SPOIL: 2}
HIT_S = 240
GRACE_S = 0.2
POLL_S = 0.1  # a look at the ledger each time, for many lines at once
RECORD_BYTES = 200
DENSE_MAX = 12

# name: the cases that run on it. Inputs of `spoilt` are refused by its topics.
LINES = {
    "ingest": [c for c in CASES if c.service == "ingest" and c.deed in (PUBLISH, REFUSE)],
    "stages": [c for c in CASES if c.service in STAGES],
    "publish": [c for c in CASES if c.service == "publish" and c.deed == PUBLISH],
    "wishes": [c for c in CASES if c.deed in (APPROVE, REPLAY, RETRY)],
    "spoilt": [c for c in CASES if c.deed == SPOIL],
}


def calls(most):
    """1, 2, … 12, then every third more: which calls of a point are tried, up to `most`."""
    n = 1
    while n <= most:
        yield n
        n += 1 if n < DENSE_MAX else n // 3


class Matrix:
    """Runs the cases of one line. `most`: no call beyond this; `until()`: True when it is time to
    stop between two cases. Afterwards `missed` are the cases that were never hit."""

    def __init__(self, line, cases, most=10**6, until=lambda: False):
        self.line, self.cases, self.most, self.until = line, cases, most, until
        self.missed = []
        self.times = 1
        self.deeds = {PUBLISH: self.publish, REFUSE: self.refuse, APPROVE: self.approve,
                      REPLAY: self.replay, RETRY: self.retry, SPOIL: self.spoil}

    def run(self):
        """First every point's first call, then every point's next as long as it is passed."""
        self.prepare()
        open_cases = list(self.cases)
        for n in calls(self.most):
            hit = []
            for case in open_cases:
                if n > 1 and self.until():
                    return
                if self.hit(case, n):
                    hit.append(case)
                elif n == 1:
                    self.missed.append(case)
            open_cases = hit
            if not hit:
                return

    def prepare(self):
        """One release, so that there is something to replace, to replay, to look through."""
        self.line.start()
        self.line.give()
        self.line.settle()
        if any(case.deed == SPOIL for case in self.cases):
            self.line.limit_records("index", RECORD_BYTES)

    def hit(self, case, n):
        """True when the service died at the n-th call of the point; then it is dead still."""
        for service in SERVICES:
            if service != case.service and not self.line.alive(service):
                self.line.start(service, wait=False)
        self.line.replace(case.service, crash_at=f"{case.point}:{n}")
        deed = self.deeds[case.deed]
        # A wish that the dead one left is part of what it left behind: on a slow machine it would
        # be taken for settled before it is read.
        return any(self.wait(case, self.line.has_no_wish) or deed(case)
                   for _ in range(SCENARIO[case.deed]))

    def wait(self, case, done=lambda: True):
        """Until the service is dead (True), or all is done with (False) and it outlived it."""
        deadline = time.monotonic() + HIT_S
        settled_at = None
        while time.monotonic() < deadline:
            if self.line.crashed(case.service):
                return True
            if settled_at is None and done() and self.line.is_settled():
                settled_at = time.monotonic()
            if settled_at is not None and time.monotonic() > settled_at + GRACE_S:
                return False
            time.sleep(POLL_S)
        raise AssertionError(f"{self.line.name}, {case}: not done with\n{self.line.logs()}")

    # --- deeds: each returns True when the service died of it

    def publish(self, case):
        self.line.give()
        return self.wait(case)

    def refuse(self, case):
        self.line.give("rejected")
        return self.wait(case)

    def spoil(self, case):
        self.line.give_spoilt()
        return self.wait(case)

    def approve(self, case):
        """Figures that jump up and down are held each time."""
        self.times = 10 if self.times == 1 else 1
        name = self.line.give(times=self.times)
        if self.wait(case):
            return True
        release, state = self.line.states()[name]
        assert state == "held", f"{name} is {state}"
        self.line.wish("approve", release)
        return self.wait(case, self.line.has_no_wish)

    def replay(self, case):
        self.line.wish("replay", self.line.newest("committed"))
        return self.wait(case, self.line.has_no_wish)

    def retry(self, case):
        """What was refused is refused again, and stays refused once."""
        if not self.line.newest("rejected"):
            self.line.give("rejected")
            if self.wait(case):
                return True
        self.line.wish("retry", self.line.newest("rejected"))
        return self.wait(case, self.line.has_no_wish)
