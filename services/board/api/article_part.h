/* A part of an article: what one edition and year has about a municipality (`Part` in
 * services/board/page/src/api.ts). */
#ifndef KF_BOARD_ARTICLE_PART_H
#define KF_BOARD_ARTICLE_PART_H

#include "services/board/api/answers.h"
#include "services/board/api/idset.h"

struct kf_article_part {
    const struct kf_board_panel *panel;
    const char *municipality;
    bool spreads;         /* with all members side by side */
    struct kf_idset *ids; /* gets the ids that the rows have */
};

/* Appends the part. Errors of the store, KF_ERR_MEMORY. */
enum kf_err kf_article_part_json(struct kf_answers *answers, const struct kf_article_part *part,
                                 struct kf_text *json, struct kf_error *err);

#endif
