/* Any bytes as an envelope: refused or understood, never a crash. What was understood packs,
 * unpacks and packs to the same bytes again, and its rows and dead letters can be written. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/codec/envelope.h"
#include "common/codec/record.h"
#include "common/model/row.h"
#include "tests/fuzz/fuzz.h"

#define VALUE_BYTES_MAX ((size_t)16 * 1024 * 1024)

static enum kf_err write_row(void *context, const struct kf_panel *panel, const struct kf_row *row,
                             struct kf_error *err)
{
    struct kf_text *value = context;
    kf_text_reset(value);
    kf_record_row_key(panel, row, value);
    enum kf_err json = kf_record_row("release", panel, row, KF_ENCODING_JSON, value, err);
    enum kf_err packed = kf_record_row("release", panel, row, KF_ENCODING_PROTOBUF, value, err);
    /* A stranger's panel may hold measures that no record has, or one twice; both encodings agree.
     */
    must(json == packed && json != KF_ERR_MEMORY && json != KF_ERR_LIMIT);
    return KF_OK;
}

static void write_records(const struct kf_envelope *envelope)
{
    struct kf_text value;
    struct kf_error err = {0};
    kf_text_init(&value, VALUE_BYTES_MAX);
    if (envelope->panel) {
        enum kf_err code = kf_panel_walk(envelope->panel, write_row, &value, &err);
        must(code == KF_OK || code == KF_ERR_DATA);
    } else {
        must(kf_record_rejected(&envelope->release, envelope->index, envelope->rejection,
                                KF_ENCODING_JSON, &value, &err) == KF_OK);
    }
    kf_text_clear(&value);
}

/* Packs into `bytes`, unpacks that and replaces the envelope by the result. */
static void turn_around(struct kf_envelope **envelope, struct kf_text *bytes)
{
    struct kf_error err = {0};
    kf_text_reset(bytes);
    must(kf_envelope_pack(*envelope, bytes, &err) == KF_OK);
    kf_envelope_destroy(envelope);
    must(kf_envelope_unpack(bytes->bytes, bytes->length, envelope, &err) == KF_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kf_envelope *envelope = NULL;
    struct kf_error err = {0};
    enum kf_err code = kf_envelope_unpack(data, size, &envelope, &err);
    if (code) {
        must(!envelope && (code == KF_ERR_DATA || code == KF_ERR_LIMIT) && err.text[0]);
        return 0;
    }
    struct kf_text once;
    struct kf_text twice;
    kf_text_init(&once, KF_ENVELOPE_BYTES_MAX);
    kf_text_init(&twice, KF_ENVELOPE_BYTES_MAX);
    write_records(envelope);
    turn_around(&envelope, &once);
    turn_around(&envelope, &twice);
    must(once.length == twice.length && memcmp(once.bytes, twice.bytes, once.length) == 0);
    kf_text_clear(&once);
    kf_text_clear(&twice);
    kf_envelope_destroy(&envelope);
    return 0;
}
