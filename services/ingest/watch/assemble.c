#include "services/ingest/watch/assemble.h"

#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/crash.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "services/ingest/csv/observation_csv.h"
#include "services/ingest/source_digest.h"
#include "services/ingest/watch/harvest.h"

/* A release in the making. */
struct assembly {
    const struct kf_assemble_options *options;
    const struct kf_assemble_input *input;
    struct kf_findings *findings;
    struct kf_release_edition *editions;              /* of the live ones */
    struct kf_observations **figures;                 /* of each of them */
    struct kf_vintage vintages[KF_DETECT_TABLES_MAX]; /* of the live tables; number 0: never had */
    struct kf_source_digest digests[KF_LIVE_FILES_MAX];
    bool digested[KF_LIVE_FILES_MAX];
    struct kf_source sources[KF_SOURCES_MAX];
    size_t sources_len;
    size_t rows;
    struct kf_release_build *build;
};

/* --- sources -------------------------------------------------------------------------------- */

static enum kf_err find_vintage(struct assembly *self, size_t table, struct kf_error *err)
{
    char source[KF_STORE_SOURCE_SIZE];
    struct kf_vintage *vintage = &self->vintages[table];
    (void)snprintf(source, sizeof source, KF_HARVEST_SOURCE "%s",
                   self->options->live->tables[table].map->table);
    enum kf_err code = kf_store_newest(self->options->store, source, vintage, err);
    if (code == KF_OK) {
        self->sources[self->sources_len++] = (struct kf_source){
            .name = vintage->source, .digest = vintage->digest, .updated = vintage->updated};
    }
    return code == KF_ERR_AGAIN ? KF_OK : code; /* the table was never had */
}

static enum kf_err find_vintages(struct assembly *self, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < self->options->live->tables_len; i++) {
        code = find_vintage(self, i, err);
    }
    return code;
}

/* --- reading -------------------------------------------------------------------------------- */

static enum kf_err read_table(struct assembly *self, const char *table,
                              struct kf_observations *figures, struct kf_error *err)
{
    const struct kf_live *live = self->options->live;
    size_t place = 0;
    while (strcmp(live->tables[place].map->table, table) != 0) {
        place++;
    }
    const struct kf_vintage *vintage = &self->vintages[place];
    return vintage->number == 0 ? KF_OK
                                : kf_store_read(self->options->store, vintage, figures, NULL, err);
}

/* A file is one source however many editions have it. */
static void note_file(struct assembly *self, size_t file)
{
    if (!self->digested[file]) {
        const struct kf_source_digest *digest = &self->digests[file];
        self->digested[file] = true;
        self->sources[self->sources_len++] =
            (struct kf_source){.name = kf_text_file_name(self->options->live->files[file]),
                               .digest = digest->digest,
                               .bytes = digest->bytes,
                               .updated = ""};
    }
}

static enum kf_err read_file(struct assembly *self, const char *path,
                             struct kf_observations *figures, struct kf_error *err)
{
    const struct kf_assemble_options *options = self->options;
    const struct kf_observation_csv_options reading = {
        .municipalities = options->catalogue->municipalities,
        .accounts = options->catalogue->accounts,
        .line_bytes_max = options->line_bytes_max,
        .file_bytes_max = options->file_bytes_max,
        .name = kf_text_file_name(path),
    };
    size_t place = 0;
    while (strcmp(options->live->files[place], path) != 0) {
        place++;
    }
    enum kf_err code = kf_observation_csv_read(path, &reading, figures, &self->digests[place],
                                               self->findings, err);
    if (code == KF_OK) {
        note_file(self, place);
    }
    return code;
}

/* What one edition names, and nothing else: two editions may have a figure from different sources.
 */
static enum kf_err read_edition(struct assembly *self, size_t place, struct kf_error *err)
{
    const struct kf_assemble_options *options = self->options;
    const struct kf_edition *edition = options->live->editions[place];
    struct kf_observations *figures =
        kf_observations_new(options->catalogue->variables, options->rows_max);
    enum kf_err code = KF_OK;
    size_t rows = 0;
    if (!figures) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the figures of %s", edition->id);
    }
    self->figures[place] = figures;
    for (size_t i = 0; code == KF_OK && i < edition->tables_len; i++) {
        code = read_table(self, edition->tables[i], figures, err);
    }
    for (size_t i = 0; code == KF_OK && i < edition->source_files_len; i++) {
        code = read_file(self, edition->source_files[i], figures, err);
    }
    if (code == KF_OK) {
        code = kf_observations_seal(figures, self->findings, err);
    }
    (void)kf_observations_rows(figures, &rows);
    self->rows += rows;
    self->editions[place] = (struct kf_release_edition){edition, figures};
    return code;
}

