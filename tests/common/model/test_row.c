#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/model/row.h"

static struct kf_indicator school[] = {{.id = "tests"}, {.id = "exam"}};
static struct kf_indicator culture[] = {{.id = "visits"}, {.id = "loans"}};
static struct kf_criterion school_key[] = {{.id = "pupils"}, {.id = "basis"}};
static struct kf_adjustment adjustments[] = {{.id = "pensjon"}, {.id = "andre"}};
static struct kf_use uses[] = {{.id = "renter"}, {.id = "driftsresultat"}};
static struct kf_age_group groups[] = {{.id = "0-5"}, {.id = "67+"}};
static struct kf_age_group cost_groups[] = {{.id = "0"}, {.id = "67+"}, {.id = "1-66"}};
static struct kf_cost_sector services[] = {{.id = "kultur"}, {.id = "ovrige"}, {.id = "skole"}};
static struct kf_sector sectors[] = {
    {.id = "skole",
     .resources = {.adjustments = adjustments, .adjustments_len = 2},
     .indicators = school,
     .indicators_len = 2,
     .criteria = school_key,
     .criteria_len = 2},
    {.id = "kultur", .indicators = culture, .indicators_len = 2},
};
static const char *tests_regressors[] = {"utdanning", "innvandrere"};
static const char *exam_regressors[] = {"utdanning"};
static struct kf_correction corrections[] = {
    {"prover", "poeng", tests_regressors, 2},
    {"eksamen", "karakter", exam_regressors, 1},
};
static struct kf_edition edition = {.id = "liten",
                                    .population = "folkemengde",
                                    .sectors = sectors,
                                    .sectors_len = 2,
                                    .corrections = corrections,
                                    .corrections_len = 2,
                                    .uses = uses,
                                    .uses_len = 2,
                                    .demography = {.groups = groups,
                                                   .groups_len = 2,
                                                   .cost_groups = cost_groups,
                                                   .cost_groups_len = 3,
                                                   .sectors = services,
                                                   .sectors_len = 3}};

