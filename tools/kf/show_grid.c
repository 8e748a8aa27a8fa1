#include "tools/kf/show_grid.h"

#include "common/base/memory.h"

#define ARENA_BYTES_MAX ((size_t)4 * 1024 * 1024)

static struct kf_published_key key_of(const struct kf_show_about *line,
                                      const struct kf_show_about *column)
{
    const struct kf_published_key *a = &column->key;
    const struct kf_published_key *b = &line->key;
    return (struct kf_published_key){
        .topic = a->topic ? a->topic : b->topic,
        .municipality = a->municipality ? a->municipality : b->municipality,
        .sector = a->sector ? a->sector : b->sector,
        .indicator = a->indicator   ? a->indicator
                     : b->indicator ? b->indicator
                                    : "",
    };
}

static const struct kf_show_measure *measure_of(const struct kf_show_about *line,
                                                const struct kf_show_about *column)
{
    return line->measure.name ? &line->measure : &column->measure;
}

static bool has_value(const struct kf_show_view *view, const struct kf_show_about *line,
                      const struct kf_show_about *column)
{
    struct kf_published_key key = key_of(line, column);
    double value = 0;
    return kf_published_value(view->published, &key, measure_of(line, column)->name, &value);
}

void kf_show_add_line(struct kf_show_grid *grid, struct kf_published_key key,
                      struct kf_name heading)
{
    if (grid->lines_len < KF_SHOW_LINES_MAX) {
        grid->lines[grid->lines_len++] = (struct kf_show_about){.key = key, .heading = heading};
    }
}

void kf_show_add_column(struct kf_show_grid *grid, struct kf_show_about column)
{
    if (grid->columns_len < KF_TABLE_COLUMNS_MAX - 1) {
        grid->columns[grid->columns_len++] = column;
    }
}

/* True for a figure of the whole group beside a municipality's own. */
static bool is_only_beside(const struct kf_show_about *line, const struct kf_show_about *column)
{
    return line->key.municipality && column->key.municipality && !column->key.municipality[0];
}

/* Keeps the columns in which some line has a value, and the lines that have any of their own. */
static void drop_empty(const struct kf_show_view *view, struct kf_show_grid *grid)
{
    size_t columns = 0;
    for (size_t c = 0; c < grid->columns_len; c++) {
        bool any = false;
        for (size_t l = 0; l < grid->lines_len && !any; l++) {
            any = has_value(view, &grid->lines[l], &grid->columns[c]);
        }
        if (any) {
            grid->columns[columns++] = grid->columns[c];
        }
    }
    grid->columns_len = columns;
    size_t lines = 0;
    for (size_t l = 0; l < grid->lines_len; l++) {
        bool any = false;
        for (size_t c = 0; c < columns && !any; c++) {
            any = !is_only_beside(&grid->lines[l], &grid->columns[c]) &&
                  has_value(view, &grid->lines[l], &grid->columns[c]);
        }
        if (any) {
            grid->lines[lines++] = grid->lines[l];
        }
    }
    grid->lines_len = lines;
}

static void add_flags(const struct kf_show_view *view, struct kf_show_grid *grid)
{
    for (size_t l = 0; l < grid->lines_len; l++) {
        for (size_t c = 0; c < grid->columns_len; c++) {
            struct kf_published_key key = key_of(&grid->lines[l], &grid->columns[c]);
            uint8_t status = 0;
            uint8_t marks = measure_of(&grid->lines[l], &grid->columns[c])->marks;
            if (has_value(view, &grid->lines[l], &grid->columns[c]) &&
                kf_published_status(view->published, &key, &status)) {
                grid->flags = (uint8_t)(grid->flags | (status & marks));
            }
        }
    }
}

/* Appends the grid, unless there is nothing in it. Without a text only its flags are found. */
static enum kf_err show_grid(const struct kf_show_view *view, struct kf_show_grid *grid,
                             struct kf_text *text, struct kf_error *err)
{
    if (grid->failed) {
        return kf_show_no_memory(err);
    }
    drop_empty(view, grid);
    add_flags(view, grid);
    if (grid->lines_len == 0 || !text) {
        return KF_OK;
    }
    struct kf_table *table = kf_table_new();
    if (!table) {
        return kf_show_no_memory(err);
    }
    kf_text_add_format(text, "\n%s%s%s\n", view->on, kf_show_name(view, &grid->title), view->off);
    kf_table_add_column(table, kf_show_name(view, &grid->first), KF_TABLE_LEFT);
    for (size_t c = 0; c < grid->columns_len; c++) {
        kf_table_add_column(table, kf_show_name(view, &grid->columns[c].heading), KF_TABLE_RIGHT);
    }
    for (size_t l = 0; l < grid->lines_len; l++) {
        kf_table_add_cell(table, kf_show_name(view, &grid->lines[l].heading), "");
        for (size_t c = 0; c < grid->columns_len; c++) {
            struct kf_published_key key = key_of(&grid->lines[l], &grid->columns[c]);
            kf_show_add_measure(view, table, &key, measure_of(&grid->lines[l], &grid->columns[c]));
        }
    }
    return kf_show_print(view, table, text, err);
}

void kf_show_add_municipalities(const struct kf_show_view *view, struct kf_show_grid *grid)
{
    for (size_t i = 0; i < view->codes_len; i++) {
        const char *name = kf_show_municipality_name(view, view->codes[i]);
        kf_show_add_line(grid, (struct kf_published_key){.municipality = view->codes[i]},
                         (struct kf_name){name, name});
    }
}

struct kf_name kf_show_named(const struct kf_name *name, const char *id)
{
    bool has = name->nb && name->nb[0] && name->en && name->en[0];
    return has ? *name : (struct kf_name){id, id};
}

void kf_show_add_columns(struct kf_show_grid *grid, const struct kf_show_about *columns,
                         size_t count)
{
    for (size_t i = 0; i < count; i++) {
        kf_show_add_column(grid, columns[i]);
    }
}

const char *kf_show_grid_text(struct kf_show_grid *grid, const char *text)
{
    grid->failed = grid->failed || !text;
    return text ? text : "";
}

static enum kf_err show_each(const struct kf_show_view *view, kf_show_make_grid *const *list,
                             size_t count, struct kf_show_grid *grid, struct kf_text *text,
                             struct kf_error *err)
{
    enum kf_err code = KF_OK;
    uint8_t flags = 0;
    for (size_t i = 0; i < count && code == KF_OK; i++) {
        *grid = (struct kf_show_grid){.arena = grid->arena};
        list[i](view, grid);
        code = show_grid(view, grid, text, err);
        flags = (uint8_t)(flags | grid->flags);
    }
    grid->flags = flags;
    return code;
}

enum kf_err kf_show_grids(const struct kf_show_view *view, kf_show_make_grid *const *list,
                          size_t count, struct kf_text *text, uint8_t *flags, struct kf_error *err)
{
    struct kf_show_grid *grid = kf_calloc(1, sizeof *grid);
    struct kf_arena *arena = kf_arena_new(ARENA_BYTES_MAX);
    enum kf_err code = grid && arena ? KF_OK : kf_show_no_memory(err);
    if (code == KF_OK) {
        grid->arena = arena;
        code = show_each(view, list, count, grid, text, err);
    }
    if (code == KF_OK && flags) {
        *flags = (uint8_t)(*flags | grid->flags);
    }
    kf_arena_destroy(&arena);
    kf_free(grid);
    return code;
}
