#include "tests/support/cmocka.h"

#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "services/board/api/assets.h"

static struct kf_assets assets;

static int begin(void **state)
{
    (void)state;
    return kf_assets_init(&assets, NULL) == KF_OK ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    kf_assets_clear(&assets);
    return 0;
}

static void the_page_is_the_file_that_was_built(void **state)
{
    (void)state;
    static char file[65536];
    const struct kf_http_asset *page = kf_assets_find(&assets, "/");
    FILE *built = fopen(KF_SOURCE_DIR "/services/board/page/dist/index.html", "rb");
    assert_non_null(built);
    size_t length = fread(file, 1, sizeof file, built);
    (void)fclose(built);
    assert_int_equal(page->length, length);
    assert_memory_equal(page->bytes, file, length);
}

static void its_addresses_lead_to_the_page(void **state)
{
    (void)state;
    static const char *const paths[] = {"/operations", "/operations/", "/municipality/0301",
                                        "/municipality/4003/"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        assert_ptr_equal(kf_assets_find(&assets, paths[i]), kf_assets_find(&assets, "/"));
    }
    assert_string_equal(kf_assets_find(&assets, "/app.js")->type, "text/javascript; charset=utf-8");
}

static void other_addresses_lead_nowhere(void **state)
{
    (void)state;
    static const char *const paths[] = {"",
                                        "//",
                                        "/operations//",
                                        "/operation",
                                        "/operationsx",
                                        "/municipality/",
                                        "/municipality/301",
                                        "/municipality/03011",
                                        "/municipality/030a",
                                        "/municipality/0301/x",
                                        "/municipality/../etc",
                                        "/index.html",
                                        "/report.html",
                                        "/app.js/"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        assert_null(kf_assets_find(&assets, paths[i]));
    }
}

/* Nothing that a page may run or show comes from anywhere but here. */
static void the_policy_allows_this_server_alone(void **state)
{
    (void)state;
    assert_non_null(strstr(kf_assets_policy, "default-src 'none'"));
    assert_non_null(strstr(kf_assets_policy, "frame-ancestors 'none'"));
    assert_null(strstr(kf_assets_policy, "unsafe"));
    assert_null(strstr(kf_assets_policy, "http"));
    assert_null(strstr(kf_assets_policy, "*"));
}

static void without_memory_there_are_none(void **state)
{
    (void)state;
    struct kf_assets none;
    int64_t n = 0;
    enum kf_err code = KF_ERR_MEMORY;
    for (; code != KF_OK && n < 200; n++) {
        kf_memory_fail_after(n);
        code = kf_assets_init(&none, NULL);
        kf_memory_fail_after(-1);
    }
    assert_int_equal(code, KF_OK);
    assert_true(n > 4);
    kf_assets_clear(&none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_is_the_file_that_was_built),
        cmocka_unit_test(its_addresses_lead_to_the_page),
        cmocka_unit_test(other_addresses_lead_nowhere),
        cmocka_unit_test(the_policy_allows_this_server_alone),
        cmocka_unit_test(without_memory_there_are_none),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