/* Results in the order of rows, group ones marked; the walk must find it whatever the order. */
static const struct kf_result_key keys[] = {
    {KF_TOPIC_NEED, "skole", "", "need_index", NULL, false},
    {KF_TOPIC_NEED, "skole", "", "need_population", NULL, false},
    {KF_TOPIC_NEED, "skole", "pupils", "driver", NULL, false},
    {KF_TOPIC_NEED, "skole", "basis", "driver", NULL, false},
    {KF_TOPIC_NEED, "total", "", "need_index", NULL, false},
    {KF_TOPIC_RESOURCE_USE, "skole", "", "income_share", NULL, true},
    {KF_TOPIC_RESOURCE_USE, "renter", "", "income_share", NULL, true},
    {KF_TOPIC_RESOURCE_USE, "skole", "", "net_expenditure_kr_per_capita", NULL, false},
    {KF_TOPIC_RESOURCE_USE, "skole", "", "deviation_percent", NULL, false},
    {KF_TOPIC_RESOURCE_USE, "skole", "pensjon", "adjustment_kr_per_capita", NULL, false},
    {KF_TOPIC_RESOURCE_USE, "skole", "andre", "adjustment_kr_per_capita", NULL, false},
    {KF_TOPIC_RESOURCE_USE, "skole", "ukjent", "adjustment_kr_per_capita", NULL, false},
    {KF_TOPIC_RESOURCE_USE, "kultur", "", "deviation_percent", NULL, false},
    {KF_TOPIC_RESOURCE_USE, "inside", "", "deviation_percent", NULL, false},
    {KF_TOPIC_RESOURCE_USE, "outside", "", "deviation_percent", NULL, false},
    {KF_TOPIC_RESOURCE_USE, "renter", "", "deviation_percent", NULL, false},
    {KF_TOPIC_RESOURCE_USE, "driftsresultat", "", "deviation_percent", NULL, false},
    {KF_TOPIC_RESOURCE_USE, "disposable_income", "", "deviation_percent", NULL, false},
    {KF_TOPIC_RESOURCE_USE, "residual", "", "deviation_percent", NULL, false},
    {KF_TOPIC_RESOURCE_USE, "eksamen", "", "deviation_percent", NULL, false},
    {KF_TOPIC_DEMOGRAPHY, "ovrige", "0", "rate_kr", NULL, true},
    {KF_TOPIC_DEMOGRAPHY, "kultur", "", "cost_million_kr", NULL, false},
    {KF_TOPIC_DEMOGRAPHY, "kultur", "0", "cost_million_kr", NULL, false},
    {KF_TOPIC_DEMOGRAPHY, "kultur", "67+", "cost_million_kr", NULL, false},
    {KF_TOPIC_DEMOGRAPHY, "kultur", "1-66", "cost_million_kr", NULL, false},
    {KF_TOPIC_DEMOGRAPHY, "ovrige", "", "cost_million_kr", NULL, false},
    {KF_TOPIC_DEMOGRAPHY, "skole", "", "cost_million_kr", NULL, false},
    {KF_TOPIC_DEMOGRAPHY, "total", "", "population", NULL, false},
    {KF_TOPIC_DEMOGRAPHY, "total", "", "cost_million_kr", NULL, false},
    {KF_TOPIC_DEMOGRAPHY, "total", "0", "cost_million_kr", NULL, false},
    {KF_TOPIC_DEMOGRAPHY, "total", "67+", "population", NULL, false},
    {KF_TOPIC_DEMOGRAPHY, "total", "67+", "cost_million_kr", NULL, false},
    {KF_TOPIC_DEMOGRAPHY, "total", "1-66", "cost_million_kr", NULL, false},
    {KF_TOPIC_DEMOGRAPHY, "total", "0-5", "population", NULL, false},
    {KF_TOPIC_DEMOGRAPHY, "total", "6-15", "population", NULL, false},
    {KF_TOPIC_INDICATOR, "skole", "tests", "raw", NULL, false},
    {KF_TOPIC_INDICATOR, "skole", "tests", "normalized", NULL, false},
    {KF_TOPIC_INDICATOR, "skole", "tests", "contribution", NULL, false},
    {KF_TOPIC_INDICATOR, "skole", "exam", "raw", NULL, false},
    {KF_TOPIC_INDEX, "skole", "", "index", NULL, true},
    {KF_TOPIC_INDEX, "kultur", "", "index", NULL, false},
    {KF_TOPIC_INDEX, "total", "", "index", NULL, false},
    {KF_TOPIC_INDEX, "total", "", "rank", NULL, false},
    {KF_TOPIC_INDEX, "total", "exam", "contribution", NULL, false},
    {KF_TOPIC_INDEX, "total", "visits", "contribution", NULL, false},
    {KF_TOPIC_INDEX, "total", "loans", "contribution", NULL, false},
    {KF_TOPIC_INDEX, "ukjent", "", "index", NULL, false},
    {KF_TOPIC_EFFICIENCY, "skole", "", "deflator_percent", NULL, true},
    {KF_TOPIC_EFFICIENCY, "total", "", "efficiency", NULL, false},
    {KF_TOPIC_EFFICIENCY, "total_with_administration", "", "efficiency", NULL, false},
    {KF_TOPIC_EFFICIENCY, "annet", "", "efficiency", NULL, false},
    {KF_TOPIC_STATISTICS, "skole", "tests", "minimum", NULL, true},
    {KF_TOPIC_STATISTICS, "skole", "tests", "maximum", NULL, true},
    {KF_TOPIC_STATISTICS, "skole", "tests", "weight", NULL, true},
    {KF_TOPIC_STATISTICS, "prover", "", "observations", NULL, true},
    {KF_TOPIC_STATISTICS, "prover", "utdanning", "coefficient", NULL, true},
    {KF_TOPIC_STATISTICS, "prover", "utdanning", "stars", NULL, true},
    {KF_TOPIC_STATISTICS, "prover", "innvandrere", "coefficient", NULL, true},
    {KF_TOPIC_STATISTICS, "prover", "constant", "coefficient", NULL, true},
    {KF_TOPIC_STATISTICS, "eksamen", "", "observations", NULL, true},
    {KF_TOPIC_STATISTICS, "eksamen", "utdanning", "coefficient", NULL, true},
    {KF_TOPIC_STATISTICS, "eksamen", "constant", "coefficient", NULL, true},
    {KF_TOPIC_STATISTICS, "annet", "", "weight", NULL, true},
    {KF_TOPIC_STATISTICS, "bortom", "", "weight", NULL, true},
    {KF_TOPIC_STATISTICS, "cirka", "", "weight", NULL, true},
    {KF_TOPIC_STATISTICS, "dette", "", "weight", NULL, true},
    {KF_TOPIC_STATISTICS, "etter", "", "weight", NULL, true},
};
#define KEYS (sizeof keys / sizeof keys[0])

