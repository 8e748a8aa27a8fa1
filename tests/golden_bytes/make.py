#!/usr/bin/env python3
"""Writes the golden bytes: every version of every message, packed by Google's protobuf for Python.

    python3 make.py [PROTO_FOLDER]

Needs protoc and the Python package protobuf of the matching version (protoc 3.21.12: 4.21.12). Run
once for each version of a message; files that are there are never changed afterwards, because they
stand for what older programs have sent. golden_model.c describes the same messages in C. A message
that only gained fields is written once more, with them, as the next version, and both must hold;
of the first version of the panel, whose edition was another one, only the file is left.
"""
import importlib
import pathlib
import re
import subprocess
import sys
import tempfile

from beats import PUBLISHER, status, status_ingest, status_publish
from records import (
    RELEASE,
    fill_rejection,
    fill_sources,
    record_demography,
    record_demography_rate,
    record_efficiency,
    record_efficiency_changes,
    record_efficiency_group,
    record_index,
    record_indicator,
    record_indicator_corrected,
    record_manifest,
    record_manifest_panels,
    record_manifest_withdrawn,
    record_need,
    record_need_published,
    record_rejected,
    record_resource_use,
    record_resource_use_adjustment,
    record_resource_use_group,
    record_statistics,
    record_statistics_published,
    record_statistics_regression,
    record_statistics_regressor,
    record_statistics_weight,
    record_unit_cost_grants,
    record_unit_cost_group,
    record_unit_cost_growth,
    record_unit_cost_institution,
    record_unit_cost_norm,
    record_unit_cost_service,
    record_unit_cost_services,
    record_unit_cost_user_time,
    record_unit_cost_users,
)

HERE = pathlib.Path(__file__).resolve().parent
PROTOS = ["edition", "panel", "envelope", "receipt", "status", "record"]


def load(proto_folder):
    """The generated modules by name."""
    out = tempfile.mkdtemp()
    subprocess.run(["protoc", f"--python_out={out}", "-I", str(proto_folder),
                    *(f"kf/v1/{name}.proto" for name in PROTOS)], check=True)
    sys.path.insert(0, out)
    return {name: importlib.import_module(f"kf.v1.{name}_pb2") for name in PROTOS}


def name(message, nb, en):
    message.nb, message.en = nb, en


def add_terms(terms, *variables, country=(), **factors):
    """Terms of factor 1 for the variables, then those with a factor."""
    for variable in variables:
        terms.add(variable=variable, factor=1, country=variable in country)
    for variable, factor in factors.items():
        terms.add(variable=variable, factor=factor, country=variable in country)


def fill_school(school, e):
    name(school.name, "Grunnskole", "Primary school")
    hours = school.indicators.add(id="timer_per_elev", per=e.PER_TERMS, unit="hours/persons",
                                  correction="skole", missing=e.MISSING_RULE_LATEST,
                                  aspect=e.ASPECT_QUALITY)
    name(hours.name, "Årstimer per elev", "Hours per pupil")
    add_terms(hours.numerator, "timer", timer_sfo=1.6, country=["timer_sfo"])
    add_terms(hours.denominator, "elever", elever_privat=0.5)
    places = school.indicators.add(id="plasser", per=e.PER_NEED_POPULATION, unit="places",
                                   per_sector="grunnskole", whole=100,
                                   missing=e.MISSING_RULE_DROP, aspect=e.ASPECT_QUANTITY)
    name(places.name, "Plasser", "Places")
    add_terms(places.numerator, "plasser")
    school.criteria.add(id="innb_6_15", variable="folkemengde_6_15", weight=0.875)
    school.criteria.add(id="basis", weight=0.125, cost_disadvantage=True)
    parts = school.weighting.parts
    parts.add(parent=-1, rule=e.WEIGHT_RULE_MAIN)
    parts.add(parent=0, rule=e.WEIGHT_RULE_BUDGET, share=0.8)
    parts.add(parent=0, rule=e.WEIGHT_RULE_EQUAL, share=0.2)
    add_terms(parts.add(parent=1, rule=e.WEIGHT_RULE_ITEM, item="timer_per_elev").amount, "f202",
              f215=0.5)
    parts.add(parent=2, rule=e.WEIGHT_RULE_ITEM, item="plasser")
    school.weighting.closure = e.CLOSURE_LAST
    school.weighting.decimals = 4
    add_terms(school.expenditure.gross, "f202", "f215")
    school.expenditure.need_corrected = True


