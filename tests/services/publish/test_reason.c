#include "services/publish/reason.h"

#include <string.h>

#include "tests/services/publish/release_fixture.h"
#include "tests/support/cmocka.h"

static char reason[KF_REASON_SIZE];

static void a_release_without_rejections_has_no_reason(void **state)
{
    const struct kf_summary summary = {KF_RELEASE_COMMITTED, 8, 0};
    struct kf_collected *release = fixture_release(RELEASE_A, 2);

    (void)state;
    kf_reason_print(release, &summary, reason);
    assert_string_equal(reason, "");
    kf_collected_destroy(&release);
}

static void one_cause_of_all_rejections_is_told_in_its_own_words(void **state)
{
    const struct kf_summary summary = {KF_RELEASE_REJECTED, 0, 2};
    struct kf_collected *release = fixture_release(RELEASE_A, 2);

    (void)state;
    fixture_replace(release, 0, fixture_rejected(RELEASE_A, 0, 2));
    fixture_replace(release, 1, fixture_rejected(RELEASE_A, 1, 2));
    kf_reason_print(release, &summary, reason);
    assert_string_equal(reason, "need: weights do not close");
    kf_collected_destroy(&release);
}

static void of_several_causes_the_first_is_told_with_its_panel(void **state)
{
    const struct kf_summary summary = {KF_RELEASE_COMMITTED, 4, 2};
    struct kf_collected *release = fixture_release(RELEASE_A, 3);

    (void)state;
    fixture_replace(release, 1, fixture_rejected(RELEASE_A, 1, 3));
    fixture_replace(release, 2, fixture_rejected(RELEASE_A, 2, 3));
    release->panels[1]->rejection->edition = "fixture";
    release->panels[1]->rejection->year = 2001;
    release->panels[2]->rejection->reason = "something else";
    kf_reason_print(release, &summary, reason);
    assert_string_equal(reason, "2 panels, each with a dead letter; the first, fixture 2001, by "
                                "need: weights do not close");
    kf_collected_destroy(&release);
}

static void what_publish_refused_goes_before_what_the_other_stages_refused(void **state)
{
    const struct kf_summary summary = {KF_RELEASE_REJECTED, 0, 4};
    struct kf_collected *release = fixture_release(RELEASE_A, 4);

    (void)state;
    for (uint32_t i = 0; i < 4; i++) {
        fixture_replace(release, i, fixture_rejected(RELEASE_A, i, 4));
    }
    release->panels[0]->rejection->stage = "ingest";
    release->panels[0]->rejection->reason = "the panel has 17 faults";
    kf_reason_print(release, &summary, reason);
    assert_string_equal(reason, "3 panels, by need: weights do not close");
    release->panels[2]->rejection->stage = "publish";
    release->panels[2]->rejection->reason = "it does not fit";
    kf_reason_print(release, &summary, reason);
    assert_string_equal(reason, "1 panel, by publish: it does not fit");
    kf_collected_destroy(&release);
}

static void a_release_that_was_rejected_before_is_not_given_a_reason_it_may_not_have(void **state)
{
    const struct kf_summary summary = {KF_RELEASE_REJECTED, 0, 2};
    struct kf_collected *release = fixture_release(RELEASE_A, 2);

    (void)state;
    kf_reason_print(release, &summary, reason);
    assert_non_null(strstr(reason, "rejected when it was published before"));
    assert_non_null(strstr(reason, "dead letters"));
    kf_collected_destroy(&release);
}

static void a_reason_that_is_too_long_ends_with_a_whole_character(void **state)
{
    const struct kf_summary summary = {KF_RELEASE_REJECTED, 0, 1};
    struct kf_collected *release = fixture_release(RELEASE_A, 1);
    char letters[2 * KF_REASON_SIZE + 1];

    (void)state;
    for (size_t i = 0; i < KF_REASON_SIZE; i++) {
        memcpy(&letters[2 * i], "å", 2);
    }
    letters[2 * KF_REASON_SIZE] = '\0';
    fixture_replace(release, 0, fixture_rejected(RELEASE_A, 0, 1));
    release->panels[0]->rejection->stage = "xneed";
    release->panels[0]->rejection->reason = letters;
    kf_reason_print(release, &summary, reason);
    assert_int_equal(strlen(reason), 255); /* "xneed: " and 124 letters of two bytes */
    release->panels[0]->rejection->stage = "need";
    kf_reason_print(release, &summary, reason);
    assert_int_equal(strlen(reason), 254); /* "need: " and 124: one more would be cut */
    kf_collected_destroy(&release);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_release_without_rejections_has_no_reason),
        cmocka_unit_test(one_cause_of_all_rejections_is_told_in_its_own_words),
        cmocka_unit_test(of_several_causes_the_first_is_told_with_its_panel),
        cmocka_unit_test(what_publish_refused_goes_before_what_the_other_stages_refused),
        cmocka_unit_test(a_release_that_was_rejected_before_is_not_given_a_reason_it_may_not_have),
        cmocka_unit_test(a_reason_that_is_too_long_ends_with_a_whole_character),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
