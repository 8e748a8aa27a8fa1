/* Tables of `kf show` that are collected first, line by line and column by column: columns and
 * lines without any value are left out, and so are tables without any. Pure. Internal to `kf show`.
 */
#ifndef KF_TOOLS_SHOW_GRID_H
#define KF_TOOLS_SHOW_GRID_H

#include "common/base/arena.h"
#include "tools/kf/show_cells.h"

#define KF_SHOW_LINES_MAX 2048

/* What a line or a column is about; a part that one of them leaves open the other says, and of what
 * both say the column's counts. A column of the group's rows (municipality "") stands beside the
 * figures of a municipality's line, but makes none. */
struct kf_show_about {
    struct kf_published_key key;    /* no topic, or texts that are NULL: open */
    struct kf_show_measure measure; /* without a name: open */
    struct kf_name heading;
};

struct kf_show_grid {
    struct kf_show_about lines[KF_SHOW_LINES_MAX];
    size_t lines_len;
    struct kf_show_about columns[KF_TABLE_COLUMNS_MAX];
    size_t columns_len;
    struct kf_name title;
    struct kf_name first;   /* heading of the lines */
    uint8_t flags;          /* of what is shown */
    struct kf_arena *arena; /* for texts that are made on the way */
    bool failed;            /* there was no memory for one of them */
};

/* A column of a topic's measure. */
#define KF_SHOW_MEASURE(Topic, name, decimals, nb, en)                                             \
    {                                                                                              \
        {.topic = (Topic)}, {(name), (decimals), KF_SHOW_ANY_MARK},                                \
        {                                                                                          \
            (nb), (en)                                                                             \
        }                                                                                          \
    }

/* Adds a line or columns; beyond the limits nothing. Texts are borrowed. */
void kf_show_add_line(struct kf_show_grid *grid, struct kf_published_key key,
                      struct kf_name heading);
void kf_show_add_column(struct kf_show_grid *grid, struct kf_show_about column);
void kf_show_add_columns(struct kf_show_grid *grid, const struct kf_show_about *columns,
                         size_t count);

/* `text`, which was made in the grid's arena; "" for NULL, and then showing fails. */
const char *kf_show_grid_text(struct kf_show_grid *grid, const char *text);

/* Adds a line for each municipality of the view. */
void kf_show_add_municipalities(const struct kf_show_view *view, struct kf_show_grid *grid);

/* The name, or the id for a thing without one. */
struct kf_name kf_show_named(const struct kf_name *name, const char *id);

/* Fills an empty grid. */
typedef void kf_show_make_grid(const struct kf_show_view *view, struct kf_show_grid *grid);

/* Makes and appends the tables one after the other; without a text none is appended. The flags of
 * all that they show are added to `flags` (may be NULL). */
enum kf_err kf_show_grids(const struct kf_show_view *view, kf_show_make_grid *const *list,
                          size_t count, struct kf_text *text, uint8_t *flags, struct kf_error *err);

#endif