def fill_sectors(edition, e):
    fill_school(edition.sectors.add(id="grunnskole", need_weight=0.5), e)
    care = edition.sectors.add(id="pleie_omsorg", given="delindeks_omsorg")
    name(care.name, "Pleie og omsorg", "Care")
    care.expenditure.given = "utgift_omsorg"
    office = edition.sectors.add(id="administrasjon", need_weight=0.5, administration=True)
    name(office.name, "Administrasjon", "Administration")
    office.criteria.add(id="innbyggere", variable="folkemengde", weight=1)
    office.expenditure.SetInParent()
    parts = edition.weighting.parts
    parts.add(parent=-1, rule=e.WEIGHT_RULE_CHOSEN)
    parts.add(parent=0, rule=e.WEIGHT_RULE_ITEM, share=0.75, item="grunnskole")
    parts.add(parent=0, rule=e.WEIGHT_RULE_ITEM, share=0.25, item="pleie_omsorg")
    edition.weighting.closure = e.CLOSURE_NONE


def fill_edition(edition, e):
    edition.id = "prove-2010"
    name(edition.title, "Prøveindeks", "Trial index")
    edition.source = "Worked out by hand"
    edition.scale = 100
    edition.population = "folkemengde"
    edition.missing = e.MISSING_RULE_MEDIAN
    edition.reference = e.REFERENCE_COUNTRY
    edition.normalization = e.NORMALIZATION_STANDARDIZED
    edition.spread = 0.125
    edition.composition = e.COMPOSITION_PRODUCT
    edition.given_total = "samlet"
    fill_sectors(edition, e)
    add_terms(edition.expenditure.gross, "brutto")
    add_terms(edition.expenditure.minus, "avskrivning", lokaler=-2)
    add_terms(edition.expenditure.payroll_costs, "sosiale_utgifter")
    add_terms(edition.expenditure.wages, "lonn")
    edition.expenditure.need_corrected = True
    edition.change.production = "produksjon_endring"
    edition.change.expenditure = "utgift_endring"
    edition.change.no_change = 100
    edition.change.computed = True
    edition.deflators.add(year=2009, wages_percent=4.25, prices_percent=-0.5)
    growth = edition.deflators.add(year=2010, wages_percent=3.5, prices_percent=2.25)
    growth.sectors.add(sector="grunnskole", wages_percent=3.75)
    edition.corrections.add(id="skole", outcome="poeng", regressors=["utdanning", "innvandrere"])
    edition.digest = "ffeeddccbbaa99887766554433221100"


def fill_year(panel, year, population):
    panel.year = year
    panel.country_municipalities = 430
    panel.members.extend(["0301", "1103", "5001"])
    panel.columns.add(variable="folkemengde", values=population, status=bytes([0, 0, 0]),
                      country_value=4858199)


def fill_panel(panel, pb):
    fill_edition(panel.edition, pb["edition"])
    fill_year(panel, 2010, [599230, 123850, 170936])
    panel.columns.add(variable="plasser", values=[12.5, 0, -3e-7], status=bytes([0, 1, 0x20]),
                      country_status=3)
    panel.columns.add(variable="poeng", values=[40.5, 39.75, 41], status=bytes([0, 0, 0]),
                      other_values=[38.125, 0], other_status=bytes([0x40, 2]))
    panel.others.extend(["0219", "5401"])
    topics = pb["panel"]
    panel.results.add(topic=topics.TOPIC_INDEX, sector="grunnskole", measure="index", unit="index",
                      values=[100.25, 99.5, 98.125], status=bytes([0, 0x80, 0x10]))
    panel.results.add(topic=topics.TOPIC_STATISTICS, sector="grunnskole", indicator="plasser",
                      measure="minimum", unit="index", group=True, values=[1 / 3],
                      status=bytes([0]))
    before = panel.previous
    fill_year(before, 2009, [590041, 121610, 168257])
    before.columns.add(variable="poeng", values=[40, 39, 0], status=bytes([0, 0, 1]),
                       other_values=[37.5], other_status=bytes([0]))
    before.others.append("5401")
    before.results.add(topic=topics.TOPIC_NEED, sector="grunnskole", measure="need_index",
                       unit="ratio", values=[0.875, 1.125, 1], status=bytes([0, 0, 0]))
    fill_year(before.previous, 2008, [548617, 117315, 161730])


