#include "tools/kf/figures.h"

#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/model/observation.h"
#include "services/ingest/observation_input.h"
#include "services/ingest/wanted.h"
#include "tools/kf/command.h"
#include "tools/kf/folder.h"
#include "tools/kf/pipeline.h"

#define ROWS_MAX         ((size_t)20 * 1000 * 1000)
#define EDITIONS_MAX     256
#define WANTED_BYTES_MAX ((size_t)1024)
#define NOTES_BYTES_MAX  ((size_t)64 * 1024)

/* Reads the maps of tables once there is a file that needs them; their faults are printed. */
static enum kf_err read_maps_for(struct kf_figures *self, const char *file, struct kf_error *err)
{
    if (self->maps || !kf_observation_input_is_json(file)) {
        return KF_OK;
    }
    self->maps = kf_folder_read_maps(self->folder, self->catalogue);
    return self->maps ? KF_OK
                      : kf_error_set(err, KF_ERR_CONFIG,
                                     "--input %s: the maps of tables cannot be read", file);
}

/* A file whose fault is not among the findings, such as a folder, is told as the command line's. */
static enum kf_err read_file(struct kf_figures *self, const char *file, uint64_t *blank,
                             struct kf_error *err)
{
    struct kf_observation_input_options options = {
        .csv = {.municipalities = self->catalogue->municipalities,
                .accounts = self->catalogue->accounts},
        .catalogue = self->catalogue,
        .maps = self->maps};
    struct kf_source_digest source = {0};
    uint64_t told = self->findings->length + self->findings->left_out;
    enum kf_err code = kf_observations_begin_file(self->observations, file, err);
    if (code == KF_OK) {
        code = kf_observation_input_read(file, &options, self->observations, &source,
                                         self->findings, err);
    }
    *blank += source.blank;
    bool untold = code == KF_ERR_DATA && self->findings->length + self->findings->left_out == told;
    if (code != KF_ERR_IO && !untold) {
        return code;
    }
    struct kf_error why = *err;
    return kf_error_set(err, KF_ERR_CONFIG, "--input %s", why.text);
}

/* Forms that somebody has saved too early, or elsewhere. */
static enum kf_err check_filled_in(const struct kf_figures *self, uint64_t blank,
                                   struct kf_error *err)
{
    size_t rows = 0;
    (void)kf_observations_rows(self->observations, &rows);
    return rows > 0 || blank == 0
               ? KF_OK
               : kf_error_set(err, KF_ERR_CONFIG,
                              "--input: nothing is filled in: all %llu lines are left blank; write "
                              "figures in the column value and save the file",
                              (unsigned long long)blank);
}

/* A faulty file does not hide the next. */
enum kf_err kf_figures_read(struct kf_figures *self, const char *const *files, size_t files_len,
                            struct kf_error *err)
{
    bool sound = true;
    uint64_t blank = 0;
    for (size_t i = 0; i < files_len; i++) {
        const char *earlier = kf_folder_given_before(files, i);
        if (earlier) {
            return kf_error_set(err, KF_ERR_CONFIG,
                                "--input %s: is given twice, as %s before; leave one of them out",
                                files[i], earlier);
        }
    }
    for (size_t i = 0; i < files_len; i++) {
        enum kf_err code = read_maps_for(self, files[i], err);
        code = code == KF_OK ? read_file(self, files[i], &blank, err) : code;
        if (code != KF_OK && code != KF_ERR_DATA) {
            return code;
        }
        sound = sound && code == KF_OK;
    }
    if (!sound) {
        return kf_error_set(err, KF_ERR_DATA, "the input cannot be used");
    }
    enum kf_err code = check_filled_in(self, blank, err);
    return code == KF_OK ? kf_observations_seal(self->observations, self->findings, err) : code;
}

/* With the edition files in `figures`. */
static enum kf_err open_folder(const char *folder, struct kf_figures *figures, struct kf_error *err)
{
    figures->folder = folder;
    figures->catalogue = kf_folder_read_with(folder, figures->files, figures->files_len);
    if (!figures->catalogue) {
        return kf_error_set(err, KF_ERR_CONFIG, "%s", "");
    }
    figures->observations = kf_observations_new(figures->catalogue->variables, ROWS_MAX);
    figures->findings = kf_folder_findings_new();
    return figures->observations && figures->findings
               ? KF_OK
               : kf_error_set(err, KF_ERR_MEMORY, "no memory");
}

enum kf_err kf_figures_open(const char *folder, struct kf_figures *figures, struct kf_error *err)
{
    *figures = (struct kf_figures){.notes = figures->notes};
    return open_folder(folder, figures, err);
}

enum kf_err kf_figures_open_for(const struct kf_arguments *arguments, struct kf_figures *figures,
                                struct kf_error *err)
{
    const char *const *named = NULL;
    size_t count = kf_arguments_many(arguments, "edition", &named);
    *figures = (struct kf_figures){.files = kf_calloc(count + 1, sizeof *figures->files),
                                   .notes = figures->notes};
    if (!figures->files) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory");
    }
    for (size_t i = 0; i < count; i++) {
        if (kf_folder_is_edition_file(named[i])) {
            figures->files[figures->files_len++] = named[i];
        }
    }
    return open_folder(kf_arguments_one(arguments, "editions"), figures, err);
}