static const char *expected[] = {
    "need 0106 skole  need_index=0 need_population=10",
    "need 0106 skole pupils driver=20",
    "need 0106 skole basis driver=30",
    "need 0106 total  need_index=40",
    "need 0301 skole  need_index=1 need_population=11",
    "need 0301 skole pupils driver=21",
    "need 0301 skole basis driver=31",
    "need 0301 total  need_index=41",
    "resource-use  skole  income_share=50",
    "resource-use  renter  income_share=60",
    "resource-use 0106 skole  net_expenditure_kr_per_capita=70 deviation_percent=80",
    "resource-use 0106 skole pensjon adjustment_kr_per_capita=90",
    "resource-use 0106 skole andre adjustment_kr_per_capita=100",
    "resource-use 0106 skole ukjent adjustment_kr_per_capita=110",
    "resource-use 0106 kultur  deviation_percent=120",
    "resource-use 0106 inside  deviation_percent=130",
    "resource-use 0106 outside  deviation_percent=140",
    "resource-use 0106 renter  deviation_percent=150",
    "resource-use 0106 driftsresultat  deviation_percent=160",
    "resource-use 0106 disposable_income  deviation_percent=170",
    "resource-use 0106 residual  deviation_percent=180",
    "resource-use 0106 eksamen  deviation_percent=190",
    "resource-use 0301 skole  net_expenditure_kr_per_capita=71 deviation_percent=81",
    "resource-use 0301 skole pensjon adjustment_kr_per_capita=91",
    "resource-use 0301 skole andre adjustment_kr_per_capita=101",
    "resource-use 0301 skole ukjent adjustment_kr_per_capita=111",
    "resource-use 0301 kultur  deviation_percent=121",
    "resource-use 0301 inside  deviation_percent=131",
    "resource-use 0301 outside  deviation_percent=141",
    "resource-use 0301 renter  deviation_percent=151",
    "resource-use 0301 driftsresultat  deviation_percent=161",
    "resource-use 0301 disposable_income  deviation_percent=171",
    "resource-use 0301 residual  deviation_percent=181",
    "resource-use 0301 eksamen  deviation_percent=191",
    "demography  ovrige 0 rate_kr=200",
    "demography 0106 kultur  cost_million_kr=210",
    "demography 0106 kultur 0 cost_million_kr=220",
    "demography 0106 kultur 67+ cost_million_kr=230",
    "demography 0106 kultur 1-66 cost_million_kr=240",
    "demography 0106 ovrige  cost_million_kr=250",
    "demography 0106 skole  cost_million_kr=260",
    "demography 0106 total  population=270 cost_million_kr=280",
    "demography 0106 total 0 cost_million_kr=290",
    "demography 0106 total 67+ population=300 cost_million_kr=310",
    "demography 0106 total 1-66 cost_million_kr=320",
    "demography 0106 total 0-5 population=330",
    "demography 0106 total 6-15 population=340",
    "demography 0301 kultur  cost_million_kr=211",
    "demography 0301 kultur 0 cost_million_kr=221",
    "demography 0301 kultur 67+ cost_million_kr=231",
    "demography 0301 kultur 1-66 cost_million_kr=241",
    "demography 0301 ovrige  cost_million_kr=251",
    "demography 0301 skole  cost_million_kr=261",
    "demography 0301 total  population=271 cost_million_kr=281",
    "demography 0301 total 0 cost_million_kr=291",
    "demography 0301 total 67+ population=301 cost_million_kr=311",
    "demography 0301 total 1-66 cost_million_kr=321",
    "demography 0301 total 0-5 population=331",
    "demography 0301 total 6-15 population=341",
    "indicator 0106 skole tests raw=350 normalized=360 contribution=370",
    "indicator 0106 skole exam raw=380",
    "indicator 0301 skole tests raw=351 normalized=361 contribution=371",
    "indicator 0301 skole exam raw=381",
    "index  skole  index=390",
    "index 0106 kultur  index=400",
    "index 0106 total  index=410 rank=420",
    "index 0106 total exam contribution=430",
    "index 0106 total visits contribution=440",
    "index 0106 total loans contribution=450",
    "index 0106 ukjent  index=460",
    "index 0301 kultur  index=401",
    "index 0301 total  index=411 rank=421",
    "index 0301 total exam contribution=431",
    "index 0301 total visits contribution=441",
    "index 0301 total loans contribution=451",
    "index 0301 ukjent  index=461",
    "efficiency  skole  deflator_percent=470",
    "efficiency 0106 total  efficiency=480",
    "efficiency 0106 total_with_administration  efficiency=490",
    "efficiency 0106 annet  efficiency=500",
    "efficiency 0301 total  efficiency=481",
    "efficiency 0301 total_with_administration  efficiency=491",
    "efficiency 0301 annet  efficiency=501",
    "statistics  skole tests minimum=510 maximum=520 weight=530",
    "statistics  prover  observations=540",
    "statistics  prover utdanning coefficient=550 stars=560",
    "statistics  prover innvandrere coefficient=570",
    "statistics  prover constant coefficient=580",
    "statistics  eksamen  observations=590",
    "statistics  eksamen utdanning coefficient=600",
    "statistics  eksamen constant coefficient=610",
    "statistics  annet  weight=620",
    "statistics  bortom  weight=630",
    "statistics  cirka  weight=640",
    "statistics  dette  weight=650",
    "statistics  etter  weight=660",
};
#define ROWS (sizeof expected / sizeof expected[0])

