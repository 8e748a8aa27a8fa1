/* The country's inhabitants by single year of age, and an amount that is spent on the same
 * inhabitants (METHOD D9). Pure.
 *
 * The country is its own row, or the sum of the members when they are all the municipalities there
 * are. Where the amount or the people of the country lack, both are those of the members that have
 * both: inhabitants and amount are always of the same municipalities, which the level of one figure
 * (country.h) need not mind.
 */
#ifndef KF_NEED_DEMOGRAPHY_COUNTRY_PEOPLE_H
#define KF_NEED_DEMOGRAPHY_COUNTRY_PEOPLE_H

#include <stdbool.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/model/panel.h"
#include "common/model/values.h"

#define KF_AGES (KF_AGE_MAX + 1)

/* Inhabitants by age; missing for an age that nobody has figures of. */
struct kf_country_ages {
    struct kf_wide people[KF_AGES];
    uint8_t status[KF_AGES];
};

struct kf_country_people {
    const struct kf_panel *year;
    const struct kf_column *columns[KF_AGES]; /* NULL for an age without figures */
    bool *counted;                            /* [members] has all ages that have figures */
    bool *chosen;                             /* [members] room */
    bool known;                               /* `ages` are the country's */
    struct kf_country_ages ages;
};

/* Counts the people of `year` in the caller's storage; `year` is borrowed. KF_ERR_MEMORY. */
enum kf_err kf_country_people_init(struct kf_country_people *self, const struct kf_panel *year,
                                   struct kf_arena *arena, struct kf_error *err);

/* An amount of the country and whose it is. */
struct kf_country_amount {
    struct kf_wide sum;
    uint8_t status; /* missing when there are no members that have amount and people */
    struct kf_country_ages ages;
};

/* The amount with the people it belongs to. KF_ERR_DATA, without text, when the amount is the
 * country's alone and people are counted for members only. */
enum kf_err kf_country_people_match(struct kf_country_people *self, const struct kf_values *amount,
                                    struct kf_country_amount *country);

#endif
