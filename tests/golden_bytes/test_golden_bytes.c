/* Bytes that an independent encoder packed (make.py) decode to the model, and the model packs to
 * the same bytes: programs of different versions understand each other. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/codec/letter.h"
#include "common/codec/rejection_codec.h"
#include "tests/golden_bytes/golden_status.h"
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
    check_receipt("receipt_held.v1", &golden_receipt_held);
    check_receipt("receipt_committed.v1", &golden_receipt_committed);
    check_receipt("receipt_rejected.v1", &golden_receipt_rejected);
}

/* A receipt of version 5 reads as one without letters, and its letters read beside it. */
static void a_receipt_with_letters_reads_and_writes_the_golden_bytes(void **state)
{
    (void)state;
    struct golden golden;
    struct kf_error err = {0};
    struct kf_receipt receipt;
    struct kf_letters *letters = NULL;
    struct kf_text packed;
    read_golden("receipt_letters.v5", &golden);
    assert_int_equal(kf_receipt_unpack(golden.bytes, golden.length, &receipt, &err), KF_OK);
    assert_int_equal(receipt.panels_rejected, 2);
    assert_string_equal(receipt.reason, "to avvist");
    assert_int_equal(kf_letters_unpack(golden.bytes, golden.length, &letters, &err), KF_OK);
    assert_int_equal(letters->length, 2);
    assert_int_equal(letters->list[0].panel, 2);
    assert_string_equal(letters->list[0].rejection->stage, "normalize");
    assert_int_equal(letters->list[0].rejection->findings.list[0].line, 17);
    assert_string_equal(letters->list[0].rejection->findings.list[0].cell, "-5");
    assert_int_equal(letters->list[0].rejection->findings.left_out, 3);
    assert_int_equal(letters->list[1].panel, 7);
    assert_string_equal(letters->list[1].rejection->reason, "weights do not close");

    kf_text_init(&packed, BYTES_MAX);
    assert_int_equal(kf_receipt_pack(&receipt, &packed, &err), KF_OK);
    assert_int_equal(kf_letters_pack(letters->list, 2, KF_LETTERS_BYTES_MAX, &packed, &err), KF_OK);
    assert_bytes(&packed, &golden);
    kf_text_clear(&packed);
    kf_letters_destroy(&letters);
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

static void unpack_golden_status(const char *name, struct kf_status *decoded)
{
    struct golden golden;
    struct kf_error err = {0};
    read_golden(name, &golden);
    memset(decoded, 0xee, sizeof *decoded);
    assert_int_equal(kf_status_unpack(golden.bytes, golden.length, decoded, &err), KF_OK);
}

static void assert_packs_to(const struct kf_status *status, const char *name)
{
    struct golden golden;
    struct kf_text packed;
    struct kf_error err = {0};
    read_golden(name, &golden);
    kf_text_init(&packed, BYTES_MAX);
    assert_int_equal(kf_status_pack(status, &packed, &err), KF_OK);
    assert_bytes(&packed, &golden);
    kf_text_clear(&packed);
}

/* Both ways, so that what is read is what was written, to the last field. */
static void a_beat_with_the_part_of_ingest_reads_and_writes_the_golden_bytes(void **state)
{
    (void)state;
    struct kf_status decoded;
    unpack_golden_status("status_ingest.v6", &decoded);
    assert_true(decoded.has_ingest);
    assert_false(decoded.has_publish);
    assert_true(decoded.since_ms == golden_status_ingest.since_ms);
    assert_int_equal(decoded.ingest.waiting, 4);
    assert_int_equal(decoded.ingest.held_by_publish, 3);
    assert_string_equal(decoded.ingest.held[0].reason, "12 of 40 figures vanished");
    assert_string_equal(decoded.ingest.next_publication, "kostra, revised figures of 2025");
    assert_true(decoded.ingest.phases[1].held_ms == 1773557905000);
    assert_packs_to(&decoded, "status_ingest.v6");
    assert_packs_to(&golden_status_ingest, "status_ingest.v6");
}

static void a_beat_with_the_part_of_publish_reads_and_writes_the_golden_bytes(void **state)
{
    (void)state;
    struct kf_status decoded;
    unpack_golden_status("status_publish.v6", &decoded);
    assert_false(decoded.has_ingest);
    assert_true(decoded.has_publish);
    assert_int_equal(decoded.publish.kafka, KF_STATUS_KAFKA_LOST);
    assert_string_equal(decoded.publish.detail, golden_status_publish.publish.detail);
    assert_true(decoded.publish.last_commit_ms == 1773557906500);
    assert_int_equal(decoded.publish.releases, 41);
    assert_int_equal(decoded.publish.rows, 350000);
    assert_packs_to(&decoded, "status_publish.v6");
    assert_packs_to(&golden_status_publish, "status_publish.v6");
}

/* A watcher of today hears a service of before. */
static void a_beat_of_before_has_neither_part(void **state)
{
    (void)state;
    struct kf_status decoded;
    unpack_golden_status("status.v1", &decoded);
    assert_false(decoded.has_ingest);
    assert_false(decoded.has_publish);
    assert_true(decoded.since_ms == 0);
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

static void check_manifest(const struct kf_manifest *manifest, const char *name)
{
    struct golden golden;
    struct kf_error err = {0};
    struct kf_text value;
    read_golden(name, &golden);
    kf_text_init(&value, BYTES_MAX);
    assert_int_equal(kf_record_manifest(manifest, KF_ENCODING_PROTOBUF, &value, &err), KF_OK);
    assert_bytes(&value, &golden);
    kf_text_clear(&value);
}

static void the_manifest_packs_to_the_golden_bytes(void **state)
{
    (void)state;
    check_manifest(&golden_manifest, "record_manifest.v1");
}

static void a_manifest_that_withdraws_keys_packs_to_the_golden_bytes(void **state)
{
    (void)state;
    struct kf_manifest manifest = golden_manifest;
    manifest.topics = golden_withdrawn;
    manifest.topics_len = GOLDEN_WITHDRAWN;
    check_manifest(&manifest, "record_manifest_withdrawn.v5");
}

static void a_manifest_that_tells_of_each_panel_packs_to_the_golden_bytes(void **state)
{
    (void)state;
    struct kf_panel_content panels[2];
    struct kf_manifest manifest = golden_manifest;
    memcpy(panels, golden_manifest.panels, sizeof panels);
    panels[0].topics = golden_withdrawn_of_panel;
    panels[0].topics_len = GOLDEN_WITHDRAWN;
    manifest.panels = panels;
    manifest.topics = golden_withdrawn;
    manifest.topics_len = GOLDEN_WITHDRAWN;
    check_manifest(&manifest, "record_manifest_panels.v6");
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

/* --- the next version ------------------------------------------------------------------------ */

/* Field 15000, a number. */
static const unsigned char next_field[] = {0xc0, 0xa9, 0x07, 0x01};

static void read_golden_and_more(const char *name, struct golden *golden)
{
    read_golden(name, golden);
    assert_true(golden->length + sizeof next_field <= BYTES_MAX);
    memcpy(golden->bytes + golden->length, next_field, sizeof next_field);
    golden->length += sizeof next_field;
}

static void assert_refused_as_newer(const struct golden *golden, const char *says)
{
    struct kf_envelope *decoded = NULL;
    struct kf_error err = {0};
    assert_int_equal(kf_envelope_unpack(golden->bytes, golden->length, &decoded, &err),
                     KF_ERR_DATA);
    assert_null(decoded);
    assert_non_null(strstr(err.text, says));
    assert_non_null(strstr(err.text, "upgrade the services from publish back to ingest"));
}

/* What passes over a rule of a newer edition computes something else: it is told to be upgraded. */
static void an_envelope_with_a_field_of_the_next_version_is_refused_in_words(void **state)
{
    (void)state;
    struct golden golden;
    read_golden_and_more("envelope_panel_unit_costs.v4", &golden);
    assert_refused_as_newer(&golden, "field 15000 of kf.v1.Envelope is not known");
    read_golden_and_more("envelope_rejection.v1", &golden);
    assert_refused_as_newer(&golden, "field 15000 of kf.v1.Envelope is not known");
}

/* Packs the message with the field in the message `inside` of it. */
static void pack_with_next_field(const Kf__V1__Envelope *message, ProtobufCMessage *inside,
                                 struct golden *golden)
{
    unsigned char value[] = {1};
    ProtobufCMessageUnknownField field = {.tag = 15000, .len = sizeof value, .data = value};
    inside->n_unknown_fields = 1;
    inside->unknown_fields = &field;
    assert_true(kf__v1__envelope__get_packed_size(message) <= BYTES_MAX);
    golden->length = kf__v1__envelope__pack(message, golden->bytes);
    inside->n_unknown_fields = 0;
    inside->unknown_fields = NULL;
}

static void it_is_however_deep_the_field_stands(void **state)
{
    (void)state;
    struct golden golden;
    read_golden("envelope_panel_unit_costs.v4", &golden);
    Kf__V1__Envelope *message = kf__v1__envelope__unpack(NULL, golden.length, golden.bytes);
    assert_non_null(message);
    Kf__V1__Sector *sector = message->panel->edition->sectors[0];
    pack_with_next_field(message, &message->release->base, &golden);
    assert_refused_as_newer(&golden, "field 15000 of kf.v1.Release is not known");
    pack_with_next_field(message, &message->panel->columns[0]->base, &golden);
    assert_refused_as_newer(&golden, "field 15000 of kf.v1.Column is not known");
    pack_with_next_field(message, &sector->indicators[0]->base, &golden);
    assert_refused_as_newer(&golden, "field 15000 of kf.v1.Indicator is not known");
    kf__v1__envelope__free_unpacked(message, NULL);
}

/* A receipt says what it says to an older ingest, and a beat to an older watcher. */
static void receipts_and_beats_of_the_next_version_are_read(void **state)
{
    (void)state;
    struct golden golden;
    struct kf_receipt receipt;
    struct kf_status status;
    struct kf_error err = {0};
    read_golden_and_more("receipt_committed.v1", &golden);
    assert_int_equal(kf_receipt_unpack(golden.bytes, golden.length, &receipt, &err), KF_OK);
    assert_int_equal(receipt.rows, golden_receipt_committed.rows);
    assert_string_equal(receipt.reason, golden_receipt_committed.reason);
    read_golden_and_more("status.v1", &golden);
    assert_int_equal(kf_status_unpack(golden.bytes, golden.length, &status, &err), KF_OK);
    assert_string_equal(status.detail, golden_status.detail);
    assert_true(status.time_ms == golden_status.time_ms);
    read_golden_and_more("status_ingest.v6", &golden);
    assert_int_equal(kf_status_unpack(golden.bytes, golden.length, &status, &err), KF_OK);
    assert_int_equal(status.ingest.window, 8);
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
        cmocka_unit_test(a_receipt_with_letters_reads_and_writes_the_golden_bytes),
        cmocka_unit_test(a_status_beat_reads_and_writes_the_golden_bytes),
        cmocka_unit_test(a_beat_with_the_part_of_ingest_reads_and_writes_the_golden_bytes),
        cmocka_unit_test(a_beat_with_the_part_of_publish_reads_and_writes_the_golden_bytes),
        cmocka_unit_test(a_beat_of_before_has_neither_part),
        cmocka_unit_test(every_record_type_packs_to_the_golden_bytes),
        cmocka_unit_test(the_manifest_packs_to_the_golden_bytes),
        cmocka_unit_test(a_manifest_that_withdraws_keys_packs_to_the_golden_bytes),
        cmocka_unit_test(a_manifest_that_tells_of_each_panel_packs_to_the_golden_bytes),
        cmocka_unit_test(a_dead_letter_packs_to_the_golden_bytes),
        cmocka_unit_test(an_envelope_with_a_field_of_the_next_version_is_refused_in_words),
        cmocka_unit_test(it_is_however_deep_the_field_stands),
        cmocka_unit_test(receipts_and_beats_of_the_next_version_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
