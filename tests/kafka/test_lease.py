"""Two publishers on one prefix: one of them writes, the other says why it does not."""

import uuid

import confluent_kafka
import pytest
from broker import Broker
from line import wait_until
from proxy import PRODUCE, Proxy, names
from publisher import PATIENCE_S, Publisher, Topics, cases, release
from reader import all_topics, read_all

REPLACED = "replaced: publisher"


@pytest.fixture(scope="module")
def proxy():
    with Proxy(kafka=True) as made:
        yield made


@pytest.fixture(scope="module")
def broker(proxy):
    with Broker(advertise=proxy.address) as running:
        proxy.upstream = running.behind
        running.prepare_transactions()
        yield running


@pytest.fixture
def topics(broker, proxy):
    proxy.calm()
    with Topics(broker, f"p{uuid.uuid4().hex}") as made:
        yield made


@pytest.fixture
def publisher(broker, topics, tmp_path):
    """Makes publishers on the same topics."""
    made = []

    def make(name, bootstrap=None, options=()):
        work = tmp_path / f"{len(made)}"
        made.append(
            Publisher(work, bootstrap or broker.bootstrap, topics.prefix, name, options)
        )
        return made[-1].start()

    yield make
    for one in made:
        one.__exit__()


def lease_topic(topics):
    return f"{topics.prefix}.publisher.v1"


def leases(broker, topics):
    """(transactional id, epoch, state) of each record of the lease."""
    records = read_all(broker.bootstrap, [lease_topic(topics)])
    names = ("kf-transactional-id", "kf-epoch", "kf-lease-state")
    return [tuple(record.headers[name] for name in names) for record in records]


def check_replaced(one, by):
    text = one.wait_until_it_says(REPLACED)
    assert f"transactional-id {by}" in text and "topic-prefix" in text
    assert one.metric("replaced") == 1 and one.metric("lease_epoch") == 0
    assert one.told().count("publisher-replaced") == 1


@pytest.mark.parametrize("ids", [("a", "a"), ("a", "b")], ids=["one-id", "two-ids"])
def test_who_starts_later_takes_over_and_the_other_says_so(broker, topics, publisher, ids):
    """F08: with one transactional id and with two."""
    first, second = publisher(ids[0]), publisher(ids[1])
    first.feed(release(1)).committed()
    second.feed(release(2)).committed()
    refused = first.feed(release(3))
    check_replaced(first, ids[1])
    assert refused.waits()
    second.feed(release(4)).committed()
    assert second.metric("replaced") == 0 and second.metric("lease_epoch") == 2
    topics.check([release(1), release(2), release(4)])
    first.stop()
    first.start()
    refused.committed()
    assert first.metric("lease_epoch") == 3
    topics.check([release(1), release(2), release(4), release(3)])


@pytest.mark.parametrize(
    "same", cases(pytest.param(False, id="different"), rare=[pytest.param(True, id="the-same")])
)
def test_two_that_start_at_once_with_releases_in_hand(topics, publisher, same):
    """Whoever wins, every release is there once at most, and one of the two goes on."""
    both = [publisher("a"), publisher("b")]
    fed = [release(1), release(1) if same else release(2)]
    feeds = [one.feed(which) for one, which in zip(both, fed, strict=True)]
    wait_until(lambda: not all(feed.waits() for feed in feeds), "one is through", PATIENCE_S)
    for one in both:
        one.feed(release(3))
    wait_until(lambda: release(3) in topics.released(), "one of them goes on", PATIENCE_S)
    wait_until(lambda: sorted(one.metric("replaced") or 0 for one in both) == [0, 1], "one stops")
    topics.check(topics.released())
    assert set(topics.released()) <= {release(1), release(2), release(3)}


