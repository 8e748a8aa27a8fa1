/* Foreign text made fit to show: for findings, logs and messages, which must be UTF-8 whatever a
 * file or a file name held.
 */
#ifndef KF_INGEST_SHOWN_H
#define KF_INGEST_SHOWN_H

#include <stddef.h>

#define KF_SHOWN_SIZE   256
#define KF_SHOWN_HIDDEN "…"

/* Copies the `length` bytes at `text` as UTF-8: control characters become `?`, as do bytes beyond
 * ASCII when the whole is not UTF-8; cut between characters when too long. Returns `shown`. */
const char *kf_shown(const char *text, size_t length, char shown[KF_SHOWN_SIZE]);

/* The same of a cell in which a person may be named: a figure, a mark or the country's code is
 * shown, anything else, also a number as long as that of a person, is KF_SHOWN_HIDDEN. */
const char *kf_shown_private(const char *text, size_t length, char shown[KF_SHOWN_SIZE]);

#endif
