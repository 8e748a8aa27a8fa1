"""Figures for tests, made up: every variable of the register for some municipalities, the country
and some years. They have the right size and fit each other; they are nobody's figures."""

import csv
import pathlib
import random

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
EDITIONS = ROOT / "editions"
COUNTRY = "EAK"

# How much of gross operating expenditure each account is, and what else is a part of what.
ACCOUNTS = {"lonn": 0.6, "pensjon_avgift": 0.14, "avskrivninger": 0.03, "lokaler": 0.08}
PARTS = {
    "undersokelser_over_3_mnd": ("undersokelser_avsluttet", 0.2),
    "assistenter_utdannet": ("assistenter", 0.4),
    "styrere_pedledere_godkjent": ("styrere_pedledere", 0.9),
    "enerom_institusjon": ("institusjonsplasser", 0.95),
}
MEANS = ("share", "percent", "index", "points")


def variables():
    """The register: unit, minimum and maximum by id; without families and what nobody needs to
    observe."""
    register = yaml.safe_load((EDITIONS / "variables.yaml").read_text("utf-8"))["variables"]
    return {v["id"]: v for v in register if v["id"] != "basis" and "each" not in v}


def codes_of(year):
    """The municipalities of 1 January."""
    day = f"{year}-01-01"
    with open(EDITIONS / "municipalities.csv", encoding="utf-8", newline="") as file:
        return sorted({
            r["municipality"] for r in csv.DictReader(file)
            if r["valid_from"] <= day and (not r["valid_to"] or r["valid_to"] > day)
        })


class Figures:
    """figures[municipality, year, variable]; the same for the same seed."""

    def __init__(self, members, years, country=True, seed=1):
        self.draw = random.Random(seed)
        self.members, self.years = sorted(members), sorted(years)
        self.register = variables()
        self.cells = {}
        rates = {v: self.draw.uniform(0.005, 0.2) for v in sorted(self.register)}
        for year in self.years:
            for code in self.members:
                self._fill(code, year, rates)
            if country:
                self._country(year)

    def __getitem__(self, key):
        return self.cells[key]

    def column(self, year, variable):
        return {k: self.cells[k, year, variable] for k in self.members}

    def _near(self, value, spread=0.15):
        return value * self.draw.uniform(1 - spread, 1 + spread)

    def _earlier(self, code, year, variable):
        """The year before, changed a little; None in the first year."""
        before = self.cells.get((code, year - 1, variable))
        return None if before is None else self._near(before, 0.03)

    def _fill(self, code, year, rates):
        people = self._earlier(code, year, "folkemengde")
        people = round(people or self.draw.uniform(60000, 250000))
        for variable, about in self.register.items():
            value = self._earlier(code, year, variable)
            if value is None:
                value = self._mean(about) if about["unit"] in MEANS else self._near(
                    people * rates[variable])
            self._put(code, year, about, value)
        self.cells[code, year, "folkemengde"] = people
        self._relate(code, year)

    def _mean(self, about):
        if about["unit"] == "index":
            return self._near(100 if about.get("maximum", 100) >= 100 else 1)
        low, high = about["minimum"], about.get("maximum", 100)
        return low + (high - low) * self.draw.uniform(0.4, 0.6)

    def _put(self, code, year, about, value):
        digits = 0 if about["unit"] in ("persons", "count", "1000 kr", "days") else 4
        value = min(max(value, about["minimum"]), about.get("maximum", value))
        self.cells[code, year, about["id"]] = round(value, digits) if digits else round(value)

    def _relate(self, code, year):
        for variable in self.register:
            for account, part in ACCOUNTS.items():
                sector = variable.removeprefix(f"{account}_")
                if variable != sector and f"bdu_{sector}" in self.register:
                    gross = self.cells[code, year, f"bdu_{sector}"]
                    self.cells[code, year, variable] = round(self._near(part * gross, 0.05))
        for variable, (whole, part) in PARTS.items():
            whole = self.cells[code, year, whole]
            self.cells[code, year, variable] = round(self._near(part * whole, 0.05))

    def _country(self, year):
        """Five times the members and a little; means are near those of the members."""
        for variable, about in self.register.items():
            column = list(self.column(year, variable).values())
            of_members = sum(column) / len(column) if about["unit"] in MEANS else 5 * sum(column)
            self._put(COUNTRY, year, about | {"maximum": 1e12}, self._near(of_members, 0.03))

    def others(self, codes, names):
        """More municipalities, with these variables alone."""
        for year in self.years:
            for code in codes:
                for name in ["folkemengde", *names]:
                    about = self.register[name]
                    mean = about["unit"] in MEANS
                    value = self._mean(about) if mean else self.draw.uniform(1000, 30000)
                    self._put(code, year, about, value)
        return self

    def write(self, path):
        with open(path, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["municipality", "year", "variable", "value", "status"])
            writer.writerows((k, y, v, x, "") for (k, y, v), x in sorted(self.cells.items()))
        return path
