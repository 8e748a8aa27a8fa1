"""A release is seen whole and once on a real Kafka, whoever was killed, whatever came twice.

Deaths at named points and at random are test_crash.py's.
"""

import subprocess
import sys

import pytest
from broker import Broker
from line import DATA, ROOT, Line, wait_until
from publisher import cases
from reader import Follower, all_topics, check_release, manifests, read_all

PANELS = 12

@pytest.fixture(scope="module")
def broker():
    with Broker() as running:
        running.prepare_transactions()
        yield running


@pytest.fixture
def prefix(broker, request):
    name = f"t{abs(hash(request.node.name)) % 10**10}"
    broker.create_topics(
        [
            topic
            for topic in all_topics(name)
            if ".release." not in topic and ".rejected." not in topic
        ]
    )
    broker.create_topics([f"{name}.release.v1", f"{name}.rejected.v1"], compacted=False)
    return name


@pytest.fixture
def line(broker, prefix, tmp_path):
    with Line(tmp_path, broker.bootstrap, prefix) as made:
        yield made


def releases(broker, prefix):
    return manifests(read_all(broker.bootstrap, all_topics(prefix)), prefix)


def wait_for_release(broker, prefix, line, timeout_s=90):
    """Waits for the first manifest and returns all records."""
    with Follower(broker.bootstrap, all_topics(prefix)) as follower:
        try:
            follower.wait_for(lambda records: manifests(records, prefix), timeout_s)
        except TimeoutError as error:
            raise AssertionError(f"{error}\n{line.logs()}") from error
        return follower.catch_up()


def check_once(broker, prefix):
    records = read_all(broker.bootstrap, all_topics(prefix))
    found = manifests(records, prefix)
    assert len(found) == 1, f"{len(found)} manifests"
    return check_release(records, prefix, found[0][0]), records


@pytest.fixture(scope="module")
def many_panels(tmp_path_factory):
    """A release of twelve panels, more than the window lets travel: (editions, CSV file)."""
    folder = tmp_path_factory.mktemp("national")
    subprocess.run(
        [
            *(sys.executable, ROOT / "tools" / "bench" / "national.py", "--municipalities", "20"),
            *("--editions", ROOT / "editions", "--output", folder, "--years", str(PANELS)),
        ],
        check=True,
    )
    return folder / "editions", folder / "national.csv"


@pytest.mark.parametrize("service", cases("publish", rare=["need"]))
def test_a_service_killed_in_the_middle_of_a_large_release(
    broker, prefix, tmp_path, many_panels, service
):
    editions, figures = many_panels
    with Line(tmp_path, broker.bootstrap, prefix, editions) as line:
        line.start()
        line.drop(figures)
        line.await_figure(service, "panels_in_total", lambda panels: panels >= 3)
        line.kill(service)
        line.start(service)
        wait_for_release(broker, prefix, line)
        wait_until(lambda: line.committed() == 1, "the ledger closes the release")
        manifest, _ = check_once(broker, prefix)
        assert len(manifest["panels"]) == PANELS
        assert set(line.stop().values()) == {0}, line.logs()


def test_ingest_killed_in_the_middle_of_a_large_release(broker, prefix, tmp_path, many_panels):
    editions, figures = many_panels
    with Line(tmp_path, broker.bootstrap, prefix, editions) as line:
        line.start()
        line.drop(figures)
        line.await_figure("normalize", "panels_in_total", lambda panels: panels >= 1)
        line.pause("normalize")  # so that the window fills and ingest waits in the middle
        line.await_figure("need", "panels_in_total", lambda panels: panels >= 3)
        line.kill("ingest")
        line.resume("normalize")
        line.start("ingest")
        wait_for_release(broker, prefix, line)
        wait_until(lambda: line.committed() == 1, "the ledger closes the release")
        manifest, _ = check_once(broker, prefix)
        assert len(manifest["panels"]) == PANELS


