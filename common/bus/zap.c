#include "common/bus/zap.h"

#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <zmq.h>

#include "common/base/clock.h"
#include "common/base/memory.h"

#define ENDPOINT        "inproc://zeromq.zap.01" /* where libzmq asks, by the protocol */
#define ORDERS_ENDPOINT "inproc://kf-zap-orders"
#define MONITORS_MAX    16
#define FRAMES_MAX      8 /* of a request: version, id, domain, address, identity, mechanism, key */
#define FRAME_BYTES_MAX 256
#define ADDRESSES       1024
#define ENDED_MAX       64 /* of all sockets */
#define LOST_MAX        8 /* of one socket at a time; the next ones are seen when they fail again */
#define GIVEN_UP_MS     1000 /* a connection that is tried again says so at once */
#define KEY_BYTES       32

#define FAILURES                                                                                   \
    (ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |                  \
     ZMQ_EVENT_HANDSHAKE_FAILED_AUTH)
#define CALLS                                                                                      \
    (FAILURES | ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED)
#define OWN                                                                                        \
    (FAILURES | ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_CONNECT_RETRIED | ZMQ_EVENT_CONNECT_DELAYED |   \
     ZMQ_EVENT_CONNECTED)

/* A socket that is watched. */
struct monitor {
    void *events;
    bool binds;
    unsigned watch;
    bool failed; /* the last event was a failure, of the connection that ends next */
};

/* A connection that has ended. */
struct lost {
    char endpoint[KF_LOST_SIZE]; /* "": none */
    int64_t since_ms;
    bool for_good;
};

/* A connection that had come about and is no more, of the socket `watch`. */
struct ended {
    unsigned watch;
    char endpoint[KF_LOST_SIZE];
};

/* Whose connection is at a descriptor. */
struct caller {
    int descriptor;
    bool unknown; /* it has not shaken hands, as far as one can tell */
    unsigned long number;
    char address[KF_DENIED_ADDRESS_SIZE];
};

struct kf_zap {
    void *context;
    struct kf_peers peers;
    pthread_t thread;
    bool started;
    void *control;         /* the caller's end of `orders` */
    pthread_mutex_t mutex; /* over what stands below it */
    struct kf_bus_denied denied;
    struct lost lost[MONITORS_MAX][LOST_MAX];
    struct ended ended[ENDED_MAX]; /* oldest first */
    size_t ended_len;
    struct monitor monitors[MONITORS_MAX]; /* added by the caller, then the thread's */
    unsigned watched;

    void *orders; /* these and below: the thread's */
    void *requests;
    struct caller callers[ADDRESSES];
    unsigned long callers_seen;
};

/* --- the account ----------------------------------------------------------------------------- */

static void note(struct kf_zap *self, bool incoming, const char *key, const char *address,
                 const char *reason)
{
    (void)pthread_mutex_lock(&self->mutex);
    struct kf_denied *denied = incoming ? &self->denied.in : &self->denied.out;
    denied->count++;
    (void)snprintf(denied->key, sizeof denied->key, "%s", key);
    (void)snprintf(denied->address, sizeof denied->address, "%.*s", (int)sizeof denied->address - 1,
                   address);
    (void)snprintf(denied->reason, sizeof denied->reason, "%s", reason);
    (void)pthread_mutex_unlock(&self->mutex);
}

bool kf_zap_take(struct kf_zap *self, struct kf_bus_denied *denied)
{
    (void)pthread_mutex_lock(&self->mutex);
    *denied = self->denied;
    memset(&self->denied, 0, sizeof self->denied);
    (void)pthread_mutex_unlock(&self->mutex);
    return denied->in.count > 0 || denied->out.count > 0;
}

/* --- requests -------------------------------------------------------------------------------- */

struct frame {
    unsigned char bytes[FRAME_BYTES_MAX];
    size_t length;
};

/* Receives all frames of a message; how many there were, at most FRAMES_MAX are kept. */
static size_t receive_frames(void *socket, struct frame frames[FRAMES_MAX])
{
    size_t count = 0;
    int more = 1;
    while (more) {
        struct frame spare;
        struct frame *frame = count < FRAMES_MAX ? &frames[count] : &spare;
        size_t size = sizeof more;
        int length = zmq_recv(socket, frame->bytes, sizeof frame->bytes, ZMQ_DONTWAIT);
        if (length < 0 || zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &size) != 0) {
            return 0;
        }
        /* zmq_recv tells the length before cutting */
        frame->length =
            (size_t)length < sizeof frame->bytes ? (size_t)length : sizeof frame->bytes - 1;
        frame->bytes[frame->length] = '\0';
        count++;
    }
    return count;
}

