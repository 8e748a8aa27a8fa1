#include "common/service/http.h"

#include <assert.h>
#include <microhttpd.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/service/http_address.h"
#include "common/service/http_reply.h"
#include "common/service/http_stream.h"

#define CONNECTION_BYTES_MAX ((size_t)16 * 1024)
#define CONNECTIONS_MAX      64
#define CLIENTS_MAX          (CONNECTIONS_MAX + KF_HTTP_STREAMS_MAX)
#define STREAM_QUIET_MS      5000

/* A client that is connected now. */
struct client {
    int descriptor;
    int64_t since_ms; /* INT64_MAX: it listens to a stream */
};

struct kf_http {
    struct MHD_Daemon *daemon;
    const struct kf_metrics *metrics;
    kf_http_health *health;
    void *context;
    kf_http_site *site;
    void *site_context;
    struct kf_http_streams *streams;
    uint16_t port;
    int64_t timeout_ms;
    bool loopback;         /* bound to this machine alone */
    pthread_mutex_t mutex; /* over clients */
    struct client clients[CLIENTS_MAX];
    size_t clients_len;
};

/* --- pages ----------------------------------------------------------------------------------- */

typedef unsigned page_writer(struct kf_http *self, struct kf_text *page);

static unsigned write_metrics(struct kf_http *self, struct kf_text *page)
{
    kf_metrics_print(self->metrics, page);
    return MHD_HTTP_OK;
}

static unsigned write_health(struct kf_http *self, struct kf_text *page)
{
    return self->health(self->context, false, page) ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE;
}

static unsigned write_readiness(struct kf_http *self, struct kf_text *page)
{
    return self->health(self->context, true, page) ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE;
}

#define PLAIN "text/plain; charset=utf-8"

static const struct page {
    const char *path;
    const char *type;
    page_writer *write;
} pages[] = {
    {"/metrics", "text/plain; version=0.0.4; charset=utf-8", write_metrics},
    {"/healthz", PLAIN, write_health},
    {"/readyz", PLAIN, write_readiness},
};

static const struct page *find_page(const char *path)
{
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        if (strcmp(pages[i].path, path) == 0) {
            return &pages[i];
        }
    }
    return NULL;
}

/* --- answers --------------------------------------------------------------------------------- */

static void answer_page(struct kf_http *self, const struct kf_http_request *request,
                        struct kf_http_answer *answer)
{
    const struct page *page = find_page(request->path);
    if (page) {
        answer->type = page->type;
        answer->status = page->write(self, &answer->body);
    } else if (!self->site || !self->site(self->site_context, request, answer)) {
        kf_http_answer_refuse(answer, MHD_HTTP_NOT_FOUND,
                              self->site ? "there is no such page"
                                         : "there are /metrics, /healthz and /readyz");
    }
}

/* A page in somebody's browser may reach this server under a name of its own that leads to
 * 127.0.0.1 (DNS rebinding); the browser says that name. */
static bool is_misdirected(const struct kf_http *self, struct MHD_Connection *connection)
{
    const char *host =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_HOST);
    return self->loopback && host && !kf_http_is_local_name(host);
}

static bool is_allowed(const char *method)
{
    return strcmp(method, MHD_HTTP_METHOD_GET) == 0 || strcmp(method, MHD_HTTP_METHOD_HEAD) == 0;
}

static void note_stream(struct kf_http *self, struct MHD_Connection *connection);

static void answer(struct kf_http *self, struct MHD_Connection *connection, const char *method,
                   struct kf_http_request *request, struct kf_http_answer *answered)
{
    if (is_misdirected(self, connection)) {
        kf_http_answer_refuse(answered, MHD_HTTP_MISDIRECTED_REQUEST, "this server is localhost's");
    } else if (!is_allowed(method)) {
        kf_http_answer_refuse(answered, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET and HEAD");
    } else if (!kf_http_reply_read(connection, request->path, request)) {
        kf_http_answer_refuse(answered, MHD_HTTP_BAD_REQUEST,
                              "the query is too long, or not percent-encoded UTF-8");
    } else {
        answer_page(self, request, answered);
    }
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **state)
{
    (void)version;
    (void)upload;
    (void)upload_size;
    (void)state;
    struct kf_http *self = context;
    struct kf_http_request request = {
        .head = strcmp(method, MHD_HTTP_METHOD_HEAD) == 0, .path = url, .known = "", .accepts = ""};
    struct kf_http_answer answered;
    kf_http_answer_init(&answered);
    answer(self, connection, method, &request, &answered);
    enum MHD_Result result = kf_http_reply(connection, &request, &answered, self->streams);
    if (result == MHD_YES && answered.stream) {
        note_stream(self, connection);
    }
    kf_http_answer_clear(&answered);
    return result;
}

/* --- slow clients ---------------------------------------------------------------------------- */

static void client_add(struct kf_http *self, int descriptor)
{
    if (self->clients_len < CLIENTS_MAX) {
        self->clients[self->clients_len++] =
            (struct client){.descriptor = descriptor, .since_ms = kf_clock_monotonic_ms()};
    }
}

static void client_remove(struct kf_http *self, int descriptor)
{
    for (size_t i = 0; i < self->clients_len; i++) {
        if (self->clients[i].descriptor == descriptor) {
            self->clients[i] = self->clients[--self->clients_len];
            return;
        }
    }
}

static int descriptor_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

/* Called on the HTTP thread: after accepting, and before the descriptor is closed. */
static void note_connection(void *context, struct MHD_Connection *connection, void **socket_context,
                            enum MHD_ConnectionNotificationCode code)
{
    (void)socket_context;
    struct kf_http *self = context;
    int descriptor = descriptor_of(connection);
    (void)pthread_mutex_lock(&self->mutex);
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        client_add(self, descriptor);
    } else {
        client_remove(self, descriptor);
    }
    (void)pthread_mutex_unlock(&self->mutex);
}

