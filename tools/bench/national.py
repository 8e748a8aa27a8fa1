"""A synthetic country for benchmarks: all municipalities of 2024, 44 indicators, N years.

Writes OUTPUT/editions (the registers and one edition, `nasjonal-syntetisk`, which is ASSS 2010 for
everybody) and OUTPUT/national.csv. The figures are random but seeded; they
mean nothing.
"""

import argparse
import csv
import pathlib
import random
import re
import shutil

EDITION = "nasjonal-syntetisk"
STRUCTURE_YEAR = 2024
MISSING_SHARE = 0.01


def municipalities(editions: pathlib.Path) -> list[str]:
    """Codes valid on 1 January of the structure year."""
    date = f"{STRUCTURE_YEAR}-01-01"
    with open(editions / "municipalities.csv", encoding="utf-8", newline="") as file:
        return sorted(
            {
                row["municipality"]
                for row in csv.DictReader(file)
                if row["valid_from"] <= date and (not row["valid_to"] or row["valid_to"] > date)
            }
        )


def write_edition(source: pathlib.Path, target: pathlib.Path, first: int, last: int) -> list[str]:
    """Derives the national edition from asss-2010; returns its indicator variables."""
    others = (f.name for f in source.glob("*.yaml") if f.name != "variables.yaml")
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(*others), dirs_exist_ok=True)
    text = (source / "asss-2010.yaml").read_text(encoding="utf-8")
    text = re.sub(r"^id: .*$", f"id: {EDITION}", text, flags=re.M)
    text = re.sub(r"^years: .*$", f"years: {{from: {first}, to: {last}}}", text, flags=re.M)
    text = re.sub(r"^structure: .*$", f"structure: {STRUCTURE_YEAR}", text, flags=re.M)
    text = re.sub(r"^  municipalities:\n(    - .*\n)+", "  municipalities: all\n", text, flags=re.M)
    (target / f"{EDITION}.yaml").write_text(text, encoding="utf-8")
    return re.findall(r"variable: (\w+), per:", text)


def write_figures(path: pathlib.Path, codes: list[str], variables: list[str], years: range) -> int:
    """One row a cell, sorted as the ingest's canonical order; returns the number of rows."""
    draw = random.Random(20260315)
    people = {code: int(10 ** draw.uniform(2.4, 5.2)) for code in codes}
    rows = 0
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write("municipality,year,variable,value,status\n")
        for year in years:
            for variable in sorted(
                variables
                + ["folkemengde", "korrigert_utgift", "produksjonsutvikling", "utgiftsutvikling"]
            ):
                for code in codes:
                    if variable == "folkemengde":
                        people[code] = max(150, int(people[code] * draw.uniform(0.99, 1.02)))
                        cell = f"{people[code]},"
                    elif variable in variables and draw.random() < MISSING_SHARE:
                        cell = ",.."
                    else:
                        cell = f"{draw.uniform(40, 180):.1f},"
                    file.write(f"{code},{year},{variable},{cell}\n")
                    rows += 1
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--editions", type=pathlib.Path, required=True)
    parser.add_argument("--output", type=pathlib.Path, required=True)
    parser.add_argument("--years", type=int, default=20)
    parser.add_argument("--municipalities", type=int, default=1000, help="at most so many")
    arguments = parser.parse_args()
    years = range(2025 - arguments.years, 2025)
    arguments.output.mkdir(parents=True, exist_ok=True)
    variables = write_edition(
        arguments.editions, arguments.output / "editions", years[0], years[-1]
    )
    codes = municipalities(arguments.editions)[: arguments.municipalities]
    rows = write_figures(arguments.output / "national.csv", codes, variables, years)
    print(
        f"{len(codes)} municipalities, {len(variables)} indicators, {len(years)} years: {rows} rows"
    )


if __name__ == "__main__":
    main()
