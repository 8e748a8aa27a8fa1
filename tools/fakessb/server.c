#define _GNU_SOURCE /* POLLRDHUP */
#include "tools/fakessb/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/codec/json.h"
#include "tools/fakessb/api.h"

#define CONNECTION_BYTES ((size_t)64 * 1024)
#define TIMEOUT_S        120U
#define TRICKLE_BYTES    16
#define TRICKLE_MS       200
#define LINE_BYTES_MAX   16384

struct kf_fake_server {
    struct MHD_Daemon *daemon;
    struct kf_fake_world *world;
    const char *editions;
    pthread_mutex_t mutex; /* over the world and the log */
    int log;
    int end; /* readable when the server ends */
    uint16_t port;
    char base[64];
};

/* One question while it comes in, and its answer while it goes out. */
struct exchange {
    struct kf_fake_server *server;
    int descriptor; /* the client's */
    char *url;
    struct kf_text body;
    struct kf_fake_answer answer;
    bool answered;
};

static void destroy_exchange(struct exchange *self)
{
    if (self) {
        kf_free(self->url);
        kf_text_clear(&self->body);
        if (self->answered) {
            kf_text_clear(&self->answer.body);
        }
        kf_free(self);
    }
}

/* --- the log --------------------------------------------------------------------------------- */

static void write_line(const struct exchange *self, const char *method, int64_t real_ms)
{
    const struct kf_fake_answer *answer = &self->answer;
    char day[KF_CLOCK_TEXT_SIZE];
    struct kf_text line;
    kf_text_init(&line, LINE_BYTES_MAX);
    kf_clock_print(kf_fake_world_now(self->server->world), day);
    kf_text_add_format(&line, "{\"ms\":%lld,\"day\":\"%s\",\"method\":", (long long)real_ms, day);
    kf_json_quote(method, &line);
    kf_text_add(&line, ",\"url\":");
    kf_json_quote(self->url, &line);
    kf_text_add_format(&line, ",\"cells\":%llu,\"status\":%u,\"bytes\":%zu,\"mode\":\"%s\"}\n",
                       (unsigned long long)answer->cells, answer->status, answer->body.length,
                       answer->mode);
    if (self->server->log >= 0 && !line.failed &&
        write(self->server->log, line.bytes, line.length) < 0) {
        fprintf(stderr, "kf-fake-ssb: the log cannot be written: %s\n", strerror(errno));
    }
    kf_text_clear(&line);
}

/* --- going out ------------------------------------------------------------------------------- */

