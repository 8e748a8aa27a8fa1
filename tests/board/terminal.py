"""A program in a terminal of a given size, as a person in front of it would see it.

    with Terminal([binary, "top"], rows=40, columns=120) as terminal:
        terminal.wait_for(lambda screen: "ready" in screen)
        terminal.type("q")
        assert terminal.wait_exit() == 0
"""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

DEADLINE_S = 60
HOME = "\x1b[H"
CLEAR_BELOW = "\x1b[J"
ENTER, LEAVE = "\x1b[?1049h", "\x1b[?1049l"
HIDE, SHOW = "\x1b[?25l", "\x1b[?25h"
COLOUR = re.compile(r"\x1b\[\d+m")
CONTROL = re.compile(r"\x1b\[[?\d]*[A-Za-z]")


class Terminal:
    """The program, and what it has written so far."""

    def __init__(self, command, rows=40, columns=120, environment=None):
        self._master, self._slave = pty.openpty()
        self.written = ""
        self._resize(rows, columns)
        self.before = termios.tcgetattr(self._slave)
        env = {k: v for k, v in os.environ.items() if k != "NO_COLOR" and not k.startswith("KF_")}
        self._process = subprocess.Popen(
            list(map(str, command)), stdin=self._slave, stdout=self._slave, stderr=self._slave,
            env=env | {"TERM": "xterm-256color"} | (environment or {}), start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        os.close(self._master)
        os.close(self._slave)

    def _resize(self, rows, columns):
        self.rows, self.columns = rows, columns
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def resize(self, rows, columns):
        """The window gets another size."""
        self._resize(rows, columns)
        self.written = ""

    def type(self, keys):
        os.write(self._master, keys.encode())

    def signal(self, number):
        self._process.send_signal(number)

    def stopped(self):
        """True while the program is suspended."""
        return "State:\tT" in open(f"/proc/{self._process.pid}/status", encoding="ascii").read()

    def settings(self):
        """What the terminal does with keys: as termios tells."""
        return termios.tcgetattr(self._slave)

    def _read(self):
        ready, _, _ = select.select([self._master], [], [], 0.02)
        if ready:
            self.written += os.read(self._master, 65536).decode("utf-8", "replace")

    def frame(self):
        """The newest whole frame with its colours, "" before the first."""
        for frame in reversed(self.written.split(HOME)[1:]):
            if CLEAR_BELOW in frame:
                return frame[: frame.index(CLEAR_BELOW)]
        return ""

    def screen(self):
        """The lines that stand there now, without colours."""
        return CONTROL.sub("", self.frame()).replace("\r", "").split("\n")

    def text(self):
        """The same as one text."""
        return "\n".join(self.screen())

    def wait_for(self, condition, what, timeout_s=DEADLINE_S):
        """Until the condition over the screen's text holds; returns how long that took."""
        start = time.monotonic()
        while not condition(self.text()):
            took = time.monotonic() - start
            assert took < timeout_s, f"not within {timeout_s} s: {what}\n{self.text()}"
            self._read()
        return time.monotonic() - start

    def wait_written(self, text):
        """Until the program has written it."""
        end = time.monotonic() + DEADLINE_S
        while text not in self.written:
            assert time.monotonic() < end, f"{text!r} was not written"
            self._read()

    def wait_exit(self):
        """The exit code."""
        end = time.monotonic() + DEADLINE_S
        while self._process.poll() is None:
            assert time.monotonic() < end, "it does not end"
            self._read()
        for _ in range(5):
            self._read()
        return self._process.returncode


INTERRUPT, SUSPEND = "\x03", "\x1a"
CONTINUE = signal.SIGCONT
