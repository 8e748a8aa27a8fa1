#!/usr/bin/env python3
"""Judges a recorded history (history.py): I1 to I8, nothing lost, nothing twice.

    violations = judge(load("run.jsonl"))          # or: invariants.py run.jsonl

What a `read_committed` consumer of several partitions can be promised, and is held to here:

- Kafka makes a transaction visible a partition at a time, so that a manifest may be seen before
  rows of other topics. But all rows were written before the commit: whoever has seen the manifest
  and reads every partition to where it ended at that moment, has every row (I1, event `ends`).
- In each partition the records of a release stand together, in the order of the releases. So the
  first record of the next release tells that all before it are there, at any time (I1).
- What is seen stays: both readers see the same records in the same places, and every row belongs to
  a release whose manifest comes (I1).

Beyond these, counts and digests of the manifest are those of the rows (I3), no key comes twice in a
release (I2), releases of one edition and year come in the order of the ledger, on the whole and for
every key (I4), only an accepted panel takes anything away (I5), a stall is seen by a scraper (I6),
two lines make the same bytes of the same release (I7), memory and disk stay below the run's bounds
(I8). LOST and TWICE compare inputs, ledger and manifests. ENDED: a service ended by itself, or told
of a fault when it was stopped at last. STUCK: something was waited for in vain. EMPTY: a line that
nobody looked at.
"""

import argparse
import collections
import itertools
import json
import pathlib
import sys
from typing import NamedTuple

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from history import ALONG, LATE, Seen, load  # noqa: E402

STALL_BOUND_S = 15
BROKER_BOUND_S = 60  # an idle publisher asks every 30 s; it may be busy, or new
SHOWN_MAX = 3
STATES = {"RELEASE_STATE_COMMITTED": "committed", "RELEASE_STATE_REJECTED": "rejected"}
OPEN_STATES = ("complete", "sent", "discovered")
DIGESTS = 2**128


class Violation(NamedTuple):
    invariant: str
    line: str
    text: str

    def __str__(self):
        return f"{self.invariant} {self.line}: {self.text}"


class Told(NamedTuple):
    """All that was recorded of one line."""

    name: str
    inputs: list
    ledger: list
    done: dict | None
    readers: dict  # reader: [Seen] in the order seen
    ends: list
    caught_up: set
    samples: list
    disk: list
    faults: list
    finals: list  # the end of every service's last process, and all that nobody asked for
    stalls: list  # (service, from, to, within which a scraper must see it)

    @property
    def numbers(self):
        """release id: its place in the ledger."""
        return {release["id"]: release["number"] for release in self.ledger}

    def manifests(self, reader):
        """[(release, manifest)] in the order seen."""
        return [(s.release, json.loads(s.text)) for s in self.readers[reader] if s.text is not None]


def judge(events):
    """All violations of a history, the gravest kinds first."""
    run = next((e for e in events if e["what"] == "run"), {})
    told = [_told(events, name) for name in _names(events)]
    found = []
    for one in told:
        found += [Violation(kind, one.name, text) for kind, text in _of_line(one, run)]
    found += [Violation("I7", name, text) for name, text in _same_bytes(told)]
    if not told:
        found.append(Violation("EMPTY", "", "no line is in this history"))
    return found


# --- reading the events ---------------------------------------------------------------------------


def _names(events):
    return list(dict.fromkeys(e["line"] for e in events if "line" in e))


def _told(events, name):
    own = collections.defaultdict(list)
    for event in events:
        if event.get("line") == name:
            own[event["what"]].append(event)
    readers = collections.defaultdict(list)
    for event in own["seen"]:
        readers[event["reader"]] += [Seen(*record) for record in event["records"]]
    caught_up = {e["reader"] for e in own["caught-up"]}
    readers |= {reader: [] for reader in caught_up if reader not in readers}
    return Told(
        name=name, inputs=own["input"], readers=dict(readers), ends=own["ends"],
        ledger=own["ledger"][-1]["releases"] if own["ledger"] else [],
        done=own["done"][-1] if own["done"] else None, caught_up=caught_up,
        samples=own["sample"], disk=own["disk"], stalls=_stalls(own, events),
        faults=own["fault"], finals=_finals(own["end"]))


