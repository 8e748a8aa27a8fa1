#include "services/publish/publication.h"

#include <string.h>

#include "common/base/crash.h"
#include "services/publish/stub.h"

struct attempt {
    const struct kf_publication_calls *calls;
    void *context;
    struct kf_collected *release;
    const struct kf_publication_options *options;
    struct kf_former *former; /* what earlier releases published of the panels */
    struct kf_kafka_found found;
    struct kf_publication_result result;
    bool again; /* a record was refused and its panel spoilt: the protocol from its beginning */
};

static enum kf_err look(struct attempt *attempt, struct kf_error *err)
{
    const char *id = kf_collected_release(attempt->release)->id;
    enum kf_err result = kf_former_new(attempt->release, &attempt->former, err);

    return result == KF_OK
               ? attempt->calls->look(attempt->context, id, attempt->former, &attempt->found, err)
               : result;
}

/* --- writing --------------------------------------------------------------------------------- */

static enum kf_err walk(struct attempt *attempt, struct kf_records_totals *totals,
                        struct kf_records_fault *fault, struct kf_error *err)
{
    const struct kf_records_options options = {
        .topics = attempt->options->topics,
        .encoding = attempt->options->encoding,
        .previous_release = attempt->found.previous_release,
        .former = attempt->former,
        .read_keys = attempt->calls->read_keys,
        .emit = attempt->calls->produce,
        .context = attempt->context,
    };

    return kf_records_walk(attempt->release, &options, totals, fault, err);
}

static enum kf_err commit(struct attempt *attempt, const struct kf_records_totals *totals,
                          struct kf_error *err)
{
    KF_CRASH_POINT("publish.before-commit");
    enum kf_err result = attempt->calls->commit(attempt->context, err);

    if (result != KF_OK) {
        return result;
    }
    KF_CRASH_POINT("publish.committed");
    attempt->result.summary =
        (struct kf_summary){totals->state, totals->rows, totals->panels_rejected};
    attempt->result.withdrawn = totals->withdrawn;
    memcpy(attempt->result.rows_by_topic, totals->rows_by_topic, sizeof totals->rows_by_topic);
    return KF_OK;
}

/* A panel or dead letter that is refused for good would be refused again; one that is as small as
 * it can be, and the manifest, are tried again all the same: somebody has to change the topic. */
static bool refused_for_good(struct attempt *attempt, struct kf_records_fault *fault)
{
    uint32_t panel = KF_RECORD_NO_PANEL;

    if (!attempt->calls->refused(attempt->context, &panel) || panel == KF_RECORD_NO_PANEL) {
        return false;
    }
    const struct kf_envelope *envelope = attempt->release->panels[panel];
    if (envelope->panel == NULL && strcmp(envelope->rejection->stage, KF_PUBLISH_STAGE) == 0) {
        return false;
    }
    *fault = (struct kf_records_fault){true, panel};
    attempt->again = true; /* a producer that lost a record is not to be trusted with the next */
    return true;
}

/* One transaction: all records and the commit, or an abort. */
static enum kf_err transact(struct attempt *attempt, struct kf_records_fault *fault,
                            struct kf_error *err)
{
    struct kf_records_totals totals;
    enum kf_err result = attempt->calls->begin(attempt->context, err);

    if (result != KF_OK) {
        return result;
    }
    KF_CRASH_POINT("publish.begun");
    result = walk(attempt, &totals, fault, err);
    if (result == KF_OK) {
        KF_CRASH_POINT("publish.produced");
        result = commit(attempt, &totals, err);
    }
    if (result != KF_OK) {
        KF_CRASH_POINT("publish.aborting");
        attempt->calls->abort(attempt->context);
        KF_CRASH_POINT("publish.aborted");
        if (!fault->found && refused_for_good(attempt, fault)) {
            result = KF_ERR_DATA;
        }
    }
    return result;
}

/* Turns the panel into a dead letter with the reason `why`, which is overwritten on failure. */
static enum kf_err spoil(struct attempt *attempt, uint32_t index, struct kf_error *why)
{
    struct kf_envelope *envelope = attempt->release->panels[index];
    struct kf_rejection before = {.edition = ""};
    bool panel = envelope->panel != NULL;
    char reason[KF_ERROR_TEXT_MAX];

    memcpy(reason, why->text, sizeof reason);
    if (!panel) {
        before = (struct kf_rejection){.edition = envelope->rejection->edition,
                                       .year = envelope->rejection->year};
    }
    enum kf_err result = kf_envelope_reject(envelope, KF_PUBLISH_STAGE, reason, NULL, why);
    if (result == KF_OK && !panel) {
        envelope->rejection->edition = before.edition; /* both are the arena's */
        envelope->rejection->year = before.year;
    }
    attempt->result.panels_spoilt += panel;
    return result;
}

static enum kf_err write_release(struct attempt *attempt, struct kf_error *err)
{
    struct kf_records_fault fault;
    struct kf_error why;
    enum kf_err result;

    do {
        fault = (struct kf_records_fault){false, 0};
        result = transact(attempt, &fault, &why);
        if (fault.found) {
            result = spoil(attempt, fault.index, &why);
        }
    } while (fault.found && result == KF_OK && !attempt->again);
    return result == KF_OK ? KF_OK : kf_error_set(err, result, "%s", why.text);
}

/* --- the protocol ---------------------------------------------------------------------------- */

static enum kf_err run(struct attempt *attempt, struct kf_error *err)
{
    enum kf_err result = look(attempt, err);

    KF_CRASH_POINT("publish.looked");
    if (result == KF_OK && attempt->found.known) {
        KF_CRASH_POINT("publish.known");
        attempt->result.known_before = true;
        attempt->result.summary = attempt->found.summary;
        return KF_OK;
    }
    return result == KF_OK ? write_release(attempt, err) : result;
}

enum kf_err kf_publication_run(const struct kf_publication_calls *calls, void *context,
                               struct kf_collected *release,
                               const struct kf_publication_options *options,
                               struct kf_publication_result *result, struct kf_error *err)
{
    struct attempt attempt = {
        .calls = calls, .context = context, .release = release, .options = options};
    enum kf_err code;

    do {
        attempt.again = false;
        code = calls->open(context, err);
        if (code != KF_OK) {
            return code;
        }
        code = run(&attempt, err);
        kf_former_destroy(&attempt.former);
        KF_CRASH_POINT("publish.closing");
        calls->close(context);
        KF_CRASH_POINT("publish.closed");
    } while (code == KF_OK && attempt.again);
    if (code == KF_OK) {
        *result = attempt.result;
    }
    return code;
}
