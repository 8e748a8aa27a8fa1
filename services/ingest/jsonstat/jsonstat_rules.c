#include "services/ingest/jsonstat/jsonstat_rules.h"

#include "common/base/text.h"

#define OBJECT KF_JSONSTAT_TAKES_OBJECT
#define ARRAY  KF_JSONSTAT_TAKES_ARRAY
#define TEXT   KF_JSONSTAT_TAKES_TEXT
#define NUMBER KF_JSONSTAT_TAKES_NUMBER
#define BOOL   KF_JSONSTAT_TAKES_BOOL
#define NULLS  KF_JSONSTAT_TAKES_NULL
#define OR_NOT KF_JSONSTAT_PASSES_NULL
#define ANY    (OBJECT | ARRAY | TEXT | NUMBER | BOOL | OR_NOT)

#define DOCUMENT KF_JSONSTAT_DOCUMENT
#define NOWHERE  KF_JSONSTAT_SKIPPED
#define NONE     KF_JSONSTAT_SLOT_NONE

/* One rule a line. The one without a member comes last of its place. */
/* clang-format off */
static const struct kf_jsonstat_rule rules[] = {
    {DOCUMENT, "class", TEXT, NOWHERE, KF_JSONSTAT_SLOT_CLASS},
    {DOCUMENT, "version", TEXT, NOWHERE, KF_JSONSTAT_SLOT_VERSION},
    {DOCUMENT, "label", TEXT | OR_NOT, NOWHERE, KF_JSONSTAT_SLOT_LABEL},
    {DOCUMENT, "source", TEXT | OR_NOT, NOWHERE, KF_JSONSTAT_SLOT_SOURCE},
    {DOCUMENT, "updated", TEXT | OR_NOT, NOWHERE, KF_JSONSTAT_SLOT_UPDATED},
    {DOCUMENT, "note", ARRAY | TEXT | OR_NOT, KF_JSONSTAT_NOTES, KF_JSONSTAT_SLOT_NOTE},
    {DOCUMENT, "id", ARRAY, KF_JSONSTAT_IDS, NONE},
    {DOCUMENT, "size", ARRAY, KF_JSONSTAT_SIZES, NONE},
    {DOCUMENT, "role", OBJECT | OR_NOT, KF_JSONSTAT_ROLES, NONE},
    {DOCUMENT, "dimension", OBJECT, KF_JSONSTAT_DIMENSIONS, NONE},
    {DOCUMENT, "value", ARRAY | OBJECT | OR_NOT, KF_JSONSTAT_VALUES, NONE},
    {DOCUMENT, "status", ARRAY | OBJECT | TEXT | OR_NOT, KF_JSONSTAT_STATUSES,
     KF_JSONSTAT_SLOT_STATUS_OF_ALL},
    {DOCUMENT, "extension", OBJECT | OR_NOT, KF_JSONSTAT_EXTENSION, NONE},
    {DOCUMENT, "dataset", OBJECT, DOCUMENT, NONE},
    {DOCUMENT, NULL, ANY, NOWHERE, NONE},

    {KF_JSONSTAT_DIMENSIONS, "id", ARRAY, KF_JSONSTAT_IDS, NONE},
    {KF_JSONSTAT_DIMENSIONS, "size", ARRAY, KF_JSONSTAT_SIZES, NONE},
    {KF_JSONSTAT_DIMENSIONS, "role", OBJECT | OR_NOT, KF_JSONSTAT_ROLES, NONE},
    {KF_JSONSTAT_DIMENSIONS, NULL, OBJECT, KF_JSONSTAT_ONE_DIMENSION, NONE},

    {KF_JSONSTAT_ONE_DIMENSION, "label", TEXT | OR_NOT, NOWHERE, KF_JSONSTAT_SLOT_DIMENSION_LABEL},
    {KF_JSONSTAT_ONE_DIMENSION, "category", OBJECT, KF_JSONSTAT_CATEGORIES, NONE},
    {KF_JSONSTAT_ONE_DIMENSION, "extension", OBJECT | OR_NOT, KF_JSONSTAT_DIMENSION_EXTENSION,
     NONE},
    {KF_JSONSTAT_ONE_DIMENSION, NULL, ANY, NOWHERE, NONE},

    {KF_JSONSTAT_CATEGORIES, "index", ARRAY | OBJECT, KF_JSONSTAT_INDICES, NONE},
    {KF_JSONSTAT_CATEGORIES, "label", OBJECT | OR_NOT, KF_JSONSTAT_LABELS, NONE},
    {KF_JSONSTAT_CATEGORIES, "unit", OBJECT | OR_NOT, KF_JSONSTAT_UNITS, NONE},
    {KF_JSONSTAT_CATEGORIES, NULL, ANY, NOWHERE, NONE},

    {KF_JSONSTAT_ONE_UNIT, "base", TEXT | OR_NOT, NOWHERE, KF_JSONSTAT_SLOT_UNIT_BASE},
    {KF_JSONSTAT_ONE_UNIT, "decimals", NUMBER | OR_NOT, NOWHERE, KF_JSONSTAT_SLOT_UNIT_DECIMALS},
    {KF_JSONSTAT_ONE_UNIT, NULL, ANY, NOWHERE, NONE},

    {KF_JSONSTAT_ROLES, "time", ARRAY | OR_NOT, KF_JSONSTAT_ROLE_TIME, NONE},
    {KF_JSONSTAT_ROLES, "geo", ARRAY | OR_NOT, KF_JSONSTAT_ROLE_GEO, NONE},
    {KF_JSONSTAT_ROLES, "metric", ARRAY | OR_NOT, KF_JSONSTAT_ROLE_METRIC, NONE},
    {KF_JSONSTAT_ROLES, NULL, ANY, NOWHERE, NONE},

    {KF_JSONSTAT_EXTENSION, "px", OBJECT | OR_NOT, KF_JSONSTAT_PX, NONE},
    {KF_JSONSTAT_EXTENSION, NULL, ANY, NOWHERE, NONE},
    {KF_JSONSTAT_PX, "tableid", TEXT | OR_NOT, NOWHERE, KF_JSONSTAT_SLOT_TABLE},
    {KF_JSONSTAT_PX, NULL, ANY, NOWHERE, NONE},
    {KF_JSONSTAT_DIMENSION_EXTENSION, "elimination", BOOL | OR_NOT, NOWHERE,
     KF_JSONSTAT_SLOT_ELIMINATION},
    {KF_JSONSTAT_DIMENSION_EXTENSION, NULL, ANY, NOWHERE, NONE},

    {KF_JSONSTAT_LABELS, NULL, TEXT | OR_NOT, NOWHERE, KF_JSONSTAT_SLOT_CATEGORY_LABEL},
    {KF_JSONSTAT_UNITS, NULL, OBJECT | OR_NOT, KF_JSONSTAT_ONE_UNIT, NONE},
    {KF_JSONSTAT_IDS, NULL, TEXT, NOWHERE, KF_JSONSTAT_SLOT_ID},
    {KF_JSONSTAT_SIZES, NULL, NUMBER, NOWHERE, KF_JSONSTAT_SLOT_SIZE},
    {KF_JSONSTAT_ROLE_TIME, NULL, TEXT, NOWHERE, KF_JSONSTAT_SLOT_ROLE},
    {KF_JSONSTAT_ROLE_GEO, NULL, TEXT, NOWHERE, KF_JSONSTAT_SLOT_ROLE},
    {KF_JSONSTAT_ROLE_METRIC, NULL, TEXT, NOWHERE, KF_JSONSTAT_SLOT_ROLE},
    {KF_JSONSTAT_VALUES, NULL, NUMBER | NULLS, NOWHERE, KF_JSONSTAT_SLOT_VALUE},
    {KF_JSONSTAT_STATUSES, NULL, TEXT | NULLS, NOWHERE, KF_JSONSTAT_SLOT_STATUS},
    {KF_JSONSTAT_NOTES, NULL, TEXT, NOWHERE, KF_JSONSTAT_SLOT_NOTE},
    {KF_JSONSTAT_SKIPPED, NULL, ANY, NOWHERE, NONE},
};

