#include "services/board/api/article_part.h"

#include "common/codec/json_writer.h"
#include "services/board/api/catalogue.h"
#include "services/board/api/releases.h"

#define ROWS_BYTES_MAX ((size_t)16 * 1024 * 1024)

/* --- rows ------------------------------------------------------------------------------------ */

/* Rows by topic: the group's before the municipality's. */
struct rows {
    struct kf_text json[KF_TOPICS];
    struct kf_idset *ids;
};

static void add_flags(struct kf_text *json, unsigned flags)
{
    kf_json_open(json, "flags", '[');
    for (size_t i = 0; i < KF_FLAGS; i++) {
        if (flags & 1U << i) {
            kf_json_text(json, NULL, kf_record_flag(i));
        }
    }
    kf_json_close(json, ']');
}

static void add_row(struct kf_text *json, const struct kf_record_row *row)
{
    kf_json_open(json, NULL, '{');
    kf_json_text(json, "topic", kf_topic_name(row->topic));
    if (row->municipality[0] == '\0') {
        kf_json_flag(json, "group", true);
    }
    kf_json_text(json, "sector", row->sector);
    if (row->indicator[0]) {
        kf_json_text(json, "indicator", row->indicator);
    }
    if (row->flags) {
        add_flags(json, row->flags);
    }
    kf_json_open(json, "measures", '{');
    for (size_t i = 0; i < row->measures_len; i++) {
        kf_json_number(json, row->measures[i].name, row->measures[i].value);
    }
    kf_json_close(json, '}');
    kf_json_close(json, '}');
}

static enum kf_err visit_row(void *context, const struct kf_record_row *row, struct kf_error *err)
{
    struct rows *self = context;
    add_row(&self->json[row->topic], row);
    bool kept = (row->sector[0] == '\0' || kf_idset_add(self->ids, row->sector)) &&
                (row->indicator[0] == '\0' || kf_idset_add(self->ids, row->indicator));
    return kept ? KF_OK : kf_error_set(err, KF_ERR_MEMORY, "no memory for the names of rows");
}

static void join_rows(struct rows *rows, struct kf_text *json)
{
    kf_json_open(json, "rows", '[');
    for (int topic = 0; topic < KF_TOPICS; topic++) {
        const struct kf_text *part = &rows->json[topic];
        json->failed = json->failed || part->failed;
        if (part->length > 0) {
            kf_json_raw(json, NULL, part->bytes, part->length);
        }
    }
    kf_json_close(json, ']');
}

static enum kf_err add_rows(struct kf_board_store *store, const struct kf_article_part *part,
                            struct kf_text *json, struct kf_error *err)
{
    struct rows rows = {.ids = part->ids};
    for (int topic = 0; topic < KF_TOPICS; topic++) {
        kf_text_init(&rows.json[topic], ROWS_BYTES_MAX);
    }
    enum kf_err code = kf_board_store_rows(store, part->panel, "", visit_row, &rows, err);
    if (code == KF_OK) {
        code = kf_board_store_rows(store, part->panel, part->municipality, visit_row, &rows, err);
    }
    if (code == KF_OK) {
        join_rows(&rows, json);
    }
    for (int topic = 0; topic < KF_TOPICS; topic++) {
        kf_text_clear(&rows.json[topic]);
    }
    return code;
}

static enum kf_err add_spreads(struct kf_answers *answers, const struct kf_article_part *part,
                               struct kf_text *json, struct kf_error *err)
{
    if (part->spreads) {
        return kf_shared_spreads_json(kf_answers_shared(answers), part->panel, json, err);
    }
    kf_json_open(json, "spreads", '[');
    kf_json_close(json, ']');
    return KF_OK;
}

/* --- the part -------------------------------------------------------------------------------- */

static enum kf_err visit_release(void *context, const struct kf_board_release *release,
                                 struct kf_error *err)
{
    (void)err;
    kf_sources_json(release, context);
    return KF_OK;
}

static enum kf_err add_sources(struct kf_board_store *store, const struct kf_board_panel *panel,
                               struct kf_text *json, struct kf_error *err)
{
    enum kf_err code = kf_board_store_manifest(store, panel->release, visit_release, json, err);
    if (code == KF_ERR_AGAIN) { /* its manifest has gone meanwhile: nothing to name */
        kf_json_open(json, "sources", '[');
        kf_json_close(json, ']');
        code = KF_OK;
    }
    return code;
}

enum kf_err kf_article_part_json(struct kf_answers *answers, const struct kf_article_part *part,
                                 struct kf_text *json, struct kf_error *err)
{
    struct kf_board_store *store = kf_answers_store(answers);
    kf_json_open(json, NULL, '{');
    kf_json_text(json, "edition", part->panel->edition);
    kf_json_whole(json, "year", part->panel->year);
    kf_json_text(json, "release", part->panel->release);
    kf_json_text(json, "vintage", kf_vintage_word(part->panel->vintage));
    kf_json_whole(json, "publishedMs", part->panel->published_ms);
    enum kf_err code = add_sources(store, part->panel, json, err);
    if (code == KF_OK) {
        code = add_rows(store, part, json, err);
    }
    if (code == KF_OK) {
        code = add_spreads(answers, part, json, err);
    }
    kf_json_close(json, '}');
    return code;
}
