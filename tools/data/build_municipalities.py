#!/usr/bin/env python3
"""Build editions/municipalities.csv from the code list of SSB's classification KLASS 131.

    build_municipalities.py SOURCE.csv OUTPUT.csv

SOURCE.csv has the columns kommunenummer, navn, gyldig_fra, gyldig_til: one row for each version of
a municipality, gyldig_til exclusive and empty while the version is valid. KLASS starts a new
version when borders move; here a row is a spell of one code with one name, so versions that touch
and share both become one row. Kept are the spells that were valid at any time since 1972-01-01.
"""

import csv
import sys

SINCE = "1972-01-01"
UNKNOWN = "9999"  # KLASS's "Uoppgitt" is not a municipality
HEADER = ["municipality", "name", "valid_from", "valid_to"]


def read_versions(path):
    """Return the versions as (code, valid_from, valid_to, name), sorted."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        return sorted(
            (r["kommunenummer"], r["gyldig_fra"], r["gyldig_til"], r["navn"].strip())
            for r in csv.DictReader(file)
            if r["kommunenummer"] != UNKNOWN
        )


def merge_spells(versions):
    """Join a version to the one before when code and name agree and the dates touch."""
    spells = []
    for code, valid_from, valid_to, name in versions:
        if spells and spells[-1][:2] == [code, name] and spells[-1][3] == valid_from:
            spells[-1][3] = valid_to
        else:
            spells.append([code, name, valid_from, valid_to])
    return spells


def main(source, output):
    """Read the versions, write the spells."""
    spells = merge_spells(read_versions(source))
    with open(output, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(s for s in spells if not s[3] or s[3] > SINCE)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: build_municipalities.py SOURCE.csv OUTPUT.csv")
    main(sys.argv[1], sys.argv[2])
