/* The KS article's figures about one municipality, as JSON of the board's API (`Article` in
 * services/board/page/src/api.ts): from the store and the editions folder alone, for the server and
 * for files alike.
 *
 *     kf_answers_new(store, catalogue, program, &answers, err);
 *     struct kf_article_wish wish = {.municipality = "4003"};
 *     code = kf_article_json(answers, &wish, &json, err);
 */
#ifndef KF_BOARD_ARTICLE_H
#define KF_BOARD_ARTICLE_H

#include "common/base/error.h"
#include "common/base/text.h"
#include "services/board/api/answers.h"

#define KF_ARTICLE_BYTES_MAX ((size_t)32 * 1024 * 1024)

/* The parts of an article that each take their figures from one edition and year. */
enum kf_article_section {
    KF_SECTION_NEED,
    KF_SECTION_RESOURCE_USE,
    KF_SECTION_DEMOGRAPHY,
    KF_SECTION_PRODUCTION,
    KF_SECTION_UNIT_COST,
    KF_SECTIONS,
};

/* "need", "resource-use", "demography", "production", "unit-cost". */
const char *kf_section_name(enum kf_article_section section);

/* An edition and year; the edition "" and the year 0 leave the choice to the rule. */
struct kf_article_source {
    char edition[KF_BOARD_EDITION_SIZE];
    int year;
};

struct kf_article_wish {
    const char *municipality; /* a code */
    /* What is preferred everywhere. What is left open is completed: without year, by
     * the newest with figures about the municipality that is not after the year in which the newest
     * release was published (else the nearest after it); without edition, by that with most figures
     * about it in that year, or in the year nearest to the wished one, then the first id. */
    struct kf_article_source asked;
    struct kf_article_source use[KF_SECTIONS]; /* instead, where it has figures in the section */
};

/* Appends the article. One of which nothing is on the topics has no sections. KF_ERR_CONFIG: nobody
 * knows such a municipality, neither the topics nor the register. KF_ERR_LIMIT when it does not fit
 * into `json`; errors of the store. On failure `json` holds half an article. */
enum kf_err kf_article_json(struct kf_answers *answers, const struct kf_article_wish *wish,
                            struct kf_text *json, struct kf_error *err);

/* The same between kf_board_store_begin and kf_board_store_end of the caller's, so that many
 * articles are of one state of the store. */
enum kf_err kf_article_json_within(struct kf_answers *answers, const struct kf_article_wish *wish,
                                   struct kf_text *json, struct kf_error *err);

#endif
