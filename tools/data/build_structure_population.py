#!/usr/bin/env python3
"""Build data/structure/*.csv: inhabitants on 1 January, to test re-cutting against.

    build_structure_population.py SOURCE.csv OUTPUT.csv

SOURCE.csv has aar, kommunenummer, sum. OUTPUT.csv has a row for each code and a column for each
year from 2005 to 2021; a cell is empty where the source has none.
"""

import csv
import sys

YEARS = range(2005, 2022)


def main(source, output):
    """Read the source, write the table."""
    with open(source, encoding="utf-8-sig", newline="") as file:
        cells = {(r["kommunenummer"], int(r["aar"])): r["sum"] for r in csv.DictReader(file)}
    codes = sorted({code for code, year in cells if year in YEARS})
    with open(output, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["municipality", *YEARS])
        writer.writerows([code, *(cells.get((code, year), "") for year in YEARS)] for code in codes)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: build_structure_population.py SOURCE.csv OUTPUT.csv")
    main(sys.argv[1], sys.argv[2])
