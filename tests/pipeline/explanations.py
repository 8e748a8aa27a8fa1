"""Explanations as JSON, computed again: every number from the leaves to the root, by the operation
that the JSON names, and the leaves looked up in the files that they name."""

import csv
import functools
import json
import math
import statistics

from conftest import ROOT
from programs import kf

ASSS = ROOT / "data" / "asss-2010" / "asss-2010.csv"
CARE = ROOT / "data" / "care-2017" / "care-2017.csv"
OSLO, BAERUM = "0301", "0219"


def explain(*question, edition="asss-2010", year=2010, source=ASSS, form="json"):
    return kf(
        *("explain", "--edition", edition, "--year", year, "--format", form),
        *inputs(source),
        *question,
    )


def inputs(source):
    """The options that name the files; `source` is one or a tuple of them."""
    return [o for file in (source if isinstance(source, tuple) else (source,))
            for o in ("--input", file)]


def told(*question, **more):
    """The number that is explained, as parsed JSON."""
    answer = explain(*question, **more)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)["number"]


def of(municipality, measure, sector=None, indicator=None):
    question = ["--municipality", municipality, "--measure", measure]
    question += ["--sector", sector] if sector else []
    return question + (["--indicator", indicator] if indicator else [])


# --- the operations, as docs/explain.schema.json describes them ---


def mean(values, weights):
    return math.fsum(w * v for w, v in zip(weights, values)) / math.fsum(weights)


def spread(values, weights):
    centre = mean(values, weights)
    return mean([(v - centre) ** 2 for v in values], weights)


def rounded(values):
    return [f(values[0] / values[1]) * values[1] for f in (math.floor, math.ceil)]


def pairs(values):
    return list(zip(values[::2], values[1::2]))


def correlation(one, other, weights):
    both = mean(
        [(a - mean(one, weights)) * (b - mean(other, weights)) for a, b in zip(one, other)], weights
    )
    return both / math.sqrt(spread(one, weights) * spread(other, weights))


OPERATIONS = {
    "same": lambda p, w: p[0],
    "sum": lambda p, w: math.fsum(a * b for a, b in zip(w, p)),
    "mean": mean,
    "product": lambda p, w: math.prod(p),
    "quotient": lambda p, w: p[0] / p[1],
    "difference": lambda p, w: p[0] - math.fsum(p[1:]),
    "scaled": lambda p, w: p[0] * p[1] / p[2],
    "standardized": lambda p, w: p[0] * (1 + p[1] * (p[2] - p[3]) / p[4]),
    "percent_above": lambda p, w: 100 * (p[0] / p[1] - 1),
    "minimum": lambda p, w: min(p),
    "maximum": lambda p, w: max(p),
    "median": lambda p, w: statistics.median(p),
    "mean_absolute": lambda p, w: statistics.fmean(map(abs, p)),
    "sd_weighted": lambda p, w: math.sqrt(len(p) / (len(p) - 1) * spread(p, w)),
    "sd_unweighted": lambda p, w: math.sqrt(spread(p, [1] * len(p))),
    "mean_growth": lambda p, w: 100 * ((p[0] / p[1]) ** (1 / p[2]) - 1),
    "difference_quotient": lambda p, w: (p[0] - p[1]) / p[2],
    "mean_distance": lambda p, w: mean([abs(a - b) for a, b in pairs(p)], w[::2]),
    "r_squared": lambda p, w: 1 - math.fsum(
        v * (a - b) ** 2 for v, (a, b) in zip(w[::2], pairs(p))
    ) / (spread(p[::2], w[::2]) * math.fsum(w[::2])),
    "correlation": lambda p, w: correlation(p[::2], p[1::2], w[::2]),
    "count_above": lambda p, w: sum(v > p[0] for v in p[1:]),
    "sum_above": lambda p, w: math.fsum(v for v in p[1:] if v > p[0]),
    "excess": lambda p, w: math.fsum(max(0, v - p[0]) for v in p[1:]),
    "rank": lambda p, w: 1 + sum(v > p[0] for v in p[1:]),
}
LEAVES = {"cell", "number", "estimate"}


@functools.cache
def lines(path):
    with open(ROOT / path, encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


class Recomputed:
    """Goes through an explanation; counts what was seen."""

    def __init__(self, number):
        self.known = {}
        self.cells = self.nodes = 0
        self.value = self.compute(number)

    def compute(self, node):
        if node.get("toldElsewhere"):
            return self.known.get(node["id"], node["value"])
        assert "cut" not in node and "withheld" not in node, node
        self.nodes += 1
        if node["value"] is None:
            return None
        value = self.leaf(node) if node["operation"] in LEAVES else self.made(node)
        self.known[node["id"]] = value
        return value

    def leaf(self, node):
        if node["operation"] == "cell":
            source = node["source"]
            header, row = lines(source["file"])[0], lines(source["file"])[source["line"] - 1]
            assert (row[0], int(row[1])) == (node["municipality"], node["year"])
            if header[2:4] == ["variable", "value"]:
                assert (row[2], float(row[3])) == (node["variable"], node["value"])
            else:  # a column for each variable
                assert float(row[header.index(node["variable"])]) == node["value"]
            self.cells += 1
        return node["value"]

    def made(self, node):
        parts = [self.compute(part["of"]) for part in node["parts"]]
        weights = [self.compute(p["weight"]) if "weight" in p else 1 for p in node["parts"]]
        if node["operation"] == "rounded":
            assert any(abs(node["value"] - near) < 1e-12 for near in rounded(parts)), node
            return node["value"]
        value = OPERATIONS[node["operation"]](parts, weights)
        if "grid" in node:
            value = round(value / node["grid"]) * node["grid"]
        value = round(value, node["decimals"]) if "decimals" in node else value
        last_place = 2e9 * 10 ** -node["decimals"] if "decimals" in node else 0
        size = max([abs(value), last_place, 100 * (node["operation"] == "percent_above")] + [
            abs(w * p) for w, p in zip(weights, parts)
        ])
        assert abs(value - node["value"]) <= 1e-9 * size, (node["measure"], value, node["value"])
        return value


def published(edition, year, source):
    answer = kf("compute", "--edition", edition, "--year", year, *inputs(source))
    assert answer.returncode == 0, answer.stderr
    return list(csv.DictReader(answer.stdout.splitlines()))


def question_of(row, municipality):
    question = ["--measure", row["measure"], "--sector", row["sector"], "--topic", row["topic"]]
    question += ["--indicator", row["indicator"]] if row["indicator"] else []
    return question + (["--municipality", municipality] if row["municipality"] else [])


def assert_explained(edition, year, source, municipality):
    """One number of each measure, of a sector and of the total, is what its parts make. Returns
    the kinds of numbers that were seen."""
    seen = set()
    for row in published(edition, year, source):
        kind = (row["topic"], row["measure"], row["sector"].startswith("total"))
        if row["municipality"] not in ("", municipality) or kind in seen or not row["value"]:
            continue
        seen.add(kind)
        number = told(
            *question_of(row, municipality), edition=edition, year=year, source=source
        )
        assert number["value"] == float(row["value"])
        again = Recomputed(number).value
        assert math.isclose(again, float(row["value"]), rel_tol=1e-9, abs_tol=1e-10), row
    return {(topic, measure) for topic, measure, _ in seen}
