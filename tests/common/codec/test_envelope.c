#include <string.h>

#include "common/base/memory.h"
#include "common/codec/envelope.h"
#include "common/codec/unpack.h"
#include "kf/v1/envelope.pb-c.h"
#include "tests/golden_bytes/golden_model.h"
#include "tests/support/cmocka.h"

static void pack_golden(struct kf_text *bytes)
{
    struct kf_envelope *envelope = golden_envelope_panel();
    kf_text_init(bytes, 64 * 1024);
    assert_int_equal(kf_envelope_pack(envelope, bytes, NULL), KF_OK);
    kf_envelope_destroy(&envelope);
}

/* --- filling --------------------------------------------------------------------------------- */

static void the_release_is_copied(void **state)
{
    (void)state;
    char name[] = "barn.csv";
    struct kf_source source = {name, "00", 1, NULL};
    struct kf_release release = golden_release;
    release.sources = &source;
    release.sources_len = 1;
    struct kf_envelope *envelope = kf_envelope_new();
    assert_int_equal(kf_envelope_set_release(envelope, &release, NULL), KF_OK);
    name[0] = 'X';
    assert_string_equal(envelope->release.sources[0].name, "barn.csv");
    assert_string_equal(envelope->release.sources[0].updated, "");
    assert_string_equal(envelope->release.id, GOLDEN_RELEASE);
    kf_envelope_destroy(&envelope);
}

static void a_release_beyond_the_limits_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    struct kf_envelope *envelope = kf_envelope_new();
    struct kf_release release = golden_release;
    struct kf_error err = {0};
    release.sources_len = KF_SOURCES_MAX + 1; /* seen before anything is read */
    assert_int_equal(kf_envelope_set_release(envelope, &release, &err), KF_ERR_LIMIT);
    release = golden_release;
    release.panels = KF_RELEASE_PANELS_MAX + 1;
    assert_int_equal(kf_envelope_set_release(envelope, &release, &err), KF_ERR_LIMIT);
    assert_string_equal(envelope->release.id, "");
    kf_envelope_destroy(&envelope);
}

static void a_rejection_takes_the_panels_place_and_says_which_it_was(void **state)
{
    (void)state;
    static struct kf_findings findings;
    const struct kf_place place = {.municipality = "0301"};
    struct kf_envelope *envelope = golden_envelope_panel();
    kf_findings_init(&findings);
    kf_findings_add(&findings, &place, "none", "broken");
    assert_int_equal(kf_envelope_reject(envelope, "need", "no key", &findings, NULL), KF_OK);
    assert_null(envelope->panel);
    assert_string_equal(envelope->rejection->stage, "need");
    assert_string_equal(envelope->rejection->reason, "no key");
    assert_string_equal(envelope->rejection->edition, "prove-2010");
    assert_int_equal(envelope->rejection->year, 2010);
    assert_int_equal(envelope->rejection->findings.length, 1);
    assert_int_equal(kf_findings_count(&findings), 0);
    kf_envelope_destroy(&envelope);
}

static void an_input_that_never_became_a_panel_can_be_rejected_again_and_again(void **state)
{
    (void)state;
    static struct kf_findings findings;
    const struct kf_place place = {.line = 1};
    struct kf_envelope *envelope = kf_envelope_new();
    kf_findings_init(&findings);
    kf_findings_add(&findings, &place, "none", "broken");
    assert_int_equal(kf_envelope_reject(envelope, "ingest", "first", &findings, NULL), KF_OK);
    assert_int_equal(kf_envelope_reject(envelope, "ingest", "second", NULL, NULL), KF_OK);
    assert_string_equal(envelope->rejection->reason, "second");
    assert_string_equal(envelope->rejection->edition, "");
    assert_int_equal(envelope->rejection->year, 0);
    assert_int_equal(envelope->rejection->findings.length, 0);
    kf_envelope_destroy(&envelope);
}

/* --- packing --------------------------------------------------------------------------------- */

static void assert_not_packed(struct kf_envelope *envelope, const char *why)
{
    struct kf_text bytes;
    struct kf_error err = {0};
    kf_text_init(&bytes, 64 * 1024);
    assert_int_equal(kf_envelope_pack(envelope, &bytes, &err), KF_ERR_INTERNAL);
    assert_non_null(strstr(err.text, why));
    assert_int_equal(bytes.length, 0);
    kf_text_clear(&bytes);
    kf_envelope_destroy(&envelope);
}

static void an_envelope_that_nobody_could_read_is_not_packed(void **state)
{
    (void)state;
    struct kf_envelope *envelope = golden_envelope_panel();
    kf_panel_destroy(&envelope->panel);
    assert_not_packed(envelope, "neither");
    envelope = golden_envelope_panel();
    envelope->index = 3;
    assert_not_packed(envelope, "index");
    envelope = golden_envelope_panel();
    envelope->release.id[0] = 'G';
    assert_not_packed(envelope, "release id");
}

