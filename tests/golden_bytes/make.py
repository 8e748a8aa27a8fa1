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


def name(message, nb, en):
    message.nb = nb
    message.en = en


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


def record_indicator_corrected(pb):
    return row(pb["record"].IndicatorRecord(), indicator="timer_per_elev", raw=41.5,
               corrected=40.25)


def record_efficiency_changes(pb):
    return row(pb["record"].EfficiencyRecord(), need_change_percent=0.75,
               production_per_capita_change_percent=1.5, production_beyond_need_percent=0.625)


def record_efficiency_group(pb):
    return row(pb["record"].EfficiencyRecord(), municipality="", deflator_percent=3.25,
               production_change_mean_absolute=1.25, expenditure_change_mean_absolute=0,
               efficiency_change_mean_absolute=2.5)


def record_statistics_weight(pb):
    return row(pb["record"].StatisticsRecord(), municipality="", indicator="plasser", weight=0.2647)


def record_statistics_regressor(pb):
    return row(pb["record"].StatisticsRecord(), municipality="", indicator="utdanning",
               coefficient=-0.125, standard_error=0.0625, t_value=-2, p_value=0.046, stars=2)


def record_statistics_regression(pb):
    return row(pb["record"].StatisticsRecord(), municipality="", observations=428, r_squared=0.166,
               condition_number=1024.5)


def record_need_published(pb):
    return row(pb["record"].NeedRecord(), ["published"], need_index=1.125,
               published_need_index=1.125, need_kr_per_capita=14250.5)


def record_resource_use(pb):
    return row(pb["record"].ResourceUseRecord(), ["inferred"], net_expenditure_kr_per_capita=15000,
               adjusted_expenditure_kr_per_capita=14900.5,
               need_adjusted_expenditure_kr_per_capita=13244.75, deviation_kr_per_capita=-650.25,
               deviation_percent=-8.4, deviation_million_kr=183.5,
               deviation_change_kr_per_capita=12.5, income_adjusted_kr_per_capita=-0.125)


def record_resource_use_adjustment(pb):
    return row(pb["record"].ResourceUseRecord(), indicator="pensjon",
               adjustment_kr_per_capita=-99.5)


def record_resource_use_group(pb):
    return row(pb["record"].ResourceUseRecord(), ["inferred"], municipality="",
               income_share=0.9375)


def record_demography(pb):
    return row(pb["record"].DemographyRecord(), ["projected"], population=636682.5,
               population_index=1.0625, population_index_others=1.03125,
               population_growth_percent=3.3, population_growth_persons=-40, cost_million_kr=12.5,
               cost_kr_per_capita=19.5, cost_since_base_million_kr=100, need_index=1.015625,
               care_need_index=104.25, projection_error_percent=-0.75, cost_error_million_kr=0)


def record_demography_rate(pb):
    return row(pb["record"].DemographyRecord(), municipality="", indicator="90+", rate_kr=402700)


def record_statistics_published(pb):
    return row(pb["record"].StatisticsRecord(), municipality="", correlation=0.96875,
               mean_absolute_difference=0.0078125, r_squared=0.875)


def unit_cost(pb, sector, flags=(), indicator="", municipality="0301", **measures):
    message = row(pb["record"].UnitCostRecord(), flags, municipality, indicator, **measures)
    message.sector = sector
    return message


def record_unit_cost_service(pb):
    return unit_cost(pb, "hjemmetjenester", ["preliminary"], "HTAMDK", quantity=36500.5,
                     unit_cost_kr=812.5, unit_cost_others_kr=640.25, deviation_kr=-153.5,
                     calculated_grant_million_kr=24.0625)


def record_unit_cost_services(pb):
    return unit_cost(pb, "services", ["incomplete"], net_expenditure_million_kr=131.5,
                     grant_million_kr=130.25, calculated_grant_million_kr=129.75,
                     gain_million_kr=-1.25, gain_without_preliminary_million_kr=0.5,
                     published_gain_million_kr=-1.3, gain_percent=-0.9596928982725528,
                     ratio=1.0095969289827256)


def record_unit_cost_group(pb):
    return unit_cost(pb, "services", indicator="HTAMDK", municipality="", rate_kr=659,
                     unit_cost_kr=701.125)


def record_unit_cost_grants(pb):
    return unit_cost(pb, "grants", grant_million_kr=152.5, published_grant_million_kr=153,
                     deduction_million_kr=150.25, gain_million_kr=2.25)


def record_unit_cost_users(pb):
    return unit_cost(pb, "resource_intensive", ["inferred"], net_expenditure_million_kr=31.125,
                     gain_million_kr=-1.125, published_gain_million_kr=-1.2, users=12,
                     net_above_threshold_million_kr=16.305, own_share_threshold_million_kr=14.82,
                     own_share_above_million_kr=3.261, own_share_million_kr=18.081,
                     refund_million_kr=13.044)


def record_unit_cost_institution(pb):
    return unit_cost(pb, "institution", institution_share=0.4375, institution_places=62.5)


def record_unit_cost_user_time(pb):
    return unit_cost(pb, "user_time", indicator="ambulerende", user_time_share=0.5625,
                     user_time_beyond_norm_percent=-6.25)


def record_unit_cost_norm(pb):
    return unit_cost(pb, "user_time", indicator="ambulerende", municipality="",
                     user_time_norm=0.625)


def record_unit_cost_growth(pb):
    return unit_cost(pb, "growth", indicator="arlig", gross_growth_percent=4.25,
                     demographic_growth_percent=1.75, real_growth_percent=2.5)


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


FIRST = [envelope_rejection, receipt_started, receipt_committed, status, record_need,
         record_indicator, record_index, record_efficiency, record_statistics, record_manifest,
         record_rejected]
SECOND = [envelope_panel, record_indicator_corrected, record_efficiency_changes,
          record_efficiency_group, record_statistics_weight, record_statistics_regressor,
          record_statistics_regression, record_need_published, record_resource_use,
          record_resource_use_adjustment, record_resource_use_group, record_demography,
          record_demography_rate, record_statistics_published]
THIRD = [envelope_panel_further]
FOURTH = [envelope_panel_unit_costs, record_unit_cost_service, record_unit_cost_services,
          record_unit_cost_group, record_unit_cost_grants, record_unit_cost_users,
          record_unit_cost_institution, record_unit_cost_user_time, record_unit_cost_norm,
          record_unit_cost_growth]


def write(make, version, pb):
    path = HERE / f"{make.__name__}.v{version}.hex"
    if path.exists():
        print(f"{path.name} is there, left alone")
        return
    digits = make(pb).SerializeToString(deterministic=True).hex()
    lines = [digits[i:i + 96] for i in range(0, len(digits), 96)]
    path.write_text("\n".join(lines) + "\n", encoding="ascii")


def main():
    pb = load(sys.argv[1] if len(sys.argv) > 1 else HERE.parent.parent / "proto")
    for version, makers in enumerate([FIRST, SECOND, THIRD, FOURTH], 1):
        for make in makers:
            write(make, version, pb)


if __name__ == "__main__":
    main()
