"""The same release as an analyst would write it: pandas to compute, confluent-kafka to publish.

Reads the CSV, computes every panel of the edition (normalised indicators with the missing rule,
contributions, sub-indices, total, alternatives without imputed cells, ranks, statistics,
efficiency, changes) and publishes the records with the same keys, fields and CloudEvents headers,
manifest last, in one transaction. Prints one JSON line with the seconds of each phase.
"""

import argparse
import json
import time

started = time.perf_counter()
import numpy  # noqa: E402
import pandas  # noqa: E402
import yaml  # noqa: E402
from confluent_kafka import Producer  # noqa: E402

imported = time.perf_counter()


def weights_of(edition):
    """Sector weights and, for each sector, indicator weights."""
    sectors = {s["id"]: s["weight"] for s in edition["sectors"]}
    indicators = {
        s["id"]: {i["id"]: i["weight"] for i in s["indicators"]} for s in edition["sectors"]
    }
    return sectors, indicators


def statistics(values, population):
    """METHOD S1 for a column."""
    mean = numpy.average(values, weights=population)
    count = len(values)
    variance = numpy.average((values - mean) ** 2, weights=population)
    return {
        "minimum": values.min(),
        "maximum": values.max(),
        "meanWeighted": mean,
        "sdWeighted": (count / (count - 1) * variance) ** 0.5,
        "sdUnweighted": values.std(ddof=0),
    }


def rows_of(kind, sector, indicator, table):
    """A table's rows as records (topic, municipality, sector, indicator, fields)."""
    flags = table.pop("flags")
    for municipality, row in zip(table.index, table.to_dict("records")):
        fields = {name: value for name, value in row.items() if value == value}
        if flags[municipality]:
            fields["flags"] = flags[municipality]
        yield kind, municipality, sector, indicator, fields


def flagged(condition, names):
    """The flags of each municipality: `names` where the condition holds."""
    return condition.map({True: names, False: None})


def compute_sector(sector, sector_weight, weights, scale, figures):
    """Records of one sector, with its index, its alternative and who is incomplete."""
    population = figures["folkemengde"]
    raw = figures[list(weights.index)]
    imputed = raw.isna()
    filled = raw.fillna(raw.min())
    normalized = scale * filled / numpy.average(filled, axis=0, weights=population)
    contribution = normalized * weights
    index = contribution.sum(axis=1)
    without = contribution.mask(imputed, 0).sum(axis=1) / (~imputed * weights).sum(axis=1)
    incomplete = imputed.any(axis=1)
    records = []
    for name in weights.index:
        columns = {
            "raw": raw[name],
            "normalized": normalized[name],
            "contribution": contribution[name],
            "contributionToTotal": contribution[name] * sector_weight,
            "flags": flagged(imputed[name], ["missing", "imputed", "incomplete"]),
        }
        records.extend(rows_of("indicator", sector, name, pandas.DataFrame(columns)))
        described = statistics(normalized[name], population) | {"weight": weights[name]}
        records.append(("statistics", "", sector, name, described))
    columns = {
        "index": index,
        "indexWithoutImputed": without,
        "rank": index.rank(ascending=False, method="min"),
        "contribution": index * sector_weight,
        "flags": flagged(incomplete, ["incomplete"]),
    }
    records.extend(rows_of("index", sector, "", pandas.DataFrame(columns)))
    described = statistics(index, population) | {"weight": sector_weight}
    records.append(("statistics", "", sector, "", described))
    return records, index, without, incomplete


def compute_total(scale, figures, total, total_without, flags):
    """Records of the total index and of efficiency."""
    population = figures["folkemengde"]
    spent = figures["korrigert_utgift"]
    expenditure = scale * spent / numpy.average(spent, weights=population)
    ratio = total / expenditure
    production, spending = figures["produksjonsutvikling"], figures["utgiftsutvikling"]
    index = {
        "index": total,
        "indexWithoutImputed": total_without,
        "rank": total.rank(ascending=False, method="min"),
        "flags": flags,
    }
    efficiency = {
        "expenditureIndex": expenditure,
        "efficiency": scale * ratio / numpy.average(ratio, weights=population),
        "efficiencyPercent": (ratio - 1) * 100,
        "productionChangePercent": production - 100,
        "expenditureChangePercent": spending - 100,
        "efficiencyChangePercent": (production / spending - 1) * 100,
        "flags": flags,
    }
    means = {
        f"{kind}ChangeMeanAbsolute": efficiency[f"{kind}ChangePercent"].abs().mean()
        for kind in ("production", "expenditure", "efficiency")
    }
    return [
        *rows_of("index", "total", "", pandas.DataFrame(index)),
        ("statistics", "", "total", "", statistics(total, population)),
        *rows_of("efficiency", "total", "", pandas.DataFrame(efficiency)),
        ("efficiency", "", "total", "", means),
    ]


