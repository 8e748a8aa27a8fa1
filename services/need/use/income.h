/* Disposable income and what it is used for (METHOD R10–R12). Pure.
 *
 * Disposable income is used by the sectors inside the income system, by those outside, and by the
 * uses that the edition names: net interest and repayment, the net operating result. Deviations add
 * up exactly, member by member:
 *
 *     inside = Σ its sectors          outside = Σ its sectors
 *     disposable_income = inside + outside + Σ uses                                  (R10)
 *     disposable_income = inside + outside + Σ uses + residual    where income itself is given
 *
 * The deviation of a use, and of a given income, is its kr per inhabitant less the country's. A
 * given income is to be one corrected for need, as the sectors' deviations are; what is not goes
 * into the residual.
 */
#ifndef KF_NEED_USE_INCOME_H
#define KF_NEED_USE_INCOME_H

#include <stdbool.h>

#include "common/base/error.h"
#include "common/model/panel.h"
#include "services/need/use/deviation.h"
#include "services/need/use/per_capita.h"
#include "services/need/use/sector_use.h"

/* Where a use of income belongs. */
enum kf_income_side {
    KF_INCOME_INSIDE,
    KF_INCOME_OUTSIDE,
    KF_INCOME_OTHER,
    KF_INCOME_SIDES, /* how many */
};

/* One use: a sector, or a use that the edition names. */
struct kf_income_part {
    const char *id;
    enum kf_income_side side;
    struct kf_per_capita deviation;
    struct kf_wide level; /* the country's kr per inhabitant */
};

/* The parts of one side together. */
struct kf_income_sum {
    struct kf_per_capita deviation; /* `values` is NULL when nothing on this side has figures */
    struct kf_per_capita need;
    bool incomplete; /* something that the edition names there has no figures */
};

struct kf_income {
    struct kf_income_part parts[KF_SECTORS_MAX + KF_USES_MAX];
    size_t parts_len;
    struct kf_income_sum sides[KF_INCOME_SIDES];
    struct kf_per_capita explained;  /* inside + outside + Σ uses */
    struct kf_per_capita disposable; /* `values` is NULL unless some use, or income itself, is
                                        named and has figures */
    struct kf_per_capita residual;   /* `values` is NULL unless income itself has figures */
};

/* Puts a sector with figures in its place. */
enum kf_err kf_income_add_sector(const struct kf_use_place *place, const struct kf_sector_use *use,
                                 struct kf_income *income, struct kf_error *err);

/* Says that a sector named by the edition has no figures: the sum of its side lacks it. */
void kf_income_lacks_sector(const struct kf_sector *sector, struct kf_income *income);

/* Adds the uses that the edition names, income itself and the sums. A sum that lacks one of its
 * parts for a member is missing there; one that lacks a part for everybody is flagged incomplete.
 * KF_ERR_DATA with findings as from country.h; KF_ERR_MEMORY. */
enum kf_err kf_income_close(const struct kf_use_place *place, struct kf_income *income,
                            struct kf_error *err);

/* Adds the deviations of the sums, the uses, disposable income and the residual. */
void kf_income_deviations(const struct kf_income *income, struct kf_deviations *deviations);

/* Appends to topic resource-use, when disposable income is known:
 *     income_share                   σ_u, of the group: the country's kr per inhabitant of every
 *                                    use over that of all together; of inside and outside the sum
 *                                    of their sectors'. They add up to 1 exactly.    (R12)
 *     income_adjusted_kr_per_capita  e_ku = a_ku − σ_u·D_k of every use, D_k what the uses explain;
 *                                    they add up to 0 exactly, the use with the largest share
 *                                    absorbs what rounding leaves; of inside and outside the sum of
 *                                    their sectors'. Inferred, and flagged so.       (R11)
 * Both are missing when the country's uses do not sum to more than zero. */
enum kf_err kf_income_append(struct kf_panel *panel, const struct kf_income *income,
                             struct kf_error *err);

#endif
