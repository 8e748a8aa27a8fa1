#!/usr/bin/env python3
"""What the board should answer, computed anew from rows of `kf compute` and the editions folder.

Independent of the board: Python over `kf compute --format json`. Its shape is the contract in
services/board/page/src/api.ts. As a script it writes sample articles, one a municipality:

    oracle.py --bin build/release/bin --output FOLDER 4003 3222:resource-use-lorenskog/2024
"""

import argparse
import collections
import dataclasses
import hashlib
import json
import pathlib
import subprocess
import sys

from folder import Folder, names

ROOT = pathlib.Path(__file__).resolve().parents[2]
YEARS_AROUND = 6
OTHERS_MAX = 30
TOPICS = ("need", "resource-use", "demography", "indicator", "index", "efficiency", "unit-cost",
          "statistics")
FLAGS = ("missing", "not_applicable", "suppressed", "projected", "published", "imputed",
         "preliminary", "inferred", "incomplete")
SECTIONS = {
    "need": {"need"},
    "resource-use": {"resource-use"},
    "demography": {"demography"},
    "production": {"indicator", "index", "efficiency"},
    "unit-cost": {"unit-cost"},
}
SPREADS = (
    ("need", "need_index"),
    ("resource-use", "deviation_kr_per_capita"),
    ("resource-use", "deviation_percent"),
    ("demography", "need_index"),
    ("demography", "care_need_index"),
    ("index", "index"),
    ("efficiency", "expenditure_index"),
    ("efficiency", "efficiency"),
    ("unit-cost", "ratio"),
)


def compute(program, edition, years, inputs, editions=ROOT / "editions"):
    """Rows of `kf compute`, as dictionaries: a value is a number or None, flags are a list."""
    command = [str(program), "compute", "--edition", edition, "--year", str(years), "--format",
               "json", "--editions", str(editions), "--input", *map(str, inputs)]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {answer.stderr}")
    rows = [json.loads(line) for line in answer.stdout.splitlines()]
    for row in rows:
        row["flags"] = [flag for flag in row["flags"].split(";") if flag]
    return rows


@dataclasses.dataclass
class Release:
    """An edition and year as it is shown: the rows, and what its manifest says."""

    rows: list
    sources: list
    id: str = ""
    vintage: str = "unspecified"
    published_ms: int = 1767225600000

    def __post_init__(self):
        text = json.dumps(self.rows, sort_keys=True).encode()
        self.id = self.id or hashlib.sha256(text).hexdigest()[:32]
        self.records = _records(self.rows)
        self.units = {(r["sector"], r["indicator"]): r["unit"] for r in self.rows
                      if r["topic"] == "indicator" and r["measure"] == "raw"}

    @property
    def members(self):
        """Codes of all that it has rows about, be they without a value."""
        return {code for _, code, _, _ in self.records if code}

    def figures(self, code, topics):
        """How many values there are about a municipality."""
        return sum(len(record["measures"]) for (topic, about, _, _), record
                   in self.records.items() if about == code and topic in topics)


def _records(rows):
    """{(topic, code, sector, indicator): {measures, flags}}, as the rows stand on the topics."""
    found = {}
    for row in rows:
        key = row["topic"], row["municipality"], row["sector"], row["indicator"]
        record = found.setdefault(key, {"measures": {}, "flags": set()})
        record["flags"].update(row["flags"])
        if row["value"] is not None:
            record["measures"][row["measure"]] = row["value"]
    return found


