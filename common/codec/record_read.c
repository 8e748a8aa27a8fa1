#include "common/codec/record_read.h"

#include <math.h>
#include <string.h>

#include "common/base/arena.h"
#include "common/codec/json_read.h"
#include "common/codec/unpack.h"

#include "google/protobuf/wrappers.pb-c.h"
#include "kf/v1/record.pb-c.h"

#define ARENA_BYTES_MAX ((size_t)128 * 1024 * 1024)
#define TOPICS_MAX      64
#define RELEASE_LENGTH  (KF_RELEASE_ID_SIZE - 1)

/* Fields that every row has, by number; the others are measures. */
enum { RELEASE = 1, EDITION, YEAR, MUNICIPALITY, SECTOR, INDICATOR, FLAGS };

static const ProtobufCMessageDescriptor *type_of(enum kf_topic topic)
{
    static const ProtobufCMessageDescriptor *const types[KF_TOPICS] = {
        [KF_TOPIC_NEED] = &kf__v1__need_record__descriptor,
        [KF_TOPIC_RESOURCE_USE] = &kf__v1__resource_use_record__descriptor,
        [KF_TOPIC_DEMOGRAPHY] = &kf__v1__demography_record__descriptor,
        [KF_TOPIC_INDICATOR] = &kf__v1__indicator_record__descriptor,
        [KF_TOPIC_INDEX] = &kf__v1__index_record__descriptor,
        [KF_TOPIC_EFFICIENCY] = &kf__v1__efficiency_record__descriptor,
        [KF_TOPIC_UNIT_COST] = &kf__v1__unit_cost_record__descriptor,
        [KF_TOPIC_STATISTICS] = &kf__v1__statistics_record__descriptor,
    };
    return (size_t)topic < KF_TOPICS ? types[topic] : NULL;
}

static const char *const flag_names[KF_FLAGS] = {"missing",     "not_applicable", "suppressed",
                                                 "projected",   "published",      "imputed",
                                                 "preliminary", "inferred",       "incomplete"};

const char *kf_record_flag(size_t index)
{
    return index < KF_FLAGS ? flag_names[index] : NULL;
}

const char *kf_record_measure_name(enum kf_topic topic, uint32_t number)
{
    const ProtobufCMessageDescriptor *type = type_of(topic);
    const ProtobufCFieldDescriptor *field =
        type && number > FLAGS ? protobuf_c_message_descriptor_get_field(type, number) : NULL;
    return field ? field->name : NULL;
}

enum kf_encoding kf_record_encoding(const void *bytes, size_t length)
{
    return length > 0 && *(const char *)bytes == '{' ? KF_ENCODING_JSON : KF_ENCODING_PROTOBUF;
}

/* --- messages -------------------------------------------------------------------------------- */

/* A message and what it lies in. Start from {0}. */
struct reading {
    struct kf_arena *arena;
    struct kf_unpack unpack;
    ProtobufCMessage *unpacked; /* to be freed, or NULL */
    ProtobufCMessage *message;
};

static enum kf_err open_message(struct reading *self, const ProtobufCMessageDescriptor *type,
                                const void *bytes, size_t length, struct kf_error *err)
{
    if (length > KF_RECORD_READ_BYTES_MAX) {
        return kf_error_set(err, KF_ERR_LIMIT, "a record of %zu bytes, at most %zu are read",
                            length, KF_RECORD_READ_BYTES_MAX);
    }
    self->arena = kf_arena_new(ARENA_BYTES_MAX);
    if (!self->arena) {
        return kf_codec_no_memory(err);
    }
    if (kf_record_encoding(bytes, length) == KF_ENCODING_JSON) {
        return kf_json_read(type, bytes, length, self->arena, &self->message, err);
    }
    kf_unpack_init(&self->unpack, kf_unpack_ceiling(length));
    enum kf_err code = kf_unpack(&self->unpack, type, bytes, length, &self->unpacked, err);
    self->message = self->unpacked;
    return code;
}

static void close_message(struct reading *self)
{
    if (self->unpacked) {
        protobuf_c_message_free_unpacked(self->unpacked, &self->unpack.allocator);
    }
    kf_arena_destroy(&self->arena);
}

/* --- rows ------------------------------------------------------------------------------------ */

static unsigned flag_of(const char *name)
{
    for (size_t i = 0; i < KF_FLAGS; i++) {
        if (strcmp(flag_names[i], name) == 0) {
            return 1U << i;
        }
    }
    return 0;
}

static void read_flags(const void *base, const ProtobufCFieldDescriptor *field,
                       struct kf_record_row *row)
{
    size_t count = 0;
    char *const *list = NULL;
    memcpy(&count, (const char *)base + field->quantifier_offset, sizeof count);
    memcpy(&list, (const char *)base + field->offset, sizeof list);
    for (size_t i = 0; i < count; i++) {
        row->flags |= flag_of(list[i]);
    }
}

