#include "services/publish/letters.h"

#include <string.h>

#include "common/base/memory.h"
#include "common/codec/letter.h"
#include "tests/services/publish/release_fixture.h"
#include "tests/support/cmocka.h"

static struct kf_error err;

static void expect(const struct kf_collected *release, const struct kf_summary *summary,
                   size_t letters_len)
{
    struct kf_text bytes;
    struct kf_letters *letters = NULL;

    kf_text_init(&bytes, KF_LETTERS_BYTES_MAX);
    assert_int_equal(kf_publish_letters(release, summary, &bytes, &err), KF_OK);
    assert_int_equal(kf_letters_unpack(bytes.bytes, bytes.length, &letters, &err), KF_OK);
    assert_int_equal(letters->length, letters_len);
    for (size_t i = 0; i < letters_len; i++) {
        uint32_t panel = letters->list[i].panel;
        assert_string_equal(letters->list[i].rejection->reason,
                            release->panels[panel]->rejection->reason);
        assert_string_equal(letters->list[i].rejection->stage, "need");
    }
    kf_letters_destroy(&letters);
    kf_text_clear(&bytes);
}

static void the_rejected_panels_are_told_and_no_others(void **state)
{
    const struct kf_summary summary = {KF_RELEASE_COMMITTED, 4, 2};
    const struct kf_summary none = {KF_RELEASE_COMMITTED, 12, 0};
    struct kf_collected *release = fixture_release(RELEASE_A, 3);

    (void)state;
    expect(release, &none, 0);
    fixture_replace(release, 0, fixture_rejected(RELEASE_A, 0, 3));
    fixture_replace(release, 2, fixture_rejected(RELEASE_A, 2, 3));
    expect(release, &summary, 2);
    kf_collected_destroy(&release);
}

static void what_was_published_before_otherwise_is_not_told_wrongly(void **state)
{
    const struct kf_summary summary = {KF_RELEASE_REJECTED, 0, 2};
    struct kf_collected *release = fixture_release(RELEASE_A, 2);

    (void)state;
    fixture_replace(release, 0, fixture_rejected(RELEASE_A, 0, 2));
    expect(release, &summary, 0);
    kf_collected_destroy(&release);
}

/* Enough for any receipt that knows letters, and too much for one that does not. */
static void an_ingest_of_another_version_gets_no_more_than_it_takes(void **state)
{
    enum { PANELS = 100 };
    const struct kf_summary summary = {KF_RELEASE_REJECTED, 0, PANELS};
    struct kf_collected *release = fixture_release(RELEASE_A, PANELS);
    static char reason[4000];
    struct kf_text bytes;

    (void)state;
    memset(reason, 'x', sizeof reason - 1);
    for (uint32_t i = 0; i < PANELS; i++) {
        fixture_replace(release, i, fixture_rejected(RELEASE_A, i, PANELS));
        release->panels[i]->rejection->reason = reason;
    }
    kf_text_init(&bytes, KF_LETTERS_BYTES_MAX);
    release->panels[0]->release.program = KF_VERSION;
    assert_int_equal(kf_publish_letters(release, &summary, &bytes, &err), KF_OK);
    assert_in_range(bytes.length, PANELS * sizeof reason, KF_LETTERS_BYTES_MAX);
    kf_text_reset(&bytes);
    release->panels[0]->release.program = "0.0.1";
    assert_int_equal(kf_publish_letters(release, &summary, &bytes, &err), KF_OK);
    assert_in_range(bytes.length, 10 * sizeof reason, KF_LETTERS_BYTES_FEW);
    kf_text_clear(&bytes);
    kf_collected_destroy(&release);
}

static void without_memory_nothing_is_told(void **state)
{
    const struct kf_summary summary = {KF_RELEASE_REJECTED, 0, 1};
    struct kf_collected *release = fixture_release(RELEASE_A, 1);
    enum kf_err code = KF_ERR_MEMORY;
    struct kf_text bytes;
    int64_t n = 0;

    (void)state;
    fixture_replace(release, 0, fixture_rejected(RELEASE_A, 0, 1));
    kf_text_init(&bytes, KF_LETTERS_BYTES_MAX);
    for (; code != KF_OK; n++) {
        kf_text_clear(&bytes);
        kf_memory_fail_after(n);
        code = kf_publish_letters(release, &summary, &bytes, &err);
        kf_memory_fail_after(-1);
        assert_true(code == KF_OK || (code == KF_ERR_MEMORY && bytes.length == 0));
    }
    assert_true(n > 2);
    kf_text_clear(&bytes);
    kf_collected_destroy(&release);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rejected_panels_are_told_and_no_others),
        cmocka_unit_test(what_was_published_before_otherwise_is_not_told_wrongly),
        cmocka_unit_test(an_ingest_of_another_version_gets_no_more_than_it_takes),
        cmocka_unit_test(without_memory_nothing_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
