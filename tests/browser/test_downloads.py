"""What is behind a figure can be taken away: its numbers, and its picture."""

import csv
import io
import re
import struct
import xml.etree.ElementTree as ElementTree
import zlib

import pytest
from conftest import WAIT_MS
from pages import ARTICLES, SKIEN, with_language
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

AT_ONCE_MS = 2_000
TABLES = """() => Array.from(document.querySelectorAll("figure"), (figure) => ({
  id: figure.id, rows: Array.from(figure.querySelectorAll("table tr"), (row) =>
    Array.from(row.cells, (cell) => {
      const number = cell.querySelector("[data-value]");
      return number ? { value: number.dataset.value }
        : { text: cell.querySelector(".absent") ? "" : cell.innerText.trim() };
    })) }))"""


def pressed(page, button, name, wait_ms):
    """The file of this name; a late one, of a button that was pressed before, is let go."""
    with page.expect_download(lambda given: given.suggested_filename == name,
                              timeout=wait_ms) as download:
        button.press("Enter")
    return download.value


def taken(page, button, kind):
    """(name, bytes) of the file that a button gives, which must be named after its figure; by the
    keyboard, wherever it stands. Chromium refuses the eleventh file that one page gives at once,
    and the twelfth is let through again."""
    figure = button.evaluate("(button) => button.closest('figure').id")
    name = f"{figure}.{kind}"
    try:
        download = pressed(page, button, name, AT_ONCE_MS)
    except PlaywrightTimeoutError:
        download = pressed(page, button, name, WAIT_MS)
    return name, download.path().read_bytes()


def number(text, language):
    """A cell of the file as a number: in Norwegian with a decimal comma, for spreadsheets."""
    return float(text.replace(",", ".") if language == "nb" else text)


@pytest.mark.parametrize("code, language", [*((code, "nb") for code in ARTICLES), ("4003", "en")])
def test_the_csv_of_a_figure_is_its_table(look_at, code, language):
    page = look_at(with_language(ARTICLES[code], language))
    checked = 0
    for table in page.evaluate(TABLES):
        if not table["rows"]:
            continue
        _, content = taken(page, page.locator(f"figure[id='{table['id']}'] button",
                                              has_text="CSV"), "csv")
        text = content.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text), delimiter=";" if language == "nb" else ","))
        rows = [row for row in rows if row]
        assert len(rows) == len(table["rows"]), table["id"]
        for wanted, row in zip(table["rows"][1:], rows[1:]):
            assert len(row) == len(wanted), table["id"]
            for cell, given in zip(wanted, row):
                if "value" in cell:
                    assert number(given, language) == float(cell["value"]), (table["id"], row)
                    checked += 1
                else:
                    assert given == cell["text"], (table["id"], row)
    assert checked > 20, checked


def test_the_svg_of_a_figure_stands_by_itself(look_at):
    page = look_at(with_language(SKIEN, "nb"))
    buttons = page.get_by_role("button", name=re.compile("SVG"))
    assert buttons.count() >= 3
    for at in range(buttons.count()):
        name, content = taken(page, buttons.nth(at), "svg")
        root = ElementTree.fromstring(content)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        shapes = [e for e in root.iter() if e.tag.endswith(("}rect", "}path", "}circle", "}line"))]
        texts = "".join(e.text or "" for e in root.iter() if e.tag.endswith(("}text", "}tspan")))
        assert len(shapes) > 2 and "var(" not in content.decode() and "Kilde" in texts, name
        links = re.findall(rb"(?:href|src)=\"(?!#)|url\((?!#)|@import", content)
        assert not links, (name, links)


def test_the_png_of_a_figure_is_a_picture(look_at):
    page = look_at(with_language(SKIEN, "nb"))
    buttons = page.get_by_role("button", name=re.compile("PNG"))
    for at in range(min(3, buttons.count())):
        name, content = taken(page, buttons.nth(at), "png")
        assert content.startswith(b"\x89PNG\r\n\x1a\n"), name
        width, height = struct.unpack(">II", content[16:24])
        assert width >= 600 and height >= 200, (name, width, height)
        assert len(set(_pixels(content))) > 2, f"{name} is blank"


def _pixels(png):
    """The unpacked lines of a PNG, every 97th byte of them: enough to tell it from a blank one."""
    data, at = b"", 8
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at:at + 8])
        data += png[at + 8:at + 8 + length] if kind == b"IDAT" else b""
        at += 12 + length
    return zlib.decompress(data)[::97]
