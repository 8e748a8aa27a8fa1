#include "common/codec/record_read.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "tests/golden_bytes/golden_model.h"
#include "tests/support/cmocka.h"

static struct kf_text text;
static struct kf_error err;

static int set_up(void **state)
{
    (void)state;
    kf_text_init(&text, (size_t)1024 * 1024);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    kf_text_clear(&text);
    return 0;
}

/* --- rows ------------------------------------------------------------------------------------ */

static const struct kf_row *written; /* what the visitor is to find */
static size_t visits;

static const struct kf_row_cell *cell_of(const char *measure)
{
    for (size_t i = 0; i < written->cells_len; i++) {
        if (strcmp(written->cells[i].measure, measure) == 0 &&
            kf_cell_has_value(written->cells[i].status)) {
            return &written->cells[i];
        }
    }
    return NULL;
}

static unsigned flags_of(const struct kf_row *row)
{
    unsigned flags = 0;
    for (size_t i = 0; i < row->cells_len; i++) {
        const char *name = NULL;
        for (unsigned j = 0; (name = kf_cell_flag(row->cells[i].status, j)); j++) {
            for (size_t k = 0; k < KF_FLAGS; k++) {
                flags |= strcmp(kf_record_flag(k), name) == 0 ? 1U << k : 0;
            }
        }
    }
    return flags;
}

static enum kf_err compare(void *context, const struct kf_record_row *row, struct kf_error *error)
{
    const struct kf_panel *panel = context;
    size_t values = 0;
    (void)error;
    visits++;
    assert_string_equal(row->release, GOLDEN_RELEASE);
    assert_string_equal(row->edition, panel->edition->id);
    assert_int_equal(row->year, panel->year);
    assert_string_equal(row->municipality, written->municipality);
    assert_string_equal(row->sector, written->sector);
    assert_string_equal(row->indicator, written->indicator);
    assert_int_equal(row->flags, flags_of(written));
    for (size_t i = 0; i < written->cells_len; i++) {
        values += kf_cell_has_value(written->cells[i].status);
    }
    assert_int_equal(row->measures_len, values);
    for (size_t i = 0; i < row->measures_len; i++) {
        const struct kf_row_cell *cell = cell_of(row->measures[i].name);
        assert_non_null(cell);
        assert_true(cell->value == row->measures[i].value);
        assert_string_equal(kf_record_measure_name(row->topic, row->measures[i].number),
                            row->measures[i].name);
    }
    return KF_OK;
}

static void every_row_is_read_as_it_was_written(void **state)
{
    static const enum kf_encoding encodings[] = {KF_ENCODING_JSON, KF_ENCODING_PROTOBUF};
    struct kf_edition edition = {.id = "prøve-2010"};
    struct kf_panel panel = {.edition = &edition, .year = 2010};
    (void)state;
    visits = 0;
    for (size_t i = 0; i < 2 * (size_t)GOLDEN_ROWS; i++) {
        written = &golden_rows[i / 2].row;
        kf_text_reset(&text);
        assert_int_equal(
            kf_record_row(GOLDEN_RELEASE, &panel, written, encodings[i % 2], &text, &err), KF_OK);
        assert_int_equal(kf_record_encoding(text.bytes, text.length), encodings[i % 2]);
        assert_int_equal(
            kf_record_row_read(written->topic, text.bytes, text.length, compare, &panel, &err),
            KF_OK);
    }
    assert_int_equal(visits, 2 * GOLDEN_ROWS);
}

static enum kf_err count(void *context, const struct kf_record_row *row, struct kf_error *error)
{
    (void)error;
    *(size_t *)context += 1 + row->measures_len;
    return KF_OK;
}

static enum kf_err read_json(const char *json, size_t *counted)
{
    *counted = 0;
    return kf_record_row_read(KF_TOPIC_INDEX, json, strlen(json), count, counted, &err);
}

#define HEAD "{\"release\":\"" GOLDEN_RELEASE "\",\"edition\":\"e\",\"year\":2010,\"sector\":\"s\""

static void fields_of_a_newer_program_are_passed_over(void **state)
{
    (void)state;
    size_t counted = 0;
    assert_int_equal(
        read_json(HEAD ",\"index\":1.5,\"new\":{\"a\":[1]},\"flags\":[\"odd\"]}", &counted), KF_OK);
    assert_int_equal(counted, 2);
}

static void what_is_no_row_is_told_and_not_handed_over(void **state)
{
    static const char *const wrong[] = {
        "",
        "{",
        "[]",
        "null",
        "{}",
        HEAD,
        "x",
        "{\"release\":\"short\",\"edition\":\"e\",\"year\":2010,\"sector\":\"s\"}",
        HEAD ",\"index\":\"1\"}",
        HEAD ",\"index\":1e999}",
        HEAD ",\"flags\":\"imputed\"}",
        HEAD ",\"flags\":[1]}",
        HEAD ",\"year\":2010.5}",
        HEAD ",\"year\":4294967296}",
        HEAD ",\"index\":1,\"index\":2}",
        HEAD "} more"};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        size_t counted = 0;
        memset(&err, 0, sizeof err);
        if (read_json(wrong[i], &counted) != KF_ERR_DATA || counted > 0 || !err.text[0]) {
            fail_msg("taken: %s", wrong[i]);
        }
    }
}