def test_the_same_input_again_publishes_nothing_new(broker, prefix, line):
    line.start()
    line.drop()
    wait_for_release(broker, prefix, line)
    wait_until(lambda: line.committed() == 1, "the ledger closes the release")
    before = read_all(broker.bootstrap, all_topics(prefix))
    line.drop(name="again.csv")
    wait_until(lambda: (line.done / "again.csv").exists(), "the second file is done with")
    assert read_all(broker.bootstrap, all_topics(prefix)) == before


def test_a_lost_ledger_does_not_publish_a_committed_release_again(broker, prefix, line, tmp_path):
    """Publish asks the manifest topic, not the ledger."""
    line.start()
    line.drop()
    wait_for_release(broker, prefix, line)
    wait_until(lambda: line.committed() == 1, "the ledger closes the release")
    before = read_all(broker.bootstrap, all_topics(prefix))
    line.stop()
    with Line(tmp_path / "second", broker.bootstrap, prefix) as second:
        second.start()
        second.drop()
        wait_until(lambda: second.committed() == 1, "the new ledger closes the release")
    assert read_all(broker.bootstrap, all_topics(prefix)) == before


def test_the_same_input_gives_the_same_bytes_on_fresh_topics(broker, prefix, line, tmp_path):
    other = f"{prefix}b"
    broker.create_topics(all_topics(other), compacted=False)
    line.start()
    line.drop()
    wait_for_release(broker, prefix, line)
    with Line(tmp_path / "second", broker.bootstrap, other) as second:
        second.start()
        second.drop()
        wait_for_release(broker, other, second)

    def content(name):
        return {
            (r.topic.removeprefix(name), r.key): r.value.replace(name.encode(), b"")
            for r in read_all(broker.bootstrap, all_topics(name))
        }

    assert content(prefix) == content(other)


def test_a_broker_that_is_not_there_is_waited_for_and_one_that_is_killed_costs_time(
    broker, prefix, line
):
    broker.stop()
    try:
        line.start()
        line.pause("efficiency")
        line.drop()
        wait_until(
            lambda: broker.bootstrap in line.text("publish", "/readyz"),
            "publish says which broker it waits for",
        )
        assert line.page("publish", "/readyz")[0] == 503
        assert line.page("publish", "/healthz")[0] == 200
        wait_until(lambda: list(line.done.glob("*.csv")), "ingest has recorded the release")
        broker.start()
        wait_until(lambda: line.ready("publish"), "publish is ready")
        broker.kill()
        line.resume("efficiency")
    finally:
        if not broker.pid:
            broker.start()
    wait_for_release(broker, prefix, line)
    wait_until(lambda: line.committed() == 1, "the ledger closes the release")
    check_once(broker, prefix)
    wait_until(lambda: line.ready("publish"), "publish is ready again")
    assert set(line.stop().values()) == {0}, line.logs()


def test_broken_input_becomes_a_dead_letter_and_stops_nothing(broker, prefix, line):
    line.start()
    line.drop(DATA.parents[1] / "broken" / "negative_population.csv", name="a-broken.csv")
    line.drop(name="b-good.csv")
    with Follower(broker.bootstrap, all_topics(prefix)) as follower:
        follower.wait_for(lambda records: len(manifests(records, prefix)) == 2, 90)
        records = follower.catch_up()
    states = {manifest["state"] for _, manifest in manifests(records, prefix)}
    assert states == {"RELEASE_STATE_COMMITTED", "RELEASE_STATE_REJECTED"}
    letters = [r for r in records if r.topic == f"{prefix}.rejected.v1"]
    assert len(letters) == 1
    assert b"-111213" in letters[0].value
    report = (line.rejected / "a-broken.csv.errors.txt").read_text(encoding="utf-8")
    assert "a-broken.csv:" in report and "folkemengde" in report
    assert (line.done / "b-good.csv").exists()
    for release, _ in manifests(records, prefix):
        check_release(records, prefix, release)
