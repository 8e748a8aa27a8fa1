"""F27: Statistics Norway misbehaves in every way; then exactly one right release comes, and nothing
wrong was published meanwhile.

A correction is made to a table that cannot be had. While it cannot, the trouble shows in the
metrics and nothing comes (the last good release stands, I5); when the server behaves again exactly
one release comes (I2), of that table's changed year alone, whole (I1, I3), with the right figure,
after all that came before it (I4). Memory stays bounded (I8).
"""

import pathlib

import pytest
from watched import CITIES, INCOME, Watched, scenario

TABLE = "12134"
DATA = f"/tables/{TABLE}/data"
METADATA = f"/tables/{TABLE}/metadata"
SEARCH = "/tables?"
HUGE = 64 << 20
GROWTH_MB = 48  # of ingest, whatever is sent

# The way to misbehave, what the failure is called in the metrics, and more for the server.
FIGURES = {
    "bad-request": ("bad-question", {}),
    "forbidden": ("forbidden", {}),
    "too-many": ("too-many", {}),
    "too-many with Retry-After": ("too-many", {"retry_after": 30}),
    "empty-500": ("unavailable", {}),
    "unavailable": ("unavailable", {}),
    "html": ("foreign", {}),
    "silent": ("timed-out", {}),
    "trickle": ("timed-out", {}),
    "closed": ("cut", {}),
    "cut": ("cut", {}),
    "wrong-length": ("cut", {}),
    "cut-gzip": ("cut", {}),
    "bomb": ("too-large", {"bytes": 16 << 20}),
    "invalid-json": ("foreign", {}),
    "redirect-loop": ("foreign", {}),
    "empty-values": ("cut", {}),
}
# Here every call succeeds; the table as a whole cannot be taken.
WHOLE_TABLE = {"null-values": "half", "old-updated": "changing", "moving": "changing"}


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    # A sanitizer keeps what was freed; little of it, or it would be taken for growth.
    settings = {"KF_SSB_TIMEOUT": "3s", "ASAN_OPTIONS": "quarantine_size_mb=4"}
    made = Watched(tmp_path_factory.mktemp("faults"), settings=settings)
    made.pipeline.ready()
    made.await_commits(1)
    yield made
    made.clean_up()
    assert not made.pipeline.sanitizer_reports()


@pytest.fixture(autouse=True)
def behaves(watched):
    """Whatever became of the test before."""
    watched.ssb.behave()


def served(watched):
    """The figures of the server's table as they are now, by city and year."""
    selection = {"KOKkommuneregion0000": CITIES, "ContentsCode": ["*"], "Tid": ["*"]}
    table = watched.ssb.data(TABLE, selection).json
    years = table["dimension"]["Tid"]["category"]["index"]
    cells = [(city, int(year)) for city in CITIES for year in years]
    return dict(zip(cells, table["value"], strict=True))


def published(topics):
    """The same from the topics: the newest record of each city and year."""
    raw = topics.figures(INCOME, "indicator", "raw")
    return {(key.split("/")[1], int(key.split("/")[0])): value for key, value in raw.items()}


class Correction:
    """Another figure of Bergen's in 2024, made while the server misbehaves."""

    value = 64000.0

    def __init__(self, watched):
        self.watched = watched
        self.before = watched.topics()
        Correction.value += 17
        watched.ssb.change(
            TABLE,
            "set",
            where={"KOKkommuneregion0000": "4601", "Tid": "2024"},
            value=Correction.value,
            touch=True,
        )

    def nothing_came(self):
        assert self.watched.topics().records == self.before.records

    def comes(self, years=(2024,)):
        """Exactly one release more, whole, of the years that were corrected, with what the server
        has."""
        self.watched.ssb.behave()
        topics = self.watched.await_release(self.before)
        topics.check()
        assert topics.releases[:-1] == self.before.releases
        assert topics.panels(topics.releases[-1]) == [(INCOME, year) for year in years]
        assert topics.manifests[-1]["vintage"] == "correction"
        figures = served(self.watched)
        assert figures["4601", 2024] == Correction.value
        assert published(topics) == figures


def failures(watched, cause):
    return watched.metric(f'ssb_failures_total{{cause="{cause}"}}')


# --- figures that cannot be had ----------------------------------------------------------------


