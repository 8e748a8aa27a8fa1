"""Dark, small, on paper."""

import re
import shutil
import subprocess

import pytest
from pages import CHOOSE, PAGES, SKIEN, with_language

PHONE = {"width": 390, "height": 844}
SMALLEST = {"width": 320, "height": 640}
GROUND = """() => getComputedStyle(document.body).backgroundColor.match(/[0-9.]+/g).map(Number)"""
TOO_WIDE = """() => {
  const root = document.documentElement, wide = [];
  for (const element of document.querySelectorAll("body *")) {
    const box = element.getBoundingClientRect();
    const inside = element.closest(".table-scroll, [data-scrolls], .visually-hidden");
    if (!inside && box.width > 0 && box.right > root.clientWidth + 1) {
      wide.push(`${element.tagName}.${element.getAttribute("class")} ${Math.round(box.right)}`);
    }
  }
  return { scroll: root.scrollWidth, client: root.clientWidth, wide: wide.slice(0, 10) };
}"""


@pytest.mark.parametrize("name", PAGES)
def test_a_phone_never_scrolls_sideways(open_page, name):
    page, _ = open_page(PAGES[name], viewport=PHONE, is_mobile=True, has_touch=True,
                        device_scale_factor=2)
    for viewport in (PHONE, SMALLEST):
        page.set_viewport_size(viewport)
        page.wait_for_function("(width) => window.innerWidth === width", arg=viewport["width"])
        seen = page.evaluate(TOO_WIDE)
        assert seen["client"] == viewport["width"]
        assert seen["scroll"] <= seen["client"] and not seen["wide"], seen


def test_what_is_to_be_tapped_is_large_enough(open_page):
    page, _ = open_page(CHOOSE, viewport=PHONE, is_mobile=True, has_touch=True)
    small = page.evaluate("""() => Array.from(document.querySelectorAll(
      "button, select, input, nav a"), (e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
      .filter(([, box]) => box.width > 0 && (box.height < 24 || box.width < 24))
      .map(([html]) => html)""")
    assert not small


@pytest.mark.parametrize("name", PAGES)
def test_dark_is_dark_and_light_is_light(look_at, name):
    page = look_at(with_language(PAGES[name], "nb"))
    page.emulate_media(color_scheme="dark")
    assert max(page.evaluate(GROUND)[:3]) < 64
    page.emulate_media(color_scheme="light")
    assert min(page.evaluate(GROUND)[:3]) > 232


def printed(page, path):
    """The text of each A4 page when the page is printed."""
    page.pdf(path=str(path), format="A4", prefer_css_page_size=True)
    tool = shutil.which("pdftotext")
    assert tool, "no pdftotext on this machine; install it with `apt-get install poppler-utils`"
    text = subprocess.run([tool, "-layout", path, "-"], capture_output=True, text=True, check=True)
    return text.stdout.rstrip("\f").split("\f")


@pytest.mark.parametrize("language", ["nb", "en"])
def test_an_article_is_printed_as_a_clean_a4_document(open_page, tmp_path, language):
    page, _ = open_page(with_language(SKIEN, language), color_scheme="dark")
    path = tmp_path / "article.pdf"
    pages = printed(page, path)
    boxes = set(re.findall(rb"/MediaBox\s*\[\s*0 0 ([0-9.]+) ([0-9.]+)", path.read_bytes()))
    assert {(round(float(w)), round(float(h))) for w, h in boxes} == {(595, 842)} \
        or {(round(float(w)), round(float(h))) for w, h in boxes} == {(594, 841)}, boxes
    assert 2 <= len(pages) <= 16, len(pages)
    text = "\n".join(pages)
    assert "Skien" in pages[0]
    for control in ("CSV", "PNG", "SVG"):
        assert not re.search(rf"\b{control}\b", text), f"{control} is printed"
    assert "Statistisk sentralbyrå" in text or "Statistics Norway" in text
    empty = [at for at, of_page in enumerate(pages, 1) if len(of_page.strip()) < 40]
    assert not empty, f"pages {empty} are empty"
