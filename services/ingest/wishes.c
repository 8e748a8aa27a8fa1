#include "services/ingest/wishes.h"

#include <inttypes.h>
#include <stdio.h>

#include "common/base/clock.h"
#include "common/base/log.h"

static bool is_done(enum kf_ledger_wish wish, enum kf_ledger_state state)
{
    return state == KF_LEDGER_COMPLETE || state == KF_LEDGER_SENT ||
           (wish == KF_LEDGER_APPROVE && state == KF_LEDGER_COMMITTED);
}

/* Does what is asked. What is done already was done for this wish by somebody who was killed before
 * it was written down, or for another wish: it is granted. KF_ERR_CONFIG, with the reason, when it
 * is refused. */
static enum kf_err carry_out(struct kf_ledger *ledger, const struct kf_ledger_request *wish,
                             struct kf_error *err)
{
    struct kf_ledger_release release;
    enum kf_err code = kf_ledger_find(ledger, wish->release, &release, err);
    if (code == KF_OK && is_done(wish->wish, release.state)) {
        return KF_OK;
    }
    if (code != KF_OK && code != KF_ERR_AGAIN) {
        return code;
    }
    return wish->wish == KF_LEDGER_APPROVE ? kf_ledger_approve(ledger, wish->release, err)
                                           : kf_ledger_replay(ledger, wish->release, err);
}

static void answer(struct kf_ledger_request *wish, enum kf_err code, const struct kf_error *why)
{
    static const char *const granted[] = {
        [KF_LEDGER_APPROVE] = "it goes its way to the topics",
        [KF_LEDGER_REPLAY] = "it is sent again; what the topics have is not published twice",
    };
    wish->granted = code == KF_OK;
    (void)snprintf(wish->outcome, sizeof wish->outcome, "%.*s", (int)sizeof wish->outcome - 1,
                   wish->granted ? granted[wish->wish] : why->text);
}

static void log_wish(const struct kf_ledger_request *wish)
{
    char by[KF_LOG_QUOTED_SIZE];
    char outcome[KF_LOG_QUOTED_SIZE];
    kf_log(wish->granted ? KF_LOG_INFO : KF_LOG_WARN,
           wish->granted ? "wish-granted" : "wish-refused",
           "wish=%s release=%s number=%" PRId64 " by=%s outcome=%s",
           wish->wish == KF_LEDGER_APPROVE ? "approve" : "replay", wish->release, wish->number,
           kf_log_quote(wish->by, by), kf_log_quote(wish->outcome, outcome));
}

static enum kf_err grant_next(struct kf_ledger *ledger, int64_t now_ms, size_t *granted,
                              struct kf_error *err)
{
    struct kf_ledger_request wish;
    struct kf_error why = {0};
    enum kf_err code = kf_ledger_next_request(ledger, &wish, err);
    if (code != KF_OK) {
        return code;
    }
    enum kf_err deed = carry_out(ledger, &wish, &why);
    if (deed != KF_OK && deed != KF_ERR_CONFIG && deed != KF_ERR_AGAIN) {
        *err = why; /* with its disposition: damage is fatal */
        return deed;
    }
    answer(&wish, deed, &why);
    code = kf_ledger_request_done(ledger, &wish, now_ms, err);
    if (code == KF_OK) {
        *granted += wish.granted;
        log_wish(&wish);
    }
    return code;
}

enum kf_err kf_wishes_work(struct kf_wishes *self, int64_t now_ms, size_t *granted,
                           struct kf_error *err)
{
    enum kf_err code = KF_OK;
    size_t done = 0;
    *granted = 0;
    if (now_ms < self->at_ms) {
        return KF_OK;
    }
    self->at_ms = now_ms + KF_WISHES_MS;
    if (!kf_ledger_has_news(self->ledger) && !self->left) {
        return KF_OK;
    }
    while (code == KF_OK && done < KF_WISHES_AT_ONCE) {
        code = grant_next(self->ledger, kf_clock_wall_ms(), granted, err);
        done += code == KF_OK;
    }
    self->left = code != KF_ERR_AGAIN;
    return code == KF_ERR_AGAIN ? KF_OK : code;
}
