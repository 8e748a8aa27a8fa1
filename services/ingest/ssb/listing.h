/* The small answers: tables, municipality codes, changes of codes. Whole documents, bounded. */
#ifndef KF_INGEST_SSB_LISTING_H
#define KF_INGEST_SSB_LISTING_H

#include <stddef.h>

#include "common/base/error.h"
#include "services/ingest/ssb/ssb.h"

#define KF_SSB_LISTED_MAX       50000               /* rows of an answer, all pages together */
#define KF_SSB_LISTED_BYTES_MAX (32u * 1024 * 1024) /* of a document, and of all texts kept */

struct kf_ssb_listing;

/* KF_ERR_MEMORY. */
enum kf_err kf_ssb_listing_new(struct kf_ssb_listing **listing, struct kf_error *err);

/* NULL is fine, the pointer is nulled. */
void kf_ssb_listing_destroy(struct kf_ssb_listing **self);

/* Reads one document that answers a question of that kind (TABLES, TABLE, CODES, CHANGES) and adds
 * its rows to those of the pages before. KF_SSB_CUT when it ends too early, KF_SSB_FOREIGN when it
 * is something else, KF_SSB_CHANGED when pages do not fit together, KF_SSB_TOO_LARGE,
 * KF_SSB_NO_MEMORY, with a text in `err`; no rows are added then. */
enum kf_ssb_cause kf_ssb_listing_add(struct kf_ssb_listing *self, enum kf_ssb_kind kind,
                                     const char *json, size_t length, struct kf_error *err);

/* Pages that the search has, as its newest page says; at least 1. */
size_t kf_ssb_listing_pages(const struct kf_ssb_listing *self);

/* The rows so far, into the answer's lists; borrowed from the listing. */
void kf_ssb_listing_show(const struct kf_ssb_listing *self, struct kf_ssb_answer *answer);

#endif
