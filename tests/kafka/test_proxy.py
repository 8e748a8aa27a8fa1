"""The proxy itself: it forwards faithfully, and does exactly the harm it was told to do."""

import contextlib
import socket
import socketserver
import struct
import threading
import time

import pytest
from line import wait_until
from proxy import END_TXN, HEADER, METADATA, PRODUCE, Proxy, is_commit, names

PATIENCE_S = 30
SHORT_S = 0.3


class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        with contextlib.suppress(OSError):
            while data := self.request.recv(1 << 16):
                self.server.received.append(data)
                self.request.sendall(data)


class Requests(socketserver.StreamRequestHandler):
    """Answers each request with its correlation id and how many came before it."""

    def handle(self):
        with contextlib.suppress(OSError):
            while head := self.rfile.read(4):
                body = self.rfile.read(struct.unpack(">i", head)[0])
                self.server.received.append(head + body)
                count = len(self.server.received)
                self.wfile.write(struct.pack(">i", 8) + body[4:8] + struct.pack(">i", count))


@contextlib.contextmanager
def serving(handler, kafka):
    """(server, proxy) in front of it."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads, server.received = True, []
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        with Proxy(server.server_address, kafka) as proxy:
            yield server, proxy
        server.shutdown()


@pytest.fixture
def echo():
    with serving(Echo, False) as both:
        yield both


@pytest.fixture
def requests():
    with serving(Requests, True) as both:
        yield both


def connect(proxy):
    return socket.create_connection(("127.0.0.1", proxy.port), PATIENCE_S)


def read(connection, size):
    data = b""
    while len(data) < size and (part := connection.recv(size - len(data))):
        data += part
    return data


def hears_nothing(connection):
    connection.settimeout(SHORT_S)
    try:
        return connection.recv(1) is None
    except TimeoutError:
        return True
    finally:
        connection.settimeout(PATIENCE_S)


def request(api, correlation, body=b""):
    return HEADER.pack(HEADER.size - 4 + len(body), api, 0, correlation) + body


def answer(connection):
    """(correlation id, number) of the next answer."""
    return struct.unpack(">ii", read(connection, 12)[4:])


def test_bytes_arrive_as_they_were_sent_and_an_end_is_an_end(echo):
    data = bytes(range(256)) * 4000
    with connect(echo[1]) as connection:
        threading.Thread(target=connection.sendall, args=(data,)).start()
        assert read(connection, len(data)) == data
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1) == b""


def test_a_delay_holds_up_what_is_sent_but_not_the_other_way(echo):
    echo[1].delay(up=SHORT_S)
    with connect(echo[1]) as connection:
        start = time.monotonic()
        connection.sendall(b"late")
        assert read(connection, 4) == b"late"
        assert time.monotonic() - start >= SHORT_S


def test_a_stall_one_way_lets_the_other_through_and_loses_nothing(echo):
    server, proxy = echo
    with connect(proxy) as connection:
        proxy.stall(up=False, down=True)
        connection.sendall(b"there")
        wait_until(lambda: server.received == [b"there"], "the server has it")
        assert hears_nothing(connection)
        proxy.flow()
        assert read(connection, 5) == b"there"
        proxy.stall(up=True, down=False)
        connection.sendall(b"again")
        assert hears_nothing(connection) and server.received == [b"there"]
        proxy.flow()
        assert read(connection, 5) == b"again"


def test_a_cut_is_a_reset_and_new_connections_are_taken(echo):
    with connect(echo[1]) as connection:
        connection.sendall(b"x")
        assert read(connection, 1) == b"x"
        echo[1].cut()
        with pytest.raises(ConnectionResetError):
            connection.recv(1)
    with connect(echo[1]) as connection:
        connection.sendall(b"y")
        assert read(connection, 1) == b"y"
    assert echo[1].connections == 2


@pytest.mark.parametrize("way", ["up", "down"])
def test_a_cut_after_some_bytes_lets_exactly_those_through(echo, way):
    server, proxy = echo
    proxy.cut_after(3, way)
    with connect(proxy) as connection:
        connection.sendall(b"12345")
        with pytest.raises(ConnectionResetError):
            while connection.recv(100):
                pass
    wait_until(lambda: server.received, "the server has seen the first")
    with connect(proxy) as connection:
        connection.sendall(b"67890")
        assert read(connection, 5) == b"67890"
    assert server.received[0] == (b"123" if way == "up" else b"12345")


def test_refusing_and_accepting_again(echo):
    echo[1].refuse()
    with pytest.raises(ConnectionRefusedError):
        connect(echo[1])
    echo[1].accept()
    with connect(echo[1]) as connection:
        connection.sendall(b"x")
        assert read(connection, 1) == b"x"


def test_a_server_that_is_away_resets_the_client(echo):
    echo[1].upstream = ("127.0.0.1", 1)
    with pytest.raises(ConnectionResetError), connect(echo[1]) as connection:
        connection.recv(1)


def test_the_nth_answer_of_a_kind_is_lost_though_the_work_was_done(requests):
    server, proxy = requests
    rule = proxy.on(END_TXN, nth=2, do="drop")
    with connect(proxy) as connection:
        for correlation, api in enumerate([END_TXN, METADATA, END_TXN, END_TXN]):
            connection.sendall(request(api, correlation))
        assert [answer(connection) for _ in range(3)] == [(0, 1), (1, 2), (3, 4)]
    assert rule.hit.is_set() and rule.times == 1 and len(server.received) == 4
    assert proxy.requests == [(END_TXN, 0), (METADATA, 1), (END_TXN, 2), (END_TXN, 3)]


def test_a_connection_is_cut_at_an_answer_or_at_a_request(requests):
    server, proxy = requests
    for at, done in (("answer", 1), ("request", 1)):
        rule = proxy.on(END_TXN, at=at, do="cut")
        with connect(proxy) as connection:
            connection.sendall(request(END_TXN, 7))
            with pytest.raises(ConnectionResetError):
                connection.recv(1)
        assert rule.times == 1 and len(server.received) == done


def test_a_delayed_answer_comes_late(requests):
    requests[1].on(END_TXN, do=SHORT_S)
    with connect(requests[1]) as connection:
        start = time.monotonic()
        connection.sendall(request(END_TXN, 7))
        assert answer(connection) == (7, 1)
        assert time.monotonic() - start >= SHORT_S


def test_a_kept_request_is_delivered_later_by_itself(requests):
    server, proxy = requests
    rule = proxy.on(PRODUCE, at="request", do="keep")
    with connect(proxy) as connection:
        connection.sendall(request(PRODUCE, 7, b"data"))
        with pytest.raises(ConnectionResetError):
            connection.recv(1)
    assert server.received == [] and len(rule.kept) == 1
    assert proxy.deliver(rule.kept[0]) == struct.pack(">ii", 7, 1)
    assert server.received == [request(PRODUCE, 7, b"data")]


def test_a_doubled_request_comes_twice_and_is_answered_once(requests):
    server, proxy = requests
    proxy.on(END_TXN, at="request", do="twice")
    with connect(proxy) as connection:
        connection.sendall(request(END_TXN, 7))
        connection.sendall(request(METADATA, 8))
        assert [answer(connection), answer(connection)] == [(7, 1), (8, 3)]
    assert server.received[:2] == [request(END_TXN, 7)] * 2


def test_a_function_is_called_between_the_work_and_its_answer(requests):
    server, proxy = requests
    seen = []
    proxy.on(END_TXN, do=lambda: seen.append(len(server.received)))
    with connect(proxy) as connection:
        connection.sendall(request(END_TXN, 7))
        assert answer(connection) == (7, 1)
    assert seen == [1]


def test_only_requests_that_are_wanted_count(requests):
    rule = requests[1].on(END_TXN, count=0, wanted=names("mine"))
    with connect(requests[1]) as connection:
        for correlation, name in enumerate([b"yours", b"mine", b"mine", b"yours"]):
            connection.sendall(request(END_TXN, correlation, name))
        assert [answer(connection), answer(connection)] == [(0, 1), (3, 4)]
    assert rule.times == 2


def test_a_commit_is_told_from_an_abort_in_either_form_of_the_request():
    def end(version, commits):
        tags = b"\0" if version >= 3 else b""
        return HEADER.pack(0, END_TXN, version, 1) + b"..." + bytes([commits]) + tags

    assert [is_commit(end(v, c)) for v in (1, 3) for c in (True, False)] == [True, False] * 2


def test_calm_ends_all_harm(echo):
    proxy = echo[1]
    proxy.stall()
    proxy.delay(up=60, down=60)
    proxy.cut_after(0)
    proxy.refuse()
    proxy.calm()
    with connect(proxy) as connection:
        connection.sendall(b"x")
        assert read(connection, 1) == b"x"
