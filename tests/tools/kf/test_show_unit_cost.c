#include "tools/kf/show_unit_cost.h"

#include "common/base/memory.h"
#include "common/model/cell.h"
#include "tests/support/cmocka.h"
#include "tests/tools/kf/published_fixture.h"
#include "tools/kf/show_cells.h"

static struct kf_rated_service services[] = {
    {.id = "HTAMDK", .name = {"Ambulerende", "Ambulatory"}, .unit = "hours"},
    {.id = "korttid", .name = {"", ""}, .unit = "days"},
    {.id = "natt", .name = {"Natt", "Night"}, .unit = "hours"},
};
static struct kf_delivery deliveries[] = {{.service = "HTAMDK"}, {.service = "natt"}};
static struct kf_cost_group groups[] = {
    {.id = "hjemme",
     .name = {"Hjemmetjenester", "Home services"},
     .deliveries = deliveries,
     .deliveries_len = 2},
    {.id = "institusjon", .name = {"Institusjon", "Institution"}},
};
static struct kf_user_time user_times[] = {{.id = "bolig", .name = {"Bolig", "Homes"}}};
static struct kf_real_growth growths[] = {{.id = "arlig", .name = {"Årlig", "By year"}}};
static struct kf_use grants[] = {{.id = "vedtak", .name = {"Vedtak", "Decision"}}};
static struct kf_year_figure compensated[] = {{2009, 1.6}, {2010, 0.695}, {2011, 0.7}};
static const struct kf_edition edition = {
    .id = "e",
    .title = {"Enhetskostnader", "Unit costs"},
    .source = "",
    .scale = 1,
    .population = "",
    .unit_costs = {.services = services,
                   .services_len = 3,
                   .groups = groups,
                   .groups_len = 2,
                   .user_times = user_times,
                   .user_times_len = 1,
                   .growths = growths,
                   .growths_len = 1},
    .trial = {.grants = grants, .grants_len = 1, .demography = {.compensated = {compensated, 3}}},
};

#define ROW(code, sector)                                                                          \
    "{\"release\":\"r\",\"municipality\":\"" code "\",\"sector\":\"" sector "\","
#define GROUP_ROW(sector, thing)                                                                   \
    "{\"release\":\"r\",\"sector\":\"" sector "\",\"indicator\":\"" thing "\","

static const struct {
    const char *key;
    const char *value;
} rows[] = {
    {"e/2010/services/HTAMDK",
     GROUP_ROW("services", "HTAMDK") "\"rateKr\":659,\"unitCostKr\":701.6}"},
    {"e/2010/services/natt", GROUP_ROW("services", "natt") "\"rateKr\":1234.4}"},
    {"e/2010/user_time/bolig", GROUP_ROW("user_time", "bolig") "\"userTimeNorm\":0.8}"},
    {"e/2010/0219/services/HTAMDK",
     ROW("0219", "services") "\"indicator\":\"HTAMDK\",\"flags\":[\"preliminary\"],"
                             "\"quantity\":36500,\"unitCostKr\":812.4,"
                             "\"unitCostOthersKr\":640.2,\"deviationKr\":-153.4}"},
    {"e/2010/0219/hjemme/HTAMDK",
     ROW("0219", "hjemme") "\"indicator\":\"HTAMDK\",\"quantity\":36500,\"unitCostKr\":812.4,"
                           "\"calculatedGrantMillionKr\":24.06}"},
    {"e/2010/0219/hjemme", ROW("0219", "hjemme") "\"netExpenditureMillionKr\":29.64,"
                                                 "\"grantMillionKr\":24.06,"
                                                 "\"gainMillionKr\":-5.59}"},
    {"e/2010/0219/services",
     ROW("0219", "services") "\"flags\":[\"incomplete\"],\"netExpenditureMillionKr\":29.64,"
                             "\"grantMillionKr\":24.06,\"gainMillionKr\":-5.59,"
                             "\"gainPercent\":-23.2,\"ratio\":1.2323}"},
    {"e/2010/0219/demography/2009",
     ROW("0219", "demography") "\"indicator\":\"2009\",\"flags\":[\"inferred\"],"
                               "\"gainMillionKr\":0.52}"},
    {"e/2010/0219/demography",
     ROW("0219", "demography") "\"flags\":[\"inferred\"],\"gainMillionKr\":1.04}"},
    {"e/2010/0219/resource_intensive",
     ROW("0219", "resource_intensive") "\"flags\":[\"inferred\"],\"users\":12,"
                                       "\"netExpenditureMillionKr\":31.125,"
                                       "\"gainMillionKr\":-1.13,\"refundMillionKr\":13.04}"},
    {"e/2010/0219/total", ROW("0219", "total") "\"flags\":[\"inferred\"],\"gainMillionKr\":-5.68,"
                                               "\"publishedGainMillionKr\":-5.7}"},
    {"e/2010/0219/grants", ROW("0219", "grants") "\"grantMillionKr\":152.5,"
                                                 "\"deductionMillionKr\":150,"
                                                 "\"gainMillionKr\":2.5}"},
    {"e/2010/0219/grants/vedtak",
     ROW("0219", "grants") "\"indicator\":\"vedtak\",\"grantMillionKr\":140.5}"},
    {"e/2010/0301/services/HTAMDK",
     ROW("0301", "services") "\"indicator\":\"HTAMDK\",\"flags\":[\"missing\"],\"quantity\":0}"},
    {"e/2010/0301/institution", ROW("0301", "institution") "\"institutionShare\":0.4375,"
                                                           "\"institutionPlaces\":62.5}"},
    {"e/2010/0301/user_time/bolig",
     ROW("0301", "user_time") "\"indicator\":\"bolig\",\"userTimeShare\":0.75,"
                              "\"userTimeBeyondNormPercent\":-5}"},
    {"e/2010/0301/growth/arlig",
     ROW("0301", "growth") "\"indicator\":\"arlig\",\"grossGrowthPercent\":4.25,"
                           "\"demographicGrowthPercent\":1.75,\"realGrowthPercent\":2.5}"},
};

