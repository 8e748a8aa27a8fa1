"""A board with real figures, a headless Chromium, and pages that must behave."""

import pathlib
import sys

import pytest
from playwright.sync_api import sync_playwright

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "board"))

from boarded import Boarded  # noqa: E402  pylint: disable=wrong-import-position
from chromium import FLAGS, OBSERVE, Watch, program  # noqa: E402  pylint: disable=C0413

WAIT_MS = 60_000  # of everything that is waited for; a healthy machine needs a second
OPEN_DETAILS = "() => document.querySelectorAll('details').forEach((d) => { d.open = true; })"
DESKTOP = {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
def boarded(tmp_path_factory):
    """A board that shows all the inputs of tests/board/boarded.py. Tests leave it as it was; who
    takes it away for a while lets the shelf forget its pages first."""
    with Boarded(tmp_path_factory.mktemp("boarded")) as running:
        yield running.feed_all()


@pytest.fixture(scope="session")
def oracle(boarded):
    """What `kf compute` makes of the same inputs."""
    return boarded.oracle()


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all tests. Fails loudly where there is none."""
    try:
        path = program()
    except FileNotFoundError as missing:
        pytest.fail(str(missing), pytrace=False)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield chromium
        chromium.close()


class Opener:
    """open_page(path, **context options) → (page, watch), ready to be used. With `failing` requests
    may fail."""

    def __init__(self, browser, address):
        self._browser, self._address = browser, address
        self._open, self.faults = {}, []

    def __call__(self, path="/", ready=True, failing=False, **options):
        wanted = {"viewport": DESKTOP, "locale": "nb-NO", "accept_downloads": True, **options}
        page = self._browser.new_context(**wanted).new_page()
        page.set_default_timeout(WAIT_MS)
        page.add_init_script(OBSERVE)
        self._open[page] = Watch(page, self._address)
        if failing:
            self._open[page].expect_failures()
        page.goto(self._address + path, wait_until="commit")
        if ready:
            wait_ready(page)
        return page, self._open[page]

    def close(self, page):
        """Closes a page before its test ends."""
        self.faults += self._open.pop(page).faults
        page.context.close()

    def close_all(self):
        for page in list(self._open):
            self.close(page)


@pytest.fixture
def open_page(browser, boarded):
    """Opens pages of the board. After the test none of them may have said an error, met a refusal
    of its policy, or asked anybody but the board."""
    opener = Opener(browser, boarded.address)
    yield opener
    opener.close_all()
    assert not opener.faults, "\n".join(opener.faults)


class Shelf:
    """Pages that are opened once and looked at by many tests, which leave them as they are."""

    def __init__(self, opener):
        self._opener, self._pages = opener, {}

    def __call__(self, path):
        """The page of this address, with all its details open."""
        if path not in self._pages:
            page, watch = self._opener(path)
            page.evaluate(OPEN_DETAILS)
            self._pages[path] = page, watch
        page, _ = self._pages[path]
        return page

    def forget(self):
        """Closes all of them. A page that is open while the board is away says errors, which
        would be held against the tests that come after."""
        for page, _ in self._pages.values():
            self._opener.close(page)
        self._pages.clear()

    @property
    def faults(self):
        open_ = [fault for _, watch in self._pages.values() for fault in watch.faults]
        return [*self._opener.faults, *open_]


@pytest.fixture(scope="session")
def shelf(browser, boarded):
    yield Shelf(opener := Opener(browser, boarded.address))
    opener.close_all()


@pytest.fixture
def look_at(shelf):
    """look_at(path) → a page that other tests look at, too. As open_page, it must behave."""
    yield shelf
    assert not shelf.faults, "\n".join(shelf.faults)


def wait_ready(page):
    """Waits until the page can be used, and has what it has to choose from, too."""
    page.wait_for_selector("[data-usable]", state="attached")
    page.wait_for_selector(".bar-awaited", state="detached")
