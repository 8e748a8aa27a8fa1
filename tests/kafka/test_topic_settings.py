"""Topics that would lose releases are refused before anything is written, and told how to mend."""

import subprocess
import time

import confluent_kafka
import pytest
import small
from broker import Broker
from confluent_kafka import admin
from line import Line, binaries, wait_until
from reader import Follower, all_topics, check_release, manifests, read_all

RELEASE_S = 90
ANYBODY = "User:ANONYMOUS"
SETTINGS = {
    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "allow.everyone.if.no.acl.found": "true",
    "log.retention.check.interval.ms": "300",
    "log.segment.delete.delay.ms": "100",
    "log.initial.task.delay.ms": "500",
}


@pytest.fixture(scope="module")
def broker():
    with Broker(settings=SETTINGS) as running:
        running.prepare_transactions()
        yield running


@pytest.fixture(scope="module")
def client(broker):
    return admin.AdminClient({"bootstrap.servers": broker.bootstrap})


@pytest.fixture
def prefix(request):
    return f"s{abs(hash(request.node.name)) % 10**10}"


@pytest.fixture
def make(broker, prefix, tmp_path):
    """A line of the small index, not started; with options of publish."""
    made = []

    def maker(*options, work="line"):
        folder = small.edition(tmp_path / work / "editions")
        settings = {"publish": options, "ingest": ["--hold", "off"]}
        made.append(Line(tmp_path / work, broker.bootstrap, prefix, folder, settings))
        return made[-1]

    yield maker
    for line in made:
        line.__exit__()


def done(futures):
    for future in futures.values():
        future.result(60)


def set_topic(client, topic, **settings):
    """Changes settings of a topic, with _ for the dots of their names."""
    resource = admin.ConfigResource(admin.ResourceType.TOPIC, topic)
    for name, value in settings.items():
        resource.add_incremental_config(
            admin.ConfigEntry(
                name.replace("_", "."),
                value,
                incremental_operation=admin.AlterConfigOpType.SET,
            )
        )
    done(client.incremental_alter_configs([resource]))


def settings_of(client, topics):
    """{topic: {setting: value}}."""
    resources = [admin.ConfigResource(admin.ResourceType.TOPIC, topic) for topic in topics]
    answers = client.describe_configs(resources)
    return {
        resource.name: {name: entry.value for name, entry in future.result(60).items()}
        for resource, future in answers.items()
    }


def readiness(line):
    return line.get("publish", "/readyz") or (0, "")


def wait_refused(line, *words):
    """Waits until publish is not ready and says all of the words; returns what it says."""

    def refused():
        status, body = readiness(line)
        return status == 503 and all(word in body for word in words) and body

    try:
        return wait_until(refused, f"publish says {words}")
    except AssertionError as error:
        raise AssertionError(f"{error}: {readiness(line)}\n{line.logs()}") from error


def published(broker, prefix, count=1):
    """Waits for so many manifests; returns all records."""
    with Follower(broker.bootstrap, all_topics(prefix)) as follower:
        follower.wait_for(lambda records: len(manifests(records, prefix)) == count, RELEASE_S)
        return follower.catch_up()


def wanted(prefix):
    """{topic: {setting: value}} as `kf topics` has them."""
    command = [binaries() / "kf", "topics", "--topic-prefix", prefix, "--format", "yaml"]
    command += ["--replication", "1"]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    topics, settings = {}, None
    for text in answer.splitlines():
        name, _, value = text.strip().removeprefix("- ").partition(": ")
        if name == "name":
            settings = topics.setdefault(value, {})
        elif text.startswith("      "):
            settings[name] = value.strip('"')
    return topics


def test_topics_that_publish_makes_are_set_as_kf_topics_says(broker, client, prefix, make):
    line = make("--replication", "1")
    line.start("publish")
    wait_until(lambda: line.ready("publish"), "publish has made its topics")
    told = wanted(prefix)
    assert set(all_topics(prefix)) <= set(told)
    assert told[f"{prefix}.index.v1"]["cleanup.policy"] == "compact"
    found = settings_of(client, told)
    for topic, settings in told.items():
        assert {name: found[topic][name] for name in settings} == settings
    assert "topics-advice" not in line.logs()


WRONG = [
    ("index", "cleanup_policy", "delete", "compact"),
    ("statistics", "cleanup_policy", "compact,delete", "compact"),
    ("need", "unclean_leader_election_enable", "true", "false"),
    ("release", "retention_ms", "604800000", "-1"),
    ("index", "min_insync_replicas", "2", "1"),
]


def test_nothing_is_written_to_topics_that_are_set_wrong_until_they_are_mended(
    broker, client, prefix, make
):
    """One after the other in one pipeline: refused, told, nothing written, mended, published."""
    broker.create_topics(all_topics(prefix))
    for number, (kind, name, value, right) in enumerate(WRONG, 1):
        topic = f"{prefix}.{kind}.v1"
        setting = name.replace("_", ".")
        set_topic(client, topic, **{name: value})
        line = make(work=f"line{number}")
        line.start()
        line.drop(name="figures.csv", text=small.figures(shift=number))
        said = wait_refused(line, topic, f"{setting} is {value}", f"{setting}={right}")
        assert f"kafka-configs.sh --bootstrap-server {broker.bootstrap}" in said
        wait_until(lambda: list(line.done.glob("*.csv")), "ingest has recorded the release")
        assert f"topic {topic}: {setting} is {value}" in line.logs()
        assert len(manifests(read_all(broker.bootstrap, all_topics(prefix)), prefix)) == number - 1
        set_topic(client, topic, **{name: right})
        records = published(broker, prefix, number)
        check_release(records, prefix, manifests(records, prefix)[-1][0])
        wait_until(lambda: line.ready("publish"), "publish is ready again")
        line.stop()