static struct kf_panel *empty_panel(void)
{
    static const char *members[] = {"0106", "0301"};
    struct kf_panel *panel = kf_panel_new();
    assert_non_null(panel);
    panel->edition = &edition;
    panel->year = 2010;
    panel->members = members;
    panel->members_len = 2;
    return panel;
}

/* Key i holds 10·i and 10·i + 1; `step` (prime to the number of keys) shuffles. */
static struct kf_panel *panel_of(size_t step)
{
    struct kf_panel *panel = empty_panel();
    for (size_t i = 0; i < KEYS; i++) {
        size_t pick = (i * step + step / 2) % KEYS;
        struct kf_result *result = NULL;
        struct kf_error err;
        assert_int_equal(kf_panel_append(panel, &keys[pick], &result, &err), KF_OK);
        result->values[0] = 10 * (double)pick;
        result->status[0] = (uint8_t)(pick % 2 ? KF_CELL_IMPUTED : KF_CELL_VALUE);
        if (!result->group) {
            result->values[1] = 10 * (double)pick + 1;
        }
    }
    return panel;
}

struct seen {
    size_t rows;
    size_t stop_at;
    const char *const *others; /* expected instead, up to NULL */
};

static enum kf_err compare_row(void *context, const struct kf_panel *panel,
                               const struct kf_row *row, struct kf_error *err)
{
    (void)panel;
    struct seen *seen = context;
    if (seen->rows == seen->stop_at) {
        return kf_error_set(err, KF_ERR_PEER, "enough");
    }
    struct kf_text text;
    kf_text_init(&text, 4096);
    kf_text_add_format(&text, "%s %s %s %s", kf_topic_name(row->topic), row->municipality,
                       row->sector, row->indicator);
    for (size_t i = 0; i < row->cells_len; i++) {
        kf_text_add_format(&text, " %s=%g", row->cells[i].measure, row->cells[i].value);
        assert_true(row->cells[i].unit[0] != '\0');
    }
    assert_true(seen->others || seen->rows < ROWS);
    const char *wanted = seen->others ? seen->others[seen->rows] : expected[seen->rows];
    assert_non_null(wanted);
    assert_string_equal(text.bytes, wanted);
    kf_text_clear(&text);
    seen->rows++;
    return KF_OK;
}

static void rows_come_in_their_order_whatever_the_results_order(void **state)
{
    (void)state;
    for (size_t step = 1; step < KEYS; step++) { /* KEYS is prime: a step meets them all */
        struct kf_panel *panel = panel_of(step);
        struct seen seen = {0, SIZE_MAX, NULL};
        struct kf_error err;
        assert_int_equal(kf_panel_walk(panel, compare_row, &seen, &err), KF_OK);
        assert_int_equal(seen.rows, ROWS);
        kf_panel_destroy(&panel);
    }
}

static enum kf_err check_status(void *context, const struct kf_panel *panel,
                                const struct kf_row *row, struct kf_error *err)
{
    (void)context;
    (void)panel;
    (void)err;
    for (size_t i = 0; i < row->cells_len; i++) {
        size_t key = (size_t)row->cells[i].value / 10;
        bool first = (size_t)row->cells[i].value % 10 == 0;
        assert_int_equal(row->cells[i].status, key % 2 && first ? KF_CELL_IMPUTED : KF_CELL_VALUE);
    }
    return KF_OK;
}

