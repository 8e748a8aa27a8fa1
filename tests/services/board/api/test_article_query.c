#include "tests/support/cmocka.h"

#include <string.h>

#include "services/board/api/article_query.h"

static struct kf_http_request request;
static struct kf_article_wish wish;
static struct kf_error err;

static int begin(void **state)
{
    (void)state;
    memset(&request, 0, sizeof request);
    memset(&wish, 0, sizeof wish);
    return 0;
}

static void ask(const char *name, const char *value)
{
    assert_true(kf_http_request_add(&request, name, value));
}

static void everything_that_can_be_asked_is_read(void **state)
{
    (void)state;
    ask("municipality", "0301");
    ask("edition", "need-2026");
    ask("year", "2026");
    ask("use", "production:asss-2010/2010");
    ask("use", "unit-cost:care/2017");
    ask("group", "all");
    assert_int_equal(kf_article_query_read(&request, &wish, &err), KF_OK);
    assert_string_equal(wish.municipality, "0301");
    assert_string_equal(wish.asked.edition, "need-2026");
    assert_int_equal(wish.asked.year, 2026);
    assert_string_equal(wish.use[KF_SECTION_PRODUCTION].edition, "asss-2010");
    assert_int_equal(wish.use[KF_SECTION_PRODUCTION].year, 2010);
    assert_string_equal(wish.use[KF_SECTION_UNIT_COST].edition, "care");
    assert_string_equal(wish.use[KF_SECTION_NEED].edition, "");
}

static void the_municipality_is_enough(void **state)
{
    (void)state;
    ask("municipality", "4003");
    assert_int_equal(kf_article_query_read(&request, &wish, &err), KF_OK);
    assert_string_equal(wish.asked.edition, "");
    assert_int_equal(wish.asked.year, 0);
}

static void without_a_code_there_is_no_article(void **state)
{
    (void)state;
    assert_int_equal(kf_article_query_read(&request, &wish, &err), KF_ERR_DATA);
    ask("municipality", "Oslo");
    assert_int_equal(kf_article_query_read(&request, &wish, &err), KF_ERR_DATA);
    assert_non_null(strstr(err.text, "four digits"));
    assert_null(wish.municipality);
}

static void what_cannot_be_read_is_told(void **state)
{
    (void)state;
    static const char *const broken[][2] = {
        {"year", "x"},
        {"year", "0"},
        {"year", "20260"},
        {"year", "-1"},
        {"edition", ""},
        {"use", "need"},
        {"use", "need:a"},
        {"use", "need/a:2020"},
        {"use", "need:/2020"},
        {"use", "rest:a/2020"},
        {"use", "need:a/x"},
        {"use", ":a/2020"},
        {"use", "need:a/20200"},
        {"edition", "../../etc"},
        {"use", "need:a/b/2020"},
        {"edition", "a123456789012345678901234567890123456789012345678901234567890123456789"}};
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        (void)begin(NULL);
        ask("municipality", "0301");
        ask(broken[i][0], broken[i][1]);
        assert_int_equal(kf_article_query_read(&request, &wish, &err), KF_ERR_DATA);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(everything_that_can_be_asked_is_read, begin),
        cmocka_unit_test_setup(the_municipality_is_enough, begin),
        cmocka_unit_test_setup(without_a_code_there_is_no_article, begin),
        cmocka_unit_test_setup(what_cannot_be_read_is_told, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
