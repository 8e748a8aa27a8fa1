/* How the indicators of one sector make its index, member by member (METHOD A4, A9). Pure.
 *
 * A sum is S = Σ w n. A product is S = norm · Q · K / scale, where Q is the weighted mean of the
 * indicators of quantity and K that of quality, weights rescaled to 1 within each, and norm brings
 * the group's mean to the scale. Both are sums of one weight times one value for each indicator:
 *
 *     sum                          w · n
 *     product, quantity            w' · norm·n
 *     product, quality             w' · norm·Q·(n − scale)/scale
 *
 * so that contributions add up. That quality enters as a product is SØF-rapport 06/11, 4.4; the
 * norm and the split into contributions are inferred, and what comes of them is flagged so.
 *
 * Where the rule `drop` leaves indicators out for a member, the weights of those it has are
 * rescaled (for a product within quantity and within quality); a member that has only one of the
 * two has that one's mean, brought to scale like the others. A sector whose indicators are all of
 * one kind is a sum. With the country as reference norm is 1: the country's own product is the
 * scale already.
 */
#ifndef KF_AGGREGATE_COMPOSITION_H
#define KF_AGGREGATE_COMPOSITION_H

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/panel.h"
#include "services/aggregate/presence.h"

/* What is collected of quantity and of quality; a sum has all in the first. */
#define KF_COMPOSITION_KINDS 2

struct kf_sector_composition {
    const struct kf_sector *sector;
    double scale;
    bool product;
    double norm;                  /* 1 for a sum */
    struct kf_result *normalized; /* [indicators_len]; the cells are the panel's */
    double *weights;              /* [indicators_len] of the sector; of its kind in a product */
    double *quantity;             /* [members_len] Q_k of a product */
    struct kf_presence of[KF_COMPOSITION_KINDS];
};

/* Looks up what is normalised and weighs it. KF_ERR_INTERNAL when the weights have not been
 * appended. KF_ERR_DATA when an indicator has not been normalised, and with a finding when no
 * member has any value of the sector, or when the mean of a product is not above zero. */
enum kf_err kf_composition_make(const struct kf_panel *panel, const struct kf_sector *sector,
                                struct kf_sector_composition *self, struct kf_findings *findings,
                                struct kf_error *err);

/* True when the edition multiplies and the sector has indicators of quantity and of quality: a
 * product needs both. */
bool kf_composition_is_product(const struct kf_edition *edition, const struct kf_sector *sector);

/* Of indicator number `i`: where it is collected. */
size_t kf_composition_kind(const struct kf_sector_composition *self, size_t i);

/* Weight and value whose product is what indicator `i` contributes to the index of member `k`,
 * which must have the indicator. */
double kf_composition_weight(const struct kf_sector_composition *self, size_t i, size_t k);
double kf_composition_value(const struct kf_sector_composition *self, size_t i, size_t k);

/* What must be known of that contribution: its flags, or why it has no value. */
uint8_t kf_composition_status(const struct kf_sector_composition *self, size_t i, size_t k);

/* What must be known of the index of member `k`: missing when nothing of the sector is reported,
 * incomplete when something is left out or imputed. */
uint8_t kf_composition_index_status(const struct kf_sector_composition *self, size_t k);

/* True when the index of member `k` rests on an imputed cell. */
bool kf_composition_imputed(const struct kf_sector_composition *self, size_t k);

/* The index from the weighted means of both kinds; `present` says which there are, at least one. */
double kf_composition_index(const struct kf_sector_composition *self, const double *means,
                            const bool *present);

#endif
