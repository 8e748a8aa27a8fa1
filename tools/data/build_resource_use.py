#!/usr/bin/env python3
"""Build data/resource-use from KOSTRA figures of Lørenskog and others, and from totals of 2015.

    build_resource_use.py SOURCE_DIR OUTPUT_DIR

SOURCE_DIR holds, in the folders befolkning, golden and kostra, the files named below. OUTPUT_DIR
gets

    net-expenditure.csv       the input: net operating expenditure of the country, Oslo, Lørenskog
                              and its neighbours, 1000 kr, and inhabitants at the end of the year
    country-2024.csv          the input: the country's amounts of 2024 that demography takes, which
                              stand in no other file: the two go together
    totals-2015.csv           the input: totals of 2015
    published/published.csv   need-adjusted expenditure per inhabitant as published; never read as
                              input

The sources give kr per inhabitant; SOURCE.md tells how amounts are read back from them.
"""

import sys
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from rows import read_rows, write_rows

COUNTRY = "EAK"
MISSING = ".."
PRELIMINARY = "*"
UNREVISED = 2025  # the source's figures of that year are those of March
HEADER = ["municipality", "year", "variable", "value", "status"]
KEY_FIGURES = "kostra/lorenskog_m_fl_nokkeltall_2020-2025.csv"
PUBLISHED = "golden/lorenskog_utgiftsbehovsjustert_2020-2025.csv"
BY_AGE = "befolkning/folkemengde_1aar_kommuner2024_2005-2026.csv"
COUNTRY_BY_AGE = "befolkning/folkemengde_aldersgrupper_telemark_2000-2026.csv"
TOTALS_2015 = "kostra/kostra_2015_eiendom_og_driftsutgifter_konsern_kommuner.csv"
GROUPS_2015 = "kostra/kostra_2015_eiendom_og_driftsutgifter_konsern_kostragrupper_estimat.csv"
LONGYEARBYEN = "2111"

# Region of the source: its code; the four neighbours have figures of 2024 and later only.
REGIONS = {"Landet": COUNTRY, "Oslo": "0301", "Lillestrøm": "3205", "Enebakk": "3220",
           "Lørenskog": "3222", "Rælingen": "3224"}
INHABITANTS = "Innbyggere (antall)"

# Key figure in kr per person: variable of the amount, ages of the persons (none: all inhabitants).
AMOUNTS = {
    "Netto driftsutgifter barnehage per innb. 1-5 år (kr)": ("ndu_barnehage", range(1, 6)),
    "Netto driftsutgifter til grunnskole per innbygger 6-15 år (kr)":
        ("ndu_grunnskole_nokkeltall", range(6, 16)),
    "Netto driftsutgifter kultur per innbygger (kr)": ("ndu_kultur", None),
}
COUNTRY_GROUPS = {"ndu_barnehage": ["1-5 år"], "ndu_grunnskole_nokkeltall": ["6-12 år", "13-15 år"]}

# Sector of the published need-adjusted figures: id here.
SECTORS = {
    "Grunnskole": "grunnskole", "Pleie og omsorg (ekskl. kommunehelse)": "pleie_omsorg",
    "Barnehage": "barnehage", "Barnevern": "barnevern", "Sosialsektor": "sosial",
    "Kommunehelse (232+233+241)": "kommunehelse", "Administrasjon, kommune": "administrasjon",
}

# Sectors whose expenditure follows age (METHOD D9), and the year of the rates.
BY_AGE_SECTORS = ["barnehage", "grunnskole", "kommunehelse", "pleie_omsorg", "sosial", "barnevern"]
RATE_YEAR = "2024"

# Column of the totals of 2015: variable.
TOTALS = {"folkemengde": "folkemengde_31_12", "bdu_i_alt": "bdu",
          "ndu_idrettsbygg": "ndu_idrettsbygg"}


def write(path, header, rows):
    """Write one CSV file, by year and municipality."""
    write_rows(path, header, sorted(rows, key=lambda row: (row[1], row[0], row[2])))


def thousands(kr):
    """Whole thousands of kr."""
    return str((kr / 1000).quantize(Decimal(1), ROUND_HALF_UP))


