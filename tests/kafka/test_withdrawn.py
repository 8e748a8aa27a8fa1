"""What a release no longer has is withdrawn with it: whole, once, and for good.

A late reader of compacted topics has exactly the newest release's rows of each edition and year.
"""

import json
import signal

import pytest
import small
from broker import Broker
from line import Line, wait_until
from reader import (
    Follower,
    all_topics,
    check_release,
    check_withdrawn,
    latest,
    manifests,
    read_all,
)

RELEASE_S = 90
# The cleaner runs at once, on everything that is not in the last segment.
CLEANED = {
    "segment.ms": "200",
    "min.cleanable.dirty.ratio": "0.0001",
    "delete.retention.ms": "0",
    "segment.bytes": "1048576",
}


@pytest.fixture(scope="module")
def broker():
    with Broker(settings={"log.cleaner.backoff.ms": "100"}) as running:
        running.prepare_transactions()
        yield running


class Pipeline:
    """A line over changing editions: every release is published and checked before the next."""

    def __init__(self, work, broker, prefix, partitions=1, config=None, options=None):
        self.work, self.broker, self.prefix = work, broker, prefix
        self.options = {"ingest": ["--hold", "off"]} | (options or {})
        broker.create_topics(all_topics(prefix), partitions, config=config)
        self.releases = []
        self._line = None
        self._follower = Follower(broker.bootstrap, [f"{prefix}.release.v1"])

    def start(self, **edition):
        """Starts the services with an edition as `small.edition` has it."""
        self.stop()
        folder = small.edition(self.work / "editions", **edition)
        self._line = Line(
            self.work / "line", self.broker.bootstrap, self.prefix, folder, self.options
        )
        self._line.start()
        dead = [name for name in ("ingest", "publish") if self._line.exit_code(name) is not None]
        assert not dead, self._line.logs()
        return self._line

    def publish(self, text, name=None):
        """Drops the figures and returns (manifest, keys withdrawn) of the release they are."""
        count = len(self.releases) + 1
        self._line.drop(name=name or f"{count}.csv", text=text)
        self.wait_for(count)
        return self.check()

    def wait_for(self, count):
        """Waits until so many releases are on the topics."""
        try:
            self._follower.wait_for(lambda records: len(records) >= count, RELEASE_S)
        except TimeoutError as error:
            raise AssertionError(f"release {count}: {error}\n{self._line.logs()}") from error

    def check(self):
        records = self.read()
        self.releases = [key for key, _ in manifests(records, self.prefix)]
        manifest = check_release(records, self.prefix, self.releases[-1])
        return manifest, check_withdrawn(records, self.prefix, self.releases[-1])

    def manifests(self):
        return manifests(self._follower.records, self.prefix)

    def read(self):
        return read_all(self.broker.bootstrap, all_topics(self.prefix))

    def state(self):
        """{(topic, key)} of the results that a consumer has now, and whose they are."""
        found = latest(self.read())
        return {
            where: json.loads(record.value)["release"]
            for where, record in found.items()
            if where[0] not in (f"{self.prefix}.release.v1", f"{self.prefix}.rejected.v1")
        }

    def stop(self):
        if self._line:
            self._line.stop()
            self._line = None

    def close(self):
        """Ends what runs, however it stands."""
        self._follower.close()
        if self._line:
            self._line.__exit__()


@pytest.fixture
def make(broker, tmp_path, request):
    made = []

    def maker(**options):
        name = f"w{abs(hash(request.node.name)) % 10**10}"
        made.append(Pipeline(tmp_path, broker, name, **options))
        return made[-1]

    yield maker
    for pipeline in made:
        pipeline.close()


def assert_newest_only(pipeline):
    """Everything that a consumer has is of the newest release."""
    state = pipeline.state()
    assert state and set(state.values()) == {pipeline.releases[-1]}
    return state


def with_municipality(keys, code):
    return {(topic, key) for topic, key in keys if f"/{code}/" in key}


@pytest.mark.parametrize("partitions", [1, 3])
def test_a_municipality_that_leaves_is_withdrawn_and_comes_back_with_a_correction(make, partitions):
    pipeline = make(partitions=partitions)
    pipeline.start()
    first, gone = pipeline.publish(small.figures())
    assert gone == set()
    before = pipeline.state()
    manifest, gone = pipeline.publish(small.figures(small.without("1141")))
    assert gone == with_municipality(before, "1141") and len(gone) == small.KEYS_EACH
    assert manifest["previousRelease"] == pipeline.releases[0]
    assert not with_municipality(assert_newest_only(pipeline), "1141")
    _, gone = pipeline.publish(small.figures(small.without("1141"), shift=1))
    assert gone == set(), "what was withdrawn before is not withdrawn again"
    assert_newest_only(pipeline)
    _, gone = pipeline.publish(small.figures(shift=2))
    assert gone == set()
    assert set(assert_newest_only(pipeline)) == set(before)


