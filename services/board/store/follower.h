/* Reads the result topics into the board's store, as any consumer outside could: read_committed, no
 * group, nothing committed, nothing changed. Where it is on the topics stands in the store, written
 * with what was read: killed at any time it goes on from there.
 *
 * Life: kf_board_follower_new, kf_board_follower_poll again and again (by a service's loop, or
 * until it is following), kf_board_follower_destroy. It does not log.
 */
#ifndef KF_BOARD_FOLLOWER_H
#define KF_BOARD_FOLLOWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/kafka/kafka_options.h"
#include "services/board/store/store.h"

struct kf_board_follower;

struct kf_board_follower_options {
    const char *bootstrap_servers;
    const char *topic_prefix;
    const char *client_id;
    const struct kf_kafka_options *kafka; /* the operator's own, or NULL; borrowed for _new */
};

enum kf_board_follower_state {
    KF_BOARD_READING = 1, /* catching up */
    KF_BOARD_FOLLOWING,   /* all that is committed is in the store */
    KF_BOARD_WAITING,     /* for brokers or topics: see detail */
};

/* "reading", "following", "waiting". */
const char *kf_board_follower_state_name(enum kf_board_follower_state state);

struct kf_board_progress {
    enum kf_board_follower_state state;
    char detail[256]; /* "" when there is nothing to tell */
    uint64_t behind;  /* records on the topics that it has not read */
    uint64_t read;    /* records since it began */
    uint64_t refused; /* of these, that are no records of ours: told in detail, passed over */
    bool changed;     /* by this call: something that readers see */
    bool busy;        /* more can be done at once: call again soon */
};

/* A follower into `store`, a writing handle, which must live longer. It connects by itself, when it
 * can. KF_ERR_CONFIG when a setting is not one; KF_ERR_MEMORY. */
enum kf_err kf_board_follower_new(struct kf_board_store *store,
                                  const struct kf_board_follower_options *options,
                                  struct kf_board_follower **follower, struct kf_error *err);

/* NULL is fine, the pointer is nulled. */
void kf_board_follower_destroy(struct kf_board_follower **self);

/* A descriptor that is readable when records may be there; poll empties it. */
int kf_board_follower_descriptor(const struct kf_board_follower *self);

/* Waits up to `wait_ms` for records, takes as many as there are for some 50 ms (a panel that is
 * compared with the one before it may take longer), commits them. Brokers that are away are no
 * error but a state. Topics that begin anew (deleted and made again) empty the store, and it is
 * read anew. KF_ERR_IO, KF_ERR_DATA, KF_ERR_MEMORY of the store: nothing of this call is kept, call
 * again or give up. */
enum kf_err kf_board_follower_poll(struct kf_board_follower *self, int wait_ms,
                                   struct kf_board_progress *progress, struct kf_error *err);

/* Polls until all that is committed is in the store, and nothing is left to be done. KF_ERR_PEER
 * when Kafka cannot be read for `silence_ms`. `watch` (or NULL) is called between polls: anything
 * but KF_OK ends the run and is returned. */
typedef enum kf_err kf_board_follower_watch(void *context, const struct kf_board_progress *progress,
                                            struct kf_error *err);
enum kf_err kf_board_follower_run(struct kf_board_follower *self, int64_t silence_ms,
                                  kf_board_follower_watch *watch, void *context,
                                  struct kf_error *err);

#endif
