/* Which of the newest releases are not as they were told last. */
#ifndef KF_BOARD_RELEASE_WATCH_H
#define KF_BOARD_RELEASE_WATCH_H

#include "common/base/error.h"
#include "common/model/digest.h"
#include "services/board/api/releases.h"

#define KF_RELEASE_WATCH_MAX 20

struct kf_release_watch {
    struct {
        char id[KF_RELEASE_ID_SIZE];
        char digest[KF_DIGEST_SIZE];
    } told[KF_RELEASE_WATCH_MAX]; /* newest first */
    size_t told_len;
    uint64_t changes; /* of the store, when it was looked at last */
    bool looked;
};

/* `json` is the release, one line; `is_new` says that it was not there before. */
typedef void kf_release_watch_tell(void *context, const struct kf_board_release *release,
                                   bool is_new, const struct kf_text *json);

/* Tells each of the newest releases that is new, or not as it was when this was called last; at
 * first only notes what there is. An empty watch is {0}. Errors of the store, KF_ERR_MEMORY. */
enum kf_err kf_release_watch_look(struct kf_release_watch *self, struct kf_board_store *store,
                                  kf_release_watch_tell *tell, void *context, struct kf_error *err);

#endif
