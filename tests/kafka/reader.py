"""What a `read_committed` consumer sees on Kafka, and whether that is a whole release.

    records = read_all(broker.bootstrap, all_topics("kostra"))
    manifest = check_release(records, "kostra", release_id)

`Follower` reads along in the background while a test does its harm.
"""

import collections
import contextlib
import datetime
import json
import struct
import threading
import time
from typing import NamedTuple

import confluent_kafka
import xxhash
from confluent_kafka import OFFSET_BEGINNING, KafkaError, KafkaException, TopicPartition

DATA_NAMES = ("need", "indicator", "index", "efficiency", "statistics", "rejected")
HEADERS = (
    "ce_specversion",
    "ce_type",
    "ce_source",
    "ce_id",
    "ce_time",
    "ce_subject",
    "content-type",
)
ASK_TIMEOUT_S = 20
LOOK_TIMEOUT_S = 2
BATCH_MAX = 5000
POLL_S = 0.1
SHOWN_MAX = 5
READ_ALL = "read_uncommitted"
LEADERLESS = (KafkaError.NOT_LEADER_FOR_PARTITION, KafkaError.LEADER_NOT_AVAILABLE)


class Record(NamedTuple):
    """A record as read. `value` is None for a tombstone; `timestamp` is in milliseconds."""

    topic: str
    key: str
    value: bytes | None
    headers: dict
    timestamp: int
    offset: int
    partition: int


def all_topics(prefix):
    """Every topic of kostraflow under `prefix`: the data, then the releases."""
    return [*data_topics(prefix), release_topic(prefix)]


def data_topics(prefix):
    return [f"{prefix}.{name}.v1" for name in DATA_NAMES]


def release_topic(prefix):
    return f"{prefix}.release.v1"


# Reading


def read_all(bootstrap, topics, timeout_s=60, settle_s=10, isolation="read_committed"):
    """Records of all partitions from the beginning to the last stable offset at this moment.

    By partition in the order written, topics in the order given. A transaction may be reported as
    committed while its markers are still on their way, and stays hidden until they arrive: so for
    `settle_s` at most the call waits while transactions are open. 0 where one is known to be.
    Raises TimeoutError, LookupError for a topic that is missing, KafkaException.
    """
    deadline = time.monotonic() + timeout_s
    ends = topic_ends(bootstrap, topics, settle_s, isolation)
    found = {partition: [] for partition in ends}
    open_ends = {partition: end for partition, end in ends.items() if end > 0}
    with _consumer(bootstrap, isolation) as consumer:
        consumer.assign([TopicPartition(*where, OFFSET_BEGINNING) for where in open_ends])
        while open_ends:
            for where, position, record in _take(consumer):
                if where in open_ends and record and record.offset < open_ends[where]:
                    found[where].append(record)
                if position >= open_ends.get(where, position + 1):
                    del open_ends[where]
            if open_ends and time.monotonic() > deadline:
                raise TimeoutError(f"not read within {timeout_s} s: {open_ends}")
    return [record for where in found for record in found[where]]


