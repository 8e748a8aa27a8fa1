#!/usr/bin/env python3
"""Build editions/municipality_changes.csv: what became of every municipality code since 1972.

    build_municipality_changes.py CHANGES.csv CODES.csv BY_YEAR.csv BY_2024.csv OUTPUT.csv

CHANGES.csv (endret, fra_kode, til_kode) and CODES.csv (kommunenummer, gyldig_fra, gyldig_til) are
the edges and nodes of SSB's classification KLASS 131. BY_YEAR.csv and BY_2024.csv (aar,
kommunenummer, sum) are the inhabitants on 1 January by the codes of each year, and by those of
2024.

A row says that `from`, which ends when `year` begins, is `to` from then on. Edges of a code that
lives on are border adjustments and left out, and so is what happened on 1 January 1972: no figure
has the codes that ended then. A municipality that is split has a row for each part; weights are
shares of its inhabitants:
- in 2024: of the parts' inhabitants on 1 January 2024, which are known;
- in 2020: by what the new municipalities gained when the growth of the whole area is taken out,
  since nobody counted the parts in our sources;
- in 2017: Stokke went to Sandefjord but for a border strip that the redistribution tables built on
  SSB's figures leave out;
- earlier: not known, the weight stays empty.
`through` names the municipality in which `from` was a part in the meantime: the Haram of 2024 is
the Haram of 2019, and what else was in the Ålesund of 2020 is the Ålesund of 2024.
"""

import csv
import sys
from collections import defaultdict

SINCE = "1972-01-01"
HEADER = ["year", "from", "to", "weight", "through"]
UNKNOWN = ""

# Parts that are no more than a border adjustment.
STRIPS = {("2017", "0720", "0704")}

# What came out of a merger again as it was: (year, from, to, through).
RETURNED = [("2024", "1534", "1580", "1507")] + [
    ("2024", code, "1508", "1507") for code in ("1504", "1523", "1529", "1546")]


def read(path):
    """Return the rows of a CSV file."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def read_population(path):
    """Return {(year, code): inhabitants}."""
    return {(int(r["aar"]), r["kommunenummer"]): int(r["sum"]) for r in read(path)}


def ended(codes):
    """Return {(date, code)} for the codes that are no codes from the date on."""
    ends = {(r["gyldig_til"], r["kommunenummer"]) for r in codes if r["gyldig_til"]}
    begins = {(r["gyldig_fra"], r["kommunenummer"]) for r in codes}
    return ends - begins


def successors(changes, ends):
    """Return {(year, from): [to, …]} of the codes that ended."""
    found = defaultdict(list)
    for row in changes:
        date, code = row["endret"], row["fra_kode"]
        edge = (date[:4], code, row["til_kode"])
        if date > SINCE and (date, code) in ends and edge not in STRIPS:
            found[edge[:2]].append(row["til_kode"])
    return found


def growth_neutral(code, parts, found, by_year):
    """Return the share of `code` in each part: what the part has in 2020 beyond its other sources,
    with the growth of the whole area from 2019 taken out."""
    others = {part: [c for (year, c), to in found.items()
                     if year == "2020" and part in to and c != code] for part in parts}
    before = {part: sum(by_year[2019, c] for c in others[part]) for part in parts}
    whole = by_year[2019, code] + sum(before.values())
    growth = sum(by_year[2020, part] for part in parts) / whole
    return [(by_year[2020, part] / growth - before[part]) / by_year[2019, code] for part in parts]


def rounded(shares, decimals):
    """Return the shares as texts that sum to 1; the last absorbs the rounding."""
    units = [round(share * 10 ** decimals) for share in shares[:-1]]
    units.append(10 ** decimals - sum(units))
    return [f"{unit / 10 ** decimals:.{decimals}f}".rstrip("0") for unit in units]


def weights(key, parts, found, by_year, by_2024):
    """Return the weight of each part as a text."""
    year, code = key
    if len(parts) == 1:
        return ["1"]
    if year == "2024":
        inhabitants = [by_2024[2024, part] for part in parts]
        return rounded([n / sum(inhabitants) for n in inhabitants], 6)
    if year == "2020":
        return rounded(growth_neutral(code, parts, found, by_year), 3)
    return [UNKNOWN] * len(parts)


def main(changes, codes, by_year, by_2024, output):
    """Read the sources, write the register."""
    found = successors(read(changes), ended(read(codes)))
    populations = read_population(by_year), read_population(by_2024)
    rows = [(year, code, to, "1", through) for year, code, to, through in RETURNED]
    for key, to in found.items():
        parts = sorted(to)
        rows += [(*key, part, weight, "")
                 for part, weight in zip(parts, weights(key, parts, found, *populations))]
    with open(output, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(sorted(rows))


if __name__ == "__main__":
    if len(sys.argv) != 6:
        sys.exit("usage: build_municipality_changes.py CHANGES.csv CODES.csv BY_YEAR.csv "
                 "BY_2024.csv OUTPUT.csv")
    main(*sys.argv[1:])
