#include "tools/kf/fleet.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "common/base/findings.h"
#include "common/model/topic.h"
#include "common/service/endpoint.h"

#define WORDS_MAX      32
#define TEXT_BYTES_MAX 65536

static const char *const names[KF_FLEET_PROGRAMS] = {
    [KF_FLEET_INGEST] = "ingest",         [KF_FLEET_NEED] = "need",
    [KF_FLEET_NORMALIZE] = "normalize",   [KF_FLEET_AGGREGATE] = "aggregate",
    [KF_FLEET_EFFICIENCY] = "efficiency", [KF_FLEET_PUBLISH] = "publish",
    [KF_FLEET_BOARD] = "board",           [KF_FLEET_BROKER] = "devbroker",
};

const char *kf_fleet_name(enum kf_fleet_stage stage)
{
    return names[stage];
}

static unsigned workers_max(size_t stage)
{
    return stage == KF_FLEET_INGEST || stage == KF_FLEET_PUBLISH ? 1 : KF_FLEET_WORKERS_MAX;
}

static enum kf_err find_stage(const char *text, size_t length, size_t *stage, struct kf_error *err)
{
    for (size_t i = 0; i < KF_FLEET_STAGES; i++) {
        if (strlen(names[i]) == length && strncmp(names[i], text, length) == 0) {
            *stage = i;
            return KF_OK;
        }
    }
    char name[64];
    (void)snprintf(name, sizeof name, "%.*s", (int)(length < 60 ? length : 60), text);
    const char *meant = kf_findings_suggest(name, names, KF_FLEET_STAGES);
    return kf_error_set(err, KF_ERR_CONFIG, "--workers %s: there is no stage \"%s\"%s%s", text,
                        name, meant ? ", did you mean " : "", meant ? meant : "");
}

static enum kf_err set_workers(struct kf_fleet *self, const char *text, bool *seen,
                               struct kf_error *err)
{
    size_t length = strcspn(text, "=");
    if (text[length] == '\0') {
        return kf_error_set(err, KF_ERR_CONFIG, "--workers %s: write STAGE=N, such as need=2",
                            text);
    }
    size_t stage = 0;
    enum kf_err code = find_stage(text, length, &stage, err);
    if (code != KF_OK) {
        return code;
    }
    const char *digits = text + length + 1;
    unsigned long number = 0;
    bool read = kf_text_to_unsigned(digits, strlen(digits), workers_max(stage), &number);
    if (!read || number == 0) {
        return kf_error_set(err, KF_ERR_CONFIG, "--workers %s: %s runs as %s", text, names[stage],
                            workers_max(stage) == 1 ? "one process" : "1 to 15 processes");
    }
    if (seen[stage]) {
        return kf_error_set(err, KF_ERR_CONFIG, "--workers: %s is named twice", names[stage]);
    }
    seen[stage] = true;
    self->workers[stage] = (unsigned)number;
    return KF_OK;
}

enum kf_err kf_fleet_set_workers(struct kf_fleet *self, const char *const *texts, size_t count,
                                 struct kf_error *err)
{
    bool seen[KF_FLEET_STAGES] = {false};
    for (size_t i = 0; i < KF_FLEET_STAGES; i++) {
        self->workers[i] = 1;
    }
    for (size_t i = 0; i < count; i++) {
        enum kf_err code = set_workers(self, texts[i], seen, err);
        if (code != KF_OK) {
            return code;
        }
    }
    return KF_OK;
}

void kf_fleet_endpoints(const struct kf_fleet *self, enum kf_fleet_stage stage, const char *role,
                        struct kf_text *endpoints)
{
    for (unsigned i = 0; i < self->workers[stage]; i++) {
        if (i > 0) {
            kf_text_add_char(endpoints, ',');
        }
        kf_endpoint_default(self->run_dir, names[stage], i, role, endpoints);
    }
}

void kf_fleet_status_endpoints(const struct kf_fleet *self, struct kf_text *endpoints)
{
    for (size_t stage = 0; stage < KF_FLEET_STAGES; stage++) {
        if (stage > 0) {
            kf_text_add_char(endpoints, ',');
        }
        kf_fleet_endpoints(self, (enum kf_fleet_stage)stage, "status", endpoints);
    }
}

void kf_fleet_topics(const struct kf_fleet *self, struct kf_text *topics)
{
    size_t count = 0;
    const struct kf_measure *measures = kf_measures(&count);
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || measures[i].topic != measures[i - 1].topic) {
            kf_text_add_format(topics, "%s.%s.v1,", self->topic_prefix,
                               kf_topic_name(measures[i].topic));
        }
    }
    kf_text_add_format(topics, "%s.release.v1,%s.rejected.v1,%s.publisher.v1", self->topic_prefix,
                       self->topic_prefix, self->topic_prefix);
}

/* --- command lines ------------------------------------------------------------------------- */

/* Words in the making; a missing word (no memory) shows at the end. */
struct words {
    struct kf_arena *arena;
    char **list;
    size_t count;
    bool failed;
};

