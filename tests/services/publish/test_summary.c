#include "services/publish/summary.h"

#include <string.h>

#include "common/base/memory.h"
#include "tests/services/publish/release_fixture.h"
#include "tests/support/cmocka.h"

static void read_header(struct kf_summary *summary, const char *name, const char *value)
{
    kf_summary_read(summary, name, value, strlen(value));
}

static void the_headers_of_a_manifest_give_its_summary(void **state)
{
    struct kf_summary summary = {KF_RELEASE_COMMITTED, 0, 0};

    (void)state;
    read_header(&summary, "ce_id", "x");
    read_header(&summary, "kf-state", "rejected");
    read_header(&summary, "kf-rows", "321300");
    read_header(&summary, "kf-panels-rejected", "2");
    assert_int_equal(summary.state, KF_RELEASE_REJECTED);
    assert_int_equal(summary.rows, 321300);
    assert_int_equal(summary.panels_rejected, 2);
}

static void headers_that_make_no_sense_change_nothing(void **state)
{
    struct kf_summary summary = {KF_RELEASE_COMMITTED, 7, 1};

    (void)state;
    read_header(&summary, "kf-state", "reject");
    read_header(&summary, "kf-rows", "-3");
    read_header(&summary, "kf-rows", "");
    read_header(&summary, "kf-panels-rejected", "99999999999");
    assert_int_equal(summary.state, KF_RELEASE_COMMITTED);
    assert_int_equal(summary.rows, 7);
    assert_int_equal(summary.panels_rejected, 1);
}

static bool meets(const struct kf_panel_names *names, const char *value)
{
    return kf_panel_names_meet(names, value, strlen(value));
}

static void panels_are_named_by_edition_and_year_without_the_rejected_ones(void **state)
{
    struct kf_collected *release = fixture_release(RELEASE_A, 3);
    struct kf_panel_names *names = NULL;
    struct kf_text text;
    struct kf_error err;

    (void)state;
    fixture_replace(release, 1, fixture_rejected(RELEASE_A, 1, 3));
    kf_text_init(&text, 1000);
    assert_int_equal(kf_panel_names_new(release, &names, &err), KF_OK);
    kf_panel_names_print(names, &text);
    assert_string_equal(text.bytes, "fixture/2000 fixture/2002");
    assert_true(meets(names, "fixture/2000"));
    assert_true(meets(names, "other/2000 fixture/2002"));
    assert_false(meets(names, "fixture/2001"));
    assert_false(meets(names, "fixture/20022 fixture/200 ixture/2002"));
    assert_false(meets(names, ""));
    assert_false(meets(names, "  "));
    kf_panel_names_destroy(&names);
    kf_text_clear(&text);
    kf_collected_destroy(&release);
}

static void a_release_of_rejections_names_nothing_and_meets_nothing(void **state)
{
    struct kf_collected *release = fixture_release(RELEASE_A, 1);
    struct kf_panel_names *names = NULL;
    struct kf_error err;

    (void)state;
    fixture_replace(release, 0, fixture_rejected(RELEASE_A, 0, 1));
    assert_int_equal(kf_panel_names_new(release, &names, &err), KF_OK);
    assert_false(meets(names, "fixture/2000"));
    kf_panel_names_destroy(&names);
    kf_collected_destroy(&release);
}

static void running_out_of_memory_at_any_point_is_told(void **state)
{
    struct kf_collected *release = fixture_release(RELEASE_A, 3);
    struct kf_panel_names *names = NULL;
    struct kf_error err;
    enum kf_err result = KF_ERR_MEMORY;
    int64_t n;

    (void)state;
    for (n = 0; result == KF_ERR_MEMORY; n++) {
        kf_memory_fail_after(n);
        result = kf_panel_names_new(release, &names, &err);
        kf_memory_fail_after(-1);
    }
    assert_int_equal(result, KF_OK);
    assert_true(n > 2);
    kf_panel_names_destroy(&names);
    kf_collected_destroy(&release);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_headers_of_a_manifest_give_its_summary),
        cmocka_unit_test(headers_that_make_no_sense_change_nothing),
        cmocka_unit_test(panels_are_named_by_edition_and_year_without_the_rejected_ones),
        cmocka_unit_test(a_release_of_rejections_names_nothing_and_meets_nothing),
        cmocka_unit_test(running_out_of_memory_at_any_point_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
