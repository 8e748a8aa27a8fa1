#include "common/bus/socket.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <zmq.h>

#include "common/base/memory.h"
#include "common/bus/endpoint_path.h"

#define STATUS_QUEUE_MAX 100
#define STATUS_BYTES_MAX ((size_t)64 * 1024)
#define POLL_ITEMS_MAX   64
#define LENGTH_OF(array) (sizeof(array) / sizeof(array)[0])

struct kf_bus {
    void *context;
};

struct kf_socket {
    void *handle;
};

static enum kf_err zmq_failure(enum kf_err code, const char *what, struct kf_error *err)
{
    return kf_error_set(err, code, "%s: %s", what, zmq_strerror(zmq_errno()));
}

static enum kf_err no_memory(struct kf_error *err)
{
    return kf_error_set(err, KF_ERR_MEMORY, "no memory for a socket");
}

/* --- the context ----------------------------------------------------------------------------- */

enum kf_err kf_bus_new(struct kf_bus **bus, struct kf_error *err)
{
    struct kf_bus *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return no_memory(err);
    }
    self->context = zmq_ctx_new();
    if (!self->context || zmq_ctx_set(self->context, ZMQ_IO_THREADS, 1) != 0 ||
        zmq_ctx_set(self->context, ZMQ_IPV6, 0) != 0) {
        enum kf_err code = zmq_failure(KF_ERR_IO, "cannot start ZeroMQ", err);
        kf_bus_destroy(&self);
        return code;
    }
    *bus = self;
    return KF_OK;
}

void kf_bus_destroy(struct kf_bus **self)
{
    if (!self || !*self) {
        return;
    }
    while ((*self)->context && zmq_ctx_term((*self)->context) != 0 && zmq_errno() == EINTR) {
        /* a signal interrupted the wait for the sockets' linger: go on waiting */
    }
    kf_free(*self);
    *self = NULL;
}

/* --- opening --------------------------------------------------------------------------------- */

static enum kf_err set_options(struct kf_socket *self, const struct kf_socket_options *options,
                               struct kf_error *err)
{
    const struct {
        int option;
        int value;
    } numbers[] = {
        {ZMQ_LINGER, options->linger_ms},
        {ZMQ_SNDHWM, options->queue_max},
        {ZMQ_RCVHWM, options->queue_max},
        {ZMQ_IMMEDIATE, 1},
        {ZMQ_IPV6, 0},
    };
    int64_t bytes_max = (int64_t)options->message_bytes_max;
    int failed = zmq_setsockopt(self->handle, ZMQ_MAXMSGSIZE, &bytes_max, sizeof bytes_max);
    for (size_t i = 0; i < LENGTH_OF(numbers); i++) {
        failed |= zmq_setsockopt(self->handle, numbers[i].option, &numbers[i].value,
                                 sizeof numbers[i].value);
    }
    return failed ? zmq_failure(KF_ERR_INTERNAL, "cannot set a socket's options", err) : KF_OK;
}

static enum kf_err check_options(const struct kf_socket_options *options, struct kf_error *err)
{
    /* For libzmq 0 means "no limit" and a negative linger "for ever": neither is wanted. */
    if (options->queue_max < 1 || options->linger_ms < 0 || options->message_bytes_max < 1 ||
        options->message_bytes_max > INT_MAX) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "socket with a queue of %d, messages of %zu bytes, linger of %d ms: "
                            "every limit must be set",
                            options->queue_max, options->message_bytes_max, options->linger_ms);
    }
    return KF_OK;
}

static enum kf_err open_socket(struct kf_bus *bus, int type,
                               const struct kf_socket_options *options, struct kf_socket **socket,
                               struct kf_error *err)
{
    enum kf_err code = check_options(options, err);
    if (code) {
        return code;
    }
    struct kf_socket *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return no_memory(err);
    }
    self->handle = zmq_socket(bus->context, type);
    if (self->handle) {
        code = set_options(self, options, err);
    } else {
        code = zmq_failure(KF_ERR_IO, "cannot open a socket", err);
    }
    if (code) {
        kf_socket_destroy(&self);
        return code;
    }
    *socket = self;
    return KF_OK;
}

void kf_socket_destroy(struct kf_socket **self)
{
    if (!self || !*self) {
        return;
    }
    if ((*self)->handle) {
        (void)zmq_close((*self)->handle);
    }
    kf_free(*self);
    *self = NULL;
}