/* Waits until the server ends, the client goes, or the time is over. False: it ends. */
static bool wait_with(const struct exchange *self, int timeout_ms)
{
    struct pollfd items[2] = {{.fd = self->server->end, .events = POLLIN},
                              {.fd = self->descriptor, .events = POLLRDHUP}};
    return poll(items, 2, timeout_ms) == 0;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static ssize_t read_trickle(void *context, uint64_t position, char *buffer, size_t room)
{
    struct exchange *self = context;
    const struct kf_text *body = &self->answer.body;
    if (!wait_with(self, TRICKLE_MS)) {
        return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    size_t piece = smaller(smaller(room, TRICKLE_BYTES), body->length - (size_t)position);
    memcpy(buffer, body->bytes + position, piece);
    return (ssize_t)piece;
}

static ssize_t read_cut(void *context, uint64_t position, char *buffer, size_t room)
{
    struct exchange *self = context;
    const struct kf_text *body = &self->answer.body;
    size_t half = body->length / 2;
    if (position >= half) {
        return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    size_t piece = smaller(room, half - (size_t)position);
    memcpy(buffer, body->bytes + position, piece);
    return (ssize_t)piece;
}

/* The exchange outlives the response: it ends with the request. */
static struct MHD_Response *new_response(struct exchange *self)
{
    struct kf_text *body = &self->answer.body;
    if (self->answer.transport == KF_FAKE_TRICKLE && body->length > 0) {
        return MHD_create_response_from_callback(body->length, TRICKLE_BYTES, read_trickle, self,
                                                 NULL);
    }
    if (self->answer.transport == KF_FAKE_CUT && body->length > 1) {
        return MHD_create_response_from_callback(body->length, 65536, read_cut, self, NULL);
    }
    /* Nobody reads beyond the length that was announced: the rest need not be sent. */
    bool is_short = self->answer.transport == KF_FAKE_SHORT_LENGTH;
    return MHD_create_response_from_buffer(is_short ? body->length / 2 : body->length, body->bytes,
                                           MHD_RESPMEM_PERSISTENT);
}

static void add_headers(const struct exchange *self, struct MHD_Response *response)
{
    const struct kf_fake_answer *answer = &self->answer;
    if (answer->type[0] != '\0') {
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, answer->type);
    }
    if (answer->status == MHD_HTTP_FOUND) {
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_LOCATION, self->url);
    }
    for (size_t i = 0; i < answer->headers_len; i++) {
        (void)MHD_add_response_header(response, answer->headers[i].name, answer->headers[i].value);
    }
    if (answer->transport == KF_FAKE_SHORT_LENGTH) {
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
    }
}

static enum MHD_Result send_answer(struct exchange *self, struct MHD_Connection *connection)
{
    if (self->answer.transport == KF_FAKE_SILENT) {
        (void)wait_with(self, -1);
        return MHD_NO;
    }
    if (self->answer.transport == KF_FAKE_CLOSED) {
        return MHD_NO;
    }
    struct MHD_Response *response = new_response(self);
    if (!response) {
        return MHD_NO;
    }
    add_headers(self, response);
    enum MHD_Result result = MHD_queue_response(connection, self->answer.status, response);
    MHD_destroy_response(response);
    return result;
}

/* --- coming in ------------------------------------------------------------------------------- */

static const char *header_of(struct MHD_Connection *connection, const char *name)
{
    const char *value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
    return value ? value : "";
}

static void find_answer(struct exchange *self, struct MHD_Connection *connection,
                        const char *method)
{
    int64_t real_ms = kf_clock_wall_ms();
    struct kf_fake_question question = {
        .method = method,
        .url = self->url,
        .body = self->body.bytes,
        .body_len = self->body.length,
        .gzip = strstr(header_of(connection, MHD_HTTP_HEADER_ACCEPT_ENCODING), "gzip") != NULL,
        .etag = header_of(connection, MHD_HTTP_HEADER_IF_NONE_MATCH),
        .base = self->server->base,
        .editions = self->server->editions};
    (void)pthread_mutex_lock(&self->server->mutex);
    kf_fake_answer(self->server->world, &question, &self->answer);
    self->answered = true;
    write_line(self, method, real_ms);
    (void)pthread_mutex_unlock(&self->server->mutex);
}

static void keep_body(struct exchange *self, const char *upload, size_t *upload_size)
{
    kf_text_add_bytes(&self->body, upload, *upload_size);
    *upload_size = 0;
}

static enum MHD_Result refuse_body(struct MHD_Connection *connection)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(0, (void *)(uintptr_t) "", MHD_RESPMEM_PERSISTENT);
    enum MHD_Result result =
        response ? MHD_queue_response(connection, MHD_HTTP_CONTENT_TOO_LARGE, response) : MHD_NO;
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **request)
{
    (void)context;
    (void)url;
    (void)version;
    struct exchange *self = *request;
    if (!self) {
        return MHD_NO; /* no memory for it */
    }
    if (self->descriptor < 0) { /* the first call: the head only */
        self->descriptor =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
        return MHD_YES;
    }
    if (*upload_size > 0) {
        keep_body(self, upload, upload_size);
        return MHD_YES;
    }
    if (self->body.failed) {
        return refuse_body(connection);
    }
    find_answer(self, connection, method);
    return send_answer(self, connection);
}

