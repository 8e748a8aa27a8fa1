#include "tests/golden_bytes/golden_model.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/golden_bytes/golden_additions.h"
#include "tests/golden_bytes/golden_unit_costs.h"

#define TERMS(...)                                                                                 \
    {                                                                                              \
        (struct kf_term[]){__VA_ARGS__},                                                           \
            sizeof(struct kf_term[]){__VA_ARGS__} / sizeof(struct kf_term)                         \
    }
#define LENGTH(list) (sizeof(list) / sizeof(list)[0])

/* --- the edition ----------------------------------------------------------------------------- */

static struct kf_indicator school_indicators[] = {
    {.id = "timer_per_elev",
     .name = {"Årstimer per elev", "Hours per pupil"},
     .numerator = TERMS({"timer", 1, false}, {"timer_sfo", 1.6, true}),
     .per = KF_PER_TERMS,
     .per_sector = "",
     .denominator = TERMS({"elever", 1, false}, {"elever_privat", 0.5, false}),
     .correction = "skole",
     .missing = KF_MISSING_LATEST,
     .aspect = KF_ASPECT_QUALITY,
     .unit = "hours/persons"},
    {.id = "plasser",
     .name = {"Plasser", "Places"},
     .numerator = TERMS({"plasser", 1, false}),
     .per = KF_PER_NEED_POPULATION,
     .per_sector = "grunnskole",
     .whole = 100,
     .correction = "",
     .missing = KF_MISSING_DROP,
     .aspect = KF_ASPECT_QUANTITY,
     .unit = "places"},
};

static struct kf_criterion school_criteria[] = {
    {.id = "innb_6_15", .variable = "folkemengde_6_15", .weight = 0.875},
    {.id = "basis", .variable = "", .weight = 0.125, .cost_disadvantage = true},
};

static struct kf_criterion office_criteria[] = {
    {.id = "innbyggere", .variable = "folkemengde", .weight = 1},
};

static struct kf_weight_part school_parts[] = {
    {.parent = -1, .rule = KF_WEIGHT_MAIN, .item = ""},
    {.parent = 0, .rule = KF_WEIGHT_BUDGET, .share = 0.8, .item = ""},
    {.parent = 0, .rule = KF_WEIGHT_EQUAL, .share = 0.2, .item = ""},
    {.parent = 1,
     .rule = KF_WEIGHT_ITEM,
     .amount = TERMS({"f202", 1, false}, {"f215", 0.5, false}),
     .item = "timer_per_elev"},
    {.parent = 2, .rule = KF_WEIGHT_ITEM, .item = "plasser"},
};

static struct kf_weight_part sector_parts[] = {
    {.parent = -1, .rule = KF_WEIGHT_CHOSEN, .item = ""},
    {.parent = 0, .rule = KF_WEIGHT_ITEM, .share = 0.75, .item = "grunnskole"},
    {.parent = 0, .rule = KF_WEIGHT_ITEM, .share = 0.25, .item = "pleie_omsorg"},
};

static struct kf_sector sectors[] = {
    {.id = "grunnskole",
     .name = {"Grunnskole", "Primary school"},
     .indicators = school_indicators,
     .indicators_len = LENGTH(school_indicators),
     .weighting = {school_parts, LENGTH(school_parts), KF_CLOSURE_LAST, 4},
     .given = "",
     .criteria = school_criteria,
     .criteria_len = LENGTH(school_criteria),
     .need_weight = 0.5,
     .published_need = "",
     .resources = {.need_of = ""},
     .expenditure = {.given = "",
                     .gross = TERMS({"f202", 1, false}, {"f215", 1, false}),
                     .need_corrected = true}},
    {.id = "pleie_omsorg",
     .name = {"Pleie og omsorg", "Care"},
     .weighting = {.closure = KF_CLOSURE_NONE},
     .given = "delindeks_omsorg",
     .published_need = "",
     .resources = {.need_of = ""},
     .expenditure = {.given = "utgift_omsorg"}},
    {.id = "administrasjon",
     .name = {"Administrasjon", "Administration"},
     .weighting = {.closure = KF_CLOSURE_NONE},
     .given = "",
     .administration = true,
     .criteria = office_criteria,
     .criteria_len = LENGTH(office_criteria),
     .need_weight = 0.5,
     .published_need = "",
     .resources = {.need_of = ""},
     .expenditure = {.given = ""}},
};