static enum kf_err read_measure(const void *member, const ProtobufCFieldDescriptor *field,
                                struct kf_record_row *row, struct kf_error *err)
{
    const Google__Protobuf__DoubleValue *wrapper = NULL;
    memcpy(&wrapper, member, sizeof wrapper);
    if (!wrapper) {
        return KF_OK;
    }
    if (!isfinite(wrapper->value)) {
        return kf_error_set(err, KF_ERR_DATA, "%s is not a finite number", field->name);
    }
    if (row->measures_len == KF_RECORD_MEASURES_MAX) {
        return kf_error_set(err, KF_ERR_LIMIT, "more than %d measures", KF_RECORD_MEASURES_MAX);
    }
    row->measures[row->measures_len++] =
        (struct kf_record_measure){field->id, field->name, wrapper->value};
    return KF_OK;
}

static enum kf_err read_field(const ProtobufCMessage *message,
                              const ProtobufCFieldDescriptor *field, struct kf_record_row *row,
                              struct kf_error *err)
{
    const char **const texts[] = {[RELEASE] = &row->release,
                                  [EDITION] = &row->edition,
                                  [MUNICIPALITY] = &row->municipality,
                                  [SECTOR] = &row->sector,
                                  [INDICATOR] = &row->indicator};
    const char *base = (const char *)message;
    if (field->id == YEAR) {
        int32_t year = 0;
        memcpy(&year, base + field->offset, sizeof year);
        row->year = year;
    } else if (field->id == FLAGS) {
        read_flags(base, field, row);
    } else if (field->id < sizeof texts / sizeof texts[0]) {
        memcpy(texts[field->id], base + field->offset, sizeof(char *));
    } else {
        return read_measure(base + field->offset, field, row, err);
    }
    return KF_OK;
}

static enum kf_err row_of(const ProtobufCMessage *message, struct kf_record_row *row,
                          struct kf_error *err)
{
    enum kf_err code = KF_OK;
    for (unsigned i = 0; i < message->descriptor->n_fields && !code; i++) {
        code = read_field(message, &message->descriptor->fields[i], row, err);
    }
    bool whole = !code && strlen(row->release) == RELEASE_LENGTH && row->edition[0] &&
                 row->year > 0 && row->sector[0];
    return code || whole
               ? code
               : kf_error_set(err, KF_ERR_DATA, "a row without release, edition, year or sector");
}

enum kf_err kf_record_row_read(enum kf_topic topic, const void *bytes, size_t length,
                               kf_record_row_visit *visit, void *context, struct kf_error *err)
{
    struct reading reading = {0};
    struct kf_record_row row = {.topic = topic};
    const ProtobufCMessageDescriptor *type = type_of(topic);
    if (!type) {
        return kf_error_set(err, KF_ERR_DATA, "topic %d has no rows", (int)topic);
    }
    enum kf_err code = open_message(&reading, type, bytes, length, err);
    if (!code) {
        code = row_of(reading.message, &row, err);
    }
    if (!code) {
        code = visit(context, &row, err);
    }
    close_message(&reading);
    return code;
}

/* --- manifests ------------------------------------------------------------------------------- */

static enum kf_err check_release(const char *release, struct kf_error *err)
{
    return strlen(release) == RELEASE_LENGTH
               ? KF_OK
               : kf_error_set(err, KF_ERR_DATA, "\"%.64s\" is no release", release);
}

/* Contents copied into `arena`; NULL without memory. */
static struct kf_topic_content *contents_of(Kf__V1__TopicContent *const *topics, size_t count,
                                            struct kf_arena *arena)
{
    struct kf_topic_content *list = kf_arena_calloc(arena, count > 0 ? count : 1, sizeof *list);
    for (size_t i = 0; list && i < count; i++) {
        kf_clean_copy(list[i].topic, sizeof list[i].topic, topics[i]->topic);
        kf_clean_copy(list[i].digest, sizeof list[i].digest, topics[i]->digest);
        list[i].rows = topics[i]->rows;
        list[i].withdrawn = topics[i]->withdrawn;
    }
    return list;
}

static enum kf_err panel_of(const Kf__V1__PanelContent *from, struct kf_arena *arena,
                            struct kf_panel_content *panel, struct kf_error *err)
{
    enum kf_err code = kf_codec_check_count(from->n_topics, TOPICS_MAX, "topics", "a panel", err);
    if (code) {
        return code;
    }
    kf_clean_copy(panel->edition, sizeof panel->edition, from->edition);
    kf_clean_copy(panel->edition_digest, sizeof panel->edition_digest, from->edition_digest);
    panel->year = from->year;
    panel->municipalities = from->municipalities;
    panel->rejected = from->rejected;
    panel->topics = contents_of(from->topics, from->n_topics, arena);
    panel->topics_len = from->n_topics;
    return panel->topics ? KF_OK : kf_codec_no_memory(err);
}

