/* Bytes that an independent encoder packed (make.py) decode to the model, and the model packs to
 * the same bytes: programs of different versions understand each other. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/golden_bytes/golden_unit_costs.h"
#include "tests/golden_bytes/same_panel.h"
#include "tests/support/cmocka.h"

#define BYTES_MAX 8192

struct golden {
    unsigned char bytes[BYTES_MAX];
    size_t length;
};

static unsigned digit(int c)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = strchr(digits, c);
    assert_true(c != '\0' && found != NULL);
    return (unsigned)(found - digits);
}

static void read_golden(const char *name, struct golden *golden)
{
    char path[512];
    (void)snprintf(path, sizeof path, KF_SOURCE_DIR "/tests/golden_bytes/%s.hex", name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    golden->length = 0;
    for (int c = fgetc(file); c != EOF; c = fgetc(file)) {
        if (c == '\n') {
            continue;
        }
        assert_true(golden->length < BYTES_MAX);
        unsigned high = digit(c);
        golden->bytes[golden->length++] = (unsigned char)(high << 4 | digit(fgetc(file)));
    }
    (void)fclose(file);
}

static void assert_bytes(const struct kf_text *packed, const struct golden *golden)
{
    assert_false(packed->failed);
    assert_int_equal(packed->length, golden->length);
    assert_memory_equal(packed->bytes, golden->bytes, golden->length);
}

/* --- the model, field by field --------------------------------------------------------------- */

static void assert_rejection(const struct kf_rejection *a, const struct kf_rejection *b)
{
    assert_string_equal(a->stage, b->stage);
    assert_string_equal(a->reason, b->reason);
    assert_string_equal(a->edition, b->edition);
    assert_int_equal(a->year, b->year);
    assert_int_equal(a->findings.length, b->findings.length);
    assert_int_equal(a->findings.left_out, b->findings.left_out);
    for (size_t i = 0; i < a->findings.length; i++) {
        const struct kf_finding *x = &a->findings.list[i];
        const struct kf_finding *y = &b->findings.list[i];
        assert_string_equal(x->file, y->file);
        assert_int_equal(x->line, y->line);
        assert_string_equal(x->municipality, y->municipality);
        assert_string_equal(x->variable, y->variable);
        assert_string_equal(x->cell, y->cell);
        assert_string_equal(x->problem, y->problem);
        assert_string_equal(x->remedy, y->remedy);
    }
}

static void assert_release(const struct kf_release *a, const struct kf_release *b)
{
    assert_string_equal(a->id, b->id);
    assert_true(a->discovered_ms == b->discovered_ms);
    assert_int_equal(a->panels, b->panels);
    assert_int_equal(a->sources_len, b->sources_len);
    for (size_t i = 0; i < a->sources_len; i++) {
        assert_string_equal(a->sources[i].name, b->sources[i].name);
        assert_string_equal(a->sources[i].digest, b->sources[i].digest);
        assert_true(a->sources[i].bytes == b->sources[i].bytes);
        assert_string_equal(a->sources[i].updated, b->sources[i].updated);
    }
    assert_string_equal(a->vintage, b->vintage);
    assert_string_equal(a->program, b->program);
}

/* --- envelopes ------------------------------------------------------------------------------- */

static void check_envelope(const char *name, struct kf_envelope *expected)
{
    struct golden golden;
    struct kf_error err = {0};
    read_golden(name, &golden);

    struct kf_envelope *decoded = NULL;
    assert_int_equal(kf_envelope_unpack(golden.bytes, golden.length, &decoded, &err), KF_OK);
    assert_release(&decoded->release, &expected->release);
    assert_int_equal(decoded->index, expected->index);
    assert_int_equal(decoded->attempt, expected->attempt);
    assert_int_equal(decoded->panel != NULL, expected->panel != NULL);
    assert_int_equal(decoded->rejection != NULL, expected->rejection != NULL);
    if (expected->panel) {
        assert_same_panel(decoded->panel, expected->panel);
    } else {
        assert_rejection(decoded->rejection, expected->rejection);
    }

    struct kf_text packed;
    kf_text_init(&packed, BYTES_MAX);
    assert_int_equal(kf_envelope_pack(expected, &packed, &err), KF_OK);
    assert_bytes(&packed, &golden);
    kf_text_reset(&packed);
    assert_int_equal(kf_envelope_pack(decoded, &packed, &err), KF_OK);
    assert_bytes(&packed, &golden);
    kf_text_clear(&packed);
    kf_envelope_destroy(&decoded);
    kf_envelope_destroy(&expected);
}

