/* What may stand where in a json-stat document, as a table.
 */
#ifndef KF_INGEST_JSONSTAT_RULES_H
#define KF_INGEST_JSONSTAT_RULES_H

#include <stdbool.h>

#include "services/ingest/jsonstat/json_scan.h"

/* The objects and arrays that are read, and all others. */
enum kf_jsonstat_place {
    KF_JSONSTAT_SKIPPED = 0, /* passed over, with all that is in it */
    KF_JSONSTAT_DOCUMENT,    /* the outermost object, or the dataset in one of json-stat 1 */
    KF_JSONSTAT_DIMENSIONS,
    KF_JSONSTAT_ONE_DIMENSION,
    KF_JSONSTAT_CATEGORIES, /* `category` */
    KF_JSONSTAT_INDICES,    /* its `index` */
    KF_JSONSTAT_LABELS,
    KF_JSONSTAT_UNITS,
    KF_JSONSTAT_ONE_UNIT,
    KF_JSONSTAT_IDS,
    KF_JSONSTAT_SIZES,
    KF_JSONSTAT_ROLES,
    KF_JSONSTAT_ROLE_TIME, /* in the order of enum kf_jsonstat_role */
    KF_JSONSTAT_ROLE_GEO,
    KF_JSONSTAT_ROLE_METRIC,
    KF_JSONSTAT_VALUES,
    KF_JSONSTAT_STATUSES,
    KF_JSONSTAT_NOTES,
    KF_JSONSTAT_EXTENSION,
    KF_JSONSTAT_PX,
    KF_JSONSTAT_DIMENSION_EXTENSION,
};

/* What is kept of a scalar. */
enum kf_jsonstat_slot {
    KF_JSONSTAT_SLOT_NONE = 0,
    KF_JSONSTAT_SLOT_CLASS,
    KF_JSONSTAT_SLOT_VERSION,
    KF_JSONSTAT_SLOT_LABEL,
    KF_JSONSTAT_SLOT_SOURCE,
    KF_JSONSTAT_SLOT_UPDATED,
    KF_JSONSTAT_SLOT_NOTE,
    KF_JSONSTAT_SLOT_TABLE,
    KF_JSONSTAT_SLOT_ID,
    KF_JSONSTAT_SLOT_SIZE,
    KF_JSONSTAT_SLOT_ROLE,
    KF_JSONSTAT_SLOT_DIMENSION_LABEL,
    KF_JSONSTAT_SLOT_ELIMINATION,
    KF_JSONSTAT_SLOT_POSITION,
    KF_JSONSTAT_SLOT_CODE,
    KF_JSONSTAT_SLOT_CATEGORY_LABEL,
    KF_JSONSTAT_SLOT_UNIT_BASE,
    KF_JSONSTAT_SLOT_UNIT_DECIMALS,
    KF_JSONSTAT_SLOT_VALUE,
    KF_JSONSTAT_SLOT_STATUS,
    KF_JSONSTAT_SLOT_STATUS_OF_ALL,
};

/* The kinds of value that a member may have. */
#define KF_JSONSTAT_TAKES_OBJECT 0x01
#define KF_JSONSTAT_TAKES_ARRAY  0x02
#define KF_JSONSTAT_TAKES_TEXT   0x04
#define KF_JSONSTAT_TAKES_NUMBER 0x08
#define KF_JSONSTAT_TAKES_BOOL   0x10
#define KF_JSONSTAT_TAKES_NULL   0x20 /* says something */
#define KF_JSONSTAT_PASSES_NULL  0x40 /* as if the member were not there */

struct kf_jsonstat_rule {
    enum kf_jsonstat_place in;
    const char *member; /* NULL: every other one, or every element */
    unsigned takes;
    enum kf_jsonstat_place place; /* of an object or array */
    enum kf_jsonstat_slot slot;   /* of anything else */
};

/* What its keys are. */
enum kf_jsonstat_keys {
    KF_JSONSTAT_KEYS_SKIPPED,
    KF_JSONSTAT_KEYS_MEMBERS,
    KF_JSONSTAT_KEYS_CODES,
    KF_JSONSTAT_KEYS_POSITIONS,
};

/* What the keys of an object in that place are. */
enum kf_jsonstat_keys kf_jsonstat_keys_of(enum kf_jsonstat_place place);

/* The rule for a value of that kind under `member` (NULL in an array). Never NULL; that it takes
 * the kind is for kf_jsonstat_takes. */
const struct kf_jsonstat_rule *kf_jsonstat_rule_of(enum kf_jsonstat_place place, const char *member,
                                                   enum kf_json_kind kind);

/* True when a value of that kind may stand there. */
bool kf_jsonstat_takes(const struct kf_jsonstat_rule *rule, enum kf_json_kind kind);

/* What a rule takes, for a message: "an object or a text". */
const char *kf_jsonstat_expected(const struct kf_jsonstat_rule *rule);

#endif
