/* A selection in pages that the API takes: none over KF_SSB_CELLS_MAX cells. Pure.
 *
 * Regions are cut first, then time; of all ways to cut these two the one with the fewest pages is
 * taken, and of equals the one that leaves time whole the longest. Only when a single region at a
 * single time is still too much are other dimensions cut, the longest first.
 */
#ifndef KF_INGEST_SSB_PAGING_H
#define KF_INGEST_SSB_PAGING_H

#include <stddef.h>

#include "common/base/error.h"
#include "services/ingest/jsonstat/jsonstat.h"
#include "services/ingest/ssb/ssb.h"

/* A part of each selection. */
struct kf_ssb_page_cut {
    size_t first[KF_JSONSTAT_DIMENSIONS_MAX];
    size_t count[KF_JSONSTAT_DIMENSIONS_MAX];
    size_t cells;
};

struct kf_ssb_paging {
    size_t selections_len;
    size_t size[KF_JSONSTAT_DIMENSIONS_MAX]; /* codes of each selection */
    size_t step[KF_JSONSTAT_DIMENSIONS_MAX]; /* of them in a page, at most */
    size_t pages;
};

/* Plans. KF_ERR_CONFIG for a question without selections, with more than
 * KF_JSONSTAT_DIMENSIONS_MAX of them, a selection without codes, a code or dimension given twice
 * (the API answers it with an empty 500), or more than KF_SSB_PAGES_MAX pages; KF_ERR_MEMORY. */
enum kf_err kf_ssb_paging_plan(const struct kf_ssb_question *question, size_t cells_max,
                               struct kf_ssb_paging *paging, struct kf_error *err);

/* The cut of page `page`, below `pages`. All pages together are the selection, each cell once. */
void kf_ssb_paging_cut(const struct kf_ssb_paging *self, size_t page, struct kf_ssb_page_cut *cut);

/* KF_ERR_DATA, naming the dimension and the code, when the answer to a page does not have exactly
 * the dimensions and the codes that were asked for, in any order. */
enum kf_err kf_ssb_paging_check(const struct kf_ssb_question *question,
                                const struct kf_ssb_page_cut *cut, const struct kf_jsonstat *page,
                                struct kf_error *err);

#endif
