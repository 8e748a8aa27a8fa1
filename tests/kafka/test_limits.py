"""A release beyond a limit is rejected with the reason, and does not stop those after it."""

import json
import subprocess
import sys

import pytest
from broker import Broker
from line import ROOT, Line
from reader import Follower, all_topics, check_release, manifests

PANELS = 12
RELEASES_S = 90


@pytest.fixture(scope="module")
def broker():
    with Broker() as running:
        running.prepare_transactions()
        yield running


def national(folder, municipalities, years):
    """Figures of a nation of that size, a panel a year: (editions, CSV file)."""
    subprocess.run(
        [
            *(sys.executable, ROOT / "tools" / "bench" / "national.py"),
            *("--municipalities", str(municipalities), "--years", str(years)),
            *("--editions", ROOT / "editions", "--output", folder),
        ],
        check=True,
    )
    return folder / "editions", folder / "national.csv"


def test_a_release_too_large_to_be_held_is_rejected_and_the_next_is_published(broker, tmp_path):
    editions, large = national(tmp_path / "large", 300, PANELS)
    _, small = national(tmp_path / "small", 20, 1)
    broker.create_topics(all_topics("large"), compacted=False)
    options = {"publish": ["--hold-bytes-max", "1M"]}
    with Line(tmp_path / "line", broker.bootstrap, "large", editions, options) as line:
        line.start()
        line.drop(large, name="a-large.csv")
        line.drop(small, name="b-small.csv")
        with Follower(broker.bootstrap, all_topics("large")) as follower:
            try:
                follower.wait_for(lambda read: len(manifests(read, "large")) == 2, RELEASES_S)
            except TimeoutError as error:
                raise AssertionError(f"{error}\n{line.logs()}") from error
            records = follower.catch_up()
        assert set(line.stop().values()) == {0}, line.logs()
        assert line.logs().count("release-too-large") == 1
    rejected, committed = manifests(records, "large")
    assert rejected[1]["state"] == "RELEASE_STATE_REJECTED"
    assert committed[1]["state"] == "RELEASE_STATE_COMMITTED"
    check_release(records, "large", rejected[0])
    check_release(records, "large", committed[0])
    letters = [json.loads(r.value) for r in records if r.topic == "large.rejected.v1"]
    assert len(letters) == PANELS
    for letter in letters:
        assert letter["release"] == rejected[0]
        assert letter["rejection"]["stage"] == "publish"
        assert "hold-bytes-max" in letter["rejection"]["reason"]
        assert letter["rejection"]["year"] > 0 and letter["sources"]
