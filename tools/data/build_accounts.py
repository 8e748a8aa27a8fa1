#!/usr/bin/env python3
"""Build editions/accounts and data/accounts from Statistics Norway's example of accounts.

    build_accounts.py SOURCE_DIR EDITIONS_DIR OUTPUT_DIR

SOURCE_DIR holds the tables of kostraRegnskapData (statisticsnorway/ssb-kostra) as UTF-8 CSV, called
regnskap_eksempel_2015-2016_NAME.csv. EDITIONS_DIR gets

    accounts/functions.csv, arts.csv, netting_undertakings.csv, netting_treasury.csv
                 year,to,from,sign: the hierarchies, row by row as they are, codes without blanks

OUTPUT_DIR gets

    accounts.csv municipality,year,account,function,art,amount,scope: the lines of 101 and 301,
                 Halden and Oslo on the codes of 2015; counties and city districts are left out
"""

import sys
from pathlib import Path

from rows import read_rows, write_rows

HIERARCHIES = {
    "functions": "funksjonshierarki",
    "arts": "artshierarki",
    "netting_undertakings": "artshierarki_nettinger",
    "netting_treasury": "artshierarki_nettinger_kasse",
}
LINES = {"data": "", "data_saer": "saerbedrift"}
REGIONS = {"101": "0101", "301": "0301"}


def table(folder, name):
    return read_rows(folder / f"regnskap_eksempel_2015-2016_{name}.csv")


def hierarchy(rows):
    return [
        (row["periode"], row["to"].replace(" ", ""), row["from"].replace(" ", ""), row["sign"])
        for row in rows
    ]


def lines(rows, scope):
    return [
        (REGIONS[row["region"]], row["periode"], row["kontoklasse"], row["funksjon"], row["art"],
         row["belop"], scope)
        for row in rows
        if row["region"] in REGIONS
    ]


def main():
    source, editions, output = (Path(argument) for argument in sys.argv[1:4])
    for name, origin in HIERARCHIES.items():
        write_rows(editions / "accounts" / f"{name}.csv", ("year", "to", "from", "sign"),
                   hierarchy(table(source, origin)))
    rows = [row for name, scope in LINES.items() for row in lines(table(source, name), scope)]
    write_rows(output / "accounts.csv",
               ("municipality", "year", "account", "function", "art", "amount", "scope"),
               sorted(rows, key=lambda row: (row[1], row[0], row[6], row[2],
                                             int(row[3]), int(row[4]))))


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main()
