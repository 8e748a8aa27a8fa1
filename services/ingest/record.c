#include "services/ingest/record.h"

#include <stdio.h>
#include <string.h>

#include "common/base/crash.h"

#define REASON_BYTES_MAX 4096

/* A release being recorded. */
struct recording {
    const struct kf_record_options *options;
    const struct kf_record_input *input;
    struct kf_findings *findings;
    struct kf_record_result result;
    bool tripped;
};

/* --- what stands in the ledger --------------------------------------------------------------- */

bool kf_record_is_newest(void *context, const char *edition, int year, const char *digest,
                         char replaced[KF_RELEASE_ID_SIZE])
{
    struct kf_record_standing *standing = context;
    struct kf_ledger_newest newest;
    enum kf_err code =
        kf_ledger_newest_of(standing->ledger, edition, year, false, &newest, &standing->err);
    if (code != KF_OK && code != KF_ERR_AGAIN) {
        standing->code = code;
    }
    if (code != KF_OK) {
        return false;
    }
    memcpy(replaced, newest.release.id, sizeof newest.release.id);
    return strcmp(newest.digest, digest) == 0;
}

/* The panel that is published last of the edition and year. KF_ERR_AGAIN when there is none, or
 * when it is dropped or damaged: a panel that cannot be shown is nothing to compare with. */
static enum kf_err read_before(struct recording *self, const struct kf_ledger_newest *newest,
                               struct kf_envelope **before, struct kf_error *err)
{
    if (!newest->release.kept) {
        return kf_error_set(err, KF_ERR_AGAIN, "its panels are dropped");
    }
    struct kf_text bytes;
    kf_text_init(&bytes, KF_ENVELOPE_BYTES_MAX);
    enum kf_err code =
        kf_ledger_panel(self->options->ledger, &newest->release, newest->panel, &bytes, err);
    if (code == KF_OK) {
        code = kf_envelope_unpack(bytes.bytes, bytes.length, before, err);
    }
    kf_text_clear(&bytes);
    if (code == KF_OK && !(*before)->panel) {
        kf_envelope_destroy(before);
        code = KF_ERR_AGAIN;
    }
    return code != KF_OK && err->disposition == KF_REJECT ? KF_ERR_AGAIN : code;
}

/* What the panel is compared with: the newest of its year that is on the topics, else that of the
 * year before: one that is still on its way may turn out to be wrong itself. Nothing
 * (KF_ERR_AGAIN) also when it is the same as the newest. */
static enum kf_err find_before(struct recording *self, const struct kf_ledger_content *content,
                               struct kf_envelope **before, struct kf_error *err)
{
    struct kf_ledger_newest newest;
    for (int back = 0; back <= 1; back++) {
        enum kf_err code = kf_ledger_newest_of(self->options->ledger, content->edition,
                                               content->year - back, true, &newest, err);
        if (code == KF_OK && back == 0 && strcmp(newest.digest, content->digest) == 0) {
            return KF_ERR_AGAIN;
        }
        if (code == KF_OK) {
            code = read_before(self, &newest, before, err);
        }
        if (code != KF_ERR_AGAIN) {
            return code;
        }
    }
    return KF_ERR_AGAIN;
}

/* --- the circuit breaker --------------------------------------------------------------------- */

/* The first thing that tripped it is the reason that stands in the ledger. */
static void keep_reason(struct recording *self, size_t finding)
{
    if (self->tripped) {
        return;
    }
    self->tripped = true;
    if (finding >= self->findings->length) {
        (void)snprintf(self->result.reason, sizeof self->result.reason,
                       "the figures differ too much from those that they replace");
        return;
    }
    const struct kf_finding *first = &self->findings->list[finding];
    char text[REASON_BYTES_MAX];
    int length = snprintf(text, sizeof text, "%s%s%s%s%s", first->variable,
                          first->variable[0] && first->municipality[0] ? " " : "",
                          first->municipality, first->variable[0] ? ": " : "", first->problem);
    size_t whole = length < 0 ? 0 : strlen(text);
    whole = whole < sizeof self->result.reason ? whole : sizeof self->result.reason - 1;
    whole = kf_text_whole(text, whole);
    memcpy(self->result.reason, text, whole);
    self->result.reason[whole] = '\0';
}

