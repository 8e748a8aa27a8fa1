#include "common/codec/record.h"

#include <math.h>
#include <string.h>

#include "common/base/arena.h"
#include "common/codec/json.h"
#include "common/codec/rejection_codec.h"
#include "common/codec/scratch.h"
#include "common/codec/unpack.h"
#include "kf/v1/record.pb-c.h"

#define SCRATCH_BYTES_MAX ((size_t)16 * 1024 * 1024)
#define FLAGS_MAX         9 /* as many as kf_cell_flag knows */
#define YEAR_SIZE         12

_Static_assert((int)KF_RELEASE_COMMITTED == (int)KF__V1__RELEASE_STATE__RELEASE_STATE_COMMITTED,
               "");
_Static_assert((int)KF_RELEASE_REJECTED == (int)KF__V1__RELEASE_STATE__RELEASE_STATE_REJECTED, "");

/* --- the record types ------------------------------------------------------------------------ */

/* Where the fields stand that every record has; measures are found by name. */
struct record_type {
    const ProtobufCMessageDescriptor *message;
    size_t release;
    size_t edition;
    size_t year;
    size_t municipality;
    size_t sector;
    size_t indicator;
    size_t flags_len;
    size_t flags;
};

#define RECORD_TYPE(Type, descriptor)                                                              \
    {                                                                                              \
        &(descriptor), offsetof(Type, release), offsetof(Type, edition), offsetof(Type, year),     \
            offsetof(Type, municipality), offsetof(Type, sector), offsetof(Type, indicator),       \
            offsetof(Type, n_flags), offsetof(Type, flags)                                         \
    }

static const struct record_type record_types[KF_TOPICS] = {
    [KF_TOPIC_NEED] = RECORD_TYPE(Kf__V1__NeedRecord, kf__v1__need_record__descriptor),
    [KF_TOPIC_RESOURCE_USE] =
        RECORD_TYPE(Kf__V1__ResourceUseRecord, kf__v1__resource_use_record__descriptor),
    [KF_TOPIC_DEMOGRAPHY] =
        RECORD_TYPE(Kf__V1__DemographyRecord, kf__v1__demography_record__descriptor),
    [KF_TOPIC_INDICATOR] =
        RECORD_TYPE(Kf__V1__IndicatorRecord, kf__v1__indicator_record__descriptor),
    [KF_TOPIC_INDEX] = RECORD_TYPE(Kf__V1__IndexRecord, kf__v1__index_record__descriptor),
    [KF_TOPIC_EFFICIENCY] =
        RECORD_TYPE(Kf__V1__EfficiencyRecord, kf__v1__efficiency_record__descriptor),
    [KF_TOPIC_UNIT_COST] =
        RECORD_TYPE(Kf__V1__UnitCostRecord, kf__v1__unit_cost_record__descriptor),
    [KF_TOPIC_STATISTICS] =
        RECORD_TYPE(Kf__V1__StatisticsRecord, kf__v1__statistics_record__descriptor),
};

/* Room for a record of any type. */
union record {
    ProtobufCMessage base;
    Kf__V1__NeedRecord need;
    Kf__V1__ResourceUseRecord resource_use;
    Kf__V1__DemographyRecord demography;
    Kf__V1__IndicatorRecord indicator;
    Kf__V1__IndexRecord index;
    Kf__V1__EfficiencyRecord efficiency;
    Kf__V1__UnitCostRecord unit_cost;
    Kf__V1__StatisticsRecord statistics;
};

static const struct record_type *type_of(enum kf_topic topic)
{
    size_t index = (size_t)topic;
    return index < KF_TOPICS && record_types[index].message ? &record_types[index] : NULL;
}

/* The field of a measure, or NULL. */
static const ProtobufCFieldDescriptor *field_of(const struct record_type *type, const char *measure)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(type->message, measure);
    bool fits = field && field->type == PROTOBUF_C_TYPE_MESSAGE &&
                field->descriptor == &google__protobuf__double_value__descriptor;
    return fits ? field : NULL;
}

enum kf_err kf_record_check_measures(struct kf_error *err)
{
    size_t count = 0;
    const struct kf_measure *measures = kf_measures(&count);
    for (size_t i = 0; i < count; i++) {
        const struct record_type *type = type_of(measures[i].topic);
        if (!type || !field_of(type, measures[i].name)) {
            return kf_error_set(err, KF_ERR_INTERNAL, "the record of topic %s has no field %s",
                                kf_topic_name(measures[i].topic), measures[i].name);
        }
    }
    return KF_OK;
}

/* --- encodings ------------------------------------------------------------------------------- */

const char *kf_encoding_content_type(enum kf_encoding encoding)
{
    return encoding == KF_ENCODING_PROTOBUF ? "application/protobuf" : "application/json";
}

