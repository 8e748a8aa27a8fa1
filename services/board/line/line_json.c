#include "services/board/line/line_json.h"

#include <math.h>

#include "common/codec/json_writer.h"

/* --- stages ---------------------------------------------------------------------------------- */

static void add_heard(struct kf_text *json, const struct kf_line_stage *stage)
{
    kf_json_whole(json, "pid", stage->pid);
    kf_json_whole(json, "beatMs", stage->beat_ms);
    kf_json_whole(json, "panelsIn", (int64_t)stage->panels_in);
    kf_json_whole(json, "panelsOut", (int64_t)stage->panels_out);
    kf_json_whole(json, "panelsRejected", (int64_t)stage->panels_rejected);
    kf_json_whole(json, "framesRefused", (int64_t)stage->frames_refused);
    kf_json_whole(json, "inProgress", stage->in_progress);
    if (stage->has_rate) {
        kf_json_number(json, "rate", round(stage->rate * 1000) / 1000);
    }
    kf_json_text(json, "release", stage->release);
}

static void add_stage(struct kf_text *json, const struct kf_line_stage *stage)
{
    kf_json_open(json, NULL, '{');
    kf_json_text(json, "service", stage->service);
    kf_json_whole(json, "instance", stage->instance);
    kf_json_text(json, "endpoint", stage->endpoint);
    kf_json_text(json, "state", kf_line_state_name(stage->state));
    kf_json_text(json, "detail", stage->detail);
    kf_json_whole(json, "sinceMs", stage->since_ms);
    if (stage->heard) {
        add_heard(json, stage);
    }
    kf_json_close(json, '}');
}

static void add_stages(struct kf_text *json, const struct kf_line *line)
{
    size_t count = 0;
    const struct kf_line_stage *stages = kf_line_stages(line, &count);
    kf_json_open(json, "stages", '[');
    for (size_t i = 0; i < count; i++) {
        add_stage(json, &stages[i]);
    }
    kf_json_close(json, ']');
}

/* --- ingest ---------------------------------------------------------------------------------- */

static void add_held(struct kf_text *json, const struct kf_status_held *held)
{
    kf_json_open(json, NULL, '{');
    kf_json_text(json, "release", held->release);
    kf_json_text(json, "input", held->input);
    kf_json_whole(json, "sinceMs", held->since_ms);
    kf_json_text(json, "reason", held->reason);
    kf_json_close(json, '}');
}

static void add_ingest(struct kf_text *json, const struct kf_status_ingest *ingest)
{
    kf_json_open(json, "ingest", '{');
    kf_json_whole(json, "window", ingest->window);
    kf_json_whole(json, "inFlight", ingest->in_flight);
    kf_json_whole(json, "waiting", ingest->waiting);
    kf_json_whole(json, "heldByPublish", ingest->held_by_publish);
    kf_json_whole(json, "releasesOpen", ingest->releases_open);
    kf_json_time(json, "oldestUnreceiptedMs", ingest->oldest_unreceipted_ms);
    kf_json_open(json, "held", '[');
    for (size_t i = 0; i < ingest->held_len; i++) {
        add_held(json, &ingest->held[i]);
    }
    kf_json_close(json, ']');
    kf_json_whole(json, "heldTotal", ingest->held_total);
    if (ingest->next_publication_ms > 0) {
        kf_json_open(json, "nextPublication", '{');
        kf_json_whole(json, "atMs", ingest->next_publication_ms);
        kf_json_text(json, "title", ingest->next_publication);
        kf_json_close(json, '}');
    }
    kf_json_close(json, '}');
}

/* --- publish --------------------------------------------------------------------------------- */

static const char *kafka_name(enum kf_status_kafka kafka)
{
    static const char *const names[] = {
        [KF_STATUS_KAFKA_CONNECTING] = "connecting", [KF_STATUS_KAFKA_CONNECTED] = "connected",
        [KF_STATUS_KAFKA_PUBLISHING] = "publishing", [KF_STATUS_KAFKA_LOST] = "lost",
        [KF_STATUS_KAFKA_REPLACED] = "replaced",
    };
    return names[kafka];
}

static void add_publish(struct kf_text *json, const struct kf_status_publish *publish)
{
    kf_json_open(json, "publish", '{');
    kf_json_text(json, "kafka", kafka_name(publish->kafka));
    kf_json_text(json, "detail", publish->detail);
    kf_json_time(json, "lastCommitMs", publish->last_commit_ms);
    kf_json_whole(json, "releases", (int64_t)publish->releases);
    kf_json_whole(json, "rows", (int64_t)publish->rows);
    kf_json_close(json, '}');
}

void kf_line_json(const struct kf_line *line, struct kf_text *json)
{
    const struct kf_status_ingest *ingest = kf_line_ingest(line);
    const struct kf_status_publish *publish = kf_line_publish(line);
    add_stages(json, line);
    if (ingest) {
        add_ingest(json, ingest);
    }
    if (publish) {
        add_publish(json, publish);
    }
}