class Follower:
    """Reads along in a thread of its own from the beginning, over any outage of the broker.

    `records` are all it has seen, in the order seen: by partition the order written, between
    partitions chance. Topics that do not exist yet are looked for until they do. Offsets that go
    backwards or out of range are failures, found by `records`, `wait_for`, `catch_up` and `close`.
    """

    def __init__(self, bootstrap, topics, isolation="read_committed"):
        self._bootstrap, self._isolation = bootstrap, isolation
        self._topics = list(topics)
        self._assigned = set()
        self._records, self._positions, self._failure = [], {}, None
        self._changed = threading.Condition()
        self._leave = threading.Event()
        self._thread = threading.Thread(target=self._run, name="follower", daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @property
    def records(self):
        with self._changed:
            self._raise_failure()
            return list(self._records)

    def wait_for(self, wanted, timeout_s=60):
        """Waits until `wanted(records)` is true and returns the records. Raises TimeoutError."""

        def ready():
            self._raise_failure()
            return wanted(self._records)

        with self._changed:
            if not self._changed.wait_for(ready, timeout_s):
                raise TimeoutError(f"not seen within {timeout_s} s; {len(self._records)} records")
            return list(self._records)

    def wait_for_release(self, prefix, release_id, timeout_s=60):
        """Waits until the manifest of a release is seen, then for all that came with it."""
        topic, start = release_topic(prefix), time.monotonic()
        self.wait_for(
            lambda records: any(r.topic == topic and r.key == release_id for r in records),
            timeout_s,
        )
        return self.catch_up(max(1, start + timeout_s - time.monotonic()))

    def catch_up(self, timeout_s=60, settle_s=10):
        """Waits for all that was committed before the call; `settle_s` as in `read_all`."""
        ends = topic_ends(self._bootstrap, self._topics, settle_s, self._isolation)
        return self.wait_for(
            lambda _: all(self._positions.get(where, 0) >= end for where, end in ends.items()),
            timeout_s,
        )

    def close(self):
        """Stops reading. Raises what went wrong on the way."""
        self._leave.set()
        self._thread.join()
        self._raise_failure()

    def _raise_failure(self):
        if self._failure:
            raise self._failure

    def _run(self):
        try:
            with _consumer(self._bootstrap, self._isolation) as consumer:
                while not self._leave.is_set():
                    self._assign_new(consumer)
                    self._note(_take(consumer, patient=True))
        except Exception as failure:  # handed to whoever asks next
            with self._changed:
                self._failure = failure
                self._changed.notify_all()

    def _assign_new(self, consumer):
        if {topic for topic, _ in self._assigned} >= set(self._topics):
            return
        try:
            known = consumer.list_topics(timeout=LOOK_TIMEOUT_S).topics
        except KafkaException:
            return
        found = {(t, p) for t in self._topics if t in known for p in known[t].partitions}
        if new := found - self._assigned:
            consumer.incremental_assign([TopicPartition(*where, OFFSET_BEGINNING) for where in new])
            self._assigned |= new

    def _note(self, taken):
        with self._changed:
            for where, position, record in taken:
                if position < self._positions.get(where, 0):
                    raise AssertionError(f"{where} went back to {position}")
                self._positions[where] = position
                if record:
                    self._records.append(record)
            self._changed.notify_all()


@contextlib.contextmanager
def _consumer(bootstrap, isolation):
    """Reads by assignment only; its group is never joined and nothing is committed.

    For one thread alone: calls from two at a time block each other for ever.
    """
    consumer = confluent_kafka.Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": "kostraflow-tests",
            "isolation.level": isolation,
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "auto.offset.reset": "error",
            "fetch.wait.max.ms": 20,
            "fetch.error.backoff.ms": 50,
            "reconnect.backoff.max.ms": 500,
            "topic.metadata.refresh.interval.ms": 5000,
            "log_level": 2,
        }
    )
    try:
        yield consumer
    finally:
        consumer.close()


def topic_ends(bootstrap, topics, settle_s, isolation):
    """{(topic, partition): where it ends now}: before the first open transaction when committed.

    Waits up to `settle_s` for all to be closed.
    """
    deadline = time.monotonic() + settle_s
    with _consumer(bootstrap, isolation) as stable, _consumer(bootstrap, READ_ALL) as written:
        partitions = _partitions(stable, topics)
        while True:
            ends = _watermarks(stable, partitions)
            if time.monotonic() >= deadline or ends == _watermarks(written, partitions):
                return ends
            time.sleep(POLL_S)


def _partitions(consumer, topics):
    """(topic, partition) of each partition of `topics`, which must exist."""
    known = consumer.list_topics(timeout=ASK_TIMEOUT_S).topics
    if missing := [topic for topic in topics if topic not in known]:
        raise LookupError(f"no such topic: {', '.join(missing)}")
    return [(topic, partition) for topic in topics for partition in known[topic].partitions]


def _watermarks(consumer, partitions):
    return {where: _watermark(consumer, TopicPartition(*where)) for where in partitions}


def _watermark(consumer, partition):
    """Asks again while a broker that has just returned does not lead the partition yet."""
    deadline = time.monotonic() + ASK_TIMEOUT_S
    while True:
        try:
            return consumer.get_watermark_offsets(partition, ASK_TIMEOUT_S)[1]
        except KafkaException as error:
            if error.args[0].code() not in LEADERLESS or time.monotonic() > deadline:
                raise
        time.sleep(POLL_S)