static void each_cell_carries_its_own_status(void **state)
{
    (void)state;
    struct kf_panel *panel = panel_of(1);
    struct kf_error err;
    assert_int_equal(kf_panel_walk(panel, check_status, NULL, &err), KF_OK);
    kf_panel_destroy(&panel);
}

static void what_the_visitor_returns_ends_the_walk(void **state)
{
    (void)state;
    struct kf_panel *panel = panel_of(1);
    for (size_t stop = 0; stop < ROWS; stop++) {
        struct seen seen = {0, stop, NULL};
        struct kf_error err;
        assert_int_equal(kf_panel_walk(panel, compare_row, &seen, &err), KF_ERR_PEER);
        assert_int_equal(seen.rows, stop);
    }
    kf_panel_destroy(&panel);
}

static void a_panel_without_results_has_no_rows(void **state)
{
    (void)state;
    struct kf_panel *panel = empty_panel();
    struct seen seen = {0, 0, NULL};
    struct kf_error err;
    assert_int_equal(kf_panel_walk(panel, compare_row, &seen, &err), KF_OK);
    kf_panel_destroy(&panel);
}

static void add_measure(struct kf_panel *panel, const char *measure)
{
    struct kf_result_key key = {KF_TOPIC_INDEX, "skole", "", measure, NULL, false};
    struct kf_result *result = NULL;
    struct kf_error err;
    assert_int_equal(kf_panel_append(panel, &key, &result, &err), KF_OK);
}

static void a_row_too_wide_or_with_a_measure_twice_is_refused_before_any_visit(void **state)
{
    (void)state;
    static char names[KF_ROW_MEASURES_MAX + 1][8];
    struct kf_panel *panel = empty_panel();
    struct seen seen = {0, 0, NULL};
    struct kf_error err;
    for (size_t i = 0; i < KF_ROW_MEASURES_MAX + 1; i++) {
        (void)snprintf(names[i], sizeof names[i], "m%zu", i);
        add_measure(panel, names[i]);
    }
    assert_int_equal(kf_panel_walk(panel, compare_row, &seen, &err), KF_ERR_DATA);
    kf_panel_destroy(&panel);
    panel = empty_panel();
    add_measure(panel, "index");
    add_measure(panel, "rank");
    add_measure(panel, "index");
    assert_int_equal(kf_panel_walk(panel, compare_row, &seen, &err), KF_ERR_DATA);
    assert_non_null(strstr(err.text, "index twice"));
    kf_panel_destroy(&panel);
}

static void a_row_has_room_for_every_measure_of_its_topic(void **state)
{
    (void)state;
    size_t count = 0;
    size_t of_topic[KF_TOPICS] = {0};
    const struct kf_measure *measures = kf_measures(&count);
    for (size_t i = 0; i < count; i++) {
        assert_true(++of_topic[measures[i].topic] <= KF_ROW_MEASURES_MAX);
    }
}

static void the_years_before_have_no_rows(void **state)
{
    (void)state;
    struct kf_panel *panel = empty_panel();
    struct kf_panel *earlier = panel_of(1);
    struct seen seen = {0, 0, NULL};
    struct kf_error err;
    panel->previous = earlier;
    assert_int_equal(kf_panel_walk(panel, compare_row, &seen, &err), KF_OK);
    kf_panel_destroy(&panel);
    kf_panel_destroy(&earlier);
}

static void without_memory_nothing_is_visited(void **state)
{
    (void)state;
    struct kf_panel *panel = panel_of(1);
    struct seen seen = {0, 0, NULL};
    struct kf_error err;
    kf_memory_fail_after(0);
    assert_int_equal(kf_panel_walk(panel, compare_row, &seen, &err), KF_ERR_MEMORY);
    kf_memory_fail_after(-1);
    kf_panel_destroy(&panel);
}

/* --- unit costs ------------------------------------------------------------------------------ */

