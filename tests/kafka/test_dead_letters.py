"""Dead letters on a real Kafka: with their release or not at all, once whatever is replayed, and
the same in the ledger as on the topic."""

import json
import signal
import subprocess
import sys

import pytest
from broker import Broker
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
)
from line import DATA, ROOT, Line, binaries, wait_until
from reader import all_topics, check_release, manifests, read_all

ASK_S = 90
SOUND = DATA.read_text(encoding="utf-8")
NAN = SOUND.replace("0301,2010,areal,", "0301,2010,areal,NaN", 1)


# So that a single topic can be closed while the broker runs.
AUTHORIZER = {
    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "allow.everyone.if.no.acl.found": "true",
}


@pytest.fixture(scope="module")
def broker():
    with Broker(settings=AUTHORIZER) as running:
        running.prepare_transactions()
        yield running


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """A release of two panels, one of which cannot be computed: (editions, text of the figures)."""
    folder = tmp_path_factory.mktemp("mixed")
    subprocess.run(
        [
            *(sys.executable, ROOT / "tools" / "bench" / "national.py"),
            *("--municipalities", "20", "--years", "2"),
            *("--editions", ROOT / "editions", "--output", folder),
        ],
        check=True,
    )
    head, *lines = (folder / "national.csv").read_text(encoding="utf-8").splitlines()
    rows = [line.split(",") for line in lines]
    year = max(row[1] for row in rows)
    variable = next(row[2] for row in rows if row[2] != "folkemengde")
    for row in rows:
        if row[1] == year and row[2] == variable:
            row[3] = "0"  # so that it has no mean to be compared with
    return folder / "editions", "\n".join([head, *(",".join(row) for row in rows)]) + "\n"


def prepare(broker, prefix, without=()):
    """Makes the topics but for `without`; publish makes what it needs else."""
    kept = [f"{prefix}.rejected.v1", f"{prefix}.release.v1"]
    names = [name for name in all_topics(prefix) if name not in kept]
    broker.create_topics(names)
    kept = [name for name in kept if name not in without]
    broker.create_topics(kept, compacted=False, config={"retention.ms": "-1"})


def rule(kind, prefix, operation, permission):
    return kind(
        ResourceType.TOPIC,
        f"{prefix}.rejected.v1",
        ResourcePatternType.LITERAL,
        "User:*",
        "*",
        operation,
        permission,
    )


def deny(broker, prefix):
    """Dead letters may be read, and not be written."""
    admin = AdminClient({"bootstrap.servers": broker.bootstrap})
    rules = [
        rule(AclBinding, prefix, AclOperation.ALL, AclPermissionType.ALLOW),
        rule(AclBinding, prefix, AclOperation.WRITE, AclPermissionType.DENY),
    ]
    for future in admin.create_acls(rules).values():
        future.result(ASK_S)


def allow(broker, prefix):
    admin = AdminClient({"bootstrap.servers": broker.bootstrap})
    every = rule(AclBindingFilter, prefix, AclOperation.ANY, AclPermissionType.ANY)
    for future in admin.delete_acls([every]).values():
        assert len(future.result(ASK_S)) == 2


def kf(line, *words, check=True, wait="60s"):
    done = subprocess.run(
        [binaries() / "kf", "releases", *words, "--state-dir", line.state, "--wait", wait],
        capture_output=True,
        text=True,
        timeout=ASK_S,
        check=False,
    )
    assert not check or done.returncode == 0, (words, done.stdout, done.stderr)
    return done.stdout + done.stderr


def in_ledger(line):
    """The dead letters that kf tells, by release and panel."""
    rows = kf(line, "letters", "--all", "--format", "json").splitlines()
    told = [json.loads(row) for row in rows]
    return {
        f"{row['release']}/{row['letter']['panel']}": row["letter"]["rejection"] for row in told
    }


def on_topic(records, prefix):
    letters = [record for record in records if record.topic == f"{prefix}.rejected.v1"]
    found = {record.key: json.loads(record.value)["rejection"] for record in letters}
    assert len(found) == len(letters), "a dead letter came twice"
    return found


