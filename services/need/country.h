/* The country's level of a figure: what members are compared with (METHOD N3, N10, R1, D9).
 *
 * The country is its own rows (EAK) where the source gives the country's inhabitants. Otherwise it
 * is the members together that have the figure and inhabitants, in both sums. A panel that gives
 * the country's inhabitants and not its figure is faulty: neither would be the country. Pure.
 */
#ifndef KF_NEED_COUNTRY_H
#define KF_NEED_COUNTRY_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/base/numbers.h"
#include "common/model/panel.h"
#include "common/model/values.h"

/* A figure of the country and the inhabitants it belongs to. Both are 0 when no member counts. */
struct kf_country {
    struct kf_wide figure;
    struct kf_wide people;
    uint8_t status; /* flags of the country's own rows; KF_CELL_VALUE for members together */
};

/* True when the source gives the country's inhabitants in the panel: its own rows are the country.
 */
bool kf_country_is_given(const struct kf_panel *panel);

/* True when member number `k` has a figure and inhabitants to divide it by: only then it is
 * compared, and counts where the members together are the country. `people` is the column of the
 * population (NULL: nobody has any), `status` [members] that of the figure; NULL when every member
 * has it. */
bool kf_country_counts(const struct kf_column *people, const uint8_t *status, size_t k);

/* The country's level of `terms`, whose sum over members and country is `figures` (kf_terms_sum).
 * KF_ERR_DATA with a finding, once a variable and year, when the country's inhabitants are given
 * and its figure of some term is not. */
enum kf_err kf_country_of(const struct kf_panel *panel, const struct kf_terms *terms,
                          const struct kf_values *figures, struct kf_findings *findings,
                          struct kf_country *country, struct kf_error *err);

/* The same for the basis criterion, which counts one for each municipality: how many the country
 * has, or how many members are inhabited. KF_ERR_DATA with a finding when the country's inhabitants
 * are given and the number of its municipalities is not known. */
enum kf_err kf_country_of_basis(const struct kf_panel *panel, struct kf_findings *findings,
                                struct kf_country *country, struct kf_error *err);

/* figure/people; 0 when there are no people. */
struct kf_wide kf_country_rate(const struct kf_country *self);

#endif
