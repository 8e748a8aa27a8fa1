"""ZeroMQ's wire protocol (ZMTP 3.0, RFC 23) by hand, for peers that do not keep to it.

    with Peer.ipc(path) as peer:
        peer.greet()
        peer.send(b"no frame of ours")
"""

import socket
import struct

import xxhash

SIGNATURE = b"\xff" + bytes(8) + b"\x7f"
MORE, LONG, COMMAND = 1, 2, 4
PATIENCE_S = 60
ENVELOPE = 1


def greeting(mechanism=b"NULL", version=(3, 0)):
    """What both sides begin with, 64 bytes."""
    return SIGNATURE + bytes(version) + mechanism.ljust(20, b"\0") + bytes(32)


def frame(payload, kind=ENVELOPE, version=1, length=None, checksum=None):
    """A frame of this project around `payload`; any part may be wrong."""
    length = len(payload) if length is None else length
    checksum = xxhash.xxh3_64_intdigest(payload) if checksum is None else checksum
    return b"KF" + struct.pack("<BBIQ", version, kind, length, checksum) + payload


class Peer:
    """A connection that says what it likes."""

    def __init__(self, connected):
        self.socket = connected

    @classmethod
    def tcp(cls, port):
        return cls(socket.create_connection(("127.0.0.1", port), PATIENCE_S))

    @classmethod
    def ipc(cls, path):
        connected = socket.socket(socket.AF_UNIX)
        connected.settimeout(PATIENCE_S)
        connected.connect(str(path))
        return cls(connected)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def raw(self, data):
        """Sends bytes; it does not matter whether the other side has had enough."""
        try:
            self.socket.sendall(data)
        except OSError:
            return False
        return True

    def greet(self, socket_type=b"PUSH"):
        """The handshake of a peer without keys."""
        self.raw(greeting())
        self._take(64)
        ready = b"\x05READY\x0bSocket-Type" + struct.pack(">I", len(socket_type)) + socket_type
        self.raw(bytes([COMMAND, len(ready)]) + ready)
        self._take(2)
        return self

    def send(self, body, more=False):
        """A part of a message."""
        if len(body) < 256:
            return self.raw(bytes([MORE if more else 0, len(body)]) + body)
        return self.raw(struct.pack(">BQ", LONG | (MORE if more else 0), len(body)) + body)

    def ended(self):
        """Waits until the other side has closed the connection."""
        try:
            while self.socket.recv(65536):
                pass
        except ConnectionError:
            pass
        return True

    def _take(self, count):
        while count > 0:
            got = self.socket.recv(count)
            assert got, "the other side ended the handshake"
            count -= len(got)
