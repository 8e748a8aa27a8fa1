#include "tools/kf/report_run.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "services/board/api/answers.h"
#include "tools/kf/report_meter.h"
#include "tools/kf/report_places.h"

#define FAULT_BYTES_MAX ((size_t)1024 * 1024)
#define PATH_BYTES_MAX  4096
#define BROWSER_FAULTS  3 /* in a row, after which it is given up */
#define PROGRAM         "kostraflow " KF_VERSION

/* What is held while reports are written. */
struct running {
    const struct kf_report_job *job;
    struct kf_answers *answers;
    struct kf_report_output *output;
    struct kf_report_meter meter;
    struct kf_report_places there; /* those with figures */
    struct kf_report_places all;   /* of these, those of the edition and year asked for */
    struct kf_report_places wanted;
    struct kf_text faults; /* a line each */
    size_t faults_len;
    struct kf_text article;
    struct kf_text path;
    size_t written;
    size_t bytes;
    unsigned browser_faults; /* in a row */
    int64_t begun_ms;        /* of the monotonic clock */
    int64_t opened_ms;       /* when all was read */
};

/* --- what there is ------------------------------------------------------------------------------
 */

static enum kf_err add_code(void *context, const char *code, struct kf_error *err)
{
    return kf_report_places_add(context, code, err);
}

static enum kf_err add_panel(void *context, const struct kf_board_panel *panel,
                             struct kf_error *err)
{
    (void)err;
    kf_text_add_format(context, " %s/%d", panel->edition, panel->year);
    return KF_OK;
}

/* Says that there are no figures of an edition and year, and of which there are some. */
static enum kf_err nothing_of(struct running *self, const struct kf_article_source *asked,
                              struct kf_error *err)
{
    struct kf_text others;
    struct kf_board_store *store = kf_answers_store(self->answers);
    kf_text_init(&others, KF_ERROR_TEXT_MAX / 2);
    enum kf_err code = kf_board_store_panels(store, NULL, add_panel, &others, err);
    if (code == KF_OK) {
        char year[16];
        (void)snprintf(year, sizeof year, asked->year ? " for %d" : "", asked->year);
        code = kf_error_set(err, KF_ERR_CONFIG, "no figures of %s%s are shown%s%s%s",
                            asked->edition[0] ? asked->edition : "any edition", year,
                            others.length ? "; there are:" : "", others.bytes,
                            others.failed ? " …" : "");
    }
    kf_text_clear(&others);
    return code;
}

/* KF_ERR_CONFIG when an edition is asked for of which nothing is shown. */
static enum kf_err check_source(struct running *self, const struct kf_article_source *asked,
                                struct kf_error *err)
{
    struct kf_report_places *some = kf_calloc(1, sizeof *some);
    enum kf_err code =
        some ? kf_board_store_municipalities(kf_answers_store(self->answers), asked->edition,
                                             asked->year, add_code, some, err)
             : kf_error_set(err, KF_ERR_MEMORY, "no memory for municipalities");
    if (code == KF_OK && some->count == 0) {
        code = nothing_of(self, asked, err);
    }
    kf_free(some);
    return code;
}

static enum kf_err check_sources(struct running *self, struct kf_error *err)
{
    const struct kf_article_wish *wish = &self->job->wish;
    enum kf_err code = wish->asked.edition[0] ? check_source(self, &wish->asked, err) : KF_OK;
    for (int i = 0; i < KF_SECTIONS && code == KF_OK; i++) {
        code = wish->use[i].edition[0] ? check_source(self, &wish->use[i], err) : KF_OK;
    }
    return code;
}

static enum kf_err tell_incomplete(void *context, const struct kf_board_incomplete *incomplete,
                                   struct kf_error *err)
{
    (void)context;
    (void)err;
    (void)fprintf(stderr,
                  "kf report: the newest release of %s %d is not whole on the topics (%s)\n",
                  incomplete->edition, incomplete->year, incomplete->reason);
    return KF_OK;
}

