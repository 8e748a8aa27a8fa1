/* Any bytes as a frame, and any bytes as a payload: what is sealed opens, and nothing else does.
 * The last byte of a sealed frame is flipped to see that it is noticed. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/bus/frame.h"
#include "tests/fuzz/fuzz.h"

#define FRAME_BYTES_MAX ((size_t)1024 * 1024)

static void open_as_it_is(const uint8_t *data, size_t size)
{
    for (int kind = KF_FRAME_ENVELOPE; kind <= KF_FRAME_STATUS; kind++) {
        const void *payload = NULL;
        size_t length = 0;
        struct kf_error err = {0};
        enum kf_err code =
            kf_frame_open(data, size, (enum kf_frame_kind)kind, &payload, &length, &err);
        if (code == KF_OK) {
            must(payload == data + KF_FRAME_HEADER_SIZE && length == size - KF_FRAME_HEADER_SIZE);
        } else {
            must(code == KF_ERR_DATA && !payload && err.text[0]);
        }
    }
}

static void seal_and_open(const uint8_t *data, size_t size)
{
    struct kf_text frame;
    struct kf_error err = {0};
    const void *payload = NULL;
    size_t length = 0;
    kf_text_init(&frame, FRAME_BYTES_MAX);
    kf_frame_begin(&frame);
    kf_text_add_bytes(&frame, data, size);
    if (kf_frame_seal(&frame, KF_FRAME_RECEIPT, &err) == KF_OK) {
        must(kf_frame_open(frame.bytes, frame.length, KF_FRAME_RECEIPT, &payload, &length, &err) ==
             KF_OK);
        must(length == size && (size == 0 || memcmp(payload, data, size) == 0));
        frame.bytes[frame.length - 1] = (char)(frame.bytes[frame.length - 1] ^ 1);
        must(kf_frame_open(frame.bytes, frame.length, KF_FRAME_RECEIPT, &payload, &length, &err) ==
             KF_ERR_DATA);
    }
    kf_text_clear(&frame);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    open_as_it_is(data, size);
    seal_and_open(data, size);
    return 0;
}
