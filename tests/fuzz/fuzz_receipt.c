/* Any bytes as a receipt, as its dead letters and as a status beat: refused or understood, never a
 * crash. What was understood packs, unpacks and packs to the same bytes again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/codec/letter.h"
#include "common/codec/receipt.h"
#include "common/codec/status.h"
#include "tests/fuzz/fuzz.h"

#define MESSAGE_BYTES_MAX 65536

static void assert_same(struct kf_text *once, struct kf_text *twice)
{
    must(once->length == twice->length && memcmp(once->bytes, twice->bytes, once->length) == 0);
    kf_text_clear(once);
    kf_text_clear(twice);
}

static void as_receipt(const uint8_t *data, size_t size)
{
    struct kf_receipt receipt;
    struct kf_error err = {0};
    enum kf_err code = kf_receipt_unpack(data, size, &receipt, &err);
    if (code) {
        must((code == KF_ERR_DATA || code == KF_ERR_LIMIT) && err.text[0]);
        return;
    }
    struct kf_text once;
    struct kf_text twice;
    kf_text_init(&once, MESSAGE_BYTES_MAX);
    kf_text_init(&twice, MESSAGE_BYTES_MAX);
    must(kf_receipt_pack(&receipt, &once, &err) == KF_OK);
    must(kf_receipt_unpack(once.bytes, once.length, &receipt, &err) == KF_OK);
    must(kf_receipt_pack(&receipt, &twice, &err) == KF_OK);
    assert_same(&once, &twice);
}

static void as_status(const uint8_t *data, size_t size)
{
    struct kf_status status;
    struct kf_error err = {0};
    enum kf_err code = kf_status_unpack(data, size, &status, &err);
    if (code) {
        must((code == KF_ERR_DATA || code == KF_ERR_LIMIT) && err.text[0]);
        return;
    }
    struct kf_text once;
    struct kf_text twice;
    kf_text_init(&once, MESSAGE_BYTES_MAX);
    kf_text_init(&twice, MESSAGE_BYTES_MAX);
    must(kf_status_pack(&status, &once, &err) == KF_OK);
    must(kf_status_unpack(once.bytes, once.length, &status, &err) == KF_OK);
    must(kf_status_pack(&status, &twice, &err) == KF_OK);
    assert_same(&once, &twice);
}

/* Dead letters of a receipt: packed by themselves they are read as the same letters. */
static void as_letters(const uint8_t *data, size_t size)
{
    struct kf_letters *letters = NULL;
    struct kf_error err = {0};
    enum kf_err code = kf_letters_unpack(data, size, &letters, &err);
    if (code) {
        must(!letters && (code == KF_ERR_DATA || code == KF_ERR_LIMIT) && err.text[0]);
        return;
    }
    struct kf_text once;
    struct kf_text twice;
    kf_text_init(&once, KF_LETTERS_BYTES_MAX);
    kf_text_init(&twice, KF_LETTERS_BYTES_MAX);
    must(kf_letters_pack(letters->list, letters->length, KF_LETTERS_BYTES_MAX, &once, &err) ==
         KF_OK);
    size_t length = letters->length;
    kf_letters_destroy(&letters);
    must(kf_letters_unpack(once.bytes, once.length, &letters, &err) == KF_OK);
    must(letters->length == length);
    must(kf_letters_pack(letters->list, length, KF_LETTERS_BYTES_MAX, &twice, &err) == KF_OK);
    assert_same(&once, &twice);
    kf_letters_destroy(&letters);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    as_receipt(data, size);
    as_letters(data, size);
    as_status(data, size);
    return 0;
}
