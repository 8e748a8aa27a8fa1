"""A synthetic country as tables of Statistics Norway: every municipality of 2024 by its real code
and name, 60 functions, some years, and population. For the fake server (kf-fake-ssb), with the maps
and the edition that lives on them. The figures are generated; they mean nothing.

    described = national_tables.write(source, folder, years=range(2016, 2026))
    described = national_tables.write(source, folder, years=range(2016, 2026), small=True)

writes FOLDER/editions and returns the scenario without a story: one table of all functions, or,
small, a table for each variable.
"""

import json
import pathlib
import shutil

import national

FUNCTIONS = 60
BIG = "91000"
PEOPLE = "90000"
UPDATED = "2026-01-20T07:00:00Z"
OTHERS = ["korrigert_utgift", "produksjonsutvikling", "utgiftsutvikling"]


def function(number: int) -> str:
    return f"F{number:02}"


def _map(table: str, publication: str, unit: str, figures: list[dict]) -> dict:
    return {
        "table": table,
        "title": {"nb": f"Tabell {table}", "en": f"Table {table}"},
        "publication": publication,
        "region": "Region",
        "time": "Tid",
        "select": {"ContentsCode": "X"},
        "unit": unit,
        "figures": [figure | {"note": "synthetic"} for figure in figures],
    }

def _table(number: str, unit: str, functions: list[str], years: range, low: int, high: int) -> dict:
    span = [years[0], years[-1]]
    plain = [{"id": "Funksjon", "label": "funksjon",
              "codes": [{"code": code, "label": f"Funksjon {code}"} for code in functions]}]
    return {
        "id": number,
        "label": f"{number}: En tabell for hele landet",
        "subject": {"code": "os", "label": "Offentlig sektor"},
        "updated": UPDATED,
        "dimensions": [
            {"id": "Region", "label": "region", "role": "geo", "codes": [{"municipalities": 2024}]},
            *(plain if functions else []),
            {"id": "ContentsCode", "label": "statistikkvariabel", "role": "metric",
             "codes": [{"code": "X", "label": "Verdi", "unit": unit}]},
            {"id": "Tid", "label": "år", "role": "time", "codes": [{"years": span}]},
        ],
        "generated": {"seed": int(number), "low": low, "high": high},
    }


def codes_of(i: int, further: int, count: int) -> list[str]:
    """The functions of variable i, counted from 1."""
    return [function(i)] + ([function(count + i)] if i <= further else [])


def variables_of(source: pathlib.Path, folder: pathlib.Path, years: range) -> list[str]:
    """Writes the edition; returns its variables but population in the order of the functions."""
    indicators = national.write_edition(source, folder / "editions", years[0], years[-1])
    return sorted(indicators + OTHERS)


def write(source: pathlib.Path, folder: pathlib.Path, years: range, small: bool = False) -> dict:
    variables = variables_of(source, folder, years)
    further = FUNCTIONS - len(variables)  # so many are the sum of two functions
    figures = [
        {"variable": name, "select": {"Funksjon": codes_of(i, further, len(variables))}}
        for i, name in enumerate(variables, 1)
    ]
    functions = [function(i) for i in range(1, FUNCTIONS + 1)]
    maps = [_map(PEOPLE, "befolkning", "personer", [{"variable": "folkemengde"}])]
    tables = [_table(PEOPLE, "personer", [], years, 5000, 20000)]
    if small:
        for i, figure in enumerate(figures, 1):
            number = str(int(BIG) + i)
            maps.append(_map(number, "kostra", "indeks", [figure]))
            tables.append(
                _table(number, "indeks", figure["select"]["Funksjon"], years, 40, 180))
    else:
        maps.append(_map(BIG, "kostra", "indeks", figures))
        tables.append(_table(BIG, "indeks", functions, years, 40, 180))
    _write_sources(source, folder / "editions", maps)
    return {"rate": {"limit": 40, "window_s": 60}, "tables": tables}


def _write_sources(source: pathlib.Path, editions: pathlib.Path, maps: list[dict]) -> None:
    sources = editions / "sources"
    shutil.rmtree(sources, ignore_errors=True)
    sources.mkdir(parents=True)
    shutil.copy(source / "sources" / "calendar.yaml", sources)
    for described in maps:
        text = json.dumps(described, ensure_ascii=False)
        (sources / f"{described['table']}.yaml").write_text(text, encoding="utf-8")
    named = json.dumps({"tables": [m["table"] for m in maps]})
    with open(editions / f"{national.EDITION}.yaml", "a", encoding="utf-8") as edition:
        edition.write(f"\nsources: {named}\n")
