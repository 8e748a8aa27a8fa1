/* The board beside a pipeline as `kf up` sees it: whether it is there, and where its page is.
 *
 * It is no stage. A pipeline that starts waits for its page, so that one word tells both; once the
 * board has failed it is waited for no more, and nothing that it does stops the others.
 */
#ifndef KF_TOOLS_BOARD_WATCH_H
#define KF_TOOLS_BOARD_WATCH_H

#include <stdbool.h>
#include <sys/types.h>

#include "common/codec/status.h"
#include "tools/kf/fleet.h"

#define KF_BOARD_WATCH_PAGE_SIZE 40

struct kf_board_watch {
    const struct kf_fleet *fleet;        /* borrowed */
    pid_t pid;                           /* of the newest process; 0: none runs */
    bool failed;                         /* one has ended, or could not be started */
    char port[8];                        /* as text; that of the settings until one is known */
    char page[KF_BOARD_WATCH_PAGE_SIZE]; /* "http://127.0.0.1:9467/"; "": nobody serves it now */
};

/* For the board of `fleet`; it may have none. */
void kf_board_watch_init(struct kf_board_watch *self, const struct kf_fleet *fleet);

/* A process was started, or could not be; it has ended. */
void kf_board_watch_started(struct kf_board_watch *self, pid_t pid);
void kf_board_watch_ended(struct kf_board_watch *self);

/* Takes anybody's beat. True when it tells that the page is served from now on: `page` and `port`
 * are known then. */
bool kf_board_watch_beat(struct kf_board_watch *self, const struct kf_status *beat);

/* True while the page of a board that has not failed yet is not served. */
bool kf_board_watch_is_awaited(const struct kf_board_watch *self);

/* Appends the endpoint of its beats behind a comma; nothing when there is no board. */
void kf_board_watch_add_endpoint(const struct kf_board_watch *self, struct kf_text *endpoints);

#endif