/* --- binding --------------------------------------------------------------------------------- */

static enum kf_err bind_to(struct kf_socket *self, const char *endpoint, struct kf_error *err)
{
    enum kf_err code = kf_endpoint_check(endpoint, err);
    if (!code) {
        code = kf_endpoint_prepare(endpoint, err);
    }
    if (code) {
        return code;
    }
    if (zmq_bind(self->handle, endpoint) != 0) {
        code = zmq_errno() == EINVAL || zmq_errno() == ENODEV ? KF_ERR_CONFIG : KF_ERR_IO;
        return kf_error_set(err, code, "cannot bind to %s: %s", endpoint,
                            zmq_strerror(zmq_errno()));
    }
    return KF_OK;
}

static enum kf_err open_bound(struct kf_bus *bus, int type, const char *endpoint,
                              const struct kf_socket_options *options, struct kf_socket **socket,
                              struct kf_error *err)
{
    struct kf_socket *self = NULL;
    enum kf_err code = open_socket(bus, type, options, &self, err);
    if (code) {
        return code;
    }
    code = bind_to(self, endpoint, err);
    if (code) {
        kf_socket_destroy(&self);
        return code;
    }
    *socket = self;
    return KF_OK;
}

enum kf_err kf_socket_pull(struct kf_bus *bus, const char *endpoint,
                           const struct kf_socket_options *options, struct kf_socket **socket,
                           struct kf_error *err)
{
    return open_bound(bus, ZMQ_PULL, endpoint, options, socket, err);
}

static const struct kf_socket_options status_options = {
    .queue_max = STATUS_QUEUE_MAX,
    .message_bytes_max = STATUS_BYTES_MAX,
    .linger_ms = 0,
};

enum kf_err kf_socket_publish(struct kf_bus *bus, const char *endpoint, struct kf_socket **socket,
                              struct kf_error *err)
{
    return open_bound(bus, ZMQ_PUB, endpoint, &status_options, socket, err);
}

/* --- connecting ------------------------------------------------------------------------------ */

static enum kf_err connect_to(struct kf_socket *self, const char *endpoint, struct kf_error *err)
{
    if (zmq_connect(self->handle, endpoint) != 0) {
        enum kf_err code = zmq_errno() == EINVAL ? KF_ERR_CONFIG : KF_ERR_IO;
        return kf_error_set(err, code, "cannot connect to %s: %s", endpoint,
                            zmq_strerror(zmq_errno()));
    }
    return KF_OK;
}

/* Connects to each part of `list`, which has been checked and is cut up on the way. */
static enum kf_err connect_to_each(struct kf_socket *self, char *list, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    char *rest = NULL;
    for (char *endpoint = strtok_r(list, ",", &rest); endpoint && !code;
         endpoint = strtok_r(NULL, ",", &rest)) {
        code = connect_to(self, endpoint, err);
    }
    return code;
}

static enum kf_err open_connected(struct kf_bus *bus, int type, const char *endpoints,
                                  const struct kf_socket_options *options,
                                  struct kf_socket **socket, struct kf_error *err)
{
    char list[KF_ENDPOINTS_BYTES_MAX + 1];
    struct kf_socket *self = NULL;
    enum kf_err code = kf_endpoints_check(endpoints, err);
    if (!code) {
        memcpy(list, endpoints, strlen(endpoints) + 1);
        code = open_socket(bus, type, options, &self, err);
    }
    if (code) {
        return code;
    }
    code = connect_to_each(self, list, err);
    if (!code && type == ZMQ_SUB && zmq_setsockopt(self->handle, ZMQ_SUBSCRIBE, "", 0) != 0) {
        code = zmq_failure(KF_ERR_INTERNAL, "cannot subscribe", err);
    }
    if (code) {
        kf_socket_destroy(&self);
        return code;
    }
    *socket = self;
    return KF_OK;
}

enum kf_err kf_socket_push(struct kf_bus *bus, const char *endpoints,
                           const struct kf_socket_options *options, struct kf_socket **socket,
                           struct kf_error *err)
{
    return open_connected(bus, ZMQ_PUSH, endpoints, options, socket, err);
}

enum kf_err kf_socket_subscribe(struct kf_bus *bus, const char *endpoints,
                                struct kf_socket **socket, struct kf_error *err)
{
    return open_connected(bus, ZMQ_SUB, endpoints, &status_options, socket, err);
}

