#include "services/ingest/retry.h"

#include <stdio.h>
#include <string.h>

static enum kf_err assemble_again(const struct kf_retry *self, char outcome[KF_REASON_SIZE],
                                  struct kf_error *err)
{
    if (!self->watch) {
        return kf_error_set(
            err, KF_ERR_CONFIG,
            "it was made from Statistics Norway's tables, which this ingest does not "
            "watch: start it with --ssb on");
    }
    kf_watch_again(self->watch);
    (void)snprintf(outcome, KF_REASON_SIZE, "%s",
                   "the tables and files as they are now are assembled again; what does not differ "
                   "from what is published is not published again");
    return KF_OK;
}

static enum kf_err take_back(const struct kf_retry *self, const struct kf_ledger_release *release,
                             char outcome[KF_REASON_SIZE], struct kf_error *err)
{
    enum kf_err code = kf_inbox_take_back(self->inbox, release->moved, release->input, err);
    if (code == KF_OK || code == KF_ERR_AGAIN) {
        (void)snprintf(outcome, KF_REASON_SIZE,
                       "%.80s lies in the inbox %s and is taken in with the "
                       "editions of today; if nothing differs it is known, and nothing is sent",
                       release->input, code == KF_OK ? "again" : "already");
        outcome[kf_text_whole(outcome, strlen(outcome))] = '\0';
        return KF_OK;
    }
    return code;
}

enum kf_err kf_retry(void *context, const char *id, char outcome[KF_REASON_SIZE],
                     struct kf_error *err)
{
    const struct kf_retry *self = context;
    struct kf_ledger_release release;
    enum kf_err code = kf_ledger_check_retry(self->ledger, id, &release, err);
    if (code != KF_OK) {
        return code;
    }
    bool watched = strncmp(release.input, KF_WATCH_INPUT, strlen(KF_WATCH_INPUT)) == 0;
    return watched ? assemble_again(self, outcome, err) : take_back(self, &release, outcome, err);
}
