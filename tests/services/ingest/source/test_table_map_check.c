/* F28: what a table no longer has is told with map, line, variable and editions. */
#include <string.h>

#include "common/base/memory.h"
#include "source_fixture.h"

/* A description of table 99999 that fits the map. */
static const char description[] =
    "{\"version\":\"2.0\",\"class\":\"dataset\",\"label\":\"99999: Folk\","
    "\"id\":[\"Region\",\"Kjonn\",\"Alder\",\"ContentsCode\",\"Tid\"],\"size\":[4,2,4,1,3],"
    "\"role\":{\"time\":[\"Tid\"],\"geo\":[\"Region\"],\"metric\":[\"ContentsCode\"]},"
    "\"dimension\":{"
    "\"Region\":{\"label\":\"region\",\"category\":{\"index\":[\"0\",\"0301\",\"7777\",\"9999\"],"
    "\"label\":{\"7777\":\"Nykommune\"}}},"
    "\"Kjonn\":{\"label\":\"kjonn\",\"extension\":{\"elimination\":true},"
    "\"category\":{\"index\":[\"1\",\"2\"]}},"
    "\"Alder\":{\"label\":\"alder\",\"category\":{\"index\":[\"000\",\"001\",\"002+\",\"F000\"],"
    "\"label\":{\"000\":\"0 year\",\"001\":\"1 year\",\"002+\":\"2 years and over\"}}},"
    "\"ContentsCode\":{\"label\":\"contents\",\"category\":{\"index\":[\"Personer1\"],"
    "\"unit\":{\"Personer1\":{\"base\":\"personer\",\"decimals\":0}}}},"
    "\"Tid\":{\"label\":\"year\",\"category\":{\"index\":[\"2022\",\"2023\",\"2024\"]}}}}";

/* The tree's catalogue with one edition more, fed from the table, that weighs by folkemengde. */
static enum kf_err check(const char *text)
{
    struct kf_error err = {0};
    const char *tables[] = {"99999"};
    struct kf_edition edition = *kf_catalogue_find(source_fixture_catalogue, "need-2026-ages");
    const struct kf_table_map *map = source_fixture_map(source_fixture_yaml);
    struct kf_edition *editions[] = {&edition};
    struct kf_catalogue catalogue = *source_fixture_catalogue;
    edition.id = "levende";
    edition.tables = tables;
    edition.tables_len = 1;
    catalogue.editions = editions;
    catalogue.editions_len = 1;
    return kf_table_map_check(map, source_fixture_table(text), &catalogue, source_fixture_findings,
                              &err);
}

static void a_table_that_is_as_the_map_says_fits(void **state)
{
    (void)state;
    assert_int_equal(check(description), KF_OK);
    source_fixture_found(0);
}

struct drift {
    const char *from;
    const char *to;
    const char *parts[4];
};

static const struct drift drifts[] = {
    /* a code renamed, and one taken away */
    {"\"002+\"",
     "\"002++\"",
     {"99999.yaml:14: folkemengde", "no code 002+ in Alder any more (and 1 other", "hits levende",
      "is it 002++"}},
    {"\"index\":[\"Personer1\"],\"unit\":{\"Personer1\"",
     "\"index\":[\"Personer2\"],\"unit\":{\"Personer2\"",
     {"99999.yaml:13: alder_0", "no code Personer1 in ContentsCode", "(and 3 other", "Personer2"}},
    {"\"base\":\"personer\"",
     "\"base\":\"1000 personer\"",
     {"99999.yaml:13: alder_1", "is in 1000 personer, and the map says personer", "hits levende",
      "unit and factor"}},
    /* dimensions */
    {"\"Alder\"", "\"Aldre\"", {"no dimension Alder any more", "Aldre", "", ""}},
    {"\"Tid\"", "\"Aar\"", {"no dimension Tid any more", "is it Aar", "", ""}},
    {"\"Region\"", "\"Sted\"", {"no dimension Region any more", "is it Sted", "hits levende", ""}},
    {"\"elimination\":true",
     "\"elimination\":false",
     {"Kjonn cannot be left out any more", "pick its code", "", ""}},
    {"\"Kjonn\"",
     "\"Sivil\"",
     {"a dimension Sivil (kjonn) that the map does not speak of", "add it to eliminated", "", ""}},
    /* others */
    {"\"index\":[\"0\",\"0301\"",
     "\"index\":[\"EAK\",\"0301\"",
     {"has no 0, the country, any more", "", "", ""}},
    {"\"2022\",\"2023\"", "\"2022K1\",\"2023\"", {"2022K1 of Tid is no year", "yearly", "", ""}},
    {"99999: Folk", "88888: Folk", {"this is table 88888", "", "", ""}},
};

