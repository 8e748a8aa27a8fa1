#include "common/bus/frame.h"

#include <string.h>

#include "common/model/digest.h"

#define LENGTH_OFFSET   4
#define CHECKSUM_OFFSET 8

static void put_little_endian(unsigned char *bytes, size_t count, uint64_t value)
{
    for (size_t i = 0; i < count; i++) {
        bytes[i] = (unsigned char)(value >> (8 * i) & 0xff);
    }
}

static uint64_t get_little_endian(const unsigned char *bytes, size_t count)
{
    uint64_t value = 0;
    for (size_t i = 0; i < count; i++) {
        value |= (uint64_t)bytes[i] << (8 * i);
    }
    return value;
}

void kf_frame_begin(struct kf_text *frame)
{
    static const unsigned char header[KF_FRAME_HEADER_SIZE];
    kf_text_reset(frame);
    kf_text_add_bytes(frame, header, sizeof header);
}

enum kf_err kf_frame_seal(struct kf_text *frame, enum kf_frame_kind kind, struct kf_error *err)
{
    if (frame->failed) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for a frame of more than %zu bytes",
                            frame->length);
    }
    if (frame->length < KF_FRAME_HEADER_SIZE) {
        return kf_error_set(err, KF_ERR_INTERNAL, "the frame was not begun");
    }
    size_t payload = frame->length - KF_FRAME_HEADER_SIZE;
    if (payload > UINT32_MAX) {
        return kf_error_set(err, KF_ERR_LIMIT, "payload of %zu bytes, a frame holds at most %u",
                            payload, UINT32_MAX);
    }
    unsigned char header[KF_FRAME_HEADER_SIZE] = {'K', 'F', KF_FRAME_VERSION, (unsigned char)kind};
    put_little_endian(header + LENGTH_OFFSET, 4, payload);
    put_little_endian(header + CHECKSUM_OFFSET, 8,
                      kf_checksum(frame->bytes + KF_FRAME_HEADER_SIZE, payload));
    memcpy(frame->bytes, header, sizeof header);
    return KF_OK;
}

/* --- opening --------------------------------------------------------------------------------- */

static const char *kind_name(unsigned kind)
{
    static const char *const names[] = {"unknown", "envelope", "receipt", "status"};
    return names[kind <= KF_FRAME_STATUS ? kind : 0];
}

static enum kf_err check_header(const unsigned char *header, enum kf_frame_kind kind,
                                struct kf_error *err)
{
    if (header[0] != 'K' || header[1] != 'F') {
        return kf_error_set(err, KF_ERR_DATA, "foreign message: it starts with %02x %02x",
                            header[0], header[1]);
    }
    if (header[2] != KF_FRAME_VERSION) {
        return kf_error_set(err, KF_ERR_DATA,
                            "frame of version %u, this program speaks %d; upgrade the services "
                            "from publish back to ingest",
                            header[2], KF_FRAME_VERSION);
    }
    if (header[3] != (unsigned char)kind) {
        return kf_error_set(err, KF_ERR_DATA, "frame of kind %u (%s) where %s belongs", header[3],
                            kind_name(header[3]), kind_name((unsigned)kind));
    }
    return KF_OK;
}

static enum kf_err check_payload(const unsigned char *frame, size_t length, struct kf_error *err)
{
    uint64_t promised = get_little_endian(frame + LENGTH_OFFSET, 4);
    size_t payload = length - KF_FRAME_HEADER_SIZE;
    if (promised != payload) {
        return kf_error_set(err, KF_ERR_DATA, "%s frame: %zu of %llu bytes",
                            payload < promised ? "truncated" : "overlong", payload,
                            (unsigned long long)promised);
    }
    uint64_t checksum = get_little_endian(frame + CHECKSUM_OFFSET, 8);
    if (checksum != kf_checksum(frame + KF_FRAME_HEADER_SIZE, payload)) {
        return kf_error_set(err, KF_ERR_DATA, "corrupt frame: its checksum differs");
    }
    return KF_OK;
}

enum kf_err kf_frame_open(const void *bytes, size_t length, enum kf_frame_kind kind,
                          const void **payload, size_t *payload_length, struct kf_error *err)
{
    if (length < KF_FRAME_HEADER_SIZE) {
        return kf_error_set(err, KF_ERR_DATA, "message of %zu bytes, a frame has at least %d",
                            length, KF_FRAME_HEADER_SIZE);
    }
    enum kf_err code = check_header(bytes, kind, err);
    if (!code) {
        code = check_payload(bytes, length, err);
    }
    if (!code) {
        *payload = (const unsigned char *)bytes + KF_FRAME_HEADER_SIZE;
        *payload_length = length - KF_FRAME_HEADER_SIZE;
    }
    return code;
}
