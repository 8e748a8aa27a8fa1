#include "services/board/api/releases.h"

#include "common/codec/json_writer.h"
#include "services/board/api/catalogue.h"

/* --- parts ----------------------------------------------------------------------------------- */

void kf_sources_json(const struct kf_board_release *release, struct kf_text *json)
{
    kf_json_open(json, "sources", '[');
    for (size_t i = 0; i < release->sources_len; i++) {
        kf_json_open(json, NULL, '{');
        kf_json_text(json, "name", release->sources[i].name);
        if (release->sources[i].updated && release->sources[i].updated[0]) {
            kf_json_text(json, "updated", release->sources[i].updated);
        }
        kf_json_close(json, '}');
    }
    kf_json_close(json, ']');
}

static void add_move(struct kf_text *json, const struct kf_board_move *move)
{
    kf_json_open(json, NULL, '{');
    kf_json_text(json, "topic", kf_topic_name(move->topic));
    kf_json_text(json, "municipality", move->municipality);
    kf_json_text(json, "sector", move->sector);
    kf_json_text(json, "measure", move->measure);
    kf_json_number(json, "before", move->before);
    kf_json_number(json, "after", move->after);
    kf_json_close(json, '}');
}

static void add_moved(struct kf_text *json, const struct kf_board_moved *moved)
{
    kf_json_open(json, "moved", '{');
    kf_json_text(json, "before", moved->before);
    kf_json_whole(json, "figures", (int64_t)moved->figures);
    kf_json_whole(json, "changed", (int64_t)moved->changed);
    kf_json_whole(json, "added", (int64_t)moved->added);
    kf_json_whole(json, "removed", (int64_t)moved->removed);
    kf_json_open(json, "largest", '[');
    for (size_t i = 0; i < moved->largest_len; i++) {
        add_move(json, &moved->largest[i]);
    }
    kf_json_close(json, ']');
    kf_json_close(json, '}');
}

static void add_panel(struct kf_text *json, const struct kf_board_release_panel *panel)
{
    kf_json_open(json, NULL, '{');
    kf_json_text(json, "edition", panel->edition);
    kf_json_whole(json, "year", panel->year);
    kf_json_whole(json, "municipalities", panel->municipalities);
    kf_json_text(json, "state", kf_board_panel_state_name(panel->state));
    if (panel->state == KF_BOARD_REJECTED && panel->reason[0]) {
        kf_json_text(json, "reason", panel->reason);
    }
    if (panel->has_moved) {
        add_moved(json, &panel->moved);
    }
    kf_json_close(json, '}');
}

static void add_phases(struct kf_text *json, const struct kf_board_phases *phases)
{
    kf_json_open(json, "phases", '{');
    kf_json_whole(json, "discoveredMs", phases->discovered_ms);
    kf_json_time(json, "recordedMs", phases->recorded_ms);
    kf_json_time(json, "sentMs", phases->sent_ms);
    kf_json_time(json, "heldMs", phases->held_ms);
    kf_json_time(json, "committedMs", phases->committed_ms);
    kf_json_whole(json, "attempts", phases->attempts);
    kf_json_close(json, '}');
}

/* --- releases -------------------------------------------------------------------------------- */

void kf_release_json(const struct kf_board_release *release, struct kf_text *json)
{
    kf_json_open(json, NULL, '{');
    kf_json_text(json, "id", release->id);
    kf_json_text(json, "state", release->rejected ? "rejected" : "committed");
    kf_json_text(json, "vintage", kf_vintage_word(release->vintage));
    kf_json_text(json, "program", release->program);
    kf_json_whole(json, "publishedMs", release->published_ms);
    if (release->previous[0]) {
        kf_json_text(json, "previous", release->previous);
    }
    kf_sources_json(release, json);
    kf_json_whole(json, "rows", (int64_t)release->rows);
    kf_json_whole(json, "withdrawn", (int64_t)release->withdrawn);
    kf_json_open(json, "panels", '[');
    for (size_t i = 0; i < release->panels_len; i++) {
        add_panel(json, &release->panels[i]);
    }
    kf_json_close(json, ']');
    if (release->has_phases) {
        add_phases(json, &release->phases);
    }
    kf_json_close(json, '}');
}

static enum kf_err visit(void *context, const struct kf_board_release *release,
                         struct kf_error *err)
{
    struct kf_text *json = context;
    kf_release_json(release, json);
    return json->failed ? kf_error_set(err, KF_ERR_LIMIT, "no room for the releases") : KF_OK;
}

enum kf_err kf_releases_json(struct kf_board_store *store, size_t limit, struct kf_text *json,
                             struct kf_error *err)
{
    kf_json_open(json, NULL, '[');
    enum kf_err code = kf_board_store_releases(store, limit, visit, json, err);
    kf_json_close(json, ']');
    return code;
}
