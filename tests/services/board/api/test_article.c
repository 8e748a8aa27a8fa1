/* Articles about made-up figures; names are those of the editions that come along. */
#include "tests/support/cmocka.h"

#include <jansson.h>
#include <string.h>

#include "common/base/memory.h"
#include "fake_store.h"
#include "services/board/api/article.h"
#include "tests/support/catalogue_fixture.h"

#define PUBLISHED_2025_MS 1767225599999 /* the last of the year */
#define PUBLISHED_2026_MS 1767225600000 /* the first */

static struct kf_board_store store;
static struct kf_answers *answers;
static struct kf_text text;
static json_t *article;
static struct kf_error err;

/* Two years of need for three, a newer year of unit costs, an old edition nobody knows. */
static void fill(void)
{
    fake_panel(&store, "care-2017", 2030, "r3");
    fake_value(fake_row(&store, KF_TOPIC_UNIT_COST, "0301", "hjem", ""), "ratio", 1.5);
    fake_panel(&store, "need-2026", 2025, "r1");
    fake_value(fake_row(&store, KF_TOPIC_NEED, "0301", "barnehage", ""), "need_index", 0.9);
    fake_panel(&store, "need-2026", 2026, "r2");
    fake_value(fake_row(&store, KF_TOPIC_NEED, "", "barnehage", ""), "need_index", 1);
    fake_value(fake_row(&store, KF_TOPIC_NEED, "0301", "barnehage", ""), "need_index", 0.95);
    fake_value(fake_row(&store, KF_TOPIC_NEED, "0301", "barnehage", "innb_0"), "share", 0.25);
    fake_value(fake_row(&store, KF_TOPIC_NEED, "1103", "barnehage", ""), "need_index", 1.05);
    fake_row(&store, KF_TOPIC_NEED, "4601", "barnehage", "");
    store.rows[store.rows_len - 1].flags = KF_FLAG_MISSING;
    fake_panel(&store, "unheard-of", 2010, "r1");
    fake_value(fake_row(&store, KF_TOPIC_NEED, "0301", "x", ""), "need_index", 0.5);
}

static int begin(void **state)
{
    (void)state;
    static const struct kf_board_source source = {.name = "a.csv", .updated = ""};
    memset(&store, 0, sizeof store);
    fill();
    store.panels[1].published_ms = PUBLISHED_2026_MS;
    store.releases_len = 1;
    (void)memcpy(store.releases[0].id, "r2", 3);
    store.releases[0].sources = &source;
    store.releases[0].sources_len = 1;
    kf_text_init(&text, KF_ARTICLE_BYTES_MAX);
    return kf_answers_new(&store, fixture_catalogue, "test 1", &answers, NULL) == KF_OK ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    json_decref(article);
    article = NULL;
    kf_answers_destroy(&answers);
    kf_text_clear(&text);
    return 0;
}

