#include "tools/kf/releases_show.h"

#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "tools/kf/folder.h"
#include "tools/kf/releases_find.h"
#include "tools/kf/releases_letters.h"

/* --- list ------------------------------------------------------------------------------------ */

static void print_duration(const struct kf_ledger_release *release)
{
    if (release->committed_ms > 0) {
        (void)printf("%8.2f s", (double)(release->committed_ms - release->discovered_ms) / 1000);
    } else {
        (void)printf("%10s", "–");
    }
}

/* What the reason of a release is about. */
static const char *reason_word(const struct kf_ledger_release *release)
{
    switch (release->state) {
    case KF_LEDGER_DISCOVERED:
        return "waits for";
    case KF_LEDGER_HELD:
        return "held";
    default:
        return "reason";
    }
}

static enum kf_err print_line(void *context, const struct kf_ledger_release *release,
                              struct kf_error *err)
{
    (void)err;
    size_t *count = context;
    char time[KF_CLOCK_TEXT_SIZE];
    kf_clock_print(release->discovered_ms, time);
    if ((*count)++ == 0) {
        (void)printf("%-32s %-10s %-24s %10s %6s %9s %9s %-11s %s\n", "release", "state",
                     "discovered", "took", "panels", "rejected", "rows", "vintage", "input");
    }
    (void)printf("%-32s %-10s %-24s ", release->id, kf_ledger_state_name(release->state), time);
    print_duration(release);
    (void)printf(" %6u %9u %9llu %-11s %s\n", release->panels, release->panels_rejected,
                 (unsigned long long)release->rows, release->vintage, release->input);
    bool waits = release->state == KF_LEDGER_DISCOVERED || release->state == KF_LEDGER_HELD;
    if (waits && release->reason[0]) {
        (void)printf("  %s: %s\n", reason_word(release), release->reason);
    }
    return KF_OK;
}

enum kf_err kf_releases_list(struct kf_ledger *ledger, struct kf_error *err)
{
    size_t count = 0;
    enum kf_err code = kf_ledger_list(ledger, KF_RELEASES_LISTED_MAX, print_line, &count, err);
    if (code == KF_OK && count == 0) {
        (void)printf("no releases yet\n");
    }
    size_t letters = 0;
    if (code == KF_OK) {
        code = kf_releases_letters_open(ledger, &letters, err);
    }
    if (code == KF_OK && letters > 0) {
        (void)printf("%zu open dead letter%s; `kf releases letters` tells what was rejected and "
                     "why\n",
                     letters, letters == 1 ? "" : "s");
    }
    return code;
}

/* --- show ------------------------------------------------------------------------------------ */

static enum kf_err print_source(void *context, const struct kf_source *source, struct kf_error *err)
{
    (void)context;
    (void)err;
    (void)printf("  source    %s", source->name);
    if (source->updated[0]) {
        (void)printf(", updated %s", source->updated);
    }
    if (source->bytes > 0) {
        (void)printf(", %llu bytes", (unsigned long long)source->bytes);
    }
    (void)printf(", digest %s\n", source->digest);
    return KF_OK;
}

static enum kf_err print_request(void *context, const struct kf_ledger_request *request,
                                 struct kf_error *err)
{
    (void)context;
    (void)err;
    char time[KF_CLOCK_TEXT_SIZE];
    kf_clock_print(request->asked_ms, time);
    (void)printf("  asked     to %s by %s at %s: ", kf_ledger_wish_name(request->wish), request->by,
                 time);
    if (request->done_ms == 0) {
        (void)printf("not carried out yet; ingest does that as soon as it runs\n");
    } else {
        (void)printf("%s: %s\n", request->granted ? "granted" : "refused", request->outcome);
    }
    return KF_OK;
}

/* A panel as the ledger knows it when it has no envelope any more. */
static enum kf_err print_content(void *context, uint32_t index,
                                 const struct kf_ledger_content *content, struct kf_error *err)
{
    (void)context;
    (void)err;
    (void)printf("  panel %-3u %s %d%s%s%s\n", index, content->edition, content->year,
                 content->rejected ? ", rejected" : "", content->digest[0] ? ", content " : "",
                 content->digest);
    return KF_OK;
}

