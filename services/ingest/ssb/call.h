/* One call until it has succeeded or is given up: at the polite rate, repeated as policy.h says,
 * redirects followed (each is a call, too; never from https to http).
 */
#ifndef KF_INGEST_SSB_CALL_H
#define KF_INGEST_SSB_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "services/ingest/ssb/policy.h"
#include "services/ingest/ssb/ssb.h"
#include "services/ingest/ssb/transport.h"

#define KF_SSB_REDIRECTS_MAX 3

/* Who reads the content. `begin` comes before every attempt and forgets what came before; `take`
 * gets the pieces, `end` is told that it was all. A cause other than KF_SSB_NO_CAUSE, with its text
 * in `err`, makes the attempt fail. */
struct kf_ssb_sink {
    void *context;
    void (*begin)(void *context);
    enum kf_ssb_cause (*take)(void *context, const void *bytes, size_t length,
                              struct kf_error *err);
    enum kf_ssb_cause (*end)(void *context, struct kf_error *err);
};

struct kf_ssb_call;

/* The options' texts are borrowed for its life. As kf_ssb_transport_new. */
enum kf_err kf_ssb_call_new(const struct kf_ssb_options *options, struct kf_ssb_call **call,
                            struct kf_error *err);

/* NULL is fine, the pointer is nulled. */
void kf_ssb_call_destroy(struct kf_ssb_call **self);

/* Begins a call; none may be open. The request's texts are borrowed until it has ended, the sink is
 * copied. */
void kf_ssb_call_begin(struct kf_ssb_call *self, const struct kf_ssb_request *request,
                       const struct kf_ssb_sink *sink);

/* Breaks the open call off, if any. It counts against the rate all the same. */
void kf_ssb_call_drop(struct kf_ssb_call *self);

/* A bounded amount of work. True once the call has ended. */
bool kf_ssb_call_work(struct kf_ssb_call *self);

/* Of the call that has ended: whether it succeeded (no cause), and what came. Until the next. */
const struct kf_ssb_verdict *kf_ssb_call_verdict(const struct kf_ssb_call *self);
const struct kf_ssb_exchange *kf_ssb_call_exchange(const struct kf_ssb_call *self);

/* As kf_ssb_wait, kf_ssb_trouble, kf_ssb_counts. */
size_t kf_ssb_call_wait(const struct kf_ssb_call *self, struct kf_poll_item *items, size_t room,
                        int64_t *deadline_ms);
const char *kf_ssb_call_trouble(const struct kf_ssb_call *self);
const struct kf_ssb_counts *kf_ssb_call_counts(const struct kf_ssb_call *self);

#endif
