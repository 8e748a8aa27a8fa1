#!/usr/bin/env python3
"""kf-devbroker as a process: its one line, its port, its end.

    test_devbroker.py BIN_DIR [TEST…]
"""

import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

PROGRAM = pathlib.Path(sys.argv.pop(1) if len(sys.argv) > 1 else "build/asan/bin") / "kf-devbroker"
PATIENCE_S = 30


class DevBroker(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="kf-devbroker-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def start(self, *options):
        process = subprocess.Popen([PROGRAM, *options], stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.wait)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.kill)
        return process, process.stdout.readline().strip()

    def run_to_end(self, *options):
        return subprocess.run(
            [PROGRAM, *options], capture_output=True, text=True, timeout=PATIENCE_S
        )

    def connect(self, address):
        host, port = address.split(":")
        with socket.create_connection((host, int(port)), PATIENCE_S):
            return int(port)

    def end(self, process, number):
        process.send_signal(number)
        self.assertEqual(process.wait(PATIENCE_S), 0)
        self.assertEqual(process.stdout.read(), "")

    def test_its_only_line_is_an_address_that_takes_connections(self):
        process, address = self.start()
        self.assertRegex(address, r"^127\.0\.0\.1:\d+$")
        self.connect(address)
        self.end(process, signal.SIGTERM)

    def test_it_ends_on_an_interrupt_too(self):
        process, _ = self.start()
        self.end(process, signal.SIGINT)

    def test_it_takes_the_port_it_is_given(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        process, address = self.start("--port", str(port))
        self.assertEqual(address, f"127.0.0.1:{port}")
        self.assertEqual(self.connect(address), port)
        self.end(process, signal.SIGTERM)

    def test_a_port_that_is_taken_is_told_and_ends_with_2(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = str(taken.getsockname()[1])
            ended = self.run_to_end("--port", port)
        self.assertEqual(ended.returncode, 2)
        self.assertEqual(ended.stdout, "")
        self.assertIn(port, ended.stderr)

    def test_the_port_file_holds_the_port_when_clients_can_connect(self):
        path = self.folder / "port"
        process, address = self.start("--port-file", str(path))
        self.connect(address)
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE_S)
        self.assertEqual(path.read_text(), address.split(":")[1] + "\n")
        self.assertEqual(list(self.folder.iterdir()), [path])

    def test_a_port_file_that_cannot_be_written_ends_with_2(self):
        ended = self.run_to_end("--port-file", str(self.folder / "nowhere" / "port"))
        self.assertEqual(ended.returncode, 2)
        self.assertIn("nowhere", ended.stderr)

    def test_topics_are_made_and_records_come_back(self):
        process, address = self.start("--topics", "kostra.index.v1,kostra.need.v1")
        listed = subprocess.run(
            ["kcat", "-L", "-b", address], capture_output=True, text=True, timeout=PATIENCE_S
        ).stdout
        self.assertIn('topic "kostra.index.v1" with 1 partitions', listed)
        self.assertIn('topic "kostra.need.v1" with 1 partitions', listed)
        kcat = ["kcat", "-b", address, "-t", "kostra.index.v1", "-q"]
        subprocess.run([*kcat, "-P", "-K:"], input="a:1\nb:2\n", text=True, timeout=PATIENCE_S)
        read = subprocess.run(
            [*kcat, "-C", "-e", "-f", "%k=%s "], capture_output=True, text=True, timeout=PATIENCE_S
        ).stdout
        self.assertEqual(read, "a=1 b=2 ")
        self.end(process, signal.SIGTERM)

    def test_a_topic_that_is_none_or_comes_twice_ends_with_2(self):
        for topics in ("kostra index", "a,,b", "a,a", "x" * 250):
            ended = self.run_to_end("--topics", topics)
            self.assertEqual((ended.returncode, ended.stdout), (2, ""), topics)

    def test_wrong_options_end_with_2(self):
        for options in (["--port", "65536"], ["--port", "x"], ["--nonsense"], ["stray"]):
            ended = self.run_to_end(*options)
            self.assertEqual((ended.returncode, ended.stdout), (2, ""), options)
            self.assertNotEqual(ended.stderr, "")

    def test_help_says_plainly_what_it_is_not(self):
        ended = self.run_to_end("--help")
        self.assertEqual(ended.returncode, 0)
        for word in ("not Kafka", "nothing is stored", "5 MiB", "transactions mean nothing"):
            self.assertIn(word, ended.stdout)
        self.assertEqual(self.run_to_end("--version").returncode, 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