void kf_figures_close(struct kf_figures *self)
{
    kf_free(self->files);
    self->files = NULL;
    self->files_len = 0;
    kf_folder_findings_destroy(&self->findings);
    kf_observations_destroy(&self->observations);
    kf_table_maps_destroy(&self->maps);
    kf_catalogue_destroy(&self->catalogue);
}

enum kf_err kf_figures_edition(const struct kf_figures *self, const char *id,
                               const struct kf_edition **edition, struct kf_error *err)
{
    *edition = kf_catalogue_find(self->catalogue, id);
    for (size_t i = 0; i < self->files_len; i++) {
        *edition = strcmp(self->files[i], id) == 0 ? self->catalogue->given[i] : *edition;
    }
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

enum kf_err kf_figures_without(const struct kf_figures *self, const struct kf_arguments *arguments,
                               const char *command, const struct kf_edition **edition,
                               struct kf_error *err)
{
    const char *const *ids = NULL;
    size_t count = kf_arguments_many(arguments, "without", &ids);
    if (count == 0) {
        return KF_OK;
    }
    struct kf_error cause = {0};
    enum kf_err code =
        kf_edition_without(*edition, ids, count, self->catalogue->arena, edition, &cause);
    if (code != KF_OK) {
        return kf_error_set(err, code, "--without %s", cause.text);
    }
    (void)fprintf(stderr, "kf %s: without", command);
    for (size_t i = 0; i < count; i++) {
        (void)fprintf(stderr, "%s %s", i == 0 ? "" : ",", ids[i]);
    }
    (void)fprintf(stderr, ": the numbers are not those of edition %s as it is published\n",
                  (*edition)->id);
    return KF_OK;
}

static bool has_rows(const struct kf_figures *self, const char *variable, int year)
{
    size_t count = 0;
    size_t rows = 0;
    const struct kf_variable *all = kf_variables_all(self->catalogue->variables, &count);
    const struct kf_variable *found =
        kf_variables_find(self->catalogue->variables, variable, strlen(variable));
    if (found) {
        (void)kf_observations_find(self->observations, year, (size_t)(found - all), &rows);
    }
    return rows > 0;
}

/* The variable without rows that says who lives there in the year; or NULL, as for an edition that
 * counts nobody. An edition with a projection is not computed without it, in no year. */
static const char *find_lacking(const struct kf_figures *self, const struct kf_edition *edition,
                                int year)
{
    const struct kf_demography *demography = &edition->demography;
    const char *projected = demography->projected_population;
    if (kf_edition_projects(edition, year)) {
        return has_rows(self, projected, year) ? NULL : projected;
    }
    bool any = demography->observed_through == 0;
    for (int other = edition->year_from; !any && other <= edition->year_to; other++) {
        any = has_rows(self, projected, other);
    }
    if (!any) {
        return projected;
    }
    bool peopled = !edition->population[0] || has_rows(self, edition->population, year);
    return peopled ? NULL : edition->population;
}

/* Why nothing can be computed for the year, and what to give. */
static enum kf_err refuse_year(const struct kf_figures *self, const struct kf_edition *edition,
                               int year, struct kf_error *err)
{
    const char *lacking = find_lacking(self, edition, year);
    if (lacking) {
        bool observed = strcmp(lacking, edition->population) == 0;
        return kf_error_set(err, KF_ERR_DATA,
                            "the input holds nothing that edition %s computes for %d: %s, %s, has "
                            "no rows%s; give the file that has them with another --input",
                            edition->id, year, observed ? "the population" : "its projection",
                            lacking, observed ? " of that year" : "");
    }
    struct kf_text any;
    kf_text_init(&any, WANTED_BYTES_MAX);
    kf_wanted_add(edition, &any);
    kf_text_add(&any, "; give them with another --input");
    if (self->files_len == 0) {
        kf_text_add_format(&any, " (`kf editions show %s` lists all)", edition->id);
    }
    enum kf_err code =
        kf_error_set(err, KF_ERR_DATA,
                     "the input holds nothing that edition %s computes for %d: it wants any of %s",
                     edition->id, year, any.bytes);
    kf_text_clear(&any);
    return code;
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
    return code == KF_ERR_AGAIN ? refuse_year(self, edition, year, err) : code;
}

static enum kf_err refuse_other_year(const struct kf_edition *edition, int year,
                                     struct kf_error *err)
{
    struct kf_text years;
    kf_text_init(&years, NOTES_BYTES_MAX);
    kf_edition_print_years(edition, &years);
    kf_error_set(err, KF_ERR_CONFIG, "edition %s is for %s, not %d", edition->id, years.bytes,
                 year);
    kf_text_clear(&years);
    return KF_ERR_CONFIG;
}

enum kf_err kf_figures_panel(const struct kf_figures *self, const struct kf_edition *edition,
                             int year, struct kf_panel **panel, struct kf_error *err)
{
    if (!kf_edition_has_year(edition, year)) {
        return refuse_other_year(edition, year, err);
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

void kf_figures_note(struct kf_figures *self, const struct kf_panel *panel, const char *command)
{
    struct kf_text text;
    kf_text_init(&text, NOTES_BYTES_MAX);
    kf_notes_add(&self->notes, panel, command, &text);
    (void)fwrite(text.bytes, 1, text.length, stderr);
    kf_text_clear(&text);
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