static bool says(const struct frame *frame, const char *text)
{
    return frame->length == strlen(text) && memcmp(frame->bytes, text, frame->length) == 0;
}

/* Lets the key in, or says why not. */
static bool is_let_in(struct kf_zap *self, const char *domain, const char *key,
                      char reason[KF_DENIED_REASON_SIZE])
{
    (void)pthread_mutex_lock(&self->mutex);
    enum kf_role role = kf_peers_find(&self->peers, key);
    (void)pthread_mutex_unlock(&self->mutex);
    if (role == KF_ROLES) {
        (void)snprintf(reason, KF_DENIED_REASON_SIZE, "its key is not in the list of peers");
        return false;
    }
    if (strcmp(kf_role_name(role), domain) != 0) {
        (void)snprintf(reason, KF_DENIED_REASON_SIZE, "its key is that of %s, let in is %.20s",
                       kf_role_name(role), domain);
        return false;
    }
    return true;
}

static bool judge(struct kf_zap *self, const struct frame *frames, size_t count)
{
    char key[KF_KEY_SIZE] = "unknown";
    char reason[KF_DENIED_REASON_SIZE] = "it did not show a key of CURVE";
    const char *address = count > 3 ? (const char *)frames[3].bytes : "unknown";
    bool asked = count == 7 && says(&frames[5], "CURVE") && frames[6].length == KEY_BYTES &&
                 zmq_z85_encode(key, frames[6].bytes, KEY_BYTES) != NULL;
    if (asked && is_let_in(self, (const char *)frames[2].bytes, key, reason)) {
        return true;
    }
    note(self, true, key, address, reason);
    return false;
}

/* Whoever is denied is told to try again later (300): its key may be listed by then, and after a
 * plain no (400) libzmq's client would never ask again. */
static void answer(struct kf_zap *self)
{
    static const struct frame nothing;
    struct frame frames[FRAMES_MAX];
    size_t count = receive_frames(self->requests, frames);
    if (count == 0) {
        return;
    }
    bool yes = judge(self, frames, count);
    const struct frame *id = count > 1 ? &frames[1] : &nothing;
    const struct {
        const void *bytes;
        size_t length;
    } parts[] = {
        {"1.0", 3},
        {id->bytes, id->length},
        {yes ? "200" : "300", 3},
        {yes ? "OK" : "denied", yes ? 2 : 6},
        {"", 0}, /* user */
        {"", 0}, /* metadata */
    };
    size_t last = sizeof parts / sizeof parts[0] - 1;
    for (size_t i = 0; i <= last; i++) {
        (void)zmq_send(self->requests, parts[i].bytes, parts[i].length,
                       ZMQ_DONTWAIT | (i < last ? ZMQ_SNDMORE : 0));
    }
}

/* --- those who call -------------------------------------------------------------------------- */

static struct caller *caller_at(struct kf_zap *self, int descriptor)
{
    return &self->callers[(size_t)descriptor % ADDRESSES];
}

/* Only for the log and the count: a connection that was cut at once may be gone by now. */
static void keep_caller(struct kf_zap *self, int descriptor)
{
    struct sockaddr_storage peer = {0};
    socklen_t size = sizeof peer;
    char host[48] = "unknown";
    char port[8] = "";
    struct caller *caller = caller_at(self, descriptor);
    if (getpeername(descriptor, (struct sockaddr *)&peer, &size) == 0) {
        (void)getnameinfo((struct sockaddr *)&peer, size, host, sizeof host, port, sizeof port,
                          NI_NUMERICHOST | NI_NUMERICSERV);
    }
    caller->descriptor = descriptor;
    caller->unknown = true;
    caller->number = ++self->callers_seen;
    (void)snprintf(caller->address, sizeof caller->address, "%s%s%s", host, port[0] ? ":" : "",
                   port);
}

/* Somebody has shaken hands; libzmq does not say at which descriptor. Most likely it is the newest;
 * if not, whoever it was is counted in its place, so that the sum is right. */
