#!/usr/bin/env python3
"""Build the sample release data/asss-2010 from the tables of SØF-rapport 06/11.

    build_asss_2010.py SOURCE_DIR OUTPUT_DIR

SOURCE_DIR holds the report's tables and the population, one tidy UTF-8 CSV each:

    sof2011_asss_indikatorer_2010.csv            tables 3.1–3.7, indicator by indicator
    sof2011_asss_delindekser_2010.csv            the sub-index of each sector, same tables
    sof2011_asss_effektivitet.csv                tables 4.1 and 4.2
    asss_folkemengde_1_januar_2009-2011.csv      SSB table 07459, 1 January

OUTPUT_DIR gets

    asss-2010.csv              the input: municipality,year,variable,value,status
    published/published.csv    what the report printed, to check results against

Numbers are copied as printed, never through a float, so the same tables give the same bytes.
"""

import sys
from decimal import Decimal
from pathlib import Path

from rows import read_rows, write_rows

YEAR = "2010"
MISSING = ".."  # SSB's mark for "not available"

# The report prints one table for each sector, in this order.
TABLE_OF_SECTOR = {
    "barnehage": "3.1",
    "grunnskole": "3.2",
    "kommunehelse": "3.3",
    "pleie_omsorg": "3.4",
    "sosial": "3.5",
    "barnevern": "3.6",
    "kultur": "3.7",
}

# Columns of tables 4.1 and 4.2 that are inputs of the computation.
INPUT_COLUMNS = {
    "korrigert_utgift_2010": "korrigert_utgift",
    "produksjon_2010_2009=100": "produksjonsutvikling",
    "utgift_2010_2009=100": "utgiftsutvikling",
}

INPUT_HEADER = ["municipality", "year", "variable", "value", "status"]
PUBLISHED_HEADER = [
    "table", "sector", "indicator", "municipality", "measure", "value", "imputed",
]


def percent_change(index):
    """Turn "101.2" (year before = 100) into "1.2" percent, exactly."""
    return str(Decimal(index) - 100)


def input_rows(indicators, totals, population, code):
    """Return the observations; a cell that the report imputed becomes a missing one."""
    rows = [(r["kommunenummer"], YEAR, "folkemengde", r["folkemengde"], "") for r in population]
    for r in indicators:
        missing = r["imputert_til_minimum"] == "1"
        value, status = ("", MISSING) if missing else (r["indikatorindeks"], "")
        rows.append((code[r["kommune"]], YEAR, r["indikator"], value, status))
    for r in totals:
        for column, variable in INPUT_COLUMNS.items():
            rows.append((code[r["kommune"]], YEAR, variable, r[column], ""))
    return sorted(rows, key=lambda row: (row[2], row[0]))


def published_rows(indicators, sub_indices, totals, code):
    """Return every printed number; rows of one table stay together, in the report's order."""
    rows = []
    for sector, table in TABLE_OF_SECTOR.items():
        rows += [
            (table, sector, r["indikator"], code[r["kommune"]], "normalized",
             r["indikatorindeks"], r["imputert_til_minimum"])
            for r in indicators if r["sektor"] == sector
        ]
        rows += [
            (table, sector, "", code[r["kommune"]], "index", r["delindeks_publisert"], "0")
            for r in sub_indices if r["sektor"] == sector
        ]
    measures = [
        ("4.1", "index", lambda r: r["asss_indeks_2010"]),
        ("4.1", "expenditure_index", lambda r: r["korrigert_utgift_2010"]),
        ("4.1", "efficiency", lambda r: r["effektivitet_2010"]),
        ("4.2", "production_change_percent",
         lambda r: percent_change(r["produksjon_2010_2009=100"])),
        ("4.2", "expenditure_change_percent",
         lambda r: percent_change(r["utgift_2010_2009=100"])),
        ("4.2", "efficiency_change_percent", lambda r: r["effektivitetsendring_pst"]),
    ]
    for table, measure, value in measures:
        rows += [(table, "total", "", code[r["kommune"]], measure, value(r), "0") for r in totals]
    return rows


def main(source, output):
    """Read the four tables, write the two files."""
    indicators = read_rows(source / "sof2011_asss_indikatorer_2010.csv")
    sub_indices = read_rows(source / "sof2011_asss_delindekser_2010.csv")
    totals = read_rows(source / "sof2011_asss_effektivitet.csv")
    population = [
        r for r in read_rows(source / "asss_folkemengde_1_januar_2009-2011.csv")
        if r["aar"] == YEAR
    ]
    code = {r["kommunenavn"]: r["kommunenummer"] for r in population}
    write_rows(output / "asss-2010.csv", INPUT_HEADER,
               input_rows(indicators, totals, population, code))
    write_rows(output / "published" / "published.csv", PUBLISHED_HEADER,
               published_rows(indicators, sub_indices, totals, code))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: build_asss_2010.py SOURCE_DIR OUTPUT_DIR")
    main(Path(sys.argv[1]), Path(sys.argv[2]))