static struct kf_municipalities *municipalities;
static struct kf_published *published;
static const char *codes[] = {"0219", "0301"};

static int set_up(void **state)
{
    (void)state;
    struct kf_error err = {0};
    static struct kf_findings findings;
    kf_findings_init(&findings);
    published = kf_published_new("e", 2010);
    enum kf_err code = add_manifest(published, MANIFEST("r"), 1, &err);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0] && code == KF_OK; i++) {
        code = add_row(published, KF_TOPIC_UNIT_COST, rows[i].key, rows[i].value, &err);
    }
    if (code == KF_OK) {
        code = kf_municipalities_read(KF_SOURCE_DIR "/editions/municipalities.csv", &municipalities,
                                      &findings, &err);
    }
    return code == KF_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    kf_published_destroy(&published);
    kf_municipalities_destroy(&municipalities);
    return 0;
}

static struct kf_show_view view_of(size_t first, size_t count)
{
    return (struct kf_show_view){.published = published,
                                 .municipalities = municipalities,
                                 .edition = &edition,
                                 .year = 2010,
                                 .decimals = 1,
                                 .on = "",
                                 .off = "",
                                 .codes = codes + first,
                                 .codes_len = count};
}

typedef enum kf_err show(const struct kf_show_view *view, struct kf_text *text,
                         struct kf_error *err);

static void assert_shown(show *showing, size_t first, size_t count, const char *expected)
{
    struct kf_text text;
    struct kf_error err = {0};
    struct kf_show_view view = view_of(first, count);
    kf_text_init(&text, 64 * 1024);
    assert_int_equal(showing(&view, &text, &err), KF_OK);
    assert_false(text.failed);
    assert_string_equal(text.bytes, expected);
    kf_text_clear(&text);
}

static void of_all_municipalities_gains_and_unit_costs_stand_beside_the_rates(void **state)
{
    (void)state;
    assert_shown(
        kf_show_unit_costs, 0, 2,
        "\nGain by state funding, million kr\n"
        "  Municipality  Demography   Resource-intensive   Unit costs   Total      Total,\n"
        "                                          users                        published\n"
        "  Bærum                1.0‡                -1.1‡        -5.6u   -5.7‡       -5.7\n"
        "\nSpending and grants, all services\n"
        "  Municipality         Net        Grant         Gain   Gain % of   Spending\n"
        "                  spending   million kr   million kr       grant   to grant\n"
        "                million kr\n"
        "  Bærum               29.6u        24.1u        -5.6u      -23.2u     1.232u\n"
        "\nUnit costs, kr\n"
        "  Service             National       All  Bærum\n"
        "                          rate  together\n"
        "  Ambulatory (hours)       659       702    812*\n"
        "  Night (hours)           1234        ..     ..\n"
        "\nInstitutions\n"
        "  Municipality  Institution  Places\n"
        "                   share of\n"
        "                   spending\n"
        "  Oslo                0.438    62.5\n"
        "\nTime with users, share of the hours\n"
        "  Municipality  Homes\n"
        "  Oslo          0.750\n"
        "\nReal growth beyond demography, percentage points\n"
        "  Municipality  By year\n"
        "  Oslo              2.5\n");
}