def deny(client, topic, operation):
    """Everybody may do everything to the topic but this."""
    rules = [(admin.AclOperation.ALL, "ALLOW"), (admin.AclOperation[operation], "DENY")]
    literal = admin.ResourcePatternType.LITERAL
    done(
        client.create_acls(
            [
                admin.AclBinding(
                    *(admin.ResourceType.TOPIC, topic, literal, ANYBODY, "*", what),
                    admin.AclPermissionType[verdict],
                )
                for what, verdict in rules
            ]
        )
    )


def allow_again(client, topic):
    every = admin.AclBindingFilter(
        admin.ResourceType.TOPIC,
        topic,
        admin.ResourcePatternType.LITERAL,
        None,
        None,
        admin.AclOperation.ANY,
        admin.AclPermissionType.ANY,
    )
    done(client.delete_acls([every]))


@pytest.mark.parametrize("operation", ["WRITE", "DESCRIBE"])
def test_a_topic_that_may_not_be_written_is_named_and_nothing_of_the_release_is_seen(
    broker, client, prefix, make, operation
):
    broker.create_topics(all_topics(prefix))
    topic = f"{prefix}.statistics.v1"
    deny(client, topic, operation)
    line = make()
    line.start()
    line.drop(name="figures.csv", text=small.figures())
    wait_refused(line, topic if operation == "DESCRIBE" else "uthorization failed")
    others = [name for name in all_topics(prefix) if name != topic]
    assert read_all(broker.bootstrap, others, settle_s=0) == []
    allow_again(client, topic)
    records = published(broker, prefix)
    check_release(records, prefix, manifests(records, prefix)[0][0])


def test_settings_that_may_not_be_seen_are_trusted_only_when_told_so(broker, client, prefix, make):
    broker.create_topics(all_topics(prefix))
    topic = f"{prefix}.index.v1"
    deny(client, topic, "DESCRIBE_CONFIGS")
    line = make()
    line.start()
    line.drop(name="figures.csv", text=small.figures())
    wait_refused(line, topic, "DescribeConfigs", "--check-topics if-allowed")
    line.stop()
    line = make("--check-topics", "if-allowed", work="trusting")
    line.start()
    line.drop(name="figures.csv", text=small.figures())
    records = published(broker, prefix)
    check_release(records, prefix, manifests(records, prefix)[0][0])
    assert line.logs().count("topics-unchecked") == 1
    allow_again(client, topic)


def test_a_topic_that_is_taken_away_is_missed_by_name_until_it_is_back(
    broker, client, prefix, make
):
    broker.create_topics(sorted(wanted(prefix)))
    line = make("--create-topics=false")
    line.start()
    wait_until(lambda: line.ready("publish"), "publish is ready")
    topic = f"{prefix}.indicator.v1"
    done(client.delete_topics([topic]))
    line.drop(name="figures.csv", text=small.figures())
    wait_refused(line, topic, "create-topics")
    broker.create_topics([topic])
    records = published(broker, prefix)
    check_release(records, prefix, manifests(records, prefix)[0][0])


def test_a_manifest_that_is_too_large_is_told_and_tried_until_the_topic_takes_it(
    broker, client, prefix, make
):
    broker.create_topics(all_topics(prefix))
    topic = f"{prefix}.release.v1"
    set_topic(client, topic, max_message_bytes="500")
    line = make()
    line.start()
    line.drop(name="figures.csv", text=small.figures())
    wait_refused(line, topic, "max.message.bytes")
    assert read_all(broker.bootstrap, [f"{prefix}.index.v1"]) == []
    set_topic(client, topic, max_message_bytes="8500000")
    records = published(broker, prefix)
    check_release(records, prefix, manifests(records, prefix)[0][0])


def lowest(broker, topic):
    """The offset at which the topic begins now."""
    consumer = confluent_kafka.Consumer({"bootstrap.servers": broker.bootstrap, "group.id": "x"})
    try:
        partition = confluent_kafka.TopicPartition(topic, 0)
        return consumer.get_watermark_offsets(partition, 20)[0]
    finally:
        consumer.close()


def test_manifests_that_are_gone_stop_publishing_until_somebody_takes_the_blame(
    broker, client, prefix, make
):
    """With its manifest a release is known for good; without it and the ledger it is new again."""
    broker.create_topics(all_topics(prefix))
    topic = f"{prefix}.release.v1"
    line = make()
    line.start()
    line.drop(name="figures.csv", text=small.figures())
    records = published(broker, prefix)
    line.stop()
    set_topic(client, topic, retention_ms="1", segment_ms="50")
    nudge(broker, topic)
    wait_until(lambda: lowest(broker, topic) > 0, "the manifest is gone", 120)
    set_topic(client, topic, retention_ms="-1", segment_ms="604800000")
    new = make(work="new-ledger")
    new.start()
    new.drop(name="figures.csv", text=small.figures())
    wait_refused(new, topic, "gone", "--check-topics if-allowed")
    time.sleep(1)  # nothing can be waited for: it must not happen
    index = f"{prefix}.index.v1"
    before = [r for r in records if r.topic == index]
    assert read_all(broker.bootstrap, [index]) == before
    new.stop()
    blamed = make("--check-topics", "if-allowed", work="new-ledger")
    blamed.start()
    after = published(broker, prefix)
    assert [r.key for r in after if r.topic == index] == 2 * [r.key for r in before]


def nudge(broker, topic):
    """Writes records that no publisher wrote, so that the segment before them is closed."""
    producer = confluent_kafka.Producer({"bootstrap.servers": broker.bootstrap})
    for number in range(3):
        time.sleep(0.1)
        producer.produce(topic, None, f"nudge{number}")
        assert producer.flush(60) == 0
