#include "services/board/api/status.h"

#include "common/codec/json_writer.h"
#include "services/board/line/line_json.h"

/* The list as it is printed: at most KF_STATUS_INCOMPLETE_MAX of it. */
struct incomplete_list {
    struct kf_text *json;
    int64_t total;
};

static enum kf_err visit_incomplete(void *context, const struct kf_board_incomplete *incomplete,
                                    struct kf_error *err)
{
    (void)err;
    struct incomplete_list *list = context;
    list->total++;
    if (list->total <= KF_STATUS_INCOMPLETE_MAX) {
        kf_json_open(list->json, NULL, '{');
        kf_json_text(list->json, "release", incomplete->release);
        kf_json_text(list->json, "edition", incomplete->edition);
        kf_json_whole(list->json, "year", incomplete->year);
        kf_json_text(list->json, "reason", incomplete->reason);
        kf_json_close(list->json, '}');
    }
    return KF_OK;
}

static enum kf_err add_board(const struct kf_board_status *status, struct kf_text *json,
                             struct kf_error *err)
{
    struct kf_board_totals totals;
    struct incomplete_list list = {.json = json};
    enum kf_err code = kf_board_store_totals(status->store, &totals, err);
    if (code != KF_OK) {
        return code;
    }
    kf_json_open(json, "board", '{');
    kf_json_text(json, "state", kf_board_follower_state_name(status->progress->state));
    kf_json_text(json, "detail", status->progress->detail);
    kf_json_whole(json, "behind", (int64_t)status->progress->behind);
    kf_json_whole(json, "rows", (int64_t)totals.rows);
    kf_json_text(json, "release", totals.release);
    kf_json_open(json, "incomplete", '[');
    code = kf_board_store_incomplete(status->store, visit_incomplete, &list, err);
    kf_json_close(json, ']');
    kf_json_whole(json, "incompleteTotal", list.total);
    kf_json_close(json, '}');
    return code;
}

enum kf_err kf_board_status_json(const struct kf_board_status *status, struct kf_text *json,
                                 struct kf_error *err)
{
    kf_json_open(json, NULL, '{');
    kf_json_whole(json, "nowMs", status->now_ms);
    kf_json_text(json, "program", status->program);
    enum kf_err code = add_board(status, json, err);
    kf_line_json(status->line, json);
    kf_json_close(json, '}');
    return code;
}
