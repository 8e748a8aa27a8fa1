/* An edition as a list of facts, so that two can be compared and one can be shown.
 *
 * A fact says one thing about one object: the weight of an indicator, that a municipality is a
 * member, the missing rule of the edition. Objects are called by kind and name; an object that is
 * itself part of another (an indicator of a sector) names that.
 */
#ifndef KF_TOOLS_EDITIONS_FACTS_H
#define KF_TOOLS_EDITIONS_FACTS_H

#include <stddef.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/model/edition.h"

#define KF_FACTS_MAX 65536

/* In the order in which they are told. */
enum kf_fact_kind {
    KF_FACT_EDITION,
    KF_FACT_MEMBER,
    KF_FACT_KOSTRA_GROUP,
    KF_FACT_SECTOR,
    KF_FACT_INDICATOR,
    KF_FACT_CRITERION,
    KF_FACT_DEFLATOR,
    KF_FACT_CORRECTION,
    KF_FACT_ADJUSTMENT,
    KF_FACT_USE,
    KF_FACT_AGE_GROUP,
    KF_FACT_COST_GROUP,
    KF_FACT_SERVICE,
    KF_FACT_RATED_SERVICE,
    KF_FACT_UNIT_COST_GROUP,
    KF_FACT_USER_TIME,
    KF_FACT_GROWTH,
    KF_FACT_GRANT,
    KF_FACT_KINDS,
};

/* "sector", "indicator", …. */
const char *kf_fact_kind_name(enum kf_fact_kind kind);

struct kf_fact {
    enum kf_fact_kind kind;
    const char *sector;    /* of an indicator, a criterion, an adjustment; "" */
    const char *object;    /* id, code or year; "" for the edition itself */
    const char *attribute; /* "weight", "numerator", …; "" for the object's being there */
    const char *value;     /* of an object's being there: what it is, in short */
};

struct kf_facts {
    struct kf_fact *list; /* by kind, then in the edition's order; texts in the arena */
    size_t count;
};

/* All facts but id, title, source and names. KF_ERR_MEMORY or KF_ERR_LIMIT. */
enum kf_err kf_facts_make(const struct kf_edition *edition, struct kf_arena *arena,
                          struct kf_facts *facts, struct kf_error *err);

#endif
