/* What differs between two editions. Pure; printing is apart from comparing. */
#ifndef KF_TOOLS_EDITIONS_DIFF_H
#define KF_TOOLS_EDITIONS_DIFF_H

#include "common/base/text.h"
#include "tools/kf/editions_facts.h"

enum kf_difference_change {
    KF_DIFFERENCE_REMOVED = 1, /* the object is in A alone */
    KF_DIFFERENCE_ADDED,       /* the object is in B alone */
    KF_DIFFERENCE_CHANGED,     /* something about it */
};

struct kf_difference {
    enum kf_difference_change change;
    struct kf_fact fact; /* whom and what it is about; texts of either edition */
    const char *from;    /* value in A, "" when it says nothing */
    const char *to;      /* value in B, "" when it says nothing */
};

struct kf_differences {
    struct kf_difference *list;
    size_t count;
};

/* All differences from `a` to `b`, in `arena`: by kind, in the order of A, what is new in B behind.
 * Of an object that is added or removed only that is told, not what it is made of; the same for
 * what belongs to a sector that is. KF_ERR_MEMORY or KF_ERR_LIMIT. */
enum kf_err kf_editions_diff(const struct kf_edition *a, const struct kf_edition *b,
                             struct kf_arena *arena, struct kf_differences *differences,
                             struct kf_error *err);

/* Appends the differences for people: "no difference", or a block for each kind. `municipalities`
 * may be NULL. */
void kf_editions_diff_print(const struct kf_edition *a, const struct kf_edition *b,
                            const struct kf_differences *differences,
                            const struct kf_municipalities *municipalities, struct kf_text *text);

/* Appends the differences as one JSON object:
 *     {"schema":"kf-editions-diff/1","a":ID,"b":ID,"differences":[
 *       {"change":"added|removed|changed","kind":…,"sector":…,"object":…,"attribute":…,
 *        "from":…,"to":…}]}
 * A text that says nothing is left out; numbers are told as they are in the text form. */
void kf_editions_diff_print_json(const struct kf_edition *a, const struct kf_edition *b,
                                 const struct kf_differences *differences, struct kf_text *text);

#endif