static enum kf_err look_around(struct running *self, struct kf_error *err)
{
    struct kf_board_store *store = kf_answers_store(self->answers);
    const struct kf_article_source *asked = &self->job->wish.asked;
    enum kf_err code = kf_board_store_municipalities(store, NULL, 0, add_code, &self->there, err);
    if (code == KF_OK && self->there.count == 0) {
        code = kf_error_set(err, KF_ERR_DATA, "no release is whole on the topics yet");
    }
    kf_report_meter_clear(&self->meter);
    if (code == KF_OK) {
        code = kf_board_store_incomplete(store, tell_incomplete, NULL, err);
    }
    if (code == KF_OK) {
        code = check_sources(self, err);
    }
    if (code == KF_OK) {
        code = kf_board_store_municipalities(store, asked->edition[0] ? asked->edition : NULL,
                                             asked->edition[0] ? asked->year : 0, add_code,
                                             &self->all, err);
    }
    return code;
}

static enum kf_err find_places(struct running *self, struct kf_error *err)
{
    struct kf_report_places_question question = {
        .catalogue = self->job->catalogue,
        .there = &self->there,
        .all = &self->all,
        .year = self->job->wish.asked.year,
        .given = self->job->given,
        .given_len = self->job->given_len,
    };
    return kf_report_places_find(&question, &self->wanted, &self->faults, &self->faults_len, err);
}

/* --- one report ---------------------------------------------------------------------------------
 */

static enum kf_err write_one(struct running *self, const char *municipality, const char *name,
                             struct kf_error *err)
{
    struct kf_article_wish wish = self->job->wish;
    char title[256];
    size_t bytes = 0;
    wish.municipality = municipality;
    kf_text_reset(&self->article);
    enum kf_err code = kf_article_json_within(self->answers, &wish, &self->article, err);
    if (code == KF_OK && self->article.failed) {
        code = kf_error_set(err, KF_ERR_MEMORY, "no memory for an article");
    }
    if (code != KF_OK) {
        return code;
    }
    (void)snprintf(title, sizeof title, "%s – %s", name,
                   strcmp(self->job->language, "nb") == 0
                       ? "behov, ressursbruk og effektivitet i kommunens tjenester"
                       : "need, resource use and efficiency of municipal services");
    struct kf_report report = {
        .code = municipality,
        .name = name,
        .title = title,
        .language = self->job->language,
        .group = self->job->group,
        .article = self->article.bytes,
        .article_len = self->article.length,
    };
    code = kf_report_output_write(self->output, &report, &self->path, &bytes, err);
    self->written += code == KF_OK;
    self->bytes += bytes;
    return code;
}

/* True when the others may do better. */
static bool goes_on(struct running *self, enum kf_err code)
{
    self->browser_faults = code == KF_ERR_PEER ? self->browser_faults + 1 : 0;
    return code == KF_OK || code == KF_ERR_DATA || code == KF_ERR_LIMIT || code == KF_ERR_CONFIG ||
           (code == KF_ERR_PEER && self->browser_faults < BROWSER_FAULTS);
}

static enum kf_err write_all(struct running *self, struct kf_error *err)
{
    for (size_t i = 0; i < self->wanted.count; i++) {
        const char *municipality = self->wanted.codes[i];
        const char *name = kf_answers_municipality_name(self->answers, municipality);
        struct kf_error why = {0};
        kf_report_meter_count(&self->meter, i, self->wanted.count, name);
        enum kf_err code = kf_report_stopped(self->job->source.stop)
                               ? kf_error_set(&why, KF_ERR_AGAIN, "stopped")
                               : write_one(self, municipality, name, &why);
        if (!goes_on(self, code)) {
            return kf_error_set(err, code, "%s; %zu of %zu reports are written", why.text,
                                self->written, self->wanted.count);
        }
        if (code != KF_OK) {
            kf_text_add_format(&self->faults, "%s %s: %s\n", municipality, name, why.text);
            self->faults_len++;
        }
    }
    return KF_OK;
}

