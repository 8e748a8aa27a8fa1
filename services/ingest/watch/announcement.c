#include "services/ingest/watch/announcement.h"

#include <stdio.h>
#include <string.h>

#include "common/base/crash.h"
#include "services/ingest/watch/oslo.h"

#define NOTE "watch.announced"

enum kf_err kf_announcement_open(struct kf_announcement *self, struct kf_ledger *ledger,
                                 struct kf_store *store, struct kf_error *err)
{
    struct kf_text note;
    *self = (struct kf_announcement){.ledger = ledger, .store = store};
    kf_text_init(&note, KF_STORE_NOTE_MAX);
    enum kf_err code = kf_store_noted(store, NOTE, &note, err);
    if (code == KF_OK) {
        (void)snprintf(self->name, sizeof self->name, "%s", note.bytes);
    }
    kf_text_clear(&note);
    return code == KF_ERR_AGAIN ? KF_OK : code;
}

/* "kostra-2026-03-16-unrevised" */
static void name_of(const struct kf_detect_release *waits, char name[KF_RELEASE_ID_SIZE])
{
    char at[KF_OSLO_TEXT_SIZE];
    if (!waits->event) {
        (void)snprintf(name, KF_RELEASE_ID_SIZE, "ssb-changes");
        return;
    }
    kf_oslo_print(waits->of.at_ms, at);
    (void)snprintf(name, KF_RELEASE_ID_SIZE, "%.9s-%.10s-%.9s", waits->of.publication, at,
                   waits->of.vintage);
}

void kf_announcement_print(const struct kf_detect_release *waits, char text[KF_DETECT_TEXT_MAX * 2])
{
    char at[KF_OSLO_TEXT_SIZE];
    if (!waits->event) {
        (void)snprintf(text, KF_DETECT_TEXT_MAX * 2, "what changed to be quiet%s%s",
                       waits->missing[0] ? ", and for " : "", waits->missing);
        return;
    }
    kf_oslo_print(waits->of.at_ms, at);
    (void)snprintf(text, KF_DETECT_TEXT_MAX * 2, "%s of %.64s %s: %zu of %zu tables",
                   waits->missing, waits->of.publication, at, waits->have, waits->need);
}

static enum kf_err begin(struct kf_announcement *self, const char *name, bool *changed,
                         struct kf_error *err)
{
    enum kf_err code = kf_announcement_withdraw(self, changed, err);
    if (code == KF_OK) {
        code = kf_store_note(self->store, NOTE, name, err);
    }
    if (code == KF_OK) {
        (void)snprintf(self->name, sizeof self->name, "%s", name);
        self->waits_for[0] = '\0';
    }
    return code;
}

enum kf_err kf_announcement_make(struct kf_announcement *self,
                                 const struct kf_detect_release *waits, int64_t wall_ms,
                                 bool *changed, struct kf_error *err)
{
    char name[KF_RELEASE_ID_SIZE];
    char text[sizeof self->waits_for];
    enum kf_err code = KF_OK;
    name_of(waits, name);
    kf_announcement_print(waits, text);
    if (strcmp(name, self->name) != 0) {
        code = begin(self, name, changed, err);
    }
    if (code == KF_OK && strcmp(text, self->waits_for) != 0) {
        code = kf_ledger_announce(self->ledger, name, text, wall_ms, err);
        if (code == KF_OK) {
            KF_CRASH_POINT("watch.announced");
            (void)snprintf(self->waits_for, sizeof self->waits_for, "%s", text);
            *changed = true;
        }
    }
    return code;
}

enum kf_err kf_announcement_withdraw(struct kf_announcement *self, bool *changed,
                                     struct kf_error *err)
{
    if (self->name[0] == '\0') {
        return KF_OK;
    }
    enum kf_err code = kf_ledger_withdraw(self->ledger, self->name, err);
    if (code == KF_OK) {
        code = kf_store_note(self->store, NOTE, NULL, err);
    }
    if (code == KF_OK) {
        kf_announcement_took_place(self);
        *changed = true;
    }
    return code;
}

void kf_announcement_took_place(struct kf_announcement *self)
{
    self->name[0] = '\0';
    self->waits_for[0] = '\0';
}
