/* Reads the bodies that answer a question, piece by piece, into the answer: figures and
 * descriptions as they stream in, small lists whole. What an attempt has brought is forgotten when
 * the next begins.
 */
#ifndef KF_INGEST_SSB_READING_H
#define KF_INGEST_SSB_READING_H

#include <stddef.h>

#include "common/base/error.h"
#include "services/ingest/ssb/call.h"
#include "services/ingest/ssb/paging.h"
#include "services/ingest/ssb/ssb.h"

struct kf_ssb_reading;

/* A reading of all pages of the question, which is borrowed for its life; `bytes_max` of a body.
 * KF_ERR_MEMORY. */
enum kf_err kf_ssb_reading_new(const struct kf_ssb_question *question, uint64_t bytes_max,
                               struct kf_ssb_reading **reading, struct kf_error *err);

/* NULL is fine, the pointer is nulled. */
void kf_ssb_reading_destroy(struct kf_ssb_reading **self);

/* Which part of the selection the next body answers; DATA only. */
void kf_ssb_reading_expect(struct kf_ssb_reading *self, const struct kf_ssb_page_cut *cut);

/* To give to calls; borrows the reading. `end` also calls the question's page callback. */
struct kf_ssb_sink kf_ssb_reading_sink(struct kf_ssb_reading *self);

/* Pages that the search has; 1 for other questions. */
size_t kf_ssb_reading_pages(const struct kf_ssb_reading *self);

/* What was read, into the answer's lists and figures; texts live as long as the reading. */
void kf_ssb_reading_show(const struct kf_ssb_reading *self, struct kf_ssb_answer *answer);

#endif
