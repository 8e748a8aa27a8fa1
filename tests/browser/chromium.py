"""Chromium for the tests: which one, how it is started, and what a page did while it was open."""

import os
import pathlib
import shutil

ROOT = pathlib.Path(__file__).resolve().parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome")
# A browser that calls nobody, needs no graphics, and may run as root in a container.
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--disable-dev-shm-usage", "--font-render-hinting=none")
# Runs before anything of the page: when it could be used, what its policy refused. A page can be
# used when its heading stands, nothing is awaited any more, and every chart is drawn.
OBSERVE = """
(() => {
  const seen = { ready: null, refused: [] };
  Object.defineProperty(window, "__seen", { value: seen });
  const usable = () => document.querySelector("main h1, main .failure")
    && !document.querySelector("main .loading")
    && Array.from(document.querySelectorAll("main .chart-host")).every((chart) =>
      chart.querySelector("svg"));
  const look = () => {
    const now = Boolean(usable());
    document.documentElement.toggleAttribute("data-usable", now);
    if (now && seen.ready === null) seen.ready = performance.now();
  };
  const start = () => new MutationObserver(look).observe(document.body,
    { subtree: true, childList: true });
  document.addEventListener("DOMContentLoaded", () => { look(); start(); });
  document.addEventListener("securitypolicyviolation", (event) => {
    seen.refused.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
  });
})();
"""


def program():
    """The path of Chromium. Raises with what to do when there is none."""
    named = os.environ.get("KF_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, NAMES)), None)
    if not found or not os.access(found, os.X_OK):
        raise FileNotFoundError(
            f"no Chromium ({named or ', '.join(NAMES)}) on this machine; install it with "
            "`apt-get install chromium`, or name one in KF_CHROMIUM")
    return found


def axe_source():
    """The accessibility checker of the page's own tool chain."""
    path = ROOT / "services" / "board" / "page" / "node_modules" / "axe-core" / "axe.min.js"
    if not path.is_file():
        raise FileNotFoundError(f"{path} is not there; run `npm ci` in services/board/page")
    return path.read_text(encoding="utf-8")


class Watch:
    """What a page said and asked for. `faults` must be empty at the end of a test.

    A test that takes the board away says so with `expect_failures`: requests may fail then, and
    the browser may say so on the console; all else stays a fault.
    """

    def __init__(self, page, origin):
        self.page, self._origin = page, origin
        self.said, self.errors, self.strangers, self.failed = [], [], [], []
        self._failures_expected = False
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.errors.append(f"page error: {error}"))
        page.on("request", self._on_request)
        page.on("requestfailed", self._on_failed)
        page.on("response", self._on_response)
        page.on("crash", lambda _: self.errors.append("the page crashed"))

    def expect_failures(self):
        self._failures_expected = True

    def _on_console(self, message):
        self.said.append(f"{message.type}: {message.text}")
        if message.type not in ("error", "warning"):
            return
        if self._failures_expected and "Failed to load resource" in message.text:
            return
        self.errors.append(f"console {message.type}: {message.text}")

    def _on_request(self, request):
        if not request.url.startswith((f"{self._origin}/", "data:", "blob:")):
            self.strangers.append(request.url)

    def _on_failed(self, request):
        # An event stream ends when its page goes.
        if not self._failures_expected and "ERR_ABORTED" not in (request.failure or ""):
            self.failed.append(f"{request.url}: {request.failure}")

    def _on_response(self, response):
        if response.status >= 400 and not self._failures_expected:
            self.failed.append(f"{response.url}: {response.status}")

    @property
    def faults(self):
        refused = self.page.evaluate("() => window.__seen ? window.__seen.refused : []")
        return [*self.errors, *self.failed,
                *(f"asked a stranger: {url}" for url in self.strangers),
                *(f"refused by the policy: {what}" for what in refused)]
