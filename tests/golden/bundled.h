/* An edition computed on figures that lie in data/, as `kf compute` does it. */
#ifndef KF_TESTS_GOLDEN_BUNDLED_H
#define KF_TESTS_GOLDEN_BUNDLED_H

#include <stdbool.h>

#include "common/model/observation.h"
#include "common/model/panel.h"

struct bundled {
    struct kf_catalogue *catalogue;
    struct kf_observations *observations;
    struct kf_panel *panel;
};

/* Computes `edition` for `year` from the CSV file at `path`, under the root of the tree. False when
 * that fails; what is wrong stands on standard error. Clear it in either case. */
bool bundled_compute(struct bundled *self, const char *edition, int year, const char *path);

/* The same from several files; the last of `paths` is NULL. */
bool bundled_compute_all(struct bundled *self, const char *edition, int year,
                         const char *const *paths);

void bundled_clear(struct bundled *self);

/* The value of a member, or of the group when `municipality` is ""; fails the test when there is
 * none. */
double bundled_value(const struct bundled *self, const struct kf_result_key *key,
                     const char *municipality);

/* Mean of a result, weighted by inhabitants, over the members that have a value. */
double bundled_mean(const struct bundled *self, const struct kf_result *result);

#endif
