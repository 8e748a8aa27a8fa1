/* The records of a release: which bytes go to which topic, in which order. Pure: the same release
 * gives the same records, whoever takes them.
 *
 * Order: the rows of each panel by index, in walk order; then the keys that are withdrawn, by topic
 * and ascending, as records without a value; then the dead letters by index; then the manifest,
 * which counts and digests all that went before.
 */
#ifndef KF_PUBLISH_RECORDS_H
#define KF_PUBLISH_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/codec/record.h"
#include "common/kafka/topics.h"
#include "services/publish/assembly.h"
#include "services/publish/event.h"
#include "services/publish/former.h"
#include "services/publish/withdraw.h"

/* The panel of a record that belongs to none: the manifest. */
#define KF_RECORD_NO_PANEL UINT32_MAX

/* One record. Everything is borrowed for the call. */
struct kf_record {
    uint32_t panel; /* index of the panel it comes from, or KF_RECORD_NO_PANEL */
    size_t topic;   /* enum kf_topic, KF_TOPIC_RELEASE or KF_TOPIC_REJECTED */
    const char *key;
    size_t key_length;
    const char *value; /* NULL: the key is withdrawn */
    size_t value_length;
    const struct kf_header *headers;
    size_t headers_len;
};

/* Takes a record; anything but KF_OK ends the walk and is returned. */
typedef enum kf_err kf_record_emit(void *context, const struct kf_record *record,
                                   struct kf_error *err);

struct kf_records_options {
    const struct kf_topic_set *topics;
    enum kf_encoding encoding;
    const char *previous_release;   /* "" for the first */
    const struct kf_former *former; /* what earlier releases published; NULL: nothing */
    kf_withdraw_read *read_keys;    /* for what has to be withdrawn; with `former` only */
    kf_record_emit *emit;
    void *context; /* for `emit` and `read_keys` */
};

/* What the walk wrote. */
struct kf_records_totals {
    enum kf_release_state state;
    uint64_t rows;                         /* on the topics of results */
    uint64_t rows_by_topic[KF_TOPICS_ALL]; /* records on each topic */
    uint64_t withdrawn;                    /* records without a value, which are no rows */
    uint64_t withdrawn_by_topic[KF_TOPICS_ALL];
    uint32_t panels_rejected;
};

/* The panel that cannot be written, when that is why the walk failed. */
struct kf_records_fault {
    bool found;
    uint32_t index;
};

/* No record is longer. */
#define KF_RECORD_BYTES_MAX ((size_t)8 * 1024 * 1024)

/* Walks the release. When a panel's content has no valid record (a measure that the contract does
 * not know, an edition and year that an earlier panel of the release has too) `fault` names it and
 * the code is KF_ERR_DATA: reject the panel and walk again. `fault` is always written, totals on
 * success. Otherwise KF_ERR_MEMORY, KF_ERR_LIMIT or what `emit` or `read_keys` returned. */
enum kf_err kf_records_walk(const struct kf_collected *release,
                            const struct kf_records_options *options,
                            struct kf_records_totals *totals, struct kf_records_fault *fault,
                            struct kf_error *err);

#endif
