#include "services/publish/reason.h"

#include <stdio.h>
#include <string.h>

#include "common/base/text.h"
#include "services/publish/stub.h"

static const char elsewhere[] = "rejected when it was published before; the dead letters say why";

/* The rejections that are told: those of the highest rank. */
struct rejections {
    const struct kf_rejection *first; /* or NULL */
    uint32_t length;
    bool alike; /* all of one stage and reason */
    int rank;
};

/* This stage's own cause is nobody else's to tell; ingest's own rejections stand in the ledger with
 * all their findings. */
static int rank_of(const struct kf_rejection *rejection)
{
    if (strcmp(rejection->stage, KF_PUBLISH_STAGE) == 0) {
        return 2;
    }
    return strcmp(rejection->stage, "ingest") == 0 ? 0 : 1;
}

static void add(struct rejections *found, const struct kf_rejection *rejection)
{
    int rank = rank_of(rejection);

    if (found->first == NULL || rank > found->rank) {
        *found = (struct rejections){rejection, 1, true, rank};
    } else if (rank == found->rank) {
        found->length++;
        found->alike = found->alike && strcmp(rejection->stage, found->first->stage) == 0 &&
                       strcmp(rejection->reason, found->first->reason) == 0;
    }
}

/* `all`: how many rejections there are, told or not. */
static struct rejections look_through(const struct kf_collected *release, uint32_t *all)
{
    struct rejections found = {.first = NULL};

    *all = 0;
    for (uint32_t i = 0; i < release->panels_len; i++) {
        const struct kf_rejection *rejection = release->panels[i]->rejection;
        if (rejection != NULL) {
            add(&found, rejection);
            ++*all;
        }
    }
    return found;
}

static int print(const struct rejections *told, bool only, char *text, size_t size)
{
    const struct kf_rejection *first = told->first;

    if (told->alike && only) {
        return snprintf(text, size, "%s: %s", first->stage, first->reason);
    }
    if (told->alike) {
        return snprintf(text, size, "%u panel%s, by %s: %s", told->length,
                        told->length == 1 ? "" : "s", first->stage, first->reason);
    }
    return snprintf(text, size, "%u panels, each with a dead letter; the first, %s %d, by %s: %s",
                    told->length, first->edition, first->year, first->stage, first->reason);
}

void kf_reason_print(const struct kf_collected *release, const struct kf_summary *summary,
                     char reason[KF_REASON_SIZE])
{
    uint32_t all = 0;
    struct rejections told = look_through(release, &all);
    int length = 0;

    reason[0] = '\0';
    if (summary->panels_rejected == 0 && summary->state != KF_RELEASE_REJECTED) {
        return;
    }
    if (told.first == NULL || all != summary->panels_rejected) {
        (void)snprintf(reason, KF_REASON_SIZE, "%s", elsewhere);
        return;
    }
    length = print(&told, told.length == release->panels_len, reason, KF_REASON_SIZE);
    if (length >= KF_REASON_SIZE) {
        reason[kf_text_whole(reason, KF_REASON_SIZE - 1)] = '\0';
    }
}
