/* What the state refunds of costly users in one year, member by member (METHOD G4, G5). Pure.
 *
 * Of a member with figures of any user by itself these make it: a user without a figure is not
 * there, one whose age is not given counts; where the member gives the ages of other users, that is
 * flagged `incomplete`. Of other members the aggregates make it, how many users there are and
 * what they cost. */
#ifndef KF_EFFICIENCY_TRIAL_REFUND_YEAR_H
#define KF_EFFICIENCY_TRIAL_REFUND_YEAR_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/panel.h"
#include "common/model/values.h"
#include "services/efficiency/trial/refund.h"

struct kf_refund_year {
    struct kf_refund *list; /* [members]; zeros where there is none */
    uint8_t *status;        /* [members] */
    size_t members;
};

/* The refunds of `year`, a panel's own or another of its years, into `refunds` in `arena`. Missing
 * for everybody when the edition has no threshold for that year. KF_ERR_DATA with findings for
 * aggregates that make no sense: users or costs below zero, costs of no users. KF_ERR_MEMORY. */
enum kf_err kf_refund_year_read(const struct kf_panel *year, struct kf_arena *arena,
                                struct kf_findings *findings, struct kf_refund_year *refunds,
                                struct kf_error *err);

/* One of the amounts of every member, into `values` in `arena`: `amount` is the place of a double
 * in struct kf_refund (offsetof). The country has none. KF_ERR_MEMORY. */
enum kf_err kf_refund_year_values(const struct kf_panel *panel,
                                  const struct kf_refund_year *refunds, size_t amount,
                                  struct kf_arena *arena, struct kf_values *values,
                                  struct kf_error *err);

#endif