static struct kf_rated_service rated[] = {{.id = "bolig"}, {.id = "HTAMDK"}, {.id = "arlig"}};
static struct kf_cost_group cost_groups_of_care[] = {{.id = "hjemme"}, {.id = "avlastning"}};
static struct kf_user_time user_times[] = {{.id = "HTAMDK"}, {.id = "bolig"}};
static struct kf_real_growth growths[] = {{.id = "beregnet"}, {.id = "arlig"}};
static struct kf_use grants[] = {{.id = "vedtak"}, {.id = "ramme"}, {.id = "bolig"}};
static struct kf_edition care = {.id = "omsorg",
                                 .population = "",
                                 .sectors = sectors,
                                 .sectors_len = 2,
                                 .unit_costs = {.services = rated,
                                                .services_len = 3,
                                                .groups = cost_groups_of_care,
                                                .groups_len = 2,
                                                .user_times = user_times,
                                                .user_times_len = 2,
                                                .growths = growths,
                                                .growths_len = 2},
                                 .trial = {.grants = grants, .grants_len = 3}};

/* In the order of rows: each part has its things in the order in which the edition lists them, also
 * where two parts call them the same; years ascend. */
static const struct kf_result_key care_keys[] = {
    {KF_TOPIC_UNIT_COST, "services", "bolig", "rate_kr", "kr/days", true},
    {KF_TOPIC_UNIT_COST, "services", "bolig", "unit_cost_kr", "kr/days", true},
    {KF_TOPIC_UNIT_COST, "services", "HTAMDK", "rate_kr", "kr/hours", true},
    {KF_TOPIC_UNIT_COST, "user_time", "HTAMDK", "user_time_norm", NULL, true},
    {KF_TOPIC_UNIT_COST, "hjemme", "", "net_expenditure_million_kr", NULL, false},
    {KF_TOPIC_UNIT_COST, "hjemme", "", "grant_million_kr", NULL, false},
    {KF_TOPIC_UNIT_COST, "hjemme", "", "gain_million_kr", NULL, false},
    {KF_TOPIC_UNIT_COST, "hjemme", "", "ratio", NULL, false},
    {KF_TOPIC_UNIT_COST, "hjemme", "bolig", "quantity", "days", false},
    {KF_TOPIC_UNIT_COST, "hjemme", "bolig", "unit_cost_kr", "kr/days", false},
    {KF_TOPIC_UNIT_COST, "hjemme", "HTAMDK", "unit_cost_kr", "kr/hours", false},
    {KF_TOPIC_UNIT_COST, "hjemme", "HTAMDK", "deviation_kr", "kr/hours", false},
    {KF_TOPIC_UNIT_COST, "avlastning", "", "gain_million_kr", NULL, false},
    {KF_TOPIC_UNIT_COST, "avlastning", "arlig", "quantity", "count", false},
    {KF_TOPIC_UNIT_COST, "services", "", "gain_million_kr", NULL, false},
    {KF_TOPIC_UNIT_COST, "services", "", "published_gain_million_kr", NULL, false},
    {KF_TOPIC_UNIT_COST, "services", "bolig", "unit_cost_others_kr", "kr/days", false},
    {KF_TOPIC_UNIT_COST, "institution", "", "institution_share", NULL, false},
    {KF_TOPIC_UNIT_COST, "institution", "", "institution_places", NULL, false},
    {KF_TOPIC_UNIT_COST, "user_time", "HTAMDK", "user_time_share", NULL, false},
    {KF_TOPIC_UNIT_COST, "user_time", "bolig", "user_time_share", NULL, false},
    {KF_TOPIC_UNIT_COST, "growth", "beregnet", "real_growth_percent", NULL, false},
    {KF_TOPIC_UNIT_COST, "growth", "arlig", "gross_growth_percent", NULL, false},
    {KF_TOPIC_UNIT_COST, "growth", "arlig", "real_growth_percent", NULL, false},
    {KF_TOPIC_UNIT_COST, "grants", "", "grant_million_kr", NULL, false},
    {KF_TOPIC_UNIT_COST, "grants", "vedtak", "grant_million_kr", NULL, false},
    {KF_TOPIC_UNIT_COST, "grants", "ramme", "grant_million_kr", NULL, false},
    {KF_TOPIC_UNIT_COST, "grants", "bolig", "grant_million_kr", NULL, false},
    {KF_TOPIC_UNIT_COST, "resource_intensive", "", "users", NULL, false},
    {KF_TOPIC_UNIT_COST, "resource_intensive", "", "refund_million_kr", NULL, false},
    {KF_TOPIC_UNIT_COST, "demography", "", "gain_million_kr", NULL, false},
    {KF_TOPIC_UNIT_COST, "demography", "2016", "gain_million_kr", NULL, false},
    {KF_TOPIC_UNIT_COST, "demography", "2017", "gain_million_kr", NULL, false},
    {KF_TOPIC_UNIT_COST, "total", "", "gain_million_kr", NULL, false},
    {KF_TOPIC_UNIT_COST, "skole", "", "gain_million_kr", NULL, false},
};
#define CARE_KEYS (sizeof care_keys / sizeof care_keys[0])