static void an_envelope_that_does_not_fit_is_a_limit(void **state)
{
    (void)state;
    struct kf_envelope *envelope = golden_envelope_panel();
    struct kf_text bytes;
    struct kf_error err = {0};
    kf_text_init(&bytes, 500);
    assert_int_equal(kf_envelope_pack(envelope, &bytes, &err), KF_ERR_LIMIT);
    assert_int_equal(bytes.length, 0);
    kf_text_clear(&bytes);
    kf_envelope_destroy(&envelope);
}

static void every_failing_allocation_while_packing_is_told(void **state)
{
    (void)state;
    struct kf_envelope *envelopes[] = {golden_envelope_panel(), golden_envelope_rejection()};
    for (size_t i = 0; i < 2; i++) {
        enum kf_err code = KF_ERR_MEMORY;
        for (int64_t n = 0; code != KF_OK; n++) {
            struct kf_text bytes;
            struct kf_error err = {0};
            kf_text_init(&bytes, 64 * 1024);
            kf_memory_fail_after(n);
            code = kf_envelope_pack(envelopes[i], &bytes, &err);
            kf_memory_fail_after(-1);
            assert_true(code == KF_OK ? n > 2 : code == KF_ERR_MEMORY);
            kf_text_clear(&bytes);
        }
        kf_envelope_destroy(&envelopes[i]);
    }
}

/* --- unpacking ------------------------------------------------------------------------------- */

static enum kf_err unpack(const void *bytes, size_t length)
{
    struct kf_envelope *envelope = NULL;
    struct kf_error err = {0};
    enum kf_err code = kf_envelope_unpack(bytes, length, &envelope, &err);
    assert_int_equal(code == KF_OK, envelope != NULL);
    assert_int_equal(code, err.code);
    kf_envelope_destroy(&envelope);
    return code;
}

static void no_part_of_an_envelope_is_an_envelope(void **state)
{
    (void)state;
    struct kf_text bytes;
    pack_golden(&bytes);
    assert_int_equal(unpack(bytes.bytes, bytes.length), KF_OK);
    for (size_t length = 0; length < bytes.length; length++) {
        assert_int_equal(unpack(bytes.bytes, length), KF_ERR_DATA);
    }
    kf_text_clear(&bytes);
}

/* Two or three bits of every byte, every place within a byte; all of them would take minutes. */
static void a_flipped_bit_never_crashes(void **state)
{
    (void)state;
    struct kf_text bytes;
    pack_golden(&bytes);
    for (size_t bit = 0; bit < bytes.length * 8; bit += 3) {
        bytes.bytes[bit / 8] = (char)(bytes.bytes[bit / 8] ^ (1 << bit % 8));
        enum kf_err code = unpack(bytes.bytes, bytes.length);
        assert_true(code == KF_OK || code == KF_ERR_DATA || code == KF_ERR_LIMIT);
        bytes.bytes[bit / 8] = (char)(bytes.bytes[bit / 8] ^ (1 << bit % 8));
    }
    kf_text_clear(&bytes);
}

static void bytes_beyond_the_limit_are_not_looked_at(void **state)
{
    (void)state;
    assert_int_equal(unpack("", KF_ENVELOPE_BYTES_MAX + 1), KF_ERR_LIMIT);
}

/* A message built by hand, changed by the test. */
struct parts {
    Kf__V1__Rejection rejection;
    Kf__V1__Release release;
    Kf__V1__Envelope envelope;
};

static void init_parts(struct parts *parts)
{
    kf__v1__rejection__init(&parts->rejection);
    kf__v1__release__init(&parts->release);
    kf__v1__envelope__init(&parts->envelope);
    parts->release.id = kf_borrow(GOLDEN_RELEASE);
    parts->release.panels = 1;
    parts->envelope.release = &parts->release;
    parts->envelope.body_case = KF__V1__ENVELOPE__BODY_REJECTION;
    parts->envelope.rejection = &parts->rejection;
}

static enum kf_err unpack_parts(const struct parts *parts)
{
    struct kf_text bytes;
    kf_text_init(&bytes, 1024 * 1024);
    assert_int_equal(kf_pack(&parts->envelope.base, &bytes, NULL), KF_OK);
    enum kf_err code = unpack(bytes.bytes, bytes.length);
    kf_text_clear(&bytes);
    return code;
}

static void the_frame_of_an_envelope_is_checked(void **state)
{
    (void)state;
    struct parts parts;
    init_parts(&parts);
    assert_int_equal(unpack_parts(&parts), KF_OK);
    parts.envelope.index = 1;
    assert_int_equal(unpack_parts(&parts), KF_ERR_DATA);
    init_parts(&parts);
    parts.release.id = kf_borrow("00112233445566778899AABBCCDDEEFF");
    assert_int_equal(unpack_parts(&parts), KF_ERR_DATA);
    parts.release.id = kf_borrow("../../etc/passwd");
    assert_int_equal(unpack_parts(&parts), KF_ERR_DATA);
    init_parts(&parts);
    parts.envelope.body_case = KF__V1__ENVELOPE__BODY__NOT_SET;
    assert_int_equal(unpack_parts(&parts), KF_ERR_DATA);
    init_parts(&parts);
    parts.envelope.release = NULL;
    assert_int_equal(unpack_parts(&parts), KF_ERR_DATA);
    init_parts(&parts);
    parts.release.panels = KF_RELEASE_PANELS_MAX + 1;
    assert_int_equal(unpack_parts(&parts), KF_ERR_LIMIT);
}

