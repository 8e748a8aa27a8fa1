#include "services/publish/withdraw.h"

#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/codec/record.h"
#include "services/publish/withdrawal.h"

#define NO_PANEL UINT32_MAX

struct work {
    const struct kf_withdraw_options *options;
    struct kf_withdrawal *keys;
    uint32_t *panels; /* [names->length]: index of the panel whose keys differ, or NO_PANEL */
    size_t topic;
    struct kf_text key;
};

void kf_withdraw_name(const struct kf_panel *panel, char name[KF_PANEL_NAME_SIZE])
{
    (void)snprintf(name, KF_PANEL_NAME_SIZE, "%s/%d", panel->edition->id, panel->year);
}

/* --- which panels ---------------------------------------------------------------------------- */

/* Notes the panels whose keys on the topic differ; false when none does. */
static bool choose(struct work *work, size_t topic)
{
    const struct kf_withdraw_options *options = work->options;
    const struct kf_panel_names *names = options->former->names;
    char name[KF_PANEL_NAME_SIZE];
    bool any = false;

    work->topic = topic;
    for (size_t i = 0; i < names->length; i++) {
        work->panels[i] = NO_PANEL;
    }
    for (uint32_t i = 0; i < options->release->panels_len; i++) {
        const struct kf_panel *panel = options->release->panels[i]->panel;
        if (panel == NULL) {
            continue;
        }
        kf_withdraw_name(panel, name);
        if (kf_former_differs(options->former, name, topic, &options->now[i])) {
            work->panels[kf_panel_names_find(names, name, strlen(name))] = i;
            any = true;
        }
    }
    return any;
}

/* The panel that a key edition/year/… belongs to, of those chosen. */
static uint32_t panel_of(const struct work *work, const char *key, size_t length)
{
    const struct kf_panel_names *names = work->options->former->names;
    const char *slash = memchr(key, '/', length);
    const char *end = key + length;

    if (length > KF_KEY_BYTES_MAX || memchr(key, '\0', length) != NULL || slash == NULL) {
        return NO_PANEL;
    }
    slash = memchr(slash + 1, '/', (size_t)(end - slash - 1));
    if (slash == NULL) {
        return NO_PANEL;
    }
    size_t index = kf_panel_names_find(names, key, (size_t)(slash - key));
    return index < names->length ? work->panels[index] : NO_PANEL;
}

/* --- one reading ----------------------------------------------------------------------------- */

static enum kf_err keep_row(void *context, const struct kf_panel *panel, const struct kf_row *row,
                            struct kf_error *err)
{
    struct work *work = context;

    if ((size_t)row->topic != work->topic) {
        return KF_OK;
    }
    kf_text_reset(&work->key);
    kf_record_row_key(panel, row, &work->key);
    if (work->key.failed) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the key of a row");
    }
    return kf_withdrawal_keep(work->keys, work->key.bytes, work->key.length, err);
}

/* The keys that the release has. */
static enum kf_err keep_all(struct work *work, struct kf_error *err)
{
    enum kf_err result = KF_OK;

    for (size_t i = 0; i < work->options->former->names->length && result == KF_OK; i++) {
        if (work->panels[i] != NO_PANEL) {
            const struct kf_panel *panel = work->options->release->panels[work->panels[i]]->panel;
            result = kf_panel_walk(panel, keep_row, work, err);
        }
    }
    return result;
}

static enum kf_err see(void *context, const char *key, size_t length, bool live,
                       struct kf_error *err)
{
    struct work *work = context;
    uint32_t panel = panel_of(work, key, length);

    return panel == NO_PANEL ? KF_OK : kf_withdrawal_see(work->keys, key, length, panel, live, err);
}

static enum kf_err read_slice(struct work *work, struct kf_error *err)
{
    const struct kf_withdraw_options *options = work->options;
    const struct kf_key_visitor visitor = {see, work};

    kf_withdrawal_start(work->keys);
    enum kf_err result = keep_all(work, err);
    return result == KF_OK ? options->read(options->read_context, work->topic, &visitor, err)
                           : result;
}

static enum kf_err take_slice(struct work *work, struct kf_error *err)
{
    const struct kf_withdraw_options *options = work->options;
    size_t count = 0;
    enum kf_err result = kf_withdrawal_finish(work->keys, &count, err);

    for (size_t i = 0; i < count && result == KF_OK; i++) {
        uint32_t panel = 0;
        const char *key = kf_withdrawal_at(work->keys, i, &panel);
        result = options->take(options->take_context, work->topic, panel, key, err);
    }
    return result;
}

/* In one reading, or in as many as the limits ask for. */
static enum kf_err withdraw_topic(struct work *work, struct kf_error *err)
{
    enum kf_err result = KF_OK;
    bool more = true;

    kf_withdrawal_reset(work->keys);
    while (more && result == KF_OK) {
        result = read_slice(work, err);
        if (result == KF_ERR_LIMIT && kf_withdrawal_narrow(work->keys)) {
            result = KF_OK;
            continue;
        }
        if (result == KF_OK) {
            result = take_slice(work, err);
            more = kf_withdrawal_next(work->keys);
        }
    }
    return result;
}

/* --- all of them ----------------------------------------------------------------------------- */

enum kf_err kf_withdraw(const struct kf_withdraw_options *options, struct kf_error *err)
{
    size_t keys_max = options->keys_max > 0 ? options->keys_max : KF_WITHDRAWAL_KEYS_MAX;
    struct work work = {.options = options};
    enum kf_err result = KF_OK;

    kf_text_init(&work.key, KF_KEY_BYTES_MAX);
    work.keys = kf_withdrawal_new(keys_max);
    work.panels = kf_calloc(options->former->names->length + 1, sizeof *work.panels);
    if (work.keys == NULL || work.panels == NULL) {
        result = kf_error_set(err, KF_ERR_MEMORY, "no memory to withdraw keys");
    }
    for (size_t topic = 1; topic < KF_TOPICS && result == KF_OK; topic++) {
        if (choose(&work, topic)) {
            result = withdraw_topic(&work, err);
        }
    }
    kf_withdrawal_destroy(&work.keys);
    kf_free(work.panels);
    kf_text_clear(&work.key);
    return result;
}