/* The years of demography that are known, and of each service the rate beside its own cost. */
static void of_one_municipality_every_part_is_shown(void **state)
{
    (void)state;
    struct kf_text text;
    struct kf_error err = {0};
    struct kf_show_view view = view_of(0, 1);
    kf_text_init(&text, 64 * 1024);
    assert_int_equal(kf_show_unit_costs_of_one(&view, &text, &err), KF_OK);
    const char *lines[] = {
        "\nGain by state funding\n",
        "\n  Demography 2009                  0.5‡          ..\n"
        "  Demography                       1.0‡          ..\n"
        "  Resource-intensive users        -1.1‡          ..\n"
        "  Unit costs                      -5.6u          ..\n"
        "  Total                           -5.7‡        -5.7\n",
        "\nGrants and deduction\n",
        "\n  Decision       140.5          ..          ..\n"
        "  Total          152.5       150.0         2.5\n",
        "\nResource-intensive users\n",
        "\n  Bærum            12        31.1        13.0        -1.1‡\n",
        "\nSpending and grants\n",
        "\n  Home services ",
        "\n  All services ",
        "\nUnit costs\n",
        "\n  Ambulatory (hours)     36500        812*       659       -153*        640*\n",
        "\nUnit costs in each cost group\n",
        "\n  Home services: Ambulatory (hours)     36500        812       659        24.1\n",
    };
    const char *at = text.bytes;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        const char *found = strstr(at, lines[i]);
        if (!found) {
            fail_msg("\"%s\" is not in \"%s\"", lines[i], at);
        }
        at = found;
    }
    assert_null(strstr(text.bytes, "2010"));  /* nothing is known of it */
    assert_null(strstr(text.bytes, "Night")); /* the rate alone makes no line */
    kf_text_clear(&text);
}

static void what_the_municipality_has_not_is_left_out(void **state)
{
    (void)state;
    assert_shown(kf_show_unit_costs_of_one, 1, 1,
                 "\nUnit costs\n"
                 "  Service             Quantity  National\n"
                 "                                 rate kr\n"
                 "  Ambulatory (hours)         0       659\n"
                 "\nInstitutions\n"
                 "  Municipality  Institution  Places\n"
                 "                   share of\n"
                 "                   spending\n"
                 "  Oslo                0.438    62.5\n"
                 "\nTime with users\n"
                 "  Service  Share   Norm    Beyond\n"
                 "                             norm\n"
                 "                         %-points\n"
                 "  Homes    0.750  0.800      -5.0\n"
                 "\nGrowth at fixed prices\n"
                 "  Growth   Gross %  Demography      Real\n"
                 "                             %  %-points\n"
                 "  By year      4.2         1.8       2.5\n");
}

static void without_rows_nothing_is_shown(void **state)
{
    (void)state;
    struct kf_show_view view = view_of(0, 2);
    struct kf_published *empty = kf_published_new("e", 2011);
    struct kf_text text;
    struct kf_error err = {0};
    view.published = empty;
    kf_text_init(&text, 1024);
    assert_int_equal(kf_show_unit_costs(&view, &text, &err), KF_OK);
    assert_int_equal(kf_show_unit_costs_of_one(&view, &text, &err), KF_OK);
    assert_int_equal(text.length, 0);
    assert_int_equal(kf_show_unit_cost_flags(&view), KF_CELL_VALUE);
    kf_text_clear(&text);
    kf_published_destroy(&empty);
}

static void more_municipalities_than_fit_side_by_side_leave_the_rates(void **state)
{
    (void)state;
    static const char *many[KF_TABLE_COLUMNS_MAX];
    struct kf_show_view view = view_of(0, 2);
    struct kf_text text;
    struct kf_error err = {0};
    for (size_t i = 0; i < KF_TABLE_COLUMNS_MAX; i++) {
        many[i] = codes[0];
    }
    view.codes = many;
    view.codes_len = KF_TABLE_COLUMNS_MAX;
    kf_text_init(&text, 64 * 1024);
    assert_int_equal(kf_show_unit_costs(&view, &text, &err), KF_OK);
    assert_non_null(strstr(text.bytes, "\n  Ambulatory (hours)       659       702\n"));
    kf_text_clear(&text);
}