static void more_sources_than_allowed_are_refused(void **state)
{
    (void)state;
    struct parts parts;
    Kf__V1__Source source;
    kf__v1__source__init(&source);
    Kf__V1__Source *sources[KF_SOURCES_MAX + 1];
    for (size_t i = 0; i <= KF_SOURCES_MAX; i++) {
        sources[i] = &source;
    }
    init_parts(&parts);
    parts.release.sources = sources;
    parts.release.n_sources = KF_SOURCES_MAX;
    assert_int_equal(unpack_parts(&parts), KF_OK);
    parts.release.n_sources = KF_SOURCES_MAX + 1;
    assert_int_equal(unpack_parts(&parts), KF_ERR_LIMIT);
}

static void a_megabyte_of_tiny_fields_hits_the_ceiling_not_the_machine(void **state)
{
    (void)state;
    /* "index = 0" half a million times: each costs protobuf-c many times its two bytes. */
    size_t length = 1024 * 1024;
    unsigned char *bytes = kf_malloc(length);
    assert_non_null(bytes);
    for (size_t i = 0; i < length; i += 2) {
        bytes[i] = 0x10;
        bytes[i + 1] = 0x00;
    }
    assert_int_equal(unpack(bytes, length), KF_ERR_LIMIT);
    kf_free(bytes);
}

static void every_failing_allocation_while_unpacking_is_told_and_leaks_nothing(void **state)
{
    (void)state;
    struct kf_text bytes;
    pack_golden(&bytes);
    enum kf_err code = KF_ERR_MEMORY;
    for (int64_t n = 0; code != KF_OK; n++) {
        kf_memory_fail_after(n);
        code = unpack(bytes.bytes, bytes.length);
        kf_memory_fail_after(-1);
        assert_true(code == KF_OK ? n > 50 : code == KF_ERR_MEMORY);
    }
    kf_text_clear(&bytes);
}

static void every_failing_allocation_while_rejecting_leaves_the_panel(void **state)
{
    (void)state;
    enum kf_err code = KF_ERR_MEMORY;
    for (int64_t n = 0; code != KF_OK; n++) {
        struct kf_envelope *envelope = kf_envelope_new();
        envelope->panel = golden_panel();
        kf_memory_fail_after(n);
        code = kf_envelope_reject(envelope, "need", "reason", NULL, NULL);
        kf_memory_fail_after(-1);
        assert_int_equal(code != KF_OK, envelope->panel != NULL);
        assert_int_equal(code == KF_OK, envelope->rejection != NULL);
        kf_envelope_destroy(&envelope);
    }
}

/* --- the largest that fits ------------------------------------------------------------------- */

static void many_small_results_that_pack_unpack_too(void **state)
{
    (void)state;
    struct kf_envelope *envelope = golden_envelope_panel();
    struct kf_text bytes;
    struct kf_error err = {0};
    const struct kf_result_key key = {KF_TOPIC_NEED, "s", "i", "m", "u", true};
    for (size_t i = 0; i < 20000; i++) {
        struct kf_result *result = NULL;
        assert_int_equal(kf_panel_append(envelope->panel, &key, &result, &err), KF_OK);
    }
    kf_text_init(&bytes, KF_ENVELOPE_BYTES_MAX);
    assert_int_equal(kf_envelope_pack(envelope, &bytes, &err), KF_OK);
    assert_int_equal(unpack(bytes.bytes, bytes.length), KF_OK);
    kf_text_clear(&bytes);
    kf_envelope_destroy(&envelope);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_release_is_copied),
        cmocka_unit_test(a_release_beyond_the_limits_is_refused_and_changes_nothing),
        cmocka_unit_test(a_rejection_takes_the_panels_place_and_says_which_it_was),
        cmocka_unit_test(an_input_that_never_became_a_panel_can_be_rejected_again_and_again),
        cmocka_unit_test(an_envelope_that_nobody_could_read_is_not_packed),
        cmocka_unit_test(an_envelope_that_does_not_fit_is_a_limit),
        cmocka_unit_test(every_failing_allocation_while_packing_is_told),
        cmocka_unit_test(no_part_of_an_envelope_is_an_envelope),
        cmocka_unit_test(a_flipped_bit_never_crashes),
        cmocka_unit_test(bytes_beyond_the_limit_are_not_looked_at),
        cmocka_unit_test(the_frame_of_an_envelope_is_checked),
        cmocka_unit_test(more_sources_than_allowed_are_refused),
        cmocka_unit_test(a_megabyte_of_tiny_fields_hits_the_ceiling_not_the_machine),
        cmocka_unit_test(every_failing_allocation_while_unpacking_is_told_and_leaks_nothing),
        cmocka_unit_test(every_failing_allocation_while_rejecting_leaves_the_panel),
        cmocka_unit_test(many_small_results_that_pack_unpack_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
