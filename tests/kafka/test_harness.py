"""The harness itself: a broker that survives what tests do to it, and a checker that can fail."""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid

import pytest
import xxhash
from confluent_kafka import KafkaException, Producer
from confluent_kafka.admin import AdminClient, ConfigResource

import wire
from broker import Broker, BrokerError
from reader import (
    HEADERS,
    Follower,
    Record,
    all_topics,
    check_release,
    digest,
    read_all,
    release_topic,
)

HERE = pathlib.Path(__file__).resolve().parent
DEADLINE_S = 60


@pytest.fixture(scope="module")
def broker():
    with Broker() as running:
        running.prepare_transactions()
        yield running


@pytest.fixture
def topic(broker):
    return new_topic(broker)


@pytest.fixture
def prefix(broker):
    name = f"p{uuid.uuid4().hex}"
    broker.create_topics(all_topics(name))
    return name


def new_topic(broker):
    name = f"t{uuid.uuid4().hex}"
    broker.create_topics([name])
    return name


def producer(broker, name=None):
    made = Producer(
        {
            "bootstrap.servers": broker.bootstrap,
            "transactional.id": name or uuid.uuid4().hex,
            "reconnect.backoff.max.ms": 500,
            "transaction.timeout.ms": 600_000,  # longer than a broker takes to come back
            "log_level": 2,
        }
    )
    made.init_transactions(DEADLINE_S)
    return made


def begin(broker, topic, keys, name=None):
    """A producer with an open transaction whose records have all reached the broker."""
    made = producer(broker, name)
    made.begin_transaction()
    for key in keys:
        made.produce(topic, key=key, value=b"{}")
    assert made.flush(DEADLINE_S) == 0
    return made


def commit(broker, topic, keys, name=None):
    begin(broker, topic, keys, name).commit_transaction(DEADLINE_S)


def abort(broker, topic, keys):
    begin(broker, topic, keys).abort_transaction(DEADLINE_S)


def keys_read(broker, topic, **options):
    return [record.key for record in read_all(broker.bootstrap, [topic], **options)]


# What a reader of committed data sees


def test_a_committed_transaction_is_read_in_order(broker, topic):
    keys = [str(number) for number in range(2000)]
    commit(broker, topic, keys)
    assert keys_read(broker, topic) == keys


def test_an_aborted_transaction_is_not_read(broker, topic):
    commit(broker, topic, ["a"])
    abort(broker, topic, ["b"])
    commit(broker, topic, ["c"])
    assert keys_read(broker, topic) == ["a", "c"]
    assert keys_read(broker, topic, isolation="read_uncommitted") == ["a", "b", "c"]


def test_markers_and_aborted_records_at_the_end_do_not_make_the_reader_wait(broker, topic):
    commit(broker, topic, ["a"])
    for _ in range(3):
        abort(broker, topic, ["b"])
    assert keys_read(broker, topic) == ["a"]


def test_a_topic_with_nothing_but_aborted_records_reads_as_empty(broker, topic):
    abort(broker, topic, ["a"])
    assert keys_read(broker, topic) == []


def test_an_empty_topic_reads_as_empty(broker, topic):
    assert keys_read(broker, topic) == []


def test_an_open_transaction_hides_itself_and_what_came_after(broker, topic):
    commit(broker, topic, ["before"])
    assert keys_read(broker, topic) == ["before"]
    waiting = begin(broker, topic, ["open"])
    commit(broker, topic, ["after"])
    assert keys_read(broker, topic, settle_s=0) == ["before"]
    waiting.commit_transaction(DEADLINE_S)
    assert keys_read(broker, topic) == ["before", "open", "after"]


def test_key_value_headers_and_time_of_a_record_are_read(broker, topic):
    made = producer(broker)
    made.begin_transaction()
    made.produce(topic, key="k", value=b"v\0\xff", headers={"h": "x"}, timestamp=1268611200000)
    made.produce(topic, key="k", value=None)
    made.commit_transaction(DEADLINE_S)
    first, second = read_all(broker.bootstrap, [topic])
    assert first == Record(topic, "k", b"v\0\xff", {"h": "x"}, 1268611200000, 0, 0)
    assert second.value is None


