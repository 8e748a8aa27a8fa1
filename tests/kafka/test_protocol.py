"""What can befall a publication between publisher and Kafka: each release is there whole and once.

The publisher talks to Kafka through a proxy, readers do not. Each test ends with two readers of
committed records, one that was there all along and one that comes afterwards.
"""

import struct
import uuid

import pytest
from broker import Broker
from line import wait_until
from proxy import (
    ADD_PARTITIONS,
    END_TXN,
    FETCH,
    FIND_COORDINATOR,
    INIT_PRODUCER_ID,
    METADATA,
    PRODUCE,
    Proxy,
    is_commit,
    names,
)
from publisher import PATIENCE_S, Publisher, Topics, cases, release
from reader import READ_ALL, read_all, topic_ends

BRIEF = "5s"  # a transaction's time-out
BRIEF_S = 5
EXPIRY_S = 4
FENCED = (47, 90)  # invalid producer epoch, producer fenced
NO_SUCH_ID = 49  # invalid producer id mapping
ISOLATIONS = ("read_committed", READ_ALL)
ROWS = names("index")  # requests about the rows, not about the lease


@pytest.fixture(scope="module")
def proxy():
    with Proxy(kafka=True) as made:
        yield made


@pytest.fixture(scope="module")
def broker(proxy):
    expiry = {
        "transactional.id.expiration.ms": str(EXPIRY_S * 1000),
        "transaction.remove.expired.transaction.cleanup.interval.ms": "500",
    }
    with Broker(advertise=proxy.address, settings=expiry) as running:
        proxy.upstream = running.behind
        running.prepare_transactions()
        yield running


@pytest.fixture
def topics(broker, proxy):
    proxy.calm()
    if not broker.pid:  # a test before this one failed half-way
        broker.start()
    with Topics(broker, f"p{uuid.uuid4().hex}") as made:
        yield made


@pytest.fixture
def publisher(proxy, topics, tmp_path):
    """Has published a first release, and so holds the lease: what comes is about the second."""
    work = tmp_path / "publish"
    options = ["--transaction-timeout", BRIEF]
    with Publisher(work, proxy.address, topics.prefix, options=options) as made:
        made.start()
        made.feed(release(1)).committed()
        yield made


def error_of(answer):
    """The error of an EndTxn's answer: correlation id, throttle time, error."""
    return struct.unpack_from(">h", answer, 8)[0]


# F08-F10: the commit


@pytest.mark.parametrize(
    "at,do",
    [("answer", "drop"), ("answer", BRIEF_S + 2.0), ("answer", "cut"), ("request", "cut")],
    ids=["answer-lost", "answer-late", "cut-after-the-work", "cut-before-the-work"],
)
def test_a_commit_whose_answer_does_not_come(proxy, topics, publisher, at, do):
    harm = proxy.on(END_TXN, at=at, do=do, wanted=is_commit)
    publisher.feed(release(2)).committed()
    assert harm.times == 1
    publisher.feed(release(3)).committed()
    topics.check([release(1), release(2), release(3)])


def test_a_commit_that_is_never_answered_is_found_on_the_topics(proxy, topics, publisher):
    """The work is done, no answer comes before the session ends: the next one finds the release."""
    lost = proxy.on(END_TXN, do="drop", count=0, wanted=is_commit)
    feed = publisher.feed(release(2))
    wait_until(lambda: release(2) in topics.released(), "the release is there", PATIENCE_S)
    assert lost.hit.wait(PATIENCE_S) and feed.waits()
    publisher.wait_until_told("publishing-waits")
    proxy.calm()
    feed.committed()
    assert publisher.metric('releases_total{state="known"}') == 1
    assert publisher.metric('releases_total{state="committed"}') == 1
    topics.check([release(1), release(2)])


def test_a_commit_that_arrives_twice_is_one(proxy, topics, publisher):
    doubled = proxy.on(END_TXN, at="request", do="twice", wanted=is_commit)
    publisher.feed(release(2)).committed()
    assert doubled.times == 1
    publisher.feed(release(3)).committed()
    topics.check([release(1), release(2), release(3)])


def test_an_old_commit_that_arrives_inside_the_next_transaction_commits_nothing(
    proxy, topics, publisher
):
    """F09, F12: a packet was delayed for so long that its sender has gone on without it."""
    kept = proxy.on(END_TXN, at="request", do="keep", wanted=is_commit)
    publisher.feed(release(2)).committed()
    (old,) = kept.kept
    answers = []
    proxy.on(PRODUCE, do=lambda: answers.append(proxy.deliver(old)), wanted=ROWS)
    proxy.on(END_TXN, at="request", do=lambda: answers.append(topics.released()), wanted=is_commit)
    publisher.feed(release(3)).committed()
    assert error_of(answers[0]) in (*FENCED, NO_SUCH_ID)
    assert answers[1] == [release(1), release(2)]
    topics.check([release(1), release(2), release(3)])


def test_old_rows_that_arrive_after_their_transaction_are_refused(
    broker, proxy, topics, publisher
):
    """F12: rows of an attempt that was given up never get into a later one."""
    kept = proxy.on(PRODUCE, at="request", do="keep", wanted=ROWS)
    publisher.feed(release(2)).committed()
    topic = f"{topics.prefix}.index.v1"
    before = len(read_all(broker.bootstrap, [topic], isolation="read_uncommitted"))
    publisher.feed(release(3)).committed()
    mine = len(read_all(broker.bootstrap, [topic], isolation="read_uncommitted"))
    proxy.deliver(kept.kept[0])
    after = len(read_all(broker.bootstrap, [topic], isolation="read_uncommitted"))
    assert before < mine == after
    topics.check([release(1), release(2), release(3)])


