#include "services/ingest/intake.h"

#include <stdio.h>
#include <string.h>

#include "common/base/crash.h"
#include "common/base/findings.h"
#include "common/base/memory.h"
#include "common/model/observation.h"
#include "services/ingest/observation_input.h"
#include "services/ingest/record.h"
#include "services/ingest/release_build.h"
#include "services/ingest/source_digest.h"

#define REPORT_BYTES_MAX ((size_t)256 * 1024)

/* An input being taken in. */
struct taking {
    const struct kf_intake_options *options;
    const struct kf_intake_input *input;
    int64_t now_ms;
    struct kf_observations *table;
    struct kf_source_digest *digests; /* [files_len] */
    struct kf_source *sources;        /* [files_len] */
    struct kf_findings findings;      /* of everything */
    struct kf_error reason;           /* why it is refused, when it is */
    struct kf_release_build *build;
};

void kf_intake_result_clear(struct kf_intake_result *self)
{
    kf_text_clear(&self->report);
}

/* --- reading ------------------------------------------------------------------------------- */

static enum kf_err read_file(struct taking *self, size_t i, struct kf_error *err)
{
    const struct kf_intake_file *file = &self->input->files[i];
    const struct kf_observation_input_options options = {
        .csv = {.municipalities = self->options->catalogue->municipalities,
                .accounts = self->options->catalogue->accounts,
                .line_bytes_max = self->options->line_bytes_max,
                .file_bytes_max = self->options->file_bytes_max,
                .name = file->name},
        .catalogue = self->options->catalogue,
        .maps = self->options->maps,
    };
    return kf_observation_input_read(file->path, &options, self->table, &self->digests[i],
                                     &self->findings, err);
}

/* Reads all files, so that the faults of all are told; the first one's code says it failed. */
static enum kf_err read_files(struct taking *self)
{
    enum kf_err worst = KF_OK;
    for (size_t i = 0; i < self->input->files_len; i++) {
        struct kf_error reason;
        enum kf_err code = read_file(self, i, &reason);
        if (code != KF_OK && kf_err_disposition(code) != KF_REJECT) {
            self->reason = reason;
            return code;
        }
        if (code != KF_OK && worst == KF_OK) {
            worst = code;
            self->reason = reason;
        }
    }
    struct kf_error reason;
    enum kf_err code = kf_observations_seal(self->table, &self->findings, &reason);
    if (code != KF_OK && (worst == KF_OK || kf_err_disposition(code) != KF_REJECT)) {
        worst = code;
        self->reason = reason;
    }
    return worst;
}

static enum kf_err check_refusal(struct taking *self)
{
    if (self->input->refusal) {
        kf_findings_add(&self->findings, &(struct kf_place){.file = self->input->name},
                        self->input->remedy, "%s", self->input->refusal);
        return kf_error_set(&self->reason, KF_ERR_DATA, "%s: %s", self->input->name,
                            self->input->refusal);
    }
    return KF_OK;
}

/* Digests of the files of an input that is refused: those that stopped half-way have none yet. */
static enum kf_err digest_files(struct taking *self, struct kf_error *err)
{
    for (size_t i = 0; i < self->input->files_len; i++) {
        struct kf_error reason;
        enum kf_err code = kf_source_digest_file(
            self->input->files[i].path, self->options->file_bytes_max, &self->digests[i], &reason);
        if (code == KF_ERR_DATA) {
            const char *name = self->input->files[i].name;
            kf_digest_of(name, strlen(name), self->digests[i].digest);
        } else if (code != KF_OK) {
            return kf_error_set(err, code, "%s", reason.text);
        }
    }
    return KF_OK;
}

static void fill_sources(struct taking *self)
{
    for (size_t i = 0; i < self->input->files_len; i++) {
        self->sources[i] = (struct kf_source){.name = self->input->files[i].name,
                                              .digest = self->digests[i].digest,
                                              .bytes = self->digests[i].bytes,
                                              .updated = ""};
    }
}

/* --- building ------------------------------------------------------------------------------ */

static struct kf_release_input release_input(struct taking *self)
{
    fill_sources(self);
    return (struct kf_release_input){.catalogue = self->options->catalogue,
                                     .observations = self->table,
                                     .sources = self->sources,
                                     .sources_len = self->input->files_len,
                                     .vintage = self->input->vintage,
                                     .program = KF_VERSION,
                                     .discovered_ms = self->now_ms};
}

static enum kf_err build_refused(struct taking *self, struct kf_error *err)
{
    enum kf_err code = digest_files(self, err);
    if (code != KF_OK) {
        return code;
    }
    const struct kf_release_input input = release_input(self);
    return kf_release_build_new_refused(&input, self->reason.text, &self->findings, &self->build,
                                        err);
}

