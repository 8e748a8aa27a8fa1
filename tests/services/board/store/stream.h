/* Recorded streams: what publish writes of releases of the fixture, kept in memory, and given to a
 * store in any order. Any failure ends the test program. */
#ifndef KF_TESTS_BOARD_STREAM_H
#define KF_TESTS_BOARD_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/codec/record.h"
#include "services/board/store/store.h"
#include "services/publish/assembly.h"

#define STREAM_MAX 512

struct stream_record {
    size_t topic;
    char *key;
    char *value; /* NULL: withdrawn */
    size_t length;
    long offset; /* within the topic */
    int64_t time_ms;
};

struct stream {
    struct stream_record list[STREAM_MAX];
    size_t length;
    long offsets[32]; /* of the next record, by topic */
};

/* Appends what publish writes of the release, which is destroyed. `old`: as a program writes it
 * whose manifests do not tell of panels. */
void stream_publish(struct stream *self, struct kf_collected *release, enum kf_encoding encoding,
                    bool old);

/* A release of panels 0 to `panels` - 1, whose first index is `first` instead of 100.5. */
struct kf_collected *stream_release(const char *id, uint32_t panels, double first);

void stream_clear(struct stream *self);

/* What compaction leaves: of each key the newest record. Manifests and dead letters stay. */
void stream_compact(struct stream *self);

/* Gives records `from` to `to` - 1 to the store in transactions of `batch` records, and settles all
 * that there is to settle after each. */
void stream_feed(const struct stream *self, struct kf_board_store *store, size_t from, size_t to,
                 size_t batch);

/* Gives all records to the store in one transaction, which may fail: then nothing of it is kept, as
 * by the follower. */
enum kf_err stream_try(const struct stream *self, struct kf_board_store *store);

/* The same with topics in reverse: the manifests first. */
void stream_feed_manifests_first(const struct stream *self, struct kf_board_store *store);

#endif