def closed(line, count):
    """Waits until the ledger has so many closed releases, and none that is open."""

    def all_closed():
        rows = [row for row in kf(line, "list").splitlines() if not row.startswith("release ")]
        states = [row.split()[1] for row in rows if len(row) > 80 and row[0] != " "]
        return len(states) == count and set(states) <= {"committed", "rejected"}

    wait_until(all_closed, f"{count} releases are closed\n{line.logs()}", ASK_S)


def check_all(broker, prefix, line, count):
    """Releases whole and once; the ledger's letters are the topic's. Returns all records."""
    records = read_all(broker.bootstrap, all_topics(prefix))
    found = manifests(records, prefix)
    assert len(found) == count == len({release for release, _ in found})
    for release, _ in found:
        check_release(records, prefix, release)
    assert in_ledger(line) == on_topic(records, prefix)
    return records


def attempts(line, release):
    return json.loads(kf(line, "show", release, "--format", "json"))["attempts"]


def test_while_dead_letters_cannot_be_written_their_whole_release_waits(broker, tmp_path, mixed):
    prefix = "down"
    editions, figures = mixed
    prepare(broker, prefix)
    deny(broker, prefix)
    with Line(tmp_path, broker.bootstrap, prefix, editions) as line:
        line.start()
        line.drop(name="mixed.csv", text=figures)
        wait_until(
            lambda: "authorization failed" in line.text("publish", "/readyz"),
            "publish says what it waits for",
            ASK_S,
        )
        assert line.page("publish", "/readyz")[0] == 503
        assert line.page("publish", "/healthz")[0] == 200
        assert not read_all(broker.bootstrap, all_topics(prefix), settle_s=0), "not even its rows"
        assert not in_ledger(line)
        allow(broker, prefix)
        closed(line, 1)
        records = check_all(broker, prefix, line, 1)
        manifest = manifests(records, prefix)[0][1]
        assert manifest["state"] == "RELEASE_STATE_COMMITTED"
        assert [panel.get("rejected", False) for panel in manifest["panels"]].count(True) == 1
        assert len(on_topic(records, prefix)) == 1
        wait_until(lambda: line.ready("publish"), "publish is ready again", ASK_S)


def test_without_a_topic_for_dead_letters_the_whole_release_waits(broker, tmp_path, mixed):
    prefix = "missing"
    editions, figures = mixed
    topic = f"{prefix}.rejected.v1"
    options = {"publish": ["--create-topics=false"]}
    with Line(tmp_path, broker.bootstrap, prefix, editions, options) as line:
        prepare(broker, prefix, without=[topic])
        others = ("resource-use", "demography", "unit-cost", "publisher")
        optional = {f"{prefix}.{name}.v1" for name in others} - set(all_topics(prefix))
        broker.create_topics(sorted(optional))
        line.start()
        line.drop(name="mixed.csv", text=figures)
        wait_until(
            lambda: topic in line.text("publish", "/readyz"),
            "publish names the topic",
            ASK_S,
        )
        there = [name for name in all_topics(prefix) if name != topic]
        assert not read_all(broker.bootstrap, there, settle_s=0)
        broker.create_topics([topic], compacted=False, config={"retention.ms": "-1"})
        closed(line, 1)
        check_all(broker, prefix, line, 1)


