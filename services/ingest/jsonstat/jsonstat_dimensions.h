/* The dimensions of a table while it is read: their parts come in any order and from several places
 * (`id`, `size`, `role`, `dimension`), and are put together at the end.
 */
#ifndef KF_INGEST_JSONSTAT_DIMENSIONS_H
#define KF_INGEST_JSONSTAT_DIMENSIONS_H

#include "services/ingest/jsonstat/jsonstat.h"
#include "services/ingest/jsonstat/jsonstat_names.h"

/* The scope of the dimensions' ids among names; that of dimension i's codes is i + 1 beyond. */
#define KF_JSONSTAT_SCOPE_DIMENSIONS 0

/* Scopes from here on are free for others. */
#define KF_JSONSTAT_SCOPE_FREE (KF_JSONSTAT_DIMENSIONS_MAX + 1)

/* What a category was given. */
enum kf_jsonstat_part {
    KF_JSONSTAT_INDEX = 1,
    KF_JSONSTAT_LABEL = 2,
    KF_JSONSTAT_UNIT = 4,
};

struct kf_jsonstat_draft_category {
    struct kf_jsonstat_category category;
    uint32_t position;
    uint8_t parts; /* KF_JSONSTAT_INDEX … */
};

struct kf_jsonstat_draft {
    struct kf_jsonstat_dimension dimension;
    bool described; /* `dimension` has it */
    bool listed;    /* `id` has it */
    struct kf_jsonstat_draft_category *categories;
    size_t len;
    size_t room;
    struct kf_jsonstat_category *sorted; /* by position */
};

/* Plain data; {.categories_max = …} is empty. Texts lie in the arena that is given. */
struct kf_jsonstat_dimensions {
    size_t categories_max;
    struct kf_arena *arena;
    struct kf_jsonstat_names *names;
    struct kf_jsonstat_draft drafts[KF_JSONSTAT_DIMENSIONS_MAX];
    size_t len;
    size_t order[KF_JSONSTAT_DIMENSIONS_MAX]; /* as `id` has them: places in `drafts` */
    size_t order_len;
    size_t sizes[KF_JSONSTAT_DIMENSIONS_MAX];
    size_t sizes_len;
};

/* Frees the categories; nothing is in it any more but the limit. */
void kf_jsonstat_dimensions_clear(struct kf_jsonstat_dimensions *self);

/* The errors of what follows say what is wrong, not where. KF_ERR_DATA, KF_ERR_LIMIT,
 * KF_ERR_MEMORY. */

/* The dimension of that id, made when it is new. */
enum kf_err kf_jsonstat_dimensions_find(struct kf_jsonstat_dimensions *self, const char *id,
                                        size_t length, size_t *place, struct kf_error *err);

/* The next of `id`, and of `size`. */
enum kf_err kf_jsonstat_dimensions_list(struct kf_jsonstat_dimensions *self, const char *id,
                                        size_t length, struct kf_error *err);
enum kf_err kf_jsonstat_dimensions_size(struct kf_jsonstat_dimensions *self, double size,
                                        struct kf_error *err);

/* The product of the sizes. */
enum kf_err kf_jsonstat_dimensions_cells(const struct kf_jsonstat_dimensions *self, size_t *cells,
                                         struct kf_error *err);

/* The category of that code in the dimension at `place`, made when it is new; KF_ERR_DATA when it
 * was given that part before. */
enum kf_err kf_jsonstat_dimensions_category(struct kf_jsonstat_dimensions *self, size_t place,
                                            const struct kf_jsonstat_name *code,
                                            enum kf_jsonstat_part part,
                                            struct kf_jsonstat_draft_category **category,
                                            struct kf_error *err);

/* Everything has come: checks it and puts the dimensions, categories by position, into `table`. */
enum kf_err kf_jsonstat_dimensions_finish(struct kf_jsonstat_dimensions *self,
                                          struct kf_jsonstat_dimension *table,
                                          struct kf_error *err);

#endif
