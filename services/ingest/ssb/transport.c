#include "services/ingest/ssb/transport.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/memory.h"

#define SOCKETS_MAX          8
#define NO_TIMER             INT64_MAX
#define PIECE_BYTES_MAX      (256 * 1024)  /* of a body, in one turn of work */
#define RATIO_FROM_BYTES     (1024 * 1024) /* decompressed */
#define RECEIVED_BYTES_LEAST (16 * 1024)   /* libcurl counts a buffer late */
#define ERROR_BYTES_MAX      (64 * 1024)   /* of a body that is no content */
#define IDLE_BYTES_PER_S     50L           /* slower than that for so long: timed out */
#define IDLE_SECONDS         30L
#define KEEP_OPEN_SECONDS    100L

struct kf_ssb_transport {
    struct kf_ssb_transport_options options;
    CURLM *multi;
    CURL *easy;
    struct curl_slist *lines; /* of the request's head */
    struct pollfd sockets[SOCKETS_MAX];
    size_t sockets_len;
    int64_t timer_ms; /* kf_clock_monotonic_ms, or NO_TIMER */
    bool open;
    bool paused;
    size_t piece_bytes; /* taken in this turn */
    kf_ssb_transport_body *body;
    void *context;
    char curl_text[CURL_ERROR_SIZE];
    struct kf_ssb_exchange exchange;
};

/* --- what libcurl calls ----------------------------------------------------------------------- */

static size_t on_header(char *bytes, size_t size, size_t count, void *context)
{
    struct kf_ssb_transport *self = context;
    kf_ssb_headers_line(&self->exchange.headers, bytes, size * count,
                        kf_day_wall_ms(self->options.day));
    return size * count;
}

static void keep_beginning(struct kf_ssb_exchange *exchange, const char *bytes, size_t length)
{
    size_t room = sizeof exchange->beginning - 1 - exchange->beginning_length;
    size_t kept = length < room ? length : room;
    memcpy(exchange->beginning + exchange->beginning_length, bytes, kept);
    exchange->beginning_length += kept;
    exchange->beginning[exchange->beginning_length] = '\0';
}

static uint64_t received_bytes(const struct kf_ssb_transport *self)
{
    curl_off_t received = 0;
    (void)curl_easy_getinfo(self->easy, CURLINFO_SIZE_DOWNLOAD_T, &received);
    return received > RECEIVED_BYTES_LEAST ? (uint64_t)received : RECEIVED_BYTES_LEAST;
}

static bool is_too_large(struct kf_ssb_transport *self)
{
    struct kf_ssb_exchange *exchange = &self->exchange;
    uint64_t bytes = exchange->bytes;
    if (bytes > self->options.body_bytes_max) {
        (void)snprintf(exchange->fault_text, sizeof exchange->fault_text, "more than %llu bytes",
                       (unsigned long long)self->options.body_bytes_max);
        exchange->too_large = true;
    } else if (bytes > RATIO_FROM_BYTES && bytes / self->options.ratio_max > received_bytes(self)) {
        (void)snprintf(exchange->fault_text, sizeof exchange->fault_text,
                       "every byte became more than %llu when it was decompressed",
                       (unsigned long long)self->options.ratio_max);
        exchange->too_large = true;
    }
    return exchange->too_large;
}

/* True when the exchange goes on after these bytes. */
static bool take_bytes(struct kf_ssb_transport *self, const char *bytes, size_t length)
{
    struct kf_ssb_exchange *exchange = &self->exchange;
    bool goes_on = true;
    exchange->bytes += length;
    keep_beginning(exchange, bytes, length);
    if (is_too_large(self)) {
        return false;
    }
    if (exchange->status == 200 && kf_ssb_may_be_json(exchange->beginning)) {
        goes_on = self->body(self->context, bytes, length);
    } else {
        goes_on = exchange->bytes < ERROR_BYTES_MAX;
    }
    exchange->stopped = !goes_on;
    return goes_on;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *context)
{
    struct kf_ssb_transport *self = context;
    size_t length = size * count;
    (void)curl_easy_getinfo(self->easy, CURLINFO_RESPONSE_CODE, &self->exchange.status);
    if (self->piece_bytes >= PIECE_BYTES_MAX) {
        self->paused = true;
        return CURL_WRITEFUNC_PAUSE;
    }
    self->piece_bytes += length;
    return take_bytes(self, bytes, length) ? length : 0;
}