def _finals(ends):
    last = {event["service"]: event for event in ends}
    return [*(e for e in ends if e["how"] == "ended"),
            *(e for e in last.values() if e["how"] == "stopped")]


def _stalls(own, events):
    """(service, from, to, bound) of every time that a service was stopped, or the broker away while
    the line lived; the broker as service "publish", who needs it. A stop that a kill ends is over
    then."""
    found = []
    for service in {e["service"] for e in own["pause"]}:
        marks = [e for what in ("pause", "resume", "end") for e in own[what]
                 if e["service"] == service]
        found += [(*span, STALL_BOUND_S)
                  for span in _spans(service, marks, lambda e: e["what"] == "pause")]
    broker = [e for e in events if e["what"] == "broker"]
    away = ("killed", "stopped", "paused")
    born = min((e["t"] for e in own["start"]), default=0)
    over = min((e["t"] for e in own["done"]), default=float("inf"))
    spans = _spans("publish", broker, lambda e: e["did"] in away)
    return found + [(service, max(since, born), until, BROKER_BOUND_S)
                    for service, since, until in spans
                    if born < until and until + BROKER_BOUND_S < over]


def _spans(service, marks, begins):
    since = None
    for event in sorted(marks, key=lambda e: e["t"]):
        if begins(event):
            since = event["t"] if since is None else since
        elif since is not None:
            yield service, since, event["t"]
            since = None


# --- one line ----------------------------------------------------------------------------------


def _of_line(told, run):
    """(invariant, text) of each violation."""
    missing = {ALONG, LATE} - told.caught_up
    if missing or not told.ledger or told.done is None:
        what = [*sorted(missing), *(["ledger"] if not told.ledger else []),
                *(["done"] if told.done is None else [])]
        yield "EMPTY", f"not recorded to the end: {', '.join(what)}"
    for reader in told.readers:
        checks = [("I1", _whole), ("I2", _one_copy), ("I3", _agrees), ("I4", _order),
                  ("I5", _stands)]
        for kind, check in checks:
            for text in check(told, reader):
                yield kind, f"{reader}: {text}"
    own = [("I1", _visible), ("I1", _same_readers), ("LOST", _lost), ("TWICE", _twice),
           ("I6", _stalls_seen), ("ENDED", _ended), ("STUCK", _stuck)]
    for kind, check in own:
        for text in check(told):
            yield kind, text
    for text in _bounded(told, run.get("bounds", {})):
        yield "I8", text


def _shown(things):
    things = list(things)
    more = f" and {len(things) - SHOWN_MAX} more" if len(things) > SHOWN_MAX else ""
    return ", ".join(map(str, things[:SHOWN_MAX])) + more


def _by_partition(records):
    found = collections.defaultdict(list)
    for record in records:
        found[record.topic, record.partition].append(record)
    return found


def _is_manifest(record):
    return ".release." in record.topic


def _rows(told, reader):
    """{(release, topic): records}, tombstones too."""
    rows = collections.defaultdict(list)
    for record in told.readers[reader]:
        if not _is_manifest(record):
            rows[record.release, record.topic].append(record)
    return rows


def _whole(told, reader):
    """I1: places ascend, releases stand together, and each has a manifest with all its rows."""
    manifests = dict(told.manifests(reader))
    for where, records in _by_partition(told.readers[reader]).items():
        if any(a.offset >= b.offset for a, b in itertools.pairwise(records)):
            yield f"{where} was not read in order"
        runs = [release for release, _ in itertools.groupby(r.release for r in records)]
        torn = [release for release, count in collections.Counter(runs).items() if count > 1]
        if torn:
            yield f"{where}: not together: {_shown(torn)}"
    if reader not in told.caught_up:
        return
    rows = _rows(told, reader)
    orphans = {release for release, _ in rows} - set(manifests)
    if orphans:
        yield f"rows of releases without a manifest: {_shown(sorted(orphans))}"
    for release, manifest in manifests.items():
        for topic, count, _ in _contents(manifest):
            found = sum(record.digest is not None for record in rows[release, topic])
            if found < count:
                yield f"{release} on {topic}: {found} of {count} rows"


