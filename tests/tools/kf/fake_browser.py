#!/usr/bin/env python3
"""A browser that misbehaves: it takes DevTools commands on descriptor 3, answers on 4, and at one
command does what FAKE_BROWSER says.

FAKE_BROWSER is MISDEED@METHOD or MISDEED@METHOD@TIMES: only the first so many processes misbehave.
How many there were is counted in the file FAKE_BROWSER_COUNT, a line each.
"""

import base64
import json
import os
import signal
import sys

PDF = b"%PDF-1.4 by nobody\n" * 4
HUGE = 9 * 1024 * 1024


def count_processes():
    with open(os.environ["FAKE_BROWSER_COUNT"], "a+", encoding="utf-8") as file:
        file.write(" ".join(sys.argv[1:]) + "\n")
        file.seek(0)
        return len(file.readlines())


def send(message):
    send_bytes(json.dumps(message).encode())


def send_bytes(data):
    with open(4, "wb", closefd=False) as channel:
        channel.write(data + b"\0")


def commands():
    waiting = b""
    while data := os.read(3, 65536):
        *whole, waiting = (waiting + data).split(b"\0")
        yield from map(json.loads, whole)


class Browser:
    """Answers as a browser would, with a PDF that is no page's."""

    def __init__(self):
        self.sent = 0

    def result(self, method, parameters):
        if method == "Page.navigate":
            send({"method": "Page.loadEventFired", "params": {"timestamp": 1}})
        if method == "Runtime.evaluate":
            return {"result": {"type": "boolean", "value": True}}
        if method == "IO.read":
            piece, self.sent = PDF[self.sent:self.sent + 30], self.sent + 30
            eof = self.sent >= len(PDF)
            self.sent = 0 if eof else self.sent
            return {"data": base64.b64encode(piece).decode(), "base64Encoded": True, "eof": eof}
        return {"targetId": "T", "sessionId": "S", "stream": "1", "frameId": "F"}


def crash():
    sys.stderr.write("it hurts\n")
    sys.stderr.flush()
    os.kill(os.getpid(), signal.SIGKILL)


def chatter():
    while True:
        send({"method": "Page.frameResized", "params": {}})


MISDEEDS = {
    "dies": crash,
    "hangs": lambda: os.read(3, 1) and signal.pause(),
    "chatters": chatter,
    "babbles": lambda: send_bytes(b"<html>?</html>"),
    "lists": lambda: send([1, 2, 3]),
    "floods": lambda: send_bytes(b"x" * HUGE),
    "trickles": lambda: send_bytes(b'{"id"'),
    "crashes": lambda: send({"method": "Inspector.targetCrashed", "params": {}}),
}


def wrong_answer(misdeed, number):
    """What is sent instead of a result."""
    wrong = {
        "refuses": {"error": {"code": -32000, "message": "not today"}},
        "forgets": {},
        "misses": {"result": {"errorText": "net::ERR_FILE_NOT_FOUND"}},
        "unready": {"result": {"result": {"type": "boolean", "value": False}}},
        "scribbles": {"result": {"data": "?!?!", "base64Encoded": True, "eof": True}},
        "empties": {"result": {"data": "", "base64Encoded": True, "eof": True}},
        "endless": {"result": {"data": "AAAA" * 250000, "base64Encoded": True, "eof": False}},
    }
    return {"id": number, **wrong[misdeed]}


def main():
    misdeed, at, *times = os.environ["FAKE_BROWSER"].split("@")
    bad = count_processes() <= int(times[0]) if times else count_processes() > 0
    browser = Browser()
    for command in commands():
        method, number = command["method"], command["id"]
        if method == "Browser.close":
            return
        if bad and method == at and misdeed == "faints":  # in the midst of the PDF
            crash() if browser.sent else send({"id": number, "result": browser.result(method, {})})
        elif bad and method == at and misdeed in MISDEEDS:
            MISDEEDS[misdeed]()
        elif bad and method == at:
            send(wrong_answer(misdeed, number))
        else:
            send({"id": number, "result": browser.result(method, command["params"])})


main()
