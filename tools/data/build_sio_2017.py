#!/usr/bin/env python3
"""Build data/sio-2017 from the tables of Agenda Kaupang R9272-03 (2018).

    build_sio_2017.py SOURCE_DIR OUTPUT_DIR

SOURCE_DIR holds the tables as tidy UTF-8 CSV files, named below. OUTPUT_DIR gets

    sio-2017.csv              the input: accounts, grants, growth of need, resource-intensive users
    published-gains.csv       the input, optional: gains as printed in table 6.1, to stand beside
                              what is computed, or instead of it where it cannot be
    published/published.csv   what the report prints; never read as input

Million kr become 1000 kr, nothing else is changed.
"""

import sys
from decimal import Decimal
from pathlib import Path

from rows import read_rows, write_rows

HEADER = ["municipality", "year", "variable", "value", "status"]
PUBLISHED_HEADER = ["table", "municipality", "year", "sector", "indicator", "measure", "value"]
PRELIMINARY = "*"  # Statistics Norway's mark

CODES = {"Hobøl": "0138", "Lillesand": "0926", "Os": "1243", "Stjørdal": "1714"}
CODES_2018 = {"Stjørdal": "5035"}

# Municipality and service of tables 5.1, 5.2 and 5.4 whose figures the report calls uncertain.
UNCERTAIN = {("Hobøl", "day_activity")}
ACCOUNTS_YEAR = 2017

# Service of tables 5.1, 5.2 and 5.4: cost group.
GROUPS = {
    "home_services": "hjemmetjenester", "personal_assistant": "bpa", "care_wage": "omsorgslonn",
    "support_contact": "stottekontakt", "respite_outside": "avlastning",
    "day_activity": "dagaktivitet", "institution": "institusjon", "habilitation": "habilitering",
    "hovag_home": "hjemmetjenester_hovag", "mental_health": "psykisk_helse",
    "lillesand_centre": "lillesand_senter", "hovag_centre": "hovag_senter",
    "seamens_home": "sjomannshjemmet",
}
TABLES = {"Hobøl": "5.1", "Lillesand": "5.2", "Stjørdal": "5.4"}

# Column of table 3.1: variable, and part of the grants.
GRANTS = {
    "decision_grant": ("sio_vedtakstilskudd", "vedtak"),
    "lump_sum": ("sio_rundsumtilskudd", "rundsum"),
    "income_supplement": ("sio_inntektstillegg", "inntektstillegg"),
}
NEED_YEARS = range(2014, 2019)  # those of table 3.5 that the edition computes
NEED_YEARS_PRINTED = range(2014, 2021)
MEAN_PERIOD, MEAN_YEAR, MEAN_ID = "2010-2015", "2015", "snitt_2010_2015"

# Column of table 3.6: variable, and measure.
GROWTH = {
    "gross_growth_pct": ("sio_vekst_utgifter", "gross_growth_percent"),
    "demographic_growth_pct": ("sio_vekst_behov", "demographic_growth_percent"),
    "real_growth_pp": (None, "real_growth_percent"),
}

# Column of table 3.7: measure.
USERS = {
    "users": "users", "net_expenditure": "net_expenditure_million_kr",
    "own_share_threshold": "own_share_threshold_million_kr",
    "own_share_above": "own_share_above_million_kr", "own_share_total": "own_share_million_kr",
    "net_above_threshold": "net_above_threshold_million_kr", "grant": "refund_million_kr",
}

# Column of table 6.1: year, sector, variable.
GAINS = {
    "demography_2016": ("2016", "demography", "sio_gevinst_demografi"),
    "demography_2017": ("2017", "demography", "sio_gevinst_demografi"),
    "demography_2018": ("2018", "demography", "sio_gevinst_demografi"),
    "resource_intensive_2017": ("2017", "resource_intensive", "sio_gevinst_ressurskrevende"),
    "unit_cost_2017": ("2017", "services", "sio_gevinst_enhetskostnad"),
    "total_2017": ("2017", "total", "sio_gevinst_i_alt"),
}


def code_of(name, year):
    """Return the code that a municipality had in a year; "" for the sum of all of them."""
    if name == "TOTAL_AS_PRINTED":
        return ""
    return CODES_2018.get(name, CODES[name]) if int(year) >= 2018 else CODES[name]


def thousands(millions):
    """Return million kr as 1000 kr."""
    return str(int(Decimal(millions) * 1000))


class Table:
    """Cells of the input and published cells, as the tables give them."""

    def __init__(self, source):
        self.source = source
        self.cells = []
        self.gains = []
        self.published = []

    def rows(self, name):
        return read_rows(self.source / f"{name}.csv")

    def cell(self, name, year, variable, value, status=""):
        self.cells.append([code_of(name, year), str(year), variable, value, status])

    def print(self, table, row, year, key, value):
        """Adds a published cell; `key` is sector, indicator and measure."""
        if value:
            municipality = row["municipality"]
            code = code_of(municipality, min(int(year), 2018))
            self.published.append([table, code, str(year), *key, value])