static enum kf_err encode(const ProtobufCMessage *message, enum kf_encoding encoding,
                          struct kf_text *value, struct kf_error *err)
{
    return encoding == KF_ENCODING_PROTOBUF ? kf_pack(message, value, err)
                                            : kf_json_print(message, value, err);
}

/* --- rows ------------------------------------------------------------------------------------ */

struct flags {
    char *list[FLAGS_MAX];
    size_t length;
};

static void add_flags(uint8_t status, struct flags *flags)
{
    const char *flag = NULL;
    for (unsigned i = 0; flags->length < FLAGS_MAX && (flag = kf_cell_flag(status, i)); i++) {
        flags->list[flags->length++] = kf_borrow(flag);
    }
}

/* The union over the cells, in the order of kf_cell_flag: first the kinds, then the rest. */
static void collect_flags(const struct kf_row *row, struct flags *flags)
{
    unsigned kinds = 0;
    unsigned rest = 0;
    for (size_t i = 0; i < row->cells_len; i++) {
        kinds |= 1U << (row->cells[i].status & KF_CELL_KIND_MASK);
        rest |= row->cells[i].status & ~(unsigned)KF_CELL_KIND_MASK;
    }
    for (uint8_t kind = KF_CELL_MISSING; kind <= KF_CELL_CONFIDENTIAL; kind++) {
        if (kinds >> kind & 1U) {
            add_flags(kind, flags);
        }
    }
    if (rest) {
        add_flags((uint8_t)rest, flags);
    }
}

static void set_text(union record *record, size_t offset, const char *text)
{
    char *borrowed = kf_borrow(text);
    memcpy((char *)record + offset, &borrowed, sizeof borrowed);
}

static void set_head(union record *record, const struct record_type *type, const char *release,
                     const struct kf_panel *panel, const struct kf_row *row)
{
    int32_t year = panel->year;
    set_text(record, type->release, release);
    set_text(record, type->edition, panel->edition->id);
    memcpy((char *)record + type->year, &year, sizeof year);
    set_text(record, type->municipality, row->municipality);
    set_text(record, type->sector, row->sector);
    set_text(record, type->indicator, row->indicator);
}

static void set_flags(union record *record, const struct record_type *type, struct flags *flags)
{
    char **list = flags->list;
    memcpy((char *)record + type->flags_len, &flags->length, sizeof flags->length);
    memcpy((char *)record + type->flags, &list, sizeof list);
}

static enum kf_err set_measure(union record *record, const struct record_type *type,
                               const struct kf_row_cell *cell,
                               Google__Protobuf__DoubleValue *wrapper, struct kf_error *err)
{
    const ProtobufCFieldDescriptor *field = field_of(type, cell->measure);
    if (!field) {
        return kf_error_set(err, KF_ERR_INTERNAL, "%s has no field for the measure %s",
                            type->message->name, cell->measure);
    }
    if (!kf_cell_has_value(cell->status)) {
        return KF_OK;
    }
    if (!isfinite(cell->value)) {
        return kf_error_set(err, KF_ERR_DATA, "measure %s is not a finite number", cell->measure);
    }
    Google__Protobuf__DoubleValue *given = NULL;
    memcpy(&given, (char *)record + field->offset, sizeof given);
    if (given) {
        return kf_error_set(err, KF_ERR_DATA, "measure %s is given twice", cell->measure);
    }
    google__protobuf__double_value__init(wrapper);
    wrapper->value = cell->value;
    memcpy((char *)record + field->offset, &wrapper, sizeof wrapper);
    return KF_OK;
}

enum kf_err kf_record_row(const char *release, const struct kf_panel *panel,
                          const struct kf_row *row, enum kf_encoding encoding,
                          struct kf_text *value, struct kf_error *err)
{
    const struct record_type *type = type_of(row->topic);
    if (!type || row->cells_len > KF_ROW_MEASURES_MAX) {
        return kf_error_set(err, KF_ERR_INTERNAL, "topic %s has no record for %zu measures",
                            kf_topic_name(row->topic), row->cells_len);
    }
    union record record;
    struct flags flags = {.length = 0};
    Google__Protobuf__DoubleValue wrappers[KF_ROW_MEASURES_MAX];
    protobuf_c_message_init(type->message, &record);
    set_head(&record, type, release, panel, row);
    collect_flags(row, &flags);
    set_flags(&record, type, &flags);
    for (size_t i = 0; i < row->cells_len; i++) {
        enum kf_err code = set_measure(&record, type, &row->cells[i], &wrappers[i], err);
        if (code) {
            return code;
        }
    }
    return encode(&record.base, encoding, value, err);
}

static void add_year(int year, struct kf_text *key)
{
    char digits[YEAR_SIZE];
    size_t start = sizeof digits;
    unsigned left = year > 0 ? (unsigned)year : 0;
    do {
        digits[--start] = (char)('0' + left % 10);
        left /= 10;
    } while (left > 0);
    kf_text_add_bytes(key, digits + start, sizeof digits - start);
}