static enum kf_err read_all(struct assembly *self, struct kf_error *err)
{
    enum kf_err code = find_vintages(self, err);
    for (size_t i = 0; code == KF_OK && i < self->options->live->editions_len; i++) {
        code = read_edition(self, i, err);
    }
    return code;
}

/* --- building and recording ----------------------------------------------------------------- */

static enum kf_err build(struct assembly *self, struct kf_error *err)
{
    struct kf_record_standing standing = {.ledger = self->options->record.ledger};
    const struct kf_release_input input = {
        .catalogue = self->options->catalogue,
        .editions = self->editions,
        .editions_len = self->options->live->editions_len,
        .published = kf_record_is_newest,
        .published_context = &standing,
        .sources = self->sources,
        .sources_len = self->sources_len,
        .vintage = self->input->vintage,
        .program = KF_VERSION,
        .discovered_ms = self->input->discovered_ms,
    };
    enum kf_err code = kf_release_build_new(&input, &self->build, self->findings, err);
    if (standing.code != KF_OK) {
        *err = standing.err; /* with its disposition: damage is fatal */
        return standing.code;
    }
    return code;
}

static enum kf_err record(struct assembly *self, struct kf_record_result *result,
                          struct kf_error *err)
{
    const struct kf_record_input input = {.build = self->build,
                                          .name = self->input->name,
                                          .held = self->input->held,
                                          .announced = self->input->announced};
    enum kf_err code = kf_record(&self->options->record, &input, self->findings, result, err);
    if (code == KF_OK) {
        KF_CRASH_POINT("watch.recorded");
    }
    return code;
}

static enum kf_err assemble(struct assembly *self, struct kf_assemble_result *result,
                            struct kf_error *err)
{
    struct kf_assemble_result made = {0};
    int64_t began_ms = kf_clock_monotonic_ms();
    enum kf_err code = read_all(self, err);
    made.read_ms = kf_clock_monotonic_ms() - began_ms;
    if (code == KF_OK) {
        code = build(self, err);
    }
    made.build_ms = kf_clock_monotonic_ms() - began_ms - made.read_ms;
    if (code == KF_OK) {
        code = record(self, &made.recorded, err);
    }
    if (code == KF_OK) {
        made.record_ms = kf_clock_monotonic_ms() - began_ms - made.read_ms - made.build_ms;
        made.panels = kf_release_build_release(self->build)->panels;
        made.panels_rejected = kf_release_build_rejected(self->build);
        made.sources = self->sources_len;
        made.rows = self->rows;
        *result = made;
    }
    return code;
}

static struct assembly *assembly_new(const struct kf_assemble_options *options,
                                     const struct kf_assemble_input *input,
                                     struct kf_findings *findings)
{
    struct assembly *self = kf_calloc(1, sizeof *self);
    if (self) {
        self->options = options;
        self->input = input;
        self->findings = findings;
        self->editions = kf_calloc(options->live->editions_len, sizeof *self->editions);
        self->figures = kf_calloc(options->live->editions_len, sizeof(struct kf_observations *));
    }
    return self;
}

static void assembly_destroy(struct assembly **self)
{
    if (!*self) {
        return;
    }
    kf_release_build_destroy(&(*self)->build);
    for (size_t i = 0; (*self)->figures && i < (*self)->options->live->editions_len; i++) {
        kf_observations_destroy(&(*self)->figures[i]);
    }
    kf_free((*self)->figures);
    kf_free((*self)->editions);
    kf_free(*self);
    *self = NULL;
}

enum kf_err kf_assemble(const struct kf_assemble_options *options,
                        const struct kf_assemble_input *input, struct kf_findings *findings,
                        struct kf_assemble_result *result, struct kf_error *err)
{
    struct assembly *self = assembly_new(options, input, findings);
    enum kf_err code = self && self->editions && self->figures
                           ? assemble(self, result, err)
                           : kf_error_set(err, KF_ERR_MEMORY, "no memory to assemble a release");
    assembly_destroy(&self);
    return code;
}