def test_a_missing_topic_is_named_and_not_created(broker):
    for _ in range(2):
        with pytest.raises(LookupError, match="nowhere"):
            read_all(broker.bootstrap, ["nowhere"])


def test_an_older_producer_with_the_same_id_is_fenced(broker, topic):
    zombie = begin(broker, topic, ["zombie"], name=topic)
    commit(broker, topic, ["successor"], name=topic)
    with pytest.raises(KafkaException, match="(?i)fenced|newer instance"):
        zombie.commit_transaction(DEADLINE_S)
    assert keys_read(broker, topic) == ["successor"]


# What the broker survives


def test_committed_data_survive_a_kill(broker, topic):
    address = broker.bootstrap
    commit(broker, topic, ["a", "b"])
    broker.kill()
    broker.start()
    assert broker.bootstrap == address
    assert keys_read(broker, topic) == ["a", "b"]


def test_a_transaction_open_during_a_kill_is_not_read_until_its_owner_decides(broker, topic):
    commit(broker, topic, ["before"])
    assert keys_read(broker, topic) == ["before"]
    lost = begin(broker, topic, ["lost"], name=topic)
    kept = begin(broker, topic, ["kept"])
    broker.kill()
    broker.start()
    assert keys_read(broker, topic, settle_s=1) == ["before"]
    kept.commit_transaction(DEADLINE_S)
    assert keys_read(broker, topic, settle_s=1) == ["before"]
    commit(broker, topic, ["again"], name=topic)
    assert keys_read(broker, topic) == ["before", "kept", "again"]
    del lost


def test_the_broker_stops_in_its_own_way_and_starts_again(broker, topic):
    commit(broker, topic, ["a"])
    broker.stop()
    assert broker.pid is None
    with pytest.raises(OSError):
        wire.brokers(address(broker), 1)
    broker.start()
    commit(broker, topic, ["b"])
    assert keys_read(broker, topic) == ["a", "b"]


def test_a_paused_broker_answers_nobody_until_it_goes_on(broker, topic):
    broker.pause()
    with pytest.raises(OSError):
        wire.brokers(address(broker), 1)
    broker.resume()
    commit(broker, topic, ["a"])
    assert keys_read(broker, topic) == ["a"]


def test_a_follower_reads_on_over_a_kill_and_sees_each_record_once(broker, topic):
    with Follower(broker.bootstrap, [topic]) as follower:
        commit(broker, topic, ["a"])
        follower.wait_for(lambda records: len(records) == 1)
        broker.kill()
        broker.start()
        abort(broker, topic, ["x"])
        commit(broker, topic, ["b"])
        abort(broker, topic, ["x"])
        assert [record.key for record in follower.catch_up()] == ["a", "b"]


def test_a_follower_finds_topics_that_come_later(broker):
    name = f"t{uuid.uuid4().hex}"
    with Follower(broker.bootstrap, [name]) as follower:
        assert follower.records == []
        broker.create_topics([name])
        commit(broker, name, ["a"])
        assert [record.key for record in follower.catch_up()] == ["a"]


def test_a_follower_reports_data_that_vanished(broker, topic):
    follower = Follower(broker.bootstrap, [topic])
    commit(broker, topic, [str(number) for number in range(100)])
    follower.catch_up()
    broker.stop()
    for segment in (broker.data / "log" / f"{topic}-0").glob("0*"):
        segment.unlink()
    broker.start()
    with pytest.raises(KafkaException, match="(?i)offset"):
        follower.wait_for(lambda records: len(records) > 100)
    with pytest.raises(KafkaException, match="(?i)offset"):
        follower.close()


def test_topics_are_compacted_unless_told_otherwise(broker, topic):
    deleted = f"t{uuid.uuid4().hex}"
    broker.create_topics([deleted], partitions=2, compacted=False, config={"segment.ms": "1000"})
    settings = topic_settings(broker, [topic, deleted])
    assert settings[topic]["cleanup.policy"] == "compact"
    assert settings[deleted]["cleanup.policy"] == "delete"
    assert settings[deleted]["segment.ms"] == "1000"
    with pytest.raises(wire.WireError, match="already exists"):
        broker.create_topics([topic])