/* Records as the pipeline publishes them: one for all measures, with the flags of any of them. */
static void flags_of_a_row_mark_only_what_they_can_be_about(void **state)
{
    (void)state;
    static const struct {
        const char *key;
        const char *value;
    } flagged[] = {
        {"e/2010/services/HTAMDK",
         "{\"release\":\"r\",\"sector\":\"services\",\"indicator\":\"HTAMDK\","
         "\"flags\":[\"preliminary\",\"incomplete\"],\"rateKr\":724,\"unitCostKr\":812.4}"},
        {"e/2010/0219/services/HTAMDK",
         ROW("0219", "services") "\"indicator\":\"HTAMDK\",\"flags\":[\"preliminary\"],"
                                 "\"unitCostKr\":812.4}"},
        {"e/2010/0219/services",
         ROW("0219", "services") "\"flags\":[\"incomplete\",\"preliminary\",\"published\"],"
                                 "\"netExpenditureMillionKr\":49.5,\"gainMillionKr\":-25,"
                                 "\"gainWithoutPreliminaryMillionKr\":-25}"},
        {"e/2010/0219/hjemme/HTAMDK",
         ROW("0219", "hjemme") "\"indicator\":\"HTAMDK\",\"flags\":[\"incomplete\"],"
                               "\"quantity\":36500,\"unitCostKr\":812.4,"
                               "\"calculatedGrantMillionKr\":24.06}"},
    };
    struct kf_show_view view = view_of(0, 1);
    struct kf_published *rows_of_flags = kf_published_new("e", 2010);
    struct kf_text text;
    struct kf_error err = {0};
    assert_int_equal(add_manifest(rows_of_flags, MANIFEST("r"), 1, &err), KF_OK);
    for (size_t i = 0; i < sizeof flagged / sizeof flagged[0]; i++) {
        assert_int_equal(
            add_row(rows_of_flags, KF_TOPIC_UNIT_COST, flagged[i].key, flagged[i].value, &err),
            KF_OK);
    }
    view.published = rows_of_flags;
    kf_text_init(&text, 64 * 1024);
    assert_int_equal(kf_show_unit_costs(&view, &text, &err), KF_OK);
    assert_int_equal(kf_show_unit_costs_of_one(&view, &text, &err), KF_OK);
    const char *lines[] = {
        "\n  Bærum               49.5*u       -25.0*u†        -25.0u\n", /* net, gain, without */
        "\n  Ambulatory (hours)       724       812*u    812*\n",        /* rate, all, own */
        "\n  Home services: Ambulatory (hours)     36500        812u       724        24.1\n",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (!strstr(text.bytes, lines[i])) {
            const char *end = strstr(text.bytes, "Home services:");
            fail_msg("\"%s\" is not in \"%s\"", lines[i], end ? end : text.bytes);
        }
    }
    kf_text_clear(&text);
    kf_published_destroy(&rows_of_flags);
}

static void marks_say_what_they_mean_of_unit_costs(void **state)
{
    (void)state;
    struct kf_show_view first = view_of(0, 1);
    struct kf_show_view second = view_of(1, 1);
    struct kf_text text;
    kf_text_init(&text, 4096);
    assert_int_equal(kf_show_unit_cost_flags(&first),
                     KF_CELL_PRELIMINARY | KF_CELL_INFERRED | KF_CELL_INCOMPLETE);
    assert_int_equal(kf_show_unit_cost_flags(&second) & ~KF_CELL_KIND_MASK, 0);
    kf_show_explain_marks(&first, KF_CELL_VALUE, kf_show_unit_cost_flags(&first), &text);
    assert_string_equal(
        text.bytes, "  * rests on preliminary or uncertain figures, itself or another number "
                    "of the same row\n"
                    "  u something is left out: a cost group without spending or without grant, "
                    "or a service without a quantity\n"
                    "  ‡ by a rule that is reconstructed, not printed in the source\n");
    kf_text_reset(&text);
    kf_show_explain_marks(&first, KF_CELL_PRELIMINARY, KF_CELL_VALUE, &text);
    assert_string_equal(text.bytes, "  * rests on unrevised figures\n");
    kf_text_clear(&text);
}

static void failing_memory_is_told(void **state)
{
    (void)state;
    struct kf_show_view view = view_of(0, 1);
    enum kf_err code = KF_ERR_MEMORY;
    for (int64_t n = 0; code != KF_OK; n++) {
        struct kf_text text;
        struct kf_error err = {0};
        kf_text_init(&text, 64 * 1024);
        kf_memory_fail_after(n);
        code = kf_show_unit_costs_of_one(&view, &text, &err);
        kf_memory_fail_after(-1);
        code = code == KF_OK && text.failed ? KF_ERR_MEMORY : code;
        assert_true(code == KF_OK ? n > 10 : code == KF_ERR_MEMORY);
        kf_text_clear(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_all_municipalities_gains_and_unit_costs_stand_beside_the_rates),
        cmocka_unit_test(of_one_municipality_every_part_is_shown),
        cmocka_unit_test(what_the_municipality_has_not_is_left_out),
        cmocka_unit_test(without_rows_nothing_is_shown),
        cmocka_unit_test(more_municipalities_than_fit_side_by_side_leave_the_rates),
        cmocka_unit_test(flags_of_a_row_mark_only_what_they_can_be_about),
        cmocka_unit_test(marks_say_what_they_mean_of_unit_costs),
        cmocka_unit_test(failing_memory_is_told),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
