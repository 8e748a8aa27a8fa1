/* The frame around every message between processes: says what it is and whether it arrived whole.
 *
 *     bytes 0–1  'K' 'F'
 *     byte  2    version of the frame, 1
 *     byte  3    kind: envelope, receipt, status
 *     bytes 4–7  length of the payload, lowest byte first
 *     bytes 8–15 XXH3-64 of the payload, lowest byte first
 *     bytes 16–  payload, a packed protobuf message
 *
 * Anything else that reaches a socket is refused, counted and named in the log; never an assertion.
 */
#ifndef KF_BUS_FRAME_H
#define KF_BUS_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/text.h"

#define KF_FRAME_VERSION     1
#define KF_FRAME_HEADER_SIZE 16

enum kf_frame_kind { KF_FRAME_ENVELOPE = 1, KF_FRAME_RECEIPT, KF_FRAME_STATUS };

/* Starts a frame: empties `frame` and reserves the header. Append the payload, then seal. */
void kf_frame_begin(struct kf_text *frame);

/* Fills in the header for the payload that was appended. KF_ERR_MEMORY when an append had failed.
 */
enum kf_err kf_frame_seal(struct kf_text *frame, enum kf_frame_kind kind, struct kf_error *err);

/* Checks the frame and gives its payload, which points into `bytes`. KF_ERR_DATA with the reason:
 * foreign, another version, wrong kind, truncated, corrupt. */
enum kf_err kf_frame_open(const void *bytes, size_t length, enum kf_frame_kind kind,
                          const void **payload, size_t *payload_length, struct kf_error *err);

#endif
