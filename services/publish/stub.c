#include "services/publish/stub.h"

#include <stdio.h>

#define LEFT_OUT "the findings are left out for want of memory: "
/* What a rejection's reason may be at most, and the words in front of it. */
#define REASON_SIZE 8192

static enum kf_err describe(struct kf_envelope *stub, const struct kf_envelope *from,
                            const struct kf_release *description, struct kf_error *err)
{
    stub->index = from->index;
    stub->attempt = from->attempt;
    if (description == NULL) {
        return kf_envelope_set_release(stub, &from->release, err);
    }
    stub->release = *description;
    return KF_OK;
}

/* Lends the panel for its edition and year; it comes back when there is no memory. */
static enum kf_err reject_panel(struct kf_envelope *stub, struct kf_envelope *from,
                                const char *reason, struct kf_error *err)
{
    stub->panel = from->panel;
    from->panel = NULL;
    enum kf_err result = kf_envelope_reject(stub, KF_PUBLISH_STAGE, reason, NULL, err);
    if (result != KF_OK) {
        from->panel = stub->panel;
        stub->panel = NULL;
    }
    return result;
}

static enum kf_err repeat_rejection(struct kf_envelope *stub, const struct kf_rejection *rejection,
                                    struct kf_error *err)
{
    char reason[REASON_SIZE];

    (void)snprintf(reason, sizeof reason, "%s%s", LEFT_OUT, rejection->reason);
    enum kf_err result = kf_envelope_reject(stub, rejection->stage, reason, NULL, err);
    if (result != KF_OK) {
        return result;
    }
    const char *edition = kf_arena_strdup(stub->arena, rejection->edition);
    if (edition == NULL) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for a rejection");
    }
    stub->rejection->edition = edition;
    stub->rejection->year = rejection->year;
    return KF_OK;
}

enum kf_err kf_stub_replace(struct kf_envelope **envelope, const struct kf_release *description,
                            const char *reason, struct kf_error *err)
{
    struct kf_envelope *stub = kf_envelope_new();

    if (stub == NULL) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for a rejection");
    }
    enum kf_err result = describe(stub, *envelope, description, err);
    if (result == KF_OK) {
        result = (*envelope)->panel != NULL ? reject_panel(stub, *envelope, reason, err)
                                            : repeat_rejection(stub, (*envelope)->rejection, err);
    }
    if (result != KF_OK) {
        kf_envelope_destroy(&stub);
        return result;
    }
    kf_envelope_destroy(envelope);
    *envelope = stub;
    return KF_OK;
}