def _take(consumer, patient=False):
    """[((topic, partition), position after it, record or None at the end)] of the next batch.

    Positions count what is not delivered too: aborted records and transaction markers, over
    which only the end-of-partition event leads when they come last. A `patient` reader lives
    through everything that may heal, the other only through a lost connection.
    """
    return [_taken(m) for m in consumer.consume(BATCH_MAX, POLL_S) if not _heals(m, patient)]


def _heals(message, patient):
    error = message.error()
    if not error or error.code() == KafkaError._PARTITION_EOF:
        return False
    lost = error.code() in (KafkaError._TRANSPORT, KafkaError._ALL_BROKERS_DOWN)
    if lost or (patient and not error.fatal() and error.code() != KafkaError._AUTO_OFFSET_RESET):
        return True
    raise KafkaException(error)


def _taken(message):
    where = message.topic(), message.partition()
    if message.error():
        return where, message.offset(), None
    headers = {name: (value or b"").decode() for name, value in message.headers() or []}
    key = (message.key() or b"").decode()
    timestamp, offset = message.timestamp()[1], message.offset()
    record = Record(where[0], key, message.value(), headers, timestamp, offset, where[1])
    return where, offset + 1, record


# Checking


def digest(rows):
    """The sum modulo 2^128 of the XXH3-128 of (key, value) pairs, whatever their order."""
    return f"{sum(_row_digest(key, value) for key, value in rows) % 2**128:032x}"


def _row_digest(key, value):
    key = key.encode() if isinstance(key, str) else key
    row = b"".join(struct.pack("<Q", len(part)) + part for part in (key, value))
    return xxhash.xxh3_128_intdigest(row)


def manifests(records, prefix):
    """[(release id, manifest)] on the release topic in the order read."""
    topic = release_topic(prefix)
    return [(r.key, _json(r)) for r in records if r.topic == topic and r.value is not None]


def latest(records):
    """{(topic, key): record} of the newest record of every key; those withdrawn are left out.

    What a consumer has that keeps the newest value of each key, compacted topics or not. Of a key
    all records are in one partition, in their order.
    """
    state = {}
    for record in records:
        if record.value is None:
            state.pop((record.topic, record.key), None)
        else:
            state[record.topic, record.key] = record
    return state


def check_withdrawn(records, prefix, release_id):
    """Asserts that the keys the release withdrew are as many as its manifest says; returns them.

    By (topic, key). A key that the release withdrew and wrote, or withdrew twice, is a fault.
    """
    (manifest,) = [m for key, m in manifests(records, prefix) if key == release_id]
    ours = [r for r in records if r.headers.get("ce_id", "").startswith(f"{release_id}/")]
    ours = [r for r in ours if r.topic != release_topic(prefix)]
    gone = collections.Counter((r.topic, r.key) for r in ours if r.value is None)
    twice = [where for where, count in gone.items() if count > 1]
    assert not twice, f"withdrawn more than once: {twice[:SHOWN_MAX]}"
    both = set(gone) & {(r.topic, r.key) for r in ours if r.value is not None}
    assert not both, f"written and withdrawn by one release: {sorted(both)[:SHOWN_MAX]}"
    told = {c["topic"]: int(c.get("withdrawn", 0)) for c in manifest.get("topics", [])}
    found = collections.Counter(topic for topic, _ in gone)
    for topic in set(told) | set(found):
        assert found[topic] == told.get(topic, 0), (
            f"{topic}: {found[topic]} keys withdrawn, {told.get(topic, 0)} in the manifest"
        )
    _check_headers([r for r in ours if r.value is None])
    return set(gone)