def rates(table):
    """Annex V.1: the national rates stand in the edition itself."""
    for row in table.rows("annex_v1_national_rates"):
        for year in ("2014", "2016", "2017"):
            if row[f"rate_{year}"]:
                table.published.append(["V.1", "", year, "services", row["service_code"], "rate_kr",
                                        row[f"rate_{year}"]])


def examples(table):
    """Annex V.2."""
    for row in table.rows("annex_v2_hobol_examples"):
        key = (GROUPS["home_services"], row["service_code"], "unit_cost_kr")
        table.print("V.2", row, ACCOUNTS_YEAR, key, row["unit_cost_2017"])
        ratio = (GROUPS["home_services"], row["service_code"], "ratio")
        table.print("V.2", row, ACCOUNTS_YEAR, ratio, row["group_ratio_used"])


def grants(table):
    """Tables 3.1 and 3.2."""
    for row in table.rows("table_3_1_grants"):
        year = row["year"]
        table.cell(row["municipality"], year, "sio_tilskudd_i_alt", thousands(row["total"]))
        key = ("grants", "", "published_grant_million_kr")
        table.print("3.1", row, year, key, row["total"])
        for column, (variable, part) in GRANTS.items():
            table.cell(row["municipality"], year, variable, thousands(row[column]))
            table.print("3.1", row, year, ("grants", part, "grant_million_kr"), row[column])
    for row in table.rows("table_3_2_deduction"):
        amount = row["deduction_from_block_grant"]
        table.cell(row["municipality"], row["year"], "sio_trekk", thousands(amount))
        key = ("grants", "", "deduction_million_kr")
        table.print("3.2", row, row["year"], key, amount)


def need(table):
    """Table 3.5."""
    key = ("growth", "arlig", "demographic_growth_percent")
    for row in table.rows("table_3_5_need_growth"):
        for year in NEED_YEARS:
            table.cell(row["municipality"], year, "sio_vekst_behov", row[str(year)])
        for year in NEED_YEARS_PRINTED:
            table.print("3.5", row, year, key, row[str(year)])
        mean = ("growth", "mean_2014_2020", "demographic_growth_percent")
        table.print("3.5", row, 2020, mean, row["mean_2014_2020"])


def growth(table):
    """Table 3.6. Need of 2016 and 2017 is that of table 3.5."""
    for row in table.rows("table_3_6_real_growth"):
        mean = row["period"] == MEAN_PERIOD
        year = MEAN_YEAR if mean else row["period"]
        for column, (variable, measure) in GROWTH.items():
            if variable and mean:
                table.cell(row["municipality"], year, f"{variable}_2010_2015", row[column])
            elif variable == "sio_vekst_utgifter":
                table.cell(row["municipality"], year, variable, row[column])
            key = ("growth", MEAN_ID if mean else "arlig", measure)
            table.print("3.6", row, year, key, row[column])


def users(table):
    """Table 3.7."""
    for row in table.rows("table_3_7_resource_intensive"):
        name, year = row["municipality"], row["year"]
        table.cell(name, year, "ressurskrevende_brukere", row["users"])
        table.cell(name, year, "ressurskrevende_netto", thousands(row["net_expenditure"]))
        for column, measure in USERS.items():
            table.print("3.7", row, year, ("resource_intensive", "", measure), row[column])


def accounts(table):
    """Tables 5.1, 5.2 and 5.4."""
    for row in table.rows("tables_5_1_5_2_5_4_unit_costs"):
        name, group = row["municipality"], GROUPS[row["service"]]
        status = PRELIMINARY if (name, row["service"]) in UNCERTAIN else ""
        for column, prefix, measure in (
                ("net_expenditure", "sio_netto", "net_expenditure_million_kr"),
                ("grant", "sio_tilskudd", "grant_million_kr")):
            amount = thousands(row[column])
            table.cell(name, ACCOUNTS_YEAR, f"{prefix}_{group}", amount, status)
            table.print(TABLES[name], row, ACCOUNTS_YEAR, (group, "", measure), row[column])
        for column, measure in (("gain", "gain_million_kr"), ("ratio", "ratio")):
            table.print(TABLES[name], row, ACCOUNTS_YEAR, (group, "", measure), row[column])


def gains(table):
    """Table 6.1."""
    for row in table.rows("table_6_1_gains"):
        for column, (year, sector, variable) in GAINS.items():
            code = code_of(row["municipality"], year)
            if code:
                table.gains.append([code, year, variable, thousands(row[column]), ""])
            key = (sector, "", "gain_million_kr")
            table.print("6.1", row, year, key, row[column])


def main(source, output):
    """Read the tables, write all files."""
    table = Table(source)
    for part in (grants, need, growth, users, accounts, gains, rates, examples):
        part(table)
    by_cell = {"key": lambda row: (row[1], row[0], row[2])}
    write_rows(output / "sio-2017.csv", HEADER, sorted(table.cells, **by_cell))
    write_rows(output / "published-gains.csv", HEADER, sorted(table.gains, **by_cell))
    write_rows(output / "published" / "published.csv", PUBLISHED_HEADER, sorted(table.published))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
