#include <string.h>

#include "source_fixture.h"

static const char description[] =
    "{\"version\":\"2.0\",\"class\":\"dataset\",\"label\":\"99999: Folk\","
    "\"id\":[\"Region\",\"Kjonn\",\"Alder\",\"ContentsCode\",\"Tid\"],\"size\":[9,2,5,2,5],"
    "\"role\":{\"time\":[\"Tid\"],\"geo\":[\"Region\"],\"metric\":[\"ContentsCode\"]},"
    "\"dimension\":{"
    "\"Region\":{\"label\":\"region\",\"category\":{\"index\":[\"0\",\"03\",\"0301\",\"0101\","
    "\"3101\",\"3001\",\"9999\",\"7777\",\"EAKUO\"]}},"
    "\"Kjonn\":{\"label\":\"kjonn\",\"category\":{\"index\":[\"1\",\"2\"]}},"
    "\"Alder\":{\"label\":\"alder\",\"category\":{\"index\":[\"F000\",\"002+\",\"001\",\"000\","
    "\"003\"]}},"
    "\"ContentsCode\":{\"label\":\"contents\",\"category\":{\"index\":[\"Personer1\",\"P2\"]}},"
    "\"Tid\":{\"label\":\"year\",\"category\":{\"index\":[\"2018\",\"2022\",\"2023\",\"2024\","
    "\"2025\"]}}}}";

/* "Region=0,0301 Alder=…", as asked. */
static void asked(const struct kf_table_question *question, const char *expected)
{
    struct kf_text text;
    kf_text_init(&text, 4096);
    for (size_t i = 0; i < question->selections_len; i++) {
        const struct kf_ssb_selection *selection = &question->selections[i];
        kf_text_add_format(&text, "%s%s=", i == 0 ? "" : " ", selection->dimension);
        for (size_t c = 0; c < selection->codes_len; c++) {
            kf_text_add_format(&text, "%s%s", c == 0 ? "" : ",", selection->codes[c]);
        }
    }
    assert_string_equal(text.bytes, expected);
    kf_text_clear(&text);
}

static enum kf_err ask(const char *text, int from, int to, struct kf_arena *arena,
                       struct kf_table_question *question)
{
    struct kf_error err = {0};
    const struct kf_table_wanted wanted = {.municipalities =
                                               source_fixture_catalogue->municipalities,
                                           .years = {from, to},
                                           .arena = arena};
    const struct kf_table_map *map = source_fixture_map(source_fixture_yaml);
    return kf_table_map_question(map, source_fixture_table(text), &wanted, question, &err);
}

static void asked_is_for_what_is_picked_and_municipalities_of_the_years(void **state)
{
    (void)state;
    struct kf_table_question question;
    struct kf_arena *arena = kf_arena_new(1 << 20);
    assert_int_equal(ask(description, 2023, 2023, arena, &question), KF_OK);
    asked(&question, "Region=0,0301,3101,3001,EAKUO Alder=002+,001,000 ContentsCode=Personer1 "
                     "Tid=2023,2024");
    assert_int_equal(question.cells, 5 * 3 * 1 * 2);
    assert_int_equal(question.newest_year, 2025);
    kf_arena_destroy(&arena);
}

static void years_that_the_table_has_not_are_asked_for_later(void **state)
{
    (void)state;
    struct kf_table_question question;
    struct kf_arena *arena = kf_arena_new(1 << 20);
    assert_int_equal(ask(description, 2030, 2031, arena, &question), KF_ERR_AGAIN);
    kf_arena_destroy(&arena);
}

static void a_table_without_a_dimension_or_the_codes_cannot_be_asked(void **state)
{
    (void)state;
    struct kf_table_question question;
    struct kf_arena *arena = kf_arena_new(1 << 20);
    const char *text = source_fixture_replace(description, "\"Personer1\"", "\"Personer\"");
    assert_int_equal(ask(text, 2023, 2023, arena, &question), KF_ERR_DATA);
    struct kf_error err = {0};
    const struct kf_table_wanted wanted = {.municipalities =
                                               source_fixture_catalogue->municipalities,
                                           .years = {2023, 2023},
                                           .arena = arena};
    const struct kf_table_map *map = source_fixture_map(
        source_fixture_replace(source_fixture_yaml, "region: Region", "region: Sted"));
    assert_int_equal(
        kf_table_map_question(map, source_fixture_table(description), &wanted, &question, &err),
        KF_ERR_DATA);
    kf_arena_destroy(&arena);
}

static void an_arena_that_is_too_small_is_told(void **state)
{
    (void)state;
    struct kf_table_question question;
    struct kf_arena *arena = kf_arena_new(64);
    assert_int_equal(ask(description, 2023, 2023, arena, &question), KF_ERR_MEMORY);
    kf_arena_destroy(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(asked_is_for_what_is_picked_and_municipalities_of_the_years),
        WITH_FOLDER(years_that_the_table_has_not_are_asked_for_later),
        WITH_FOLDER(a_table_without_a_dimension_or_the_codes_cannot_be_asked),
        WITH_FOLDER(an_arena_that_is_too_small_is_told),
    };
    return cmocka_run_group_tests(tests, source_fixture_open, source_fixture_close);
}
