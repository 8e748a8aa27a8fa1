#include "tests/golden_bytes/golden_model.h"

#include <stdio.h>
#include <stdlib.h>

/* --- the edition ----------------------------------------------------------------------------- */

static struct kf_indicator school_indicators[] = {
    {.id = "timer_per_elev",
     .name = {"Årstimer per elev", "Hours per pupil"},
     .weight = 0.625,
     .variable = "timer",
     .per = KF_PER_VARIABLE,
     .per_variable = "elever",
     .unit = "hours/persons"},
    {.id = "plasser",
     .name = {"Plasser", "Places"},
     .weight = 0.375,
     .variable = "plasser",
     .per = KF_PER_NEED_POPULATION,
     .per_variable = "",
     .unit = "places"},
};

static struct kf_criterion school_criteria[] = {
    {.id = "innb_6_15", .variable = "folkemengde_6_15", .weight = 0.875},
    {.id = "basis", .variable = "", .weight = 0.125, .cost_disadvantage = true},
};

static struct kf_sector sectors[] = {
    {.id = "grunnskole",
     .name = {"Grunnskole", "Primary school"},
     .weight = 0.75,
     .indicators = school_indicators,
     .indicators_len = 2,
     .criteria = school_criteria,
     .criteria_len = 2,
     .need_weight = 0.5},
    {.id = "pleie_omsorg", .name = {"Pleie og omsorg", "Care"}, .weight = 0.25},
};

static const char *minus[] = {"avskrivning", "lokaler"};

static const struct kf_edition edition = {
    .id = "prove-2010",
    .title = {"Prøveindeks", "Trial index"},
    .source = "Worked out by hand",
    .scale = 100,
    .population = "folkemengde",
    .missing = KF_MISSING_MINIMUM,
    .sectors = sectors,
    .sectors_len = 2,
    .expenditure = {.given = "",
                    .gross = "brutto",
                    .minus = minus,
                    .minus_len = 2,
                    .payroll_costs = "sosiale_utgifter",
                    .wages = "lonn",
                    .need_corrected = true},
    .change = {"produksjon_endring", "utgift_endring", 100},
    .digest = "ffeeddccbbaa99887766554433221100",
    .group = {"", ""},
};

/* --- the panel ------------------------------------------------------------------------------- */

static const char *members[] = {"0301", "1103", "5001"};

static struct kf_column columns[] = {
    {"folkemengde", (double[]){599230, 123850, 170936}, (uint8_t[]){0, 0, 0}, 4858199, 0},
    {"plasser", (double[]){12.5, 0, -3e-7},
     (uint8_t[]){KF_CELL_VALUE, KF_CELL_MISSING, KF_CELL_PRELIMINARY}, 0, KF_CELL_CONFIDENTIAL},
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

struct kf_panel *golden_panel(void)
{
    struct kf_panel *panel = kf_panel_new();
    must(panel != NULL);
    panel->edition = &edition;
    panel->year = 2010;
    panel->members = members;
    panel->members_len = 3;
    panel->columns = columns;
    panel->columns_len = 2;
    panel->results = results;
    panel->results_len = 2;
    panel->results_room = 2;
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
    {"prove-2010", "ffeeddccbbaa99887766554433221100", 2010, 3, false},
    {"prove-2010", "ffeeddccbbaa99887766554433221100", 2011, 3, true},
};

static const struct kf_topic_content topics[] = {
    {"kostra.index.v1", 42, "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"},
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
    {"record_need",
     {.topic = KF_TOPIC_NEED,
      .municipality = "0301",
      .sector = "grunnskole",
      .indicator = "",
      .cells = {{"need_index", "ratio", 1.0625, 0}, {"need_population", "persons", 636682.5, 0}},
      .cells_len = 2}},
    {"record_indicator",
     {.topic = KF_TOPIC_INDICATOR,
      .municipality = "0301",
      .sector = "grunnskole",
      .indicator = "plasser",
      .cells = {{"raw", "places", 0, KF_CELL_MISSING},
                {"normalized", "index", 98.5, KF_CELL_IMPUTED},
                {"contribution", "index", 36.9375, KF_CELL_IMPUTED | KF_CELL_INCOMPLETE}},
      .cells_len = 3}},
    {"record_index",
     {.topic = KF_TOPIC_INDEX,
      .municipality = "0301",
      .sector = "grunnskole",
      .indicator = "",
      .cells = {{"index", "index", 100.25, 0},
                {"index_without_imputed", "index", 99.75, 0},
                {"rank", "rank", 1, 0},
                {"contribution", "index", 0, 0}},
      .cells_len = 4}},
    {"record_efficiency",
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
    {"record_statistics",
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
};
