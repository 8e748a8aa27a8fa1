#!/usr/bin/env python3
"""Build data/need and data/cost-keys from Grønt hefte's need indices and cost keys.

    build_need.py INDICES_DIR KEYS_DIR NEED_OUTPUT_DIR COST_KEYS_OUTPUT_DIR

INDICES_DIR holds delkostnadsindekser_2025-2026_kommuner.csv, KEYS_DIR delkostnadsnokler.csv and
sektorvekter.csv. The outputs are

    NEED/need-indices.csv       the input: municipality,year,dki_<sector>…,dki_samlet; `..` where
                                the source has none
    COST_KEYS/key-<system>.csv  sector,criterion,weight: as printed
    COST_KEYS/sector-weights.csv  year,sector,weight,status: printed, or estimated by least squares
"""

import sys
from pathlib import Path

from rows import read_rows, write_rows

MISSING = ".."
SECTORS = ["grunnskole", "barnehage", "pleie_omsorg", "kommunehelse", "barnevern", "sosial",
           "administrasjon"]
TOTAL = "indeks_samlet_offisiell_tabell_A_k"

# System in the source: file; and how its sectors are called here.
SYSTEMS = {
    "stmeld6_2003-04_tabell2.1_forslag": "key-2004-proposal",
    "2011-systemet": "key-2011",
    "2025-systemet": "key-2025",
}
SECTOR_NAMES = {"administrasjon_landbruk": "administrasjon"}


def index_rows(source):
    """Return municipality, year, seven indices and the total of each row of the source."""
    columns = [f"dki_{sector}" for sector in SECTORS] + [TOTAL]
    return sorted([row["kommunenummer"], row["budsjettaar"], *(row[c] or MISSING for c in columns)]
                  for row in read_rows(source))


def build_keys(source, output):
    """Write a file for each system of cost keys, in the order of the source."""
    rows = read_rows(source / "delkostnadsnokler.csv")
    for system, name in SYSTEMS.items():
        write_rows(output / f"{name}.csv", ["sector", "criterion", "weight"],
                   [[SECTOR_NAMES.get(row["sektor"], row["sektor"]), row["kriterium"], row["vekt"]]
                    for row in rows if row["gyldig"] == system])
    write_rows(output / "sector-weights.csv", ["year", "sector", "weight", "status"],
               [[row["budsjettaar"], row["sektor"], row["vekt"],
                 "printed" if row["status"].startswith("oppgitt") else "estimated"]
                for row in read_rows(source / "sektorvekter.csv")])


def main(indices, keys, need, cost_keys):
    """Read the sources, write all files."""
    write_rows(need / "need-indices.csv",
               ["municipality", "year", *(f"dki_{sector}" for sector in SECTORS), "dki_samlet"],
               index_rows(indices / "delkostnadsindekser_2025-2026_kommuner.csv"))
    build_keys(keys, cost_keys)


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*map(Path, sys.argv[1:]))
