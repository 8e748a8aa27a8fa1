"""The records of the topics, for make.py: rows, manifests, dead letters, what releases share."""

RELEASE = "00112233445566778899aabbccddeeff"


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
    return unit_cost(pb, "user_time", indicator="ambulerende", municipality="", user_time_norm=.625)


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


def record_manifest_withdrawn(pb):
    message = record_manifest(pb)
    message.topics[0].withdrawn = 300
    message.topics.add(topic="kostra.need.v1", digest="00" * 16, withdrawn=1)
    return message


def record_manifest_panels(pb):
    message = record_manifest_withdrawn(pb)
    message.panels[0].topics.add(topic="kostra.index.v1", rows=42, digest="0f" * 16)
    message.panels[0].topics.add(topic="kostra.need.v1", digest="00" * 16, withdrawn=1)
    return message


def record_rejected(pb):
    message = pb["record"].RejectedRecord(release=RELEASE, panel=2)
    fill_rejection(message.rejection)
    fill_sources(message.sources)
    return message