static struct kf_sector_growth growth[] = {{"grunnskole", 3.75}};

static struct kf_deflator deflators[] = {
    {.year = 2009, .wages_percent = 4.25, .prices_percent = -0.5},
    {2010, 3.5, 2.25, growth, LENGTH(growth)},
};

static const char *regressors[] = {"utdanning", "innvandrere"};

static struct kf_correction corrections[] = {
    {"skole", "poeng", regressors, LENGTH(regressors)},
};

static const struct kf_edition edition = {
    .id = "prove-2010",
    .title = {"Prøveindeks", "Trial index"},
    .source = "Worked out by hand",
    .scale = 100,
    .population = "folkemengde",
    .missing = KF_MISSING_MEDIAN,
    .reference = KF_REFERENCE_COUNTRY,
    .normalization = KF_NORMALIZE_STANDARDIZED,
    .spread = 0.125,
    .composition = KF_COMPOSE_PRODUCT,
    .given_total = "samlet",
    .sectors = sectors,
    .sectors_len = LENGTH(sectors),
    .weighting = {sector_parts, LENGTH(sector_parts), KF_CLOSURE_NONE, 0},
    .expenditure = {.given = "",
                    .gross = TERMS({"brutto", 1, false}),
                    .minus = TERMS({"avskrivning", 1, false}, {"lokaler", -2, false}),
                    .payroll_costs = TERMS({"sosiale_utgifter", 1, false}),
                    .wages = TERMS({"lonn", 1, false}),
                    .need_corrected = true},
    .change = {"produksjon_endring", "utgift_endring", 100, true},
    .deflators = deflators,
    .deflators_len = LENGTH(deflators),
    .corrections = corrections,
    .corrections_len = LENGTH(corrections),
    .criteria = KF_CRITERIA_ALL,
    .published_need = "",
    .demography = {.projection = {"", ""}, .projected_population = ""},
    .digest = "ffeeddccbbaa99887766554433221100",
    .group = {"", ""},
    .extends = "",
};

/* --- the panel ------------------------------------------------------------------------------- */

static const char *members[] = {"0301", "1103", "5001"};
static const char *others[] = {"0219", "5401"};
static const char *others_before[] = {"5401"};

static struct kf_column columns[] = {
    {"folkemengde", (double[]){599230, 123850, 170936}, (uint8_t[]){0, 0, 0}, 4858199, 0, NULL,
     NULL},
    {"plasser", (double[]){12.5, 0, -3e-7},
     (uint8_t[]){KF_CELL_VALUE, KF_CELL_MISSING, KF_CELL_PRELIMINARY}, 0, KF_CELL_CONFIDENTIAL,
     NULL, NULL},
    {"poeng", (double[]){40.5, 39.75, 41}, (uint8_t[]){0, 0, 0}, 0, 0, (double[]){38.125, 0},
     (uint8_t[]){KF_CELL_INFERRED, KF_CELL_NOT_APPLICABLE}},
};

static struct kf_column columns_before[] = {
    {"folkemengde", (double[]){590041, 121610, 168257}, (uint8_t[]){0, 0, 0}, 4858199, 0, NULL,
     NULL},
    {"poeng", (double[]){40, 39, 0}, (uint8_t[]){0, 0, KF_CELL_MISSING}, 0, 0, (double[]){37.5},
     (uint8_t[]){KF_CELL_VALUE}},
};

static struct kf_column columns_long_before[] = {
    {"folkemengde", (double[]){548617, 117315, 161730}, (uint8_t[]){0, 0, 0}, 4858199, 0, NULL,
     NULL},
};

