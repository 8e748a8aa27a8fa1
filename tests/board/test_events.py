"""What the board tells those who listen, and whom it lets ask."""

import contextlib
import http.client
import json
import signal
import time

import pytest
from boarded import SHOWN_S, Boarded
from line import wait_until

TOLD_S = 30  # of what comes at once on a healthy machine


class Listener:
    """A client of /api/events: next(name) waits for an event of that name."""

    def __init__(self, port):
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TOLD_S)
        self._connection.request("GET", "/api/events")
        self.answer = self._connection.getresponse()
        self.told = []

    def close(self):
        self._connection.close()

    def events(self):
        """(name, data) as they come."""
        name = ""
        while line := self.answer.readline().decode():
            kind, _, value = line.rstrip("\n").partition(": ")
            if kind == "event":
                name = value
            elif kind == "data":
                self.told.append(name)
                yield name, json.loads(value)

    def until(self, wanted, timeout_s=TOLD_S):
        """The data of the first event for which wanted(name, data) holds."""
        end = time.monotonic() + timeout_s
        for name, data in self.events():
            if wanted(name, data):
                return data
            assert time.monotonic() < end, f"not told; last came {name}: {data}"
        raise AssertionError("the stream has ended")


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A board that tests may stop."""
    with Boarded(tmp_path_factory.mktemp("own")) as running:
        running.feed("care")
        yield running


@pytest.fixture
def listener(own):
    with contextlib.closing(Listener(own.port)) as listening:
        yield listening


def state_of(status, service):
    return next(stage["state"] for stage in status["stages"] if stage["service"] == service)


def test_who_listens_has_the_status_at_once_and_then_every_second(listener):
    assert listener.answer.status == 200
    assert listener.answer.getheader("Content-Type") == "text/event-stream"
    first = listener.until(lambda name, _: name == "status")
    later = listener.until(lambda name, data: name == "status"
                           and data["board"]["state"] == "following"
                           and data["nowMs"] > first["nowMs"] + 900)
    assert later["board"]["behind"] == 0 and later["board"]["rows"] > 0
    assert {stage["service"] for stage in first["stages"]} == {
        "ingest", "need", "normalize", "aggregate", "efficiency", "publish"}


def test_a_release_is_told_when_it_comes(own, listener):
    listener.until(lambda name, _: name == "status")
    own.drop(own.feeds.inputs["asss"], "asss")
    told = listener.until(lambda name, data: name == "release" and any(
        panel["edition"] == "asss-2010" and panel["state"] == "shown"
        for panel in data["panels"]), SHOWN_S)
    newest = own.get("/api/releases?limit=1")[0]
    assert {**newest, "phases": 0} == {**told, "phases": 0}  # beats may have told more since
    assert own.shown()["asss-2010", 2010] == told["id"]


def test_a_stage_that_dies_and_comes_back_is_told(own, listener):
    listener.until(lambda name, data: name == "status" and state_of(data, "need") == "ready")
    own.line.kill("need")
    listener.until(lambda name, data: name == "status" and state_of(data, "need") == "gone")
    own.line.start("need")
    listener.until(lambda name, data: name == "status" and state_of(data, "need") == "ready")


def test_what_has_not_changed_is_not_sent_again(own):
    for path in ("/api/catalogue", "/api/article?municipality=1103", "/", "/app.js"):
        status, headers, body = own.ask(path)
        assert status == 200 and body and headers["Cache-Control"] == "no-cache"
        status, again, body = own.ask(path, {"If-None-Match": headers["ETag"]})
        assert (status, body) == (304, b"") and again["ETag"] == headers["ETag"]


def test_answers_are_packed_for_who_takes_it(own):
    _, plain, body = own.ask("/api/catalogue")
    _, packed, unpacked = own.ask("/api/catalogue", {"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip" and "Content-Encoding" not in plain
    assert unpacked == body
    assert int(packed["Content-Length"]) < int(plain["Content-Length"]) / 3


def test_readiness_says_what_is_lacking(own):
    assert own.ask("/readyz")[0] == 200
    own.broker.kill()
    try:
        wait_until(lambda: own.ask("/readyz")[0] == 503, "the board says that Kafka is away")
        body = own.ask("/readyz")[2].decode()
        assert own.broker.bootstrap in body and "waiting" in body
        assert own.shown(), "what was shown stays"
        assert own.ask("/healthz")[0] == 200
    finally:
        own.broker.start()


def test_it_ends_while_somebody_listens(own, listener):
    listener.until(lambda name, _: name == "status")
    own.signal_board(signal.SIGTERM)
    assert own.end_board() == 0
    with pytest.raises((AssertionError, http.client.HTTPException, OSError)):
        listener.until(lambda name, _: name == "never")
