#include "tools/kf/report_template.h"

#include <string.h>

#include "tests/support/cmocka.h"
#include "tools/kf/report_page.h"

static struct kf_text written;

static int set_up(void **state)
{
    (void)state;
    kf_text_init(&written, (size_t)16 * 1024 * 1024);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    kf_text_clear(&written);
    return 0;
}

static enum kf_err keep(void *context, const char *bytes, size_t length, struct kf_error *err)
{
    (void)context;
    (void)err;
    kf_text_add_bytes(&written, bytes, length);
    return KF_OK;
}

static enum kf_err fill(const char *template, const char *title, const char *article,
                        struct kf_error *err)
{
    struct kf_report_values values = {.language = "nb",
                                      .group = "county",
                                      .title = title,
                                      .article = article,
                                      .article_len = strlen(article)};
    kf_text_reset(&written);
    return kf_report_write(template, strlen(template), &values, keep, NULL, err);
}

#define PLAIN "%%LANGUAGE%%|%%GROUP%%|%%TITLE%%|%%ARTICLE%%"

static void places_are_filled_and_everything_else_stays(void **state)
{
    struct kf_error err = {0};
    (void)state;
    assert_int_equal(fill("100 %% <" PLAIN "> a%%b%% %%lower%% %", "T", "{}", &err), KF_OK);
    assert_string_equal(written.bytes, "100 %% <nb|county|T|{}> a%%b%% %%lower%% %");
}

static void words_are_escaped_and_the_figures_never_end_their_element(void **state)
{
    struct kf_error err = {0};
    (void)state;
    assert_int_equal(fill(PLAIN, "a<b>&\"'", "{\"a\":\"</script><!--\"}", &err), KF_OK);
    assert_string_equal(written.bytes, "nb|county|a&lt;b&gt;&amp;&quot;&#39;|"
                                       "{\"a\":\"\\u003c/script>\\u003c!--\"}");
}

static void what_is_filled_in_is_not_filled_again(void **state)
{
    struct kf_error err = {0};
    (void)state;
    assert_int_equal(fill(PLAIN, "%%ARTICLE%%", "[\"%%TITLE%%\"]", &err), KF_OK);
    assert_string_equal(written.bytes, "nb|county|%%ARTICLE%%|[\"%%TITLE%%\"]");
}

static void a_place_that_is_unknown_lacking_or_twice_is_refused(void **state)
{
    struct kf_error err = {0};
    (void)state;
    assert_int_equal(fill(PLAIN "%%SCRIPT%%", "T", "{}", &err), KF_ERR_INTERNAL);
    assert_non_null(strstr(err.text, "SCRIPT"));
    assert_int_equal(fill("%%LANGUAGE%%%%GROUP%%%%TITLE%%", "T", "{}", &err), KF_ERR_INTERNAL);
    assert_non_null(strstr(err.text, "ARTICLE"));
    assert_int_equal(fill(PLAIN PLAIN, "T", "{}", &err), KF_ERR_INTERNAL);
    assert_non_null(strstr(err.text, "twice"));
}

static enum kf_err refuse(void *context, const char *bytes, size_t length, struct kf_error *err)
{
    (void)bytes;
    (void)length;
    size_t *calls = context;
    *calls += 1;
    return *calls == 3 ? kf_error_set(err, KF_ERR_IO, "full") : KF_OK;
}

static void a_sink_that_fails_is_not_asked_again(void **state)
{
    struct kf_report_values values = {"nb", "", "T", "{}", 2};
    struct kf_error err = {0};
    size_t calls = 0;
    (void)state;
    assert_int_equal(kf_report_write(PLAIN, strlen(PLAIN), &values, refuse, &calls, &err),
                     KF_ERR_IO);
    assert_int_equal(calls, 3);
}

static void the_page_that_is_carried_along_has_every_place(void **state)
{
    struct kf_report_values values = {"en", "", "Skien", "{}", 2};
    struct kf_error err = {0};
    size_t length = 0;
    const char *page = kf_report_page(&length);
    (void)state;
    kf_text_reset(&written);
    if (kf_report_write(page, length, &values, keep, NULL, &err) != KF_OK) {
        fail_msg("%s", err.text);
    }
    assert_non_null(strstr(written.bytes, "<title>Skien</title>"));
    assert_non_null(strstr(written.bytes, "lang=\"en\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_are_filled_and_everything_else_stays),
        cmocka_unit_test(words_are_escaped_and_the_figures_never_end_their_element),
        cmocka_unit_test(what_is_filled_in_is_not_filled_again),
        cmocka_unit_test(a_place_that_is_unknown_lacking_or_twice_is_refused),
        cmocka_unit_test(a_sink_that_fails_is_not_asked_again),
        cmocka_unit_test(the_page_that_is_carried_along_has_every_place),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