/* --- all ----------------------------------------------------------------------------------------
 */

static void tell_written(const struct running *self)
{
    double seconds = (double)(kf_clock_monotonic_ms() - self->begun_ms) / 1000;
    double reading = (double)(self->opened_ms - self->begun_ms) / 1000;
    const char *path =
        self->job->output.place.folder ? self->job->output.place.path : self->path.bytes;
    if (self->written > 0) {
        (void)printf("%s: %zu report%s, %.1f MB, %.1f s, %.1f of them reading\n", path,
                     self->written, self->written > 1 ? "s" : "", (double)self->bytes / 1e6,
                     seconds, reading);
    }
}

static enum kf_err tell_faults(const struct running *self, enum kf_err code, struct kf_error *err)
{
    size_t failed = self->faults_len;
    (void)fwrite(self->faults.bytes, 1, self->faults.length, stderr);
    if (code != KF_OK || failed == 0) {
        return code;
    }
    bool none = self->written == 0 && self->wanted.count == 0;
    return kf_error_set(err, none ? KF_ERR_CONFIG : KF_ERR_DATA,
                        "%zu report%s could not be written", failed, failed > 1 ? "s" : "");
}

static enum kf_err write_reports(struct running *self, struct kf_error *err)
{
    enum kf_err code = look_around(self, err);
    if (code == KF_OK) {
        code = find_places(self, err);
    }
    if (code == KF_OK && self->wanted.count > 0) {
        kf_report_meter_init(&self->meter, stderr, isatty(STDERR_FILENO));
        code = kf_report_output_open(&self->job->output, &self->output, err);
    }
    if (code == KF_OK) {
        code = write_all(self, err);
    }
    kf_report_meter_clear(&self->meter);
    tell_written(self);
    kf_report_output_close(&self->output);
    return tell_faults(self, code, err);
}

/* All reports of a run are of the same releases, whatever a board that is running takes in. */
static enum kf_err write_of_one_state(struct running *self, struct kf_error *err)
{
    struct kf_board_store *store = kf_answers_store(self->answers);
    enum kf_err code = kf_board_store_begin(store, err);
    if (code == KF_OK) {
        code = write_reports(self, err);
        kf_board_store_end(store);
    }
    return code;
}

static enum kf_err run_on(struct running *self, struct kf_report_source *source,
                          struct kf_error *err)
{
    kf_text_init(&self->faults, FAULT_BYTES_MAX);
    kf_text_init(&self->article, KF_ARTICLE_BYTES_MAX);
    kf_text_init(&self->path, PATH_BYTES_MAX);
    enum kf_err code =
        kf_answers_new(source->store, self->job->catalogue, PROGRAM, &self->answers, err);
    if (code == KF_OK) {
        code = write_of_one_state(self, err);
    }
    kf_answers_destroy(&self->answers);
    kf_text_clear(&self->faults);
    kf_text_clear(&self->article);
    kf_text_clear(&self->path);
    return code;
}

enum kf_err kf_report_run(const struct kf_report_job *job, struct kf_error *err)
{
    struct kf_report_source source = {.store = NULL};
    struct running *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for reports");
    }
    self->job = job;
    kf_report_meter_init(&self->meter, stderr, isatty(STDERR_FILENO));
    self->begun_ms = kf_clock_monotonic_ms();
    enum kf_err code = kf_report_source_open(&job->source, &self->meter, &source, err);
    self->opened_ms = kf_clock_monotonic_ms();
    if (code == KF_OK) {
        code = run_on(self, &source, err);
        kf_report_source_close(&source);
    } else {
        kf_report_meter_clear(&self->meter);
    }
    kf_free(self);
    return code;
}
