/* What there is to choose from, as JSON of the board's API (`Catalogue` in
 * services/board/page/src/api.ts). */
#ifndef KF_BOARD_CATALOGUE_H
#define KF_BOARD_CATALOGUE_H

#include "services/board/api/answers.h"
#include "services/board/api/idset.h"
#include "services/board/api/panels.h"

/* Appends everything that is shown. Errors of the store, KF_ERR_MEMORY, KF_ERR_LIMIT. */
enum kf_err kf_catalogue_json(struct kf_answers *answers, struct kf_text *json,
                              struct kf_error *err);

/* What a smaller catalogue is about. */
struct kf_catalogue_extent {
    const struct kf_panels *panels;  /* all that are shown */
    const struct kf_idset *editions; /* of these, which */
    const struct kf_idset *codes;    /* municipalities */
    const struct kf_idset *ids;      /* that rows have, for each of the editions; NULL: whatever
                                        editions name */
};

/* Appends member `name` (NULL: the whole): that part of the catalogue. */
void kf_catalogue_part_json(struct kf_answers *answers, const struct kf_catalogue_extent *extent,
                            const char *name, struct kf_text *json);

/* Appends member `name`: what the edition is called, its id where the folder has none of it. */
void kf_edition_title_json(struct kf_answers *answers, const char *id, const char *name,
                           struct kf_text *json);

/* Appends member `name`: a Municipality. */
void kf_municipality_json(struct kf_answers *answers, const char *code, const char *name,
                          struct kf_text *json);

/* "unrevised", "revised", "correction" or "unspecified". */
const char *kf_vintage_word(const char *vintage);

#endif