def add_adjustments(resources, e):
    pensions = resources.adjustments.add(id="pensjon", to=e.ADJUSTED_EXPENDITURE)
    name(pensions.name, "Pensjon", "Pensions")
    add_terms(pensions.payroll_costs, "pensjon", "arbeidsgiveravgift")
    add_terms(pensions.wages, "lonn")
    schools = resources.adjustments.add(id="private_skoler", to=e.ADJUSTED_NEED)
    name(schools.name, "Private skoler", "Private schools")
    add_terms(schools.amount, trekk_private_skoler=1000)
    tasks = resources.adjustments.add(id="fylkesoppgaver", to=e.ADJUSTED_EXPENDITURE,
                                      only=["0301", "1103"])
    name(tasks.name, "Fylkesoppgaver", "County tasks")
    add_terms(tasks.amount, fylkesoppgaver=-1)


def add_resources(edition, e):
    school, _, office = edition.sectors
    add_terms(school.criteria[0].ages, "alder_6", "alder_7")
    school.published_need = "dki_grunnskole"
    add_terms(school.resources.net, netto_202=1000, netto_215=1000)
    school.resources.need_of = "administrasjon"
    add_adjustments(school.resources, e)
    add_terms(office.resources.net, netto_120=1000)
    office.resources.outside = True
    interest = edition.uses.add(id="netto_renter_og_avdrag")
    name(interest.name, "Renter og avdrag", "Interest and repayment")
    add_terms(interest.amount, "renter", "avdrag")
    result = edition.uses.add(id="netto_driftsresultat")
    result.name.SetInParent()
    add_terms(result.amount, "driftsresultat")
    add_terms(edition.income, frie_inntekter=1000)


def add_demography(demography):
    demography.base_year = 2009
    young = demography.groups.add(id="0-1")
    name(young.name, "0–1 år", "Aged 0–1")
    add_terms(young.people, "alder_0", "alder_1")
    add_terms(young.projected, "framskriving_innb_0_1")
    old = demography.groups.add(id="105+", care_weight=0.25)
    name(old.name, "105 år og over", "Aged 105 and over")
    add_terms(old.people, "alder_105")
    for age in ["0", "1"]:
        group = demography.cost_groups.add(id=age)
        group.name.SetInParent()
        add_terms(group.people, f"alder_{age}")
    add_terms(demography.cost_groups[1].projected, "framskriving_innb_1")
    kindergartens = demography.sectors.add(id="barnehage", rates=[0, 210000.5])
    name(kindergartens.name, "Barnehage", "Kindergartens")
    others = demography.sectors.add(id="ovrige", of=["grunnskole", "administrasjon"])
    name(others.name, "Øvrige", "Others")
    demography.rate_year = 2008
    name(demography.projection, "Middelalternativet", "Main alternative")
    demography.projected_population = "framskriving_folkemengde"
    demography.observed_through = 2009
    demography.rebased = True


def add_further(panel, topics):
    fill_year(panel.further.add(), 2005, [529846, 113991, 156161])
    panel.further[0].columns[0].country_value = 4606363
    year = panel.further.add()
    fill_year(year, 2011, [613285, 126021, 173486])
    year.columns[0].country_value = 4920305
    year.columns.insert(0, type(year.columns[0])(variable="alder_6", values=[6200, 0, 2000],
                                                 status=bytes([0, 1, 0]), country_value=60000))
    year.results.add(topic=topics.TOPIC_NEED, sector="grunnskole", measure="need_index",
                     unit="ratio", values=[0.75, 1.25, 1], status=bytes([0, 0, 0]))


