"""A pipeline over tcp: who has the keys gets a release through, who has not gets nowhere."""

import re
import socket

import pytest
import zmtp
from broker import Broker
from keyed import KeyedLine, free_ports, make_keys
from line import ROOT, Line, revised, wait_until
from publisher import cases
from reader import all_topics, check_release, manifests, read_all

KEYS = "/etc/kostraflow/keys"
CUT_S = 40  # a handshake may take 10 s, and the machine may be busy
CONNECTIONS = 60


@pytest.fixture(scope="module")
def broker():
    with Broker() as running:
        running.prepare_transactions()
        yield running


def passes(line, broker, prefix, releases=1, **dropped):
    """Drops a file and waits until its release has gone through; all so far are on the topics. Once
    ingest has closed it nothing more will be sent."""
    line.drop(**dropped)
    try:
        wait_until(lambda: line.committed() == releases, "the release is published", 120)
    except AssertionError as late:
        raise AssertionError(f"{late}\n{line.logs()}") from None
    records = read_all(broker.bootstrap, all_topics(prefix))
    found = manifests(records, prefix)
    assert len(found) == releases
    for release, *_ in found:
        check_release(records, prefix, release)


# --- the example of docs/SECURITY.md ---


def documented():
    """The command lines of the example, by machine: lists of words."""
    text = (ROOT / "docs" / "SECURITY.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    lines = [[row for row in block.splitlines() if row.strip()] for block in blocks]
    machines = [rows for rows in lines if rows[0].startswith("# peers")]
    assert len(machines) == 2
    return [(rows[0].split()[1:], [row.split() for row in rows[1:]]) for rows in machines]


def machine(work, broker, prefix, words_of, replaced):
    """A Line with the options of the documented command lines."""
    options = {}
    for words in words_of:
        own = words[1:]
        if "--bootstrap-servers" in own:
            place = own.index("--bootstrap-servers")
            own = own[:place] + own[place + 2 :]
        for before, after in replaced.items():
            own = [word.replace(before, after) for word in own]
        options[words[0].removeprefix("kf-")] = own
    return Line(work, broker.bootstrap, prefix, options=options)


def test_the_documented_example_over_two_machines_publishes(broker, tmp_path):
    made = make_keys(tmp_path / "made")
    ports = free_ports(2)
    replaced = {f"10.0.0.{n}:{old}": f"127.0.0.1:{new}"
                for n in (1, 2) for old, new in zip((7101, 7104), ports, strict=True)}
    machines = []
    for number, (files, words) in enumerate(documented()):
        keys = tmp_path / f"keys{number}"
        keys.mkdir(mode=0o700)
        for name in files:
            (keys / name).touch(mode=0o600)
            (keys / name).write_bytes((made / name).read_bytes())
        here = {**replaced, KEYS: str(keys)}
        machines.append(machine(tmp_path / f"m{number}", broker, "two", words, here))
    with machines[0] as first, machines[1] as second:
        second.start("publish", "efficiency", "aggregate")
        first.start("normalize", "need", "ingest")
        passes(first, broker, "two")


# --- who has no key ---


@pytest.fixture
def line(broker, tmp_path, request):
    prefix = f"k{abs(hash(request.node.name)) % 10**10}"
    with KeyedLine(tmp_path / "line", broker.bootstrap, prefix) as made:
        made.prefix = prefix
        yield made


def test_all_six_meet_over_tcp_and_tell_no_secret(line, broker):
    line._options = {name: [*words, "--log-level", "debug"]
                     for name, words in line._options.items()}
    line.start()
    passes(line, broker, line.prefix)
    secrets = [(line.keys / f"{name}.key").read_text().split()[-1] for name in line._options]
    shown = line.logs()
    for service, process in line._processes.items():
        for name in ("cmdline", "environ"):
            with open(f"/proc/{process.pid}/{name}", "rb") as file:
                shown += file.read().decode(errors="replace")
        shown += line.page(service, "/metrics")[1]
    for path in line.work.glob("*.log"):
        shown += path.read_text()
    assert not [secret for secret in secrets if secret in shown]


def test_whoever_has_no_key_is_counted_and_stops_nobody(line, broker):
    line.start()
    passes(line, broker, line.prefix)  # all who belong are there, else one is taken for a peer
    need = line.ports[1]
    peers = [zmtp.Peer.tcp(need) for _ in range(CONNECTIONS)]
    for number, peer in enumerate(peers):
        words = [b"", zmtp.SIGNATURE, zmtp.greeting(), zmtp.greeting(b"CURVE"),
                 b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" + bytes(64), b"\0" * 4096]
        peer.raw(words[number % len(words)])
    passes(line, broker, line.prefix, 2, name="again.csv", text=revised())  # while they are there
    for peer in peers:
        peer.socket.settimeout(CUT_S)
        assert peer.ended()
        peer.socket.close()
    line.await_figure("need", "peers_denied_total", lambda denied: denied >= CONNECTIONS)
    assert line.await_figure("need", "frames_refused_total") == 0
    assert 'key="unknown"' in line.logs()
    assert set(line.stop().values()) == {0}


def test_a_pipeline_with_other_keys_gets_nothing_in(line, broker, tmp_path):
    line.start()
    with KeyedLine(tmp_path / "rogue", broker.bootstrap, "rogue", ports=line.ports) as rogue:
        rogue.start("ingest", wait=False)  # cannot bind ingest's port, which is taken
        rogue.wait_exit("ingest")
        rogue._options["ingest"][3] = f"tcp://127.0.0.1:{free_ports(1)[0]}"
        rogue.start("ingest", wait=False)
        rogue.drop()
        line.await_figure("need", "peers_denied_total", lambda denied: denied > 0)
        rogue.await_figure("ingest", "handshakes_failed_total", lambda failed: failed > 0)
        assert line.await_figure("need", "panels_in_total") == 0
        # the same files with the list of who it wants to get in to: still not a key that is listed
        rogue.kill("ingest")
        (rogue.keys / "peers").write_text((line.keys / "peers").read_text())
        rogue.start("ingest", wait=False)
        assert rogue.wait_exit("ingest") == 2
        # listed by itself: now it knows the right key of need, and need does not know it
        own = (rogue.keys / "ingest.key").read_text().split()[-1]
        assert own not in (line.keys / "peers").read_text()
    passes(line, broker, line.prefix)


# --- without keys, by name: frames that are none ---

BAD = {
    "too short": b"KF",
    "foreign": b"not a frame of this project at all",
    "another version": zmtp.frame(b"payload", version=2),
    "another kind": zmtp.frame(b"payload", kind=3),
    "unknown kind": zmtp.frame(b"payload", kind=200),
    "truncated": zmtp.frame(b"payload", length=100),
    "overlong": zmtp.frame(b"payload", length=1),
    "corrupt": zmtp.frame(b"payload", checksum=1),
    "not an envelope": zmtp.frame(b"\xff" * 40),
    "empty": b"",
}


@pytest.mark.parametrize("way", cases("tcp", rare=["ipc"]))
def test_bad_frames_are_refused_and_counted_and_stop_nobody(broker, tmp_path, way):
    port = free_ports(1)[0]
    address = f"tcp://127.0.0.1:{port}"
    open_tcp = {"need": ["--insecure-tcp", "true", "--input", address],
                "ingest": ["--insecure-tcp", "true", "--output", address]}
    with Line(tmp_path / "line", broker.bootstrap, f"bad-{way}",
              options=open_tcp if way == "tcp" else None) as line:
        line.start()

        def peer():
            return zmtp.Peer.tcp(port) if way == "tcp" else zmtp.Peer.ipc(line.run / "need-0.in")

        with peer() as bad:
            bad.greet()
            for body in BAD.values():
                assert bad.send(body)
            bad.send(b"one", more=True)
            bad.send(b"two")
            line.await_figure("need", "frames_refused_total", lambda n: n == len(BAD) + 1)
        with peer() as large:  # cut by its announced size, before a byte of it is kept
            large.greet()
            large.raw(b"\x02" + (1 << 62).to_bytes(8, "big"))
            assert large.ended()
        with peer() as mad:  # an own mechanism, a version of the future, rubbish after the greeting
            mad.raw(zmtp.greeting(b"NONSENSE", (9, 9)))
            mad.raw(bytes(range(256)) * 16)
            assert mad.ended()
        passes(line, broker, f"bad-{way}")
        assert line.exit_code("need") is None


def test_tcp_without_keys_is_refused_with_the_remedy(broker, tmp_path):
    options = {"need": ["--input", f"tcp://127.0.0.1:{free_ports(1)[0]}"]}
    with Line(tmp_path / "line", broker.bootstrap, "open", options=options) as line:
        line.start("need", wait=False)
        assert line.wait_exit("need") == 2
        assert "kf keys new" in line.logs() and "--insecure-tcp" in line.logs()
        with pytest.raises(OSError):
            socket.create_connection(("127.0.0.1", int(options["need"][1].rsplit(":", 1)[1])), 5)
