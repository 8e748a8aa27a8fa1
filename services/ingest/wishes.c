#include "services/ingest/wishes.h"

#include <inttypes.h>
#include <stdio.h>

#include "common/base/clock.h"
#include "common/base/crash.h"
#include "common/base/log.h"

static bool is_done(enum kf_ledger_wish wish, enum kf_ledger_state state)
{
    return state == KF_LEDGER_COMPLETE || state == KF_LEDGER_SENT ||
           (wish == KF_LEDGER_APPROVE && state == KF_LEDGER_COMMITTED);
}

/* Approving and replaying. What is done already was done for this wish by somebody who was killed
 * before it was written down, or for another wish: it is granted. */
static enum kf_err let_go(struct kf_ledger *ledger, const struct kf_ledger_request *wish,
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

/* Does what is asked; `wish->outcome` says what comes of it when it is granted. KF_ERR_CONFIG, with
 * the reason, when it is refused. */
static enum kf_err carry_out(const struct kf_wishes *self, struct kf_ledger_request *wish,
                             struct kf_error *err)
{
    static const char *const granted[] = {
        [KF_LEDGER_APPROVE] = "it goes its way to the topics",
        [KF_LEDGER_REPLAY] = "it is sent again; what the topics have is not published twice",
    };
    if (wish->wish == KF_LEDGER_RETRY) {
        return self->retry ? self->retry(self->retry_context, wish->release, wish->outcome, err)
                           : kf_error_set(err, KF_ERR_CONFIG, "nothing can be taken in anew here");
    }
    (void)snprintf(wish->outcome, sizeof wish->outcome, "%s", granted[wish->wish]);
    return let_go(self->ledger, wish, err);
}

static void log_wish(const struct kf_ledger_request *wish)
{
    char by[KF_LOG_QUOTED_SIZE];
    char outcome[KF_LOG_QUOTED_SIZE];
    kf_log(wish->granted ? KF_LOG_INFO : KF_LOG_WARN,
           wish->granted ? "wish-granted" : "wish-refused",
           "wish=%s release=%s number=%" PRId64 " by=%s outcome=%s",
           kf_ledger_wish_name(wish->wish), wish->release, wish->number, kf_log_quote(wish->by, by),
           kf_log_quote(wish->outcome, outcome));
}

static enum kf_err grant_next(const struct kf_wishes *self, int64_t now_ms, size_t *granted,
                              struct kf_error *err)
{
    struct kf_ledger_request wish;
    struct kf_error why = {0};
    enum kf_err code = kf_ledger_next_request(self->ledger, &wish, err);
    if (code != KF_OK) {
        return code;
    }
    enum kf_err deed = carry_out(self, &wish, &why);
    if (deed != KF_OK && deed != KF_ERR_CONFIG && deed != KF_ERR_AGAIN) {
        *err = why; /* with its disposition: damage is fatal */
        return deed;
    }
    wish.granted = deed == KF_OK;
    if (!wish.granted) {
        (void)snprintf(wish.outcome, sizeof wish.outcome, "%.*s", (int)sizeof wish.outcome - 1,
                       why.text);
    }
    code = kf_ledger_request_done(self->ledger, &wish, now_ms, err);
    if (code == KF_OK) {
        KF_CRASH_POINT("ingest.answered");
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
        code = grant_next(self, kf_clock_wall_ms(), granted, err);
        done += code == KF_OK;
    }
    self->left = code != KF_ERR_AGAIN;
    return code == KF_ERR_AGAIN ? KF_OK : code;
}