def test_a_zombie_that_wakes_inside_its_transaction_cannot_commit(
    broker, proxy, topics, publisher
):
    """F07, F08: stopped in the middle of writing, replaced by one with another id, continued."""
    zombie = publisher("a", proxy.address)
    zombie.feed(release(1)).committed()
    stopped = proxy.on(PRODUCE, do=zombie.pause, wanted=names("index"))
    lost = zombie.feed(release(2))
    assert stopped.hit.wait(PATIENCE_S)
    second = publisher("b")
    second.feed(release(3)).committed()
    zombie.resume()
    check_replaced(zombie, "b")
    assert lost.waits()
    assert zombie.metric('releases_total{state="committed"}') == 1
    topics.check([release(1), release(3)])
    zombie.stop()
    zombie.start()
    lost.committed()
    topics.check([release(1), release(3), release(2)])


def test_one_killed_inside_its_transaction_is_cleared_away_by_its_successor(
    proxy, topics, publisher
):
    """Its transaction would hide what comes after it for the whole time-out, an hour here."""
    first = publisher("a", proxy.address, ["--transaction-timeout", "15min"])
    killed = proxy.on(PRODUCE, do=first.kill, wanted=names("index"))
    first.feed(release(1))
    assert killed.hit.wait(PATIENCE_S)
    second = publisher("b")
    second.feed(release(1)).committed()
    topics.check([release(1)])


RARE = ("produced:1", "shut-out:2", "written:2")


@pytest.mark.parametrize("step", cases("written:1", rare=RARE))
def test_one_killed_while_it_takes_the_lease_leaves_it_to_be_taken(
    broker, topics, publisher, step
):
    first, second = publisher("a"), publisher("b")
    first.feed(release(1)).committed()
    second.kill()
    second.start(crash_at=f"publish.lease-{step}")
    second.feed(release(2))
    second.wait_crash()
    third = publisher("c")
    third.feed(release(3)).committed()
    topics.check([release(1), release(3)])
    refused = first.feed(release(4))
    check_replaced(first, "c")
    assert refused.waits() and leases(broker, topics)[-1][::2] == ("c", "held")


def test_a_lease_topic_that_is_missing_and_may_not_be_made_is_named(broker, topics, publisher):
    broker.create_topics([t for t in all_topics(topics.prefix) if ".release." not in t])
    broker.create_topics([f"{topics.prefix}.release.v1"], compacted=False)
    for kind in ("resource-use", "demography", "unit-cost"):
        broker.create_topics([f"{topics.prefix}.{kind}.v1"])
    one = publisher("a", options=["--create-topics=false"])
    feed = one.feed(release(1))
    one.wait_until_it_says(lease_topic(topics), "create-topics")
    assert feed.waits() and topics.released() == []
    broker.create_topics([lease_topic(topics)])
    feed.committed()
    topics.check([release(1)])


def write_lease(broker, topics, headers, value=b"{}"):
    writer = confluent_kafka.Producer({"bootstrap.servers": broker.bootstrap, "log_level": 2})
    writer.produce(lease_topic(topics), key="lease", value=value, headers=headers)
    assert writer.flush(PATIENCE_S) == 0


def test_the_lease_of_a_newer_program_is_left_alone(broker, topics, publisher):
    broker.create_topics([lease_topic(topics)])
    headers = {"kf-lease": "2", "kf-host": "newer.example", "kf-keeper": "x"}
    write_lease(broker, topics, headers)
    one = publisher("a")
    feed = one.feed(release(1))
    one.wait_until_it_says("version 2", "newer.example", "upgrade")
    assert feed.waits()
    assert len(read_all(broker.bootstrap, [lease_topic(topics)])) == 1
    topics.check([])


def test_a_record_that_is_no_lease_is_told_of_and_a_withdrawn_one_is_none(
    broker, topics, publisher
):
    broker.create_topics([lease_topic(topics)])
    write_lease(broker, topics, {"something": "else"})
    one = publisher("a")
    feed = one.feed(release(1))
    one.wait_until_it_says("none of kf-publish's", lease_topic(topics))
    assert feed.waits()
    write_lease(broker, topics, {}, None)
    feed.committed()
    topics.check([release(1)])