def _visible(told):
    """I1: whoever has seen a manifest finds all rows before where the partitions ended then."""
    for event in told.ends:
        ends = {(topic, partition): end for topic, partition, end in event["ends"]}
        late = [record for record in told.readers.get(event["reader"], [])
                if record.release == event["release"]
                and record.offset >= ends.get((record.topic, record.partition), 0)]
        if late:
            where = _shown((r.topic, r.partition, r.offset) for r in late)
            yield f"{event['release']}: its manifest was seen before these were written: {where}"


def _same_readers(told):
    """I1: who read along and who came afterwards saw the same."""
    if not {ALONG, LATE} <= told.caught_up:
        return
    seen = [set(told.readers[reader]) for reader in (ALONG, LATE)]
    for reader, only in ((ALONG, seen[0] - seen[1]), (LATE, seen[1] - seen[0])):
        if only:
            where = _shown((r.topic, r.partition, r.offset) for r in sorted(only, key=str))
            yield f"seen by {reader} alone: {where}"


def _one_copy(told, reader):
    """I2: one record of each key in a release, one manifest of each."""
    counts = collections.Counter((r.release, r.topic, r.key) for r in told.readers[reader])
    twice = [where for where, count in counts.items() if count > 1]
    if twice:
        yield f"more than once: {_shown(twice)}"


def _contents(manifest):
    """(topic, rows, digest) of all that a manifest names."""
    topics = manifest.get("topics", [])
    return [(c["topic"], int(c.get("rows", 0)), c.get("digest")) for c in topics]


def _tombstones(manifest):
    return {c["topic"]: int(c.get("withdrawn", 0)) for c in manifest.get("topics", [])}


def _agrees(told, reader):
    """I3: counts and digests of the manifest are those of the rows."""
    if reader not in told.caught_up:
        return
    rows = _rows(told, reader)
    for release, manifest in told.manifests(reader):
        contents = _contents(manifest)
        unnamed = {t for r, t in rows if r == release} - {topic for topic, _, _ in contents}
        if unnamed:
            yield f"{release}: rows on topics that it does not name: {_shown(sorted(unnamed))}"
        for topic, count, digest in contents:
            found = [r for r in rows[release, topic] if r.digest is not None]
            total = f"{sum(int(record.digest, 16) for record in found) % DIGESTS:032x}"
            if (len(found), total) != (count, digest):
                yield f"{release} on {topic}: {len(found)} rows {total}, told {count} {digest}"
            gone, wanted = len(rows[release, topic]) - len(found), _tombstones(manifest)[topic]
            if gone != wanted:
                yield f"{release} on {topic}: {gone} tombstones, told {wanted}"


def _panels(manifest, rejected=False):
    """The (edition, year) of a manifest's panels, those that were taken or those rejected."""
    return {(p["edition"], int(p["year"])) for p in manifest.get("panels", [])
            if p.get("rejected", False) == rejected and "edition" in p}


def _panel_of(record):
    edition, year = record.key.split("/")[:2]
    return edition, int(year)


def _order(told, reader):
    """I4: an edition and year never goes back, neither by the manifests nor for any key."""
    numbers = told.numbers
    newest = {}
    for release, manifest in told.manifests(reader):
        for panel in _panels(manifest):
            before = newest.get(panel)
            if numbers.get(release, 0) < numbers.get(before, 0):
                yield f"{release} of {panel} after the newer {before}"
            newest[panel] = release
    back = {}
    for where, records in _by_partition(told.readers[reader]).items():
        last = {}
        for record in records:
            if numbers.get(record.release, 0) < last.get(record.key, 0):
                back.setdefault((where, record.release), record.key)
            last[record.key] = numbers.get(record.release, 0)
    for (where, release), key in back.items():
        yield f"{where}: {key} of {release} after a newer one"