static struct kf_result results[] = {
    {.topic = KF_TOPIC_INDEX,
     .sector = "grunnskole",
     .indicator = "",
     .measure = "index",
     .unit = "index",
     .values = (double[]){100.25, 99.5, 98.125},
     .status = (uint8_t[]){KF_CELL_VALUE, KF_CELL_INCOMPLETE, KF_CELL_IMPUTED}},
    {.topic = KF_TOPIC_STATISTICS,
     .sector = "grunnskole",
     .indicator = "plasser",
     .measure = "minimum",
     .unit = "index",
     .group = true,
     .values = (double[]){1.0 / 3},
     .status = (uint8_t[]){KF_CELL_VALUE}},
};

static struct kf_result results_before[] = {
    {.topic = KF_TOPIC_NEED,
     .sector = "grunnskole",
     .indicator = "",
     .measure = "need_index",
     .unit = "ratio",
     .values = (double[]){0.875, 1.125, 1},
     .status = (uint8_t[]){0, 0, 0}},
};

/* --- release, rejection ---------------------------------------------------------------------- */

static const struct kf_source sources[] = {
    {"barn.csv", "0123456789abcdef0123456789abcdef", 20480, "2026-03-15T07:00:00Z"},
    {"skole.csv", "fedcba9876543210fedcba9876543210", 5000000000, ""},
};

const struct kf_release golden_release = {
    .id = GOLDEN_RELEASE,
    .discovered_ms = 1773558000123,
    .panels = 3,
    .sources = sources,
    .sources_len = 2,
    .vintage = "unrevised",
    .program = "kostraflow 0.1.0",
};

static void must(bool condition)
{
    if (!condition) {
        (void)fputs("the golden model cannot be built\n", stderr);
        abort();
    }
}

/* The years before `panel`, which is 2010, in its arena. */
static struct kf_panel *golden_years_before(const struct kf_panel *panel)
{
    struct kf_panel *before = kf_arena_calloc(panel->arena, 1, sizeof *before);
    struct kf_panel *long_before = kf_arena_calloc(panel->arena, 1, sizeof *long_before);
    must(before != NULL && long_before != NULL);
    *before = *panel;
    before->year = 2009;
    before->columns = columns_before;
    before->columns_len = LENGTH(columns_before);
    before->others = others_before;
    before->others_len = LENGTH(others_before);
    before->results = results_before;
    before->results_len = LENGTH(results_before);
    before->results_room = before->results_len;
    *long_before = (struct kf_panel){
        .arena = panel->arena,
        .edition = panel->edition,
        .year = 2008,
        .members = panel->members,
        .members_len = panel->members_len,
        .country_municipalities = panel->country_municipalities,
        .columns = columns_long_before,
        .columns_len = LENGTH(columns_long_before),
    };
    before->previous = long_before;
    return before;
}

struct kf_panel *golden_panel_second_version(void)
{
    struct kf_panel *panel = kf_panel_new();
    must(panel != NULL);
    panel->edition = &edition;
    panel->year = 2010;
    panel->members = members;
    panel->members_len = LENGTH(members);
    panel->country_municipalities = 430;
    panel->columns = columns;
    panel->columns_len = LENGTH(columns);
    panel->others = others;
    panel->others_len = LENGTH(others);
    panel->results = results;
    panel->results_len = LENGTH(results);
    panel->results_room = panel->results_len;
    panel->previous = golden_years_before(panel);
    return panel;
}

struct kf_panel *golden_panel_third_version(void)
{
    struct kf_panel *panel = golden_panel_second_version();
    golden_add_third_version(panel);
    return panel;
}

struct kf_panel *golden_panel(void)
{
    struct kf_panel *panel = golden_panel_third_version();
    golden_add_fourth_version(panel);
    return panel;
}

struct kf_envelope *golden_envelope_panel(void)
{
    struct kf_envelope *envelope = kf_envelope_new();
    must(envelope != NULL);
    must(kf_envelope_set_release(envelope, &golden_release, NULL) == KF_OK);
    envelope->index = 2;
    envelope->attempt = 1;
    envelope->panel = golden_panel();
    return envelope;
}