def topic_settings(broker, topics):
    admin = AdminClient({"bootstrap.servers": broker.bootstrap})
    asked = admin.describe_configs(
        [ConfigResource(ConfigResource.Type.TOPIC, topic) for topic in topics]
    )
    return {
        resource.name: {name: entry.value for name, entry in future.result(DEADLINE_S).items()}
        for resource, future in asked.items()
    }


def address(broker):
    host, port = broker.bootstrap.split(":")
    return host, int(port)


def test_a_data_folder_is_kept_and_served_by_the_next_broker(tmp_path):
    with Broker(data=tmp_path) as first:
        first.create_topics(["kept"])
        commit(first, "kept", ["a"])
    with Broker(data=tmp_path) as second:
        assert keys_read(second, "kept") == ["a"]


def test_a_broker_that_cannot_start_shows_the_end_of_its_log():
    with pytest.raises(BrokerError, match="end of .*broker.log:\n(.*\n)*.*no.such.policy"):
        with Broker(settings={"log.cleanup.policy": "no.such.policy"}):
            pass


def test_a_port_in_use_is_refused():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BrokerError, match=f"port {port} cannot be had"):
            with Broker(port=port):
                pass


# From the shell


@pytest.fixture
def command(tmp_path):
    started = subprocess.Popen(
        [sys.executable, HERE / "broker.py", "run", "--topics", "one,two"],
        stdout=subprocess.PIPE,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    )
    yield started
    started.kill()
    started.communicate()


def test_the_command_prints_its_address_and_leaves_on_sigterm(command, tmp_path):
    bootstrap = command.stdout.readline().decode().strip()
    assert read_all(bootstrap, ["one", "two"]) == []
    command.send_signal(signal.SIGTERM)
    assert command.wait(DEADLINE_S) == 0
    assert_gone(bootstrap, tmp_path)


def test_neither_broker_nor_data_outlive_the_process_that_made_them(command, tmp_path):
    bootstrap = command.stdout.readline().decode().strip()
    assert list(tmp_path.iterdir())
    command.kill()
    command.wait()
    assert_gone(bootstrap, tmp_path)


def assert_gone(bootstrap, folder):
    host, port = bootstrap.split(":")
    deadline = time.monotonic() + DEADLINE_S
    while answers((host, int(port))) or list(folder.iterdir()):
        assert time.monotonic() < deadline, f"{bootstrap} still answers, or {folder} is not empty"
        time.sleep(0.05)


def answers(address):
    try:
        return bool(wire.brokers(address, 1))
    except OSError:
        return False


@pytest.mark.parametrize("missing, package", [("mvn", "maven"), ("java", "openjdk-17-jre")])
def test_fetch_names_the_debian_package_that_is_missing(tmp_path, missing, package):
    folder, programs = tmp_path / "tests" / "kafka", tmp_path / "bin"
    folder.mkdir(parents=True)
    programs.mkdir()
    for name in ("fetch", "pom.xml"):
        shutil.copy(HERE / name, folder)
    for name in {"bash", "dirname", "sha256sum", "cut", "mkdir", "java", "mvn"} - {missing}:
        os.symlink(shutil.which(name) or "/bin/false", programs / name)
    ran = subprocess.run(
        [folder / "fetch"], env={"PATH": str(programs)}, capture_output=True, text=True
    )
    assert ran.returncode == 1
    assert f"{missing} is missing" in ran.stderr and f"apt-get install {package}" in ran.stderr


# The checker can fail


def record(topic, key, value, offset=0):
    headers = {name: f"{topic}/{key}" for name in HEADERS}
    headers |= {"ce_specversion": "1.0", "ce_time": "2026-03-15T08:00:00Z"}
    headers["content-type"] = "application/json"
    return Record(topic, key, json.dumps(value).encode(), headers, 0, offset, 0)


