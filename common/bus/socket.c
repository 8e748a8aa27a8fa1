#include "common/bus/socket.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <zmq.h>

#include "common/base/memory.h"
#include "common/base/secret.h"
#include "common/bus/endpoint_path.h"
#include "common/bus/zap.h"

#define STATUS_QUEUE_MAX 100
#define STATUS_BYTES_MAX ((size_t)64 * 1024)
#define LAST_WORD_MS     1000 /* that the beat of who stops has to leave */
#define POLL_ITEMS_MAX   64

/* A peer that says nothing is given up after these; all in milliseconds but the keep-alive, which
 * is in seconds: 10 s of silence, then three questions 5 s apart. */
#define HANDSHAKE_MS      10000
#define CONNECT_MS        5000
#define RECONNECT_MS      100
#define RECONNECT_MAX_MS  2000
#define UNANSWERED_MS     20000
#define KEEPALIVE_IDLE_S  10
#define KEEPALIVE_EVERY_S 5
#define KEEPALIVE_COUNT   3
_Static_assert(KF_ENDED_SIZE == KF_LOST_SIZE, "one endpoint");

#define LENGTH_OF(array) (sizeof(array) / sizeof(array)[0])

struct kf_bus {
    void *context;
    struct kf_zap *zap;
    struct kf_keys keys;
    bool secured;
    bool open_tcp;
    struct kf_socket *connected; /* the first of those that connect */
};

