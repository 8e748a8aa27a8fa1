/* Text as spreadsheets of another time save it: Windows-1252, of which Latin-1 is the larger part.
 * Pure. */
#ifndef KF_INGEST_SHEET_TEXT_H
#define KF_INGEST_SHEET_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of UTF-8 that one of Windows-1252 becomes, at most. */
#define KF_SHEET_TEXT_FACTOR ((size_t)3)

/* Writes the `length` bytes at `text` as UTF-8 to `to`, which has room for KF_SHEET_TEXT_FACTOR
 * times as many. False when there is a byte that Windows-1252 has not: `strange` is then the first.
 */
bool kf_sheet_text_to_utf8(const char *text, size_t length, char *to, size_t *to_length,
                           unsigned char *strange);

/* True when the bytes are ASCII without zero. */
bool kf_sheet_text_is_plain(const char *text, size_t length);

#endif
