/* The headers of a record: CloudEvents 1.0 in binary mode, the content type, and a W3C trace
 * context whose trace is the release. Pure.
 */
#ifndef KF_PUBLISH_EVENT_H
#define KF_PUBLISH_EVENT_H

#include <stddef.h>

#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/text.h"
#include "common/codec/envelope.h"
#include "common/codec/record.h"
#include "common/kafka/topics.h"

/* CloudEvents, content type and trace context; whoever writes a record may add five of its own. */
#define KF_EVENT_HEADERS     8
#define KF_EVENT_HEADERS_MAX 13
#define KF_EVENT_TYPE_SIZE   64
#define KF_EVENT_TRACE_SIZE  56

/* A header of a record. Name and value are borrowed. */
struct kf_header {
    const char *name;
    const char *value;
    size_t length;
};

/* The headers of one record after the other. `list` is valid until the next change. */
struct kf_event {
    struct kf_header list[KF_EVENT_HEADERS_MAX];
    size_t length;
    char types[KF_TOPICS_ALL][KF_EVENT_TYPE_SIZE];
    char time[KF_CLOCK_TEXT_SIZE];
    char trace[KF_EVENT_TRACE_SIZE];
    struct kf_text source;
    struct kf_text id;
    size_t id_prefix; /* length of "<release>/" in front of every id */
};

/* Prepares for the records of `release` in the caller's storage; clear it afterwards. */
void kf_event_init(struct kf_event *self, const struct kf_release *release,
                   enum kf_encoding encoding);
void kf_event_clear(struct kf_event *self);

/* Sets what the following records are about: an edition, or "" for none. */
void kf_event_set_edition(struct kf_event *self, const char *edition);

/* Fills `list` with the headers of a record; its id is release/kind/key, since keys of two topics
 * may be alike. KF_ERR_MEMORY. */
enum kf_err kf_event_set_record(struct kf_event *self, size_t topic, const struct kf_text *key,
                                struct kf_error *err);

/* Adds a header to the record's; at most KF_EVENT_HEADERS_MAX in all. */
void kf_event_add(struct kf_event *self, const char *name, const char *value);

#endif