static const char *const care_rows[] = {
    "unit-cost  services bolig rate_kr=0 unit_cost_kr=1",
    "unit-cost  services HTAMDK rate_kr=2",
    "unit-cost  user_time HTAMDK user_time_norm=3",
    "unit-cost 3018 hjemme  net_expenditure_million_kr=4 grant_million_kr=5 gain_million_kr=6 "
    "ratio=7",
    "unit-cost 3018 hjemme bolig quantity=8 unit_cost_kr=9",
    "unit-cost 3018 hjemme HTAMDK unit_cost_kr=10 deviation_kr=11",
    "unit-cost 3018 avlastning  gain_million_kr=12",
    "unit-cost 3018 avlastning arlig quantity=13",
    "unit-cost 3018 services  gain_million_kr=14 published_gain_million_kr=15",
    "unit-cost 3018 services bolig unit_cost_others_kr=16",
    "unit-cost 3018 institution  institution_share=17 institution_places=18",
    "unit-cost 3018 user_time HTAMDK user_time_share=19",
    "unit-cost 3018 user_time bolig user_time_share=20",
    "unit-cost 3018 growth beregnet real_growth_percent=21",
    "unit-cost 3018 growth arlig gross_growth_percent=22 real_growth_percent=23",
    "unit-cost 3018 grants  grant_million_kr=24",
    "unit-cost 3018 grants vedtak grant_million_kr=25",
    "unit-cost 3018 grants ramme grant_million_kr=26",
    "unit-cost 3018 grants bolig grant_million_kr=27",
    "unit-cost 3018 resource_intensive  users=28 refund_million_kr=29",
    "unit-cost 3018 demography  gain_million_kr=30",
    "unit-cost 3018 demography 2016 gain_million_kr=31",
    "unit-cost 3018 demography 2017 gain_million_kr=32",
    "unit-cost 3018 total  gain_million_kr=33",
    "unit-cost 3018 skole  gain_million_kr=34",
    NULL,
};

/* `step` is prime to the number of keys, 35. */
static struct kf_panel *care_panel(size_t step)
{
    static const char *members[] = {"3018"};
    struct kf_panel *panel = empty_panel();
    panel->edition = &care;
    panel->members = members;
    panel->members_len = 1;
    for (size_t i = 0; i < CARE_KEYS; i++) {
        size_t pick = (i * step + step / 2) % CARE_KEYS;
        struct kf_result *result = NULL;
        struct kf_error err;
        assert_int_equal(kf_panel_append(panel, &care_keys[pick], &result, &err), KF_OK);
        result->values[0] = (double)pick;
    }
    return panel;
}

static void rows_of_unit_costs_stand_in_the_order_of_their_part(void **state)
{
    (void)state;
    static const size_t steps[] = {1, 2, 3, 11, 17, 34};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct kf_panel *panel = care_panel(steps[i]);
        struct seen seen = {0, SIZE_MAX, care_rows};
        struct kf_error err;
        assert_int_equal(kf_panel_walk(panel, compare_row, &seen, &err), KF_OK);
        assert_int_equal(seen.rows, sizeof care_rows / sizeof care_rows[0] - 1);
        kf_panel_destroy(&panel);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_in_their_order_whatever_the_results_order),
        cmocka_unit_test(each_cell_carries_its_own_status),
        cmocka_unit_test(what_the_visitor_returns_ends_the_walk),
        cmocka_unit_test(a_panel_without_results_has_no_rows),
        cmocka_unit_test(a_row_too_wide_or_with_a_measure_twice_is_refused_before_any_visit),
        cmocka_unit_test(a_row_has_room_for_every_measure_of_its_topic),
        cmocka_unit_test(the_years_before_have_no_rows),
        cmocka_unit_test(without_memory_nothing_is_visited),
        cmocka_unit_test(rows_of_unit_costs_stand_in_the_order_of_their_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
