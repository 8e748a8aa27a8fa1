/* Topics and measures: what is computed and where it is published. One table, so that the command
 * line, the stages and the publisher agree.
 */
#ifndef KF_MODEL_TOPIC_H
#define KF_MODEL_TOPIC_H

#include <stdbool.h>
#include <stddef.h>

enum kf_topic {
    KF_TOPIC_NONE = 0,
    KF_TOPIC_NEED,
    KF_TOPIC_RESOURCE_USE,
    KF_TOPIC_DEMOGRAPHY,
    KF_TOPIC_INDICATOR,
    KF_TOPIC_INDEX,
    KF_TOPIC_EFFICIENCY,
    KF_TOPIC_UNIT_COST,
    KF_TOPIC_STATISTICS,
    KF_TOPICS, /* how many */
};

/* Sector of rows that are about the whole. */
#define KF_SECTOR_TOTAL "total"

/* The whole with administration in need and expenditure; production is the same (METHOD E4). */
#define KF_SECTOR_TOTAL_WITH_ADMINISTRATION "total_with_administration"

/* Uses of disposable income that are sums of sectors, and that income itself (METHOD R10, R12). */
#define KF_SECTOR_INSIDE   "inside"
#define KF_SECTOR_OUTSIDE  "outside"
#define KF_SECTOR_INCOME   "disposable_income"
#define KF_SECTOR_RESIDUAL "residual" /* of a given income that its uses do not explain */

/* "need", "resource-use", …; "" for KF_TOPIC_NONE. */
const char *kf_topic_name(enum kf_topic topic);

struct kf_measure {
    enum kf_topic topic;
    const char *name;
    const char *unit; /* "" when it depends on the edition's scale or the variable */
};

/* The measures, by topic and in the order in which rows are written. */
const struct kf_measure *kf_measures(size_t *count);

/* The measure, or NULL. */
const struct kf_measure *kf_measure_find(enum kf_topic topic, const char *name);

#endif
