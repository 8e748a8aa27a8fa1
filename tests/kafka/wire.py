"""Just enough of Kafka's protocol to ask a broker whether it is up and to create topics.

Standard library only, so that the broker needs no client; all else goes through real clients.
Each call opens a connection, sends one request, reads one answer; OSError means "not now".
"""

import socket
import struct

METADATA = (3, 4)
CREATE_TOPICS = (19, 2)
FIND_COORDINATOR = (10, 1)
TRANSACTIONS = b"\1"
ANSWER_BYTES_MAX = 16 << 20


class WireError(Exception):
    """The broker answered, but with an error."""


def brokers(address, timeout_s):
    """Ids of the brokers that take part. Empty while the cluster is still forming."""
    return _metadata(address, [], timeout_s)[0]


def leaderless(address, topics, timeout_s):
    """Those of `topics` that clients cannot use yet: unknown, or a partition has no leader."""
    usable = _metadata(address, topics, timeout_s)[1]
    return [topic for topic in topics if topic not in usable]


def create_topics(address, topics, partitions, config, timeout_s):
    """Creates `topics` with one replica a partition and the topic settings of `config`."""

    def one(topic):
        settings = _array(config.items(), lambda item: _string(item[0]) + _string(item[1]))
        return _string(topic) + struct.pack(">ih", partitions, 1) + _array([], None) + settings

    body = _array(topics, one) + struct.pack(">i?", int(timeout_s * 1000), False)
    answer = _ask(address, CREATE_TOPICS, body, timeout_s)
    answer.number("i")  # throttle time
    failed = [(topic, code, text) for topic, code, text in answer.array(_topic_result) if code]
    if failed:
        raise WireError("; ".join(f"{topic}: error {code}, {text}" for topic, code, text in failed))


def coordinates_transactions(address, timeout_s):
    """Whether a producer could begin now. Asking makes a new broker create its transaction log."""
    answer = _ask(address, FIND_COORDINATOR, _string("any") + TRANSACTIONS, timeout_s)
    answer.number("i")  # throttle time
    return answer.number("h") == 0


def _topic_result(answer):
    return answer.string(), answer.number("h"), answer.string()


def _metadata(address, topics, timeout_s):
    """(broker ids, set of usable topics); creates no topic by asking for it."""
    answer = _ask(address, METADATA, _array(topics, _string) + b"\0", timeout_s)
    answer.number("i")  # throttle time
    ids = [node for node, _, _, _ in answer.array(_broker)]
    answer.string()  # cluster
    answer.number("i")  # controller
    return ids, {name for name, usable in answer.array(_topic) if usable}


def _broker(answer):
    return answer.number("i"), answer.string(), answer.number("i"), answer.string()


def _topic(answer):
    error, name, _ = answer.number("h"), answer.string(), answer.number("b")
    led = [not failed and leader >= 0 for failed, leader in answer.array(_partition)]
    return name, not error and bool(led) and all(led)


def _partition(answer):
    error, _, leader = answer.number("h"), answer.number("i"), answer.number("i")
    answer.array(lambda a: a.number("i"))  # replicas
    answer.array(lambda a: a.number("i"))  # in sync
    return error, leader


def _string(text):
    data = text.encode()
    return struct.pack(">h", len(data)) + data


def _array(items, encode):
    encoded = [encode(item) for item in items]
    return struct.pack(">i", len(encoded)) + b"".join(encoded)


def _ask(address, api, body, timeout_s):
    request = struct.pack(">hhi", *api, 0) + _string("kostraflow-tests") + body
    with socket.create_connection(address, timeout_s) as connection:
        connection.sendall(struct.pack(">i", len(request)) + request)
        (size,) = struct.unpack(">i", _read(connection, 4))
        if not 4 <= size <= ANSWER_BYTES_MAX:
            raise WireError(f"an answer of {size} bytes is not Kafka's")
        return _Answer(_read(connection, size)[4:])


def _read(connection, size):
    data = bytearray()
    while len(data) < size:
        part = connection.recv(size - len(data))
        if not part:
            raise ConnectionError("the broker closed the connection")
        data += part
    return bytes(data)


class _Answer:
    """Reads an answer from front to back."""

    def __init__(self, data):
        self._data, self._at = data, 0

    def number(self, letter):
        (value,) = struct.unpack_from(">" + letter, self._data, self._at)
        self._at += struct.calcsize(">" + letter)
        return value

    def string(self):
        size = self.number("h")
        if size < 0:
            return None
        self._at += size
        return self._data[self._at - size : self._at].decode()

    def array(self, read):
        return [read(self) for _ in range(self.number("i"))]