static void greet_newest(struct kf_zap *self)
{
    struct caller *newest = NULL;
    for (size_t i = 0; i < ADDRESSES; i++) {
        struct caller *caller = &self->callers[i];
        if (caller->unknown && (!newest || caller->number > newest->number)) {
            newest = caller;
        }
    }
    if (newest) {
        newest->unknown = false;
    }
}

/* A call has ended. A failure that libzmq tells of comes right before; of some nonsense it does not
 * tell. If the caller who failed was taken for one who had shaken hands, that was another. */
static void end_call(struct kf_zap *self, struct monitor *monitor, int descriptor)
{
    struct caller *caller = caller_at(self, descriptor);
    bool known = caller->descriptor == descriptor;
    if (monitor->failed || (known && caller->unknown)) {
        note(self, true, "unknown", known ? caller->address : "unknown",
             "it does not speak CURVE with the key of this service, or did not finish in time");
    }
    if (monitor->failed && known && !caller->unknown) {
        greet_newest(self);
    }
    monitor->failed = false;
    caller->unknown = false;
}

static void take_call(struct kf_zap *self, struct monitor *monitor, uint16_t event, int value)
{
    switch (event) {
    case ZMQ_EVENT_ACCEPTED:
        keep_caller(self, value);
        break;
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH: /* the judge has noted it */
        greet_newest(self);
        break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
        monitor->failed = true;
        break;
    case ZMQ_EVENT_DISCONNECTED:
        end_call(self, monitor, value);
        break;
    default:
        break;
    }
}

/* --- those who are called -------------------------------------------------------------------- */

static struct lost *find_lost(struct lost *list, const char *endpoint)
{
    struct lost *empty = NULL;
    for (size_t i = 0; i < LOST_MAX; i++) {
        if (strcmp(list[i].endpoint, endpoint) == 0) {
            return &list[i];
        }
        empty = list[i].endpoint[0] ? empty : &list[i];
    }
    return empty;
}

static void set_lost(struct kf_zap *self, unsigned watch, const char *endpoint, bool for_good)
{
    (void)pthread_mutex_lock(&self->mutex);
    struct lost *lost = find_lost(self->lost[watch], endpoint);
    if (lost) {
        bool before = lost->endpoint[0] && lost->for_good;
        lost->since_ms = kf_clock_monotonic_ms();
        lost->for_good = for_good || before;
        (void)snprintf(lost->endpoint, sizeof lost->endpoint, "%s", endpoint);
    }
    (void)pthread_mutex_unlock(&self->mutex);
}

/* It is tried again, unless it was for good. */
static void set_tried(struct kf_zap *self, unsigned watch, const char *endpoint)
{
    (void)pthread_mutex_lock(&self->mutex);
    struct lost *lost = find_lost(self->lost[watch], endpoint);
    if (lost && !lost->for_good) {
        lost->endpoint[0] = '\0';
    }
    (void)pthread_mutex_unlock(&self->mutex);
}

bool kf_zap_take_lost(struct kf_zap *self, unsigned watch, char endpoint[KF_LOST_SIZE])
{
    bool found = false;
    int64_t now = kf_clock_monotonic_ms();
    (void)pthread_mutex_lock(&self->mutex);
    for (size_t i = 0; i < LOST_MAX && !found; i++) {
        struct lost *lost = &self->lost[watch][i];
        found = lost->endpoint[0] && (lost->for_good || now - lost->since_ms > GIVEN_UP_MS);
        if (found) {
            memcpy(endpoint, lost->endpoint, sizeof lost->endpoint);
            memset(lost, 0, sizeof *lost);
        }
    }
    (void)pthread_mutex_unlock(&self->mutex);
    return found;
}

static void forget_ended(struct kf_zap *self, size_t at)
{
    self->ended_len--;
    memmove(&self->ended[at], &self->ended[at + 1], (self->ended_len - at) * sizeof self->ended[0]);
}

static void add_ended(struct kf_zap *self, unsigned watch, const char *endpoint)
{
    (void)pthread_mutex_lock(&self->mutex);
    if (self->ended_len == ENDED_MAX) {
        forget_ended(self, 0);
    }
    struct ended *ended = &self->ended[self->ended_len++];
    ended->watch = watch;
    (void)snprintf(ended->endpoint, sizeof ended->endpoint, "%s", endpoint);
    (void)pthread_mutex_unlock(&self->mutex);
}