/* `code`: what reading said. */
static enum kf_err build(struct taking *self, enum kf_err code, struct kf_error *err)
{
    if (code == KF_OK) {
        const struct kf_release_input input = release_input(self);
        code = kf_release_build_new(&input, &self->build, &self->findings, &self->reason);
    }
    if (code == KF_OK) {
        return KF_OK;
    }
    if (kf_err_disposition(code) == KF_REJECT) {
        return build_refused(self, err);
    }
    return kf_error_set(err, code, "%s", self->reason.text);
}

/* --- recording ----------------------------------------------------------------------------- */

static void tell_held(struct kf_findings *findings, const struct kf_record_result *recorded)
{
    kf_findings_add(findings, &(struct kf_place){0},
                    "`kf releases show` tells what it is, `kf releases diff` what would move; "
                    "`kf releases approve` lets it go",
                    "release %s is held and not published: %s", recorded->release,
                    recorded->reason);
}

/* The findings as a report; that of the panels, of the circuit breaker, of holding. */
static enum kf_err print_report(struct taking *self, struct kf_text *report, struct kf_error *err)
{
    kf_text_init(report, REPORT_BYTES_MAX);
    kf_findings_print(&self->findings, report);
    if (report->failed) {
        kf_text_clear(report);
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the findings of %s",
                            self->input->name);
    }
    return KF_OK;
}

static enum kf_err fill_result(struct taking *self, const struct kf_record_result *recorded,
                               struct kf_intake_result *result, struct kf_error *err)
{
    size_t rows = 0;
    struct kf_text report;
    enum kf_err code = print_report(self, &report, err);
    if (code != KF_OK) {
        return code;
    }
    if (self->table) {
        (void)kf_observations_rows(self->table, &rows);
    }
    const struct kf_release *release = kf_release_build_release(self->build);
    uint32_t rejected = kf_release_build_rejected(self->build);
    *result = (struct kf_intake_result){.known = recorded->known,
                                        .refused = rejected == release->panels,
                                        .state = recorded->state,
                                        .panels = release->panels,
                                        .panels_rejected = rejected,
                                        .rows = rows,
                                        .report = report};
    (void)snprintf(result->release, sizeof result->release, "%s", release->id);
    return KF_OK;
}

static enum kf_err finish(struct taking *self, struct kf_intake_result *result,
                          struct kf_error *err)
{
    const struct kf_intake_input *input = self->input;
    if (input->unchanged && !input->unchanged(input->unchanged_context)) {
        return kf_error_set(err, KF_ERR_AGAIN, "%s changed while it was read", input->name);
    }
    const struct kf_record_options options = {.ledger = self->options->ledger,
                                              .breaker = self->options->breaker};
    const struct kf_record_input recording = {.build = self->build, .name = input->name};
    struct kf_record_result judged;
    struct kf_intake_result filled;
    enum kf_err code = kf_record_judge(&options, &recording, &self->findings, &judged, err);
    if (code == KF_OK && judged.state == KF_LEDGER_HELD) {
        tell_held(&self->findings, &judged);
    }
    if (code == KF_OK) {
        code = fill_result(self, &judged, &filled, err);
    }
    if (code != KF_OK) {
        return code;
    }
    code = kf_record_add(&options, &recording, &judged, err);
    if (code == KF_OK) {
        *result = filled;
    } else {
        kf_intake_result_clear(&filled);
    }
    return code;
}

/* --- life cycle ---------------------------------------------------------------------------- */

static struct taking *taking_new(const struct kf_intake_options *options,
                                 const struct kf_intake_input *input, int64_t now_ms)
{
    struct taking *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return NULL;
    }
    *self = (struct taking){.options = options, .input = input, .now_ms = now_ms};
    self->table = kf_observations_new(options->catalogue->variables, options->rows_max);
    self->digests = kf_calloc(input->files_len, sizeof *self->digests);
    self->sources = kf_calloc(input->files_len, sizeof *self->sources);
    return self;
}

static void taking_destroy(struct taking **self)
{
    if (!*self) {
        return;
    }
    kf_release_build_destroy(&(*self)->build);
    kf_observations_destroy(&(*self)->table);
    kf_findings_clear(&(*self)->findings);
    kf_free((*self)->digests);
    kf_free((*self)->sources);
    kf_free(*self);
    *self = NULL;
}

enum kf_err kf_intake_take(const struct kf_intake_options *options,
                           const struct kf_intake_input *input, int64_t now_ms,
                           struct kf_intake_result *result, struct kf_error *err)
{
    struct taking *self = taking_new(options, input, now_ms);
    enum kf_err code = KF_OK;
    if (!self || !self->table || !self->digests || !self->sources) {
        code = kf_error_set(err, KF_ERR_MEMORY, "no memory to read %s", input->name);
        goto out;
    }
    code = check_refusal(self);
    if (code == KF_OK) {
        code = read_files(self);
    }
    KF_CRASH_POINT("ingest.read");
    code = build(self, code, err);
    if (code == KF_OK) {
        code = finish(self, result, err);
    }
out:
    taking_destroy(&self);
    return code;
}