class Oracle:
    """Answers of a board that shows what `add` was given."""

    def __init__(self, editions=ROOT / "editions", program="kostraflow"):
        self._folder, self._program = Folder(editions), program
        self.shown = {}

    def add(self, rows, sources=(), **manifest):
        """Shows the rows, which may be of several editions and years; newest wins."""
        panels = collections.defaultdict(list)
        for row in rows:
            panels[row["edition"], int(row["year"])].append(row)
        for panel, of_panel in panels.items():
            self.shown[panel] = Release(of_panel, list(sources), **manifest)

    # --- the article ----------------------------------------------------------------------------

    def completed(self, code, edition, year, published):
        """(edition, year) of what was asked for, "" and 0 where it leaves them open; `published` is
        the year of the newest release."""
        def remoteness(of):
            return (False, abs(of - year)) if year else (of > published, abs(of - published))

        about = ((panel, release.figures(code, TOPICS)) for panel, release in self.shown.items())
        ranked = sorted((remoteness(panel[1]), -count, -panel[1], panel[0]) for panel, count
                        in about if count and edition in ("", panel[0]))
        return (edition or ranked[0][3], year or -ranked[0][2]) if ranked else (edition, year)

    def article(self, code, edition, year, use=None):
        """GET /api/article; `use`: {section: (edition, year)}."""
        chosen = {section: choice for section in SECTIONS
                  if (choice := self._choice(section, code, edition, year, (use or {})))}
        named = {(choice["edition"], choice["year"]) for choice in chosen.values()}
        parts = sorted({panel for panel in self.shown for one in named if _near(panel, one)})
        codes = {code}.union(*(self.shown[panel].members for panel in parts))
        return {
            "municipality": self._municipality(code),
            "asked": {"edition": edition, "year": year},
            "sections": chosen,
            "titles": {name: self._title(name) for name in
                       sorted({edition}.union(*map(_offered, chosen.values())) - {""})},
            "parts": [self._part(panel, code, panel in named) for panel in parts],
            "catalogue": self._catalogue({edition for edition, _ in parts}, codes, code),
        }

    def catalogue(self):
        """GET /api/catalogue."""
        codes = set().union(*(release.members for release in self.shown.values()))
        return self._catalogue({edition for edition, _ in self.shown}, codes, None)

    def _choice(self, section, code, edition, year, use):
        ranked = sorted(
            (panel[0] != edition, abs(panel[1] - year), -count, *panel)
            for panel, release in self.shown.items()
            if (count := release.figures(code, SECTIONS[section])))
        others = [{"edition": name, "year": of} for *_, name, of in ranked]
        if not others:
            return None
        wanted = use.get(section)
        first = {"edition": wanted[0], "year": wanted[1]} if wanted else others[0]
        first = first if first in others else others[0]
        return {**first, "others": others[:OTHERS_MAX]}

    def _part(self, panel, code, with_spreads):
        release = self.shown[panel]
        return {
            "edition": panel[0], "year": panel[1], "release": release.id,
            "vintage": release.vintage, "publishedMs": release.published_ms,
            "sources": release.sources,
            "rows": [_row(key, record) for key, record in _ordered(release)
                     if key[1] in ("", code)],
            "spreads": _spreads(release) if with_spreads else [],
        }

    # --- names ----------------------------------------------------------------------------------

    def _municipality(self, code):
        group = self._folder.kostra_group(code)
        named = {"code": code, "name": self._folder.municipalities.get(code, code)}
        return named | ({"kostraGroup": group} if group else {})

    def _catalogue(self, editions, codes, about):
        return {
            "program": self._program,
            "municipalities": [self._municipality(code) for code in sorted(codes)],
            "editions": [self._edition(edition, about) for edition in sorted(editions)],
        }

    def _title(self, name):
        tree = self._folder.edition(name)
        return tree["title"] if tree else {"nb": name, "en": name}

    def _edition(self, name, about):
        panels = {year: release for (of, year), release in sorted(self.shown.items())
                  if of == name}
        tree = self._folder.edition(name)
        sectors = [_sector(sector, panels) for sector in (tree or {}).get("sectors", [])]
        return {
            "id": name, "known": tree is not None, "title": self._title(name),
            "source": tree["source"] if tree else "",
            "scale": tree["scale"] if tree else 1,
            "reference": (tree or {}).get("reference", "group"),
            "sectors": sectors,
            "names": self._names(tree, panels, sectors, about),
            "years": [_edition_year(year, release) for year, release in panels.items()],
        }

    def _names(self, tree, panels, sectors, about):
        """Of ids that rows have and that are no sector and no indicator of the edition."""
        known = names(tree or {}, self._folder.variables)
        own = {sector["id"] for sector in sectors}
        own |= {indicator["id"] for sector in sectors for indicator in sector["indicators"]}
        ids = {name for release in panels.values() for _, code, *both in release.records
               if about is None or code in ("", about) for name in both}
        return {name: self._named(name, known) for name in sorted(ids - own - {""})
                if self._named(name, known)}

    def _named(self, name, known):
        variable = self._folder.variables.get(name)
        return known.get(name) or (variable and variable["name"])


def _offered(choice):
    return {other["edition"] for other in choice["others"]}


def _near(panel, one):
    return panel[0] == one[0] and abs(panel[1] - one[1]) <= YEARS_AROUND


