"""The board's store on a real Kafka: it shows whole releases only, whatever is done to it, and one
that is read anew equals the one that ran along."""

import json
import os
import pathlib
import signal
import subprocess
import sys

import confluent_kafka
import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "kafka"))

import small  # noqa: E402  pylint: disable=wrong-import-position
from broker import Broker  # noqa: E402  pylint: disable=wrong-import-position
from line import Line, binaries, wait_until  # noqa: E402  pylint: disable=wrong-import-position
from reader import (  # noqa: E402  pylint: disable=wrong-import-position
    all_topics,
    latest,
    manifests,
    read_all,
    release_topic,
)

WAIT_S = 90
# The cleaner runs at once, on everything that is not in the last segment.
CLEANED = {"segment.ms": "200", "min.cleanable.dirty.ratio": "0.0001", "delete.retention.ms": "0"}
RESULTS = tuple(f"{kind}.v1" for kind in small.TOPICS)


@pytest.fixture(scope="module")
def broker():
    """A Kafka whose cleaner does not wait."""
    with Broker(settings={"log.cleaner.backoff.ms": "100"}) as running:
        running.prepare_transactions()
        yield running


class Store:
    """A store in a file of its own, and who reads the topics into it."""

    def __init__(self, bootstrap, prefix, path):
        self.path = path
        self._program = binaries().parent / "test-bin" / "kf-board-follow"
        self._arguments = [bootstrap, prefix, str(path)]
        self._process = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    def follow(self, crash_at=None):
        """Reads along until it is killed, or by itself at a crash point."""
        environment = os.environ | ({"KF_CRASH_AT": crash_at} if crash_at else {})
        self._process = subprocess.Popen(
            [self._program, *self._arguments, "follow"], stdout=subprocess.DEVNULL, env=environment
        )
        return self

    def wait_killed(self):
        assert self._process.wait(WAIT_S) == -signal.SIGKILL

    def kill(self):
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def read_on(self):
        """Kills whoever reads along, reads to the end, and returns the state."""
        self.kill()
        return self._run(self._arguments)

    def _run(self, arguments):
        ran = subprocess.run(
            [self._program, *arguments], capture_output=True, text=True, timeout=WAIT_S, check=False
        )
        assert ran.returncode == 0, ran.stderr
        return State([json.loads(line) for line in ran.stdout.splitlines()])


class State:
    """What a store says of itself."""

    def __init__(self, lines):
        self.shown = {line["shown"]: line for line in lines if "shown" in line}
        self.panels = {(line["release"], line["panel"]): line for line in lines if "panel" in line}
        self.incomplete = [line for line in lines if "incomplete" in line]
        (self.totals,) = [line for line in lines if "digest" in line]

    @property
    def digest(self):
        return self.totals["digest"]

    def releases(self):
        """{edition/year: release that is shown}."""
        return {name: line["release"] for name, line in self.shown.items()}


class Figures:
    """A pipeline that publishes whatever figures it is given, on topics of its own."""

    def __init__(self, work, broker, prefix, partitions=1, config=None, encoding="json"):
        self.broker, self.prefix = broker, prefix
        broker.create_topics(all_topics(prefix), partitions, config=config)
        options = {"ingest": ["--hold", "off"], "publish": ["--encoding", encoding]}
        folder = small.edition(work / "editions")
        self._line = Line(work / "line", broker.bootstrap, prefix, folder, options)
        self._known = set()

    def __enter__(self):
        self._line.start()
        return self

    def __exit__(self, *_):
        self._line.__exit__()

    def publish(self, text):
        """Publishes a release and returns its id."""
        name = f"{len(self._known) + 1}.csv"
        self._line.drop(name=name, text=text)
        wait_until(lambda: self._keys() - self._known, f"the release of {name}", WAIT_S)
        (fresh,) = self._keys() - self._known
        self._known.add(fresh)
        return fresh

    def _keys(self):
        return {r.key for r in read_all(self.broker.bootstrap, [release_topic(self.prefix)])}

    def read(self):
        return read_all(self.broker.bootstrap, all_topics(self.prefix))


@pytest.fixture
def prefix(request):
    return f"b{abs(hash(request.node.name)) % 10**10}"


def rows_on_topics(records):
    """{edition/year: rows} of what a consumer of compacted topics has in the end."""
    found = {}
    for (topic, key), _ in latest(records).items():
        if topic.endswith(RESULTS):
            name = "/".join(key.split("/")[:2])
            found[name] = found.get(name, 0) + 1
    return found


def rows_shown(state):
    return {name: sum(line["rows"].values()) for name, line in state.shown.items()}


NOBODY = small.figures(years=(2019,)).replace("krets_timer,", "krets_timer,-")


@pytest.mark.parametrize("encoding, partitions", [("json", 1), ("protobuf", 3)])
def test_a_store_read_anew_equals_the_one_that_ran_along(
    tmp_path, broker, prefix, encoding, partitions
):
    with (
        Figures(tmp_path, broker, prefix, partitions, encoding=encoding) as figures,
        Store(broker.bootstrap, prefix, tmp_path / "along.db").follow() as along,
    ):
        first = figures.publish(small.figures(years=(2018, 2019)))
        second = figures.publish(small.figures(small.without("1141"), years=(2019,)))
        refused = figures.publish(NOBODY)
        state = along.read_on()
        assert state.releases() == {"krets/2018": first, "krets/2019": second}
        assert state.incomplete == []
        (letter,) = [line for (release, _), line in state.panels.items() if release == refused]
        assert letter["state"] == "rejected" and letter["reason"]
        assert state.panels[first, "krets/2019"]["state"] == "superseded"
        if encoding == "json":
            assert rows_shown(state) == rows_on_topics(figures.read())
        moved = state.panels[second, "krets/2019"]
        assert moved["before"] == first and moved["removed"] > 0
        anew = Store(broker.bootstrap, prefix, tmp_path / "anew.db").read_on()
        assert anew.digest == state.digest
        assert anew.releases() == state.releases()


