#include "tools/kf/browser_pipe.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "common/base/clock.h"
#include "common/base/memory.h"

#define PIECE_BYTES ((size_t)256 * 1024)

void kf_browser_pipe_init(struct kf_browser_pipe *self, int channel, int stop)
{
    *self = (struct kf_browser_pipe){.channel = channel, .stop = stop};
}

void kf_browser_pipe_clear(struct kf_browser_pipe *self)
{
    kf_free(self->bytes);
    *self = (struct kf_browser_pipe){.channel = -1, .stop = -1};
}

/* Waits until the channel is ready for `events`. */
static enum kf_err await(const struct kf_browser_pipe *self, short events, int64_t deadline_ms,
                         struct kf_error *err)
{
    struct pollfd both[] = {{.fd = self->channel, .events = events},
                            {.fd = self->stop, .events = POLLIN}};
    int64_t left_ms = deadline_ms - kf_clock_monotonic_ms();
    if (left_ms <= 0) { /* however much it has to say */
        return kf_error_set(err, KF_ERR_PEER, "the browser does not answer");
    }
    int ready = poll(both, 2, left_ms > INT_MAX ? INT_MAX : (int)left_ms);
    if (ready < 0 && errno != EINTR) {
        return kf_error_set_errno(err, KF_ERR_IO, errno, "cannot wait for the browser");
    }
    if (ready > 0 && both[1].revents) {
        return kf_error_set(err, KF_ERR_AGAIN, "stopped");
    }
    return KF_OK;
}

static enum kf_err ended(struct kf_error *err)
{
    return kf_error_set(err, KF_ERR_PEER, "the browser has ended");
}

static bool passes(int errnum)
{
    return errnum == EAGAIN || errnum == EWOULDBLOCK || errnum == EINTR;
}

enum kf_err kf_browser_pipe_send(struct kf_browser_pipe *self, const char *message,
                                 int64_t deadline_ms, struct kf_error *err)
{
    size_t length = strlen(message) + 1;
    enum kf_err code = KF_OK;
    for (size_t sent = 0; code == KF_OK && sent < length;) {
        code = await(self, POLLOUT, deadline_ms, err);
        ssize_t put =
            code == KF_OK ? send(self->channel, message + sent, length - sent, MSG_NOSIGNAL) : 0;
        if (put < 0 && !passes(errno)) {
            return ended(err);
        }
        sent += put > 0 ? (size_t)put : 0;
    }
    return code;
}

static enum kf_err make_room(struct kf_browser_pipe *self, struct kf_error *err)
{
    if (self->length > KF_BROWSER_MESSAGE_BYTES_MAX) {
        return kf_error_set(err, KF_ERR_PEER, "the browser sends a message of more than %zu bytes",
                            KF_BROWSER_MESSAGE_BYTES_MAX);
    }
    if (self->room - self->length >= PIECE_BYTES) {
        return KF_OK;
    }
    size_t room = 2 * self->room + PIECE_BYTES;
    char *grown = kf_realloc(self->bytes, room);
    if (!grown) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for what the browser sends");
    }
    self->bytes = grown;
    self->room = room;
    return KF_OK;
}

/* How much may be taken now: never more than shows that a message is too long, however fast it
 * comes. */
static size_t room_left(const struct kf_browser_pipe *self)
{
    size_t room = self->room - self->length;
    size_t allowed = KF_BROWSER_MESSAGE_BYTES_MAX + 1 - self->length;
    return room < allowed ? room : allowed;
}

/* Takes what has come; `*got` is how much, which may be nothing. */
static enum kf_err take(struct kf_browser_pipe *self, int64_t deadline_ms, size_t *got,
                        struct kf_error *err)
{
    enum kf_err code = make_room(self, err);
    if (code == KF_OK) {
        code = await(self, POLLIN, deadline_ms, err);
    }
    if (code != KF_OK) {
        return code;
    }
    ssize_t length = recv(self->channel, self->bytes + self->length, room_left(self), 0);
    if (length == 0 || (length < 0 && !passes(errno))) {
        return ended(err);
    }
    *got = length > 0 ? (size_t)length : 0;
    self->length += *got;
    return KF_OK;
}

static void forget_taken(struct kf_browser_pipe *self)
{
    self->length -= self->taken;
    if (self->length > 0) {
        memmove(self->bytes, self->bytes + self->taken, self->length);
    }
    self->taken = 0;
}

enum kf_err kf_browser_pipe_receive(struct kf_browser_pipe *self, int64_t deadline_ms,
                                    const char **message, struct kf_error *err)
{
    forget_taken(self);
    const char *end = self->length > 0 ? memchr(self->bytes, '\0', self->length) : NULL;
    while (!end) {
        size_t got = 0;
        enum kf_err code = take(self, deadline_ms, &got, err);
        if (code != KF_OK) {
            return code;
        }
        end = memchr(self->bytes + self->length - got, '\0', got);
    }
    self->taken = (size_t)(end - self->bytes) + 1;
    *message = self->bytes;
    return KF_OK;
}
