#include "tools/kf/releases_json.h"

#include <stdio.h>

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/codec/json_writer.h"
#include "tools/kf/releases_letters.h"

#define JSON_MAX ((size_t)256 * 1024 * 1024)

/* Null for a time that has not come. */
static void add_time(struct kf_text *json, const char *name, int64_t ms)
{
    char time[KF_CLOCK_TEXT_SIZE];
    kf_clock_print(ms, time);
    if (ms > 0) {
        kf_json_text(json, name, time);
    } else {
        kf_json_raw(json, name, "null", 4);
    }
}

static enum kf_err add_source(void *context, const struct kf_source *source, struct kf_error *err)
{
    (void)err;
    struct kf_text *json = context;
    kf_json_open(json, NULL, '{');
    kf_json_text(json, "name", source->name);
    kf_json_text(json, "digest", source->digest);
    kf_json_text(json, "updated", source->updated);
    kf_json_whole(json, "bytes", (int64_t)source->bytes);
    kf_json_close(json, '}');
    return KF_OK;
}

static enum kf_err add_request(void *context, const struct kf_ledger_request *request,
                               struct kf_error *err)
{
    (void)err;
    struct kf_text *json = context;
    kf_json_open(json, NULL, '{');
    kf_json_text(json, "wish", kf_ledger_wish_name(request->wish));
    kf_json_text(json, "by", request->by);
    add_time(json, "asked", request->asked_ms);
    add_time(json, "done", request->done_ms);
    kf_json_flag(json, "granted", request->granted);
    kf_json_text(json, "outcome", request->outcome);
    kf_json_close(json, '}');
    return KF_OK;
}

static enum kf_err add_panel(void *context, uint32_t index, const struct kf_ledger_content *content,
                             struct kf_error *err)
{
    (void)err;
    struct kf_text *json = context;
    kf_json_open(json, NULL, '{');
    kf_json_whole(json, "panel", index);
    kf_json_text(json, "edition", content->edition);
    kf_json_whole(json, "year", content->year);
    kf_json_text(json, "content", content->digest);
    kf_json_close(json, '}');
    return KF_OK;
}

static void add_head(struct kf_text *json, const struct kf_ledger_release *release)
{
    kf_json_text(json, "release", release->id);
    kf_json_text(json, "state", kf_ledger_state_name(release->state));
    kf_json_text(json, "reason", release->reason);
    kf_json_text(json, "input", release->input);
    kf_json_text(json, "lies", release->moved);
    kf_json_text(json, "vintage", release->vintage);
    add_time(json, "discovered", release->discovered_ms);
    add_time(json, "sent", release->sent_ms);
    add_time(json, "closed", release->committed_ms);
    kf_json_whole(json, "attempts", release->attempts);
    kf_json_whole(json, "rows", (int64_t)release->rows);
    kf_json_whole(json, "panelsRejected", release->panels_rejected);
    kf_json_flag(json, "kept", release->kept);
}

static enum kf_err add_letter(struct kf_text *json, const struct kf_told_letter *letter,
                              struct kf_error *err)
{
    struct kf_text one;
    kf_text_init(&one, JSON_MAX);
    enum kf_err code = kf_told_letter_print_json(letter, &one, err);
    if (code == KF_OK) {
        json->failed = json->failed || one.failed;
        kf_json_raw(json, NULL, one.bytes, one.length);
    }
    kf_text_clear(&one);
    return code;
}

static enum kf_err add_letters(struct kf_text *json, struct kf_ledger *ledger,
                               const struct kf_ledger_release *release, struct kf_error *err)
{
    struct kf_told_letters told;
    enum kf_err code = kf_told_letters_read(ledger, release, &told, err);
    kf_json_open(json, "letters", '[');
    for (size_t i = 0; code == KF_OK && i < told.panels; i++) {
        if (told.list[i].letters) {
            code = add_letter(json, &told.list[i], err);
        }
    }
    kf_json_close(json, ']');
    kf_told_letters_clear(&told);
    return code;
}

static enum kf_err add_all(struct kf_text *json, struct kf_ledger *ledger,
                           const struct kf_ledger_release *release, struct kf_error *err)
{
    kf_json_open(json, NULL, '{');
    add_head(json, release);
    kf_json_open(json, "sources", '[');
    enum kf_err code = kf_ledger_sources(ledger, release, add_source, json, err);
    kf_json_close(json, ']');
    kf_json_open(json, "requests", '[');
    if (code == KF_OK) {
        code = kf_ledger_requests(ledger, release->id, add_request, json, err);
    }
    kf_json_close(json, ']');
    kf_json_open(json, "panels", '[');
    if (code == KF_OK) {
        code = kf_ledger_contents(ledger, release, add_panel, json, err);
    }
    kf_json_close(json, ']');
    if (code == KF_OK) {
        code = add_letters(json, ledger, release, err);
    }
    kf_json_close(json, '}');
    return code;
}

enum kf_err kf_releases_show_json(struct kf_ledger *ledger, const struct kf_ledger_release *release,
                                  struct kf_error *err)
{
    struct kf_text json;
    kf_text_init(&json, JSON_MAX);
    enum kf_err code = add_all(&json, ledger, release, err);
    if (code == KF_OK && json.failed) {
        code = kf_error_set(err, KF_ERR_MEMORY, "no memory for release %s", release->id);
    }
    if (code == KF_OK) {
        (void)puts(json.bytes);
    }
    kf_text_clear(&json);
    return code;
}