struct kf_envelope *golden_envelope_rejection(void)
{
    static struct kf_findings findings;
    const struct kf_place place = {"barn.csv", 17, "0301", "plasser", "-5"};
    const struct kf_place nowhere = {.file = NULL};
    struct kf_envelope *envelope = golden_envelope_panel();
    kf_findings_init(&findings);
    kf_findings_add(&findings, &place, "correct the figure", "is below %d", 0);
    kf_findings_add(&findings, &nowhere, "leave the indicator out", "the mean is 0");
    findings.left_out = 3;
    must(kf_envelope_reject(envelope, "normalize", "2 cells cannot be computed", &findings, NULL) ==
         KF_OK);
    return envelope;
}

/* --- receipts, status, manifest -------------------------------------------------------------- */

#define PUBLISHER "a1b2c3d4e5f60718293a4b5c6d7e8f90"

const struct kf_receipt golden_receipt_started = {
    .state = KF_RECEIPT_STARTED,
    .publisher = PUBLISHER,
};

const struct kf_receipt golden_receipt_held = {
    .state = KF_RECEIPT_HELD,
    .release = GOLDEN_RELEASE,
    .index = 2,
    .publisher = PUBLISHER,
};

const struct kf_receipt golden_receipt_rejected = {
    .state = KF_RECEIPT_REJECTED,
    .release = GOLDEN_RELEASE,
    .publisher = PUBLISHER,
    .panels_rejected = 3,
    .reason = "ingen gruppe",
};

const struct kf_receipt golden_receipt_committed = {
    .state = KF_RECEIPT_COMMITTED,
    .release = GOLDEN_RELEASE,
    .index = 2,
    .publisher = PUBLISHER,
    .rows = 350000,
    .panels_rejected = 1,
    .reason = "én avvist",
};

const struct kf_status golden_status = {
    .service = "publish",
    .instance = 1,
    .pid = 4194304,
    .state = KF_SERVICE_WAITING,
    .detail = "Kafka at 127.0.0.1:9092",
    .panels_in = 10,
    .panels_out = 9,
    .panels_rejected = 1,
    .frames_refused = 2,
    .release = GOLDEN_RELEASE,
    .in_progress = 3,
    .time_ms = 1773558000999,
};

static const struct kf_panel_content panels[] = {
    {"prove-2010", "ffeeddccbbaa99887766554433221100", 2010, 3, false, NULL, 0},
    {"prove-2010", "ffeeddccbbaa99887766554433221100", 2011, 3, true, NULL, 0},
};

static const struct kf_topic_content topics[] = {
    {"kostra.index.v1", 42, "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f", 0},
};

const struct kf_topic_content golden_withdrawn[GOLDEN_WITHDRAWN] = {
    {"kostra.index.v1", 42, "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f", 300},
    {"kostra.need.v1", 0, "00000000000000000000000000000000", 1},
};

const struct kf_topic_content golden_withdrawn_of_panel[GOLDEN_WITHDRAWN] = {
    {"kostra.index.v1", 42, "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f", 0},
    {"kostra.need.v1", 0, "00000000000000000000000000000000", 1},
};

const struct kf_manifest golden_manifest = {
    .release = GOLDEN_RELEASE,
    .state = KF_RELEASE_COMMITTED,
    .vintage = "revised",
    .program = "kostraflow 0.1.0",
    .panels = panels,
    .panels_len = 2,
    .topics = topics,
    .topics_len = 1,
    .sources = sources,
    .sources_len = 2,
    .previous_release = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
};

/* --- rows ------------------------------------------------------------------------------------ */

