"""Status beats, for make.py."""

from records import RELEASE

PUBLISHER = "a1b2c3d4e5f60718293a4b5c6d7e8f90"


def status(pb):
    return pb["status"].StatusBeat(service="publish", instance=1, pid=4194304,
                                   state=pb["status"].SERVICE_STATE_WAITING,
                                   detail="Kafka at 127.0.0.1:9092", panels_in=10, panels_out=9,
                                   panels_rejected=1, frames_refused=2, release=RELEASE,
                                   in_progress=3, time_ms=1773558000999)


def status_ingest(pb):
    """A beat with ingest's part: a held release, one that is open and one that was committed."""
    beat = pb["status"].StatusBeat(service="ingest", pid=4711, in_progress=12, release=RELEASE,
                                   state=pb["status"].SERVICE_STATE_READY,
                                   time_ms=1773558000999, since_ms=1773550000123)
    part = beat.ingest
    part.window, part.in_flight, part.waiting, part.held_by_publish = 8, 5, 4, 3
    part.releases_open, part.oldest_unreceipted_ms = 2, 1773557990000
    part.held.add(release="ff" * 16, input="Statistics Norway 2026-03-15 (åpnet)",
                  since_ms=1773557000000, reason="12 of 40 figures vanished")
    part.held_total = 17
    part.next_publication_ms = 1781503200000
    part.next_publication = "kostra, revised figures of 2025"
    part.phases.add(release=RELEASE, discovered_ms=1773557990000, recorded_ms=1773557991000,
                    sent_ms=1773557991250, attempts=2)
    part.phases.add(release="ee" * 16, discovered_ms=1773557900000, sent_ms=1773557901000,
                    held_ms=1773557905000, committed_ms=1773557906500, attempts=1)
    return beat


def status_publish(pb):
    """A beat with publish's part."""
    beat = status(pb)
    beat.publish.kafka = pb["status"].KAFKA_STATE_LOST
    beat.publish.detail = "since 2026-03-15T07:00:00.000Z: no broker answers"
    beat.publish.last_commit_ms = 1773557906500
    beat.publish.releases, beat.publish.rows = 41, 350000
    return beat