def key_figures(source):
    """Return {(indicator, code, year): figure} of the regions that are municipalities or all."""
    return {
        (row["indikator"], REGIONS[row["region"]], int(row["aar"])): Decimal(row["verdi"])
        for row in read_rows(source / KEY_FIGURES)
        if row["region"] in REGIONS and row["verdi"]
    }


def people_by_age(source):
    """Return {(code, year): people by age} of single municipalities."""
    return {
        (row["kommunenummer"], int(row["aar"])): [int(row[f"a{age}"]) for age in range(106)]
        for row in read_rows(source / BY_AGE) if row["kommunenummer"] in REGIONS.values()
    }


def country_by_group(source):
    """Return {(age group, year): people} of the country."""
    return {(row["aldersgruppe"], int(row["aar"])): int(row["personer"])
            for row in read_rows(source / COUNTRY_BY_AGE) if row["region"] == "Hele landet"}


def amounts_of_key_figures(source, figures):
    """Yield amounts: kr per person times persons at the end of the year."""
    ages = people_by_age(source)
    country = country_by_group(source)
    for (indicator, code, year), figure in figures.items():
        if indicator not in AMOUNTS:
            continue
        variable, span = AMOUNTS[indicator]
        if span is None:
            people = figures[INHABITANTS, code, year]
        elif code == COUNTRY:
            people = sum(country[group, year + 1] for group in COUNTRY_GROUPS[variable])
        else:
            people = sum(ages[code, year + 1][span.start:span.stop])
        status = PRELIMINARY if year == UNREVISED else ""
        yield [code, str(year), variable, thousands(figure * people), status]


def published(source):
    """Return rows code, year, sector, kr per inhabitant, need index."""
    return [[REGIONS[row["region"]], row["aar"], SECTORS[row["sektor"]],
             row["netto_driftsutg_per_innb_korrigert_for_utgiftsbehov_kr"],
             row["dki_gront_hefte_2026"]] for row in read_rows(source / PUBLISHED)]


def amounts_of_published(rows, figures):
    """Yield amounts: published kr per inhabitant times need index times inhabitants.

    Kindergartens are left out: their amounts come from the key figures.
    """
    for code, year, sector, adjusted, index in rows:
        if sector != "barnehage":
            people = figures[INHABITANTS, code, int(year)]
            amount = Decimal(adjusted) * Decimal(index) * people
            yield [code, year, f"ndu_{sector}", thousands(amount), ""]


def build_net_expenditure(source, output):
    """Write net-expenditure.csv and country-2024.csv, no cell in both, and what they are
    checked against."""
    figures = key_figures(source)
    rows = [[code, str(year), "folkemengde_31_12", str(figure), ""]
            for (indicator, code, year), figure in figures.items() if indicator == INHABITANTS]
    golden = published(source)
    rows += amounts_of_key_figures(source, figures)
    rows += amounts_of_published(golden, figures)
    wanted = {f"ndu_{sector}" for sector in BY_AGE_SECTORS}
    of_rates = [row for row in rows if row[:2] == [COUNTRY, RATE_YEAR] and row[2] in wanted]
    write(output / "net-expenditure.csv", HEADER, [row for row in rows if row not in of_rates])
    write(output / "country-2024.csv", HEADER, of_rates)
    write(output / "published" / "published.csv",
          ["municipality", "year", "sector", "need_adjusted_expenditure_kr_per_capita",
           "need_index"], golden)


def build_totals(source, output):
    """Write totals-2015.csv: every municipality, and the sum of SSB's estimates for groups."""
    rows = []
    for row in read_rows(source / TOTALS_2015):
        for column, variable in TOTALS.items():
            if row["kommunenummer"] != LONGYEARBYEN:
                value = row[column]
                rows.append([row["kommunenummer"], "2015", variable, value,
                             "" if value else MISSING])
    groups = read_rows(source / GROUPS_2015)
    for column, variable in TOTALS.items():
        rows.append([COUNTRY, "2015", variable, str(sum(int(row[column]) for row in groups)), ""])
    write(output / "totals-2015.csv", HEADER, rows)


def main(source, output):
    """Read the sources, write all files."""
    build_net_expenditure(source, output)
    build_totals(source, output)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
