#include "services/publish/event.h"

#include <assert.h>
#include <string.h>

#define SOURCE_BYTES_MAX 256
#define ID_BYTES_MAX     1024
#define PARENT_DIGITS    16

enum { SPEC, TYPE, SOURCE, ID, TIME, SUBJECT, CONTENT, TRACE };

static const char *const names[KF_EVENT_HEADERS] = {
    [SPEC] = "ce_specversion",  [TYPE] = "ce_type",
    [SOURCE] = "ce_source",     [ID] = "ce_id",
    [TIME] = "ce_time",         [SUBJECT] = "ce_subject",
    [CONTENT] = "content-type", [TRACE] = "traceparent",
};

static void set(struct kf_event *self, size_t index, const char *value)
{
    self->list[index] = (struct kf_header){names[index], value, strlen(value)};
}

/* Copies `text` behind the `length` bytes of `into`, which has room for `size`; the new length. */
static size_t append(char *into, size_t size, size_t length, const char *text, size_t text_length)
{
    assert(length + text_length < size);
    (void)size;
    memcpy(into + length, text, text_length);
    into[length + text_length] = '\0';
    return length + text_length;
}

static void name_type(char type[KF_EVENT_TYPE_SIZE], size_t topic)
{
    const char *kind = kf_topic_kind(topic);
    size_t length = append(type, KF_EVENT_TYPE_SIZE, 0, "no.kostraflow.", 14);

    length = append(type, KF_EVENT_TYPE_SIZE, length, kind, strlen(kind));
    append(type, KF_EVENT_TYPE_SIZE, length, ".v1", 3);
}

/* The trace is the release; the span above each record is the publication of the release. */
static void name_trace(char trace[KF_EVENT_TRACE_SIZE], const char *release)
{
    size_t length = append(trace, KF_EVENT_TRACE_SIZE, 0, "00-", 3);

    length = append(trace, KF_EVENT_TRACE_SIZE, length, release, strlen(release));
    length = append(trace, KF_EVENT_TRACE_SIZE, length, "-", 1);
    length = append(trace, KF_EVENT_TRACE_SIZE, length, release, PARENT_DIGITS);
    append(trace, KF_EVENT_TRACE_SIZE, length, "-01", 3);
}

void kf_event_init(struct kf_event *self, const struct kf_release *release,
                   enum kf_encoding encoding)
{
    memset(self, 0, sizeof *self);
    for (size_t topic = 0; topic < KF_TOPICS_ALL; topic++) {
        name_type(self->types[topic], topic);
    }
    kf_clock_print(release->discovered_ms, self->time);
    name_trace(self->trace, release->id);
    kf_text_init(&self->source, SOURCE_BYTES_MAX);
    kf_text_init(&self->id, ID_BYTES_MAX);
    kf_text_add_format(&self->id, "%s/", release->id);
    self->id_prefix = self->id.length;
    set(self, SPEC, "1.0");
    set(self, TIME, self->time);
    set(self, CONTENT, kf_encoding_content_type(encoding));
    set(self, TRACE, self->trace);
    kf_event_set_edition(self, "");
}

void kf_event_clear(struct kf_event *self)
{
    kf_text_clear(&self->source);
    kf_text_clear(&self->id);
}

void kf_event_set_edition(struct kf_event *self, const char *edition)
{
    kf_text_reset(&self->source);
    kf_text_add(&self->source, "/kostraflow");
    kf_text_add(&self->source, edition[0] == '\0' ? "" : "/");
    kf_text_add(&self->source, edition);
    set(self, SOURCE, self->source.bytes);
}

enum kf_err kf_event_set_record(struct kf_event *self, size_t topic, const struct kf_text *key,
                                struct kf_error *err)
{
    if (!self->id.failed) {
        self->id.length = self->id_prefix;
    }
    kf_text_add(&self->id, kf_topic_kind(topic));
    kf_text_add_char(&self->id, '/');
    kf_text_add_bytes(&self->id, key->bytes, key->length);
    if (self->id.failed || self->source.failed || key->failed) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the headers of a record");
    }
    set(self, TYPE, self->types[topic]);
    set(self, ID, self->id.bytes);
    set(self, SUBJECT, key->bytes);
    self->length = KF_EVENT_HEADERS;
    return KF_OK;
}

void kf_event_add(struct kf_event *self, const char *name, const char *value)
{
    assert(self->length < KF_EVENT_HEADERS_MAX);
    self->list[self->length++] = (struct kf_header){name, value, strlen(value)};
}