/* --- sending and receiving ------------------------------------------------------------------- */

static bool is_passing(int errnum)
{
    return errnum == EAGAIN || errnum == EINTR;
}

enum kf_err kf_socket_send(struct kf_socket *self, const struct kf_text *frame,
                           struct kf_error *err)
{
    if (frame->failed) {
        return kf_error_set(err, KF_ERR_INTERNAL, "the frame is not whole");
    }
    if (zmq_send(self->handle, frame->bytes, frame->length, ZMQ_DONTWAIT) >= 0) {
        return KF_OK;
    }
    if (is_passing(zmq_errno())) {
        return kf_error_set(err, KF_ERR_AGAIN, "no peer can take a message now");
    }
    return zmq_failure(KF_ERR_INTERNAL, "cannot send", err);
}

/* The further parts of a message are there as soon as the first is. */
static enum kf_err drop_parts(struct kf_socket *self, struct kf_error *err)
{
    size_t parts = 1;
    zmq_msg_t part;
    int more = 1;
    while (more) {
        (void)zmq_msg_init(&part);
        more = zmq_msg_recv(&part, self->handle, ZMQ_DONTWAIT) >= 0 && zmq_msg_more(&part);
        (void)zmq_msg_close(&part);
        parts++;
    }
    return kf_error_set(err, KF_ERR_DATA, "foreign message of %zu parts", parts);
}

static enum kf_err take(zmq_msg_t *message, struct kf_text *frame, struct kf_error *err)
{
    size_t size = zmq_msg_size(message);
    if (size > frame->size_max) {
        return kf_error_set(err, KF_ERR_LIMIT, "message of %zu bytes, at most %zu are allowed",
                            size, frame->size_max);
    }
    kf_text_add_bytes(frame, zmq_msg_data(message), size);
    if (frame->failed) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for a message of %zu bytes", size);
    }
    return KF_OK;
}

enum kf_err kf_socket_receive(struct kf_socket *self, struct kf_text *frame, struct kf_error *err)
{
    kf_text_reset(frame);
    zmq_msg_t message;
    (void)zmq_msg_init(&message);
    enum kf_err code = KF_OK;
    if (zmq_msg_recv(&message, self->handle, ZMQ_DONTWAIT) < 0) {
        code = is_passing(zmq_errno()) ? kf_error_set(err, KF_ERR_AGAIN, "no message now")
                                       : zmq_failure(KF_ERR_INTERNAL, "cannot receive", err);
    } else if (zmq_msg_more(&message)) {
        code = drop_parts(self, err);
    } else {
        code = take(&message, frame, err);
    }
    (void)zmq_msg_close(&message);
    return code;
}

/* --- waiting --------------------------------------------------------------------------------- */

static zmq_pollitem_t to_zmq(const struct kf_poll_item *item)
{
    return (zmq_pollitem_t){
        .socket = item->socket ? item->socket->handle : NULL,
        .fd = item->socket ? 0 : item->descriptor,
        .events = (short)((item->want_in ? ZMQ_POLLIN : 0) | (item->want_out ? ZMQ_POLLOUT : 0)),
    };
}

enum kf_err kf_poll(struct kf_poll_item *items, size_t count, int64_t timeout_ms,
                    struct kf_error *err)
{
    zmq_pollitem_t list[POLL_ITEMS_MAX];
    if (count > LENGTH_OF(list)) {
        return kf_error_set(err, KF_ERR_INTERNAL, "%zu items to wait for, at most %d are allowed",
                            count, POLL_ITEMS_MAX);
    }
    for (size_t i = 0; i < count; i++) {
        list[i] = to_zmq(&items[i]);
    }
    int ready = zmq_poll(list, (int)count, timeout_ms < 0 ? -1 : (long)timeout_ms);
    if (ready < 0 && zmq_errno() != EINTR) {
        return zmq_failure(KF_ERR_INTERNAL, "cannot wait", err);
    }
    for (size_t i = 0; i < count; i++) {
        int events = ready > 0 ? list[i].revents : 0;
        /* An error on a descriptor shows when it is read. */
        items[i].in = (events & (ZMQ_POLLIN | ZMQ_POLLERR)) != 0 && items[i].want_in;
        items[i].out = (events & (ZMQ_POLLOUT | ZMQ_POLLERR)) != 0 && items[i].want_out;
    }
    return KF_OK;
}