def test_replayed_twice_nothing_is_written_again_and_what_is_archived_stays(broker, tmp_path):
    prefix = "replayed"
    prepare(broker, prefix)
    options = {"ingest": ["--keep-releases", "2"]}
    with Line(tmp_path, broker.bootstrap, prefix, options=options) as line:
        line.start()
        for number, text in enumerate(
            [NAN, SOUND, NAN.replace("NaN", "7.5NaN")], 1
        ):
            line.drop(name=f"{number}.csv", text=text)
            closed(line, number)
        before = check_all(broker, prefix, line, 3)
        refused, sound, newest = [release for release, _ in manifests(before, prefix)]

        # the first is archived: its panels are dropped
        said = kf(line, "replay", refused, check=False)
        assert "have been dropped" in said and "give its input" in said
        # the others are sent again, twice, and receipted from their manifests
        for times in (2, 3):
            for release in (sound, newest):
                assert "granted" in kf(line, "replay", release)
                wait_until(lambda: attempts(line, release) == times, "it is sent again", ASK_S)
                closed(line, 3)
        assert check_all(broker, prefix, line, 3) == before, "not a record more"

        # something newer comes: the older one stays as it is, though its panels are kept
        figures = SOUND.replace("0301,2010,areal,", "0301,2010,areal,1", 1)
        line.drop(name="4.csv", text=figures)
        closed(line, 4)
        after = check_all(broker, prefix, line, 4)
        said = kf(line, "replay", sound, check=False)
        assert "dropped" in said or "came later" in said
        assert read_all(broker.bootstrap, all_topics(prefix)) == after


def test_a_release_that_something_newer_replaced_is_not_replayed(broker, tmp_path):
    prefix = "newer"
    prepare(broker, prefix)
    with Line(tmp_path, broker.bootstrap, prefix) as line:
        line.start()
        line.drop(name="1.csv")
        closed(line, 1)
        figures = SOUND.replace("0301,2010,areal,", "0301,2010,areal,1", 1)
        line.drop(name="2.csv", text=figures)
        closed(line, 2)
        before = check_all(broker, prefix, line, 2)
        older, newer = [release for release, _ in manifests(before, prefix)]
        for words in (("replay", older), ("retry", older)):
            said = kf(line, *words, check=False)
            assert "refused" in said and f"{newer} came later" in said
        assert (line.done / "1.csv").exists()
        assert read_all(broker.bootstrap, all_topics(prefix)) == before


@pytest.mark.parametrize(
    "service,point",
    [
        ("publish", "publish.committed:1"),
        ("ingest", "ingest.closing:1"),
    ],
    ids=lambda value: value,
)
def test_whoever_is_killed_the_ledger_has_the_letters_of_the_topic(
    broker, tmp_path, mixed, service, point
):
    prefix = point.replace(".", "-").replace(":", "-")
    editions, figures = mixed
    prepare(broker, prefix)
    with Line(tmp_path, broker.bootstrap, prefix, editions) as line:
        line.start(*(name for name in ("efficiency", "aggregate", "normalize", "need")))
        for name in ("publish", "ingest"):
            line.start(name, crash_at=point if name == service else None, wait=False)
        line.drop(name="mixed.csv", text=figures)
        wait_until(lambda: line.exit_code(service) is not None, f"{service} dies at {point}")
        assert line.exit_code(service) == -signal.SIGKILL, line.logs()
        line.start(service)
        closed(line, 1)
        records = check_all(broker, prefix, line, 1)
        assert len(on_topic(records, prefix)) == 1


def test_killed_while_an_input_is_taken_back_it_is_taken_in_once(broker, tmp_path):
    prefix = "taken-back"
    prepare(broker, prefix)
    with Line(tmp_path, broker.bootstrap, prefix) as line:
        line.start("publish", "efficiency", "aggregate", "normalize", "need")
        line.start("ingest", crash_at="ingest.taken-back:1")
        line.drop(name="a.csv", text=NAN)
        closed(line, 1)
        refused = manifests(read_all(broker.bootstrap, all_topics(prefix)), prefix)[0][0]
        (line.rejected / "a.csv").write_text(SOUND, encoding="utf-8")
        kf(line, "retry", refused, wait="0s")
        assert line.wait_exit("ingest") == -signal.SIGKILL, line.logs()
        line.start("ingest")
        closed(line, 2)
        records = check_all(broker, prefix, line, 2)
        assert [manifest["state"] for _, manifest in manifests(records, prefix)] == [
            "RELEASE_STATE_REJECTED",
            "RELEASE_STATE_COMMITTED",
        ]
        assert (line.done / "a.csv").exists() and not (line.rejected / "a.csv").exists()
        assert not kf(line, "letters", "--format", "json"), "the mended one resolves it"
