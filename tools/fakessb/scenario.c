#include "tools/fakessb/scenario.h"

#include <stdio.h>
#include <string.h>

#include "common/base/day.h"

#define CALLS_MAX 1000000

bool kf_fake_scenario_path(const struct kf_fake_sources *sources, const char *path,
                           char full[KF_FAKE_PATH_SIZE])
{
    const char *slash = strrchr(sources->file, '/');
    int folder = slash && path[0] != '/' ? (int)(slash - sources->file) + 1 : 0;
    int length = snprintf(full, KF_FAKE_PATH_SIZE, "%.*s%s", folder, sources->file, path);
    return length >= 0 && length < KF_FAKE_PATH_SIZE;
}

static bool read_time(struct kf_yaml_node map, const char *key, int64_t *time_ms,
                      struct kf_findings *findings)
{
    const char *text = NULL;
    if (!kf_yaml_exists(kf_yaml_get(map, key))) {
        return true;
    }
    if (!kf_yaml_get_text(map, key, true, &text, findings)) {
        return false;
    }
    if (!kf_day_time(text, time_ms)) {
        kf_yaml_fault(kf_yaml_get(map, key), findings, key,
                      "write a time as in 2026-03-16T08:00:00+01:00", "no time");
        return false;
    }
    return true;
}

/* --- misbehaviours --------------------------------------------------------------------------- */

static const struct kf_fake_mode *read_mode(struct kf_yaml_node node, struct kf_findings *findings)
{
    const char *name = NULL;
    char remedy[512];
    if (!kf_yaml_get_text(node, "misbehave", true, &name, findings)) {
        return NULL;
    }
    const struct kf_fake_mode *mode = kf_fake_mode_find(name);
    if (!mode) {
        kf_yaml_suggest(name, kf_fake_mode_names(), remedy, sizeof remedy);
        kf_yaml_fault(kf_yaml_get(node, "misbehave"), findings, "misbehave", remedy,
                      "no such way to misbehave");
    }
    return mode;
}

static bool read_misbehaviour(struct kf_yaml_node node, struct kf_arena *arena,
                              struct kf_fake_misbehaviour *read, struct kf_findings *findings)
{
    static const char *const keys[] = {"at",    "misbehave",   "path",  "calls",
                                       "until", "retry_after", "bytes", NULL};
    const char *path = "";
    long calls = 0;
    long retry_after = -1;
    long bytes = 0;
    uint64_t before = kf_findings_count(findings);
    kf_yaml_check_keys(node, keys, findings);
    read->mode = read_mode(node, findings);
    read->until_ms = KF_FAKE_NO_TIME;
    (void)read_time(node, "until", &read->until_ms, findings);
    (void)kf_yaml_get_text(node, "path", false, &path, findings);
    (void)kf_yaml_get_whole(node, "calls", false, (struct kf_yaml_range){0, CALLS_MAX}, &calls,
                            findings);
    (void)kf_yaml_get_whole(node, "retry_after", false, (struct kf_yaml_range){0, 86400},
                            &retry_after, findings);
    (void)kf_yaml_get_whole(node, "bytes", false, (struct kf_yaml_range){0, 1 << 29}, &bytes,
                            findings);
    read->path = kf_arena_strdup(arena, path);
    read->calls = (size_t)calls;
    read->retry_after_s = retry_after;
    read->bytes = (size_t)bytes;
    return read->path && kf_findings_count(findings) == before;
}

/* --- events ---------------------------------------------------------------------------------- */

static bool read_event(struct kf_yaml_node node, struct kf_arena *arena,
                       struct kf_fake_event *event, struct kf_findings *findings)
{
    *event = (struct kf_fake_event){.at_ms = KF_FAKE_NO_TIME};
    if (!read_time(node, "at", &event->at_ms, findings)) {
        return false;
    }
    return kf_yaml_exists(kf_yaml_get(node, "misbehave"))
               ? read_misbehaviour(node, arena, &event->misbehaviour, findings)
               : kf_fake_change_read(node, arena, &event->change, findings);
}

static bool knows_table(const struct kf_fake_world *world, const struct kf_fake_event *event,
                        struct kf_yaml_node node, struct kf_findings *findings)
{
    if (event->change.kind && !kf_fake_world_table(world, event->change.table)) {
        kf_yaml_fault(kf_yaml_get(node, "table"), findings, "table",
                      "name a table of the scenario, in quotes", "there is no such table");
        return false;
    }
    return true;
}

static enum kf_err read_story(struct kf_yaml_node list, struct kf_fake_world *world,
                              struct kf_findings *findings, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < kf_yaml_count(list); i++) {
        struct kf_yaml_node node = kf_yaml_item(list, i);
        struct kf_fake_event event;
        if (!read_event(node, world->arena, &event, findings) ||
            !knows_table(world, &event, node, findings)) {
            continue;
        }
        if (event.at_ms == KF_FAKE_NO_TIME) {
            kf_yaml_fault_missing(node, findings, "at", "2026-03-16T08:00:00+01:00");
            continue;
        }
        code = kf_fake_world_add_event(world, &event, err);
    }
    return code;
}

static void read_rate(struct kf_yaml_node node, struct kf_fake_rate *rate,
                      struct kf_findings *findings)
{
    static const char *const keys[] = {"limit", "window_s", NULL};
    long limit = (long)rate->limit;
    long window_s = (long)(rate->window_ms / 1000);
    kf_yaml_check_keys(node, keys, findings);
    (void)kf_yaml_get_whole(node, "limit", false, (struct kf_yaml_range){0, KF_FAKE_RATE_MAX},
                            &limit, findings);
    (void)kf_yaml_get_whole(node, "window_s", false, (struct kf_yaml_range){1, 86400}, &window_s,
                            findings);
    rate->limit = (size_t)limit;
    rate->window_ms = (int64_t)window_s * 1000;
}

