/* Any bytes as a row of a topic, as a manifest and as a dead letter, in both encodings: refused or
 * understood, never a crash. What was understood keeps what the header promises. The first byte
 * says which. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "common/codec/record_read.h"
#include "tests/fuzz/fuzz.h"

static enum kf_err check_row(void *context, const struct kf_record_row *row, struct kf_error *err)
{
    (void)context;
    (void)err;
    must(strlen(row->release) == KF_RELEASE_ID_SIZE - 1 && row->edition[0] && row->sector[0]);
    must(row->year > 0 && row->measures_len <= KF_RECORD_MEASURES_MAX);
    must(row->flags < 1U << KF_FLAGS);
    for (size_t i = 0; i < row->measures_len; i++) {
        must(isfinite(row->measures[i].value));
        must(kf_record_measure_name(row->topic, row->measures[i].number) == row->measures[i].name);
    }
    return KF_OK;
}

static enum kf_err check_manifest(void *context, const struct kf_manifest *manifest,
                                  struct kf_error *err)
{
    (void)context;
    (void)err;
    must(strlen(manifest->release) == KF_RELEASE_ID_SIZE - 1);
    must(manifest->panels_len <= KF_RELEASE_PANELS_MAX);
    must(manifest->sources_len <= KF_SOURCES_MAX);
    for (size_t i = 0; i < manifest->panels_len; i++) {
        must(manifest->panels[i].topics != NULL);
        must(memchr(manifest->panels[i].edition, '\0', sizeof manifest->panels[i].edition));
    }
    return KF_OK;
}

static enum kf_err check_letter(void *context, const struct kf_record_letter *letter,
                                struct kf_error *err)
{
    (void)context;
    (void)err;
    must(strlen(letter->release) == KF_RELEASE_ID_SIZE - 1);
    must(letter->stage && letter->reason && letter->edition);
    return KF_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kf_error err = {0};
    enum kf_err code = KF_OK;
    size_t kind = size > 0 ? data[0] % (KF_TOPICS + 2) : 0;
    const uint8_t *bytes = data + (size > 0);
    size_t length = size - (size > 0);
    if (kind < KF_TOPICS) {
        code = kf_record_row_read((enum kf_topic)kind, bytes, length, check_row, NULL, &err);
    } else if (kind == KF_TOPICS) {
        code = kf_record_manifest_read(bytes, length, check_manifest, NULL, &err);
    } else {
        code = kf_record_letter_read(bytes, length, check_letter, NULL, &err);
    }
    must(code == KF_OK || ((code == KF_ERR_DATA || code == KF_ERR_LIMIT) && err.text[0]));
    return 0;
}