def add_third_version(panel, pb):
    """What panels gained with need from published indices, resource use and demography."""
    e = pb["edition"]
    topics = pb["panel"]
    panel.edition.need_year = -1
    panel.edition.criteria = e.CRITERIA_RULE_AGES
    panel.edition.published_need = "utgiftsbehov"
    add_resources(panel.edition, e)
    add_demography(panel.edition.demography)
    panel.results.add(topic=topics.TOPIC_NEED, sector="grunnskole", measure="published_need_index",
                      unit="ratio", values=[1.0625, 0, 0.9375], status=bytes([8, 1, 8]))
    panel.results.add(topic=topics.TOPIC_RESOURCE_USE, sector="grunnskole", indicator="pensjon",
                      measure="adjustment_kr_per_capita", unit="kr/persons",
                      values=[-125.5, 0, 1364], status=bytes([0, 3, 0x40]))
    panel.results.add(topic=topics.TOPIC_DEMOGRAPHY, sector="total", indicator="0-1",
                      measure="population", unit="persons", values=[17500.25, 3000, 4000],
                      status=bytes([4, 0, 0x24]))
    add_further(panel, topics)


def add_years(figures, **values):
    """Figures by year, the years written as y2010."""
    for year, value in values.items():
        figures.add(year=int(year[1:]), value=value)


def add_cost_groups(costs):
    hours = costs.services.add(id="HTAMDK", unit="hours")
    name(hours.name, "Ambulerende, dag", "Ambulatory, by day")
    add_years(hours.rates, y2008=512.5, y2010=659)
    stays = costs.services.add(id="korttid", unit="days")
    stays.name.SetInParent()
    add_years(costs.rate_growth, y2009=2.75, y2010=-0.5)
    home = costs.groups.add(id="hjemmetjenester")
    name(home.name, "Hjemmetjenester", "Home services")
    add_terms(home.net, netto_254=1000)
    add_terms(home.deliveries.add(service="HTAMDK").quantity, "timer_dag", timer_natt=1.5)
    add_terms(home.deliveries.add(service="korttid").quantity, "dogn", country=["dogn"])
    institution = costs.groups.add(id="institusjon")
    institution.name.SetInParent()
    add_terms(institution.net, "netto_253", "netto_261")
    add_terms(institution.grant, tilskudd_institusjon=1000)
    add_terms(costs.gain, gevinst_tjenester=1000)


def add_unit_costs(costs):
    add_cost_groups(costs)
    add_terms(costs.institution.days, "dogn")
    add_terms(costs.institution.expenditure, "brutto_253", "brutto_261")
    add_terms(costs.institution.of, "brutto_234", "brutto_253", "brutto_254", "brutto_261")
    visits = costs.user_times.add(id="ambulerende", norm=0.625)
    name(visits.name, "Ambulerende", "Ambulatory")
    add_terms(visits.approved, "timer_vedtak")
    add_terms(visits.available, "timer_turnus", timer_leid=0.75)
    homes = costs.user_times.add(id="bolig")
    homes.name.SetInParent()
    add_terms(homes.approved, "timer_vedtak_bolig")
    add_terms(homes.available, "timer_turnus_bolig")
    given = costs.growths.add(id="arlig", gross="vekst_brutto", demographic="vekst_behov")
    name(given.name, "Årlig vekst", "Growth by year")
    computed = costs.growths.add(id="beregnet", demographic="vekst_behov")
    computed.name.SetInParent()
    add_terms(computed.expenditure, "brutto_254", brutto_261=0.5)
    add_years(costs.prices, y2009=2.5, y2010=3.25)


def add_users(intensive):
    add_years(intensive.thresholds, y2009=1157000, y2010=1235000.5)
    intensive.refund = 0.8125
    intensive.age_limit = 67
    intensive.each.cost_prefix = "kostnad_"
    intensive.each.age_prefix = "alder_"
    intensive.each.count = 3
    add_terms(intensive.users, "brukere")
    add_terms(intensive.net, netto_brukere=1000)
    intensive.base_year = 2008
    add_years(intensive.growth, y2009=1.625, y2010=0.695)
    add_terms(intensive.gain, gevinst_brukere=1000)


def add_trial(trial):
    decided = trial.grants.add(id="vedtak")
    name(decided.name, "Vedtaksfinansiering", "By decision")
    add_terms(decided.amount, vedtak=1000)
    lump = trial.grants.add(id="ramme")
    lump.name.SetInParent()
    add_terms(lump.amount, "ramme", "inntektstillegg")
    add_terms(trial.grant, tilskudd=1000)
    add_terms(trial.deduction, uttrekk=1000)
    add_users(trial.resource_intensive)
    gain = trial.demography
    add_years(gain.compensated, y2009=1.625, y2010=0.695)
    gain.growth = "vekst_behov"
    gain.deduction_year = 2010
    gain.refund_years.extend([2008, 2009])
    add_years(gain.prices, y2009=2.5, y2010=2.25)
    add_years(gain.months, y2009=8)
    add_terms(gain.gain, gevinst_demografi=1000)
    add_terms(trial.gain, gevinst=1000)