def _stands(told, reader):
    """I5: what a release wrote or took away is of panels that it accepted: a failure takes nothing
    away."""
    manifests = dict(told.manifests(reader))
    for (release, topic), records in _rows(told, reader).items():
        manifest = manifests.get(release)
        if ".rejected." in topic or manifest is None:
            continue
        good = STATES.get(manifest.get("state")) == "committed"
        accepted = _panels(manifest) if good else set()
        wrong = [r.key for r in records if _panel_of(r) not in accepted]
        if wrong:
            yield f"{release} on {topic} touches what it did not accept: {_shown(wrong)}"


# --- ledger, inputs, manifests --------------------------------------------------------------------


def _judged(told):
    """{release: state} by the manifests of whoever read to the end."""
    reader = LATE if LATE in told.caught_up else ALONG
    if reader not in told.caught_up:
        return {}
    return {release: STATES.get(m.get("state")) for release, m in told.manifests(reader)}


def _lost(told):
    """Every input ended as it must, and the topics know it."""
    if not told.ledger or told.done is None:
        return  # EMPTY says so
    judged = _judged(told)
    by_input = {release["input"]: release for release in told.ledger}
    for event in told.inputs:
        release = by_input.get(event["name"])
        if event["wanted"] == "known":
            continue
        if release is None:
            yield f"input {event['name']} is not in the ledger"
        elif release["state"] != event["wanted"]:
            yield f"input {event['name']} is {release['state']}, not {event['wanted']}"
    for release in told.ledger:
        closed = release["state"] in ("committed", "rejected")
        dropped = release["id"].startswith(("dropped-", "damaged-"))
        if release["state"] in OPEN_STATES:
            yield f"release {release['id']} is still {release['state']}"
        elif closed and not dropped and judged.get(release["id"]) != release["state"]:
            yield (f"release {release['id']} is {release['state']} in the ledger, "
                   f"{judged.get(release['id'])} on the topics")
    if told.done and told.done["inbox"]:
        yield f"left in the inbox: {_shown(told.done['inbox'])}"


def _twice(told):
    """One release of an input, and no release from nowhere."""
    ledger = {release["id"] for release in told.ledger}
    foreign = sorted(set(_judged(told)) - ledger)
    if foreign and told.ledger:
        yield f"on the topics, but not in the ledger: {_shown(foreign)}"
    given = collections.Counter(event["name"] for event in told.inputs)
    made = collections.Counter(release["input"] for release in told.ledger)
    for name, count in made.items():
        if name in given and count > given[name]:
            yield f"input {name} became {count} releases"


# --- stalls, bytes, bounds ------------------------------------------------------------------------


def _stalls_seen(told):
    """I6: within the bound a scraper sees that the service that is stopped, or waits, is not
    ready."""
    for service, since, until, bound in told.stalls:
        if until - since <= bound:
            continue
        looked = [s for s in told.samples
                  if s["service"] == service and since < s["t"] <= since + bound]
        if not looked:
            yield f"{service} stood still from {since} to {until} and nobody looked"
        elif all(s["ready"] == 200 for s in looked):
            yield f"{service} stood still from {since} to {until} and said that it was ready"
        yield from _age_seen(told, service, since, until)


def _stuck(told):
    """What was waited for in vain, in its first line."""
    for event in told.faults:
        yield event["text"].split("\n")[0]


def _ended(told):
    """No service ends but when it is killed or told to stop, and the last stop is a clean one."""
    for event in told.finals:
        if event["how"] == "ended" or event["code"] != 0:
            yield f"{event['service']} {event['how']} with {event['code']} at {event['t']}"


