"""Small and quick: what a first visit fetches, and when it can be used."""

import statistics
import time
import urllib.parse

import pytest
from pages import CHOOSE, OPERATIONS, STAVANGER

BYTES_MAX = 300_000
READY_MS = 2_000
VISITS_MAX = 10
BETWEEN_S = 1  # a machine that is busy now may be idle then


def fetched(open_page, path):
    """{path: bytes on the wire, heads included} of a first visit."""
    page, _ = open_page("/api/catalogue", ready=False)
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    names, sizes = {}, {}
    session.on("Network.requestWillBeSent",
               lambda e: names.update({e["requestId"]: e["request"]["url"]}))
    session.on("Network.loadingFinished",
               lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]}))
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    page.goto(page.url.partition("/api/")[0] + path)
    page.wait_for_selector("[data-usable]", state="attached")
    return {urllib.parse.urlsplit(names[key]).path: size for key, size in sizes.items()
            if key in names}


@pytest.mark.parametrize("path", [CHOOSE, STAVANGER, OPERATIONS])
def test_a_first_visit_fetches_less_than_300_kB_its_figures_included(open_page, path):
    sizes = fetched(open_page, path)
    told = ", ".join(f"{name[:60]} {size / 1000:.1f}" for name, size in sizes.items())
    print(f"{path}: {sum(sizes.values()) / 1000:.1f} kB ({told})")
    assert len(sizes) >= 3, "script, style and figures are fetched"
    assert 20_000 < sum(sizes.values()) < BYTES_MAX, told


@pytest.mark.parametrize("path", [CHOOSE, STAVANGER, OPERATIONS])
def test_a_page_can_be_used_within_two_seconds_of_a_first_visit(open_page, path):
    """From the start of the navigation to when it can be used, by the browser's own clock, in a
    fresh profile each time. The quickest visit counts: other processes must not decide."""
    times = []
    while len(times) < VISITS_MAX and (not times or min(times) >= READY_MS):
        time.sleep(BETWEEN_S if times else 0)
        page, _ = open_page(path)
        times.append(page.evaluate("() => window.__seen.ready"))
        open_page.close(page)
    print(f"{path}: usable after {min(times):.0f} ms, median {statistics.median(times):.0f} ms")
    assert min(times) < READY_MS, times
