#include "services/board/api/spreads.h"

#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/codec/json_writer.h"

#define SPREAD_BYTES_MAX ((size_t)256 * 1024)
#define SPREADS_MAX      1024 /* of a panel */

/* SPREADS of services/board/page/src/api.ts. */
static const struct {
    enum kf_topic topic;
    const char *measure;
} spread_measures[] = {
    {KF_TOPIC_NEED, "need_index"},
    {KF_TOPIC_RESOURCE_USE, "deviation_kr_per_capita"},
    {KF_TOPIC_RESOURCE_USE, "deviation_percent"},
    {KF_TOPIC_DEMOGRAPHY, "need_index"},
    {KF_TOPIC_DEMOGRAPHY, "care_need_index"},
    {KF_TOPIC_INDEX, "index"},
    {KF_TOPIC_EFFICIENCY, "expenditure_index"},
    {KF_TOPIC_EFFICIENCY, "efficiency"},
    {KF_TOPIC_UNIT_COST, "ratio"},
};

#define SPREAD_MEASURES (sizeof spread_measures / sizeof spread_measures[0])

/* One measure of one sector, of all members. */
struct spread {
    size_t measure; /* of spread_measures */
    char sector[KF_BOARD_EDITION_SIZE];
    struct kf_text codes;
    struct kf_text values;
};

struct spreads {
    struct spread *list;
    size_t count;
    size_t room;
};

static bool make_room(struct spreads *self)
{
    if (self->count < self->room) {
        return true;
    }
    size_t room = self->room > 0 ? self->room * 2 : 32;
    struct spread *grown = room > SPREADS_MAX ? NULL : kf_realloc(self->list, room * sizeof *grown);
    if (!grown) {
        return false;
    }
    self->list = grown;
    self->room = room;
    return true;
}

/* The spread, made when it is not there; NULL without memory. */
static struct spread *spread_of(struct spreads *self, size_t measure, const char *sector)
{
    for (size_t i = 0; i < self->count; i++) {
        if (self->list[i].measure == measure && strcmp(self->list[i].sector, sector) == 0) {
            return &self->list[i];
        }
    }
    if (!make_room(self)) {
        return NULL;
    }
    struct spread *made = &self->list[self->count++];
    made->measure = measure;
    (void)snprintf(made->sector, sizeof made->sector, "%s", sector);
    kf_text_init(&made->codes, SPREAD_BYTES_MAX);
    kf_text_init(&made->values, SPREAD_BYTES_MAX);
    return made;
}

static enum kf_err add_to_spread(struct spreads *self, size_t measure,
                                 const struct kf_record_row *row, double value,
                                 struct kf_error *err)
{
    struct spread *spread = spread_of(self, measure, row->sector);
    if (!spread) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to put municipalities side by side");
    }
    kf_json_text(&spread->codes, NULL, row->municipality);
    kf_json_number(&spread->values, NULL, value);
    return KF_OK;
}

static enum kf_err visit_sector_row(void *context, const struct kf_record_row *row,
                                    struct kf_error *err)
{
    enum kf_err code = KF_OK;
    bool aside = row->municipality[0] == '\0' || row->indicator[0] != '\0';
    for (size_t i = 0; code == KF_OK && !aside && i < SPREAD_MEASURES; i++) {
        for (size_t j = 0; j < row->measures_len && code == KF_OK; j++) {
            if (spread_measures[i].topic == row->topic &&
                strcmp(spread_measures[i].measure, row->measures[j].name) == 0) {
                code = add_to_spread(context, i, row, row->measures[j].value, err);
            }
        }
    }
    return code;
}

static void print_spreads(const struct spreads *self, struct kf_text *json)
{
    for (size_t i = 0; i < self->count; i++) {
        const struct spread *spread = &self->list[i];
        json->failed = json->failed || spread->codes.failed || spread->values.failed;
        kf_json_open(json, NULL, '{');
        kf_json_text(json, "topic", kf_topic_name(spread_measures[spread->measure].topic));
        kf_json_text(json, "sector", spread->sector);
        kf_json_text(json, "measure", spread_measures[spread->measure].measure);
        kf_json_open(json, "codes", '[');
        kf_text_add_bytes(json, spread->codes.bytes, spread->codes.length);
        kf_json_close(json, ']');
        kf_json_open(json, "values", '[');
        kf_text_add_bytes(json, spread->values.bytes, spread->values.length);
        kf_json_close(json, ']');
        kf_json_close(json, '}');
    }
}

static bool is_spread_topic(enum kf_topic topic)
{
    for (size_t i = 0; i < SPREAD_MEASURES; i++) {
        if (spread_measures[i].topic == topic) {
            return true;
        }
    }
    return false;
}

enum kf_err kf_spreads_json(struct kf_board_store *store, const struct kf_board_panel *panel,
                            struct kf_text *json, struct kf_error *err)
{
    struct spreads spreads = {0};
    enum kf_err code = KF_OK;
    for (int i = KF_TOPIC_NONE + 1; code == KF_OK && i < KF_TOPICS; i++) {
        enum kf_topic topic = (enum kf_topic)i;
        if (is_spread_topic(topic) && panel->rows[topic] > 0) {
            code = kf_board_store_sector_rows(store, panel, topic, visit_sector_row, &spreads, err);
        }
    }
    kf_json_open(json, NULL, '[');
    print_spreads(&spreads, json);
    kf_json_close(json, ']');
    for (size_t i = 0; i < spreads.count; i++) {
        kf_text_clear(&spreads.list[i].codes);
        kf_text_clear(&spreads.list[i].values);
    }
    kf_free(spreads.list);
    return code;
}
