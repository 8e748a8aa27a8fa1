"""Benchmarks of the pipeline against a script that does the same, on one real Kafka, in one run.

Prints panels per second, seconds from the file in the inbox to the committed manifest, peak memory
of each service, and the ratio to the script. Seconds differ from machine to machine; ratios are
what to compare.
"""

import argparse
import contextlib
import json
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "kafka"))

from broker import Broker  # noqa: E402
from confluent_kafka import Consumer, TopicPartition  # noqa: E402

SERVICES = ["ingest", "need", "normalize", "aggregate", "efficiency", "publish"]
DATA_TOPICS = ["need", "indicator", "index", "efficiency", "statistics"]
DEADLINE_S = 300


def create_topics(broker: Broker, prefix: str) -> None:
    broker.create_topics([f"{prefix}.{name}.v1" for name in DATA_TOPICS], compacted=True)
    broker.create_topics([f"{prefix}.release.v1", f"{prefix}.rejected.v1"], compacted=False)


def wait_for_manifest(bootstrap: str, topic: str) -> tuple[float, dict]:
    """When a read_committed consumer has the first manifest, and what it says."""
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": "bench",
            "enable.auto.commit": False,
            "isolation.level": "read_committed",
            "fetch.wait.max.ms": 5,
        }
    )
    consumer.assign([TopicPartition(topic, 0, 0)])
    deadline = time.perf_counter() + DEADLINE_S
    try:
        while time.perf_counter() < deadline:
            message = consumer.poll(0.05)
            if message is not None and message.error() is None:
                return time.perf_counter(), json.loads(message.value())
    finally:
        consumer.close()
    raise SystemExit(f"no manifest on {topic} within {DEADLINE_S} s")


def children(pid: int) -> dict[str, int]:
    """Process ids of the services that `kf up` runs."""
    found = {}
    for entry in pathlib.Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            if entry.name.isdigit():
                stat = (entry / "stat").read_text().rsplit(")", 1)
                if int(stat[1].split()[1]) == pid:
                    found[(entry / "exe").resolve().name.removeprefix("kf-")] = int(entry.name)
    return found


def peak_mb(pid: int) -> float:
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return float("nan")


def wait_for_file(path: pathlib.Path, process: subprocess.Popen) -> None:
    deadline = time.perf_counter() + 60
    while not path.exists():
        if process.poll() is not None or time.perf_counter() > deadline:
            raise SystemExit("kf up did not become ready; see its log folder")
        time.sleep(0.02)


@contextlib.contextmanager
def pipeline(
    binaries: pathlib.Path, work: pathlib.Path, editions: pathlib.Path, bootstrap: str, prefix: str
):
    """A running pipeline; yields the process and its inbox."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    ready = work / "ready"
    process = subprocess.Popen(
        [
            binaries / "kf",
            "up",
            "--state-dir",
            work / "state",
            "--run-dir",
            work / "run",
            "--editions",
            editions,
            "--bootstrap-servers",
            bootstrap,
            "--topic-prefix",
            prefix,
            "--ready-file",
            ready,
            "--quiet",
        ],
        stdout=subprocess.DEVNULL,
        stderr=open(work / "kf-up.log", "w"),
    )
    try:
        wait_for_file(ready, process)
        yield process, work / "state" / "inbox"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def drop(source: pathlib.Path, inbox: pathlib.Path) -> float:
    """Puts a file into the inbox in one step; returns when."""
    shutil.copy(source, inbox / "input.tmp")
    begun = time.perf_counter()
    os.rename(inbox / "input.tmp", inbox / source.name)
    return begun


def run_pipeline(options, broker: Broker, number: int) -> dict:
    prefix = f"bench-kf-{number}"
    create_topics(broker, prefix)
    with pipeline(
        options.binaries,
        options.work / f"kf-{number}",
        options.national / "editions",
        broker.bootstrap,
        prefix,
    ) as (process, inbox):
        begun = drop(options.national / "national.csv", inbox)
        done, manifest = wait_for_manifest(broker.bootstrap, f"{prefix}.release.v1")
        memory = {
            name: peak_mb(pid) for name, pid in children(process.pid).items() if name in SERVICES
        }
    rows = {
        content["topic"].removeprefix(f"{prefix}."): int(content["rows"])
        for content in manifest["topics"]
    }
    return {
        "seconds": done - begun,
        "panels": len(manifest["panels"]),
        "rows": rows,
        "memory_mb": memory,
    }


def run_baseline(options, broker: Broker, number: int) -> dict:
    prefix = f"bench-py-{number}"
    create_topics(broker, prefix)
    output = subprocess.run(
        [
            sys.executable,
            ROOT / "tools" / "bench" / "baseline.py",
            "--edition",
            options.national / "editions" / "nasjonal-syntetisk.yaml",
            "--input",
            options.national / "national.csv",
            "--bootstrap-servers",
            broker.bootstrap,
            "--topic-prefix",
            prefix,
        ],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    result = json.loads(output)
    result["rows"] = {
        topic.removeprefix(f"{prefix}."): count for topic, count in result["rows"].items()
    }
    return result


def run_compute(options, edition: str, years: str, editions: pathlib.Path, *inputs) -> dict:
    """`kf compute` in one process without a broker; which must succeed."""
    begun = time.perf_counter()
    command = [options.binaries / "kf", "compute", "--edition", edition, "--year", years]
    command += ["--editions", editions, "--input", *inputs]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"kf compute --edition {edition} failed")
    return {"seconds": time.perf_counter() - begun, "memory_mb": usage.ru_maxrss / 1024}


def run_synthetic(options) -> dict:
    """The same input as the pipeline's."""
    return run_compute(
        options,
        "nasjonal-syntetisk",
        options.years,
        options.national / "editions",
        options.national / "national.csv",
    )