/* The only place where the URL is as it came. */
static void *open_exchange(void *context, const char *url, struct MHD_Connection *connection)
{
    (void)connection;
    struct exchange *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return NULL;
    }
    self->server = context;
    self->descriptor = -1;
    self->url = kf_strdup(url);
    kf_text_init(&self->body, KF_FAKE_BODY_MAX);
    if (!self->url) {
        destroy_exchange(self);
        return NULL;
    }
    return self;
}

static void close_exchange(void *context, struct MHD_Connection *connection, void **request,
                           enum MHD_RequestTerminationCode code)
{
    (void)context;
    (void)connection;
    (void)code;
    destroy_exchange(*request);
    *request = NULL;
}

/* --- start and end --------------------------------------------------------------------------- */

static enum kf_err open_log(struct kf_fake_server *self, const char *path, struct kf_error *err)
{
    if (path[0] == '\0') {
        return KF_OK;
    }
    self->log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    return self->log >= 0 ? KF_OK
                          : kf_error_set_errno(err, KF_ERR_CONFIG, errno, "cannot write %s", path);
}

static enum kf_err start_daemon(struct kf_fake_server *self, uint16_t port, struct kf_error *err)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL;
    self->daemon = MHD_start_daemon(flags, port, NULL, NULL, handle, self, /* then options: */
                                    MHD_OPTION_SOCK_ADDR, &address,        //
                                    MHD_OPTION_CONNECTION_LIMIT, KF_FAKE_CONNECTIONS_MAX, //
                                    MHD_OPTION_CONNECTION_TIMEOUT, TIMEOUT_S,             //
                                    MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_BYTES, //
                                    MHD_OPTION_URI_LOG_CALLBACK, open_exchange, self,     //
                                    MHD_OPTION_NOTIFY_COMPLETED, close_exchange, self,    //
                                    MHD_OPTION_LISTENING_ADDRESS_REUSE, 1U,               //
                                    MHD_OPTION_END);
    if (!self->daemon) {
        return kf_error_set(err, KF_ERR_CONFIG, "port %u of 127.0.0.1 cannot be listened on",
                            (unsigned)port);
    }
    self->port = MHD_get_daemon_info(self->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
    (void)snprintf(self->base, sizeof self->base, "http://127.0.0.1:%u", (unsigned)self->port);
    return KF_OK;
}

enum kf_err kf_fake_server_start(const struct kf_fake_server_options *options,
                                 struct kf_fake_world *world, struct kf_fake_server **server,
                                 struct kf_error *err)
{
    struct kf_fake_server *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the server");
    }
    self->world = world;
    self->editions = options->editions;
    self->log = -1;
    (void)pthread_mutex_init(&self->mutex, NULL);
    self->end = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    enum kf_err code = self->end >= 0 ? open_log(self, options->log, err)
                                      : kf_error_set_errno(err, KF_ERR_IO, errno, "no descriptor");
    if (code == KF_OK) {
        code = start_daemon(self, options->port, err);
    }
    if (code != KF_OK) {
        kf_fake_server_destroy(&self);
        return code;
    }
    *server = self;
    return KF_OK;
}

uint16_t kf_fake_server_port(const struct kf_fake_server *self)
{
    return self->port;
}

void kf_fake_server_destroy(struct kf_fake_server **self)
{
    const uint64_t one = 1;
    if (!self || !*self) {
        return;
    }
    if ((*self)->end >= 0 && write((*self)->end, &one, sizeof one) < 0) {
        fprintf(stderr, "kf-fake-ssb: connections cannot be told to end\n");
    }
    if ((*self)->daemon) {
        MHD_stop_daemon((*self)->daemon);
    }
    if ((*self)->end >= 0) {
        (void)close((*self)->end);
    }
    if ((*self)->log >= 0) {
        (void)close((*self)->log);
    }
    (void)pthread_mutex_destroy(&(*self)->mutex);
    kf_free(*self);
    *self = NULL;
}