def release(prefix="kostra", name="r1"):
    """A little release by hand, as a reader sees it: two topics with rows, then the manifest."""
    keys = {"need": ["a/2010/0301/total", "a/2010/0219/total"], "index": ["a/2010/0301/total"]}
    records, contents = [], []
    for short, found in keys.items():
        topic = f"{prefix}.{short}.v1"
        rows = [record(topic, key, {"release": name}, at) for at, key in enumerate(found)]
        records += rows
        contents.append(content(topic, rows))
    contents.append({"topic": f"{prefix}.statistics.v1", "digest": digest([])})
    manifest = {"release": name, "state": "RELEASE_STATE_COMMITTED", "topics": contents}
    return [*records, record(release_topic(prefix), name, manifest)]


def content(topic, rows):
    counted = digest((row.key, row.value) for row in rows)
    return {"topic": topic, "rows": str(len(rows)), "digest": counted}


def with_manifest(records, change):
    manifest = json.loads(records[-1].value)
    change(manifest)
    return [*records[:-1], records[-1]._replace(value=json.dumps(manifest).encode())]


def test_the_digest_is_the_sum_of_those_of_the_rows():
    assert digest([]) == "0" * 32
    once = bytes([1, 0, 0, 0, 0, 0, 0, 0]) + b"k" + bytes([2, 0, 0, 0, 0, 0, 0, 0]) + b"vv"
    assert digest([("k", b"vv")]) == xxhash.xxh3_128_hexdigest(once)
    none = xxhash.xxh3_128_intdigest(bytes(16))
    both = (xxhash.xxh3_128_intdigest(once) + none) % 2**128
    assert digest([("k", b"vv"), ("", b"")]) == digest([("", b""), ("k", b"vv")]) == f"{both:032x}"
    assert digest([("k", b"vv")] * 2) != digest([("k", b"vv")])


def test_a_whole_release_passes():
    assert check_release(release(), "kostra", "r1")["release"] == "r1"


def test_releases_beside_each_other_and_tombstones_pass():
    tombstone = record("kostra.need.v1", "gone", None, 9)._replace(value=None)
    both = release() + [r._replace(offset=r.offset + 2) for r in release(name="r2")] + [tombstone]
    check_release(both, "kostra", "r1")
    check_release(both, "kostra", "r2")


def test_a_row_count_may_be_a_number_too():
    records = with_manifest(release(), lambda m: m["topics"][0].update(rows=2))
    check_release(records, "kostra", "r1")


def without_row(records):
    return records[1:]


def row_twice(records):
    return [records[0], *records]


def row_twice_and_counted(records):
    rows = [records[0], records[1], records[0]._replace(offset=2)]
    counted = content(rows[0].topic, rows)
    return with_manifest([*rows, *records[2:]], lambda m: m["topics"][0].update(counted))


def other_value(records):
    return [records[0]._replace(value=b'{"release": "r1", "driver": 1}'), *records[1:]]


def other_key(records):
    return [records[0]._replace(key="b"), *records[1:]]


def wrong_digest(records):
    return with_manifest(records, lambda m: m["topics"][0].update(digest="0" * 32))


def no_digest(records):
    return with_manifest(records, lambda m: m["topics"][0].pop("digest"))


def wrong_count(records):
    return with_manifest(records, lambda m: m["topics"][2].update(rows="1"))


def topic_unnamed(records):
    return with_manifest(records, lambda m: m["topics"].pop(0))


def topic_named_twice(records):
    return with_manifest(records, lambda m: m["topics"].append(m["topics"][0]))


def row_of_no_release(records):
    return [*records, record("kostra.index.v1", "b", {"release": "r0"}, 7)]


def row_without_release(records):
    return [*records, record("kostra.index.v1", "b", {}, 7)]


def row_not_json(records):
    return [records[0]._replace(value=b"\x0a\x02r1"), *records[1:]]


def without_manifest(records):
    return records[:-1]


def manifest_twice(records):
    return [*records, records[-1]]


