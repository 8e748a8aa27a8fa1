#!/usr/bin/env python3
"""Build editions/kostra_groups.csv: which KOSTRA group a municipality was in.

    build_kostra_groups.py YEAR=SOURCE.csv… OUTPUT.csv

Each SOURCE.csv has kommunenummer and kostragruppe (or kostragruppe_ny, where the file has the old
and the new grouping). Groups are written with two digits. Rows without a group are left out, and so
is Longyearbyen (2111), which is no municipality.
"""

import csv
import sys

HEADER = ["year", "municipality", "group"]
NOT_MUNICIPALITIES = {"2111"}


def read_groups(year, path):
    """Return the rows of one source."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            group = row.get("kostragruppe_ny") or row.get("kostragruppe")
            if group and row["kommunenummer"] not in NOT_MUNICIPALITIES:
                yield year, row["kommunenummer"], f"{int(group):02d}"


def main(sources, output):
    """Read the sources, write the register."""
    rows = [row for source in sources for row in read_groups(*source.split("=", 1))]
    with open(output, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(sorted(rows))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit("usage: build_kostra_groups.py YEAR=SOURCE.csv… OUTPUT.csv")
    main(sys.argv[1:-1], sys.argv[-1])
