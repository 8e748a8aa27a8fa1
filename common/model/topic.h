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

/* What unit costs are about besides cost groups: all of them together, with a service of any of
 * them (METHOD U1–U4), institutions (U5, U6), time with users (U7), growth (G8), and the parts of a
 * trial (G1, G4–G7), whose whole is KF_SECTOR_TOTAL (G8). */
#define KF_SECTOR_SERVICES           "services"
#define KF_SECTOR_INSTITUTION        "institution"
#define KF_SECTOR_USER_TIME          "user_time"
#define KF_SECTOR_GROWTH             "growth"
#define KF_SECTOR_GRANTS             "grants"
#define KF_SECTOR_RESOURCE_INTENSIVE "resource_intensive"
#define KF_SECTOR_DEMOGRAPHY         "demography"

/* Those parts, in the order of their rows. */
enum kf_cost_part {
    KF_COST_PART_SERVICES,
    KF_COST_PART_INSTITUTION,
    KF_COST_PART_USER_TIME,
    KF_COST_PART_GROWTH,
    KF_COST_PART_GRANTS,
    KF_COST_PART_RESOURCE_INTENSIVE,
    KF_COST_PART_DEMOGRAPHY,
    KF_COST_PARTS, /* how many */
};
extern const char *const kf_cost_parts[KF_COST_PARTS];

/* True for a word of those, which no cost group can be called. */
bool kf_sector_is_cost_part(const char *sector);

/* Words that no sector can be called, nor what stands where a sector does: of the whole, the first
 * two, and of disposable income. */
#define KF_RESERVED_SECTORS 6
extern const char *const kf_reserved_sectors[KF_RESERVED_SECTORS];

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
