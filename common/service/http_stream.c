#include "common/service/http_stream.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/memory.h"

#define BLOCK_BYTES ((size_t)16 * 1024)

/* A client that listens. The daemon asks for bytes; while there are none its connection is
 * suspended. */
struct stream {
    struct kf_http_streams *all;
    struct stream *next;
    struct MHD_Connection *connection;
    struct kf_text queue;
    size_t sent; /* of the queue */
    bool suspended;
    bool ended;
};

struct kf_http_streams {
    pthread_mutex_t mutex; /* over everything below */
    struct stream *first;
    size_t count;
    size_t count_max;
    int64_t quiet_ms;
    int64_t told_ms;
    bool ended;
};

struct kf_http_streams *kf_http_streams_new(unsigned streams_max, int64_t quiet_ms)
{
    struct kf_http_streams *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return NULL;
    }
    self->count_max = streams_max;
    self->quiet_ms = quiet_ms;
    self->told_ms = kf_clock_monotonic_ms();
    (void)pthread_mutex_init(&self->mutex, NULL);
    return self;
}

void kf_http_streams_destroy(struct kf_http_streams **self)
{
    if (!self || !*self) {
        return;
    }
    (void)pthread_mutex_destroy(&(*self)->mutex);
    kf_free(*self);
    *self = NULL;
}

/* --- one stream ------------------------------------------------------------------------------ */

/* With the mutex. */
static void wake(struct stream *stream)
{
    if (stream->suspended) {
        stream->suspended = false;
        MHD_resume_connection(stream->connection);
    }
}

/* With the mutex: the next bytes of the queue, at most `room`. */
static size_t take(struct stream *stream, char *bytes, size_t room)
{
    size_t left = stream->queue.length - stream->sent;
    size_t length = left < room ? left : room;
    memcpy(bytes, stream->queue.bytes + stream->sent, length);
    stream->sent += length;
    if (stream->sent == stream->queue.length) {
        kf_text_reset(&stream->queue);
        stream->sent = 0;
    }
    return length;
}

/* With the mutex. What was sent makes room only when all was: a client that keeps up empties its
 * queue all the time. */
static void add(struct stream *stream, const struct kf_text *bytes)
{
    kf_text_add_bytes(&stream->queue, bytes->bytes, bytes->length);
    stream->ended = stream->ended || stream->queue.failed;
    wake(stream);
}

static ssize_t read_on(void *context, uint64_t position, char *bytes, size_t room)
{
    struct stream *stream = context;
    ssize_t result = 0;
    (void)position;
    (void)pthread_mutex_lock(&stream->all->mutex);
    if (stream->ended || stream->all->ended) {
        result = MHD_CONTENT_READER_END_OF_STREAM;
    } else if (stream->queue.length > stream->sent) {
        result = (ssize_t)take(stream, bytes, room);
    } else {
        stream->suspended = true;
        MHD_suspend_connection(stream->connection);
    }
    (void)pthread_mutex_unlock(&stream->all->mutex);
    return result;
}

static void free_stream(struct stream *stream)
{
    kf_text_clear(&stream->queue);
    kf_free(stream);
}

/* The daemon's last word about a stream. */
static void forget(void *context)
{
    struct stream *stream = context;
    struct kf_http_streams *all = stream->all;
    (void)pthread_mutex_lock(&all->mutex);
    for (struct stream **at = &all->first; *at; at = &(*at)->next) {
        if (*at == stream) {
            *at = stream->next;
            all->count--;
            break;
        }
    }
    (void)pthread_mutex_unlock(&all->mutex);
    free_stream(stream);
}

static struct stream *new_stream(struct kf_http_streams *self, struct MHD_Connection *connection,
                                 const struct kf_text *begin)
{
    struct stream *stream = kf_calloc(1, sizeof *stream);
    if (!stream) {
        return NULL;
    }
    stream->all = self;
    stream->connection = connection;
    kf_text_init(&stream->queue, KF_HTTP_STREAM_BYTES_MAX);
    kf_text_add_bytes(&stream->queue, begin->bytes, begin->length);
    if (stream->queue.failed) {
        free_stream(stream);
        return NULL;
    }
    return stream;
}

/* True when there was a place. */
static bool enlist(struct kf_http_streams *self, struct stream *stream)
{
    (void)pthread_mutex_lock(&self->mutex);
    bool room = self->count < self->count_max && !self->ended;
    if (room) {
        stream->next = self->first;
        self->first = stream;
        self->count++;
    }
    (void)pthread_mutex_unlock(&self->mutex);
    return room;
}

struct MHD_Response *kf_http_streams_open(struct kf_http_streams *self,
                                          struct MHD_Connection *connection,
                                          const struct kf_text *begin)
{
    struct stream *stream = new_stream(self, connection, begin);
    if (!stream) {
        return NULL;
    }
    if (!enlist(self, stream)) {
        free_stream(stream);
        return NULL;
    }
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_BYTES, read_on, stream, forget);
    if (!response) {
        forget(stream);
    }
    return response;
}

/* --- all of them ----------------------------------------------------------------------------- */

void kf_http_streams_tell(struct kf_http_streams *self, const struct kf_text *bytes)
{
    (void)pthread_mutex_lock(&self->mutex);
    self->told_ms = kf_clock_monotonic_ms();
    for (struct stream *stream = self->first; stream; stream = stream->next) {
        add(stream, bytes);
    }
    (void)pthread_mutex_unlock(&self->mutex);
}

void kf_http_streams_tend(struct kf_http_streams *self)
{
    static char line[] = ":\n\n"; /* a comment: says nothing */
    const struct kf_text nothing = {.bytes = line, .length = sizeof line - 1};
    (void)pthread_mutex_lock(&self->mutex);
    bool quiet = kf_clock_monotonic_ms() - self->told_ms >= self->quiet_ms;
    (void)pthread_mutex_unlock(&self->mutex);
    if (quiet) {
        kf_http_streams_tell(self, &nothing);
    }
}

void kf_http_streams_end(struct kf_http_streams *self)
{
    (void)pthread_mutex_lock(&self->mutex);
    self->ended = true;
    for (struct stream *stream = self->first; stream; stream = stream->next) {
        wake(stream);
    }
    (void)pthread_mutex_unlock(&self->mutex);
}

size_t kf_http_streams_count(struct kf_http_streams *self)
{
    (void)pthread_mutex_lock(&self->mutex);
    size_t count = 0;
    for (const struct stream *stream = self->first; stream; stream = stream->next) {
        count += stream->ended ? 0 : 1;
    }
    (void)pthread_mutex_unlock(&self->mutex);
    return count;
}