bool kf_zap_take_ended(struct kf_zap *self, unsigned watch, char endpoint[KF_LOST_SIZE])
{
    bool found = false;
    (void)pthread_mutex_lock(&self->mutex);
    for (size_t i = 0; i < self->ended_len && !found; i++) {
        found = self->ended[i].watch == watch;
        if (found) {
            memcpy(endpoint, self->ended[i].endpoint, KF_LOST_SIZE);
            forget_ended(self, i);
        }
    }
    (void)pthread_mutex_unlock(&self->mutex);
    return found;
}

/* Of a failed shaking of hands, which is no connection, libzmq tells right before that it ended. */
static void end_own(struct kf_zap *self, struct monitor *monitor, const char *endpoint)
{
    if (!monitor->failed) {
        add_ended(self, monitor->watch, endpoint);
    }
    monitor->failed = false;
    set_lost(self, monitor->watch, endpoint, false);
}

static void take_own(struct kf_zap *self, struct monitor *monitor, uint16_t event,
                     const char *endpoint)
{
    monitor->failed = monitor->failed || (event & FAILURES) != 0;
    switch (event) {
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
        if (strncmp(endpoint, "ipc://", 6) == 0) {
            break; /* without keys nobody is turned away: the other side is gone, and tried again */
        }
        note(self, false, "unknown", endpoint,
             "the other side ended the handshake: does its list of peers have this key, and this "
             "list its key?");
        break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
        note(self, false, "unknown", endpoint,
             "what answers there is not who it must be, or has no keys where this one has");
        set_lost(self, monitor->watch, endpoint, true);
        break;
    case ZMQ_EVENT_DISCONNECTED:
        end_own(self, monitor, endpoint);
        break;
    case ZMQ_EVENT_CONNECT_RETRIED:
    case ZMQ_EVENT_CONNECT_DELAYED:
    case ZMQ_EVENT_CONNECTED:
        set_tried(self, monitor->watch, endpoint);
        break;
    default:
        break;
    }
}

static void take_event(struct kf_zap *self, struct monitor *monitor)
{
    struct frame frames[FRAMES_MAX];
    uint16_t event = 0;
    int32_t value = 0;
    if (receive_frames(monitor->events, frames) < 2 || frames[0].length != 6) {
        return;
    }
    memcpy(&event, frames[0].bytes, sizeof event);
    memcpy(&value, frames[0].bytes + sizeof event, sizeof value);
    if (monitor->binds) {
        take_call(self, monitor, event, value);
    } else {
        take_own(self, monitor, event, (const char *)frames[1].bytes);
    }
}

/* --- the thread ------------------------------------------------------------------------------ */

/* How many sockets are watched by now; those before stay as they are. */
static size_t count_monitors(struct kf_zap *self)
{
    (void)pthread_mutex_lock(&self->mutex);
    size_t count = self->watched;
    (void)pthread_mutex_unlock(&self->mutex);
    return count;
}

static bool turn(struct kf_zap *self)
{
    zmq_pollitem_t items[2 + MONITORS_MAX] = {
        {.socket = self->requests, .events = ZMQ_POLLIN},
        {.socket = self->orders, .events = ZMQ_POLLIN},
    };
    size_t monitors = count_monitors(self);
    for (size_t i = 0; i < monitors; i++) {
        items[2 + i] = (zmq_pollitem_t){.socket = self->monitors[i].events, .events = ZMQ_POLLIN};
    }
    if (zmq_poll(items, (int)(2 + monitors), -1) < 0) {
        return zmq_errno() == EINTR;
    }
    if (items[0].revents) {
        answer(self);
    }
    for (size_t i = 0; i < monitors; i++) {
        if (items[2 + i].revents) {
            take_event(self, &self->monitors[i]);
        }
    }
    if (items[1].revents) {
        (void)receive_frames(self->orders, (struct frame[FRAMES_MAX]){0});
    }
    return true;
}

static void close_at(void **socket)
{
    if (*socket) {
        (void)zmq_close(*socket);
        *socket = NULL;
    }
}

/* Until the context is terminated. */
static void *work(void *context)
{
    struct kf_zap *self = context;
    while (turn(self)) {
    }
    for (size_t i = 0; i < count_monitors(self); i++) {
        close_at(&self->monitors[i].events);
    }
    close_at(&self->orders);
    close_at(&self->requests);
    return NULL;
}

/* --- for the bus ----------------------------------------------------------------------------- */

static enum kf_err failure(const char *what, struct kf_error *err)
{
    return kf_error_set(err, KF_ERR_IO, "%s: %s", what, zmq_strerror(zmq_errno()));
}

