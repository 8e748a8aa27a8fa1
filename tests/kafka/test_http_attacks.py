"""Whatever is sent to the HTTP server of a service, the pipeline works and others are answered."""

import pathlib
import socket
import time

import pytest
from broker import Broker
from line import Line, revised, wait_until
from reader import all_topics, check_release, manifests, read_all

ANSWER_S = 30  # for another client, on a busy machine; idle it is milliseconds
CUT_S = 60  # a client is cut after 10 s
GROWTH_MB = 48
LISTENERS_MAX = 64
HOST = b"Host: localhost\r\n"
# One that works in one thread, one with threads of its own, one with pages of its own.
SERVICES = ("ingest", "publish", "board")

# Each is sent to one connection; answered with 4xx, 5xx or not at all, never with a page.
NONSENSE = {
    "path traversal": b"GET /../../../etc/passwd HTTP/1.1\r\n" + HOST + b"\r\n",
    "encoded traversal": b"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\n" + HOST + b"\r\n",
    "NUL in the path": b"GET /metrics%00.html HTTP/1.1\r\n" + HOST + b"\r\n",
    "absolute": b"GET http://evil.example/metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "huge request line": b"GET /" + b"a" * 300_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "huge header": b"GET /metrics HTTP/1.1\r\nX: " + b"b" * 300_000 + b"\r\n\r\n",
    "many headers": b"GET /metrics HTTP/1.1\r\n" + b"X: y\r\n" * 50_000 + b"\r\n",
    "rebinding": b"GET /metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "HTTP/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(64),
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500),
    "garbage": bytes(range(256)) * 64,
    "unknown method": b"BREW /metrics HTTP/1.1\r\n" + HOST + b"\r\n",
    "POST": b"POST /metrics HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\n\r\nhello",
    "huge body": b"POST /metrics HTTP/1.1\r\n" + HOST + b"Content-Length: 999999999999\r\n\r\n"
    + b"x" * 500_000,
    "negative length": b"POST /metrics HTTP/1.1\r\n" + HOST + b"Content-Length: -1\r\n\r\n",
    "bad chunks": b"PUT / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nZZZ\r\n",
    "smuggling": b"POST / HTTP/1.1\r\n" + HOST
    + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    + b"GET /metrics HTTP/1.1\r\n\r\n",
    "nothing": b"",
}


@pytest.fixture(scope="module")
def line(tmp_path_factory):
    with Broker() as broker:
        broker.prepare_transactions()
        work = tmp_path_factory.mktemp("line")
        with Line(work, broker.bootstrap, "http") as made:
            made.broker = broker
            made.start()
            made.drop()
            wait_until(lambda: made.committed() == 1, "the first release", 120)
            wait_until(lambda: made.ready("publish"), "publish is ready")
            made.start("board")
            wait_until(lambda: b'"asss-2010"' in catalogue(made), "the board shows the release")
            yield made
            assert set(made.stop().values()) == {0}


def ask(line, path, headers=b""):
    """The board's whole answer."""
    with dial(line, "board") as connection:
        return talk(connection, b"GET " + path + b" HTTP/1.1\r\n" + HOST + headers + b"\r\n")


def catalogue(line):
    return ask(line, b"/api/catalogue").partition(b'"editions":[')[2]


def port_of(line, service):
    return int((line.run / f"{service}-0.http").read_text())


def dial(line, service):
    return socket.create_connection(("127.0.0.1", port_of(line, service)), CUT_S)


def resident_mb(line, service):
    status = pathlib.Path(f"/proc/{line._processes[service].pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def talk(connection, data):
    """What comes back until the end; b"" when the connection is cut."""
    try:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))
    except OSError:
        return b""


def assert_answers(line, service):
    """Another client gets the metrics, within the bound."""
    began = time.monotonic()
    wait_until(lambda: (line.get(service, "/metrics") or (0,))[0] == 200, "metrics", ANSWER_S)
    return time.monotonic() - began


@pytest.mark.parametrize("service", SERVICES)
def test_nonsense_gets_no_page_and_no_memory(line, service):
    assert_answers(line, service)
    before = resident_mb(line, service)
    for _ in range(2):
        for name, data in NONSENSE.items():
            with dial(line, service) as connection:
                got = talk(connection, data)
            assert b"kostraflow_" not in got and b"root:" not in got, name
            assert not got or got.split()[1][:1] in (b"4", b"5"), f"{name}: {got[:80]}"
    assert_answers(line, service)
    assert resident_mb(line, service) - before < GROWTH_MB


def test_every_answer_is_read_only_and_says_little(line):
    with dial(line, "need") as connection:
        head = talk(connection, b"HEAD /metrics HTTP/1.1\r\n" + HOST + b"\r\n")
    assert head.startswith(b"HTTP/1.1 200") and head.endswith(b"\r\n\r\n")
    assert b"nosniff" in head and b"no-store" in head
    assert b"server:" not in head.lower() and b"microhttpd" not in head.lower()
    with dial(line, "need") as connection:
        one = b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n"
        answers = talk(connection, one * 20)
    assert answers.count(b"HTTP/1.1 200") == 1  # one request a connection


