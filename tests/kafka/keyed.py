"""A line whose services meet over tcp, each closed with a key of its own."""

import contextlib
import subprocess

from broker import free_port
from line import SERVICES, Line, binaries

STAGES = tuple(reversed(SERVICES))


def kf(*arguments):
    """`kf ARGUMENTS…`, run to its end."""
    return subprocess.run(
        [binaries() / "kf", *map(str, arguments)], capture_output=True, text=True, check=False
    )


def make_keys(folder):
    done = kf("keys", "new", folder)
    assert done.returncode == 0, done.stderr
    return folder


def free_ports(count):
    with contextlib.ExitStack() as held:
        return [free_port(held) for _ in range(count)]


def tcp_options(security, ports, via=None):
    """Options of each service. `ports` are where ingest takes receipts and each later stage its
    input; `via` are the ports that others connect to instead."""
    via = via or ports
    options = {name: list(map(str, security)) for name in STAGES}
    options["ingest"] += ["--receipts", f"tcp://127.0.0.1:{ports[0]}"]
    options["publish"] += ["--receipts", f"tcp://127.0.0.1:{via[0]}"]
    for place in range(1, len(STAGES)):
        options[STAGES[place]] += ["--input", f"tcp://127.0.0.1:{ports[place]}"]
        options[STAGES[place - 1]] += ["--output", f"tcp://127.0.0.1:{via[place]}"]
    return options


class KeyedLine(Line):
    """A line over tcp with keys in `work`/keys."""

    def __init__(self, work, bootstrap, prefix, via=None, ports=None):
        work.mkdir(parents=True, exist_ok=True)
        self.keys = make_keys(work / "keys")
        self.ports = ports or free_ports(len(STAGES))
        options = tcp_options(["--keys", self.keys], self.ports, via)
        super().__init__(work, bootstrap, prefix, options=options)