static void add_word(struct words *words, char *word)
{
    if (!word || words->count == WORDS_MAX) {
        words->failed = true;
        return;
    }
    words->list[words->count++] = word;
}

static void add_option(struct words *words, const char *name, const char *value)
{
    add_word(words, kf_arena_printf(words->arena, "--%s", name));
    add_word(words, kf_arena_strdup(words->arena, value));
}

static void add_list(struct words *words, const char *name, struct kf_text *list)
{
    words->failed = words->failed || list->failed;
    add_option(words, name, list->bytes);
    kf_text_clear(list);
}

static void add_endpoints(struct words *words, const char *option, const struct kf_fleet *fleet,
                          enum kf_fleet_stage stage, const char *role)
{
    struct kf_text list;
    kf_text_init(&list, TEXT_BYTES_MAX);
    kf_fleet_endpoints(fleet, stage, role, &list);
    add_list(words, option, &list);
}

static void add_common(struct words *words, const struct kf_fleet *fleet, unsigned instance)
{
    add_option(words, "run-dir", fleet->run_dir);
    add_word(words, kf_arena_strdup(words->arena, "--instance"));
    add_word(words, kf_arena_printf(words->arena, "%u", instance));
    add_word(words, kf_arena_strdup(words->arena, "--drain-timeout"));
    add_word(words, kf_arena_printf(words->arena, "%us", fleet->drain_s));
}

static void add_ingest(struct words *words, const struct kf_fleet *fleet)
{
    const char *const own[][2] = {
        {"hold", fleet->hold}, {"ssb", fleet->ssb}, {"klass", fleet->klass}, {"day", fleet->day}};
    add_option(words, "state-dir", fleet->state_dir);
    add_option(words, "inbox", fleet->inbox);
    add_option(words, "editions", fleet->editions);
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        if (own[i][1]) {
            add_option(words, own[i][0], own[i][1]);
        }
    }
}

static void add_kafka(struct words *words, const struct kf_fleet *fleet, const char *servers)
{
    add_option(words, "bootstrap-servers", servers);
    add_option(words, "topic-prefix", fleet->topic_prefix);
    if (fleet->kafka_config) {
        add_option(words, "kafka-config", fleet->kafka_config);
    }
}

static void add_publish(struct words *words, const struct kf_fleet *fleet, const char *servers)
{
    add_kafka(words, fleet, servers);
    add_option(words, "encoding", fleet->encoding);
    if (fleet->hold_bytes_max) {
        add_option(words, "hold-bytes-max", fleet->hold_bytes_max);
    }
    add_endpoints(words, "receipts", fleet, KF_FLEET_INGEST, "receipts");
}

/* It finds the stages that it listens to in the run directory. */
static void add_board(struct words *words, const struct kf_fleet *fleet, const char *servers)
{
    add_common(words, fleet, 0);
    add_kafka(words, fleet, servers);
    add_option(words, "editions", fleet->editions);
    add_option(words, "http-port", fleet->board_port);
    add_option(words, "state-dir", fleet->state_dir);
}

static void add_broker(struct words *words, const struct kf_fleet *fleet)
{
    struct kf_text topics;
    kf_text_init(&topics, TEXT_BYTES_MAX);
    kf_fleet_topics(fleet, &topics);
    add_list(words, "topics", &topics);
    add_option(words, "port", fleet->broker_port);
}

static void add_service(struct words *words, const struct kf_fleet *fleet,
                        struct kf_fleet_process process, const char *servers)
{
    add_common(words, fleet, process.instance);
    if (process.stage == KF_FLEET_INGEST) {
        add_ingest(words, fleet);
    }
    if (process.stage == KF_FLEET_PUBLISH) {
        add_publish(words, fleet, servers);
    } else {
        add_endpoints(words, "output", fleet, (enum kf_fleet_stage)(process.stage + 1), "in");
    }
}

static void add_process(struct words *words, const struct kf_fleet *fleet,
                        struct kf_fleet_process process, const char *servers)
{
    if (process.stage == KF_FLEET_BROKER) {
        add_broker(words, fleet);
    } else if (process.stage == KF_FLEET_BOARD) {
        add_board(words, fleet, servers);
    } else {
        add_service(words, fleet, process, servers);
    }
}

enum kf_err kf_fleet_command(const struct kf_fleet *self, struct kf_fleet_process process,
                             const char *bootstrap_servers, struct kf_arena *arena, char ***command,
                             struct kf_error *err)
{
    struct words words = {.arena = arena};
    words.list = kf_arena_calloc(arena, WORDS_MAX + 1, sizeof *words.list);
    if (words.list) {
        add_word(&words, kf_arena_printf(arena, "kf-%s", names[process.stage]));
        add_process(&words, self, process, bootstrap_servers ? bootstrap_servers : "");
    }
    if (!words.list || words.failed) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the command line of %s",
                            names[process.stage]);
    }
    *command = words.list;
    return KF_OK;
}
