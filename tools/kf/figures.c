#include "tools/kf/figures.h"

#include <stdio.h>
#include <string.h>

#include "common/model/observation.h"
#include "services/ingest/observation_csv.h"
#include "tools/kf/command.h"
#include "tools/kf/folder.h"
#include "tools/kf/pipeline.h"

#define ROWS_MAX     ((size_t)20 * 1000 * 1000)
#define EDITIONS_MAX 256

static enum kf_err read_file(struct kf_figures *self, const char *file, struct kf_error *err)
{
    struct kf_observation_csv_options csv = {.municipalities = self->catalogue->municipalities};
    struct kf_source_digest source = {0};
    enum kf_err code = kf_observations_begin_file(self->observations, file, err);
    if (code == KF_OK) {
        code =
            kf_observation_csv_read(file, &csv, self->observations, &source, self->findings, err);
    }
    return code == KF_ERR_IO ? kf_error_set(err, KF_ERR_CONFIG, "--input %s", err->text) : code;
}

/* A faulty file does not hide the next. */
enum kf_err kf_figures_read(struct kf_figures *self, const char *const *files, size_t files_len,
                            struct kf_error *err)
{
    bool sound = true;
    for (size_t i = 0; i < files_len; i++) {
        const char *earlier = kf_folder_given_before(files, i);
        if (earlier) {
            return kf_error_set(err, KF_ERR_CONFIG,
                                "--input %s: is given twice, as %s before; leave one of them out",
                                files[i], earlier);
        }
    }
    for (size_t i = 0; i < files_len; i++) {
        enum kf_err code = read_file(self, files[i], err);
        if (code != KF_OK && code != KF_ERR_DATA) {
            return code;
        }
        sound = sound && code == KF_OK;
    }
    if (!sound) {
        return kf_error_set(err, KF_ERR_DATA, "the input cannot be used");
    }
    return kf_observations_seal(self->observations, self->findings, err);
}

enum kf_err kf_figures_open(const char *folder, struct kf_figures *figures, struct kf_error *err)
{
    *figures = (struct kf_figures){.catalogue = kf_folder_read(folder)};
    if (!figures->catalogue) {
        return kf_error_set(err, KF_ERR_CONFIG, "%s", "");
    }
    figures->observations = kf_observations_new(figures->catalogue->variables, ROWS_MAX);
    figures->findings = kf_folder_findings_new();
    return figures->observations && figures->findings
               ? KF_OK
               : kf_error_set(err, KF_ERR_MEMORY, "no memory");
}

void kf_figures_close(struct kf_figures *self)
{
    kf_folder_findings_destroy(&self->findings);
    kf_observations_destroy(&self->observations);
    kf_catalogue_destroy(&self->catalogue);
}

enum kf_err kf_figures_edition(const struct kf_figures *self, const char *id,
                               const struct kf_edition **edition, struct kf_error *err)
{
    *edition = kf_catalogue_find(self->catalogue, id);
    if (*edition) {
        return KF_OK;
    }
    const char *names[EDITIONS_MAX];
    size_t count = 0;
    for (; count < self->catalogue->editions_len && count < EDITIONS_MAX; count++) {
        names[count] = self->catalogue->editions[count]->id;
    }
    const char *meant = kf_findings_suggest(id, names, count);
    return kf_error_set(err, KF_ERR_CONFIG, "there is no edition %s%s%s; `kf editions` lists them",
                        id, meant ? ", did you mean " : "", meant ? meant : "");
}

static enum kf_err build(const struct kf_figures *self, const struct kf_edition *edition, int year,
                         struct kf_panel **panel, struct kf_error *err)
{
    struct kf_panel_input input = {.edition = edition,
                                   .year = year,
                                   .observations = self->observations,
                                   .municipalities = self->catalogue->municipalities,
                                   .structure = self->catalogue->structure,
                                   .kostra_groups = self->catalogue->kostra_groups};
    enum kf_err code = kf_panel_build(&input, panel, self->findings, err);
    return code == KF_ERR_AGAIN ? kf_error_set(err, KF_ERR_DATA,
                                               "the input holds no indicator of edition %s for %d; "
                                               "`kf editions show %s` lists its variables",
                                               edition->id, year, edition->id)
                                : code;
}

enum kf_err kf_figures_panel(const struct kf_figures *self, const struct kf_edition *edition,
                             int year, struct kf_panel **panel, struct kf_error *err)
{
    if (!kf_edition_has_year(edition, year)) {
        bool one = edition->year_from == edition->year_to;
        return one ? kf_error_set(err, KF_ERR_CONFIG, "edition %s is for %d, not %d", edition->id,
                                  edition->year_from, year)
                   : kf_error_set(err, KF_ERR_CONFIG,
                                  "edition %s is for the years %d to %d, not %d", edition->id,
                                  edition->year_from, edition->year_to, year);
    }
    struct kf_panel *made = NULL;
    enum kf_err code = build(self, edition, year, &made, err);
    if (code == KF_OK) {
        code = kf_pipeline_compute(made, self->findings, err);
    }
    if (code != KF_OK) {
        kf_panel_destroy(&made);
        return code;
    }
    *panel = made;
    return KF_OK;
}

int kf_figures_tell(const struct kf_figures *self, const char *command, const struct kf_error *err)
{
    if (self->findings) {
        kf_folder_print(stderr, NULL, self->findings);
    }
    if (err->text[0]) {
        (void)fprintf(stderr, "kf %s: %s\n", command, err->text);
    }
    bool users =
        err->code == KF_ERR_CONFIG || err->code == KF_ERR_DATA || err->code == KF_ERR_LIMIT;
    return users ? KF_EXIT_USAGE : KF_EXIT_FAILED;
}

enum kf_err kf_figures_year(const char *text, int *year, struct kf_error *err)
{
    unsigned long number = 0;
    if (!kf_text_to_unsigned(text, strlen(text), KF_YEAR_MAX, &number) || number < KF_YEAR_MIN) {
        return kf_error_set(err, KF_ERR_CONFIG, "%s is no year from %d to %d", text, KF_YEAR_MIN,
                            KF_YEAR_MAX);
    }
    *year = (int)number;
    return KF_OK;
}