void kf_record_row_key(const struct kf_panel *panel, const struct kf_row *row, struct kf_text *key)
{
    kf_text_add(key, panel->edition->id);
    kf_text_add_char(key, '/');
    add_year(panel->year, key);
    const char *parts[] = {row->municipality, row->sector, row->indicator};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i][0]) {
            kf_text_add_char(key, '/');
            kf_text_add(key, parts[i]);
        }
    }
}

/* --- manifests ------------------------------------------------------------------------------- */

/* Turns contents into messages; returns the list, and NULL when there are none. */
static Kf__V1__TopicContent **contents_to_messages(const struct kf_topic_content *contents,
                                                   size_t count, struct kf_scratch *scratch)
{
    Kf__V1__TopicContent *topics = kf_scratch_array(scratch, count, sizeof *topics);
    Kf__V1__TopicContent **list = kf_scratch_array(scratch, count, sizeof(void *));
    for (size_t i = 0; list && topics && i < count; i++) {
        kf__v1__topic_content__init(&topics[i]);
        topics[i].topic = kf_scratch_text(scratch, contents[i].topic);
        topics[i].rows = contents[i].rows;
        topics[i].digest = kf_scratch_text(scratch, contents[i].digest);
        topics[i].withdrawn = contents[i].withdrawn;
        list[i] = &topics[i];
    }
    return topics ? list : NULL;
}

static void panels_to_message(const struct kf_manifest *manifest, Kf__V1__ReleaseManifest *message,
                              struct kf_scratch *scratch)
{
    size_t count = manifest->panels_len;
    Kf__V1__PanelContent *panels = kf_scratch_array(scratch, count, sizeof *panels);
    message->panels = kf_scratch_array(scratch, count, sizeof *message->panels);
    message->n_panels = message->panels ? count : 0;
    for (size_t i = 0; i < message->n_panels; i++) {
        const struct kf_panel_content *from = &manifest->panels[i];
        kf__v1__panel_content__init(&panels[i]);
        panels[i].edition = kf_scratch_text(scratch, from->edition);
        panels[i].edition_digest = kf_scratch_text(scratch, from->edition_digest);
        panels[i].year = from->year;
        panels[i].municipalities = from->municipalities;
        panels[i].rejected = from->rejected;
        panels[i].topics = contents_to_messages(from->topics, from->topics_len, scratch);
        panels[i].n_topics = panels[i].topics ? from->topics_len : 0;
        message->panels[i] = &panels[i];
    }
}

enum kf_err kf_record_manifest(const struct kf_manifest *manifest, enum kf_encoding encoding,
                               struct kf_text *value, struct kf_error *err)
{
    struct kf_arena *arena = kf_arena_new(SCRATCH_BYTES_MAX);
    struct kf_scratch scratch = {.arena = arena, .failed = !arena};
    Kf__V1__ReleaseManifest message;
    kf__v1__release_manifest__init(&message);
    message.release = kf_scratch_text(&scratch, manifest->release);
    message.state = (Kf__V1__ReleaseState)manifest->state;
    message.vintage = kf_scratch_text(&scratch, manifest->vintage);
    message.program = kf_scratch_text(&scratch, manifest->program);
    panels_to_message(manifest, &message, &scratch);
    message.topics = contents_to_messages(manifest->topics, manifest->topics_len, &scratch);
    message.n_topics = message.topics ? manifest->topics_len : 0;
    message.sources = kf_sources_to_messages(manifest->sources, manifest->sources_len, &scratch);
    message.n_sources = message.sources ? manifest->sources_len : 0;
    message.previous_release = kf_scratch_text(&scratch, manifest->previous_release);
    enum kf_err code = kf_scratch_result(&scratch, err);
    if (!code) {
        code = encode(&message.base, encoding, value, err);
    }
    kf_arena_destroy(&arena);
    return code;
}

/* --- dead letters ---------------------------------------------------------------------------- */

enum kf_err kf_record_rejected(const struct kf_release *release, uint32_t index,
                               const struct kf_rejection *rejection, enum kf_encoding encoding,
                               struct kf_text *value, struct kf_error *err)
{
    struct kf_arena *arena = kf_arena_new(SCRATCH_BYTES_MAX);
    struct kf_scratch scratch = {.arena = arena, .failed = !arena};
    Kf__V1__RejectedRecord message;
    kf__v1__rejected_record__init(&message);
    message.release = kf_scratch_text(&scratch, release->id);
    message.panel = index;
    message.rejection = kf_rejection_to_message(rejection, &scratch);
    message.sources = kf_sources_to_messages(release->sources, release->sources_len, &scratch);
    message.n_sources = message.sources ? release->sources_len : 0;
    enum kf_err code = kf_scratch_result(&scratch, err);
    if (!code) {
        code = encode(&message.base, encoding, value, err);
    }
    kf_arena_destroy(&arena);
    return code;
}
