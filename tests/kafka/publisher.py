"""kf-publish by itself, fed with releases of the fixture, and what readers see of them.

    with Topics(broker, "kostra") as topics, Publisher(work, broker.bootstrap, "kostra") as one:
        one.start()
        one.feed(release(1)).committed()
        topics.check([release(1)])

A release of the fixture has PANELS panels of a few rows each; all that were made by one program are
alike but for their ids, so that the later one revises the earlier.
"""

import contextlib
import os
import re
import signal
import subprocess
import urllib.error
import urllib.request

from line import binaries, wait_until
from reader import Follower, all_topics, check_release, manifests, read_all

PANELS = 20
ROWS = 60
PATIENCE_S = 90
FEED_S = 240  # a feed may have to outlive the restart of a broker


def cases(*usual, rare=()):
    """Those of every day, and with KF_LONG=1 the rare ones, too: not skipped, but not there."""
    return [*usual, *(rare if os.environ.get("KF_LONG") else ())]


def release(number):
    """The id of the release of that number."""
    return f"{number:032x}"


class Feed:
    """A release on its way into a publisher, until its receipt comes."""

    def __init__(self, run_dir, release_id):
        self.release = release_id
        command = [binaries().parent / "test-bin" / "kf-publish-feed", run_dir, release_id]
        command += [str(PANELS), str(FEED_S)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def committed(self):
        """Waits for the receipt, which must tell of a whole release."""
        output, _ = self._process.communicate()
        assert self._process.returncode == 0, f"no receipt of {self.release}: {output}"
        told = f"committed release={self.release} index=0 rows={ROWS} panels_rejected=0"
        assert told in output, output

    def waits(self):
        """True while no receipt has come."""
        return self._process.poll() is None

    def give_up(self):
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()


class Publisher:
    """A kf-publish with a folder of its own, over any number of starts."""

    def __init__(self, work, bootstrap, prefix, name=None, options=()):
        self.run_dir, self.log = work / "run", work / "log"
        work.mkdir(parents=True)
        self.run_dir.mkdir(mode=0o700)
        self._command = [binaries() / "kf-publish", "--run-dir", self.run_dir]
        self._command += ["--bootstrap-servers", bootstrap, "--topic-prefix", prefix]
        self._command += ["--transactional-id", name or prefix, "--retry-backoff", "100ms"]
        self._command += options
        self._process, self._feeds = None, []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for feed in self._feeds:
            feed.give_up()
        if self._process and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def start(self, crash_at=None):
        environment = {k: v for k, v in os.environ.items() if k != "KF_CRASH_AT"}
        environment |= {"KF_CRASH_AT": crash_at} if crash_at else {}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stderr=log, env=environment)
        return self

    def feed(self, release_id):
        """Feeds a release, now and after every start. One at a time: the last one is given up."""
        for feed in self._feeds:
            feed.give_up()
        self._feeds.append(Feed(self.run_dir, release_id))
        return self._feeds[-1]

    def page(self, path):
        """(status, text) of a page of its HTTP server, or None while it has none."""
        try:
            port = (self.run_dir / "publish-0.http").read_text().strip()
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as page:
                return page.status, page.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except (OSError, ValueError):
            return None

    def wait_ready(self):
        wait_until(lambda: (self.page("/readyz") or (0,))[0] == 200, "ready", PATIENCE_S)

    def wait_until_it_says(self, *texts):
        """Waits until /readyz is 503 and says all of these; returns what it says."""

        def told():
            status, text = self.page("/readyz") or (0, "")
            return status == 503 and all(part in text for part in texts) and text

        try:
            return wait_until(told, f"/readyz says {texts}", PATIENCE_S)
        except AssertionError as error:
            raise AssertionError(f"{error}; {self.page('/readyz')}\n{self.told()}") from error

    def metric(self, name):
        """The value of a metric, without the common prefix; labels as they are printed."""
        text = (self.page("/metrics") or (0, ""))[1]
        found = re.search(rf"^kostraflow_{re.escape(name)} (\S+)$", text, re.M)
        return float(found[1]) if found else None

    def told(self):
        """Its log."""
        return self.log.read_text() if self.log.exists() else ""

    def wait_until_told(self, text):
        wait_until(lambda: text in self.told(), f"the log has {text}", PATIENCE_S)

    def pause(self):
        self._process.send_signal(signal.SIGSTOP)

    def resume(self):
        self._process.send_signal(signal.SIGCONT)

    def kill(self):
        self._process.kill()
        self._process.wait()

    def wait_crash(self):
        assert self._process.wait(PATIENCE_S) == -signal.SIGKILL, self.told()

    def stop(self):
        """Stops it cleanly."""
        self._process.send_signal(signal.SIGTERM)
        assert self._process.wait(PATIENCE_S) == 0, self.told()


class Topics:
    """The topics of a prefix, and a reader of committed records that was there all along."""

    def __init__(self, broker, prefix):
        self._broker, self.prefix = broker, prefix
        self._along = Follower(broker.bootstrap, all_topics(prefix))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with contextlib.suppress(Exception):  # a failure is the test's, not this one's
            self._along.close()

    def released(self):
        """Ids of the releases that the reader has seen, in their order."""
        return [key for key, _ in manifests(self._along.records, self.prefix)]

    def check(self, releases):
        """Exactly these are there, in this order, whole and once, for one who read along and for
        one who comes now: I1 to I4."""
        along = self._along.catch_up(PATIENCE_S)
        late = read_all(self._broker.bootstrap, all_topics(self.prefix))
        assert _by_place(along) == _by_place(late), "the two readers saw different records"
        for records in (along, late):
            assert [key for key, _ in manifests(records, self.prefix)] == releases
            for release_id in releases:
                check_release(records, self.prefix, release_id)
            _check_order(records, releases)


def _by_place(records):
    return sorted(records, key=lambda r: (r.topic, r.partition, r.offset))


def _check_order(records, releases):
    """No key goes back to an older release, and every partition has them one after the other."""
    place = {release_id: number for number, release_id in enumerate(releases)}
    last = {}
    for record in records:
        where = record.topic, record.partition
        number = place[record.headers["ce_id"].split("/")[0]]
        assert number >= last.get(where, 0), f"{where}: {record.key} of an older release"
        last[where] = number
