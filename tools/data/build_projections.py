#!/usr/bin/env python3
"""Build data/demography from SSB's population projections for the municipalities of Telemark.

    build_projections.py SOURCE_DIR OUTPUT_DIR

SOURCE_DIR holds framskriving_aldersgrupper_telemark_2005-2026-argangene.csv. OUTPUT_DIR gets a
file projection-<vintage>-<alternative>.csv for each of its 17 projections, with the columns
municipality, year, framskriving_<vintage>_<alternative>_<people>, people being folkemengde and
innb_<ages>; EAK is the whole country.

All vintages have the municipalities of 2024: Midt-Telemark of the vintages 2014–2018 is Bø and
Sauherad together, and ages 20–44 and 45–66, which are one group until the vintage of 2012, are
added up in the later ones.
"""

import csv
import re
import sys
from collections import defaultdict
from pathlib import Path

SOURCE = "framskriving_aldersgrupper_telemark_2005-2026-argangene.csv"
COUNTRY = "EAK"
REGIONS = {"Hele landet": COUNTRY, "Bø": "4020", "Sauherad": "4020"}

# Age group of the source: the end of the variable's name.
GROUPS = {
    "0 år": "innb_0", "1-5 år": "innb_1_5", "6-12 år": "innb_6_12", "13-15 år": "innb_13_15",
    "16-19 år": "innb_16_19", "20-66 år": "innb_20_66", "20-44 år": "innb_20_66",
    "45-66 år": "innb_20_66", "67-79 år": "innb_67_79", "80-89 år": "innb_80_89",
    "90 år eller eldre": "innb_90_pluss",
}
PEOPLE = list(dict.fromkeys(GROUPS.values()))


def municipality(row):
    """The code of 2024, EAK, or "" for a county."""
    name = re.sub(r" \(.*", "", row["region"])
    return row["kommunenummer_2024"] or REGIONS.get(name, "")


def projections(path):
    """Return {(vintage, alternative): {(year, municipality): {group: people}}}."""
    found = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    with open(path, encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            code = municipality(row)
            if code:
                projection = found[row["framskrivingsaar"], row["alternativ"].lower()]
                people = projection[int(row["aar"]), code]
                people[GROUPS[row["aldersgruppe"]]] += int(row["personer"])
    return found


def main(source, output):
    """Read the source, write a file for each projection."""
    output.mkdir(parents=True, exist_ok=True)
    for (vintage, alternative), rows in projections(source / SOURCE).items():
        prefix = f"framskriving_{vintage}_{alternative}_"
        path = output / f"projection-{vintage}-{alternative}.csv"
        with open(path, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["municipality", "year", prefix + "folkemengde",
                             *(prefix + group for group in PEOPLE)])
            for (year, code), people in sorted(rows.items()):
                groups = [people[group] for group in PEOPLE]
                writer.writerow([code, year, sum(groups), *groups])


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