static size_t find_socket(const struct kf_ssb_transport *self, curl_socket_t descriptor)
{
    size_t i = 0;
    while (i < self->sockets_len && self->sockets[i].fd != descriptor) {
        i++;
    }
    return i;
}

static int on_socket(CURL *easy, curl_socket_t descriptor, int what, void *context, void *unused)
{
    struct kf_ssb_transport *self = context;
    size_t at = find_socket(self, descriptor);
    (void)easy;
    (void)unused;
    if (what == CURL_POLL_REMOVE) {
        if (at < self->sockets_len) {
            self->sockets[at] = self->sockets[--self->sockets_len];
        }
        return 0;
    }
    if (at == SOCKETS_MAX) {
        return -1;
    }
    self->sockets_len += at == self->sockets_len;
    self->sockets[at] = (struct pollfd){
        .fd = descriptor,
        .events =
            (short)((what & CURL_POLL_IN ? POLLIN : 0) | (what & CURL_POLL_OUT ? POLLOUT : 0)),
    };
    return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *context)
{
    struct kf_ssb_transport *self = context;
    (void)multi;
    self->timer_ms = timeout_ms < 0 ? NO_TIMER : kf_clock_monotonic_ms() + timeout_ms;
    return 0;
}

/* --- life ------------------------------------------------------------------------------------- */

static enum kf_err check_ca_file(const char *path, struct kf_error *err)
{
    if (path[0] == '\0') {
        return KF_OK;
    }
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        return kf_error_set_errno(err, KF_ERR_CONFIG, errno, "%.200s: cannot read the certificates",
                                  path);
    }
    (void)close(descriptor);
    return KF_OK;
}

static enum kf_err check_libcurl(struct kf_error *err)
{
    const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
    return info->features & CURL_VERSION_ASYNCHDNS
               ? KF_OK
               : kf_error_set(err, KF_ERR_CONFIG,
                              "libcurl %s would block while it looks up a name: use one with a "
                              "threaded resolver",
                              info->version);
}

static bool set_up_multi(struct kf_ssb_transport *self)
{
    CURLM *multi = self->multi;
    return multi && !curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket) &&
           !curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, self) &&
           !curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer) &&
           !curl_multi_setopt(multi, CURLMOPT_TIMERDATA, self) &&
           !curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, 2L);
}

enum kf_err kf_ssb_transport_new(const struct kf_ssb_transport_options *options,
                                 struct kf_ssb_transport **transport, struct kf_error *err)
{
    enum kf_err code = check_ca_file(options->ca_file, err);
    code = code ? code : check_libcurl(err);
    if (code) {
        return code;
    }
    struct kf_ssb_transport *self = kf_calloc(1, sizeof *self);
    if (!self || curl_global_init(CURL_GLOBAL_DEFAULT)) {
        kf_free(self);
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for a connection");
    }
    self->options = *options;
    self->timer_ms = NO_TIMER;
    self->multi = curl_multi_init();
    self->easy = curl_easy_init();
    if (!set_up_multi(self) || !self->easy) {
        kf_ssb_transport_destroy(&self);
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for a connection");
    }
    *transport = self;
    return KF_OK;
}

void kf_ssb_transport_destroy(struct kf_ssb_transport **self)
{
    struct kf_ssb_transport *old = *self;
    if (old) {
        kf_ssb_transport_drop(old);
        curl_easy_cleanup(old->easy);
        (void)curl_multi_cleanup(old->multi);
        curl_slist_free_all(old->lines);
        curl_global_cleanup();
        kf_free(old);
    }
    *self = NULL;
}