static enum kf_err add_panels(const Kf__V1__ReleaseManifest *message, struct kf_arena *arena,
                              struct kf_manifest *manifest, struct kf_error *err)
{
    size_t count = message->n_panels;
    enum kf_err code =
        kf_codec_check_count(count, KF_RELEASE_PANELS_MAX, "panels", "a manifest", err);
    struct kf_panel_content *panels =
        code ? NULL : kf_arena_calloc(arena, count + 1, sizeof *panels);
    if (!panels) {
        return code ? code : kf_codec_no_memory(err);
    }
    for (size_t i = 0; i < count && !code; i++) {
        code = panel_of(message->panels[i], arena, &panels[i], err);
    }
    manifest->panels = panels;
    manifest->panels_len = count;
    return code;
}

static enum kf_err add_topics(const Kf__V1__ReleaseManifest *message, struct kf_arena *arena,
                              struct kf_manifest *manifest, struct kf_error *err)
{
    enum kf_err code =
        kf_codec_check_count(message->n_topics, TOPICS_MAX, "topics", "a manifest", err);
    if (!code) {
        manifest->topics = contents_of(message->topics, message->n_topics, arena);
        manifest->topics_len = message->n_topics;
        code = manifest->topics ? KF_OK : kf_codec_no_memory(err);
    }
    return code;
}

static enum kf_err add_sources(const Kf__V1__ReleaseManifest *message, struct kf_arena *arena,
                               struct kf_manifest *manifest, struct kf_error *err)
{
    size_t count = message->n_sources;
    enum kf_err code = kf_codec_check_count(count, KF_SOURCES_MAX, "sources", "a manifest", err);
    struct kf_source *sources = code ? NULL : kf_arena_calloc(arena, count + 1, sizeof *sources);
    if (!sources) {
        return code ? code : kf_codec_no_memory(err);
    }
    for (size_t i = 0; i < count; i++) {
        const Kf__V1__Source *from = message->sources[i];
        sources[i] = (struct kf_source){from->name, from->digest, from->bytes, from->updated};
    }
    manifest->sources = sources;
    manifest->sources_len = count;
    return KF_OK;
}

static enum kf_err manifest_of(const Kf__V1__ReleaseManifest *message, struct kf_arena *arena,
                               struct kf_manifest *manifest, struct kf_error *err)
{
    enum kf_err code = check_release(message->release, err);
    if (code) {
        return code;
    }
    kf_clean_copy(manifest->release, sizeof manifest->release, message->release);
    kf_clean_copy(manifest->previous_release, sizeof manifest->previous_release,
                  message->previous_release);
    manifest->state = (enum kf_release_state)message->state;
    manifest->vintage = message->vintage;
    manifest->program = message->program;
    code = add_panels(message, arena, manifest, err);
    if (!code) {
        code = add_topics(message, arena, manifest, err);
    }
    return code ? code : add_sources(message, arena, manifest, err);
}

enum kf_err kf_record_manifest_read(const void *bytes, size_t length,
                                    kf_record_manifest_visit *visit, void *context,
                                    struct kf_error *err)
{
    struct reading reading = {0};
    struct kf_manifest manifest = {0};
    enum kf_err code =
        open_message(&reading, &kf__v1__release_manifest__descriptor, bytes, length, err);
    if (!code) {
        code = manifest_of((const Kf__V1__ReleaseManifest *)reading.message, reading.arena,
                           &manifest, err);
    }
    if (!code) {
        code = visit(context, &manifest, err);
    }
    close_message(&reading);
    return code;
}

/* --- dead letters ---------------------------------------------------------------------------- */

enum kf_err kf_record_letter_read(const void *bytes, size_t length, kf_record_letter_visit *visit,
                                  void *context, struct kf_error *err)
{
    struct reading reading = {0};
    struct kf_record_letter letter = {0};
    enum kf_err code =
        open_message(&reading, &kf__v1__rejected_record__descriptor, bytes, length, err);
    const Kf__V1__RejectedRecord *message = (const Kf__V1__RejectedRecord *)reading.message;
    if (!code) {
        code = check_release(message->release, err);
    }
    if (!code && !message->rejection) {
        code = kf_error_set(err, KF_ERR_DATA, "a dead letter without a rejection");
    }
    if (!code) {
        kf_clean_copy(letter.release, sizeof letter.release, message->release);
        letter.panel = message->panel;
        letter.stage = message->rejection->stage;
        letter.reason = message->rejection->reason;
        letter.edition = message->rejection->edition;
        letter.year = message->rejection->year;
        code = visit(context, &letter, err);
    }
    close_message(&reading);
    return code;
}