def _age_seen(told, service, since, until):
    """A release that waits through the stall is seen to grow old."""
    age = "oldest_unreceipted_release_age_seconds"
    if service == "ingest":
        return
    ages = [(s["t"], s["metrics"][age]) for s in told.samples
            if s["service"] == "ingest" and age in s["metrics"] and since < s["t"] <= until]
    for (then, old), (now, older) in itertools.pairwise(ages):
        if old > 1 and older > 0 and now - then > STALL_BOUND_S and older < old:
            yield f"a release waited for {service} from {then} to {now} and grew no older"


def _same_bytes(all_told):
    """I7: (line, text) of releases that differ between lines, and of inputs whose ids do."""
    first = {}
    for told in all_told:
        reader = LATE if LATE in told.caught_up else ALONG
        if reader not in told.caught_up:
            continue
        for release, content in _bytes_of(told, reader).items():
            name, other = first.setdefault(release, (told.name, content))
            if other != content:
                keys = sorted(set(other.items()) ^ set(content.items()))
                yield told.name, f"{release} is not as on {name}: {_shown(keys)}"
    ids = {}
    for told in all_told:
        by_input = {release["input"]: release["id"] for release in told.ledger}
        for event in told.inputs:
            release = by_input.get(event["name"])
            known = ids.setdefault((event["digest"], event["name"]), release)
            if release and known and known != release:
                yield told.name, f"input {event['name']} became {release}, elsewhere {known}"


def _bytes_of(told, reader):
    """{release: {(topic without the prefix, key): digest}} of the rows."""
    found = collections.defaultdict(dict)
    for record in told.readers[reader]:
        if not _is_manifest(record) and record.digest is not None:
            topic = record.topic.removeprefix(told.name)
            found[record.release][topic, record.key] = record.digest
    return found


def _bounded(told, bounds):
    """I8."""
    for event in told.samples:
        if event.get("rss_mb") and event["rss_mb"] > bounds.get("rss_mb", float("inf")):
            yield f"{event['service']} took {event['rss_mb']} MB at {event['t']}"
            break
    for event in told.disk:
        if event["mb"] > bounds.get("disk_mb", float("inf")):
            yield f"{event['mb']} MB on the disk at {event['t']}"
            break


# --- the report -----------------------------------------------------------------------------------


class Report(NamedTuple):
    kills: int
    pauses: int
    broker: int
    releases: int
    lost: int
    twice: int
    torn: int
    other: int
    seconds: float

    def __str__(self):
        return (f"{self.kills} kills, {self.pauses} stops, {self.broker} broker restarts, "
                f"{self.releases} releases, {self.lost} losses, {self.twice} duplicates, "
                f"{self.torn} torn reads, {self.other} other violations, {self.seconds:.0f} s")


def report(events, violations):
    """The figures of a history."""
    kinds = collections.Counter(v.invariant for v in violations)
    closed = sum(r["state"] in ("committed", "rejected") for name in _names(events)
                 for r in _told(events, name).ledger)
    lost, twice, torn = kinds["LOST"], kinds["I2"] + kinds["TWICE"], kinds["I1"] + kinds["I3"]
    return Report(
        kills=sum(e["what"] == "end" and e["how"] in ("killed", "crashed") for e in events),
        pauses=sum(e["what"] == "pause" for e in events),
        broker=sum(e["what"] == "broker" and e["did"] == "started" for e in events),
        releases=closed, lost=lost, twice=twice, torn=torn,
        other=sum(kinds.values()) - lost - twice - torn,
        seconds=events[-1]["t"] if events else 0)


def main():
    parser = argparse.ArgumentParser(description="Judges a recorded history.")
    parser.add_argument("history", help="file of JSON lines, as history.py writes it")
    events = load(parser.parse_args().history)
    violations = judge(events)
    for violation in violations:
        print(violation)
    print(report(events, violations))
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
