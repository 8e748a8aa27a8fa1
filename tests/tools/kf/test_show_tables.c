#include "common/base/memory.h"
#include "tests/support/cmocka.h"
#include "tests/tools/kf/published_fixture.h"
#include "tools/kf/show_tables.h"

static struct kf_indicator indicators[] = {
    {.id = "dag", .name = {"Dagsenter", "Day centre"}, .weight = 0.25},
    {.id = "natt", .name = {"Natt", "Night"}, .weight = 0.75},
};
static struct kf_sector sectors[] = {
    {.id = "omsorg",
     .name = {"Omsorg", "Care"},
     .weight = 1,
     .indicators = indicators,
     .indicators_len = 2},
};
static const struct kf_edition edition = {
    .id = "e",
    .title = {"Indeksen", "The index"},
    .source = "Report 1",
    .scale = 100,
    .sectors = sectors,
    .sectors_len = 1,
    .group = {"Gruppen", "The group"},
};

#define ROW(code, sector)                                                                          \
    "{\"release\":\"r\",\"municipality\":\"" code "\",\"sector\":\"" sector "\","

static const struct {
    enum kf_topic topic;
    const char *key;
    const char *value;
} rows[] = {
    {KF_TOPIC_INDEX, "e/2010/0219/total",
     ROW("0219", "total") "\"flags\":[\"incomplete\"],\"index\":96.04,\"rank\":2,"
                          "\"indexWithoutImputed\":98.26}"},
    {KF_TOPIC_INDEX, "e/2010/0219/omsorg",
     ROW("0219", "omsorg") "\"flags\":[\"incomplete\"],\"index\":96.04,\"contribution\":96.04,"
                           "\"indexWithoutImputed\":98.26}"},
    {KF_TOPIC_INDEX, "e/2010/0301/total",
     ROW("0301", "total") "\"index\":104,\"rank\":1,\"indexWithoutImputed\":104}"},
    {KF_TOPIC_INDEX, "e/2010/0301/omsorg", ROW("0301", "omsorg") "\"flags\":[\"suppressed\"]}"},
    {KF_TOPIC_EFFICIENCY, "e/2010/0301/total", ROW("0301", "total") "\"efficiency\":-0.01}"},
    {KF_TOPIC_INDICATOR, "e/2010/0219/omsorg/dag",
     ROW("0219", "omsorg") "\"indicator\":\"dag\",\"flags\":[\"imputed\"],\"normalized\":21.6,"
                           "\"contribution\":5.4,\"contributionToTotal\":5.4}"},
    {KF_TOPIC_INDICATOR, "e/2010/0219/omsorg/natt",
     ROW("0219", "omsorg") "\"indicator\":\"natt\",\"raw\":7,\"normalized\":120.85,"
                           "\"contribution\":90.64,\"contributionToTotal\":90.64}"},
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

static struct kf_show_view view_of(bool norwegian)
{
    return (struct kf_show_view){
        .published = published,
        .municipalities = municipalities,
        .edition = &edition,
        .year = 2010,
        .decimals = 1,
        .norwegian = norwegian,
        .on = "",
        .off = "",
        .codes = codes,
        .codes_len = 2,
    };
}

typedef enum kf_err show_part(const struct kf_show_view *view, struct kf_text *text,
                              struct kf_error *err);

static void assert_shows(show_part *part, bool norwegian, const char *expected)
{
    struct kf_error err = {0};
    struct kf_text text;
    struct kf_show_view view = view_of(norwegian);
    kf_text_init(&text, 65536);
    assert_int_equal(part(&view, &text, &err), KF_OK);
    assert_string_equal(text.bytes, expected);
    kf_text_clear(&text);
}

static void the_total_shows_what_there_is_marked_where_it_rests_on_imputed_figures(void **state)
{
    (void)state;
    assert_shows(kf_show_totals, false,
                 "  Municipality  Total   Rank  Without  Efficiency\n"
                 "                index         imputed\n"
                 "  Bærum          96.0u     2     98.3          ..\n"
                 "  Oslo          104.0      1                  0.0\n");
}

static void a_value_that_is_not_there_shows_why(void **state)
{
    (void)state;
    assert_shows(kf_show_sectors, true,
                 "  Kommune  Omsorg\n"
                 "  Bærum      96.0u\n"
                 "  Oslo          :\n");
}

static void the_notes_say_what_is_imputed_and_what_the_index_is_without(void **state)
{
    (void)state;
    assert_shows(kf_show_notes, false,
                 "  i filled in by the edition's rule, the municipality has not reported it\n"
                 "  u incomplete: rests on imputed figures, or something is left out\n"
                 "  Imputed:\n"
                 "    Bærum: Day centre\n"
                 "                      Index   Without\n"
                 "                              imputed\n"
                 "  Bærum  Care          96.0u     98.3\n"
                 "  Bærum  Total index   96.0u     98.3\n");
}

static void one_municipality_is_shown_with_every_indicator_and_its_part(void **state)
{
    (void)state;
    assert_shows(kf_show_indicators, false,
                 "\nCare 96.0u × 100.00 % = 96.04 of the total index\n"
                 "  Value  Normalised      Part of     Part of   Weight %  Indicator\n"
                 "                      the sector   the total\n"
                 "     ..        21.6i        5.40i       5.40i     25.00  Day centre\n"
                 "    7.0       120.8        90.64       90.64      75.00  Night\n");
}

static void names_are_those_of_the_year_and_unknown_codes_stay_codes(void **state)
{
    (void)state;
    struct kf_show_view view = view_of(false);
    assert_string_equal(kf_show_municipality_name(&view, "0301"), "Oslo");
    assert_string_equal(kf_show_municipality_name(&view, "3024"), "Bærum"); /* from 2020 */
    assert_string_equal(kf_show_municipality_name(&view, "9999"), "9999");
}

static void title_and_origin_name_edition_release_topics_and_source(void **state)
{
    (void)state;
    struct kf_text text;
    struct kf_show_view view = view_of(false);
    kf_text_init(&text, 65536);
    kf_show_title(&view, &text);
    kf_show_origin(&view, "h:1", "p", &text);
    assert_string_equal(text.bytes,
                        "The index\n"
                        "e, 2010. The group: mean = 100\n"
                        "Release r (vintage: unrevised; kostraflow 9)\n"
                        "  p.index.v1                         12 rows\n"
                        "  p.need.v1                           0 rows\n"
                        "Read them with\n"
                        "  kcat -C -b h:1 -X isolation.level=read_committed -t p.index.v1 -e -q\n"
                        "Credit: Statistics Norway (SSB); Report 1\n");
    kf_text_clear(&text);
}

static void the_topic_to_read_is_one_that_the_release_has_rows_on(void **state)
{
    (void)state;
    static const char manifest[] =
        "{\"release\":\"r\",\"state\":\"RELEASE_STATE_COMMITTED\","
        "\"panels\":[{\"edition\":\"e\",\"year\":2010}],\"topics\":["
        "{\"topic\":\"p.need.v1\"},{\"topic\":\"p.demography.v1\",\"rows\":\"7\"},"
        "{\"topic\":\"p.index.v1\"},{\"topic\":\"p.statistics.v1\",\"rows\":\"1\"}]}";
    struct kf_error err = {0};
    struct kf_text text;
    struct kf_show_view view = view_of(false);
    struct kf_published *other = kf_published_new("e", 2010);
    assert_int_equal(add_manifest(other, manifest, 1, &err), KF_OK);
    view.published = other;
    kf_text_init(&text, 65536);
    kf_show_origin(&view, "h:1", "p", &text);
    assert_non_null(strstr(text.bytes, " -t p.demography.v1 -e -q\n"));
    kf_published_destroy(&other);
    kf_text_clear(&text);
}

static void every_part_fails_cleanly_whichever_allocation_fails(void **state)
{
    (void)state;
    static show_part *const parts[] = {kf_show_totals, kf_show_sectors, kf_show_notes,
                                       kf_show_indicators};
    struct kf_show_view view = view_of(false);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        enum kf_err code = KF_ERR_MEMORY;
        bool failed = true;
        for (int64_t n = 0; code != KF_OK || failed; n++) {
            struct kf_error err = {0};
            struct kf_text text;
            assert_true(n < 1000);
            kf_text_init(&text, 65536);
            kf_memory_fail_after(n);
            code = parts[i](&view, &text, &err);
            kf_memory_fail_after(-1);
            failed = text.failed;
            assert_true(code == KF_OK || code == KF_ERR_MEMORY);
            kf_text_clear(&text);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_total_shows_what_there_is_marked_where_it_rests_on_imputed_figures),
        cmocka_unit_test(a_value_that_is_not_there_shows_why),
        cmocka_unit_test(the_notes_say_what_is_imputed_and_what_the_index_is_without),
        cmocka_unit_test(one_municipality_is_shown_with_every_indicator_and_its_part),
        cmocka_unit_test(names_are_those_of_the_year_and_unknown_codes_stay_codes),
        cmocka_unit_test(the_topic_to_read_is_one_that_the_release_has_rows_on),
        cmocka_unit_test(title_and_origin_name_edition_release_topics_and_source),
        cmocka_unit_test(every_part_fails_cleanly_whichever_allocation_fails),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
