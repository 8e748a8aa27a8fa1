#!/usr/bin/env python3
"""Writes the golden bytes: every message of version 1, packed by Google's protobuf for Python.

    python3 make.py [PROTO_FOLDER]

Needs protoc and the Python package protobuf of the matching version (protoc 3.21.12: 4.21.12). Run
once for each version of a message; files that are there are never changed afterwards, because they
stand for what older programs have sent. golden_model.c describes the same messages in C.
"""
import importlib
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
PROTOS = ["edition", "panel", "envelope", "receipt", "status", "record"]
RELEASE = "00112233445566778899aabbccddeeff"


def load(proto_folder):
    """The generated modules by name."""
    out = tempfile.mkdtemp()
    files = [f"kf/v1/{name}.proto" for name in PROTOS]
    subprocess.run(["protoc", f"--python_out={out}", "-I", str(proto_folder), *files], check=True)
    sys.path.insert(0, out)
    return {name: importlib.import_module(f"kf.v1.{name}_pb2") for name in PROTOS}


def fill_edition(edition, pb):
    edition.id = "prove-2010"
    edition.title.nb = "Prøveindeks"
    edition.title.en = "Trial index"
    edition.source = "Worked out by hand"
    edition.scale = 100
    edition.population = "folkemengde"
    edition.missing = pb["edition"].MISSING_RULE_MINIMUM
    school = edition.sectors.add(id="grunnskole", weight=0.75, need_weight=0.5)
    school.name.nb = "Grunnskole"
    school.name.en = "Primary school"
    hours = school.indicators.add(id="timer_per_elev", weight=0.625, variable="timer",
                                  per=pb["edition"].PER_VARIABLE, per_variable="elever",
                                  unit="hours/persons")
    hours.name.nb = "Årstimer per elev"
    hours.name.en = "Hours per pupil"
    places = school.indicators.add(id="plasser", weight=0.375, variable="plasser",
                                   per=pb["edition"].PER_NEED_POPULATION, unit="places")
    places.name.nb = "Plasser"
    places.name.en = "Places"
    school.criteria.add(id="innb_6_15", variable="folkemengde_6_15", weight=0.875)
    school.criteria.add(id="basis", weight=0.125, cost_disadvantage=True)
    care = edition.sectors.add(id="pleie_omsorg", weight=0.25)
    care.name.nb = "Pleie og omsorg"
    care.name.en = "Care"
    edition.expenditure.gross = "brutto"
    edition.expenditure.minus.extend(["avskrivning", "lokaler"])
    edition.expenditure.payroll_costs = "sosiale_utgifter"
    edition.expenditure.wages = "lonn"
    edition.expenditure.need_corrected = True
    edition.change.production = "produksjon_endring"
    edition.change.expenditure = "utgift_endring"
    edition.change.no_change = 100
    edition.digest = "ffeeddccbbaa99887766554433221100"


def fill_panel(panel, pb):
    fill_edition(panel.edition, pb)
    panel.year = 2010
    panel.members.extend(["0301", "1103", "5001"])
    panel.columns.add(variable="folkemengde", values=[599230, 123850, 170936],
                      status=bytes([0, 0, 0]), country_value=4858199)
    panel.columns.add(variable="plasser", values=[12.5, 0, -3e-7], status=bytes([0, 1, 0x20]),
                      country_status=3)
    topics = pb["panel"]
    panel.results.add(topic=topics.TOPIC_INDEX, sector="grunnskole", measure="index", unit="index",
                      values=[100.25, 99.5, 98.125], status=bytes([0, 0x80, 0x10]))
    panel.results.add(topic=topics.TOPIC_STATISTICS, sector="grunnskole", indicator="plasser",
                      measure="minimum", unit="index", group=True, values=[1 / 3],
                      status=bytes([0]))


def fill_sources(sources):
    sources.add(name="barn.csv", digest="0123456789abcdef0123456789abcdef", bytes=20480,
                updated="2026-03-15T07:00:00Z")
    sources.add(name="skole.csv", digest="fedcba9876543210fedcba9876543210", bytes=5_000_000_000)


def fill_rejection(rejection):
    rejection.stage = "normalize"
    rejection.reason = "2 cells cannot be computed"
    rejection.edition = "prove-2010"
    rejection.year = 2010
    rejection.findings.add(file="barn.csv", line=17, municipality="0301", variable="plasser",
                           cell="-5", problem="is below 0", remedy="correct the figure")
    rejection.findings.add(problem="the mean is 0", remedy="leave the indicator out")
    rejection.findings_left_out = 3