static void an_envelope_with_a_panel_reads_and_writes_the_golden_bytes(void **state)
{
    (void)state;
    check_envelope("envelope_panel_unit_costs.v4", golden_envelope_panel());
}

/* An edition without unit costs and a trial leaves no trace of them in the bytes. */
static void a_panel_of_the_third_version_reads_and_writes_its_own_bytes(void **state)
{
    (void)state;
    struct kf_envelope *envelope = golden_envelope_panel();
    kf_panel_destroy(&envelope->panel);
    envelope->panel = golden_panel_third_version();
    check_envelope("envelope_panel_further.v3", envelope);
}

/* They counted all criteria, and no year but their own and those before it. */
static void a_panel_of_the_second_version_is_read_and_travels_on(void **state)
{
    (void)state;
    struct golden golden;
    struct kf_envelope *decoded = NULL;
    struct kf_envelope *again = NULL;
    struct kf_error err = {0};
    struct kf_panel *expected = golden_panel_second_version();
    struct kf_text packed;
    kf_text_init(&packed, BYTES_MAX);
    read_golden("envelope_panel.v2", &golden);
    assert_int_equal(kf_envelope_unpack(golden.bytes, golden.length, &decoded, &err), KF_OK);
    assert_same_panel(decoded->panel, expected);
    assert_int_equal(kf_envelope_pack(decoded, &packed, &err), KF_OK);
    assert_int_equal(kf_envelope_unpack(packed.bytes, packed.length, &again, &err), KF_OK);
    assert_same_panel(again->panel, expected);
    kf_text_clear(&packed);
    kf_envelope_destroy(&again);
    kf_envelope_destroy(&decoded);
    kf_panel_destroy(&expected);
}

/* Programs before the whole edition language sent editions that nobody computes any more: they are
 * refused in words, not misread. */
static void a_panel_of_the_first_version_is_refused(void **state)
{
    (void)state;
    struct golden golden;
    struct kf_envelope *decoded = NULL;
    struct kf_error err = {0};
    read_golden("envelope_panel.v1", &golden);
    assert_int_equal(kf_envelope_unpack(golden.bytes, golden.length, &decoded, &err), KF_ERR_DATA);
    assert_null(decoded);
    assert_non_null(strstr(err.text, "prove-2010"));
}

static void an_envelope_with_a_rejection_reads_and_writes_the_golden_bytes(void **state)
{
    (void)state;
    check_envelope("envelope_rejection.v1", golden_envelope_rejection());
}

/* --- receipts and beats ---------------------------------------------------------------------- */

static void check_receipt(const char *name, const struct kf_receipt *expected)
{
    struct golden golden;
    struct kf_error err = {0};
    struct kf_receipt decoded;
    read_golden(name, &golden);
    assert_int_equal(kf_receipt_unpack(golden.bytes, golden.length, &decoded, &err), KF_OK);
    assert_int_equal(decoded.state, expected->state);
    assert_string_equal(decoded.release, expected->release);
    assert_int_equal(decoded.index, expected->index);
    assert_string_equal(decoded.publisher, expected->publisher);
    assert_int_equal(decoded.rows, expected->rows);
    assert_int_equal(decoded.panels_rejected, expected->panels_rejected);
    assert_string_equal(decoded.reason, expected->reason);

    struct kf_text packed;
    kf_text_init(&packed, BYTES_MAX);
    assert_int_equal(kf_receipt_pack(expected, &packed, &err), KF_OK);
    assert_bytes(&packed, &golden);
    kf_text_clear(&packed);
}

static void receipts_read_and_write_the_golden_bytes(void **state)
{
    (void)state;
    check_receipt("receipt_started.v1", &golden_receipt_started);
    check_receipt("receipt_committed.v1", &golden_receipt_committed);
}