const struct golden_row golden_rows[GOLDEN_ROWS] = {
    {"record_need.v1",
     {.topic = KF_TOPIC_NEED,
      .municipality = "0301",
      .sector = "grunnskole",
      .indicator = "",
      .cells = {{"need_index", "ratio", 1.0625, 0}, {"need_population", "persons", 636682.5, 0}},
      .cells_len = 2}},
    {"record_indicator.v1",
     {.topic = KF_TOPIC_INDICATOR,
      .municipality = "0301",
      .sector = "grunnskole",
      .indicator = "plasser",
      .cells = {{"raw", "places", 0, KF_CELL_MISSING},
                {"normalized", "index", 98.5, KF_CELL_IMPUTED},
                {"contribution", "index", 36.9375, KF_CELL_IMPUTED | KF_CELL_INCOMPLETE}},
      .cells_len = 3}},
    {"record_index.v1",
     {.topic = KF_TOPIC_INDEX,
      .municipality = "0301",
      .sector = "grunnskole",
      .indicator = "",
      .cells = {{"index", "index", 100.25, 0},
                {"index_without_imputed", "index", 99.75, 0},
                {"rank", "rank", 1, 0},
                {"contribution", "index", 0, 0}},
      .cells_len = 4}},
    {"record_efficiency.v1",
     {.topic = KF_TOPIC_EFFICIENCY,
      .municipality = "0301",
      .sector = "grunnskole",
      .indicator = "",
      .cells = {{"expenditure_index", "index", 1e-7, 0},
                {"efficiency", "index", 1e21, KF_CELL_INFERRED},
                {"efficiency_percent", "percent", -0.5, 0},
                {"production_change_percent", "percent", 1.0 / 3, 0},
                {"expenditure_change_percent", "percent", 2.5, 0},
                {"efficiency_change_percent", "percent", -100, 0}},
      .cells_len = 6}},
    {"record_statistics.v1",
     {.topic = KF_TOPIC_STATISTICS,
      .municipality = "",
      .sector = "grunnskole",
      .indicator = "plasser",
      .cells = {{"minimum", "index", 90, 0},
                {"maximum", "index", 110, 0},
                {"mean_weighted", "index", 100, 0},
                {"sd_weighted", "index", 4.5, 0},
                {"sd_unweighted", "index", 4.25, 0}},
      .cells_len = 5}},
    {"record_indicator_corrected.v2",
     {.topic = KF_TOPIC_INDICATOR,
      .municipality = "0301",
      .sector = "grunnskole",
      .indicator = "timer_per_elev",
      .cells = {{"raw", "hours/persons", 41.5, 0}, {"corrected", "hours/persons", 40.25, 0}},
      .cells_len = 2}},
    {"record_efficiency_changes.v2",
     {.topic = KF_TOPIC_EFFICIENCY,
      .municipality = "0301",
      .sector = "grunnskole",
      .indicator = "",
      .cells = {{"need_change_percent", "percent", 0.75, 0},
                {"production_per_capita_change_percent", "percent", 1.5, 0},
                {"production_beyond_need_percent", "percent", 0.625, 0}},
      .cells_len = 3}},
    {"record_efficiency_group.v2",
     {.topic = KF_TOPIC_EFFICIENCY,
      .municipality = "",
      .sector = "grunnskole",
      .indicator = "",
      .cells = {{"deflator_percent", "percent", 3.25, 0},
                {"production_change_mean_absolute", "percent", 1.25, 0},
                {"expenditure_change_mean_absolute", "percent", 0, 0},
                {"efficiency_change_mean_absolute", "percent", 2.5, 0}},
      .cells_len = 4}},
    {"record_statistics_weight.v2",
     {.topic = KF_TOPIC_STATISTICS,
      .municipality = "",
      .sector = "grunnskole",
      .indicator = "plasser",
      .cells = {{"weight", "share", 0.2647, 0}},
      .cells_len = 1}},
    {"record_statistics_regressor.v2",
     {.topic = KF_TOPIC_STATISTICS,
      .municipality = "",
      .sector = "grunnskole",
      .indicator = "utdanning",
      .cells = {{"coefficient", "index", -0.125, 0},
                {"standard_error", "index", 0.0625, 0},
                {"t_value", "ratio", -2, 0},
                {"p_value", "share", 0.046, 0},
                {"stars", "count", 2, 0}},
      .cells_len = 5}},
    {"record_statistics_regression.v2",
     {.topic = KF_TOPIC_STATISTICS,
      .municipality = "",
      .sector = "grunnskole",
      .indicator = "",
      .cells = {{"observations", "count", 428, 0},
                {"r_squared", "share", 0.166, 0},
                {"condition_number", "ratio", 1024.5, 0}},
      .cells_len = 3}},
    {"record_need_published.v2",
     {.topic = KF_TOPIC_NEED,
      .municipality = "0301",
      .sector = "grunnskole",
      .indicator = "",
      .cells = {{"need_index", "ratio", 1.125, KF_CELL_PUBLISHED},
                {"published_need_index", "ratio", 1.125, KF_CELL_PUBLISHED},
                {"need_kr_per_capita", "kr/persons", 14250.5, KF_CELL_PUBLISHED}},
      .cells_len = 3}},
    {"record_resource_use.v2",
     {.topic = KF_TOPIC_RESOURCE_USE,
      .municipality = "0301",
      .sector = "grunnskole",
      .indicator = "",
      .cells = {{"net_expenditure_kr_per_capita", "kr/persons", 15000, 0},
                {"adjusted_expenditure_kr_per_capita", "kr/persons", 14900.5, 0},
                {"need_adjusted_expenditure_kr_per_capita", "kr/persons", 13244.75, 0},
                {"deviation_kr_per_capita", "kr/persons", -650.25, KF_CELL_INFERRED},
                {"deviation_percent", "percent", -8.4, 0},
                {"deviation_million_kr", "million kr", 183.5, 0},
                {"deviation_change_kr_per_capita", "kr/persons", 12.5, 0},
                {"income_adjusted_kr_per_capita", "kr/persons", -0.125, KF_CELL_INFERRED}},
      .cells_len = 8}},
    {"record_resource_use_adjustment.v2",
     {.topic = KF_TOPIC_RESOURCE_USE,
      .municipality = "0301",
      .sector = "grunnskole",
      .indicator = "pensjon",
      .cells = {{"adjustment_kr_per_capita", "kr/persons", -99.5, 0}},
      .cells_len = 1}},
    {"record_resource_use_group.v2",
     {.topic = KF_TOPIC_RESOURCE_USE,
      .municipality = "",
      .sector = "grunnskole",
      .indicator = "",
      .cells = {{"income_share", "share", 0.9375, KF_CELL_INFERRED}},
      .cells_len = 1}},
    {"record_demography.v2",
     {.topic = KF_TOPIC_DEMOGRAPHY,
      .municipality = "0301",
      .sector = "grunnskole",
      .indicator = "",
      .cells = {{"population", "persons", 636682.5, KF_CELL_PROJECTED},
                {"population_index", "ratio", 1.0625, KF_CELL_PROJECTED},
                {"population_index_others", "ratio", 1.03125, KF_CELL_PROJECTED},
                {"population_growth_percent", "percent", 3.3, KF_CELL_PROJECTED},
                {"population_growth_persons", "persons", -40, KF_CELL_PROJECTED},
                {"cost_million_kr", "million kr", 12.5, KF_CELL_PROJECTED},
                {"cost_kr_per_capita", "kr/persons", 19.5, KF_CELL_PROJECTED},
                {"cost_since_base_million_kr", "million kr", 100, KF_CELL_PROJECTED},
                {"need_index", "ratio", 1.015625, KF_CELL_PROJECTED},
                {"care_need_index", "index", 104.25, KF_CELL_PROJECTED},
                {"projection_error_percent", "percent", -0.75, KF_CELL_PROJECTED},
                {"cost_error_million_kr", "million kr", 0, KF_CELL_PROJECTED}},
      .cells_len = 12}},
    {"record_demography_rate.v2",
     {.topic = KF_TOPIC_DEMOGRAPHY,
      .municipality = "",
      .sector = "grunnskole",
      .indicator = "90+",
      .cells = {{"rate_kr", "kr/persons", 402700, 0}},
      .cells_len = 1}},
    {"record_statistics_published.v2",
     {.topic = KF_TOPIC_STATISTICS,
      .municipality = "",
      .sector = "grunnskole",
      .indicator = "",
      .cells = {{"correlation", "ratio", 0.96875, 0},
                {"mean_absolute_difference", "ratio", 0.0078125, 0},
                {"r_squared", "share", 0.875, 0}},
      .cells_len = 3}},
};
