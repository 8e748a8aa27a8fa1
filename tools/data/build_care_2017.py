#!/usr/bin/env python3
"""Build data/care-2017 from figures of care services 2017 and of inhabitants by age.

    build_care_2017.py SOURCE_DIR OUTPUT_DIR

SOURCE_DIR holds two tidy UTF-8 CSV files:

    pleie_omsorg_innsats_produkt_2017_kommuner.csv      resources and services, 416 municipalities
    folkemengde_1aar_originale_koder_2005-2021.csv      SSB table 07459, by single year of age, on
                                                        the codes of each year

OUTPUT_DIR gets

    care-2017.csv    the input: municipality,year,variable,value,status; EAK is the whole country

Figures of services are copied as they stand; inhabitants are summed over ages, for the country over
all municipalities.
"""

import csv
import sys
from pathlib import Path

from rows import read_rows

YEAR = "2017"
COUNTRY = "EAK"
MISSING = ".."  # SSB's mark for "not available"

# Column of the source: variable.
SERVICES = {
    "arsverk_relevant_fagutd": "pleie_arsverk_relevant_fagutd",
    "arsverk_uten_relevant_fagutd": "pleie_arsverk_uten_relevant_fagutd",
    "andre_driftsutgifter_1000kr": "pleie_andre_driftsutgifter",
    "liggedogn_institusjon": "liggedogn_institusjon",
    "timer_hjemmebasert_omsorg": "timer_hjemmebasert_omsorg",
    "enerom_institusjon": "enerom_institusjon",
}

# Variable: first and last year of age; 105 is "105 or older".
AGES = {
    "innb_0_66": (0, 66),
    "innb_67_79": (67, 79),
    "innb_80_89": (80, 89),
    "innb_90_pluss": (90, 105),
}

HEADER = ["municipality", "year", "variable", "value", "status"]


def is_unreported(row):
    """Whether a municipality reported nothing: some columns are empty, and the others zero.

    A zero among reported figures is a figure; zeros beside empty cells alone are none.
    """
    figures = [row[column] for column in SERVICES]
    return "" in figures and all(figure in ("", "0") for figure in figures)


def service_cells(row):
    """Return the cells of one municipality's services."""
    unreported = is_unreported(row)
    cells = []
    for column, variable in SERVICES.items():
        missing = unreported or row[column] == ""
        value, status = ("", MISSING) if missing else (row[column], "")
        cells.append((row["kommunenummer"], YEAR, variable, value, status))
    return cells


def people(row):
    """Return the inhabitants of one municipality: in all, and by the ages of the cost key."""
    counts = {"folkemengde": int(row["sum"])}
    for variable, (first, last) in AGES.items():
        counts[variable] = sum(int(row[f"a{age}"]) for age in range(first, last + 1))
    if sum(counts[variable] for variable in AGES) != counts["folkemengde"]:
        raise SystemExit(f"{row['kommunenummer']}: the ages do not add up to all inhabitants")
    return counts


def people_cells(population, members):
    """Return the inhabitants of the members, and of the country: all municipalities of the year."""
    country = dict.fromkeys(["folkemengde", *AGES], 0)
    cells = []
    for row in population:
        for variable, count in people(row).items():
            country[variable] += count
            if row["kommunenummer"] in members:
                cells.append((row["kommunenummer"], YEAR, variable, str(count), ""))
    cells += [(COUNTRY, YEAR, variable, str(count), "") for variable, count in country.items()]
    return cells


def main(source, output):
    """Read the two tables, write the input."""
    services = read_rows(source / "pleie_omsorg_innsats_produkt_2017_kommuner.csv")
    population = [
        row for row in read_rows(source / "folkemengde_1aar_originale_koder_2005-2021.csv")
        if row["aar"] == YEAR
    ]
    members = {row["kommunenummer"] for row in services}
    cells = people_cells(population, members)
    for row in services:
        cells += service_cells(row)
    output.mkdir(parents=True, exist_ok=True)
    with open(output / "care-2017.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(sorted(cells, key=lambda cell: (cell[2], cell[0])))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