def _ordered(release):
    return sorted(release.records.items(), key=lambda item: (TOPICS.index(item[0][0]), item[0]))


def _row(key, record):
    topic, code, sector, indicator = key
    row = {"topic": topic, "sector": sector, "measures": record["measures"]}
    if not code:
        row["group"] = True
    if indicator:
        row["indicator"] = indicator
    if record["flags"]:
        row["flags"] = [flag for flag in FLAGS if flag in record["flags"]]
    return row


def _spreads(release):
    found = collections.defaultdict(dict)
    for (topic, code, sector, indicator), record in _ordered(release):
        for measure, value in record["measures"].items():
            if code and not indicator and (topic, measure) in SPREADS:
                found[topic, sector, measure][code] = value
    return [{"topic": topic, "sector": sector, "measure": measure, "codes": list(values),
             "values": list(values.values())}
            for (topic, sector, measure), values in found.items()]


def _sector(sector, panels):
    found = {"id": sector["id"], "name": sector["name"]}
    if sector.get("resources", {}).get("outside"):
        found["outside"] = True
    if sector.get("administration"):
        found["administration"] = True
    return found | {"indicators": [_indicator(sector["id"], indicator, panels)
                                   for indicator in sector.get("indicators", [])]}


def _indicator(sector, indicator, panels):
    units = [unit for release in panels.values()
             if (unit := release.units.get((sector, indicator["id"])))]
    return {"id": indicator["id"], "name": indicator["name"], "unit": units[0] if units else "",
            "aspect": indicator.get("aspect", "quantity")}


def _edition_year(year, release):
    rows = collections.Counter(topic for topic, *_ in release.records)
    return {"year": year, "release": release.id, "vintage": release.vintage,
            "publishedMs": release.published_ms, "municipalities": len(release.members),
            "rows": {topic: rows[topic] for topic in TOPICS if rows[topic]}}


# --- samples ------------------------------------------------------------------------------------

DATA = ROOT / "data"
POPULATION = DATA / "population" / "population.csv"
NEED = DATA / "need" / "need-indices.csv"
COUNTRY = DATA / "resource-use" / "country-2024.csv"
BUNDLED = (
    ("asss-2010", "2010", [DATA / "asss-2010" / "asss-2010.csv"]),
    ("care-2017", "2017", [DATA / "care-2017" / "care-2017.csv"]),
    ("demography-2026-mmmm", "2020-2032",
     [POPULATION, DATA / "demography" / "projection-2026-mmmm.csv", COUNTRY]),
    ("demography-national", "2020-2026", [POPULATION, NEED, COUNTRY]),
    ("need-2026", "2026", [NEED, POPULATION]),
    ("resource-use-lorenskog", "2024",
     [NEED, DATA / "resource-use" / "net-expenditure.csv", COUNTRY]),
    ("sio-2017", "2014-2018", [DATA / "sio-2017" / "sio-2017.csv"]),
)
SAMPLES = ("4003:demography-2026-mmmm/2026", "3222:resource-use-lorenskog/2024",
           "1103:asss-2010/2010", "0301:need-2026/2026", "0138:sio-2017/2017")


def bundled(program):
    """An oracle with all bundled figures that are worth seeing."""
    oracle = Oracle()
    for edition, years, inputs in BUNDLED:
        sources = [{"name": path.name} for path in inputs]
        oracle.add(compute(program, edition, years, inputs), sources)
    return oracle


def _options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", type=pathlib.Path, default=ROOT / "build" / "release" / "bin")
    parser.add_argument("--output", type=pathlib.Path, required=True)
    parser.add_argument("articles", nargs="*", default=SAMPLES, metavar="CODE[:EDITION/YEAR]")
    return parser.parse_args()


def main():
    options = _options()
    options.output.mkdir(parents=True, exist_ok=True)
    oracle = bundled(options.bin / "kf")
    for wanted in options.articles:
        code, _, panel = wanted.partition(":")
        edition, _, year = (panel or "need-2026/2026").partition("/")
        article = oracle.article(code, edition, int(year))
        path = options.output / f"{code}-{edition}-{year}.json"
        path.write_text(json.dumps(article, ensure_ascii=False, indent=1), encoding="utf-8")
        sys.stdout.write(f"{path}\n")
    path = options.output / "catalogue.json"
    path.write_text(json.dumps(oracle.catalogue(), ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
