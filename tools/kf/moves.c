#include "tools/kf/moves.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/model/cell.h"
#include "common/model/municipality.h"
#include "common/model/row.h"

/* A cell of one panel. */
struct cell {
    struct kf_move_key key;
    double value;
    size_t order;
    uint8_t status;
};

struct cells {
    struct cell *list;
    size_t count;
    size_t room;
};

const char *kf_move_kind_name(enum kf_move_kind kind)
{
    static const char *const names[KF_MOVE_KINDS] = {"changed", "vanished", "new", "marked"};
    return names[kind];
}

/* --- collecting ------------------------------------------------------------------------------ */

/* Makes room for one more of `size` bytes. */
static enum kf_err make_room(void **list, size_t count, size_t *room, size_t size,
                             struct kf_error *err)
{
    if (count < *room) {
        return KF_OK;
    }
    size_t wanted = *room ? *room * 2 : 1024;
    if (count >= KF_MOVES_CELLS_MAX) {
        return kf_error_set(err, KF_ERR_LIMIT, "more than %zu cells to compare",
                            KF_MOVES_CELLS_MAX);
    }
    void *grown = kf_realloc(*list, wanted * size);
    if (!grown) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to compare %zu cells", wanted);
    }
    *list = grown;
    *room = wanted;
    return KF_OK;
}

static enum kf_err add_cell(struct cells *self, const struct kf_move_key *key, double value,
                            uint8_t status, struct kf_error *err)
{
    void *list = self->list;
    enum kf_err code = make_room(&list, self->count, &self->room, sizeof *self->list, err);
    self->list = list;
    if (code == KF_OK) {
        self->list[self->count] =
            (struct cell){.key = *key, .value = value, .order = self->count, .status = status};
        self->count++;
    }
    return code;
}

static enum kf_err add_column(struct cells *self, const struct kf_panel *panel,
                              const struct kf_column *column, struct kf_error *err)
{
    struct kf_move_key key = {.sector = "",
                              .indicator = column->variable,
                              .measure = "",
                              .unit = "",
                              .municipality = KF_MUNICIPALITY_COUNTRY,
                              .year = panel->year};
    enum kf_err code = KF_OK;
    if (kf_cell_has_value(column->country_status)) {
        code = add_cell(self, &key, column->country_value, column->country_status, err);
    }
    for (size_t i = 0; code == KF_OK && i < panel->members_len; i++) {
        key.municipality = panel->members[i];
        code = add_cell(self, &key, column->values[i], column->status[i], err);
    }
    for (size_t i = 0; code == KF_OK && column->other_values && i < panel->others_len; i++) {
        key.municipality = panel->others[i];
        code = add_cell(self, &key, column->other_values[i], column->other_status[i], err);
    }
    return code;
}

static enum kf_err add_year(struct cells *self, const struct kf_panel *panel, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    for (size_t c = 0; code == KF_OK && c < panel->columns_len; c++) {
        code = add_column(self, panel, &panel->columns[c], err);
    }
    return code;
}

/* Of the years that the other panel has, too: what it has not was not asked for. */
static enum kf_err add_figures(struct cells *self, const struct kf_panel *panel,
                               const struct kf_panel *other, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    for (const struct kf_panel *year = panel; code == KF_OK && year; year = year->previous) {
        if (kf_panel_of_year(other, year->year)) {
            code = add_year(self, year, err);
        }
    }
    for (const struct kf_panel *year = panel->further; code == KF_OK && year;
         year = year->further) {
        if (kf_panel_of_year(other, year->year)) {
            code = add_year(self, year, err);
        }
    }
    return code;
}

static enum kf_err add_row(void *context, const struct kf_panel *panel, const struct kf_row *row,
                           struct kf_error *err)
{
    struct cells *self = context;
    struct kf_move_key key = {.topic = row->topic,
                              .sector = row->sector,
                              .indicator = row->indicator,
                              .municipality = row->municipality,
                              .year = panel->year};
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < row->cells_len; i++) {
        key.measure = row->cells[i].measure;
        key.unit = row->cells[i].unit;
        code = add_cell(self, &key, row->cells[i].value, row->cells[i].status, err);
    }
    return code;
}

/* --- order ----------------------------------------------------------------------------------- */