def check_release(records, prefix, release_id):
    """Asserts that `records` hold the release whole and once; returns its manifest.

    `records` are all of `all_topics(prefix)`, and of more topics of data if there are. Tombstones
    belong to no release and count nowhere.
    Rows of a release that has no manifest at all are a fault too, whosever they are.
    """
    by_release = collections.defaultdict(list)
    for key, manifest in manifests(records, prefix):
        by_release[key].append(manifest)
    count = len(by_release[release_id])
    assert count == 1, f"{count} manifests of release {release_id}"
    (manifest,) = by_release.pop(release_id)
    named = manifest.get("release")
    assert named == release_id, f"the manifest with key {release_id} names release {named}"
    rows = _rows(records, prefix, {release_id, *by_release})
    of_release = {topic: found for (topic, release), found in rows.items() if release == release_id}
    _check_contents(manifest, of_release)
    _check_panels(manifest, of_release)
    for topic, found in of_release.items():
        _check_keys(topic, found)
    _check_headers([r for r in records if r.topic == release_topic(prefix) and r.key == release_id])
    _check_headers([record for found in of_release.values() for record in found])
    return manifest


def _rows(records, prefix, known):
    """{(topic, release): records} of the topics read; each release must be one of `known`."""
    rows = collections.defaultdict(list)
    for record in records:
        if record.topic != release_topic(prefix) and record.value is not None:
            rows[record.topic, _json(record).get("release")].append(record)
    for topic, release in rows:
        assert release in known, (
            f"{len(rows[topic, release])} rows on {topic} belong to release {release}, "
            f"which has no manifest; first: {rows[topic, release][0]}"
        )
    return rows


def _check_contents(manifest, rows):
    contents = {content["topic"]: content for content in manifest.get("topics", [])}
    assert len(contents) == len(manifest.get("topics", [])), "the manifest names a topic twice"
    unnamed = set(rows) - set(contents)
    assert not unnamed, f"rows on topics that the manifest does not name: {sorted(unnamed)}"
    for topic, content in contents.items():
        found = rows.get(topic, [])
        told = int(content.get("rows", 0))  # a string in proto3 JSON, absent when 0
        assert len(found) == told, f"{topic}: {len(found)} rows, {told} in the manifest"
        _check_digest(topic, content.get("digest"), found)


def _check_panels(manifest, rows):
    """What the manifest says of each panel by itself; all of them together are the release."""
    if not any(panel.get("topics") for panel in manifest.get("panels", [])):
        return  # of an older version
    found = collections.defaultdict(lambda: collections.defaultdict(list))
    for topic, records in rows.items():
        for record in records if not topic.endswith(".rejected.v1") else []:
            found["/".join(record.key.split("/")[:2])][topic].append(record)
    for panel in manifest["panels"]:
        name = f"{panel.get('edition')}/{panel.get('year')}"
        _check_contents(panel, {} if panel.get("rejected") else found.pop(name, {}))
    assert not found, f"rows of panels that the manifest does not name: {sorted(found)}"


def _check_digest(topic, told, rows):
    found = digest((row.key, row.value) for row in rows)
    assert found == told, f"{topic}: digest {found}, {told} in the manifest"


def _check_keys(topic, rows):
    counts = collections.Counter(row.key for row in rows)
    twice = [key for key, count in counts.items() if count > 1]
    assert not twice, f"{topic}: {len(twice)} keys more than once: {twice[:SHOWN_MAX]}"
    assert "" not in counts, f"{topic}: a row without a key"


def _check_headers(records):
    for record in records:
        where = f"{record.topic} {record.key}"
        missing = [name for name in HEADERS if not record.headers.get(name)]
        assert not missing, f"{where}: without headers {missing}"
        version = record.headers["ce_specversion"]
        assert version == "1.0", f"{where}: CloudEvents {version}"
        _check_time(where, record.headers["ce_time"])
    events = collections.Counter((r.headers["ce_source"], r.headers["ce_id"]) for r in records)
    twice = [event for event, count in events.items() if count > 1]
    assert not twice, f"{len(twice)} events with one source and id: {twice[:SHOWN_MAX]}"


def _check_time(where, text):
    try:
        zone = datetime.datetime.fromisoformat(text).tzinfo
    except ValueError:
        zone = None
    assert zone, f"{where}: ce_time {text} is not RFC 3339"


def _json(record):
    try:
        value = json.loads(record.value)
        assert isinstance(value, dict)
        return value
    except (ValueError, AssertionError):
        where = f"{record.topic} {record.key}"
        raise AssertionError(f"{where}: no JSON object: {record.value[:200]}") from None
