#include "tools/kf/show_need.h"

#include "common/model/cell.h"
#include "tests/support/cmocka.h"
#include "tests/tools/kf/published_fixture.h"
#include "tools/kf/show_cells.h"

static struct kf_adjustment adjustments[] = {{.id = "pensjon", .name = {"Pensjon", "Pensions"}}};
static struct kf_sector sectors[] = {
    {.id = "skole",
     .name = {"Grunnskole", "School"},
     .resources = {.adjustments = adjustments, .adjustments_len = 1}},
    {.id = "kultur", .name = {"Kultur", "Culture"}},
};
static struct kf_use uses[] = {{.id = "renter", .name = {"Renter", "Interest"}}};
static struct kf_age_group groups[] = {{.id = "0-5", .name = {"0–5 år", "Aged 0–5"}},
                                       {.id = "67+", .name = {"", ""}}};
static struct kf_cost_sector services[] = {{.id = "skole", .name = {"Skole", "School"}}};
static const struct kf_edition edition = {
    .id = "e",
    .title = {"Behov", "Need"},
    .source = "",
    .scale = 1,
    .sectors = sectors,
    .sectors_len = 2,
    .uses = uses,
    .uses_len = 1,
    .demography = {.base_year = 2009,
                   .groups = groups,
                   .groups_len = 2,
                   .sectors = services,
                   .sectors_len = 1},
};

#define ROW(code, sector)                                                                          \
    "{\"release\":\"r\",\"municipality\":\"" code "\",\"sector\":\"" sector "\","

static const struct {
    enum kf_topic topic;
    const char *key;
    const char *value;
} rows[] = {
    {KF_TOPIC_NEED, "e/2010/0219/skole", ROW("0219", "skole") "\"needIndex\":0.9512345}"},
    {KF_TOPIC_NEED, "e/2010/0301/skole",
     ROW("0301", "skole") "\"flags\":[\"published\"],\"needIndex\":1.02,"
                          "\"publishedNeedIndex\":1.02,\"needKrPerCapita\":14000.4}"},
    {KF_TOPIC_NEED, "e/2010/0301/total", ROW("0301", "total") "\"needIndex\":1.25}"},
    {KF_TOPIC_RESOURCE_USE, "e/2010/0301/skole",
     ROW("0301", "skole") "\"deviationKrPerCapita\":1364.4,\"deviationPercent\":2.5,"
                          "\"deviationMillionKr\":183}"},
    {KF_TOPIC_RESOURCE_USE, "e/2010/0301/skole/pensjon",
     ROW("0301", "skole") "\"indicator\":\"pensjon\",\"adjustmentKrPerCapita\":-99.6}"},
    {KF_TOPIC_RESOURCE_USE, "e/2010/0301/inside",
     ROW("0301", "inside") "\"deviationKrPerCapita\":-4370}"},
    {KF_TOPIC_RESOURCE_USE, "e/2010/0301/renter",
     ROW("0301", "renter") "\"deviationKrPerCapita\":7}"},
    {KF_TOPIC_DEMOGRAPHY, "e/2010/0301/total",
     ROW("0301", "total") "\"flags\":[\"projected\"],\"population\":717710,"
                          "\"populationGrowthPercent\":1.04,\"costMillionKr\":-12.34}"},
    {KF_TOPIC_DEMOGRAPHY, "e/2010/0301/total/67+",
     ROW("0301", "total") "\"indicator\":\"67+\",\"flags\":[\"projected\"],\"population\":90000}"},
    {KF_TOPIC_DEMOGRAPHY, "e/2010/0301/skole",
     ROW("0301", "skole") "\"costMillionKr\":-12.34,\"costSinceBaseMillionKr\":5}"},
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
        code = add_row(published, rows[i].topic, rows[i].key, rows[i].value, &err);
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

static void assert_shown(const struct kf_text *text, const char *expected)
{
    assert_false(text->failed);
    assert_string_equal(text->bytes, expected);
}

static void of_all_municipalities_need_deviation_and_people_are_shown(void **state)
{
    (void)state;
    struct kf_text text;
    struct kf_error err = {0};
    struct kf_show_view view = view_of(0, 2);
    kf_text_init(&text, 64 * 1024);
    assert_int_equal(kf_show_need(&view, &text, &err), KF_OK);
    assert_shown(&text, "\nExpenditure need, the country = 1\n"
                        "  Municipality  School    Total\n"
                        "  Bærum         0.9512       ..\n"
                        "  Oslo          1.0200†  1.2500\n"
                        "\nResource use beyond need, kr per inhabitant\n"
                        "  Municipality  School  Inside  Interest\n"
                        "  Oslo            1364   -4370         7\n"
                        "\nPopulation and its cost\n"
                        "  Municipality  Population     Yearly   Added cost\n"
                        "                             growth %   million kr\n"
                        "  Oslo              717710f       1.0f       -12.3f\n");
    kf_text_clear(&text);
}

static void of_one_municipality_sectors_ages_and_services_are_shown(void **state)
{
    (void)state;
    struct kf_text text;
    struct kf_error err = {0};
    struct kf_show_view view = view_of(1, 1);
    kf_text_init(&text, 64 * 1024);
    assert_int_equal(kf_show_need_of_one(&view, &text, &err), KF_OK);
    const char *lines[] = {"\nNeed and resource use\n", "\nAdjustments\n", "\n  Pensions",
                           "\nPopulation by age\n",     "\n  67+",         "\n  All ages",
                           "\nCost of the population\n"};
    const char *at = text.bytes;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        at = strstr(at, lines[i]);
        assert_non_null(at);
    }
    assert_null(strstr(text.bytes, "Aged 0–5")); /* nothing is known of them */
    assert_null(strstr(text.bytes, "Culture"));
    kf_text_clear(&text);
}

static void marks_are_those_of_what_is_shown(void **state)
{
    (void)state;
    struct kf_show_view both = view_of(0, 2);
    struct kf_show_view first = view_of(0, 1);
    assert_int_equal(kf_show_need_flags(&both), KF_CELL_PROJECTED | KF_CELL_PUBLISHED);
    assert_int_equal(kf_show_need_flags(&first), KF_CELL_VALUE);
}

static void without_rows_nothing_is_shown(void **state)
{
    (void)state;
    struct kf_text text;
    struct kf_error err = {0};
    struct kf_show_view view = view_of(0, 2);
    view.published = kf_published_new("e", 2011);
    kf_text_init(&text, 1024);
    assert_int_equal(kf_show_need(&view, &text, &err), KF_OK);
    assert_int_equal(kf_show_need_of_one(&view, &text, &err), KF_OK);
    assert_int_equal(text.length, 0);
    struct kf_published *empty = (struct kf_published *)(uintptr_t)view.published;
    kf_published_destroy(&empty);
    kf_text_clear(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_all_municipalities_need_deviation_and_people_are_shown),
        cmocka_unit_test(of_one_municipality_sectors_ages_and_services_are_shown),
        cmocka_unit_test(marks_are_those_of_what_is_shown),
        cmocka_unit_test(without_rows_nothing_is_shown),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
