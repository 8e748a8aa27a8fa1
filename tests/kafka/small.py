"""A small index whose municipalities, indicators and structure a test may change.

    edition(folder, indicators=("timer", "dager"))
    figures({"1103": 100, "1141": 10}, 2019)

Five municipalities of 2019; in the structure of 2020 Finnøy (1141) and Rennesøy (1142) are part of
Stavanger (1103).
"""

import shutil

from line import ROOT

ID = "krets"
PEOPLE = {"0301": 4000, "1101": 2000, "1103": 3000, "1141": 1000, "1142": 500}
KEYS_EACH = 4  # of a municipality: two indicators, their sector, the whole
TOPICS = ("indicator", "index", "statistics")

EDITION = """\
id: krets
title: {{nb: "Krets", en: "Circle"}}
source: "figures of a test"
years: [2018, 2019]
structure: {structure}
scale: 100
population: krets_folketall
missing: minimum
group: {{name: {{nb: "Alle", en: "All"}}, municipalities: all}}
variables:
  - {{id: krets_folketall, unit: persons, minimum: 1, name: {{nb: "Folketall", en: "Inhabitants"}}}}
  - {{id: "krets_{{}}", each: [timer, dager, netter], unit: hours, minimum: 0,
     name: {{nb: "{{}}", en: "{{}}"}}}}
sectors:
  - id: hjemme
    name: {{nb: "Hjemme", en: "Home"}}
    weight: 1
    indicators:
"""


def edition(folder, indicators=("timer", "dager"), structure="data-year"):
    """An editions folder with this index alone; returns the folder."""
    shutil.rmtree(folder, ignore_errors=True)
    alone = shutil.ignore_patterns("*.yaml")
    shutil.copytree(ROOT / "editions", folder, ignore=alone)
    shutil.copytree(ROOT / "editions" / "schema", folder / "schema", dirs_exist_ok=True)
    shutil.copy(ROOT / "editions" / "variables.yaml", folder)
    weight = 1 / len(indicators)
    lines = "".join(
        f"      - {{id: {name}, weight: {weight}, variable: krets_{name}, per: population,\n"
        f'         name: {{nb: "{name}", en: "{name}"}}}}\n'
        for name in indicators
    )
    text = EDITION.format(structure=structure) + lines
    (folder / f"{ID}.yaml").write_text(text, encoding="utf-8")
    return folder


def figures(people=None, years=(2019,), shift=0):
    """A CSV of all variables; `shift` changes every figure but the people."""
    lines = ["municipality,year,variable,value,status"]
    for year in years:
        for number, (code, count) in enumerate((people or PEOPLE).items()):
            lines.append(f"{code},{year},krets_folketall,{count},")
            for place, name in enumerate(("timer", "dager", "netter")):
                value = count * (2 + number + place) + shift
                lines.append(f"{code},{year},krets_{name},{value},")
    return "\n".join(lines) + "\n"


def without(*codes):
    """The people of all municipalities but these."""
    return {code: count for code, count in PEOPLE.items() if code not in codes}