static void make(const struct kf_article_wish *wish)
{
    json_decref(article);
    article = NULL;
    kf_text_reset(&text);
    assert_int_equal(kf_article_json(answers, wish, &text, &err), KF_OK);
    article = json_loadb(text.bytes, text.length, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(article);
}

static json_t *section(const char *name)
{
    return json_object_get(json_object_get(article, "sections"), name);
}

static json_t *part(const char *edition, int year)
{
    size_t i = 0;
    json_t *found = NULL;
    json_array_foreach(json_object_get(article, "parts"), i, found)
    {
        if (strcmp(json_string_value(json_object_get(found, "edition")), edition) == 0 &&
            json_integer_value(json_object_get(found, "year")) == year) {
            return found;
        }
    }
    return NULL;
}

static void check_source(json_t *object, const char *edition, int year)
{
    assert_string_equal(json_string_value(json_object_get(object, "edition")), edition);
    assert_int_equal(json_integer_value(json_object_get(object, "year")), year);
}

static void check_json(json_t *object, const char *expected)
{
    char *printed = json_dumps(object, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
    assert_non_null(printed);
    assert_string_equal(printed, expected);
    free(printed);
}

static void each_section_takes_the_edition_that_was_asked_for_where_it_has_figures(void **state)
{
    (void)state;
    make(&(struct kf_article_wish){.municipality = "0301", .asked = {"need-2026", 2026}});
    check_source(json_object_get(article, "asked"), "need-2026", 2026);
    check_source(section("need"), "need-2026", 2026);
    check_source(section("unit-cost"), "care-2017", 2030);
    assert_null(section("production"));
    check_json(json_object_get(section("need"), "others"),
               "[{\"edition\":\"need-2026\",\"year\":2026},{\"edition\":\"need-2026\",\"year\":"
               "2025},{\"edition\":\"unheard-of\",\"year\":2010}]");
}

static void whatever_may_be_chosen_has_its_title(void **state)
{
    (void)state;
    make(&(struct kf_article_wish){.municipality = "0301", .asked = {"ks-2022", 2026}});
    json_t *titles = json_object_get(article, "titles");
    assert_int_equal(json_object_size(titles), 4);
    check_json(json_object_get(titles, "unheard-of"),
               "{\"nb\":\"unheard-of\",\"en\":\"unheard-of\"}");
    check_json(json_object_get(json_object_get(titles, "need-2026"), "en"),
               "\"Expenditure need 2026: the cost keys of the income system, all "
               "municipalities\"");
    assert_non_null(json_object_get(titles, "care-2017"));
    assert_non_null(json_object_get(titles, "ks-2022")); /* asked for, without any figure */
}

static void a_section_may_take_another(void **state)
{
    (void)state;
    struct kf_article_wish wish = {.municipality = "0301", .asked = {"need-2026", 2026}};
    wish.use[KF_SECTION_NEED] = (struct kf_article_source){"unheard-of", 2010};
    wish.use[KF_SECTION_UNIT_COST] = (struct kf_article_source){"unheard-of", 2010};
    make(&wish);
    check_source(section("need"), "unheard-of", 2010);
    check_source(section("unit-cost"), "care-2017", 2030); /* it has no unit costs there */
    assert_null(part("need-2026", 2026));
}

static void what_was_left_open_is_completed(void **state)
{
    (void)state;
    make(&(struct kf_article_wish){.municipality = "0301"});
    check_source(json_object_get(article, "asked"), "need-2026", 2026); /* newest that has come */
    make(&(struct kf_article_wish){.municipality = "0301", .asked = {"", 2012}});
    check_source(json_object_get(article, "asked"), "unheard-of", 2012);
    make(&(struct kf_article_wish){.municipality = "0301", .asked = {"care-2017", 0}});
    check_source(json_object_get(article, "asked"), "care-2017", 2030);
}

static void without_a_year_the_newest_that_has_come_goes_before_one_with_more_figures(void **state)
{
    (void)state;
    store.panels[1].published_ms = PUBLISHED_2025_MS;
    make(&(struct kf_article_wish){.municipality = "0301"});
    check_source(json_object_get(article, "asked"), "need-2026", 2025); /* 2026 has more */
    make(&(struct kf_article_wish){.municipality = "0301", .asked = {"need-2026", 0}});
    check_source(json_object_get(article, "asked"), "need-2026", 2025);
}

static void without_a_year_most_figures_decide_between_editions_of_the_newest(void **state)
{
    (void)state;
    fake_panel(&store, "another", 2026, "r2");
    fake_value(fake_row(&store, KF_TOPIC_NEED, "0301", "x", ""), "need_index", 0.5);
    make(&(struct kf_article_wish){.municipality = "0301"});
    check_source(json_object_get(article, "asked"), "need-2026", 2026);
    fake_panel(&store, "fuller", 2026, "r2");
    for (int i = 0; i < 3; i++) {
        fake_value(fake_row(&store, KF_TOPIC_NEED, "0301", "x", i > 0 ? "i" : ""), "share", i);
    }
    store.changes++;
    make(&(struct kf_article_wish){.municipality = "0301"});
    check_source(json_object_get(article, "asked"), "fuller", 2026);
}

static void where_nothing_has_come_yet_the_nearest_projection_is_taken(void **state)
{
    (void)state;
    fake_panel(&store, "care-2017", 2029, "r3");
    fake_value(fake_row(&store, KF_TOPIC_UNIT_COST, "1108", "hjem", ""), "ratio", 1.5);
    fake_panel(&store, "care-2017", 2031, "r3");
    fake_value(fake_row(&store, KF_TOPIC_UNIT_COST, "1108", "hjem", ""), "ratio", 1.5);
    fake_value(fake_row(&store, KF_TOPIC_UNIT_COST, "1108", "hus", ""), "ratio", 1.5);
    make(&(struct kf_article_wish){.municipality = "1108"});
    check_source(json_object_get(article, "asked"), "care-2017", 2029);
}

static void parts_are_the_years_around_those_named(void **state)
{
    (void)state;
    fake_panel(&store, "need-2026", 2019, "r1");
    fake_panel(&store, "need-2026", 2020, "r1");
    fake_panel(&store, "need-2026", 2032, "r1");
    fake_panel(&store, "need-2026", 2033, "r1");
    make(&(struct kf_article_wish){.municipality = "0301", .asked = {"need-2026", 2026}});
    assert_non_null(part("need-2026", 2025));
    assert_non_null(part("need-2026", 2020));
    assert_non_null(part("need-2026", 2032));
    assert_null(part("need-2026", 2019));
    assert_null(part("need-2026", 2033));
    assert_null(part("unheard-of", 2010));
}

static void rows_are_the_groups_and_the_municipalitys_as_they_stand_on_the_topics(void **state)
{
    (void)state;
    make(&(struct kf_article_wish){.municipality = "0301", .asked = {"need-2026", 2026}});
    check_json(json_object_get(part("need-2026", 2026), "rows"),
               "[{\"topic\":\"need\",\"group\":true,\"sector\":\"barnehage\",\"measures\":{\"need_"
               "index\":1}},"
               "{\"topic\":\"need\",\"sector\":\"barnehage\",\"measures\":{\"need_index\":0.95}},"
               "{\"topic\":\"need\",\"sector\":\"barnehage\",\"indicator\":\"innb_0\",\"measures\":"
               "{\"share\":0.25}}]");
    make(&(struct kf_article_wish){.municipality = "4601", .asked = {"need-2026", 2026}});
    assert_null(section("need")); /* a row without a figure is nothing to tell */
}

static void members_stand_side_by_side_in_the_sections_own_year_alone(void **state)
{
    (void)state;
    make(&(struct kf_article_wish){.municipality = "0301", .asked = {"need-2026", 2026}});
    check_json(json_object_get(part("need-2026", 2026), "spreads"),
               "[{\"topic\":\"need\",\"sector\":\"barnehage\",\"measure\":\"need_index\",\"codes\":"
               "[\"0301\",\"1103\"],\"values\":[0.95,1.05]}]");
    check_json(json_object_get(part("need-2026", 2025), "spreads"), "[]");
}

static void an_article_tells_what_the_store_shows_now(void **state)
{
    (void)state;
    const struct kf_article_wish wish = {.municipality = "0301", .asked = {"need-2026", 2026}};
    make(&wish);
    store.rows[5].measures[0].value = 1.5;
    fake_panel(&store, "x", 2026, "r4");
    fake_value(fake_row(&store, KF_TOPIC_NEED, "0301", "y", ""), "need_index", 2);
    store.changes++;
    make(&wish);
    check_json(json_object_get(part("need-2026", 2026), "spreads"),
               "[{\"topic\":\"need\",\"sector\":\"barnehage\",\"measure\":\"need_index\",\"codes\":"
               "[\"0301\",\"1103\"],\"values\":[0.95,1.5]}]");
    assert_int_equal(json_array_size(json_object_get(section("need"), "others")), 4);
}

static void a_part_names_its_sources_when_its_release_is_here(void **state)
{
    (void)state;
    make(&(struct kf_article_wish){.municipality = "0301", .asked = {"need-2026", 2026}});
    check_json(json_object_get(part("need-2026", 2026), "sources"), "[{\"name\":\"a.csv\"}]");
    check_json(json_object_get(part("need-2026", 2025), "sources"), "[]");
}

static void whom_nobody_knows_has_no_article(void **state)
{
    (void)state;
    const struct kf_article_wish wish = {.municipality = "9999"};
    assert_int_equal(kf_article_json(answers, &wish, &text, &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "9999"));
}

static void whoever_has_no_figures_has_an_empty_article(void **state)
{
    (void)state;
    make(&(struct kf_article_wish){.municipality = "5001", .asked = {"need-2026", 2026}});
    check_json(json_object_get(article, "sections"), "{}");
    check_json(json_object_get(article, "parts"), "[]");
    check_json(json_object_get(json_object_get(article, "municipality"), "name"),
               "\"Trondheim - Tråante\"");
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    const struct kf_article_wish wish = {.municipality = "0301", .asked = {"need-2026", 2026}};
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    for (; code != KF_OK && n < 2000; n++) {
        kf_text_clear(&text);
        store.changes++; /* nothing is there from the time before */
        kf_memory_fail_after(n);
        code = kf_article_json(answers, &wish, &text, &err);
        kf_memory_fail_after(-1);
        assert_true(code == KF_OK || code == KF_ERR_MEMORY || code == KF_ERR_LIMIT);
    }
    assert_int_equal(code, KF_OK);
    assert_true(n > 20);
}

static void a_store_that_fails_is_told(void **state)
{
    (void)state;
    const struct kf_article_wish wish = {.municipality = "0301"};
    store.fails = KF_ERR_IO;
    assert_int_equal(kf_article_json(answers, &wish, &text, &err), KF_ERR_IO);
    store.fails = KF_OK;
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(each_section_takes_the_edition_that_was_asked_for_where_it_has_figures),
        CASE(whatever_may_be_chosen_has_its_title),
        CASE(a_section_may_take_another),
        CASE(what_was_left_open_is_completed),
        CASE(without_a_year_the_newest_that_has_come_goes_before_one_with_more_figures),
        CASE(without_a_year_most_figures_decide_between_editions_of_the_newest),
        CASE(where_nothing_has_come_yet_the_nearest_projection_is_taken),
        CASE(parts_are_the_years_around_those_named),
        CASE(rows_are_the_groups_and_the_municipalitys_as_they_stand_on_the_topics),
        CASE(members_stand_side_by_side_in_the_sections_own_year_alone),
        CASE(an_article_tells_what_the_store_shows_now),
        CASE(a_part_names_its_sources_when_its_release_is_here),
        CASE(whom_nobody_knows_has_no_article),
        CASE(whoever_has_no_figures_has_an_empty_article),
        CASE(every_allocation_may_fail),
        CASE(a_store_that_fails_is_told),
    };
    return cmocka_run_group_tests(tests, fixture_catalogue_open, fixture_catalogue_close);
}
