"""Every number an article shows is the one that `kf compute` makes of the same figures."""

import collections
import re

import pytest
from pages import ARTICLES, figures, place, shows, with_language

# Sections that must have figures in the article of each municipality.
TOPICS = {
    "4003": {"need", "demography"},
    "0301": {"need", "resource-use", "indicator", "index", "efficiency"},
    "3222": {"need", "resource-use"},
    "1103": {"indicator", "index", "efficiency"},
    "0138": {"unit-cost"},
    "1108": {"need", "resource-use", "indicator", "index", "efficiency"},
}


def expected(oracle, where):
    """The value of a `data-figure`, of the member or of the group."""
    topic, edition, year, sector, indicator, measure, code = where
    records = oracle.shown[edition, year].records
    for about in (code, ""):
        value = records.get((topic, about, sector, indicator), {"measures": {}})["measures"].get(
            measure)
        if value is not None:
            return value
    return None


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("code", ARTICLES)
def test_every_number_is_that_of_kf_compute(look_at, oracle, code, language):
    page = look_at(with_language(ARTICLES[code], language))
    shown = figures(page)
    wrong, topics = [], collections.Counter()
    for figure in shown:
        where = place(figure["figure"], code)
        value = expected(oracle, where)
        topics[where[0]] += 1
        if value is None or float(figure["value"]) != value:
            wrong.append(f"{figure['figure']}: {figure['value']}, kf compute says {value}")
        elif figure["text"] and not shows(figure["text"], value, language):
            wrong.append(f"{figure['figure']}: reads {figure['text']!r}, is {value}")
    assert not wrong, f"{len(wrong)} of {len(shown)}:\n" + "\n".join(wrong[:20])
    assert TOPICS[code] <= set(topics), f"no figures of {TOPICS[code] - set(topics)}: {topics}"
    assert len(shown) > 60, f"only {len(shown)} numbers"


SHORT = 20  # names of age groups; longer ones may have years in them
LEFT = """() => {
  const copy = document.querySelector("main").cloneNode(true);
  for (const element of copy.querySelectorAll("[data-figure], svg, select, input, time, sup, " +
    ".source, .eyebrow, .downloads")) {
    element.replaceWith(" ");
  }
  for (const element of copy.querySelectorAll("p, li, th, td, h1, h2, h3, summary, dt, dd")) {
    element.append(" \u00b6 ");
  }
  return copy.textContent;
}"""
# Digits that are no figures: years, dates, ages, numbers of tables.
HARMLESS = re.compile(r"""(?x) (?<![\d.,]) (?:
    (?:19|20)\d\d (?: \u2013 (?:19|20)?\d\d )?
  | 1[.]?\s(?:januar|January) | 31[.]?\s(?:desember|December)
  | (?:aged?\s)? \d{1,2} (?: \u2013 \d{1,3} )? (?: \sår | \+ | \sand\sover )
  | aged?\s \d{1,2} (?: \u2013 \d{1,3} )? | \d{1,2} \u2013 \d{1,2}
  | KOSTRA[-\s](?:gruppe|group)\s\d\d | (?:tabell|table|SSB|\()\s?\d{5}
) (?!\d)""")


def known_names(oracle, language):
    """Everything of the editions folder that may have digits in it: names, titles, sources."""
    catalogue = oracle.catalogue()
    for edition in catalogue["editions"]:
        yield from (edition["title"][language], edition["source"], edition["id"])
        yield from (name[language] for name in edition["names"].values())
        for sector in edition["sectors"]:
            yield from (item["name"][language] for item in (sector, *sector["indicators"]))
    yield from (source["name"] for release in oracle.shown.values() for source in release.sources)


def without(text, name):
    """A name taken out, also where it does not begin a sentence."""
    return text.replace(name, " ").replace(name[:1].lower() + name[1:], " ")


def counts(article):
    """How many municipalities are compared: counted by the page, so on no topic."""
    found = {len(spread["codes"]) for part in article["parts"] for spread in part["spreads"]}
    return {str(count) for count in found} | {str(count - 1) for count in found}


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("code", ARTICLES)
def test_no_number_of_an_article_is_without_its_place_on_the_topics(look_at, oracle, code,
                                                                    language):
    path = ARTICLES[code]
    text = look_at(with_language(path, language)).evaluate(LEFT)
    names = sorted(set(known_names(oracle, language)), key=len, reverse=True)
    for name in (name for name in names if len(name) > SHORT):
        text = without(text, name)
    text = HARMLESS.sub(" ", text)
    for name in (name for name in names if len(name) <= SHORT):
        text = without(text, name)
    edition, year = re.search(r"edition=([^&]+)&year=(\d+)", path).groups()
    allowed = {code, *counts(oracle.article(code, edition, int(year)))}
    found = [text[max(0, match.start() - 40):match.end() + 20]
             for match in re.finditer(r"\d+", text) if match[0] not in allowed]
    assert not found, found