static void print_envelope(const struct kf_envelope *envelope, const char *digest)
{
    if (envelope->rejection) {
        const struct kf_rejection *rejection = envelope->rejection;
        (void)printf("  panel %-3u ", envelope->index);
        if (rejection->edition[0]) {
            (void)printf("%s %d: ", rejection->edition, rejection->year);
        }
        (void)printf("rejected by %s: %s\n", rejection->stage, rejection->reason);
        kf_folder_print(stdout, "            ", &rejection->findings);
    } else {
        (void)printf("  panel %-3u %s %d: %zu municipalities, %zu variables%s%s\n", envelope->index,
                     envelope->panel->edition->id, envelope->panel->year,
                     envelope->panel->members_len, envelope->panel->columns_len,
                     digest[0] ? ", content " : "", digest);
    }
}

/* The ledger and release whose contents are walked. */
struct shown {
    struct kf_ledger *ledger;
    const struct kf_ledger_release *release;
    struct kf_told_letters told;
};

static enum kf_err print_panel(void *context, uint32_t index,
                               const struct kf_ledger_content *content, struct kf_error *err)
{
    const struct shown *shown = context;
    struct kf_envelope *envelope = NULL;
    if (index < shown->told.panels && shown->told.list[index].letters) {
        (void)printf("  panel %-3u ", index);
        kf_told_letter_print(&shown->told.list[index]);
        return KF_OK;
    }
    if (!shown->release->kept) {
        return print_content(NULL, index, content, err);
    }
    enum kf_err code = kf_releases_panel(shown->ledger, shown->release, index, &envelope, err);
    if (code == KF_OK) {
        print_envelope(envelope, content->digest);
    }
    kf_envelope_destroy(&envelope);
    return code;
}

/* Told before the ledger kept dead letters, or for want of room. */
static void print_untold(const struct kf_ledger_release *release, size_t letters)
{
    (void)printf("  %zu dead letter%s of it stand%s on the topic only%s%.8s%s\n", letters,
                 letters == 1 ? "" : "s", letters == 1 ? "s" : "",
                 release->kept ? "; `kf releases replay " : "", release->kept ? release->id : "",
                 release->kept ? "` brings them here, too, and publishes nothing twice" : "");
}

static void print_head(const struct kf_ledger_release *release)
{
    char time[KF_CLOCK_TEXT_SIZE];
    kf_clock_print(release->discovered_ms, time);
    (void)printf("release %s: %s\n  input     %s, discovered %s%s%s\n", release->id,
                 kf_ledger_state_name(release->state), release->input, time,
                 release->moved[0] ? ", lies in " : "", release->moved);
    if (release->vintage[0]) {
        (void)printf("  vintage   %s\n", release->vintage);
    }
    (void)printf("  sent      %u time(s); rows published: %llu; panels rejected: %u of %u\n",
                 release->attempts, (unsigned long long)release->rows, release->panels_rejected,
                 release->panels);
    if (release->reason[0]) {
        (void)printf("  %-9s %s\n", reason_word(release), release->reason);
    }
    if (release->state == KF_LEDGER_HELD) {
        (void)printf("            `kf releases diff %.8s` tells what would move; `kf releases "
                     "approve %.8s` lets it go\n",
                     release->id, release->id);
    }
}

enum kf_err kf_releases_show(struct kf_ledger *ledger, const struct kf_ledger_release *release,
                             struct kf_error *err)
{
    struct shown shown = {.ledger = ledger, .release = release};
    print_head(release);
    enum kf_err code = kf_ledger_sources(ledger, release, print_source, NULL, err);
    if (code == KF_OK) {
        code = kf_ledger_requests(ledger, release->id, print_request, NULL, err);
    }
    if (code != KF_OK || release->state == KF_LEDGER_DISCOVERED) {
        return code;
    }
    if (!release->kept) {
        (void)printf("  its panels have been dropped; only the newest releases keep theirs\n");
    }
    code = kf_told_letters_read(ledger, release, &shown.told, err);
    if (code == KF_OK) {
        code = kf_ledger_contents(ledger, release, print_panel, &shown, err);
    }
    if (code == KF_OK && shown.told.length < release->panels_rejected) {
        print_untold(release, release->panels_rejected - shown.told.length);
    }
    kf_told_letters_clear(&shown.told);
    return code;
}