static void every_cut_and_flip_of_a_packed_row_is_survived(void **state)
{
    struct kf_edition edition = {.id = "e"};
    struct kf_panel panel = {.edition = &edition, .year = 2010};
    size_t counted = 0;
    (void)state;
    assert_int_equal(kf_record_row(GOLDEN_RELEASE, &panel, &golden_rows[0].row,
                                   KF_ENCODING_PROTOBUF, &text, &err),
                     KF_OK);
    for (size_t i = 0; i < text.length; i++) {
        (void)kf_record_row_read(golden_rows[0].row.topic, text.bytes, i, count, &counted, &err);
        for (int bit = 0; bit < 8; bit++) {
            text.bytes[i] = (char)(text.bytes[i] ^ 1 << bit);
            (void)kf_record_row_read(golden_rows[0].row.topic, text.bytes, text.length, count,
                                     &counted, &err);
            text.bytes[i] = (char)(text.bytes[i] ^ 1 << bit);
        }
    }
}

/* --- manifests and dead letters -------------------------------------------------------------- */

static enum kf_err compare_manifest(void *context, const struct kf_manifest *manifest,
                                    struct kf_error *error)
{
    const struct kf_manifest *wanted = context;
    (void)error;
    visits++;
    assert_string_equal(manifest->release, wanted->release);
    assert_string_equal(manifest->previous_release, wanted->previous_release);
    assert_int_equal(manifest->state, wanted->state);
    assert_string_equal(manifest->vintage, wanted->vintage);
    assert_int_equal(manifest->panels_len, wanted->panels_len);
    for (size_t i = 0; i < wanted->panels_len; i++) {
        const struct kf_panel_content *panel = &manifest->panels[i];
        assert_string_equal(panel->edition, wanted->panels[i].edition);
        assert_int_equal(panel->year, wanted->panels[i].year);
        assert_int_equal(panel->rejected, wanted->panels[i].rejected);
        assert_int_equal(panel->municipalities, wanted->panels[i].municipalities);
        assert_int_equal(panel->topics_len, wanted->panels[i].topics_len);
    }
    const struct kf_topic_content *content = &manifest->panels[0].topics[1];
    assert_string_equal(content->topic, "kostra.need.v1");
    assert_int_equal(content->withdrawn, 1);
    assert_int_equal(manifest->topics_len, GOLDEN_WITHDRAWN);
    assert_int_equal(manifest->topics[0].rows, 42);
    assert_int_equal(manifest->topics[0].withdrawn, 300);
    assert_string_equal(manifest->topics[0].digest, "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f");
    assert_int_equal(manifest->sources_len, 2);
    assert_string_equal(manifest->sources[0].name, wanted->sources[0].name);
    assert_true(manifest->sources[1].bytes == wanted->sources[1].bytes);
    return KF_OK;
}

static void a_manifest_is_read_as_it_was_written(void **state)
{
    struct kf_panel_content panels[2];
    struct kf_manifest manifest = golden_manifest;
    (void)state;
    visits = 0;
    memcpy(panels, golden_manifest.panels, sizeof panels);
    panels[0].topics = golden_withdrawn_of_panel;
    panels[0].topics_len = GOLDEN_WITHDRAWN;
    manifest.panels = panels;
    manifest.topics = golden_withdrawn;
    manifest.topics_len = GOLDEN_WITHDRAWN;
    for (int encoding = KF_ENCODING_JSON; encoding <= KF_ENCODING_PROTOBUF; encoding++) {
        kf_text_reset(&text);
        assert_int_equal(kf_record_manifest(&manifest, (enum kf_encoding)encoding, &text, &err),
                         KF_OK);
        assert_int_equal(
            kf_record_manifest_read(text.bytes, text.length, compare_manifest, &manifest, &err),
            KF_OK);
    }
    assert_int_equal(visits, 2);
}

static enum kf_err compare_letter(void *context, const struct kf_record_letter *letter,
                                  struct kf_error *error)
{
    const struct kf_rejection *wanted = context;
    (void)error;
    visits++;
    assert_string_equal(letter->release, GOLDEN_RELEASE);
    assert_int_equal(letter->panel, 2);
    assert_string_equal(letter->stage, wanted->stage);
    assert_string_equal(letter->reason, wanted->reason);
    assert_string_equal(letter->edition, wanted->edition);
    assert_int_equal(letter->year, wanted->year);
    return KF_OK;
}

static void a_dead_letter_is_read_as_it_was_written(void **state)
{
    struct kf_envelope *envelope = golden_envelope_rejection();
    (void)state;
    visits = 0;
    for (int encoding = KF_ENCODING_JSON; encoding <= KF_ENCODING_PROTOBUF; encoding++) {
        kf_text_reset(&text);
        assert_int_equal(kf_record_rejected(&envelope->release, 2, envelope->rejection,
                                            (enum kf_encoding)encoding, &text, &err),
                         KF_OK);
        assert_int_equal(kf_record_letter_read(text.bytes, text.length, compare_letter,
                                               envelope->rejection, &err),
                         KF_OK);
    }
    assert_int_equal(visits, 2);
    kf_envelope_destroy(&envelope);
}

static void running_out_of_memory_is_told(void **state)
{
    (void)state;
    size_t counted = 0;
    enum kf_err code = KF_ERR_MEMORY;
    static const char json[] = HEAD ",\"index\":1.5}";
    for (int64_t after = 0; code == KF_ERR_MEMORY; after++) {
        kf_memory_fail_after(after);
        code = read_json(json, &counted);
    }
    kf_memory_fail_after(-1);
    assert_int_equal(code, KF_OK);
    assert_int_equal(counted, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_row_is_read_as_it_was_written),
        TEST(fields_of_a_newer_program_are_passed_over),
        TEST(what_is_no_row_is_told_and_not_handed_over),
        TEST(every_cut_and_flip_of_a_packed_row_is_survived),
        TEST(a_manifest_is_read_as_it_was_written),
        TEST(a_dead_letter_is_read_as_it_was_written),
        TEST(running_out_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