def envelope(pb):
    message = pb["envelope"].Envelope(index=2, attempt=1)
    message.release.id = RELEASE
    message.release.discovered_ms = 1773558000123
    message.release.panels = 3
    fill_sources(message.release.sources)
    message.release.vintage = "unrevised"
    message.release.program = "kostraflow 0.1.0"
    return message


def envelope_panel(pb):
    message = envelope(pb)
    fill_panel(message.panel, pb)
    return message


def envelope_rejection(pb):
    message = envelope(pb)
    fill_rejection(message.rejection)
    return message


def receipt_started(pb):
    return pb["receipt"].Receipt(state=pb["receipt"].RECEIPT_STATE_STARTED,
                                 publisher="a1b2c3d4e5f60718293a4b5c6d7e8f90")


def receipt_committed(pb):
    return pb["receipt"].Receipt(state=pb["receipt"].RECEIPT_STATE_COMMITTED, release=RELEASE,
                                 index=2, publisher="a1b2c3d4e5f60718293a4b5c6d7e8f90",
                                 rows=350_000, panels_rejected=1, reason="én avvist")


def status(pb):
    return pb["status"].StatusBeat(service="publish", instance=1, pid=4194304,
                                   state=pb["status"].SERVICE_STATE_WAITING,
                                   detail="Kafka at 127.0.0.1:9092", panels_in=10, panels_out=9,
                                   panels_rejected=1, frames_refused=2, release=RELEASE,
                                   in_progress=3, time_ms=1773558000999)


def row(message, flags=(), municipality="0301", indicator="", **measures):
    message.release = RELEASE
    message.edition = "prove-2010"
    message.year = 2010
    message.municipality = municipality
    message.sector = "grunnskole"
    message.indicator = indicator
    message.flags.extend(flags)
    for name, value in measures.items():
        getattr(message, name).value = value
    return message


def record_need(pb):
    return row(pb["record"].NeedRecord(), need_index=1.0625, need_population=636682.5)


def record_indicator(pb):
    return row(pb["record"].IndicatorRecord(), ["missing", "imputed", "incomplete"],
               indicator="plasser", normalized=98.5, contribution=36.9375)


def record_index(pb):
    return row(pb["record"].IndexRecord(), index=100.25, index_without_imputed=99.75, rank=1,
               contribution=0)


def record_efficiency(pb):
    return row(pb["record"].EfficiencyRecord(), ["inferred"], expenditure_index=1e-7,
               efficiency=1e21, efficiency_percent=-0.5, production_change_percent=1 / 3,
               expenditure_change_percent=2.5, efficiency_change_percent=-100)


def record_statistics(pb):
    return row(pb["record"].StatisticsRecord(), municipality="", indicator="plasser", minimum=90,
               maximum=110, mean_weighted=100, sd_weighted=4.5, sd_unweighted=4.25)


def record_manifest(pb):
    record = pb["record"]
    message = record.ReleaseManifest(release=RELEASE, state=record.RELEASE_STATE_COMMITTED,
                                     vintage="revised", program="kostraflow 0.1.0",
                                     previous_release="aa" * 16)
    message.panels.add(edition="prove-2010", edition_digest="ffeeddccbbaa99887766554433221100",
                       year=2010, municipalities=3)
    message.panels.add(edition="prove-2010", edition_digest="ffeeddccbbaa99887766554433221100",
                       year=2011, municipalities=3, rejected=True)
    message.topics.add(topic="kostra.index.v1", rows=42, digest="0f" * 16)
    fill_sources(message.sources)
    return message


def record_rejected(pb):
    message = pb["record"].RejectedRecord(release=RELEASE, panel=2)
    fill_rejection(message.rejection)
    fill_sources(message.sources)
    return message


MAKERS = [envelope_panel, envelope_rejection, receipt_started, receipt_committed, status,
          record_need, record_indicator, record_index, record_efficiency, record_statistics,
          record_manifest, record_rejected]


def main():
    pb = load(sys.argv[1] if len(sys.argv) > 1 else HERE.parent.parent / "proto")
    for make in MAKERS:
        path = HERE / f"{make.__name__}.v1.hex"
        if path.exists():
            print(f"{path.name} is there, left alone")
            continue
        digits = make(pb).SerializeToString(deterministic=True).hex()
        lines = [digits[i:i + 96] for i in range(0, len(digits), 96)]
        path.write_text("\n".join(lines) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
