/* What a question for figures asks of a table, and why it is refused. Pure but for memory. */
#ifndef KF_FAKESSB_SELECTION_H
#define KF_FAKESSB_SELECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/fakessb/query.h"
#include "tools/fakessb/table.h"

#define KF_FAKE_SELECTION_CELLS_MAX 800000

/* As the API says it. */
enum kf_fake_refusal {
    KF_FAKE_ACCEPTED = 0,
    KF_FAKE_NO_TABLE,
    KF_FAKE_NO_VARIABLE,
    KF_FAKE_NO_VALUE,
    KF_FAKE_MISSING,
    KF_FAKE_ILLEGAL,
    KF_FAKE_TOO_MANY_CELLS,
    KF_FAKE_TWICE, /* a code given twice: an empty 500 */
    KF_FAKE_NO_CODELIST,
    KF_FAKE_NO_MEMORY,
};

struct kf_fake_selection {
    bool *flags[KF_FAKE_DIMENSIONS_MAX];   /* a flag a code of the table; owned */
    bool left_out[KF_FAKE_DIMENSIONS_MAX]; /* summed, or its total is taken */
    size_t counts[KF_FAKE_DIMENSIONS_MAX]; /* codes chosen */
    uint64_t cells;
};

/* Reads valueCodes[DIMENSION]=a,b of a URL. A question without any asks for the API's default: here
 * the first code of every dimension that must be named, and the newest period. */
enum kf_fake_refusal kf_fake_selection_of_query(const struct kf_fake_table *table,
                                                const struct kf_fake_query *query,
                                                struct kf_fake_selection *selection);

/* Reads the JSON body of a POST. */
enum kf_fake_refusal kf_fake_selection_of_body(const struct kf_fake_table *table, const char *body,
                                               size_t length, struct kf_fake_selection *selection);

/* Frees the flags. */
void kf_fake_selection_clear(struct kf_fake_selection *self);

/* True when every cell that the table shows is asked for and nothing is left out. */
bool kf_fake_selection_is_whole(const struct kf_fake_selection *self,
                                const struct kf_fake_table *table);

#endif
