#include "common/codec/rejection_codec.h"

#include "common/codec/unpack.h"

Kf__V1__Source **kf_sources_to_messages(const struct kf_source *sources, size_t count,
                                        struct kf_scratch *scratch)
{
    Kf__V1__Source *messages = kf_scratch_array(scratch, count, sizeof *messages);
    Kf__V1__Source **list = kf_scratch_array(scratch, count, sizeof *list);
    if (!list) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        kf__v1__source__init(&messages[i]);
        messages[i].name = kf_scratch_text(scratch, sources[i].name);
        messages[i].digest = kf_scratch_text(scratch, sources[i].digest);
        messages[i].bytes = sources[i].bytes;
        messages[i].updated = kf_scratch_text(scratch, sources[i].updated);
        list[i] = &messages[i];
    }
    return list;
}

static Kf__V1__Finding *finding_to_message(const struct kf_finding *finding,
                                           struct kf_scratch *scratch)
{
    Kf__V1__Finding *message = kf_scratch_array(scratch, 1, sizeof *message);
    if (!message) {
        return NULL;
    }
    kf__v1__finding__init(message);
    message->file = kf_scratch_text(scratch, finding->file);
    message->line = finding->line;
    message->municipality = kf_scratch_text(scratch, finding->municipality);
    message->variable = kf_scratch_text(scratch, finding->variable);
    message->cell = kf_scratch_text(scratch, finding->cell);
    message->problem = kf_scratch_text(scratch, finding->problem);
    message->remedy = kf_scratch_text(scratch, finding->remedy);
    return message;
}

Kf__V1__Rejection *kf_rejection_to_message(const struct kf_rejection *rejection,
                                           struct kf_scratch *scratch)
{
    Kf__V1__Rejection *message = kf_scratch_array(scratch, 1, sizeof *message);
    if (!message) {
        return NULL;
    }
    const struct kf_findings *findings = &rejection->findings;
    kf__v1__rejection__init(message);
    message->stage = kf_scratch_text(scratch, rejection->stage);
    message->reason = kf_scratch_text(scratch, rejection->reason);
    message->edition = kf_scratch_text(scratch, rejection->edition);
    message->year = rejection->year;
    message->findings = kf_scratch_array(scratch, findings->length, sizeof *message->findings);
    message->n_findings = message->findings ? findings->length : 0;
    for (size_t i = 0; i < message->n_findings; i++) {
        message->findings[i] = finding_to_message(&findings->list[i], scratch);
    }
    message->findings_left_out = findings->left_out;
    return scratch->failed ? NULL : message;
}

static enum kf_err findings_from_message(const Kf__V1__Rejection *message,
                                         struct kf_findings *findings, struct kf_error *err)
{
    for (size_t i = 0; i < message->n_findings; i++) {
        const Kf__V1__Finding *from = message->findings[i];
        const struct kf_place place = {
            .file = from->file,
            .line = from->line,
            .municipality = from->municipality,
            .variable = from->variable,
            .cell = from->cell,
        };
        kf_findings_add(findings, &place, from->remedy, "%s", from->problem);
        if (findings->length != i + 1) {
            kf_findings_clear(findings);
            return kf_codec_no_memory(err);
        }
    }
    findings->left_out = message->findings_left_out;
    return KF_OK;
}

enum kf_err kf_rejection_from_message(const Kf__V1__Rejection *message, struct kf_arena *arena,
                                      struct kf_rejection **rejection, struct kf_error *err)
{
    if (message->n_findings > KF_FINDINGS_MAX) {
        return kf_error_set(err, KF_ERR_LIMIT, "rejection with %zu findings, at most %d are listed",
                            message->n_findings, KF_FINDINGS_MAX);
    }
    struct kf_scratch scratch = {.arena = arena};
    struct kf_rejection *built = kf_scratch_array(&scratch, 1, sizeof *built);
    if (built) {
        kf_findings_init(&built->findings);
        built->stage = kf_scratch_copy(&scratch, message->stage);
        built->reason = kf_scratch_copy(&scratch, message->reason);
        built->edition = kf_scratch_copy(&scratch, message->edition);
        built->year = message->year;
    }
    enum kf_err code = kf_scratch_result(&scratch, err);
    if (!code) {
        code = findings_from_message(message, &built->findings, err);
    }
    if (!code) {
        *rejection = built;
    }
    return code;
}