/* The two forms of an index: positions by code, or codes by position. */
static const struct kf_jsonstat_rule index_object = {KF_JSONSTAT_INDICES, NULL, NUMBER, NOWHERE,
                                                     KF_JSONSTAT_SLOT_POSITION};
static const struct kf_jsonstat_rule index_array = {KF_JSONSTAT_INDICES, NULL, TEXT, NOWHERE,
                                                    KF_JSONSTAT_SLOT_CODE};
/* clang-format on */

enum kf_jsonstat_keys kf_jsonstat_keys_of(enum kf_jsonstat_place place)
{
    switch (place) {
    case KF_JSONSTAT_SKIPPED:
        return KF_JSONSTAT_KEYS_SKIPPED;
    case KF_JSONSTAT_INDICES:
    case KF_JSONSTAT_LABELS:
    case KF_JSONSTAT_UNITS:
        return KF_JSONSTAT_KEYS_CODES;
    case KF_JSONSTAT_VALUES:
    case KF_JSONSTAT_STATUSES:
        return KF_JSONSTAT_KEYS_POSITIONS;
    default:
        return KF_JSONSTAT_KEYS_MEMBERS;
    }
}

static unsigned kind_bit(enum kf_json_kind kind)
{
    switch (kind) {
    case KF_JSON_OBJECT:
        return OBJECT;
    case KF_JSON_ARRAY:
        return ARRAY;
    case KF_JSON_TEXT:
        return TEXT;
    case KF_JSON_NUMBER:
        return NUMBER;
    case KF_JSON_TRUE:
    case KF_JSON_FALSE:
        return BOOL;
    default:
        return NULLS | OR_NOT;
    }
}

bool kf_jsonstat_takes(const struct kf_jsonstat_rule *rule, enum kf_json_kind kind)
{
    return (rule->takes & kind_bit(kind)) != 0;
}

const struct kf_jsonstat_rule *kf_jsonstat_rule_of(enum kf_jsonstat_place place, const char *member,
                                                   enum kf_json_kind kind)
{
    if (place == KF_JSONSTAT_INDICES) {
        return member ? &index_object : &index_array;
    }
    const struct kf_jsonstat_rule *rule = rules;
    while (rule->in != place) {
        rule++;
    }
    for (; rule->member; rule++) {
        /* A dimension of json-stat 2 may be called id or size. */
        bool is_dimension = place == KF_JSONSTAT_DIMENSIONS && kind == KF_JSON_OBJECT &&
                            rule->place != KF_JSONSTAT_ROLES;
        if (kf_text_equal(rule->member, member) && !is_dimension) {
            return rule;
        }
    }
    return rule;
}

const char *kf_jsonstat_expected(const struct kf_jsonstat_rule *rule)
{
    static const struct {
        unsigned takes;
        const char *text;
    } names[] = {
        {OBJECT, "an object"},
        {ARRAY, "an array"},
        {TEXT, "a text"},
        {NUMBER, "a number"},
        {BOOL, "true or false"},
        {OBJECT | ARRAY, "an object or an array"},
        {ARRAY | TEXT, "an array or a text"},
        {OBJECT | ARRAY | TEXT, "an object, an array or a text"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if ((rule->takes & ~(unsigned)(NULLS | OR_NOT)) == names[i].takes) {
            return names[i].text;
        }
    }
    return "something else";
}