def test_clients_that_hang_are_cut_while_a_release_goes_through(line):
    """Slow-loris, and clients that ask and never read, as many as fit and more."""
    hanging = []
    for number in range(90):
        connection = dial(line, SERVICES[number % len(SERVICES)])
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        words = [b"", b"GET /met", b"GET /metrics HTTP/1.1\r\n" + HOST + b"\r\n"]
        connection.sendall(words[number // len(SERVICES) % 3])
        hanging.append(connection)
    line.drop(name="again.csv", text=revised())
    wait_until(lambda: line.committed() == 2, "the second release, while they hang", 120)
    for service in SERVICES:
        assert_answers(line, service)
    end = time.monotonic() + CUT_S
    for number, connection in enumerate(hanging):
        connection.settimeout(max(1, end - time.monotonic()))
        try:
            while connection.recv(65536):  # trickles on until it is cut
                connection.sendall(b"X")
        except (ConnectionError, BrokenPipeError):
            pass
        except TimeoutError:
            pytest.fail(f"client {number} is not cut")
        connection.close()
    records = read_all(line.broker.bootstrap, all_topics("http"))
    found = manifests(records, "http")
    assert len(found) == 2
    for release, _ in found:
        check_release(records, "http", release)
    for service in SERVICES:
        assert_answers(line, service)
        assert line.page(service, "/healthz")[0] == 200


# Asked of the board, where they mean something: refused with the reason, or no page at all.
HOSTILE = (
    b"/api/article?municipality=0301%00", b"/api/article?municipality=0301&edition=%2e%2e%2fx",
    b"/api/article?municipality=0301&year=1e9", b"/api/article?municipality=" + b"9" * 9000,
    b"/api/article?" + b"use=need:a/2020&" * 500, b"/api/article?municipality='%20or%201=1",
    b"/api/article?municipality=0301%0d%0aSet-Cookie:%20x", b"/api/releases?limit=99999999999999",
    b"/api/releases?limit=-1", b"/api/", b"/api/article/../catalogue", b"/api//catalogue",
    b"/%61pi/catalogue", b"/app.js%00", b"/../board.db", b"/municipality/0301%2f..",
    b"/report.html",
)


def test_the_board_refuses_what_it_cannot_read(line):
    before = resident_mb(line, "board")
    for path in HOSTILE:
        answer = ask(line, path)
        head = answer.partition(b"\r\n\r\n")[0].lower()
        assert not head or head.split()[1][:1] == b"4", f"{path[:60]}: {answer[:200]}"
        assert b"set-cookie" not in head
    assert_answers(line, "board")
    assert resident_mb(line, "board") - before < GROWTH_MB


def test_other_sites_may_not_use_the_board(line):
    for path in (b"/", b"/api/catalogue", b"/api/events"):
        with dial(line, "board") as connection:
            connection.sendall(b"GET " + path + b" HTTP/1.1\r\n" + HOST
                               + b"Origin: https://evil.example\r\n\r\n")
            head = connection.recv(65536).partition(b"\r\n\r\n")[0].lower()
            if path == b"/api/events":  # counted before it goes: zero then means that it has gone
                wait_until(lambda: listeners(line) == 1, "who listens is counted", CUT_S)
        assert head.startswith(b"http/1.1 200")
        assert b"access-control" not in head
        assert b"cross-origin-resource-policy: same-origin" in head
        assert b"frame-ancestors 'none'" in head and b"x-frame-options: deny" in head
        assert b"unsafe" not in head
    with dial(line, "board") as connection:
        rebound = talk(connection, b"GET /api/catalogue HTTP/1.1\r\nHost: evil.example\r\n\r\n")
    assert rebound.startswith(b"HTTP/1.1 421")


def test_listeners_leave_room_for_others_and_are_cut_when_they_do_not_read(line):
    """More than may listen, none of which reads: what they lag behind is bounded."""
    wait_until(lambda: listeners(line) == 0, "those of the test before are forgotten", CUT_S)
    listening = []
    for _ in range(80):
        connection = dial(line, "board")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        connection.sendall(b"GET /api/events HTTP/1.1\r\n" + HOST + b"\r\n")
        listening.append(connection)
    before = resident_mb(line, "board")
    wait_until(lambda: listeners(line) == LISTENERS_MAX, "as many listen as may", CUT_S)
    assert catalogue(line)
    refused = [c for c in listening if c.recv(12).endswith(b"503")]
    assert len(refused) == len(listening) - LISTENERS_MAX
    for connection in listening:
        connection.close()
    wait_until(lambda: listeners(line) == 0, "those that have gone are forgotten", CUT_S)
    assert resident_mb(line, "board") - before < GROWTH_MB
    assert_answers(line, "board")


def listeners(line):
    answer = line.get("board", "/metrics")
    found = answer and answer[1].partition("\nkostraflow_board_listeners ")[2].split("\n")[0]
    return int(found) if found else -1
