"""A TCP proxy that does what networks do: delays, stalls, resets, refuses, loses an answer.

    with Proxy(kafka=True) as proxy, Broker(advertise=proxy.address) as broker:
        proxy.upstream = broker.behind
        ... a client of proxy.address, and readers of broker.bootstrap that are left in peace ...
        lost = proxy.on(END_TXN, do="cut")  # the broker has done it, nobody hears of it
        ... lost.hit.wait(60) ...

Without `kafka` it forwards any bytes, ZeroMQ's for example; rules need it, because they know
requests and their answers. Standard library only. One thread; calls from any other.
"""

import asyncio
import contextlib
import socket
import struct
import sys
import threading
import time

from broker import HOST, free_port

PRODUCE, FETCH, LIST_OFFSETS, METADATA = 0, 1, 2, 3
FIND_COORDINATOR, INIT_PRODUCER_ID, ADD_PARTITIONS, END_TXN = 10, 22, 24, 26

WAYS = ("up", "down")  # to the server, to the client
CHUNK = 1 << 16
QUEUE_MAX = 256
CALL_S = 60
HEADER = struct.Struct(">ihhi")  # size, api, version, correlation id
FLEXIBLE_END_TXN = 3
RESET = struct.pack("ii", 1, 0)  # linger for no time: a reset instead of an orderly end


class Rule:
    """What is to happen to some requests. `hit` is set once it has, `times` says how often.

    `kept` are the whole requests that a rule with do="keep" has kept.
    """

    def __init__(self, api, which, at, do, wanted):
        self.api, self.at, self.do = api, at, do
        self._which, self._wanted = which, wanted or (lambda _: True)
        self._seen = 0
        self.times = 0
        self.kept = []
        self.hit = threading.Event()

    def meets(self, api, frame):
        """Counts a request and says whether it is one of those meant."""
        if api != self.api or not self._wanted(frame):
            return False
        self._seen += 1
        return self._seen in self._which

    def note(self):
        self.times += 1
        self.hit.set()

    def call(self):
        """What it does may end the very connection that waits for it, and must be noted still."""
        try:
            return self.do()
        finally:
            self.note()


def is_commit(frame):
    """Whether an EndTxn commits; else it aborts."""
    version = HEADER.unpack_from(frame)[2]
    return frame[-2 if version >= FLEXIBLE_END_TXN else -1] == 1


def names(transactional_id):
    """A condition for `Proxy.on`: the request names this transactional id."""
    return lambda frame: transactional_id.encode() in frame


