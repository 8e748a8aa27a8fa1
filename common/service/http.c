#include "common/service/http.h"

#include <assert.h>
#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/memory.h"

#define CONNECTION_BYTES_MAX ((size_t)16 * 1024)
#define CONNECTIONS_MAX      64
#define PAGE_BYTES_MAX       ((size_t)256 * 1024)
#define BACKLOG              16

/* A client that is connected now. */
struct client {
    int descriptor;
    int64_t since_ms;
};

struct kf_http {
    struct MHD_Daemon *daemon;
    const struct kf_metrics *metrics;
    kf_http_health *health;
    void *context;
    uint16_t port;
    int64_t timeout_ms;
    pthread_mutex_t mutex; /* over clients */
    struct client clients[CONNECTIONS_MAX];
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

static void add_headers(struct MHD_Response *response, const char *type, unsigned status)
{
    const char *headers[][2] = {
        {MHD_HTTP_HEADER_CONTENT_TYPE, type},
        {MHD_HTTP_HEADER_CACHE_CONTROL, "no-store"},
        {"X-Content-Type-Options", "nosniff"},
        {MHD_HTTP_HEADER_CONNECTION, "close"},
    };
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        (void)MHD_add_response_header(response, headers[i][0], headers[i][1]);
    }
    if (status == MHD_HTTP_METHOD_NOT_ALLOWED) {
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
    }
}

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status, const char *type,
                              const struct kf_text *body)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(body->length, body->bytes, MHD_RESPMEM_MUST_COPY);
    if (!response) {
        return MHD_NO;
    }
    add_headers(response, type, status);
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result answer_page(struct kf_http *self, struct MHD_Connection *connection,
                                   const char *path, bool method_allowed)
{
    struct kf_text body;
    kf_text_init(&body, PAGE_BYTES_MAX);
    const struct page *page = find_page(path);
    unsigned status = MHD_HTTP_NOT_FOUND;
    if (!method_allowed) {
        status = MHD_HTTP_METHOD_NOT_ALLOWED;
        kf_text_add(&body, "only GET and HEAD\n");
    } else if (page) {
        status = page->write(self, &body);
    } else {
        kf_text_add(&body, "there are /metrics, /healthz and /readyz\n");
    }
    if (body.failed) {
        kf_text_reset(&body);
        status = MHD_HTTP_INTERNAL_SERVER_ERROR;
    }
    bool ours = page && method_allowed && status != MHD_HTTP_INTERNAL_SERVER_ERROR;
    enum MHD_Result result = answer(connection, status, ours ? page->type : PLAIN, &body);
    kf_text_clear(&body);
    return result;
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **request)
{
    (void)version;
    (void)upload;
    (void)upload_size;
    (void)request;
    bool allowed =
        strcmp(method, MHD_HTTP_METHOD_GET) == 0 || strcmp(method, MHD_HTTP_METHOD_HEAD) == 0;
    return answer_page(context, connection, url, allowed);
}

/* --- slow clients ---------------------------------------------------------------------------- */

static void client_add(struct kf_http *self, int descriptor)
{
    if (self->clients_len < CONNECTIONS_MAX) {
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

/* Called on the HTTP thread: after accepting, and before the descriptor is closed. */
static void note_connection(void *context, struct MHD_Connection *connection, void **socket_context,
                            enum MHD_ConnectionNotificationCode code)
{
    (void)socket_context;
    struct kf_http *self = context;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (!info) {
        return;
    }
    (void)pthread_mutex_lock(&self->mutex);
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        client_add(self, info->connect_fd);
    } else {
        client_remove(self, info->connect_fd);
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
}

/* --- listening ------------------------------------------------------------------------------- */

static const struct addrinfo numeric = {.ai_family = AF_UNSPEC,
                                        .ai_socktype = SOCK_STREAM,
                                        .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE};

bool kf_http_is_address(const char *text)
{
    struct addrinfo *found = NULL;
    if (getaddrinfo(text, "0", &numeric, &found) != 0) {
        return false;
    }
    freeaddrinfo(found);
    return true;
}

static enum kf_err resolve(const struct kf_http_options *options, struct addrinfo **found,
                           struct kf_error *err)
{
    char port[8];
    (void)snprintf(port, sizeof port, "%u", (unsigned)options->port);
    if (getaddrinfo(options->address, port, &numeric, found) != 0) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "http-address %s is no numeric address; give one such as 127.0.0.1",
                            options->address);
    }
    return KF_OK;
}

/* The port that `descriptor` is bound to. */
static uint16_t bound_port(int descriptor)
{
    struct sockaddr_storage bound = {0};
    socklen_t size = sizeof bound;
    char port[8] = "0";
    unsigned long number = 0;
    if (getsockname(descriptor, (struct sockaddr *)&bound, &size) == 0 &&
        getnameinfo((struct sockaddr *)&bound, size, NULL, 0, port, sizeof port, NI_NUMERICSERV) ==
            0) {
        (void)kf_text_to_unsigned(port, strlen(port), UINT16_MAX, &number);
    }
    return (uint16_t)number;
}

static enum kf_err listen_on(const struct kf_http_options *options, int *descriptor,
                             struct kf_error *err)
{
    struct addrinfo *address = NULL;
    enum kf_err code = resolve(options, &address, err);
    if (code != KF_OK) {
        return code;
    }
    int one = 1;
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0 ||
        bind(fd, address->ai_addr, address->ai_addrlen) != 0 || listen(fd, BACKLOG) != 0) {
        code = kf_error_set_errno(err, KF_ERR_CONFIG, errno,
                                  "http-address %s, http-port %u cannot be listened on",
                                  options->address, (unsigned)options->port);
    }
    freeaddrinfo(address);
    if (code == KF_OK) {
        *descriptor = fd;
    } else if (fd >= 0) {
        (void)close(fd);
    }
    return code;
}

static struct MHD_Daemon *start(struct kf_http *self, const struct kf_http_options *options,
                                int listener)
{
    unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_AUTO;
    unsigned connections =
        options->connections_max < CONNECTIONS_MAX ? options->connections_max : CONNECTIONS_MAX;
    return MHD_start_daemon(flags, self->port, NULL, NULL, handle, self,       /* then options: */
                            MHD_OPTION_LISTEN_SOCKET, listener,                //
                            MHD_OPTION_CONNECTION_LIMIT, connections,          //
                            MHD_OPTION_CONNECTION_TIMEOUT, options->timeout_s, //
                            MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_BYTES_MAX, //
                            MHD_OPTION_NOTIFY_CONNECTION, note_connection, self,      //
                            MHD_OPTION_END);
}

enum kf_err kf_http_start(const struct kf_http_options *options, const struct kf_metrics *metrics,
                          kf_http_health *health, void *context, struct kf_http **http,
                          struct kf_error *err)
{
    struct kf_http *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the HTTP server");
    }
    int listener = -1;
    enum kf_err code = listen_on(options, &listener, err);
    if (code != KF_OK) {
        kf_free(self);
        return code;
    }
    self->metrics = metrics;
    self->health = health;
    self->context = context;
    self->timeout_ms = (int64_t)options->timeout_s * 1000;
    self->port = bound_port(listener);
    (void)pthread_mutex_init(&self->mutex, NULL);
    self->daemon = start(self, options, listener);
    if (!self->daemon) { /* the library has closed the listener */
        (void)pthread_mutex_destroy(&self->mutex);
        kf_free(self);
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
    MHD_stop_daemon((*self)->daemon);
    (void)pthread_mutex_destroy(&(*self)->mutex);
    kf_free(*self);
    *self = NULL;
}
