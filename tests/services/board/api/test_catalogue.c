/* What there is to choose from; names are those of the editions that come along. */
#include "tests/support/cmocka.h"

#include <jansson.h>
#include <string.h>

#include "common/base/memory.h"
#include "fake_store.h"
#include "services/board/api/catalogue.h"
#include "tests/support/catalogue_fixture.h"

static struct kf_board_store store;
static struct kf_answers *answers;
static struct kf_text text;
static json_t *told;

static int begin(void **state)
{
    (void)state;
    const struct kf_edition *need = kf_catalogue_find(fixture_catalogue, "need-2026");
    memset(&store, 0, sizeof store);
    fake_panel(&store, "need-2026", 2026, "r1");
    memcpy(store.panels[0].edition_digest, need->digest, sizeof need->digest);
    fake_value(fake_row(&store, KF_TOPIC_NEED, "1103", "barnehage", ""), "need_index", 0.5);
    fake_row(&store, KF_TOPIC_NEED, "0301", "barnehage", "");
    fake_panel(&store, "unheard-of", 2020, "r2");
    fake_value(fake_row(&store, KF_TOPIC_INDEX, "0301", "x", ""), "index", 1);
    kf_text_init(&text, 1000000);
    return kf_answers_new(&store, fixture_catalogue, "test 1", &answers, NULL) == KF_OK ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    json_decref(told);
    told = NULL;
    kf_answers_destroy(&answers);
    kf_text_clear(&text);
    return 0;
}

static json_t *edition(size_t index)
{
    if (!told) {
        assert_int_equal(kf_catalogue_json(answers, &text, NULL), KF_OK);
        told = json_loadb(text.bytes, text.length, JSON_REJECT_DUPLICATES, NULL);
    }
    assert_non_null(told);
    return json_array_get(json_object_get(told, "editions"), index);
}

static const char *word(json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));
    return value ? value : "(none)";
}

static void municipalities_are_named_and_in_order(void **state)
{
    (void)state;
    (void)edition(0);
    json_t *all = json_object_get(told, "municipalities");
    assert_int_equal(json_array_size(all), 2);
    assert_string_equal(word(json_array_get(all, 0), "code"), "0301");
    assert_string_equal(word(json_array_get(all, 1), "name"), "Stavanger");
    assert_string_equal(word(told, "program"), "test 1");
}

static void an_edition_of_the_folder_is_described(void **state)
{
    (void)state;
    json_t *need = edition(0);
    json_t *sector = json_array_get(json_object_get(need, "sectors"), 0);
    assert_true(json_is_true(json_object_get(need, "known")));
    assert_string_equal(word(need, "id"), "need-2026");
    assert_string_equal(word(need, "reference"), "group");
    assert_string_not_equal(word(json_object_get(need, "title"), "en"), "need-2026");
    assert_string_equal(word(json_object_get(sector, "name"), "nb"), "Barnehage");
    assert_true(json_object_size(json_object_get(need, "names")) > 5);
    assert_null(json_object_get(json_object_get(need, "names"), word(sector, "id")));
}

static void who_the_reference_is_is_told(void **state)
{
    (void)state;
    fake_panel(&store, "ks-2025", 2025, "r3");
    assert_string_equal(word(edition(0), "id"), "ks-2025");
    assert_string_equal(word(edition(0), "reference"), "country");
    assert_string_equal(word(edition(1), "reference"), "group");
}

static void one_that_was_computed_by_another_of_its_name_is_told_so(void **state)
{
    (void)state;
    store.panels[0].edition_digest[0] ^= 1;
    assert_true(json_is_false(json_object_get(edition(0), "known")));
    assert_string_not_equal(word(json_object_get(edition(0), "title"), "en"), "need-2026");
}

static void one_that_nobody_knows_is_called_by_its_id(void **state)
{
    (void)state;
    json_t *unknown = edition(1);
    assert_true(json_is_false(json_object_get(unknown, "known")));
    assert_string_equal(word(json_object_get(unknown, "title"), "nb"), "unheard-of");
    assert_int_equal(json_array_size(json_object_get(unknown, "sectors")), 0);
    assert_int_equal(json_object_size(json_object_get(unknown, "names")), 0);
}

static void years_say_what_is_shown(void **state)
{
    (void)state;
    json_t *year = json_array_get(json_object_get(edition(1), "years"), 0);
    assert_int_equal(json_integer_value(json_object_get(year, "year")), 2020);
    assert_string_equal(word(year, "release"), "r2");
    assert_string_equal(word(year, "vintage"), "unspecified");
    assert_int_equal(json_integer_value(json_object_get(json_object_get(year, "rows"), "index")),
                     1);
    assert_null(json_object_get(json_object_get(year, "rows"), "need"));
}

static void vintages_are_words_that_pages_know(void **state)
{
    (void)state;
    assert_string_equal(kf_vintage_word("revised"), "revised");
    assert_string_equal(kf_vintage_word("correction"), "correction");
    assert_string_equal(kf_vintage_word("unrevised"), "unrevised");
    assert_string_equal(kf_vintage_word(""), "unspecified");
    assert_string_equal(kf_vintage_word("newer than we"), "unspecified");
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    struct kf_error err;
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    for (; code != KF_OK && n < 2000; n++) {
        kf_text_clear(&text);
        kf_memory_fail_after(n);
        code = kf_catalogue_json(answers, &text, &err);
        kf_memory_fail_after(-1);
        assert_true(code == KF_OK || code == KF_ERR_MEMORY || code == KF_ERR_LIMIT);
    }
    assert_int_equal(code, KF_OK);
    assert_true(n > 10);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(municipalities_are_named_and_in_order),
        CASE(an_edition_of_the_folder_is_described),
        CASE(who_the_reference_is_is_told),
        CASE(one_that_was_computed_by_another_of_its_name_is_told_so),
        CASE(one_that_nobody_knows_is_called_by_its_id),
        CASE(years_say_what_is_shown),
        CASE(vintages_are_words_that_pages_know),
        CASE(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, fixture_catalogue_open, fixture_catalogue_close);
}
