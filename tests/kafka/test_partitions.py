"""A release on topics with several partitions is as whole, and as checkable, as on one."""

import confluent_kafka.admin
import pytest
from broker import Broker
from line import Line, wait_until
from reader import Follower, all_topics, check_release, data_topics, manifests, release_topic

PREFIX = "parts"
PARTITIONS = 3
RELEASE_S = 90


@pytest.fixture(scope="module")
def broker():
    with Broker() as running:
        running.prepare_transactions()
        yield running


def test_a_release_over_three_partitions_agrees_with_its_manifest(broker, tmp_path):
    broker.create_topics(data_topics(PREFIX), partitions=PARTITIONS)
    broker.create_topics([release_topic(PREFIX)], compacted=False)
    with Line(tmp_path, broker.bootstrap, PREFIX) as line:
        line.start()
        line.drop()
        with Follower(broker.bootstrap, all_topics(PREFIX)) as follower:
            follower.wait_for(lambda records: manifests(records, PREFIX), RELEASE_S)
            records = follower.catch_up()
        ((release, manifest),) = manifests(records, PREFIX)
        check_release(records, PREFIX, release)
        assert manifest["state"] == "RELEASE_STATE_COMMITTED"
        used = {record.partition for record in records if record.topic == f"{PREFIX}.index.v1"}
        assert used == set(range(PARTITIONS))
        wait_until(lambda: line.ready("publish"), "publish is ready again")
        assert set(line.stop().values()) == {0}, line.logs()


def test_topics_that_publish_makes_itself_have_one_partition(broker, tmp_path):
    with Line(tmp_path, broker.bootstrap, "made") as line:
        line.start("publish")
        wait_until(lambda: line.ready("publish"), "publish has made its topics")
        assert partitions(broker, all_topics("made")) == {1}


def partitions(broker, topics):
    """The numbers of partitions that the topics have."""
    known = confluent_kafka.admin.AdminClient({"bootstrap.servers": broker.bootstrap})
    found = known.list_topics(timeout=20).topics
    return {len(found[topic].partitions) for topic in topics}