def run_demography(options) -> dict:
    """Need by age and demography of all municipalities, 22 years of real figures."""
    data = ROOT / "data"
    return run_compute(
        options,
        "demography-national",
        "2005-2026",
        ROOT / "editions",
        data / "population" / "population.csv",
        data / "resource-use" / "country-2024.csv",
    )


def report(ours: list[dict], theirs: list[dict], computed: dict[str, dict]) -> bool:
    """Prints the medians; false when the two did not publish the same number of rows."""
    rows, panels = ours[0]["rows"], ours[0]["panels"]
    total = sum(rows.values())
    same = all({t: n for t, n in run["rows"].items() if n} == theirs[0]["rows"] for run in ours)
    seconds = statistics.median(run["seconds"] for run in ours)
    script = sorted(theirs, key=lambda run: run["release_to_committed"])[len(theirs) // 2]
    memory = {name: max(run["memory_mb"][name] for run in ours) for name in SERVICES}
    print(f"release            {panels} panels, {total} rows on a real Kafka, from both: {same}")
    print("release to committed, median of", len(ours))
    print(f"  pipeline         {seconds:8.2f} s   {panels / seconds:.1f} panels/s,", end=" ")
    print(f"{total / seconds / 1000:.0f} thousand rows/s")
    print(f"  script           {script['release_to_committed']:8.2f} s   of it", end=" ")
    print(", ".join(f"{phase} {script[phase]:.2f}" for phase in ("read", "compute", "publish")))
    print(f"  ratio            {script['release_to_committed'] / seconds:8.1f}")
    for what, run in computed.items():
        print(f"kf compute         {run['seconds']:8.2f} s   {run['memory_mb']:.0f} MB, {what}")
    print("peak memory, MB    " + ", ".join(f"{name} {mb:.0f}" for name, mb in memory.items()))
    return same


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binaries", type=pathlib.Path, required=True, help="release programs")
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--national", type=pathlib.Path, required=True, help="made by national.py")
    parser.add_argument("--years", default="2005-2024")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    ours, theirs = [], []
    with Broker(heap="1g") as broker:
        broker.prepare_transactions()
        print("a round that does not count, for the broker's JVM to warm up …", file=sys.stderr)
        run_pipeline(options, broker, options.rounds)
        for number in range(options.rounds):
            print(f"round {number + 1} of {options.rounds} …", file=sys.stderr)
            ours.append(run_pipeline(options, broker, number))
            theirs.append(run_baseline(options, broker, number))
    computed = {
        "the same input, no broker": run_synthetic(options),
        "need and demography of 357 municipalities × 22 years": run_demography(options),
    }
    if not report(ours, theirs, computed):
        raise SystemExit("the two did not publish the same rows")


if __name__ == "__main__":
    main()
