"""Usable by everybody: axe's findings, names for screen readers, the keyboard alone."""

import pytest
from chromium import axe_source
from pages import CHOOSE, HOBOL, OPERATIONS, PAGES, SKIEN, STAVANGER, with_language

NAMED_ROLES = {"button", "link", "textbox", "combobox", "searchbox", "checkbox", "radio", "table",
               "figure", "img", "image", "region", "navigation", "listbox", "option", "heading",
               "columnheader", "rowheader", "progressbar", "slider", "spinbutton"}
TABS_MAX = 60
AXE = """async () => {
  const found = await axe.run(document, { resultTypes: ["violations"], runOnly: ["wcag2a",
    "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
  return found.violations.map((v) => ({ id: v.id, impact: v.impact, help: v.help,
    nodes: v.nodes.slice(0, 5).map((n) => `${n.target}: ${n.failureSummary}`) }));
}"""


def findings(page):
    """What axe finds in a page."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(axe_source())
    return page.evaluate(AXE)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_has_no_serious_findings(look_at, name, scheme):
    page = look_at(with_language(PAGES[name], "nb"))
    page.emulate_media(color_scheme=scheme)
    found = findings(page)
    for finding in found:
        print(f"{finding['impact']}: {finding['id']}: {finding['help']}\n  {finding['nodes']}")
    serious = [f for f in found if f["impact"] in ("serious", "critical")]
    assert not serious, serious


def test_axe_sees_what_is_wrong(open_page):
    page, _ = open_page(CHOOSE)
    page.evaluate("() => document.querySelector('main, body').append("
                  "document.createElement('button'))")
    assert [f for f in findings(page) if f["id"] == "button-name"]


def tree(page):
    """[(role, name)] of what a screen reader is told."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    return [(node.get("role", {}).get("value", ""), node.get("name", {}).get("value", "").strip())
            for node in nodes if not node.get("ignored")]


@pytest.mark.parametrize("name", PAGES)
def test_a_screen_reader_is_told_a_name_of_everything(look_at, name):
    page = look_at(with_language(PAGES[name], "nb"))
    told = tree(page)
    nameless = [role for role, name in told if role in NAMED_ROLES and not name]
    assert not nameless
    headings = [name for role, name in told if role == "heading"]
    assert headings


@pytest.mark.parametrize("path", [SKIEN, STAVANGER, HOBOL])
def test_no_two_figures_of_an_article_have_one_name(look_at, path):
    page = look_at(with_language(path, "nb"))
    names = [name for role, name in tree(page) if role == "figure"]
    assert names and len(set(names)) == len(names), names


FOCUSED = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const style = getComputedStyle(element), box = element.getBoundingClientRect();
  return { name: element.getAttribute("aria-label") || element.textContent.trim().slice(0, 60),
    tag: element.tagName, outline: style.outlineStyle !== "none" && style.outlineWidth !== "0px",
    ring: style.boxShadow !== "none", width: box.width, height: box.height };
}"""


def tabbed(page, most=TABS_MAX):
    """What has the focus after each press of Tab, until it leaves the page."""
    seen = []
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            break
        seen.append(focused)
    return seen


@pytest.mark.parametrize("path", [CHOOSE, SKIEN, OPERATIONS])
def test_whoever_has_no_mouse_sees_where_he_is(open_page, path):
    page, _ = open_page(path)
    seen = tabbed(page)
    assert len(seen) >= 3, seen
    unseen = [f for f in seen if not (f["outline"] or f["ring"]) or f["width"] * f["height"] == 0]
    assert not unseen


def test_a_municipality_is_chosen_by_keyboard_alone(open_page):
    page, _ = open_page(CHOOSE)
    for _ in range(TABS_MAX):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.matches('input')"):
            break
    page.keyboard.type("Skien")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/municipality/4003**")
    page.wait_for_selector("h1:has-text('Skien')")


def test_a_chart_is_read_by_arrow_keys(open_page):
    page, _ = open_page(SKIEN)
    chart = page.locator(".chart-host").first
    chart.focus()
    page.keyboard.press("Home")
    reading = page.locator(".chart-reading").first
    page.keyboard.press("ArrowRight")
    first = reading.inner_text()
    assert first
    page.keyboard.press("End")
    assert reading.inner_text() not in ("", first)
