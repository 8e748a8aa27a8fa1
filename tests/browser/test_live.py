"""The operators' page while services are killed, stopped and started again: within two seconds it
shows what is, by itself, and says so to everybody."""

import contextlib
import time

import pytest
from boarded import Boarded
from pages import OPERATIONS

STAGES = ["ingest", "need", "normalize", "aggregate", "efficiency", "publish"]
SEEN_S = 2.0
# The two seconds are held against the quickest of so many tries: other processes of this machine
# may delay one of them.
TRIES = 10
STATES = """() => Object.fromEntries(Array.from(document.querySelectorAll("[data-stage]"),
  (element) => [element.dataset.stage, element.dataset.state]))"""
# Notes by the browser's clock when which state of a stage was first seen.
NOTE = """(stage) => {
  const seen = window.__states = [];
  const look = () => {
    const state = document.querySelector(`[data-stage="${stage}"]`)?.dataset.state;
    if (state !== seen.at(-1)?.state) seen.push({ state, at: Date.now() });
  };
  window.__look?.disconnect();
  window.__look = new MutationObserver(look);
  window.__look.observe(document.body, { subtree: true, attributes: true, childList: true });
  look();
}"""
# The others, when one is killed.
NO_OTHER_IS_LOST = """(stage) => Array.from(document.querySelectorAll("[data-stage]"))
  .every(({ dataset }) => dataset.stage === stage || !["gone", "silent"].includes(dataset.state))"""


def await_state(page, stage, *states):
    page.wait_for_selector(", ".join(f"[data-stage={stage}][data-state={s}]" for s in states))


def seconds_until(page, since, *states):
    """From `since` (of time.time()) until the stage that is noted was seen in one of the states."""
    page.wait_for_function(
        "(states) => window.__states.some(({ state }) => states.includes(state))",
        arg=list(states))
    seen = page.evaluate("() => window.__states")
    return next(one["at"] for one in seen if one["state"] in states) / 1000 - since


@pytest.fixture(scope="module")
def boarded(tmp_path_factory):
    """A board that only these tests see, for its figures are changed and it is killed."""
    with Boarded(tmp_path_factory.mktemp("live")) as running:
        running.feed("asss")
        running.feed("care")
        yield running


@pytest.fixture
def operations(open_page, boarded):
    """The operators' page with all stages ready, as they are again after the test."""
    page, watch = open_page(OPERATIONS)
    for stage in STAGES:
        await_state(page, stage, "ready")
    yield page, watch
    for stage in STAGES:
        with contextlib.suppress(ProcessLookupError):
            boarded.line.resume(stage)
        if boarded.line.exit_code(stage) is not None:
            boarded.line.start(stage)
    for stage in STAGES:
        await_state(page, stage, "ready")


def test_the_stages_stand_in_the_order_in_which_a_panel_walks(operations):
    page, _ = operations
    assert list(page.evaluate(STATES)) == STAGES


@pytest.mark.parametrize("stage", ["need", "publish"])
def test_a_killed_stage_is_gone_within_two_seconds_and_back_when_it_is(operations, boarded, stage):
    page, _ = operations
    gone, back = [], []
    for _ in range(TRIES):
        page.evaluate(NOTE, stage)
        at = time.time()
        boarded.line.kill(stage)
        gone.append(seconds_until(page, at, "gone", "silent"))
        page.wait_for_function(NO_OTHER_IS_LOST, arg=stage)
        page.evaluate(NOTE, stage)
        boarded.line.start(stage)
        boarded.line.wait_ready(stage)
        at = time.time()
        back.append(seconds_until(page, at, "ready"))
        if min(gone) < SEEN_S and min(back) < SEEN_S:
            break
    print(f"{stage}: gone after {min(gone):.2f} s, ready again after {min(back):.2f} s")
    assert min(gone) < SEEN_S and min(back) < SEEN_S, (gone, back)


def test_a_stopped_stage_is_silent_within_two_seconds_and_speaks_again(operations, boarded):
    page, _ = operations
    silent, back = [], []
    for _ in range(TRIES):
        page.evaluate(NOTE, "aggregate")
        at = time.time()
        boarded.line.pause("aggregate")
        silent.append(seconds_until(page, at, "silent"))
        page.evaluate(NOTE, "aggregate")
        at = time.time()
        boarded.line.resume("aggregate")
        back.append(seconds_until(page, at, "ready"))
        if min(silent) < SEEN_S and min(back) < SEEN_S:
            break
    print(f"aggregate: silent after {min(silent):.2f} s, heard after {min(back):.2f} s")
    assert min(silent) < SEEN_S and min(back) < SEEN_S, (silent, back)


def test_a_state_is_told_in_words_and_not_by_colour_alone(operations, boarded):
    page, _ = operations
    worker = page.locator("[data-stage=normalize]")
    before = worker.inner_text()
    boarded.line.kill("normalize")
    await_state(page, "normalize", "gone")
    assert "borte" in worker.inner_text() and "borte" not in before


def test_a_release_appears_while_one_looks(operations, boarded):
    page, _ = operations
    before = page.locator("[data-release]").count()
    boarded.drop_revised()
    page.wait_for_function(f"() => document.querySelectorAll('[data-release]').length > {before}")
    first = page.locator("[data-release]").first
    assert "asss-2010" in first.inner_text() or "ASSS" in first.inner_text()


def test_a_board_that_is_gone_is_told_and_found_again_without_a_reload(operations, boarded):
    page, watch = operations
    watch.expect_failures()
    boarded.kill_board()
    page.wait_for_selector("[data-connection=lost]")
    assert "brutt" in page.locator("[data-connection]").inner_text()
    boarded.start_board()
    page.wait_for_selector("[data-connection=live]")
    await_state(page, "need", "ready")
    assert page.locator("[data-release]").count() > 0