def manifest_of_other(records):
    return with_manifest(records, lambda m: m.update(release="r2"))


def header_missing(records):
    headers = {k: v for k, v in records[0].headers.items() if k != "ce_subject"}
    return [records[0]._replace(headers=headers), *records[1:]]


def header_missing_on_manifest(records):
    return [*records[:-1], records[-1]._replace(headers={})]


def time_not_a_time(records):
    return [records[0]._replace(headers=records[0].headers | {"ce_time": "today"}), *records[1:]]


def event_id_twice(records):
    return [records[0]._replace(headers=records[1].headers), *records[1:]]


@pytest.mark.parametrize(
    "spoil, complaint",
    [
        (without_row, "need.v1: 1 rows, 2 in the manifest"),
        (row_twice, "need.v1: 3 rows, 2 in the manifest"),
        (row_twice_and_counted, "1 keys more than once"),
        (other_value, "need.v1: digest"),
        (other_key, "need.v1: digest"),
        (wrong_digest, "need.v1: digest"),
        (no_digest, "need.v1: digest"),
        (wrong_count, "statistics.v1: 0 rows, 1 in the manifest"),
        (topic_unnamed, "does not name.*need.v1"),
        (topic_named_twice, "names a topic twice"),
        (row_of_no_release, "release r0, which has no manifest"),
        (row_without_release, "release None, which has no manifest"),
        (row_not_json, "no JSON object"),
        (without_manifest, "0 manifests"),
        (manifest_twice, "2 manifests"),
        (manifest_of_other, "names release r2"),
        (header_missing, "without headers .*ce_subject"),
        (header_missing_on_manifest, "release.v1 r1: without headers"),
        (time_not_a_time, "not RFC 3339"),
        (event_id_twice, "1 events with one source and id"),
    ],
)
def test_a_spoiled_release_fails(spoil, complaint):
    with pytest.raises(AssertionError, match=complaint):
        check_release(spoil(release()), "kostra", "r1")


def test_a_release_on_several_partitions_passes_in_any_order_and_is_checked_all_the_same():
    records = release()
    records[:2] = [records[1]._replace(partition=1, offset=0), records[0]]
    check_release(records, "kostra", "r1")
    with pytest.raises(AssertionError, match="need.v1: digest"):
        check_release(other_value(records), "kostra", "r1")


# Both together


def publish(broker, records):
    """Writes records in one transaction that is still open afterwards."""
    made = producer(broker)
    made.begin_transaction()
    for r in records:
        made.produce(r.topic, key=r.key, value=r.value, headers=r.headers)
    assert made.flush(DEADLINE_S) == 0
    return made


def test_a_release_is_seen_when_committed_and_not_before(broker, prefix):
    open_one = publish(broker, release(prefix, "r1"))
    with Follower(broker.bootstrap, all_topics(prefix)) as follower:
        assert read_all(broker.bootstrap, all_topics(prefix), settle_s=0) == []
        assert follower.catch_up(settle_s=0) == []
        open_one.commit_transaction(DEADLINE_S)
        check_release(read_all(broker.bootstrap, all_topics(prefix)), prefix, "r1")
        check_release(follower.wait_for_release(prefix, "r1"), prefix, "r1")


def test_a_release_published_twice_or_in_part_fails_through_the_broker(broker, prefix):
    publish(broker, release(prefix, "r1")).commit_transaction(DEADLINE_S)
    publish(broker, release(prefix, "r1")).abort_transaction(DEADLINE_S)
    check_release(read_all(broker.bootstrap, all_topics(prefix)), prefix, "r1")
    publish(broker, release(prefix, "r2")[:-1]).commit_transaction(DEADLINE_S)
    with pytest.raises(AssertionError, match="release r2, which has no manifest"):
        check_release(read_all(broker.bootstrap, all_topics(prefix)), prefix, "r1")
    publish(broker, release(prefix, "r1")).commit_transaction(DEADLINE_S)
    with pytest.raises(AssertionError, match="2 manifests"):
        check_release(read_all(broker.bootstrap, all_topics(prefix)), prefix, "r1")