static enum kf_err judge_panel(struct recording *self, uint32_t index, struct kf_error *err)
{
    struct kf_ledger_content content;
    struct kf_envelope *before = NULL;
    struct kf_panel *now = NULL;
    enum kf_err code = kf_release_build_content(self->input->build, index, &content);
    if (code != KF_OK || content.rejected) {
        return code == KF_OK ? KF_OK : kf_error_set(err, code, "panel %u is not there", index);
    }
    code = find_before(self, &content, &before, err);
    if (code == KF_OK) {
        code = kf_release_build_panel(self->input->build, index, &now, err);
    }
    if (code == KF_OK) {
        size_t from = self->findings->length;
        if (kf_breaker_trips(&self->options->breaker, before->panel, now, self->findings)) {
            keep_reason(self, from);
        }
    }
    kf_panel_destroy(&now);
    kf_envelope_destroy(&before);
    return code == KF_ERR_AGAIN ? KF_OK : code;
}

static enum kf_err judge(struct recording *self, struct kf_error *err)
{
    uint32_t panels = kf_release_build_release(self->input->build)->panels;
    enum kf_err code = KF_OK;
    for (uint32_t i = 0; code == KF_OK && !self->options->breaker.off && i < panels; i++) {
        code = judge_panel(self, i, err);
    }
    return code;
}

/* --- the ledger ------------------------------------------------------------------------------ */

static enum kf_err add_panel(void *context, uint32_t index, const void *bytes, size_t length,
                             struct kf_error *err)
{
    struct recording *self = context;
    struct kf_ledger_content content;
    enum kf_err code = kf_release_build_content(self->input->build, index, &content);
    KF_CRASH_POINT("ingest.adding");
    return code == KF_OK
               ? kf_ledger_add_panel(self->options->ledger, index, &content, bytes, length, err)
               : kf_error_set(err, code, "panel %u is not there", index);
}

static enum kf_err add(struct recording *self, struct kf_error *err)
{
    struct kf_ledger *ledger = self->options->ledger;
    const struct kf_ledger_addition addition = {
        .release = kf_release_build_release(self->input->build),
        .input = self->input->name,
        .held = self->result.state == KF_LEDGER_HELD ? self->result.reason : NULL,
        .announced = self->input->announced,
    };
    enum kf_err code = kf_ledger_add_begin(ledger, &addition, err);
    if (code == KF_OK) {
        code = kf_release_build_emit(self->input->build, add_panel, self, err);
    }
    if (code == KF_OK) {
        KF_CRASH_POINT("ingest.recording");
        return kf_ledger_add_commit(ledger, err);
    }
    kf_ledger_add_cancel(ledger);
    return code;
}

static enum kf_err judge_new(struct recording *self, struct kf_error *err)
{
    if (self->input->held) {
        (void)snprintf(self->result.reason, sizeof self->result.reason, "%s", self->input->held);
        self->tripped = true; /* that reason stands */
    }
    enum kf_err code = judge(self, err);
    self->result.state = self->tripped ? KF_LEDGER_HELD : KF_LEDGER_COMPLETE;
    return code;
}

enum kf_err kf_record_judge(const struct kf_record_options *options,
                            const struct kf_record_input *input, struct kf_findings *findings,
                            struct kf_record_result *result, struct kf_error *err)
{
    struct recording self = {.options = options, .input = input, .findings = findings};
    struct kf_ledger_release known;
    const char *id = kf_release_build_release(input->build)->id;
    (void)snprintf(self.result.release, sizeof self.result.release, "%s", id);
    enum kf_err code = kf_ledger_find(options->ledger, id, &known, err);
    if (code == KF_OK) {
        self.result.known = true;
        self.result.state = known.state;
        (void)snprintf(self.result.reason, sizeof self.result.reason, "%s", known.reason);
    } else if (code == KF_ERR_AGAIN) {
        code = judge_new(&self, err);
    }
    if (code == KF_OK) {
        *result = self.result;
    }
    return code;
}

enum kf_err kf_record_add(const struct kf_record_options *options,
                          const struct kf_record_input *input,
                          const struct kf_record_result *judged, struct kf_error *err)
{
    if (judged->known) {
        return input->announced ? kf_ledger_withdraw(options->ledger, input->announced, err)
                                : KF_OK;
    }
    KF_CRASH_POINT("ingest.judged");
    struct recording self = {.options = options, .input = input, .result = *judged};
    enum kf_err code = add(&self, err);
    if (code == KF_OK) {
        KF_CRASH_POINT("ingest.recorded");
    }
    return code;
}

enum kf_err kf_record(const struct kf_record_options *options, const struct kf_record_input *input,
                      struct kf_findings *findings, struct kf_record_result *result,
                      struct kf_error *err)
{
    struct kf_record_result judged;
    enum kf_err code = kf_record_judge(options, input, findings, &judged, err);
    if (code == KF_OK) {
        code = kf_record_add(options, input, &judged, err);
    }
    if (code == KF_OK) {
        *result = judged;
    }
    return code;
}