/* Who listens may stay; whether it reads, the library's own time-out sees. */
static void note_stream(struct kf_http *self, struct MHD_Connection *connection)
{
    int descriptor = descriptor_of(connection);
    (void)pthread_mutex_lock(&self->mutex);
    for (size_t i = 0; i < self->clients_len; i++) {
        if (self->clients[i].descriptor == descriptor) {
            self->clients[i].since_ms = INT64_MAX;
        }
    }
    (void)pthread_mutex_unlock(&self->mutex);
}

void kf_http_cut_slow(struct kf_http *self)
{
    int64_t oldest_ms = kf_clock_monotonic_ms() - self->timeout_ms;
    (void)pthread_mutex_lock(&self->mutex);
    for (size_t i = 0; i < self->clients_len; i++) {
        if (self->clients[i].since_ms < oldest_ms) {
            (void)shutdown(self->clients[i].descriptor, SHUT_RDWR);
        }
    }
    (void)pthread_mutex_unlock(&self->mutex);
    kf_http_streams_tend(self->streams);
}

/* --- streams --------------------------------------------------------------------------------- */

void kf_http_tell(struct kf_http *self, const char *event, const struct kf_text *data)
{
    struct kf_text text;
    kf_text_init(&text, KF_HTTP_STREAM_BYTES_MAX);
    kf_http_event(&text, event, data);
    if (!text.failed) {
        kf_http_streams_tell(self->streams, &text);
    }
    kf_text_clear(&text);
}

size_t kf_http_streams(struct kf_http *self)
{
    return kf_http_streams_count(self->streams);
}

/* --- starting -------------------------------------------------------------------------------- */

/* No path of ours has anything to decode, and /metrics%00x is not /metrics; what a query holds is
 * decoded strictly where it is read. */
static size_t keep_escaped(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context;
    (void)connection;
    return strlen(text);
}

static struct MHD_Daemon *start(struct kf_http *self, const struct kf_http_options *options,
                                int listener)
{
    unsigned flags =
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_AUTO | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC;
    unsigned connections =
        options->connections_max < CONNECTIONS_MAX ? options->connections_max : CONNECTIONS_MAX;
    connections += options->streams_max;
    return MHD_start_daemon(flags, self->port, NULL, NULL, handle, self,       /* then options: */
                            MHD_OPTION_LISTEN_SOCKET, listener,                //
                            MHD_OPTION_CONNECTION_LIMIT, connections,          //
                            MHD_OPTION_CONNECTION_TIMEOUT, options->timeout_s, //
                            MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_BYTES_MAX, //
                            MHD_OPTION_UNESCAPE_CALLBACK, keep_escaped, NULL,         //
                            MHD_OPTION_NOTIFY_CONNECTION, note_connection, self,      //
                            MHD_OPTION_END);
}

static struct kf_http *new_server(const struct kf_http_options *options)
{
    struct kf_http *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return NULL;
    }
    self->streams = kf_http_streams_new(options->streams_max, STREAM_QUIET_MS);
    if (!self->streams) {
        kf_free(self);
        return NULL;
    }
    self->site = options->site;
    self->site_context = options->site_context;
    self->timeout_ms = (int64_t)options->timeout_s * 1000;
    self->loopback = kf_http_is_loopback(options->address);
    (void)pthread_mutex_init(&self->mutex, NULL);
    return self;
}

static void free_server(struct kf_http *self)
{
    kf_http_streams_destroy(&self->streams);
    (void)pthread_mutex_destroy(&self->mutex);
    kf_free(self);
}

enum kf_err kf_http_start(const struct kf_http_options *options, const struct kf_metrics *metrics,
                          kf_http_health *health, void *context, struct kf_http **http,
                          struct kf_error *err)
{
    assert(options->streams_max <= KF_HTTP_STREAMS_MAX);
    struct kf_http *self = new_server(options);
    if (!self) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the HTTP server");
    }
    int listener = -1;
    enum kf_err code = kf_http_listen(options->address, options->port, &listener, err);
    if (code != KF_OK) {
        free_server(self);
        return code;
    }
    self->metrics = metrics;
    self->health = health;
    self->context = context;
    self->port = kf_http_bound_port(listener);
    self->daemon = start(self, options, listener);
    if (!self->daemon) { /* the library has closed the listener */
        free_server(self);
        return kf_error_set(err, KF_ERR_IO, "the HTTP server does not start");
    }
    *http = self;
    return KF_OK;
}

uint16_t kf_http_port(const struct kf_http *self)
{
    return self->port;
}

void kf_http_destroy(struct kf_http **self)
{
    if (!self || !*self) {
        return;
    }
    kf_http_streams_end((*self)->streams);
    MHD_stop_daemon((*self)->daemon);
    free_server(*self);
    *self = NULL;
}