/* --- an exchange ------------------------------------------------------------------------------ */

static bool add_line(struct curl_slist **lines, const char *line)
{
    struct curl_slist *longer = curl_slist_append(*lines, line);
    *lines = longer ? longer : *lines;
    return longer != NULL;
}

static bool make_lines(const struct kf_ssb_request *request, struct curl_slist **lines)
{
    char condition[KF_SSB_ETAG_SIZE + 32];
    bool made = add_line(lines, "Accept: application/json") && add_line(lines, "Expect:");
    if (made && request->post) {
        made = add_line(lines, "Content-Type: application/json");
    }
    if (made && request->etag && request->etag[0] != '\0') {
        (void)snprintf(condition, sizeof condition, "If-None-Match: %s", request->etag);
        made = add_line(lines, condition);
    }
    return made;
}

static bool set_limits(const struct kf_ssb_transport *self)
{
    const struct kf_ssb_transport_options *options = &self->options;
    CURL *easy = self->easy;
    return !curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)options->connect_timeout_ms) &&
           !curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)options->timeout_ms) &&
           !curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, IDLE_BYTES_PER_S) &&
           !curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, IDLE_SECONDS) &&
           !curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE,
                             (curl_off_t)options->body_bytes_max) &&
           !curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, KEEP_OPEN_SECONDS);
}

static bool set_callbacks(struct kf_ssb_transport *self)
{
    CURL *easy = self->easy;
    return !curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header) &&
           !curl_easy_setopt(easy, CURLOPT_HEADERDATA, self) &&
           !curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body) &&
           !curl_easy_setopt(easy, CURLOPT_WRITEDATA, self) &&
           !curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, self->curl_text);
}

static bool set_manners(const struct kf_ssb_transport *self)
{
    const struct kf_ssb_transport_options *options = &self->options;
    CURL *easy = self->easy;
    bool set = !curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) &&
               !curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") &&
               !curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) &&
               !curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L) &&
               !curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1) &&
               !curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L) &&
               !curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L) &&
               !curl_easy_setopt(easy, CURLOPT_USERAGENT, "kostraflow/" KF_VERSION) &&
               !curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    if (set && options->ca_file[0] != '\0') {
        set = !curl_easy_setopt(easy, CURLOPT_CAINFO, options->ca_file);
    }
    if (set && options->proxy[0] != '\0') {
        set = !curl_easy_setopt(easy, CURLOPT_PROXY, options->proxy);
    }
    return set;
}

static bool set_request(struct kf_ssb_transport *self, const struct kf_ssb_request *request)
{
    CURL *easy = self->easy;
    bool set = !curl_easy_setopt(easy, CURLOPT_URL, request->url) &&
               !curl_easy_setopt(easy, CURLOPT_HTTPHEADER, self->lines);
    if (set && request->post) {
        set = !curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                                (curl_off_t)request->post_length) &&
              !curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->post);
    }
    return set;
}

enum kf_err kf_ssb_transport_begin(struct kf_ssb_transport *self,
                                   const struct kf_ssb_request *request,
                                   kf_ssb_transport_body *body, void *context, struct kf_error *err)
{
    curl_easy_reset(self->easy);
    curl_slist_free_all(self->lines);
    self->lines = NULL;
    self->exchange = (struct kf_ssb_exchange){.status = 0};
    kf_ssb_headers_init(&self->exchange.headers);
    self->curl_text[0] = '\0';
    self->paused = false;
    self->body = body;
    self->context = context;
    if (!make_lines(request, &self->lines) || !set_limits(self) || !set_callbacks(self) ||
        !set_manners(self) || !set_request(self, request) ||
        curl_multi_add_handle(self->multi, self->easy)) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to ask %.200s", request->url);
    }
    self->open = true;
    return KF_OK;
}