static int compare_groups(const struct kf_move_key *a, const struct kf_move_key *b)
{
    int order = (a->topic > b->topic) - (a->topic < b->topic);
    order = order ? order : strcmp(a->sector, b->sector);
    return order ? order : strcmp(a->indicator, b->indicator);
}

static int compare_keys(const struct kf_move_key *a, const struct kf_move_key *b)
{
    int order = compare_groups(a, b);
    order = order ? order : strcmp(a->measure, b->measure);
    order = order ? order : (a->year > b->year) - (a->year < b->year);
    return order ? order : strcmp(a->municipality, b->municipality);
}

static int by_key(const void *a, const void *b)
{
    const struct cell *left = a;
    const struct cell *right = b;
    return compare_keys(&left->key, &right->key);
}

static int by_order(const void *a, const void *b)
{
    const struct kf_move_group *left = a;
    const struct kf_move_group *right = b;
    return (left->order > right->order) - (left->order < right->order);
}

/* --- comparing ------------------------------------------------------------------------------- */

/* Without a cell there is no value. */
static const struct cell nothing = {.status = KF_CELL_MISSING};

static double size_of(double before, double after)
{
    double larger = fmax(fabs(before), fabs(after));
    return larger > 0 ? fabs(after - before) / larger : 0;
}

/* False when the cells say the same. */
static bool kind_of(const struct cell *before, const struct cell *after, enum kf_move_kind *kind)
{
    bool was = kf_cell_has_value(before->status);
    bool is = kf_cell_has_value(after->status);
    if (was != is) {
        *kind = was ? KF_MOVE_VANISHED : KF_MOVE_NEW;
        return true;
    }
    if (was && before->value != after->value) {
        *kind = KF_MOVE_CHANGED;
        return true;
    }
    *kind = KF_MOVE_MARKED;
    return before->status != after->status;
}

static enum kf_err begin_group(struct kf_moves *self, const struct cell *cell,
                               struct kf_move_group **group, struct kf_error *err)
{
    struct kf_move_group *last = self->groups_len ? &self->groups[self->groups_len - 1] : NULL;
    if (last && compare_groups(&last->key, &cell->key) == 0) {
        last->order = cell->order < last->order ? cell->order : last->order;
        *group = last;
        return KF_OK;
    }
    void *list = self->groups;
    enum kf_err code =
        make_room(&list, self->groups_len, &self->groups_room, sizeof *self->groups, err);
    self->groups = list;
    if (code == KF_OK) {
        *group = &self->groups[self->groups_len++];
        **group =
            (struct kf_move_group){.key = cell->key, .first = self->count, .order = cell->order};
        (*group)->key.measure = (*group)->key.unit = (*group)->key.municipality = "";
        (*group)->key.year = 0;
    }
    return code;
}

static enum kf_err add_move(struct kf_moves *self, const struct cell *before,
                            const struct cell *after, enum kf_move_kind kind, struct kf_error *err)
{
    void *list = self->list;
    enum kf_err code = make_room(&list, self->count, &self->room, sizeof *self->list, err);
    self->list = list;
    if (code == KF_OK) {
        self->list[self->count++] = (struct kf_move){
            .key = after == &nothing ? before->key : after->key,
            .kind = kind,
            .before = kf_cell_has_value(before->status) ? before->value : 0,
            .after = kf_cell_has_value(after->status) ? after->value : 0,
            .status_before = before->status,
            .status_after = after->status,
            .size = kind == KF_MOVE_CHANGED ? size_of(before->value, after->value) : 0};
    }
    return code;
}

static enum kf_err compare_cell(struct kf_moves *self, const struct cell *before,
                                const struct cell *after, struct kf_error *err)
{
    struct kf_move_group *group = NULL;
    enum kf_move_kind kind = KF_MOVE_CHANGED;
    enum kf_err code = begin_group(self, after == &nothing ? before : after, &group, err);
    if (code != KF_OK) {
        return code;
    }
    group->cells++;
    self->cells++;
    bool one = before == &nothing || after == &nothing;
    if (!kind_of(before, after, &kind) || (one && kind == KF_MOVE_MARKED)) {
        return KF_OK;
    }
    group->moves++;
    group->kinds[kind]++;
    self->kinds[kind]++;
    return add_move(self, before, after, kind, err);
}