def add_fourth_version(panel, pb):
    """What panels gained with unit costs and the trial with state funding."""
    topics = pb["panel"]
    add_unit_costs(panel.edition.unit_costs)
    add_trial(panel.edition.trial)
    panel.results.add(topic=topics.TOPIC_UNIT_COST, sector="hjemmetjenester", indicator="HTAMDK",
                      measure="unit_cost_kr", unit="kr/hours", values=[812.5, 0, 640.25],
                      status=bytes([0x20, 1, 0]))
    panel.results.add(topic=topics.TOPIC_UNIT_COST, sector="services", indicator="HTAMDK",
                      measure="rate_kr", unit="kr/hours", group=True, values=[659],
                      status=bytes([0]))
    panel.results.add(topic=topics.TOPIC_UNIT_COST, sector="demography", indicator="2010",
                      measure="gain_million_kr", unit="million kr", values=[-0.5, 0, 2.125],
                      status=bytes([0x40, 1, 0x40]))


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


def envelope_panel_further(pb):
    message = envelope_panel(pb)
    add_third_version(message.panel, pb)
    return message


def envelope_panel_unit_costs(pb):
    message = envelope_panel_further(pb)
    add_fourth_version(message.panel, pb)
    return message


def envelope_rejection(pb):
    message = envelope(pb)
    fill_rejection(message.rejection)
    return message


def receipt(pb, state, **fields):
    return pb["receipt"].Receipt(state="RECEIPT_STATE_" + state, publisher=PUBLISHER, **fields)


def receipt_started(pb):
    return receipt(pb, "STARTED")


def receipt_held(pb):
    return receipt(pb, "HELD", release=RELEASE, index=2)


def receipt_committed(pb):
    return receipt(pb, "COMMITTED", release=RELEASE, index=2, rows=350_000, panels_rejected=1,
                   reason="én avvist")


def receipt_rejected(pb):
    return receipt(pb, "REJECTED", release=RELEASE, panels_rejected=3, reason="ingen gruppe")


def receipt_letters(pb):
    message = receipt(pb, "COMMITTED", release=RELEASE, index=2, rows=350_000, panels_rejected=2,
                      reason="to avvist")
    fill_rejection(message.letters.add(panel=2).rejection)
    message.letters.add(panel=7).rejection.reason = "weights do not close"
    return message


FIRST = [envelope_rejection, receipt_started, receipt_held, receipt_committed, receipt_rejected,
         status, record_need, record_indicator, record_index, record_efficiency,
         record_statistics, record_manifest, record_rejected]
SECOND = [envelope_panel, record_indicator_corrected, record_efficiency_changes,
          record_efficiency_group, record_statistics_weight, record_statistics_regressor,
          record_statistics_regression, record_statistics_published, record_need_published,
          record_resource_use, record_resource_use_adjustment, record_resource_use_group,
          record_demography, record_demography_rate]
THIRD = [envelope_panel_further]
FOURTH = [envelope_panel_unit_costs, record_unit_cost_service, record_unit_cost_services,
          record_unit_cost_group, record_unit_cost_grants, record_unit_cost_users,
          record_unit_cost_institution, record_unit_cost_user_time, record_unit_cost_norm,
          record_unit_cost_growth]
FIFTH = [record_manifest_withdrawn, receipt_letters]
SIXTH = [record_manifest_panels, status_ingest, status_publish]


def write(make, version, pb):
    path = HERE / f"{make.__name__}.v{version}.hex"
    if path.exists():
        return print(f"{path.name} is there, left alone")
    digits = make(pb).SerializeToString(deterministic=True).hex()
    path.write_text(re.sub(".{1,96}", r"\g<0>\n", digits), encoding="ascii")


def main():
    pb = load(sys.argv[1] if len(sys.argv) > 1 else HERE.parent.parent / "proto")
    for version, makers in enumerate([FIRST, SECOND, THIRD, FOURTH, FIFTH, SIXTH], 1):
        for make in makers:
            write(make, version, pb)


if __name__ == "__main__":
    main()
