/* How deep messages nest in packed bytes, found out before they are unpacked: protobuf-c unpacks by
 * recursion without a limit, and a panel holds the panel of the year before. Internal to the codec.
 */
#ifndef KF_CODEC_NESTING_H
#define KF_CODEC_NESTING_H

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>

#include "common/base/error.h"

/* Messages within each other, the outermost included. Ours need eight: an envelope, a panel, the
 * panels of five years before it, a column. */
#define KF_CODEC_LEVELS_MAX 16

/* KF_ERR_LIMIT when messages of `type` in the `length` bytes nest deeper, KF_ERR_DATA when the
 * bytes are no message at all. Memory: a little of the stack for each level. */
enum kf_err kf_nesting_check(const ProtobufCMessageDescriptor *type, const void *bytes,
                             size_t length, struct kf_error *err);

#endif