# F11-F13: the network and the broker


STEPS = (FIND_COORDINATOR, INIT_PRODUCER_ID, METADATA, FETCH, ADD_PARTITIONS, PRODUCE)
USUAL = ((ADD_PARTITIONS, "answer"), (PRODUCE, "answer"))
RARE = [(api, at) for api in STEPS for at in ("request", "answer") if (api, at) not in USUAL]


@pytest.mark.parametrize("api,at", cases(*USUAL, rare=RARE))
def test_a_connection_that_breaks_at_any_step(proxy, topics, publisher, api, at):
    harm = proxy.on(api, at=at, do="cut")
    publisher.feed(release(2)).committed()
    assert harm.times == 1
    topics.check([release(1), release(2)])


def test_packets_that_take_their_time(proxy, topics, publisher):
    proxy.delay(up=0.1, down=0.1)
    publisher.feed(release(2)).committed()
    proxy.calm()
    topics.check([release(1), release(2)])


@pytest.mark.parametrize("way", cases("down", rare=["up"]))
def test_a_network_that_is_mute_one_way_for_longer_than_the_transaction(
    broker, proxy, topics, publisher, way
):
    """Kafka gives the transaction up; when the network is back, another one carries the release."""
    def silence():
        proxy.stall(up=way == "up", down=way == "down")

    mute = proxy.on(PRODUCE, do=silence, wanted=ROWS)
    feed = publisher.feed(release(2))
    assert mute.hit.wait(PATIENCE_S)
    wait_until(lambda: aborted(broker, topics), "Kafka gives the transaction up", PATIENCE_S)
    assert feed.waits() and topics.released() == [release(1)]
    proxy.calm()
    feed.committed()
    topics.check([release(1), release(2)])


def aborted(broker, topics):
    """True when rows were written that nobody will ever see, and no transaction hides them."""
    topic = f"{topics.prefix}.index.v1"
    return len(read_all(broker.bootstrap, [topic], settle_s=0)) < len(
        read_all(broker.bootstrap, [topic], settle_s=0, isolation="read_uncommitted")
    ) and is_settled(broker, topic)


def is_settled(broker, topic):
    """True when no transaction is open on it."""
    ends = [topic_ends(broker.bootstrap, [topic], 0, isolation) for isolation in ISOLATIONS]
    return ends[0] == ends[1]


@pytest.mark.parametrize(
    "api",
    cases(
        pytest.param(END_TXN, id="at-the-commit"),
        rare=[pytest.param(PRODUCE, id="while-writing")],
    ),
)
def test_a_network_that_is_away_for_longer_than_the_transaction(
    broker, proxy, topics, publisher, api
):
    wanted = ROWS if api == PRODUCE else is_commit
    harm = proxy.on(api, at="request", do=proxy.vanish, wanted=wanted)
    feed = publisher.feed(release(2))
    assert harm.hit.wait(PATIENCE_S)
    publisher.wait_until_it_says("no Kafka at", "Connection refused")
    wait_until(lambda: is_settled(broker, f"{topics.prefix}.index.v1"), "given up", PATIENCE_S)
    assert feed.waits()
    proxy.calm()
    feed.committed()
    topics.check([release(1), release(2)])


def test_a_broker_that_stands_still_for_longer_than_the_transaction(
    broker, proxy, topics, publisher
):
    """It goes on with everything it has been sent, and a new attempt of ours on top."""
    still = proxy.on(END_TXN, at="request", do=broker.pause, wanted=is_commit)
    feed = publisher.feed(release(2))
    assert still.hit.wait(PATIENCE_S)
    publisher.wait_until_it_says(release(2))
    broker.resume()
    feed.committed()
    topics.check([release(1), release(2)])


# F16: the transactional id


def test_a_transactional_id_that_has_expired_is_had_anew(proxy, topics, publisher):
    """As when nothing was published for months."""
    kept = proxy.on(END_TXN, at="request", do="keep", wanted=is_commit)
    publisher.feed(release(2)).committed()
    (old,) = kept.kept
    wait_until(lambda: error_of(proxy.deliver(old)) == NO_SUCH_ID, "the id has expired", PATIENCE_S)
    publisher.feed(release(3)).committed()
    topics.check([release(1), release(2), release(3)])


# F09, F11: the broker goes and comes


@pytest.mark.parametrize(
    "how,api",
    cases(
        pytest.param("killed", END_TXN, id="killed-committing"),
        rare=[
            pytest.param("killed", PRODUCE, id="killed-open"),
            pytest.param("stopped", END_TXN, id="stopped-committing"),
            pytest.param("stopped", PRODUCE, id="stopped-open"),
        ],
    ),
)
def test_a_broker_that_goes_inside_a_transaction_and_comes_back(
    broker, proxy, topics, publisher, how, api
):
    """After it has taken the request, before anybody hears of it."""
    end = broker.kill if how == "killed" else broker.stop

    def goes():
        end()
        return True

    wanted = ROWS if api == PRODUCE else is_commit
    harm = proxy.on(api, do=goes, wanted=wanted)
    feed = publisher.feed(release(2))
    assert harm.hit.wait(PATIENCE_S)
    publisher.wait_until_it_says("Kafka")
    broker.start()
    feed.committed()
    publisher.wait_ready()
    publisher.feed(release(3)).committed()
    topics.check([release(1), release(2), release(3)])