def test_it_does_after_compaction(tmp_path, broker, prefix):
    with (
        Figures(tmp_path, broker, prefix, config=CLEANED) as figures,
        Store(broker.bootstrap, prefix, tmp_path / "along.db").follow() as along,
    ):
        first = figures.publish(small.figures(years=(2018, 2019)))
        figures.publish(small.figures(small.without("1141"), (2019,), 1))
        shifts = iter(range(2, 1000))

        def cleaned():
            """Publishing closes segments; then what was replaced is gone from the topics."""
            figures.publish(small.figures(small.without("1141"), (2019,), next(shifts)))
            rows = [r for r in figures.read() if r.topic.endswith(RESULTS) and r.value]
            old = [r for r in rows if first.encode() in r.value]
            return not [r for r in old if r.key.startswith("krets/2019/")]

        wait_until(cleaned, "the cleaner takes replaced rows", 120)
        state = along.read_on()
        records = figures.read()
        anew = Store(broker.bootstrap, prefix, tmp_path / "anew.db").read_on()
        assert len({release for release, _ in manifests(records, prefix)}) > 2
        assert rows_shown(anew) == rows_on_topics(records)
        assert anew.releases() == state.releases()
        assert anew.digest == state.digest


CRASHES = [
    "board.taking:1",
    "board.taking:17",
    "board.settled:1",
    "board.committed:1",
]


def test_killed_anywhere_it_goes_on_where_it_was(tmp_path, broker, prefix):
    with Figures(tmp_path, broker, prefix) as figures:
        store = Store(broker.bootstrap, prefix, tmp_path / "killed.db")
        for number, point in enumerate(CRASHES):
            release = figures.publish(small.figures(shift=number))
            store.follow(crash_at=point).wait_killed()
            state = store.read_on()
            assert state.releases() == {"krets/2019": release}, point
            anew = Store(broker.bootstrap, prefix, tmp_path / f"anew{number}.db").read_on()
            assert anew.digest == state.digest, point


class Copy:
    """Records of one prefix as a foreign hand writes them under another, some left out."""

    def __init__(self, broker, source, prefix):
        self._source, self._prefix = source, prefix
        broker.create_topics(all_topics(prefix))
        settings = {"bootstrap.servers": broker.bootstrap, "transactional.id": prefix}
        self._producer = confluent_kafka.Producer(settings)
        self._producer.init_transactions(WAIT_S)

    def write(self, records):
        self._producer.begin_transaction()
        for record in records:
            topic = record.topic.replace(self._source, self._prefix)
            value = record.value
            if topic == release_topic(self._prefix):
                value = value.replace(self._source.encode(), self._prefix.encode())
            self._producer.produce(topic, value, record.key)
        self._producer.commit_transaction(WAIT_S)


def test_a_release_that_lacks_a_row_is_not_shown_until_the_row_comes(tmp_path, broker, prefix):
    with Figures(tmp_path, broker, prefix) as figures:
        first = figures.publish(small.figures())
        second = figures.publish(small.figures(shift=1))
        records = figures.read()
    of_second = [r for r in records if r.headers["ce_id"].startswith(second)]
    of_first = [r for r in records if r not in of_second]
    lacking = next(r for r in of_second if r.topic.endswith(".index.v1"))
    copy = Copy(broker, prefix, f"{prefix}c")
    store = Store(broker.bootstrap, f"{prefix}c", tmp_path / "copy.db")
    copy.write(of_first)
    copy.write([r for r in of_second if r is not lacking])
    state = store.read_on()
    assert state.releases() == {"krets/2019": first}
    (told,) = state.incomplete
    assert told["release"] == second and told["reason"].startswith("index: ")
    copy.write([lacking])
    assert store.read_on().releases() == {"krets/2019": second}


def test_manifests_that_come_before_their_rows_are_waited_for(tmp_path, broker, prefix):
    with Figures(tmp_path, broker, prefix) as figures:
        release = figures.publish(small.figures())
        records = figures.read()
    copy = Copy(broker, prefix, f"{prefix}c")
    store = Store(broker.bootstrap, f"{prefix}c", tmp_path / "copy.db")
    manifest = [r for r in records if r.topic == release_topic(prefix)]
    copy.write(manifest)
    assert store.read_on().releases() == {}
    copy.write([r for r in records if r not in manifest])
    assert store.read_on().releases() == {"krets/2019": release}


def test_topics_that_are_made_anew_are_read_anew(tmp_path, broker, prefix):
    admin = confluent_kafka.admin.AdminClient({"bootstrap.servers": broker.bootstrap})
    with Figures(tmp_path, broker, prefix) as figures:
        figures.publish(small.figures())
        records = figures.read()
    copied = f"{prefix}c"
    store = Store(broker.bootstrap, copied, tmp_path / "copy.db")
    Copy(broker, prefix, copied).write(records)
    assert store.read_on().shown
    for done in admin.delete_topics(all_topics(copied), operation_timeout=WAIT_S).values():
        done.result()
    known = lambda: set(admin.list_topics(timeout=20).topics)  # noqa: E731
    wait_until(lambda: not known() & set(all_topics(copied)), "topics are gone", WAIT_S)
    broker.create_topics(all_topics(copied))
    state = store.read_on()
    assert state.shown == {} and state.panels == {} and state.totals["rows"] == 0