struct kf_socket {
    void *handle;
    struct kf_bus *bus; /* these and below: of one that connects */
    struct kf_socket *next;
    char *endpoints;
    enum kf_role peer;
    unsigned watch;
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
    enum kf_err code = kf_zap_start(self->context, &self->zap, err);
    if (code != KF_OK) {
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
    if ((*self)->zap) {
        kf_zap_release((*self)->zap);
    }
    while ((*self)->context && zmq_ctx_term((*self)->context) != 0 && zmq_errno() == EINTR) {
        /* a signal interrupted the wait for the sockets' linger: go on waiting */
    }
    kf_zap_destroy(&(*self)->zap);
    kf_bus_forget_secret(*self);
    kf_free(*self);
    *self = NULL;
}

/* --- keys ------------------------------------------------------------------------------------ */

enum kf_err kf_bus_secure(struct kf_bus *self, const struct kf_keys *keys, struct kf_error *err)
{
    if (zmq_has("curve") == 0) {
        return kf_error_set(err, KF_ERR_CONFIG, "this libzmq was built without CURVE");
    }
    kf_zap_admit(self->zap, &keys->peers);
    self->keys = *keys;
    self->secured = true;
    return KF_OK;
}

void kf_bus_allow_open_tcp(struct kf_bus *self)
{
    self->open_tcp = true;
}

void kf_bus_forget_secret(struct kf_bus *self)
{
    kf_wipe(self->keys.secret, sizeof self->keys.secret);
}

/* Whether an endpoint needs keys; KF_ERR_CONFIG when it does and there are none. */
static enum kf_err needs_keys(const struct kf_bus *bus, const char *endpoint, bool *needs,
                              struct kf_error *err)
{
    bool tcp = kf_endpoint_is_tcp(endpoint);
    if (tcp && !bus->open_tcp && !bus->secured) {
        return kf_error_set(err, KF_ERR_CONFIG, "endpoint %s " KF_ENDPOINT_NEEDS_KEYS, endpoint);
    }
    *needs = tcp && bus->secured;
    return KF_OK;
}

static enum kf_err set_text(void *handle, int option, const char *text, struct kf_error *err)
{
    if (zmq_setsockopt(handle, option, text, strlen(text)) != 0) {
        return zmq_failure(KF_ERR_INTERNAL, "cannot set a key", err);
    }
    return KF_OK;
}

static enum kf_err set_number(void *handle, int option, int value, struct kf_error *err)
{
    if (zmq_setsockopt(handle, option, &value, sizeof value) != 0) {
        return zmq_failure(KF_ERR_INTERNAL, "cannot set a socket's options", err);
    }
    return KF_OK;
}

/* Lets in `peer` and nobody else. libzmq would let in everybody if nobody answered its question;
 * the answering thread is there before any socket and until all are gone. */
static enum kf_err close_binding(const struct kf_bus *bus, void *handle, enum kf_role peer,
                                 struct kf_error *err)
{
    enum kf_err code = set_number(handle, ZMQ_CURVE_SERVER, 1, err);
    if (code == KF_OK) {
        code = set_text(handle, ZMQ_CURVE_SECRETKEY, bus->keys.secret, err);
    }
    if (code == KF_OK) {
        code = set_text(handle, ZMQ_ZAP_DOMAIN, kf_role_name(peer), err);
    }
    unsigned watch = 0;
    return code == KF_OK ? kf_zap_watch(bus->zap, handle, true, &watch, err) : code;
}

/* What the next connection expects of the other side. A socket keeps the secret that it once had.
 */
static enum kf_err close_connection(const struct kf_bus *bus, void *handle, const char *server,
                                    struct kf_error *err)
{
    enum kf_err code = set_text(handle, ZMQ_CURVE_SERVERKEY, server, err);
    if (code == KF_OK) {
        code = set_text(handle, ZMQ_CURVE_PUBLICKEY, bus->keys.own, err);
    }
    if (code == KF_OK && bus->keys.secret[0]) {
        code = set_text(handle, ZMQ_CURVE_SECRETKEY, bus->keys.secret, err);
    }
    return code;
}

/* --- opening --------------------------------------------------------------------------------- */

/* Whoever connects in order to send queues nothing for a peer that is not there. A subscriber must
 * not be told the same: libzmq then throws away, with the connection that has ended, what came over
 * it and was not yet taken, the last word of who stopped. */
static enum kf_err set_options(struct kf_socket *self, int type,
                               const struct kf_socket_options *options, struct kf_error *err)
{
    const struct {
        int option;
        int value;
    } numbers[] = {
        {ZMQ_LINGER, options->linger_ms},
        {ZMQ_SNDHWM, options->queue_max},
        {ZMQ_RCVHWM, options->queue_max},
        {ZMQ_IMMEDIATE, type != ZMQ_SUB},
        {ZMQ_IPV6, 0},
        {ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS},
        {ZMQ_CONNECT_TIMEOUT, CONNECT_MS},
        {ZMQ_RECONNECT_IVL, RECONNECT_MS},
        {ZMQ_TCP_MAXRT, UNANSWERED_MS},
        {ZMQ_TCP_KEEPALIVE, 1},
        {ZMQ_TCP_KEEPALIVE_IDLE, KEEPALIVE_IDLE_S},
        {ZMQ_TCP_KEEPALIVE_INTVL, KEEPALIVE_EVERY_S},
        {ZMQ_TCP_KEEPALIVE_CNT, KEEPALIVE_COUNT},
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
    if (bus->secured && !bus->keys.secret[0]) {
        return kf_error_set(err, KF_ERR_INTERNAL, "the secret key is forgotten");
    }
    struct kf_socket *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return no_memory(err);
    }
    self->handle = zmq_socket(bus->context, type);
    if (self->handle) {
        code = set_options(self, type, options, err);
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

static void forget_connected(struct kf_socket *self)
{
    struct kf_socket **at = self->bus ? &self->bus->connected : NULL;
    while (at && *at && *at != self) {
        at = &(*at)->next;
    }
    if (at && *at) {
        *at = self->next;
    }
}

void kf_socket_destroy(struct kf_socket **self)
{
    if (!self || !*self) {
        return;
    }
    forget_connected(*self);
    if ((*self)->handle) {
        /* libzmq leaks an event that comes up while the context is being terminated. */
        (void)zmq_socket_monitor((*self)->handle, NULL, 0);
        (void)zmq_close((*self)->handle);
    }
    kf_free((*self)->endpoints);
    kf_free(*self);
    *self = NULL;
}

/* --- binding --------------------------------------------------------------------------------- */

static enum kf_err bind_to(struct kf_bus *bus, struct kf_socket *self, const char *endpoint,
                           enum kf_role peer, struct kf_error *err)
{
    bool keys = false;
    enum kf_err code = kf_endpoint_check(endpoint, err);
    if (!code) {
        code = needs_keys(bus, endpoint, &keys, err);
    }
    if (!code) {
        code = kf_endpoint_prepare(endpoint, err);
    }
    if (!code && keys) {
        code = close_binding(bus, self->handle, peer, err);
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
    code = bind_to(bus, self, endpoint, options->peer, err);
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
    .linger_ms = LAST_WORD_MS,
    .peer = KF_ROLE_WATCHER,
};

enum kf_err kf_socket_publish(struct kf_bus *bus, const char *endpoint, struct kf_socket **socket,
                              struct kf_error *err)
{
    return open_bound(bus, ZMQ_PUB, endpoint, &status_options, socket, err);
}

/* --- connecting ------------------------------------------------------------------------------ */

static enum kf_err connect_once(struct kf_socket *self, const char *endpoint, struct kf_error *err)
{
    if (zmq_connect(self->handle, endpoint) != 0) {
        enum kf_err code = zmq_errno() == EINVAL ? KF_ERR_CONFIG : KF_ERR_IO;
        return kf_error_set(err, code, "cannot connect to %s: %s", endpoint,
                            zmq_strerror(zmq_errno()));
    }
    return KF_OK;
}

/* Once for each key that the peer may have: only a connection to the one it has comes about, so
 * that its key can be changed while this process runs. */
static enum kf_err connect_with_keys(const struct kf_bus *bus, struct kf_socket *self,
                                     const char *endpoint, enum kf_role peer, struct kf_error *err)
{
    size_t count = bus->keys.peers.count[peer];
    enum kf_err code = KF_OK;
    if (count == 0) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "endpoint %s: the list of peers has no key of %s; add its line",
                            endpoint, kf_role_name(peer));
    }
    for (size_t i = 0; i < count && code == KF_OK; i++) {
        code = close_connection(bus, self->handle, bus->keys.peers.keys[peer][i], err);
        if (code == KF_OK) {
            code = connect_once(self, endpoint, err);
        }
    }
    return code;
}

static enum kf_err connect_to(struct kf_bus *bus, struct kf_socket *self, const char *endpoint,
                              enum kf_role peer, struct kf_error *err)
{
    bool keys = false;
    enum kf_err code = needs_keys(bus, endpoint, &keys, err);
    if (code != KF_OK) {
        return code;
    }
    /* A shaking of hands costs both sides; a socket file that is not there yet costs nothing. */
    code = set_number(self->handle, ZMQ_RECONNECT_IVL_MAX, keys ? RECONNECT_MAX_MS : 0, err);
    if (code == KF_OK && keys) {
        return connect_with_keys(bus, self, endpoint, peer, err);
    }
    if (code == KF_OK) { /* forgets an earlier one's keys */
        code = set_number(self->handle, ZMQ_CURVE_SERVER, 0, err);
    }
    return code == KF_OK ? connect_once(self, endpoint, err) : code;
}

/* Connects to each part of `list`, which has been checked and is cut up on the way. */
static enum kf_err connect_to_each(struct kf_bus *bus, struct kf_socket *self, char *list,
                                   struct kf_error *err)
{
    enum kf_err code = KF_OK;
    char *rest = NULL;
    for (char *endpoint = strtok_r(list, ",", &rest); endpoint && !code;
         endpoint = strtok_r(NULL, ",", &rest)) {
        code = connect_to(bus, self, endpoint, self->peer, err);
    }
    return code;
}

/* Makes the socket one that kf_bus_tend looks after. */
static enum kf_err remember_connected(struct kf_bus *bus, struct kf_socket *self,
                                      const char *endpoints, struct kf_error *err)
{
    self->endpoints = kf_strdup(endpoints);
    if (!self->endpoints) {
        return no_memory(err);
    }
    enum kf_err code = kf_zap_watch(bus->zap, self->handle, false, &self->watch, err);
    if (code == KF_OK) {
        self->bus = bus;
        self->next = bus->connected;
        bus->connected = self;
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
    self->peer = options->peer;
    code = remember_connected(bus, self, endpoints, err);
    if (!code) {
        code = connect_to_each(bus, self, list, err);
    }
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

/* Connects anew to `lost`, or to every endpoint when it is none of those that were named: then they
 * were named by host. */
static void connect_anew(struct kf_socket *self, const char *lost)
{
    char list[KF_ENDPOINTS_BYTES_MAX + 1];
    bool named = false;
    for (int round = 0; round < 2 && !named; round++) {
        char *rest = NULL;
        memcpy(list, self->endpoints, strlen(self->endpoints) + 1);
        for (char *endpoint = strtok_r(list, ",", &rest); endpoint;
             endpoint = strtok_r(NULL, ",", &rest)) {
            if (round == 1 || strcmp(endpoint, lost) == 0) {
                named = true;
                (void)zmq_disconnect(self->handle, endpoint);
                (void)connect_to(self->bus, self, endpoint, self->peer, NULL);
            }
        }
    }
}

bool kf_bus_tend(struct kf_bus *self, struct kf_bus_denied *denied)
{
    char lost[KF_LOST_SIZE];
    for (struct kf_socket *socket = self->connected; socket; socket = socket->next) {
        while (kf_zap_take_lost(self->zap, socket->watch, lost)) {
            connect_anew(socket, lost);
        }
    }
    return kf_zap_take(self->zap, denied);
}

enum kf_err kf_socket_push(struct kf_bus *bus, const char *endpoints,
                           const struct kf_socket_options *options, struct kf_socket **socket,
                           struct kf_error *err)
{
    return open_connected(bus, ZMQ_PUSH, endpoints, options, socket, err);
}

enum kf_err kf_socket_subscribe(struct kf_bus *bus, const char *endpoints, enum kf_role peer,
                                struct kf_socket **socket, struct kf_error *err)
{
    struct kf_socket_options options = status_options;
    options.peer = peer;
    return open_connected(bus, ZMQ_SUB, endpoints, &options, socket, err);
}

/* Appends `endpoint` to the list of those that the socket is connected to. */
static enum kf_err lengthen(struct kf_socket *self, const char *endpoint, struct kf_error *err)
{
    struct kf_text list;
    kf_text_init(&list, KF_ENDPOINTS_BYTES_MAX);
    kf_text_add_format(&list, "%s,%s", self->endpoints, endpoint);
    enum kf_err code = list.failed ? kf_text_error(&list, err, KF_ERR_LIMIT, "too many endpoints")
                                   : kf_endpoints_check(list.bytes, err);
    char *longer = code == KF_OK ? kf_strdup(list.bytes) : NULL;
    kf_text_clear(&list);
    if (code == KF_OK && !longer) {
        return no_memory(err);
    }
    if (longer) {
        kf_free(self->endpoints);
        self->endpoints = longer;
    }
    return code;
}

enum kf_err kf_socket_connect_also(struct kf_socket *self, const char *endpoint,
                                   struct kf_error *err)
{
    enum kf_err code = lengthen(self, endpoint, err);
    return code == KF_OK ? connect_to(self->bus, self, endpoint, self->peer, err) : code;
}

bool kf_socket_take_ended(struct kf_socket *self, char endpoint[KF_ENDED_SIZE])
{
    return kf_zap_take_ended(self->bus->zap, self->watch, endpoint);
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
