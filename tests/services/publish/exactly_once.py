#!/usr/bin/env python3
"""kf-publish against a real Apache Kafka: each release appears whole and once, whatever is killed.

    exactly_once.py BIN_DIR [TEST…]

BIN_DIR holds kf-publish (built with crash points), kf-publish-feed and kf-publish-load. Needs kcat
and what tests/kafka/broker.py needs. Standard library only.
"""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "kafka"))
import broker as kafka  # noqa: E402

BIN = pathlib.Path(sys.argv.pop(1) if len(sys.argv) > 1 else "build/asan/bin")
TEST_BIN = BIN.parent / "test-bin"
RELEASE = "0123456789abcdef0123456789abcdef"
OTHER = "fedcba9876543210fedcba9876543210"
PANELS = 20
PATIENCE_S = 90
# In the middle of twenty panels; all other points are those of tests/kafka/test_crash.py.
CRASH_POINTS = ["publish.received:12", "publish.produced:1", "publish.committed:1"]


class Publisher:
    """A kf-publish of its own run directory, topics and transactional id."""

    def __init__(self, bootstrap, name):
        self.bootstrap, self.name = bootstrap, name
        self.run_dir = pathlib.Path(tempfile.mkdtemp(prefix="kf-publish-"))
        self.log = self.run_dir / "log"
        self.process = None

    def start(self, crash_at=None, options=()):
        environment = dict(os.environ)
        environment.pop("KF_CRASH_AT", None)
        if crash_at:
            environment["KF_CRASH_AT"] = crash_at
        command = [BIN / "kf-publish", "--run-dir", self.run_dir, "--topic-prefix", self.name]
        command += ["--transactional-id", self.name, "--bootstrap-servers", self.bootstrap]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen([*command, *options], stderr=log, env=environment)
        return self

    def feed(self, release=RELEASE, timeout_s=PATIENCE_S):
        """Starts what feeds a release and waits for its receipt."""
        command = [TEST_BIN / "kf-publish-feed", self.run_dir, release, str(PANELS), str(timeout_s)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def ready(self):
        """What /readyz says: the status, and the reason."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                port = (self.run_dir / "publish-0.http").read_text().strip()
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as page:
                    return page.status, page.read().decode()
            except urllib.error.HTTPError as error:
                return error.code, error.read().decode()
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def wait_until(self, status):
        deadline = time.monotonic() + PATIENCE_S
        while (answer := self.ready())[0] != status:
            if time.monotonic() > deadline:
                raise AssertionError(f"not {status} in time: {answer}")
            time.sleep(0.05)
        return answer[1]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE_S)

    def close(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.run_dir)

    def read(self, kind):
        """Keys and values that a read_committed reader finds on the topic, in order."""
        command = ["kcat", "-C", "-e", "-q", "-b", self.bootstrap, "-t", f"{self.name}.{kind}.v1"]
        command += ["-X", "isolation.level=read_committed", "-o", "beginning", "-f", "%k\t%s\n"]
        lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return [tuple(line.split("\t")) for line in lines.splitlines()]


class ExactlyOnce(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.broker = kafka.Broker().start()
        cls.broker.prepare_transactions()

    @classmethod
    def tearDownClass(cls):
        cls.broker.close()

    def publisher(self, name=None, bootstrap=None):
        name = name or self.id().rsplit(".", 1)[1].replace("_", "-")[:60]
        publisher = Publisher(bootstrap or self.broker.bootstrap, name)
        self.addCleanup(publisher.close)
        return publisher

    def assert_committed(self, feed):
        output, _ = feed.communicate()
        self.assertEqual(feed.returncode, 0, output)
        self.assertIn(f"committed release={RELEASE} index=0 rows=60", output)

    def assert_once(self, publisher, releases=(RELEASE,)):
        """Every release whole and once: I1, I2, I3."""
        manifests = publisher.read("release")
        self.assertEqual([key for key, _ in manifests], list(releases))
        for kind, rows in (("index", 2 * PANELS), ("statistics", PANELS)):
            records = publisher.read(kind)
            owners = [(json.loads(value)["release"], key) for key, value in records]
            self.assertEqual(len(owners), rows * len(releases), kind)
            self.assertEqual(len(set(owners)), len(owners), kind)
        for _, value in manifests:
            told = {topic["topic"]: topic["rows"] for topic in json.loads(value)["topics"]}
            self.assertEqual(told[f"{publisher.name}.index.v1"], str(2 * PANELS))

    def test_a_release_is_seen_whole_and_its_repetition_adds_nothing(self):
        publisher = self.publisher().start()
        self.assert_committed(publisher.feed())
        self.assert_committed(publisher.feed())
        self.assertEqual(publisher.stop(), 0)
        publisher.start()
        self.assert_committed(publisher.feed())
        self.assertEqual(publisher.stop(), 0)
        self.assert_once(publisher)

    def test_the_next_release_names_the_one_before(self):
        publisher = self.publisher().start()
        self.assert_committed(publisher.feed())
        output, _ = publisher.feed(OTHER).communicate()
        self.assertIn("committed", output)
        self.assert_once(publisher, (RELEASE, OTHER))
        manifests = [json.loads(value) for _, value in publisher.read("release")]
        self.assertNotIn("previousRelease", manifests[0])
        self.assertEqual(manifests[1]["previousRelease"], RELEASE)

    def test_killed_at_each_step_the_release_appears_once(self):
        for number, point in enumerate(CRASH_POINTS):
            with self.subTest(point):
                publisher = self.publisher(f"crash-{number}").start(crash_at=point)
                feed = publisher.feed()
                self.assertEqual(publisher.process.wait(PATIENCE_S), -signal.SIGKILL)
                publisher.start()
                self.assert_committed(feed)
                publisher.wait_until(200)
                self.assertEqual(publisher.stop(), 0)
                self.assert_once(publisher)

    def test_killed_before_the_commit_nothing_is_seen(self):
        publisher = self.publisher().start()
        publisher.wait_until(200)
        self.assertEqual(publisher.stop(), 0)
        for point in ("publish.produced:1", "publish.before-commit:1"):
            publisher.start(crash_at=point)
            feed = publisher.feed(timeout_s=10)
            self.assertEqual(publisher.process.wait(PATIENCE_S), -signal.SIGKILL)
            feed.kill()
            feed.communicate()
            for kind in ("index", "statistics", "release"):
                self.assertEqual(publisher.read(kind), [])

    def test_without_a_broker_it_waits_says_so_and_goes_on_when_it_comes(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        address = f"127.0.0.1:{port}"
        publisher = self.publisher(bootstrap=address).start()
        feed = publisher.feed()
        reason = ""
        while f"no Kafka at {address}" not in reason:
            reason = publisher.wait_until(503)
            time.sleep(0.05)
        with kafka.Broker(port=port) as late:
            late.prepare_transactions()
            self.assert_committed(feed)
            publisher.wait_until(200)
            self.assertEqual(publisher.stop(), 0)
            self.assert_once(publisher)
        self.assertEqual(publisher.log.read_text().count("publishing-waits"), 1)

    def test_stopped_while_it_waits_it_leaves_at_once_and_says_what_is_sent_again(self):
        publisher = self.publisher(bootstrap="127.0.0.1:1").start()
        feed = publisher.feed()
        publisher.wait_until(503)
        while "release-complete" not in publisher.log.read_text():
            time.sleep(0.05)
        self.assertEqual(publisher.stop(), 0)
        feed.kill()
        feed.communicate()
        self.assertRegex(publisher.log.read_text(), f"release-left release={RELEASE} held=20")

    def test_stopped_in_a_publication_it_finishes_it(self):
        publisher = self.publisher().start()
        feed = publisher.feed()
        while "release-complete" not in publisher.log.read_text():
            time.sleep(0.001)
        self.assertEqual(publisher.stop(), 0)
        log = publisher.log.read_text()
        if "release-committed" in log:
            self.assert_committed(feed)
        else:  # it had not begun
            self.assertIn("release-left", log)
            feed.kill()
            feed.communicate()
        publisher.start()
        self.assert_committed(publisher.feed())
        self.assert_once(publisher)

    def test_a_broker_that_is_killed_and_comes_back_costs_only_time(self):
        with kafka.Broker() as broker:
            broker.prepare_transactions()
            publisher = self.publisher(bootstrap=broker.bootstrap).start()
            publisher.wait_until(200)
            broker.kill()
            feed = publisher.feed()
            publisher.wait_until(503)
            broker.start()
            self.assert_committed(feed)
            self.assert_once(publisher)

    def test_a_kafka_that_stalls_while_a_release_is_written_is_told_in_the_readiness(self):
        with kafka.Broker() as broker:
            broker.prepare_transactions()
            publisher = self.publisher(bootstrap=broker.bootstrap).start()
            publisher.wait_until(200)
            broker.pause()
            feed = publisher.feed()
            reason = publisher.wait_until(503)
            self.assertIn(f"writing release {RELEASE} to Kafka at {broker.bootstrap}", reason)
            broker.resume()
            self.assert_committed(feed)
            publisher.wait_until(200)
            self.assert_once(publisher)

    def test_a_record_that_the_topic_does_not_take_makes_its_panel_a_dead_letter(self):
        publisher = self.publisher()
        topic = f"{publisher.name}.statistics.v1"
        self.broker.create_topics([topic], config={"max.message.bytes": "100"})
        publisher.start(options=["--check-topics=off"])
        output, _ = publisher.feed().communicate()
        self.assertIn(f"rejected release={RELEASE} index=0 rows=0 panels_rejected={PANELS}", output)
        letters = [json.loads(value) for _, value in publisher.read("rejected")]
        self.assertEqual(len(letters), PANELS)
        self.assertIn("max.message.bytes", letters[0]["rejection"]["reason"])
        self.assertEqual(publisher.read("index"), [])
        self.assertEqual(publisher.stop(), 0)

    def test_a_missing_topic_that_may_not_be_made_is_named_in_the_readiness(self):
        publisher = self.publisher().start(options=["--create-topics=false"])
        reason = ""
        while "create-topics" not in reason:
            reason = publisher.wait_until(503)
            time.sleep(0.05)
        self.assertIn(f"{publisher.name}.need.v1", reason)

    def test_topics_are_made_as_the_contract_says(self):
        publisher = self.publisher().start()
        publisher.wait_until(200)
        command = ["kcat", "-L", "-J", "-b", self.broker.bootstrap]
        listed = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        names = {topic["topic"] for topic in listed["topics"]}
        kinds = ("need", "indicator", "index", "efficiency", "statistics", "release", "rejected")
        self.assertLessEqual({f"{publisher.name}.{kind}.v1" for kind in kinds}, names)

    def test_a_release_of_the_nations_size_is_seen_whole(self):
        command = [TEST_BIN / "kf-publish-load", self.broker.bootstrap, RELEASE, "20"]
        line = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        self.assertIn("rows=321300 known=0", line)
        print(line.strip(), file=sys.stderr)
        command = ["kcat", "-C", "-e", "-q", "-b", self.broker.bootstrap]
        command += ["-t", "kostra.indicator.v1", "-X", "isolation.level=read_committed"]
        keys = subprocess.run([*command, "-f", "%k\n"], check=True, capture_output=True).stdout
        self.assertEqual(len(set(keys.splitlines())), 314160)


if __name__ == "__main__":
    unittest.main(verbosity=2)
