/* Messages to and from a browser: texts, each ended by a NUL, over a socket.
 *
 * Every wait has a deadline (kf_clock_monotonic_ms) and ends when `stop` becomes readable. What
 * goes wrong on the other side is KF_ERR_PEER: it has ended, is silent, or sends more than a
 * message may have. KF_ERR_AGAIN says that it was stopped; KF_ERR_MEMORY and KF_ERR_IO are our own
 * lack. After any failure the pipe is only good for clearing.
 */
#ifndef KF_TOOLS_BROWSER_PIPE_H
#define KF_TOOLS_BROWSER_PIPE_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"

#define KF_BROWSER_MESSAGE_BYTES_MAX ((size_t)8 * 1024 * 1024)

struct kf_browser_pipe {
    int channel; /* borrowed; not blocking */
    int stop;    /* borrowed; -1: nothing stops it */
    char *bytes; /* what has come and is not taken */
    size_t length;
    size_t room;
    size_t taken; /* of the message that was given out last */
};

/* An empty pipe in the caller's storage. */
void kf_browser_pipe_init(struct kf_browser_pipe *self, int channel, int stop);
void kf_browser_pipe_clear(struct kf_browser_pipe *self);

/* Sends the text with its NUL. */
enum kf_err kf_browser_pipe_send(struct kf_browser_pipe *self, const char *message,
                                 int64_t deadline_ms, struct kf_error *err);

/* Waits for the next message and lends it until the next call. */
enum kf_err kf_browser_pipe_receive(struct kf_browser_pipe *self, int64_t deadline_ms,
                                    const char **message, struct kf_error *err);

#endif
