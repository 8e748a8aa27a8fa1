"""What looks after the pages sees what is wrong with one."""

import contextlib
import http.server
import threading
import time

import pytest
from chromium import OBSERVE, Watch, program
from conftest import WAIT_MS
from pages import place, shows

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'"
WRONG = {
    "console error: broken": "<script src=/say.js></script>",
    "page error: thrown": "<script src=/throw.js></script>",
    "/absent.js: 404": "<script src=/absent.js></script>",
    "refused by the policy: style-src": "<p style='color: red'>x</p>",
    "refused by the policy: script-src": "<script>document.title = 'x';</script>",
    "asked a stranger: http://127.0.0.1:9/": "<a href='http://127.0.0.1:9/x' id=away>away</a>",
}
STRANGER = "http://127.0.0.1:9/**"
SCRIPTS = {"/say.js": "console.error('broken');", "/throw.js": "throw new Error('thrown');"}


@contextlib.contextmanager
def serving(body):
    """The address of a server whose page has this body."""
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):  # pylint: disable=invalid-name
            script = SCRIPTS.get(self.path)
            page = "<!doctype html><title>t</title><link rel=icon href=data:,>" + body
            self.send_response(200 if script or self.path == "/" else 404)
            self.send_header("Content-Type", "text/javascript" if script else "text/html")
            self.send_header("Content-Security-Policy", POLICY + "; img-src data:")
            self.end_headers()
            self.wfile.write((script or page).encode())

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def watched(browser):
    """watched(address) → (page, watch) of a page that is not the board's."""
    context = browser.new_context()

    def open_(address):
        page = context.new_page()
        page.add_init_script(OBSERVE)
        watch = Watch(page, address)
        page.goto(address)
        return page, watch

    yield open_
    context.close()


def is_told(page, watch, fault):
    """True as soon as the watch tells of the fault; false when it never does."""
    end = time.monotonic() + WAIT_MS / 1000
    while not any(fault in told for told in watch.faults) and time.monotonic() < end:
        page.wait_for_timeout(50)
    return any(fault in told for told in watch.faults)


@pytest.mark.parametrize("fault", WRONG)
def test_a_page_that_does_wrong_is_found_out(watched, fault):
    with serving(WRONG[fault]) as address:
        page, watch = watched(address)
        if "stranger" in fault:
            page.route(STRANGER, lambda route: route.fulfill(status=204))  # the page stays
            page.click("#away")
        assert is_told(page, watch, fault), watch.faults


def test_a_page_that_does_nothing_wrong_has_no_faults(watched):
    with serving("<main><h1>well</h1></main>") as address:
        _, watch = watched(address)
        assert watch.faults == []


def test_a_page_can_be_used_when_its_heading_stands_and_nothing_is_awaited(watched):
    def ready(body):
        with serving(body) as address:
            return watched(address)[0].evaluate("() => window.__seen.ready")
    assert ready("<main><h1>well</h1></main>") is not None
    assert ready("<main><p>well</p></main>") is None
    assert ready("<main><h1>well</h1><p class=loading>wait</p></main>") is None
    assert ready("<main><h1>well</h1><div class=chart-host></div></main>") is None
    assert ready("<main><h1>well</h1><div class=chart-host><svg></svg></div></main>") is not None


def test_without_a_chromium_the_remedy_is_told(monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.delenv("KF_CHROMIUM", raising=False)
    with pytest.raises(FileNotFoundError, match="apt-get install chromium"):
        program()


@pytest.mark.parametrize("text, value, language, right", [
    ("1\u202f364\u00a0kr", 1364.4, "nb", True),
    ("1\u202f365\u00a0kr", 1364.4, "nb", False),
    ("NOK\u00a01,364", 1364.4, "en", True),
    ("+3,3\u00a0%", 1.0331, "nb", True),
    ("+3,4\u00a0%", 1.0331, "nb", False),
    ("\u22123.3%", -3.25, "en", True),
    ("3.3% lower", -3.3, "en", True),
    ("+3.3%", -3.3, "en", False),
    ("103,3", 1.0331, "nb", True),
    ("0,29", 0.285, "nb", True),
    ("many", 1.0, "en", False),
])
def test_a_shown_number_is_read_as_a_reader_reads_it(text, value, language, right):
    assert shows(text, value, language) is right


def test_the_place_of_a_number_names_the_member_or_another():
    assert place("need/e/2026/total//need_index", "4003") == (
        "need", "e", 2026, "total", "", "need_index", "4003")
    assert place("need/e/2026/total//need_index/0301", "4003")[-1] == "0301"
