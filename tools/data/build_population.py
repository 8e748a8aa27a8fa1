#!/usr/bin/env python3
"""Build data/population from SSB's inhabitants on 1 January by single year of age.

    build_population.py SOURCE_DIR OUTPUT_DIR

SOURCE_DIR holds three tidy UTF-8 CSV files:

    folkemengde_1aar_kommuner2024_2005-2026.csv      on the municipalities of 2024
    folkemengde_1aar_originale_koder_2005-2021.csv   on the codes of each year
    folkemengde_aldersgrupper_telemark_2000-2026.csv the country's totals by age group, as published

OUTPUT_DIR gets

    population.csv            the input: municipality,year,folkemengde,alder_0,…,alder_105
    published/published.csv   what is printed elsewhere, to check it against; never read as input

SOURCE.md beside them tells what is done to Ålesund and Haram, and to the country.
"""

import sys
from pathlib import Path

from rows import read_rows, write_rows

AGES = range(106)  # 105 is "105 or older"
YEARS = range(2005, 2027)
COUNTRY = "EAK"
OSLO = "0301"

# The two halves of Ålesund (1507, 2020–2023), which the source divides evenly in every year.
HALVES = ["1508", "1580"]
# What they are made of until 2019: nothing was divided then.
PARTS = {"1508": ["1504", "1523", "1529", "1546"], "1580": ["1534"]}
UNDIVIDED = "1507"

# Municipalities that got a share of Tysfjord (1850) or Snillfjord (1613, from 2018 5012), with all
# they are made of: their sums are exact where the shares are rounded.
SHARED = ["1806", "1875", "5055", "5056", "5059"]
SHARED_PARTS = {
    range(2005, 2018): ["1805", "1849", "1850", "1854", "1571", "1612", "1613", "1617", "1622",
                        "1636", "1638"],
    range(2018, 2020): ["1805", "1849", "1850", "1854", "1571", "5011", "5012", "5013", "5016",
                        "5023", "5024"],
}

# Put together on 1 January 2006, Vindafjord and Aure: the source has no row of their parts in 2005.
LACKING_2005 = ["1160", "1576"]

# Age groups of the published totals: name in the source, variable, first and last age.
GROUPS = [
    ("0 år", "innb_0", 0, 0), ("1-5 år", "innb_1_5", 1, 5), ("6-12 år", "innb_6_12", 6, 12),
    ("13-15 år", "innb_13_15", 13, 15), ("16-19 år", "innb_16_19", 16, 19),
    ("20-44 år", "innb_20_44", 20, 44), ("45-66 år", "innb_45_66", 45, 66),
    ("67-79 år", "innb_67_79", 67, 79), ("80-89 år", "innb_80_89", 80, 89),
    ("90 år eller eldre", "innb_90_pluss", 90, 105),
]


def by_age(path):
    """Return {(municipality, year): [people by age]} of a source with columns a0 … a105."""
    return {
        (row["kommunenummer"], int(row["aar"])): [int(row[f"a{age}"]) for age in AGES]
        for row in read_rows(path)
    }


def total(rows):
    """Add rows of ages up."""
    return [sum(column) for column in zip(*rows)]


def published_country(path):
    """Return {year: {age group: people}} of the whole country."""
    country = {}
    for row in read_rows(path):
        if row["region"] == "Hele landet":
            country.setdefault(int(row["aar"]), {})[row["aldersgruppe"]] = int(row["personer"])
    return country


def aalesund(year, by_2024, original):
    """Rows of Ålesund and Haram: exact until 2019 and from 2024, one row of both between."""
    if year <= 2019:
        return {code: total(original[part, year] for part in parts)
                for code, parts in PARTS.items()}
    if (UNDIVIDED, year) in original:
        return {UNDIVIDED: original[UNDIVIDED, year]}
    if year <= 2023:
        return {UNDIVIDED: total(by_2024[half, year] for half in HALVES)}
    return {half: by_2024[half, year] for half in HALVES}


def members(year, by_2024, original):
    """Return {municipality: ages} of a year, on the municipalities of 2024."""
    rows = {code: ages for (code, y), ages in by_2024.items() if y == year and code not in HALVES}
    return rows | aalesund(year, by_2024, original)


def country_ages(year, rows, original):
    """The country by age: the sum of all, with exact sums in place of rounded shares."""
    exact = [ages for code, ages in rows.items() if code not in SHARED or year >= 2020]
    for years, codes in SHARED_PARTS.items():
        if year in years:
            exact += [original[code, year] for code in codes if (code, year) in original]
    return total(exact)


def spread(people, ages):
    """`people` by the shares of `ages`, in whole persons; the largest remainders are rounded up."""
    shares = [people * number / sum(ages) for number in ages]
    whole = [int(share) for share in shares]
    by_remainder = sorted(range(len(ages)), key=lambda i: (whole[i] - shares[i], i))
    for i in by_remainder[: people - sum(whole)]:
        whole[i] += 1
    return whole


def country_2005(present, published, older):
    """The country by age in 2005: what the source has, and the two municipalities it lacks.

    Their number in each age group is what the published total of the group has more; within a group
    they are spread as the same municipalities' inhabitants one year older, a year later.
    """
    ages = list(present)
    for name, _, first, last in GROUPS:
        lacking = published[name] - sum(present[first:last + 1])
        like = [older[min(age + 1, AGES[-1])] for age in range(first, last + 1)]
        for age, people in zip(range(first, last + 1), spread(lacking, like)):
            ages[age] += people
    return ages


def population_rows(by_2024, original, published):
    """Yield the rows of population.csv, by year and municipality, the country last."""
    for year in YEARS:
        rows = members(year, by_2024, original)
        people = {code: sum(ages) for code, ages in rows.items()}
        whole = country_ages(year, rows, original)
        if year in (2022, 2023):  # the halves are rounded: the published total says by how much
            people[UNDIVIDED] += sum(published[year].values()) - sum(whole)
        for code in sorted(rows):
            yield [code, year, people[code], *rows[code]]
        if year == 2005:
            older = total(by_2024[code, 2006] for code in LACKING_2005)
            whole = country_2005(whole, published[year], older)
        yield [COUNTRY, year, sum(published[year].values()), *whole]


def published_rows(published, original):
    """Yield the rows of published.csv: the country by age group, Oslo as a whole."""
    for year in YEARS:
        groups = [published[year][name] for name, _, _, _ in GROUPS]
        yield [COUNTRY, year, sum(groups), *groups]
        if (OSLO, year) in original:
            yield [OSLO, year, sum(original[OSLO, year]), *[""] * len(GROUPS)]


def main(source, output):
    """Read the sources, write both files."""
    by_2024 = by_age(source / "folkemengde_1aar_kommuner2024_2005-2026.csv")
    original = by_age(source / "folkemengde_1aar_originale_koder_2005-2021.csv")
    published = published_country(source / "folkemengde_aldersgrupper_telemark_2000-2026.csv")
    head = ["municipality", "year", "folkemengde"]
    write_rows(output / "population.csv", head + [f"alder_{age}" for age in AGES],
               population_rows(by_2024, original, published))
    write_rows(output / "published" / "published.csv",
               head + [variable for _, variable, _, _ in GROUPS],
               published_rows(published, original))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
