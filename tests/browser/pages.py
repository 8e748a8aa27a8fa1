"""The board's pages as tests know them: addresses, and how to look at what they show."""

import decimal
import re

CHOOSE = "/"
OPERATIONS = "/operations"
SKIEN = "/municipality/4003?edition=demography-2026-mmmm&year=2026"
OSLO = "/municipality/0301?edition=need-2026&year=2026"
LORENSKOG = "/municipality/3222?edition=resource-use-lorenskog&year=2024"
STAVANGER = "/municipality/1103?edition=asss-2010&year=2010"
HOBOL = "/municipality/0138?edition=sio-2017&year=2017"
SANDNES = "/municipality/1108?edition=ks-2022&year=2022"  # on figures of tests/board/made.py
ARTICLES = {"4003": SKIEN, "0301": OSLO, "3222": LORENSKOG, "1103": STAVANGER, "0138": HOBOL,
            "1108": SANDNES}
PAGES = {"choose": CHOOSE, "operations": OPERATIONS, "skien": SKIEN, "stavanger": STAVANGER,
         "hobol": HOBOL, "sandnes": SANDNES}

# All elements that carry a number of the topics, as the page holds them.
FIGURES = """() => Array.from(document.querySelectorAll("[data-figure]"), (element) => ({
  figure: element.dataset.figure, value: element.dataset.value,
  text: element instanceof SVGElement ? "" : element.textContent }))"""
NUMBER = re.compile(r"[+\u2212-]?\d[\d\u202f\u00a0,.]*")


def with_language(path, language):
    """The address in a language."""
    return f"{path}{'&' if '?' in path else '?'}lang={language}"


def figures(page):
    """[{figure, value, text}] of every number that the page shows."""
    return page.evaluate(FIGURES)


def place(figure, code):
    """topic, edition, year, sector, indicator, measure and municipality of a `data-figure`."""
    parts = figure.split("/")
    topic, edition, year, sector, indicator, measure = parts[:6]
    about = parts[6] if len(parts) > 6 else code
    return topic, edition, int(year), sector, indicator, measure, about


def read_number(text, language):
    """(number, decimals) that a text shows, as a reader of the language reads it; else None."""
    found = NUMBER.search(text)
    if not found:
        return None
    digits = re.sub(r"[\u202f\u00a0]", "", found[0]).replace("\u2212", "-")
    digits = digits.replace(",", ".") if language == "nb" else digits.replace(",", "")
    digits = digits.rstrip(".")
    return decimal.Decimal(digits), len(digits.partition(".")[2])


def shows(text, value, language):
    """True when the text is the value rounded: as it is, in percent, or as what is beyond 1."""
    read = read_number(text, language)
    if read is None:
        return False
    number, decimals = read
    half = decimal.Decimal(5).scaleb(-decimals - 1) * (1 + decimal.Decimal("1e-9"))
    exact = decimal.Decimal(repr(value))
    forms = (exact, exact * 100, (exact - 1) * 100, exact - 100, exact - 1)
    signless = [abs(form) for form in forms] if number >= 0 and "+" not in text else []
    return any(abs(form - number) <= half for form in (*forms, *signless))
