/* Bytes that an independent encoder packed (make.py) decode to the model, and the model packs to
 * the same bytes: programs of different versions understand each other. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/golden_bytes/golden_model.h"
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
    (void)snprintf(path, sizeof path, KF_SOURCE_DIR "/tests/golden_bytes/%s.v1.hex", name);
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

static void assert_name(struct kf_name a, struct kf_name b)
{
    assert_string_equal(a.nb ? a.nb : "", b.nb ? b.nb : "");
    assert_string_equal(a.en ? a.en : "", b.en ? b.en : "");
}

static void assert_sector(const struct kf_sector *a, const struct kf_sector *b)
{
    assert_string_equal(a->id, b->id);
    assert_name(a->name, b->name);
    assert_true(a->weight == b->weight && a->need_weight == b->need_weight);
    assert_int_equal(a->indicators_len, b->indicators_len);
    for (size_t i = 0; i < a->indicators_len; i++) {
        assert_string_equal(a->indicators[i].id, b->indicators[i].id);
        assert_name(a->indicators[i].name, b->indicators[i].name);
        assert_true(a->indicators[i].weight == b->indicators[i].weight);
        assert_string_equal(a->indicators[i].variable, b->indicators[i].variable);
        assert_int_equal(a->indicators[i].per, b->indicators[i].per);
        assert_string_equal(a->indicators[i].per_variable, b->indicators[i].per_variable);
        assert_string_equal(a->indicators[i].unit, b->indicators[i].unit);
    }
    assert_int_equal(a->criteria_len, b->criteria_len);
    for (size_t i = 0; i < a->criteria_len; i++) {
        assert_string_equal(a->criteria[i].id, b->criteria[i].id);
        assert_string_equal(a->criteria[i].variable, b->criteria[i].variable);
        assert_true(a->criteria[i].weight == b->criteria[i].weight);
        assert_int_equal(a->criteria[i].cost_disadvantage, b->criteria[i].cost_disadvantage);
    }
}

static void assert_edition(const struct kf_edition *a, const struct kf_edition *b)
{
    assert_string_equal(a->id, b->id);
    assert_name(a->title, b->title);
    assert_string_equal(a->source, b->source);
    assert_true(a->scale == b->scale);
    assert_string_equal(a->population, b->population);
    assert_int_equal(a->missing, b->missing);
    assert_int_equal(a->sectors_len, b->sectors_len);
    for (size_t i = 0; i < a->sectors_len; i++) {
        assert_sector(&a->sectors[i], &b->sectors[i]);
    }
    assert_string_equal(a->expenditure.given, b->expenditure.given);
    assert_string_equal(a->expenditure.gross, b->expenditure.gross);
    assert_int_equal(a->expenditure.minus_len, b->expenditure.minus_len);
    for (size_t i = 0; i < a->expenditure.minus_len; i++) {
        assert_string_equal(a->expenditure.minus[i], b->expenditure.minus[i]);
    }
    assert_string_equal(a->expenditure.payroll_costs, b->expenditure.payroll_costs);
    assert_string_equal(a->expenditure.wages, b->expenditure.wages);
    assert_int_equal(a->expenditure.need_corrected, b->expenditure.need_corrected);
    assert_string_equal(a->change.production, b->change.production);
    assert_string_equal(a->change.expenditure, b->change.expenditure);
    assert_true(a->change.base == b->change.base);
    assert_string_equal(a->digest, b->digest);
}

static void assert_panel(const struct kf_panel *a, const struct kf_panel *b)
{
    assert_edition(a->edition, b->edition);
    assert_int_equal(a->year, b->year);
    size_t members = b->members_len;
    assert_int_equal(a->members_len, members);
    for (size_t i = 0; i < members; i++) {
        assert_string_equal(a->members[i], b->members[i]);
    }
    assert_int_equal(a->columns_len, b->columns_len);
    for (size_t i = 0; i < a->columns_len; i++) {
        assert_string_equal(a->columns[i].variable, b->columns[i].variable);
        assert_memory_equal(a->columns[i].values, b->columns[i].values, members * sizeof(double));
        assert_memory_equal(a->columns[i].status, b->columns[i].status, members);
        assert_true(a->columns[i].country_value == b->columns[i].country_value);
        assert_int_equal(a->columns[i].country_status, b->columns[i].country_status);
    }
    assert_int_equal(a->results_len, b->results_len);
    for (size_t i = 0; i < a->results_len; i++) {
        const struct kf_result *x = &a->results[i];
        const struct kf_result *y = &b->results[i];
        size_t cells = y->group ? 1 : members;
        assert_int_equal(x->topic, y->topic);
        assert_string_equal(x->sector, y->sector);
        assert_string_equal(x->indicator, y->indicator);
        assert_string_equal(x->measure, y->measure);
        assert_string_equal(x->unit, y->unit);
        assert_int_equal(x->group, y->group);
        assert_memory_equal(x->values, y->values, cells * sizeof(double));
        assert_memory_equal(x->status, y->status, cells);
    }
}

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
        assert_panel(decoded->panel, expected->panel);
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
    check_envelope("envelope_panel", golden_envelope_panel());
}

static void an_envelope_with_a_rejection_reads_and_writes_the_golden_bytes(void **state)
{
    (void)state;
    check_envelope("envelope_rejection", golden_envelope_rejection());
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
    check_receipt("receipt_started", &golden_receipt_started);
    check_receipt("receipt_committed", &golden_receipt_committed);
}

static void a_status_beat_reads_and_writes_the_golden_bytes(void **state)
{
    (void)state;
    struct golden golden;
    struct kf_error err = {0};
    struct kf_status decoded;
    read_golden("status", &golden);
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

static void every_record_type_packs_to_the_golden_bytes(void **state)
{
    (void)state;
    struct kf_panel *panel = golden_panel();
    struct kf_text value;
    kf_text_init(&value, BYTES_MAX);
    for (size_t i = 0; i < GOLDEN_ROWS; i++) {
        struct golden golden;
        struct kf_error err = {0};
        read_golden(golden_rows[i].name, &golden);
        kf_text_reset(&value);
        assert_int_equal(kf_record_row(GOLDEN_RELEASE, panel, &golden_rows[i].row,
                                       KF_ENCODING_PROTOBUF, &value, &err),
                         KF_OK);
        assert_bytes(&value, &golden);
    }
    kf_text_clear(&value);
    kf_panel_destroy(&panel);
}

static void the_manifest_packs_to_the_golden_bytes(void **state)
{
    (void)state;
    struct golden golden;
    struct kf_error err = {0};
    struct kf_text value;
    read_golden("record_manifest", &golden);
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
    read_golden("record_rejected", &golden);
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
        cmocka_unit_test(an_envelope_with_a_rejection_reads_and_writes_the_golden_bytes),
        cmocka_unit_test(receipts_read_and_write_the_golden_bytes),
        cmocka_unit_test(a_status_beat_reads_and_writes_the_golden_bytes),
        cmocka_unit_test(every_record_type_packs_to_the_golden_bytes),
        cmocka_unit_test(the_manifest_packs_to_the_golden_bytes),
        cmocka_unit_test(a_dead_letter_packs_to_the_golden_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