static void *open_pair(void *context, int type, struct kf_error *err)
{
    int none = 0;
    void *socket = zmq_socket(context, type);
    if (!socket || zmq_setsockopt(socket, ZMQ_LINGER, &none, sizeof none) != 0) {
        (void)failure("cannot open a socket", err);
        close_at(&socket);
    }
    return socket;
}

static enum kf_err open_sockets(struct kf_zap *self, struct kf_error *err)
{
    self->requests = open_pair(self->context, ZMQ_REP, err);
    self->orders = self->requests ? open_pair(self->context, ZMQ_PAIR, err) : NULL;
    self->control = self->orders ? open_pair(self->context, ZMQ_PAIR, err) : NULL;
    if (!self->control) {
        return KF_ERR_IO;
    }
    if (zmq_bind(self->requests, ENDPOINT) != 0 || zmq_bind(self->orders, ORDERS_ENDPOINT) != 0 ||
        zmq_connect(self->control, ORDERS_ENDPOINT) != 0) {
        return failure("cannot answer for handshakes", err);
    }
    return KF_OK;
}

/* Signals are the work loop's. */
static enum kf_err start_thread(struct kf_zap *self, struct kf_error *err)
{
    sigset_t all;
    sigset_t before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&self->thread, NULL, work, self);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    self->started = failed == 0;
    return failed ? kf_error_set_errno(err, KF_ERR_IO, failed, "no thread for handshakes") : KF_OK;
}

enum kf_err kf_zap_start(void *context, struct kf_zap **zap, struct kf_error *err)
{
    struct kf_zap *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to watch sockets");
    }
    self->context = context;
    for (size_t i = 0; i < ADDRESSES; i++) {
        self->callers[i].descriptor = -1;
    }
    (void)pthread_mutex_init(&self->mutex, NULL);
    enum kf_err code = open_sockets(self, err);
    if (code == KF_OK) {
        code = start_thread(self, err);
    }
    if (code != KF_OK) {
        kf_zap_release(self);
        kf_zap_destroy(&self);
        return code;
    }
    *zap = self;
    return KF_OK;
}

void kf_zap_admit(struct kf_zap *self, const struct kf_peers *peers)
{
    (void)pthread_mutex_lock(&self->mutex);
    self->peers = *peers;
    (void)pthread_mutex_unlock(&self->mutex);
}

enum kf_err kf_zap_watch(struct kf_zap *self, void *socket, bool binds, unsigned *watch,
                         struct kf_error *err)
{
    char endpoint[48];
    int all = 0; /* no high-water mark: what libzmq cannot tell at once would make it wait */
    (void)snprintf(endpoint, sizeof endpoint, "inproc://kf-zap-monitor-%u", self->watched);
    if (self->watched == MONITORS_MAX) {
        return kf_error_set(err, KF_ERR_LIMIT, "more than %d sockets to watch", MONITORS_MAX);
    }
    struct monitor monitor = {
        .events = open_pair(self->context, ZMQ_PAIR, err), .binds = binds, .watch = self->watched};
    if (!monitor.events) {
        return KF_ERR_IO;
    }
    if (zmq_setsockopt(monitor.events, ZMQ_RCVHWM, &all, sizeof all) != 0 ||
        zmq_socket_monitor(socket, endpoint, binds ? CALLS : OWN) != 0 ||
        zmq_connect(monitor.events, endpoint) != 0) {
        enum kf_err code = failure("cannot watch a socket", err);
        close_at(&monitor.events);
        return code;
    }
    *watch = self->watched;
    (void)pthread_mutex_lock(&self->mutex);
    self->monitors[self->watched++] = monitor;
    (void)pthread_mutex_unlock(&self->mutex);
    (void)zmq_send(self->control, "", 0, ZMQ_DONTWAIT); /* look again */
    return KF_OK;
}

void kf_zap_release(struct kf_zap *self)
{
    close_at(&self->control);
    if (!self->started) {
        close_at(&self->orders);
        close_at(&self->requests);
    }
}

void kf_zap_destroy(struct kf_zap **self)
{
    if (!self || !*self) {
        return;
    }
    if ((*self)->started) {
        (void)pthread_join((*self)->thread, NULL);
    }
    (void)pthread_mutex_destroy(&(*self)->mutex);
    kf_free(*self);
    *self = NULL;
}