void kf_ssb_transport_drop(struct kf_ssb_transport *self)
{
    if (self->open) {
        (void)curl_multi_remove_handle(self->multi, self->easy);
        self->open = false;
    }
}

/* --- turns ------------------------------------------------------------------------------------ */

static void tell_fault(struct kf_ssb_transport *self, CURLcode result)
{
    struct kf_ssb_exchange *exchange = &self->exchange;
    /* libcurl quotes a proxy that it cannot use, name and password and all. */
    bool fit = self->curl_text[0] != '\0' && !strchr(self->curl_text, '@');
    const char *text = fit ? self->curl_text : curl_easy_strerror(result);
    if (exchange->stopped || exchange->too_large) {
        return;
    }
    exchange->fault = (int)result;
    if (result != CURLE_OK) {
        (void)snprintf(exchange->fault_text, sizeof exchange->fault_text, "%.200s", text);
    }
}

static void end(struct kf_ssb_transport *self, CURLcode result)
{
    char *redirect = NULL;
    tell_fault(self, result);
    (void)curl_easy_getinfo(self->easy, CURLINFO_RESPONSE_CODE, &self->exchange.status);
    (void)curl_easy_getinfo(self->easy, CURLINFO_REDIRECT_URL, &redirect);
    self->exchange.redirect = redirect;
    kf_ssb_transport_drop(self);
}

/* Whether libcurl says that it is done. */
static void look_for_the_end(struct kf_ssb_transport *self)
{
    int left = 0;
    const CURLMsg *message = NULL;
    while (self->open && (message = curl_multi_info_read(self->multi, &left))) {
        if (message->msg == CURLMSG_DONE) {
            end(self, message->data.result);
        }
    }
}

static void turn_sockets(struct kf_ssb_transport *self)
{
    struct pollfd ready[SOCKETS_MAX];
    size_t count = self->sockets_len;
    int running = 0;
    memcpy(ready, self->sockets, sizeof ready);
    if (count == 0 || poll(ready, (nfds_t)count, 0) <= 0) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        int events = (ready[i].revents & (POLLIN | POLLHUP) ? CURL_CSELECT_IN : 0) |
                     (ready[i].revents & POLLOUT ? CURL_CSELECT_OUT : 0) |
                     (ready[i].revents & (POLLERR | POLLNVAL) ? CURL_CSELECT_ERR : 0);
        if (events) {
            (void)curl_multi_socket_action(self->multi, ready[i].fd, events, &running);
        }
    }
}

bool kf_ssb_transport_work(struct kf_ssb_transport *self)
{
    int running = 0;
    self->piece_bytes = 0;
    if (self->open && self->paused) {
        self->paused = false;
        (void)curl_easy_pause(self->easy, CURLPAUSE_CONT);
    }
    if (self->open && !self->paused) {
        turn_sockets(self);
    }
    if (self->open && kf_clock_monotonic_ms() >= self->timer_ms) {
        self->timer_ms = NO_TIMER;
        (void)curl_multi_socket_action(self->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    look_for_the_end(self);
    return !self->open;
}

const struct kf_ssb_exchange *kf_ssb_transport_exchange(const struct kf_ssb_transport *self)
{
    return &self->exchange;
}

size_t kf_ssb_transport_wait(const struct kf_ssb_transport *self, struct kf_poll_item *items,
                             size_t room, int64_t *deadline_ms)
{
    size_t count = 0;
    if (!self->open) {
        return 0;
    }
    int64_t due_ms = self->paused ? kf_clock_monotonic_ms() : self->timer_ms;
    *deadline_ms = due_ms < *deadline_ms ? due_ms : *deadline_ms;
    for (; count < self->sockets_len && count < room && !self->paused; count++) {
        const struct pollfd *socket = &self->sockets[count];
        items[count] = (struct kf_poll_item){.descriptor = socket->fd,
                                             .want_in = socket->events & POLLIN,
                                             .want_out = socket->events & POLLOUT};
    }
    return count;
}