def compute_year(edition, figures):
    """All records of one panel."""
    sectors, indicators = weights_of(edition)
    records = []
    total = pandas.Series(0.0, index=figures.index)
    total_without = pandas.Series(0.0, index=figures.index)
    incomplete = pandas.Series(False, index=figures.index)
    for sector, weight in sectors.items():
        of_sector, index, without, gaps = compute_sector(
            sector, weight, pandas.Series(indicators[sector]), edition["scale"], figures
        )
        records.extend(of_sector)
        total += weight * index
        total_without += weight * without
        incomplete |= gaps
    flags = flagged(incomplete, ["incomplete"])
    records.extend(compute_total(edition["scale"], figures, total, total_without, flags))
    return records


def publish(producer, prefix, release, edition, records_by_year, stamp):
    """Sends every record and the manifest in one transaction; returns rows by topic."""
    rows = {}
    producer.init_transactions()
    producer.begin_transaction()

    def send(topic, key, value, kind):
        headers = [
            ("ce_specversion", "1.0"),
            ("ce_type", f"no.kostraflow.{kind}.v1"),
            ("ce_source", f"/kostraflow/{edition}"),
            ("ce_id", f"{release}/{key}"),
            ("ce_time", stamp),
            ("ce_subject", key),
            ("content-type", "application/json"),
            ("traceparent", f"00-{release}-{release[:16]}-01"),
        ]
        while True:
            try:
                producer.produce(topic, key=key, value=value, headers=headers)
                break
            except BufferError:
                producer.poll(0.1)
        producer.poll(0)

    for year, records in records_by_year:
        for kind, municipality, sector, indicator, fields in records:
            row = {"release": release, "edition": edition, "year": year}
            row.update(
                {
                    name: text
                    for name, text in (
                        ("municipality", municipality),
                        ("sector", sector),
                        ("indicator", indicator),
                    )
                    if text
                }
            )
            row.update(fields)
            key = "/".join(
                part for part in (edition, str(year), municipality, sector, indicator) if part
            )
            topic = f"{prefix}.{kind}.v1"
            send(topic, key, json.dumps(row, separators=(",", ":")), kind)
            rows[topic] = rows.get(topic, 0) + 1
    manifest = {
        "release": release,
        "state": "RELEASE_STATE_COMMITTED",
        "topics": [{"topic": topic, "rows": str(count)} for topic, count in sorted(rows.items())],
    }
    send(f"{prefix}.release.v1", release, json.dumps(manifest), "release")
    producer.commit_transaction()
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--edition", required=True)
    parser.add_argument("--input", required=True)
    parser.add_argument("--bootstrap-servers", required=True)
    parser.add_argument("--topic-prefix", required=True)
    arguments = parser.parse_args()
    with open(arguments.edition, encoding="utf-8") as file:
        edition = yaml.safe_load(file)
    begun = time.perf_counter()
    cells = pandas.read_csv(arguments.input, dtype={"municipality": str, "status": str})
    wide = cells.pivot(index=["year", "municipality"], columns="variable", values="value")
    read = time.perf_counter()
    records = [
        (int(year), compute_year(edition, figures.droplevel("year")))
        for year, figures in wide.groupby(level="year")
    ]
    computed = time.perf_counter()
    producer = Producer(
        {
            "bootstrap.servers": arguments.bootstrap_servers,
            "transactional.id": f"baseline-{arguments.topic_prefix}",
            "compression.type": "lz4",
            "queue.buffering.max.messages": 100000,
            "linger.ms": 5,
        }
    )
    rows = publish(
        producer,
        arguments.topic_prefix,
        f"{int(time.time()):032x}",
        edition["id"],
        records,
        time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime()),
    )
    done = time.perf_counter()
    print(
        json.dumps(
            {
                "import": imported - started,
                "read": read - begun,
                "compute": computed - read,
                "publish": done - computed,
                "release_to_committed": done - begun,
                "panels": len(records),
                "rows": rows,
            }
        )
    )


if __name__ == "__main__":
    main()