static void a_status_beat_reads_and_writes_the_golden_bytes(void **state)
{
    (void)state;
    struct golden golden;
    struct kf_error err = {0};
    struct kf_status decoded;
    read_golden("status.v1", &golden);
    assert_int_equal(kf_status_unpack(golden.bytes, golden.length, &decoded, &err), KF_OK);
    assert_string_equal(decoded.service, golden_status.service);
    assert_int_equal(decoded.instance, golden_status.instance);
    assert_int_equal(decoded.pid, golden_status.pid);
    assert_int_equal(decoded.state, golden_status.state);
    assert_string_equal(decoded.detail, golden_status.detail);
    assert_int_equal(decoded.panels_in, golden_status.panels_in);
    assert_int_equal(decoded.panels_out, golden_status.panels_out);
    assert_int_equal(decoded.panels_rejected, golden_status.panels_rejected);
    assert_int_equal(decoded.frames_refused, golden_status.frames_refused);
    assert_string_equal(decoded.release, golden_status.release);
    assert_int_equal(decoded.in_progress, golden_status.in_progress);
    assert_int_equal(decoded.time_ms, golden_status.time_ms);

    struct kf_text packed;
    kf_text_init(&packed, BYTES_MAX);
    assert_int_equal(kf_status_pack(&golden_status, &packed, &err), KF_OK);
    assert_bytes(&packed, &golden);
    kf_text_clear(&packed);
}

/* --- records --------------------------------------------------------------------------------- */

static void check_rows(const struct golden_row *rows, size_t count)
{
    struct kf_panel *panel = golden_panel();
    struct kf_text value;
    kf_text_init(&value, BYTES_MAX);
    for (size_t i = 0; i < count; i++) {
        struct golden golden;
        struct kf_error err = {0};
        read_golden(rows[i].name, &golden);
        kf_text_reset(&value);
        assert_int_equal(
            kf_record_row(GOLDEN_RELEASE, panel, &rows[i].row, KF_ENCODING_PROTOBUF, &value, &err),
            KF_OK);
        assert_bytes(&value, &golden);
    }
    kf_text_clear(&value);
    kf_panel_destroy(&panel);
}

static void every_record_type_packs_to_the_golden_bytes(void **state)
{
    (void)state;
    check_rows(golden_rows, GOLDEN_ROWS);
    check_rows(golden_unit_cost_rows, GOLDEN_UNIT_COST_ROWS);
}

static void the_manifest_packs_to_the_golden_bytes(void **state)
{
    (void)state;
    struct golden golden;
    struct kf_error err = {0};
    struct kf_text value;
    read_golden("record_manifest.v1", &golden);
    kf_text_init(&value, BYTES_MAX);
    assert_int_equal(kf_record_manifest(&golden_manifest, KF_ENCODING_PROTOBUF, &value, &err),
                     KF_OK);
    assert_bytes(&value, &golden);
    kf_text_clear(&value);
}

static void a_dead_letter_packs_to_the_golden_bytes(void **state)
{
    (void)state;
    struct golden golden;
    struct kf_error err = {0};
    struct kf_text value;
    struct kf_envelope *envelope = golden_envelope_rejection();
    read_golden("record_rejected.v1", &golden);
    kf_text_init(&value, BYTES_MAX);
    assert_int_equal(kf_record_rejected(&envelope->release, 2, envelope->rejection,
                                        KF_ENCODING_PROTOBUF, &value, &err),
                     KF_OK);
    assert_bytes(&value, &golden);
    kf_text_clear(&value);
    kf_envelope_destroy(&envelope);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_envelope_with_a_panel_reads_and_writes_the_golden_bytes),
        cmocka_unit_test(a_panel_of_the_third_version_reads_and_writes_its_own_bytes),
        cmocka_unit_test(a_panel_of_the_second_version_is_read_and_travels_on),
        cmocka_unit_test(a_panel_of_the_first_version_is_refused),
        cmocka_unit_test(an_envelope_with_a_rejection_reads_and_writes_the_golden_bytes),
        cmocka_unit_test(receipts_read_and_write_the_golden_bytes),
        cmocka_unit_test(a_status_beat_reads_and_writes_the_golden_bytes),
        cmocka_unit_test(every_record_type_packs_to_the_golden_bytes),
        cmocka_unit_test(the_manifest_packs_to_the_golden_bytes),
        cmocka_unit_test(a_dead_letter_packs_to_the_golden_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