class Proxy:
    """A proxy on a port of its own, the same for its life. Forwards to `upstream`, (host, port)."""

    def __init__(self, upstream=None, kafka=False):
        self.upstream, self.kafka = upstream, kafka
        self.requests = []  # (api, correlation id) of all that came from clients
        self.connections = 0  # accepted so far
        with contextlib.ExitStack() as held:
            self.port = free_port(held)
        self.rules = []
        self._links, self._server = set(), None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)
        self._thread.start()
        self._call(self._prepare())
        self.accept()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @property
    def address(self):
        """Where clients go, `127.0.0.1:port`."""
        return f"{HOST}:{self.port}"

    def delay(self, up=0.0, down=0.0):
        """From now on all bytes travel so many seconds longer, in order, as many as before."""
        self.delays = {"up": up, "down": down}

    def stall(self, up=True, down=True):
        """Nothing arrives that way any more until `flow`; then all does, as with TCP."""
        self._call(self._set_stalled({"up": up, "down": down}))

    def flow(self):
        """Ends a stall."""
        self.stall(False, False)

    def cut(self):
        """Resets every connection, on both sides. New ones are taken."""
        self._call(self._cut_all())

    def cut_after(self, count, way="up"):
        """Resets the connection that carries the byte after the next `count` that way."""
        self.left[way] = count

    def refuse(self):
        """Refuses new connections; `cut` ends those there are."""
        self._call(self._set_open(False))

    def vanish(self):
        """As if nobody were there: cuts and refuses. For rules, too."""
        self.refuse()
        self.cut()

    def accept(self):
        """Takes new connections again."""
        self._call(self._set_open(True))

    def on(self, api, nth=1, count=1, at="answer", do="drop", wanted=None):
        """Makes a rule for the `nth` request of that kind from now on and the `count` - 1 after it.

        `count` 0: all that follow. `wanted(frame)`: only requests of which this is true are
        counted. `at`: when the "request" comes, or its "answer", the work being done. `do`:

        drop    it gets lost; what follows arrives
        0.5     it and what follows on this connection take so many seconds longer
        cut     the connection is reset instead
        keep    (request) the connection is reset, and `deliver` brings the request later
        twice   (request) the server gets it twice, the client one answer
        f       is called; then it goes on, or is dropped when f() is true
        """
        which = range(nth, nth + (count or sys.maxsize))
        rule = Rule(api, which, at, do, wanted)
        self.rules.append(rule)
        return rule

    def deliver(self, frame):
        """Brings a request that was kept, over a connection of its own; returns the answer."""
        with socket.create_connection(self.upstream, CALL_S) as connection:
            connection.sendall(frame)
            with connection.makefile("rb") as answer:
                (size,) = struct.unpack(">i", answer.read(4))
                return answer.read(size)

    def calm(self):
        """No rule, no delay, no stall, nothing refused."""
        self.rules.clear()
        self.delay()
        self.left = dict.fromkeys(WAYS)
        self.flow()
        self.accept()

    def close(self):
        self.refuse()
        self.cut()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    # All below runs on the proxy's thread.

    def _call(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(CALL_S)

    async def _prepare(self):
        self.left = dict.fromkeys(WAYS)
        self.delays = dict.fromkeys(WAYS, 0.0)
        self.flowing = {way: asyncio.Event() for way in WAYS}
        for event in self.flowing.values():
            event.set()

    async def _set_stalled(self, stalled):
        for way in WAYS:
            self.flowing[way].clear() if stalled[way] else self.flowing[way].set()

    async def _set_open(self, wanted):
        if wanted and not self._server:
            self._server = await asyncio.start_server(self._take, HOST, self.port)
        elif not wanted and self._server:
            self._server.close()
            self._server = None

    async def _cut_all(self):
        links = list(self._links)
        for link in links:
            link.reset()
        waiting = (link.done.wait() for link in links)
        with contextlib.suppress(TimeoutError):  # one of them may be waiting for our caller
            await asyncio.wait_for(asyncio.gather(*waiting), 1)

    async def _take(self, reader, writer):
        self.connections += 1
        link = _Link(self, writer)
        self._links.add(link)
        try:
            await link.run(reader, writer)
        finally:
            self._links.discard(link)


class _Link:
    """One connection of a client and its counterpart to the server."""

    def __init__(self, proxy, writer):
        self._proxy = proxy
        self._writers = [writer]
        self._tasks = []
        self._expected = {}  # correlation id -> rule for the answer, or None
        self._surplus = []  # correlation ids of answers too many
        self.done = asyncio.Event()

    async def run(self, reader, writer):
        try:
            with contextlib.suppress(OSError, asyncio.CancelledError):
                server, to_server = await asyncio.open_connection(*self._proxy.upstream)
                self._writers.append(to_server)
                pumps = [self._pump("up", reader, to_server), self._pump("down", server, writer)]
                self._tasks = [asyncio.ensure_future(task) for pump in pumps for task in pump]
                await asyncio.gather(*self._tasks)
                for end in self._writers:
                    end.close()
                    await end.wait_closed()
        finally:
            self.reset()
            self.done.set()

    def reset(self):
        """Ends both connections with a reset, unless they have ended in order."""
        for writer in self._writers:
            raw = writer.get_extra_info("socket")
            if not writer.is_closing() and raw is not None:
                with contextlib.suppress(OSError):
                    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            writer.transport.abort()
        for task in self._tasks:
            task.cancel()

    def _pump(self, way, reader, writer):
        queue = asyncio.Queue(QUEUE_MAX)
        return self._read(way, reader, queue), self._send(way, queue, writer)

    async def _read(self, way, reader, queue):
        pieces = self._frames if self._proxy.kafka else self._chunks
        async for piece in pieces(way, reader):
            await queue.put((time.monotonic() + self._proxy.delays[way], piece))
        await queue.put((0, b""))

    async def _chunks(self, _, reader):
        while data := await reader.read(CHUNK):
            yield data

    async def _frames(self, way, reader):
        judge = self._judge_request if way == "up" else self._judge_answer
        with contextlib.suppress(asyncio.IncompleteReadError):
            while True:
                head = await reader.readexactly(4)
                frame = head + await reader.readexactly(struct.unpack(">i", head)[0])
                for piece in await judge(frame):
                    yield piece

    async def _judge_request(self, frame):
        _, api, _, correlation = HEADER.unpack_from(frame)
        self._proxy.requests.append((api, correlation))
        hits = [rule for rule in self._proxy.rules if rule.meets(api, frame)]
        rule = hits[0] if hits else None
        late = rule is not None and rule.at == "answer"
        self._expected[correlation] = rule if late else None
        return [frame] if late or not rule else await self._apply(rule, frame, correlation)

    async def _judge_answer(self, frame):
        correlation = struct.unpack_from(">i", frame, 4)[0]
        if correlation not in self._expected and correlation in self._surplus:
            self._surplus.remove(correlation)
            return []
        rule = self._expected.pop(correlation, None)
        return await self._apply(rule, frame, correlation) if rule else [frame]

    async def _apply(self, rule, frame, correlation):
        """The frames that go on in place of `frame`."""
        keeps = [frame]
        if isinstance(rule.do, (int, float)):
            rule.note()
            await asyncio.sleep(rule.do)
            return keeps
        if rule.do == "drop":
            keeps = []
        elif rule.do == "twice":
            self._surplus.append(correlation)
            keeps = [frame, frame]
        elif rule.do in ("cut", "keep"):
            rule.kept += [frame] if rule.do == "keep" else []
            self.reset()
            keeps = []
        elif callable(rule.do):
            lost = await asyncio.get_running_loop().run_in_executor(None, rule.call)
            return [] if lost else keeps
        rule.note()
        return keeps

    async def _send(self, way, queue, writer):
        while True:
            due, piece = await queue.get()
            if (wait := due - time.monotonic()) > 0:
                await asyncio.sleep(wait)
            await self._proxy.flowing[way].wait()
            if not piece:
                break
            await self._write(way, piece, writer)
        writer.write_eof()

    async def _write(self, way, piece, writer):
        left = self._proxy.left[way]
        if left is not None:
            writer.write(piece[:left])
            self._proxy.left[way] = left - len(piece) if len(piece) <= left else None
            if len(piece) > left:
                await self._flushed(writer)
                self.reset()
                return
        else:
            writer.write(piece)
        await writer.drain()

    @staticmethod
    async def _flushed(writer):
        """So that what came before a cut does arrive."""
        while writer.transport.get_write_buffer_size() > 0:
            await asyncio.sleep(0.001)
