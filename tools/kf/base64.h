/* Base64 as RFC 4648 section 4 has it: padded, without line ends. */
#ifndef KF_TOOLS_BASE64_H
#define KF_TOOLS_BASE64_H

#include <stdbool.h>
#include <stddef.h>

/* Room that `length` characters need at most. */
#define KF_BASE64_ROOM(length) ((length) / 4 * 3)

/* Decodes the `length` characters into `bytes`, which has KF_BASE64_ROOM(length) of them, and gives
 * how many they were. False, with whatever in `bytes`, when that is not base64. */
bool kf_base64_decode(const char *text, size_t length, unsigned char *bytes, size_t *bytes_len);

#endif
