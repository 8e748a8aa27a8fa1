#include "tools/kf/releases_ask.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/bus/socket.h"
#include "services/ingest/places.h"
#include "tools/kf/releases_find.h"

#define LOOK_MS       100
#define WAIT_MAX_MS   3600000UL
#define NUMBER_LENGTH 10

/* What is asked, of which ledger. */
struct asking {
    char path[KF_RELEASES_PATH_MAX];
    struct kf_ledger *ledger; /* to read along */
    struct kf_ledger_release release;
    struct kf_ledger_request request;
    int64_t wait_ms;
};

/* --- words ----------------------------------------------------------------------------------- */

enum kf_err kf_releases_wait_ms(const char *text, int64_t *wait_ms, struct kf_error *err)
{
    static const struct {
        const char *name;
        unsigned long ms;
    } units[] = {{"ms", 1}, {"s", 1000}, {"min", 60000}, {"", 1000}};
    size_t digits = strspn(text, "0123456789");
    unsigned long number = 0;
    bool sound = digits > 0 && digits <= NUMBER_LENGTH &&
                 kf_text_to_unsigned(text, digits, WAIT_MAX_MS, &number);
    for (size_t i = 0; sound && i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(text + digits, units[i].name) == 0 && number <= WAIT_MAX_MS / units[i].ms) {
            *wait_ms = (int64_t)(number * units[i].ms);
            return KF_OK;
        }
    }
    return kf_error_set(err, KF_ERR_CONFIG,
                        "--wait %s: give a whole number of ms, s or min, an hour at most: 10s",
                        text);
}

/* Who asks, unless --by says: the user's name. */
static const char *user_name(void)
{
    const struct passwd *user = getpwuid(getuid());
    return user && user->pw_name && user->pw_name[0] ? user->pw_name : "somebody";
}

static enum kf_err set_by(const struct kf_arguments *arguments, struct kf_ledger_request *request,
                          struct kf_error *err)
{
    const char *given = kf_arguments_one(arguments, "by");
    const char *by = given ? given : user_name();
    if (!by[0] || strlen(by) >= sizeof request->by) {
        return kf_error_set(err, KF_ERR_CONFIG, "--by: a name of 1 to %zu bytes",
                            sizeof request->by - 1);
    }
    (void)snprintf(request->by, sizeof request->by, "%s", by);
    return KF_OK;
}

/* --- what cannot be -------------------------------------------------------------------------- */

static enum kf_err check_approve(const struct kf_ledger_release *release, struct kf_error *err)
{
    switch (release->state) {
    case KF_LEDGER_HELD:
        return KF_OK;
    case KF_LEDGER_DISCOVERED:
        return kf_error_set(err, KF_ERR_CONFIG,
                            "%s is not there yet: it waits for %s; when it is given up waiting "
                            "for, the release is held and can be approved",
                            release->id, release->reason);
    default:
        return kf_error_set(err, KF_ERR_CONFIG,
                            "release %s is %s: only a release that is held can be approved",
                            release->id, kf_ledger_state_name(release->state));
    }
}

static enum kf_err check_replay(const struct kf_ledger_release *release, struct kf_error *err)
{
    bool closed = release->state == KF_LEDGER_COMMITTED || release->state == KF_LEDGER_REJECTED;
    if (release->state == KF_LEDGER_HELD) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "release %s is held and was never sent: `kf releases approve %.8s`",
                            release->id, release->id);
    }
    if (!closed) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "release %s is %s: it is on its way, and is sent until it arrives",
                            release->id, kf_ledger_state_name(release->state));
    }
    if (!release->kept) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "the panels of release %s have been dropped: give its input %s again",
                            release->id, release->input);
    }
    return KF_OK;
}

static enum kf_err check_retry(const struct kf_ledger_release *release, struct kf_error *err)
{
    bool closed = release->state == KF_LEDGER_COMMITTED || release->state == KF_LEDGER_REJECTED;
    return closed
               ? KF_OK
               : kf_error_set(err, KF_ERR_CONFIG,
                              "release %s is %s: only what was published or rejected is taken in "
                              "anew",
                              release->id, kf_ledger_state_name(release->state));
}

/* --- asking ---------------------------------------------------------------------------------- */

static void print_asked(const struct asking *self)
{
    (void)printf("asked to %s release %s (%s)\n", kf_ledger_wish_name(self->request.wish),
                 self->release.id, self->release.input);
    (void)fflush(stdout);
}

/* Looks now and then until ingest has written down what came of the wish, or time is over. */
static enum kf_err await(struct asking *self, struct kf_error *err)
{
    int64_t until_ms = kf_clock_monotonic_ms() + self->wait_ms;
    for (;;) {
        enum kf_err code =
            kf_ledger_request(self->ledger, self->request.number, &self->request, err);
        int64_t left_ms = until_ms - kf_clock_monotonic_ms();
        if (code != KF_OK || self->request.done_ms > 0 || left_ms <= 0) {
            return code;
        }
        code = kf_poll(NULL, 0, left_ms < LOOK_MS ? left_ms : LOOK_MS, err);
        if (code != KF_OK) {
            return code;
        }
    }
}

static enum kf_err print_outcome(const struct asking *self, struct kf_error *err)
{
    const struct kf_ledger_request *request = &self->request;
    if (request->done_ms == 0) {
        (void)printf("ingest has not carried it out within %lld ms; it does so as soon as it "
                     "runs, at its next start at the latest. `kf releases show %.8s` tells what "
                     "came of it\n",
                     (long long)self->wait_ms, self->release.id);
        return KF_OK;
    }
    if (!request->granted) {
        return kf_error_set(err, KF_ERR_DATA, "refused: %s", request->outcome);
    }
    (void)printf("granted: %s\n", request->outcome);
    return KF_OK;
}

static enum kf_err (*const checks[])(const struct kf_ledger_release *, struct kf_error *) = {
    [KF_LEDGER_APPROVE] = check_approve,
    [KF_LEDGER_REPLAY] = check_replay,
    [KF_LEDGER_RETRY] = check_retry,
};

static enum kf_err prepare(struct asking *self, const struct kf_arguments *arguments,
                           const char *beginning, struct kf_error *err)
{
    enum kf_err code =
        kf_releases_wait_ms(kf_arguments_one(arguments, "wait"), &self->wait_ms, err);
    if (code == KF_OK) {
        code = set_by(arguments, &self->request, err);
    }
    if (code == KF_OK) {
        code = kf_releases_path(arguments, "ledger", KF_PLACES_LEDGER, self->path, err);
    }
    if (code == KF_OK) {
        code = kf_ledger_open_readonly(self->path, &self->ledger, err);
    }
    if (code == KF_OK) {
        code = kf_releases_find(self->ledger, beginning, &self->release, err);
    }
    if (code == KF_OK) {
        code = checks[self->request.wish](&self->release, err);
    }
    return code;
}

enum kf_err kf_releases_ask(const struct kf_arguments *arguments, enum kf_ledger_wish wish,
                            const char *beginning, struct kf_error *err)
{
    struct asking self = {.request = {.wish = wish, .asked_ms = kf_clock_wall_ms()}};
    enum kf_err code = prepare(&self, arguments, beginning, err);
    if (code == KF_OK) {
        (void)snprintf(self.request.release, sizeof self.request.release, "%s", self.release.id);
        code = kf_ledger_ask(self.path, &self.request, &self.request.number, err);
    }
    if (code == KF_OK) {
        print_asked(&self);
        code = await(&self, err);
    }
    if (code == KF_OK) {
        code = print_outcome(&self, err);
    }
    kf_ledger_close(&self.ledger);
    return code;
}