static enum kf_err compare(struct kf_moves *self, struct cells *before, struct cells *after,
                           struct kf_error *err)
{
    size_t b = 0;
    size_t a = 0;
    enum kf_err code = KF_OK;
    while (code == KF_OK && (b < before->count || a < after->count)) {
        int order = b == before->count  ? 1
                    : a == after->count ? -1
                                        : compare_keys(&before->list[b].key, &after->list[a].key);
        code = compare_cell(self, order <= 0 ? &before->list[b] : &nothing,
                            order >= 0 ? &after->list[a] : &nothing, err);
        b += order <= 0;
        a += order >= 0;
    }
    return code;
}

static void sort(struct cells *cells)
{
    if (cells->count > 1) {
        qsort(cells->list, cells->count, sizeof *cells->list, by_key);
    }
}

/* Takes over what was collected, and frees it. `code`: whether collecting went well. */
static enum kf_err finish(enum kf_err code, struct cells *before, struct cells *after,
                          struct kf_moves *moves, struct kf_error *err)
{
    struct kf_moves made = {0};
    if (code == KF_OK) {
        sort(before);
        sort(after);
        code = compare(&made, before, after, err);
    }
    kf_free(before->list);
    kf_free(after->list);
    if (code != KF_OK) {
        kf_moves_clear(&made);
        return code;
    }
    if (made.groups_len > 1) {
        qsort(made.groups, made.groups_len, sizeof *made.groups, by_order);
    }
    *moves = made;
    return KF_OK;
}

enum kf_err kf_moves_of_figures(const struct kf_panel *before, const struct kf_panel *after,
                                struct kf_moves *moves, struct kf_error *err)
{
    struct cells was = {0};
    struct cells is = {0};
    enum kf_err code = add_figures(&was, before, after, err);
    if (code == KF_OK) {
        code = add_figures(&is, after, before, err);
    }
    return finish(code, &was, &is, moves, err);
}

enum kf_err kf_moves_of_rows(const struct kf_panel *before, const struct kf_panel *after,
                             struct kf_moves *moves, struct kf_error *err)
{
    struct cells was = {0};
    struct cells is = {0};
    enum kf_err code = kf_panel_walk(before, add_row, &was, err);
    if (code == KF_OK) {
        code = kf_panel_walk(after, add_row, &is, err);
    }
    return finish(code, &was, &is, moves, err);
}

void kf_moves_clear(struct kf_moves *self)
{
    kf_free(self->list);
    kf_free(self->groups);
    *self = (struct kf_moves){0};
}

/* --- choosing -------------------------------------------------------------------------------- */

static bool is_chosen(const struct kf_move_choice *choice, const struct kf_move *move)
{
    return move->kind == choice->kind &&
           (!choice->unit || strcmp(move->key.unit, choice->unit) == 0) &&
           (!choice->but_unit || strcmp(move->key.unit, choice->but_unit) != 0);
}

/* What vanished or is new is the larger the larger its figure. */
static int by_size(const void *a, const void *b)
{
    const struct kf_move *left = *(const struct kf_move *const *)a;
    const struct kf_move *right = *(const struct kf_move *const *)b;
    double distance_left = fabs(left->after - left->before);
    double distance_right = fabs(right->after - right->before);
    int order = (left->size < right->size) - (left->size > right->size);
    order = order ? order : (distance_left < distance_right) - (distance_left > distance_right);
    return order ? order : (left > right) - (left < right);
}

size_t kf_moves_choose(const struct kf_moves *self, const struct kf_move_choice *choice,
                       const struct kf_move **chosen)
{
    size_t count = 0;
    for (size_t i = 0; i < self->count; i++) {
        if (is_chosen(choice, &self->list[i])) {
            chosen[count++] = &self->list[i];
        }
    }
    if (count > 1) {
        qsort(chosen, count, sizeof(void *), by_size);
    }
    return count;
}

bool kf_move_percent(const struct kf_move *move, double *percent)
{
    if (move->kind != KF_MOVE_CHANGED || move->before == 0) {
        return false;
    }
    *percent = 100 * (move->after - move->before) / fabs(move->before);
    return true;
}
