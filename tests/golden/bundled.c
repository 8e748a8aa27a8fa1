#include "tests/golden/bundled.h"

#include "tests/support/cmocka.h"

#include <stdio.h>
#include <string.h>

#include "services/ingest/csv/observation_csv.h"
#include "tools/kf/folder.h"
#include "tools/kf/pipeline.h"

#define CELLS_MAX 100000

/* Adds the rows of the file at `path`, under the root of the tree. */
static enum kf_err read_file(struct bundled *self, const char *path, struct kf_findings *findings,
                             struct kf_error *err)
{
    char input[512];
    struct kf_source_digest source = {0};
    struct kf_observation_csv_options csv = {.municipalities = self->catalogue->municipalities,
                                             .accounts = self->catalogue->accounts};
    (void)snprintf(input, sizeof input, "%s/%s", KF_SOURCE_DIR, path);
    enum kf_err code = kf_observations_begin_file(self->observations, input, err);
    if (code == KF_OK) {
        code = kf_observation_csv_read(input, &csv, self->observations, &source, findings, err);
    }
    return code;
}

static enum kf_err read_files(struct bundled *self, const char *const *paths,
                              struct kf_findings *findings, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    for (size_t i = 0; paths[i] && code == KF_OK; i++) {
        code = read_file(self, paths[i], findings, err);
    }
    return code;
}

bool bundled_compute_all(struct bundled *self, const char *edition, int year,
                         const char *const *paths)
{
    struct kf_findings *findings = kf_folder_findings_new();
    struct kf_error err = {0};
    *self = (struct bundled){.catalogue = kf_folder_read(KF_SOURCE_DIR "/editions")};
    assert_non_null(self->catalogue);
    self->observations = kf_observations_new(self->catalogue->variables, CELLS_MAX);
    struct kf_panel_input panel = {.edition = kf_catalogue_find(self->catalogue, edition),
                                   .year = year,
                                   .observations = self->observations,
                                   .municipalities = self->catalogue->municipalities,
                                   .structure = self->catalogue->structure};
    assert_non_null(panel.edition);
    bool computed = read_files(self, paths, findings, &err) == KF_OK &&
                    kf_observations_seal(self->observations, findings, &err) == KF_OK &&
                    kf_panel_build(&panel, &self->panel, findings, &err) == KF_OK &&
                    kf_pipeline_compute(self->panel, findings, &err) == KF_OK;
    if (!computed) {
        kf_folder_print(stderr, NULL, findings);
        (void)fprintf(stderr, "%s\n", err.text);
    }
    kf_folder_findings_destroy(&findings);
    return computed;
}

bool bundled_compute(struct bundled *self, const char *edition, int year, const char *path)
{
    const char *const paths[] = {path, NULL};
    return bundled_compute_all(self, edition, year, paths);
}

void bundled_clear(struct bundled *self)
{
    kf_panel_destroy(&self->panel);
    kf_observations_destroy(&self->observations);
    kf_catalogue_destroy(&self->catalogue);
}

static size_t member_of(const struct kf_panel *panel, const char *municipality)
{
    for (size_t k = 0; k < panel->members_len; k++) {
        if (strcmp(panel->members[k], municipality) == 0) {
            return k;
        }
    }
    fail_msg("no member %s", municipality);
    return 0;
}

double bundled_value(const struct bundled *self, const struct kf_result_key *key,
                     const char *municipality)
{
    const struct kf_result *result =
        kf_panel_result(self->panel, key->topic, key->sector, key->indicator, key->measure);
    if (!result) {
        fail_msg("no %s of %s %s", key->measure, key->sector, key->indicator);
    }
    size_t k = municipality[0] ? member_of(self->panel, municipality) : 0;
    assert_true(result->group == (municipality[0] == '\0'));
    assert_true(kf_cell_has_value(result->status[k]));
    return result->values[k];
}

double bundled_mean(const struct bundled *self, const struct kf_result *result)
{
    const double *population = kf_panel_population(self->panel);
    double people = 0;
    double weighted = 0;
    for (size_t k = 0; k < self->panel->members_len; k++) {
        if (kf_cell_has_value(result->status[k])) {
            people += population[k];
            weighted += population[k] * result->values[k];
        }
    }
    return weighted / people;
}
