#include "services/publish/stub.h"

#include <string.h>

#include "common/base/memory.h"
#include "tests/services/publish/release_fixture.h"
#include "tests/support/cmocka.h"

static struct kf_error err;

static void a_panel_becomes_a_rejection_that_says_which_it_was(void **state)
{
    struct kf_envelope *envelope = fixture_envelope(RELEASE_A, 1, 2);

    (void)state;
    assert_int_equal(kf_stub_replace(&envelope, NULL, "no room", &err), KF_OK);
    assert_null(envelope->panel);
    assert_int_equal(envelope->index, 1);
    assert_int_equal(envelope->attempt, 1);
    assert_string_equal(envelope->rejection->stage, "publish");
    assert_string_equal(envelope->rejection->reason, "no room");
    assert_string_equal(envelope->rejection->edition, "fixture");
    assert_int_equal(envelope->rejection->year, 2001);
    assert_string_equal(envelope->release.sources[0].name, "tall.csv");
    kf_envelope_destroy(&envelope);
}

static void a_rejection_keeps_all_but_its_findings_and_says_so(void **state)
{
    struct kf_envelope *envelope = fixture_rejected(RELEASE_A, 1, 2);
    const struct kf_place place = {.variable = "timer"};

    (void)state;
    kf_findings_add(&envelope->rejection->findings, &place, "mend it", "it is wrong");
    assert_int_equal(kf_stub_replace(&envelope, NULL, "no room", &err), KF_OK);
    assert_string_equal(envelope->rejection->stage, "need");
    assert_string_equal(envelope->rejection->reason,
                        "the findings are left out for want of memory: weights do not close");
    assert_string_equal(envelope->rejection->edition, "fixture");
    assert_int_equal(envelope->rejection->year, 2001);
    assert_int_equal(envelope->rejection->findings.length, 0);
    kf_envelope_destroy(&envelope);
}

static void the_description_of_another_envelope_is_shared(void **state)
{
    struct kf_envelope *first = fixture_envelope(RELEASE_A, 0, 2);
    struct kf_envelope *second = fixture_envelope(RELEASE_A, 1, 2);

    (void)state;
    assert_int_equal(kf_stub_replace(&second, &first->release, "no room", &err), KF_OK);
    assert_ptr_equal(second->release.sources, first->release.sources);
    kf_envelope_destroy(&second);
    kf_envelope_destroy(&first);
}

static void without_memory_nothing_changes(void **state)
{
    (void)state;
    for (int rejected = 0; rejected < 2; rejected++) {
        struct kf_envelope *envelope =
            rejected ? fixture_rejected(RELEASE_A, 0, 1) : fixture_envelope(RELEASE_A, 0, 1);
        struct kf_envelope *before = envelope;
        enum kf_err result = KF_ERR_MEMORY;
        for (int64_t n = 0; result == KF_ERR_MEMORY; n++) {
            assert_ptr_equal(envelope, before);
            assert_true((envelope->panel == NULL) == rejected);
            kf_memory_fail_after(n);
            result = kf_stub_replace(&envelope, NULL, "no room", &err);
            kf_memory_fail_after(-1);
        }
        assert_int_equal(result, KF_OK);
        kf_envelope_destroy(&envelope);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_panel_becomes_a_rejection_that_says_which_it_was),
        cmocka_unit_test(a_rejection_keeps_all_but_its_findings_and_says_so),
        cmocka_unit_test(the_description_of_another_envelope_is_shared),
        cmocka_unit_test(without_memory_nothing_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