/* Every `from` in the text. */
static const char *replace_all(const char *text, const char *from, const char *to)
{
    while (strstr(text, from)) {
        text = source_fixture_replace(text, from, to);
    }
    return text;
}

static void every_drift_is_told_with_line_variable_and_editions(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof drifts / sizeof drifts[0]; i++) {
        const char *text = replace_all(description, drifts[i].from, drifts[i].to);
        assert_int_equal(check(text), KF_ERR_DATA);
        source_fixture_told(drifts[i].parts[0], drifts[i].parts[1], drifts[i].parts[2],
                            drifts[i].parts[3], NULL);
        kf_findings_clear(source_fixture_findings);
    }
}

static void what_hits_no_edition_says_so(void **state)
{
    (void)state;
    struct kf_error err = {0};
    const struct kf_table_map *map = source_fixture_map(source_fixture_yaml);
    const char *text =
        source_fixture_replace(description, "\"base\":\"personer\"", "\"base\":\"prosent\"");
    assert_int_equal(kf_table_map_check(map, source_fixture_table(text), source_fixture_catalogue,
                                        source_fixture_findings, &err),
                     KF_ERR_DATA);
    source_fixture_told("alder_0", "hits no edition", NULL);
}

static void the_recorded_answer_of_12362_tells_what_it_lacks(void **state)
{
    (void)state;
    struct kf_error err;
    struct kf_table_maps *maps = NULL;
    assert_int_equal(kf_table_maps_read(KF_SOURCE_DIR "/editions", source_fixture_catalogue, &maps,
                                        source_fixture_findings, &err),
                     KF_OK);
    const struct kf_jsonstat *table =
        source_fixture_file("ssb_v0_12362_oslo_2024_jsonstat2_uten_noter.json");
    assert_int_equal(kf_table_map_check(kf_table_maps_find(maps, "12362"), table,
                                        source_fixture_catalogue, source_fixture_findings, &err),
                     KF_ERR_DATA);
    source_fixture_told("12362.yaml:", "no code AGD2 in KOKart0000", "hits resource-use-national",
                        "Brutto driftsutgifter", NULL);
    kf_table_maps_destroy(&maps);
}

static void news_are_told_and_break_nothing(void **state)
{
    (void)state;
    struct kf_error err = {0};
    const struct kf_table_map *map = source_fixture_map(source_fixture_yaml);
    const struct kf_jsonstat *table = source_fixture_table(
        source_fixture_replace(description, "\"002+\",\"F000\"]", "\"002+\",\"F001\"]"));
    assert_int_equal(
        kf_table_map_news(map, table, source_fixture_catalogue, source_fixture_findings, &err),
        KF_OK);
    source_fixture_found(2);
    source_fixture_told("\"7777\"", "is new in Region (Nykommune)", "municipalities.csv", NULL);
    source_fixture_told("\"F001\"", "is new in Alder", "known", NULL);
}

static void without_memory_that_is_told(void **state)
{
    (void)state;
    struct kf_error err = {0};
    const struct kf_table_map *map = source_fixture_map(source_fixture_yaml);
    const struct kf_jsonstat *table = source_fixture_table(description);
    kf_memory_fail_after(0);
    enum kf_err code =
        kf_table_map_check(map, table, source_fixture_catalogue, source_fixture_findings, &err);
    kf_memory_fail_after(-1);
    assert_int_equal(code, KF_ERR_MEMORY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(a_table_that_is_as_the_map_says_fits),
        WITH_FOLDER(every_drift_is_told_with_line_variable_and_editions),
        WITH_FOLDER(what_hits_no_edition_says_so),
        WITH_FOLDER(the_recorded_answer_of_12362_tells_what_it_lacks),
        WITH_FOLDER(news_are_told_and_break_nothing),
        WITH_FOLDER(without_memory_that_is_told),
    };
    return cmocka_run_group_tests(tests, source_fixture_open, source_fixture_close);
}