@pytest.mark.parametrize("case", FIGURES)
def test_figures_that_cannot_be_had_come_when_the_server_behaves_again(watched, case):
    cause, more = FIGURES[case]
    mode = case.split()[0]
    failed = failures(watched, cause)
    watched.ssb.misbehave(mode, path=DATA, **more)
    correction = Correction(watched)
    watched.await_metric(f'ssb_failures_total{{cause="{cause}"}}', failed + 1)
    correction.nothing_came()
    correction.comes()
    watched.await_metric('ssb_tables_in_trouble{trouble="failed"}', 0, most=0)


@pytest.mark.parametrize("mode", WHOLE_TABLE)
def test_a_table_that_is_not_whole_is_not_taken(watched, mode):
    trouble = f'ssb_tables_in_trouble{{trouble="{WHOLE_TABLE[mode]}"}}'
    watched.ssb.misbehave(mode, path=METADATA if mode == "old-updated" else DATA)
    correction = Correction(watched)
    watched.await_metric(trouble, 1)
    correction.nothing_came()
    # Each answer that moves changed Oslo's first year, too.
    correction.comes(years=(2023, 2024) if mode == "moving" else (2024,))
    assert watched.metric(trouble) == 0


@pytest.mark.parametrize("mode", ["wrong-type", "twice"])
def test_what_is_only_odd_is_taken(watched, mode):
    watched.ssb.misbehave(mode)
    correction = Correction(watched)
    correction.comes()


def test_a_notice_that_is_older_than_what_is_here_changes_nothing(watched):
    stale = watched.metric("ssb_stale_answers_total")
    before = watched.topics()
    watched.ssb.misbehave("old-updated")
    watched.await_metric("ssb_stale_answers_total", stale + 3)
    watched.ssb.behave()
    assert watched.topics().records == before.records


# --- everything fails --------------------------------------------------------------------------

@pytest.mark.parametrize("path", [SEARCH, METADATA])
@pytest.mark.parametrize("mode", ["unavailable", "html", "cut"])
def test_searches_and_descriptions_that_fail_are_survived(watched, mode, path):
    cause = FIGURES[mode][0]
    failed = failures(watched, cause)
    watched.ssb.misbehave(mode, path=path)
    correction = Correction(watched)
    watched.await_metric(f'ssb_failures_total{{cause="{cause}"}}', failed + 1)
    correction.nothing_came()
    correction.comes()


def test_while_nothing_answers_the_service_says_so_and_stays_ready_for_files(watched):
    """Files of the drop folder can be worked on: it is trouble that is told, not unreadiness."""
    since = len(watched.log())
    watched.ssb.misbehave("unavailable")
    correction = Correction(watched)
    watched.await_log('state=\\w+ detail="Statistics Norway does not answer', since)
    watched.await_metric("ssb_last_search_age_seconds", 3600)
    assert "Statistics Norway does not answer" in watched.http("/readyz")[1]
    correction.nothing_came()
    correction.comes()


# --- memory ------------------------------------------------------------------------------------


def peak_mb(watched):
    pid = watched.pipeline.pids()["ingest-0"]
    status = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def forget_peak(watched):
    pid = watched.pipeline.pids()["ingest-0"]
    pathlib.Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")


@pytest.mark.parametrize("mode", ["bomb", "huge-json"])
def test_memory_does_not_grow_with_what_is_sent(watched, mode):
    forget_peak(watched)
    before = peak_mb(watched)
    received = watched.metric("ssb_received_bytes_total")
    watched.ssb.misbehave(mode, path=DATA, bytes=HUGE)
    correction = Correction(watched)
    watched.await_metric("ssb_received_bytes_total", received + 1)
    watched.await_metric('ssb_failures_total{cause="too-large"}', 1)
    assert peak_mb(watched) < before + GROWTH_MB
    correction.comes()


# --- the same bytes ----------------------------------------------------------------------------


def test_what_came_through_all_that_is_byte_for_byte_what_a_calm_server_gives(watched, tmp_path):
    figures = served(watched)
    calm = Watched(tmp_path / "calm", described=scenario(figures))
    try:
        calm.pipeline.ready()
        calm.await_commits(1)
        ours, theirs = watched.topics(), calm.topics()
        for topic in ("indicator", "index", "statistics", "need", "resource-use"):
            assert ours.newest(topic) == theirs.newest(topic)
            assert ours.newest(topic)
    finally:
        calm.clean_up()