def test_an_indicator_that_the_edition_drops_is_withdrawn(make):
    pipeline = make()
    pipeline.start(indicators=("timer", "dager", "netter"))
    pipeline.publish(small.figures())
    before = pipeline.state()
    pipeline.start(indicators=("timer", "dager"))
    manifest, gone = pipeline.publish(small.figures(shift=1))
    assert gone == {where for where in before if where[1].endswith("/netter")}
    assert len(gone) == len(small.PEOPLE) + 1, "one for each municipality, one of the statistics"
    withdrawn = {t["topic"]: t.get("withdrawn") for t in manifest["topics"]}
    assert withdrawn[f"{pipeline.prefix}.indicator.v1"] == str(len(small.PEOPLE))
    assert withdrawn[f"{pipeline.prefix}.index.v1"] is None
    assert_newest_only(pipeline)


def test_a_merger_leaves_no_figures_of_the_old_municipality(make):
    pipeline = make()
    pipeline.start(structure="data-year")
    pipeline.publish(small.figures())
    assert with_municipality(pipeline.state(), "1141")
    pipeline.start(structure="2020")
    _, gone = pipeline.publish(small.figures(shift=1))
    assert gone == with_municipality(gone, "1141") | with_municipality(gone, "1142")
    assert len(gone) == 2 * small.KEYS_EACH
    assert {key.split("/")[2] for _, key in assert_newest_only(pipeline) if key.count("/") > 3} == {
        "0301", "1101", "1103"
    }


def test_other_years_are_left_alone_and_a_rejected_panel_withdraws_nothing(make):
    pipeline = make()
    pipeline.start()
    pipeline.publish(small.figures(years=(2018, 2019)))
    before = pipeline.state()
    _, gone = pipeline.publish(small.figures(small.without("1141"), years=(2019,)))
    assert {key.split("/")[1] for _, key in gone} == {"2019"}
    middle = pipeline.state()
    assert {k for k in before if "/2018/" in k[1]} == {k for k in middle if "/2018/" in k[1]}
    nobody = small.figures(years=(2019,)).replace("krets_timer,", "krets_timer,-")
    manifest, gone = pipeline.publish(nobody)
    assert manifest["state"] == "RELEASE_STATE_REJECTED" and gone == set()
    assert pipeline.state() == middle


def test_after_compaction_a_late_reader_has_exactly_the_newest_release(make):
    pipeline = make(config=CLEANED)
    pipeline.start(indicators=("timer", "dager", "netter"))
    pipeline.publish(small.figures())
    pipeline.start()
    _, gone = pipeline.publish(small.figures(small.without("1141")))
    assert gone
    topics = [f"{pipeline.prefix}.{kind}.v1" for kind in small.TOPICS]

    def cleaned():
        """Publishing closes segments; then what was withdrawn is gone, and its end as well."""
        shift = 1 + len(pipeline.releases)
        pipeline.publish(small.figures(small.without("1141"), shift=shift))
        records = read_all(pipeline.broker.bootstrap, topics)
        return not {(r.topic, r.key) for r in records} & gone

    wait_until(cleaned, "the cleaner removes what was withdrawn", 120)
    state = assert_newest_only(pipeline)
    assert not set(state) & gone


# Where it dies, and whether that release withdraws a municipality or brings it back.
CRASHES = [
    ("publish.reading-keys:1", True),
    ("publish.produced:1", False),
    ("publish.withdrawn:2", True),
    ("publish.before-commit:1", False),
    ("publish.committed:1", True),
    ("publish.receipted:1", False),
]


def test_publish_killed_around_a_withdrawal_withdraws_once(make):
    pipeline = make()
    line = pipeline.start()
    pipeline.publish(small.figures())
    people = {True: small.without("1141"), False: small.PEOPLE}
    for number, (point, leaves) in enumerate(CRASHES):
        line.stop("publish")
        line.start("publish", crash_at=point, wait=False)
        text = small.figures(people[leaves], shift=10 + number)
        line.drop(name=f"crash{number}.csv", text=text)
        line.wait_exit("publish")
        assert line.exit_code("publish") == -signal.SIGKILL, line.logs()
        line.start("publish")
        pipeline.wait_for(number + 2)
        _, gone = pipeline.check()
        assert len(gone) == (small.KEYS_EACH if leaves else 0), point
        assert_newest_only(pipeline)


def test_topics_of_a_version_without_key_digests_are_read(make, tmp_path):
    """Its manifests have no header kf-keys, and it left stale keys behind."""
    import confluent_kafka

    pipeline = make()
    stale = f"{small.ID}/2019/1141/hjemme"
    producer = confluent_kafka.Producer({"bootstrap.servers": pipeline.broker.bootstrap})
    producer.produce(f"{pipeline.prefix}.index.v1", b'{"release":"old"}', stale)
    producer.produce(
        f"{pipeline.prefix}.release.v1", json.dumps({"release": "0" * 32}).encode(), "0" * 32,
        headers={"kf-state": b"committed", "kf-panels": f"{small.ID}/2019".encode()},
    )
    assert producer.flush(60) == 0
    pipeline.releases = ["0" * 32]
    pipeline.start()
    line = pipeline._line
    line.drop(name="new.csv", text=small.figures(small.without("1141")))
    pipeline.wait_for(2)
    records = pipeline.read()
    release = pipeline.manifests()[-1][0]
    assert check_withdrawn(records, pipeline.prefix, release) == {
        (f"{pipeline.prefix}.index.v1", stale)
    }