static enum kf_err read_root(const struct kf_fake_sources *sources, struct kf_yaml_node root,
                             struct kf_fake_world *world, struct kf_findings *findings,
                             struct kf_error *err)
{
    static const char *const keys[] = {"tables", "story", "rate", "etag", NULL};
    struct kf_yaml_node tables = kf_yaml_get(root, "tables");
    enum kf_err code = KF_OK;
    kf_yaml_check_keys(root, keys, findings);
    world->rate.limit = 40;
    world->rate.window_ms = 60000;
    if (kf_yaml_exists(kf_yaml_get(root, "rate"))) {
        read_rate(kf_yaml_get(root, "rate"), &world->rate, findings);
    }
    (void)kf_yaml_get_flag(root, "etag", false, &world->etag, findings);
    for (size_t i = 0; kf_err_goes_on(code) && i < kf_yaml_count(tables); i++) {
        code = kf_fake_scenario_table(sources, kf_yaml_item(tables, i), world, findings, err);
    }
    return code == KF_OK ? read_story(kf_yaml_get(root, "story"), world, findings, err) : code;
}

enum kf_err kf_fake_scenario_read(const struct kf_fake_sources *sources,
                                  struct kf_fake_world *world, struct kf_findings *findings,
                                  struct kf_error *err)
{
    struct kf_yaml *yaml = NULL;
    enum kf_err code =
        kf_yaml_read(sources->file, KF_FAKE_SCENARIO_BYTES, &yaml, NULL, findings, err);
    if (code == KF_OK) {
        code = read_root(sources, kf_yaml_root(yaml), world, findings, err);
    }
    kf_yaml_destroy(&yaml);
    if (code == KF_OK && kf_findings_count(findings) > 0) {
        code = kf_error_set(err, KF_ERR_CONFIG, "the scenario %s has faults", sources->file);
    }
    return code;
}

/* --- commands -------------------------------------------------------------------------------- */

static enum kf_err carry_out_event(struct kf_yaml_node root, struct kf_fake_world *world,
                                   struct kf_findings *findings, struct kf_error *err)
{
    struct kf_fake_event event;
    if (!read_event(root, world->arena, &event, findings) ||
        !knows_table(world, &event, root, findings)) {
        return kf_error_set(err, KF_ERR_CONFIG, "the command has faults");
    }
    if (event.at_ms != KF_FAKE_NO_TIME) {
        return kf_fake_world_add_event(world, &event, err);
    }
    if (!event.change.kind) {
        return kf_fake_world_add_misbehaviour(world, &event.misbehaviour, err);
    }
    return kf_fake_change_apply(&event.change, kf_fake_world_table(world, event.change.table),
                                kf_fake_world_now(world), err);
}

/* The day stands at that time; it never goes back. */
static enum kf_err advance(struct kf_yaml_node root, struct kf_fake_world *world,
                           struct kf_findings *findings, struct kf_error *err)
{
    int64_t to_ms = KF_FAKE_NO_TIME;
    if (!read_time(root, "advance", &to_ms, findings)) {
        return kf_error_set(err, KF_ERR_CONFIG, "the command has faults");
    }
    int64_t left_ms = to_ms - kf_fake_world_now(world);
    world->pushed_ms += left_ms > 0 ? left_ms : 0;
    kf_fake_world_turn(world);
    if (world->trouble[0] != '\0') {
        return kf_error_set(err, KF_ERR_DATA, "%s", world->trouble);
    }
    return KF_OK;
}

static enum kf_err change_settings(struct kf_yaml_node root, struct kf_fake_world *world,
                                   struct kf_findings *findings, struct kf_error *err)
{
    static const char *const keys[] = {"rate", "etag", "behave", NULL};
    bool behave = false;
    uint64_t before = kf_findings_count(findings);
    kf_yaml_check_keys(root, keys, findings);
    (void)kf_yaml_get_flag(root, "etag", false, &world->etag, findings);
    (void)kf_yaml_get_flag(root, "behave", false, &behave, findings);
    if (kf_yaml_exists(kf_yaml_get(root, "rate"))) {
        read_rate(kf_yaml_get(root, "rate"), &world->rate, findings);
    }
    world->misbehaviours_len = behave ? 0 : world->misbehaviours_len;
    return kf_findings_count(findings) == before
               ? KF_OK
               : kf_error_set(err, KF_ERR_CONFIG, "the command has faults");
}

enum kf_err kf_fake_command(struct kf_fake_world *world, const char *bytes, size_t length,
                            struct kf_findings *findings, struct kf_error *err)
{
    struct kf_yaml *yaml = NULL;
    enum kf_err code = kf_yaml_parse("command", bytes, length, &yaml, findings, err);
    if (code != KF_OK) {
        return code;
    }
    struct kf_yaml_node root = kf_yaml_root(yaml);
    if (kf_yaml_exists(kf_yaml_get(root, "change")) ||
        kf_yaml_exists(kf_yaml_get(root, "misbehave"))) {
        code = carry_out_event(root, world, findings, err);
    } else if (kf_yaml_exists(kf_yaml_get(root, "advance"))) {
        code = advance(root, world, findings, err);
    } else {
        code = change_settings(root, world, findings, err);
    }
    kf_yaml_destroy(&yaml);
    return code;
}
